"""Objectives told in a document: a number to reach and what it is a number of, under a heading that says SLO.

No machine can read them, so they are weak however good they are.
"""

import re
from collections.abc import Iterator

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.flaw import Flaw
from scorecards.reading.hollow import is_placeholder
from scorecards.reading.measures import MEASURE
from scorecards.reading.objective import Indicator, Objective, Target, make
from scorecards.reading.paths import paths
from scorecards.result import Status

_NAME = "document"
_MAX_TEXT = 400_000
_MAX_FOUND = 50
_ENDINGS = ("md", "mdx", "markdown", "rst", "adoc", "asciidoc")
_NOT_HERE = regex(
    r"(?:^|/)(?:\.|agents?\.md|claude\.md|skill\.md|changelog|history\.|prompts?/|blog/|node_modules/|adrs?/|rfcs?/"
    r"|decisions/|proposals?/|[^/]*(?:roadmap|future|backlog|todo|assessment|acceptance|interview|glossary)[^/]*)",
    re.IGNORECASE,
)
_SAYS = regex(r"\bSLOs?\b|service[ -]level objectives?", re.IGNORECASE)
_HEADING = regex(r"^(#{1,6}|={1,6})\s+(\S.*)$")
_UNDERLINE = regex(r"^[=\-~^]{4,}\s*$")
_ABOUT_OTHERS = regex(
    r"\b(?:alerts?|alerting|burn|tooling|generators?|future|why|what (?:is|are)|further"
    r"|references?|background)\b",
    re.IGNORECASE,
)
_PERCENT = regex(r"(?<![\w.])(\d{1,3}(?:[.,]\d{1,5})?)\s?%")
_LIMIT = regex(
    r"(?:[<≤]=?|&lt;=?|&le;|\b(?:under|below|less than|within|at most|max(?:imum)?)\b)\s*`?\$?"
    r"\d+(?:[.,]\d+)?\s?(?:ms|milliseconds?|s|secs?|seconds?|m|min(?:utes)?|h|hours?|%)(?![\w])",
    re.IGNORECASE,
)
_METRIC = regex(r"`[a-z][a-z0-9]*_\w+|\brate\(|\bsum\(|histogram_quantile")
_BUDGET_ONLY = regex(r"error[ -]budget|burn", re.IGNORECASE)
_WINDOW = regex(
    r"\b\d+[ -]?(?:d|days?|weeks?|months?)\b"
    r"|\b(?:monthly|weekly|quarterly|rolling|per (?:month|week|quarter|year))\b",
    re.IGNORECASE,
)
_ITEM = regex(r"^\s*(?:\||[-*+•]\s|\d+[.)]\s|\*\*)")
_PROMISES = regex(r"\b(?:SLOs?|objectives?|targets?|goals?|must|shall)\b", re.IGNORECASE)
_HOLLOW = regex(
    r"\b(?:TODO|TBD|coming soon|lorem ipsum|to be (?:defined|decided|determined))\b", re.IGNORECASE
)


def find(snapshot: Snapshot) -> Iterator[Objective]:
    """Objectives in the repository's documents."""
    for path in paths(snapshot).ending(*_ENDINGS):
        text = snapshot.text(path)
        if not text or len(text) > _MAX_TEXT or not ("SLO" in text or "evel" in text):
            continue
        if _SAYS.search(text) and not _NOT_HERE.search(path):
            yield from _read(path, text)


def _read(path: str, text: str) -> Iterator[Objective]:
    levels: list[tuple[int, bool]] = []
    found, fenced = 0, False
    lines = text.split("\n")
    of_file = (
        _SAYS.search(path.rpartition("/")[2].replace("_", " ").replace("-", " ").replace(".", " "))
        is not None
    )
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
            continue
        heading = None if fenced else _heading(lines, number - 1)
        if heading is not None:
            depth, title = heading
            while levels and levels[-1][0] >= depth:
                levels.pop()
            above = levels[-1][1] if levels else of_file
            says = _SAYS.search(title) is not None
            levels.append((depth, (above or says) and _ABOUT_OTHERS.search(title) is None))
            continue
        if fenced or len(line) > 2000 or not (levels[-1][1] if levels else of_file):
            continue
        objective = _row(path, number, line)
        if objective is not None:
            yield objective
            found += 1
            if found >= _MAX_FOUND:
                return


def _heading(lines: list[str], index: int) -> tuple[int, str] | None:
    line = lines[index]
    marked = _HEADING.match(line)
    if marked:
        return len(marked.group(1)), marked.group(2)
    below = lines[index + 1] if index + 1 < len(lines) else ""
    if line.strip() and not line.startswith((" ", "|", "-", "=", "+")) and _UNDERLINE.match(below):
        return (1 if below[0] == "=" else 2), line
    return None


def _row(path: str, number: int, line: str) -> Objective | None:
    """An objective told by one line: a table's row, an item, a sentence."""
    if _HOLLOW.search(line) or not (_ITEM.match(line) or _PROMISES.search(line)):
        return None
    measure = MEASURE.search(line) or _METRIC.search(line)
    if measure is None:
        return None
    percent = next((m for m in _PERCENT.finditer(line) if not _of_budget(line, m.start())), None)
    limit = _LIMIT.search(line)
    shown = percent or limit
    if shown is None or is_placeholder(shown.group()):
        return None
    ratio, flaws = None, [Flaw(Status.PARTIAL, "only a document says so")]
    if percent is not None:
        ratio = float(percent.group(1).replace(",", ".")) / 100
        if ratio in (0.0, 1.0) and limit is None:
            extreme = "0 %, which asks nothing" if ratio == 0 else "100 %, which leaves no error budget"
            flaws = [Flaw(Status.FAIL, f"its target is {extreme}")]
        elif not 0 < ratio < 1:
            ratio = None
    window = _WINDOW.search(line)
    return make(
        _title(line),
        _NAME,
        path,
        number,
        target=Target(" ".join(shown.group().split()), ratio),
        indicator=Indicator(measure.group().strip("`"), "words"),
        window=window.group() if window else "",
        needs=("target", "indicator"),
        flaws=flaws,
    )


def _of_budget(line: str, start: int) -> bool:
    """Whether a percentage is one of the error budget, not of the objective."""
    return _BUDGET_ONLY.search(line[max(0, start - 40) : start]) is not None


def _title(line: str) -> str:
    cells = [c for c in re.split(r"\s*\|\s*|\s*[:—–]\s+", line.strip().strip("|")) if c.strip()]
    return re.sub(r"^[\s>*\-+\d.]+|[*_`]+", "", cells[0]).strip()[:80] if cells else ""
