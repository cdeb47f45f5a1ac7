"""What documents tell of a dependency: a row of a table, a paragraph or a section that names it."""

# ruff: noqa: E501

import re
from collections.abc import Iterator, Sequence

from catalog.regex import regex
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.reading.document_scope import why_not_ours
from scorecards.reading.failure.mode import Mode
from scorecards.reading.failure.naming import Named
from scorecards.reading.prose import Prose, documents, prose

_WAITS = regex(
    r"time[-\s]?(?:d\s)?outs?|times out|deadline|time limit|Zeitlimit|Zeitüberschreitung|délai|tiempo de espera|tempo limite|超时|タイムアウト|тайм-?аут",
    re.IGNORECASE,
)
_AGAIN = regex(
    r"\bretr(?:y|ies|ied|ying)\b|falls? ?back|\bfallback|degrade|circuit[- ]break|\bbreaker|(?:serve[sd]?|use[sd]?|return[sd]?|from)(?: \w+){0,3} cached?\b"
    r"|serves? stale|stale (?:data|rate|value|cache|cop(?:y|ies)|result|response|answer|read)s?\b|last known|\b(?:is|are|gets?) (?:queued|buffered)|fails? (?:open|closed|fast|over)\b|fail-?over"
    r"|(?:answers?|returns?|responds?(?: with)?) (?:\w+ )?50[234]\b|goes read-only|backoff|\d attempts"
    r"|Wiederhol|Rückfall|réessa|nouvelle tentative|repli\b|reintent|tentativa|重试|降级|リトライ|再試行|フォールバック|повтор|резерв",
    re.IGNORECASE,
)
_FAILS = regex(
    r"unavailab|\bdown\b|\bfail|outage|time-?out|times out|not (?:answer|respond|reach)|unreachable|\bslow|error|\bgone\b|without|\blost\b"
    r"|retr|\bbreak|Ausfall|indispon|panne|caíd|故障|不可用|障害|недоступ",
    re.IGNORECASE,
)
"""What a paragraph must speak of for a fallback to be meant."""
_FALLS = regex(
    r"without|fallback|fall back|when (?:it is )?(?:down|gone|unavailable)|if (?:it )?(?:fails|down)|on failure|degrad|retr|breaker|behaviou?r|impact|mitigation"
    r"|Ausfall|repli|重试|降级",
    re.IGNORECASE,
)
_OWN = regex(
    r"(?:shut-?down|session|idle|build|job|tests?|graceful|drain|login|keep-?alive|startup)\s*-?(?:time-?outs?|deadlines?)",
    re.IGNORECASE,
)
"""Timeouts of something else than a call."""
_VALUE = regex(r"\d|\b(?:one|two|three|five|ten|thirty|sixty) (?:seconds?|minutes?)|`\w+`", re.IGNORECASE)
_EMPTY = regex(
    r"^[\s*_`]*(?:-+|—|–|none|no|n/?a|\?+|tbd|todo|tba|unknown|open|…|\.{3})?[\s*_`.]*$", re.IGNORECASE
)
_LACKS = regex(
    r"\b(?:no|without(?: a| any)?|missing|lacks?|add(?: a)?|needs?(?: a)?|should (?:have|add)(?: a)?|todo:?|tbd:?)\s+(?:[\w-]+\s){0,2}(?:time-?outs?|retr(?:y|ies)|fallback)"
    r"|(?:fall-?back|retr(?:y|ies)|time-?outs?)[^.|]{0,60}(?:removed|deleted|missing|not (?:yet )?implemented)",
    re.IGNORECASE,
)
_NOT = regex(
    r"(?:^|/)(?:changelog|changes|history|license|news|contributing|releases?|agents|claude|gemini|copilot[\w-]*)[^/]*$"
    r"|(?:^|/)(?:post-?mortems?|incidents?|adr|prompts?|skills?)/|(?:^|/)\.",
    re.IGNORECASE,
)
"""Documents that tell what was, or that are for programs that write code."""
_ABOUT = regex(
    r"dependenc|failure|resilien|degrad|fallback|runbook|architect|disaster|reliab|operat", re.IGNORECASE
)
"""Documents in which a word for a store is the service's store."""
_TABLE = regex(r"^\s*\|.*\|\s*$|^[^|\n]+\|[^\n]+$")
_RULE = regex(r"^[\s|:+-]+$")
_MAX_DOCUMENTS = 300


def modes(snapshot: Snapshot, service: Service, wanted: tuple[Named, ...]) -> Iterator[tuple[Named, Mode]]:
    """What the service's documents tell of each dependency."""
    for path in documents(snapshot)[:_MAX_DOCUMENTS]:
        if _NOT.search(path) or why_not_ours(path, snapshot, service):
            continue
        text = snapshot.text(path)
        lowered = text.lower() if text else ""
        ours = [n for n in wanted if any(w in lowered for w in n.words)]
        if text and ours and (_WAITS.search(text) or _AGAIN.search(text)):
            read = prose(snapshot, path)
            if read is not None:
                for one in ours:
                    yield from ((one, m) for m in _told(read, one))


def _told(read: Prose, one: Named) -> Iterator[Mode]:
    about = _ABOUT.search(read.path) is not None
    for index, section in enumerate(read.sections):
        if _is(section.title, one, True):
            for inner in read.below(index):
                lines = [(x.text, x.number) for x in inner.lines if not x.code]
                for heads, row, line in _rows(lines):
                    yield from _row(heads, row, line, read.path)
                yield from _lines([x for x in lines if not _TABLE.match(x[0])], read.path)
            continue
        lines = [(x.text, x.number) for x in section.lines if not x.code]
        for heads, row, line in _rows(lines):
            if _is(row[0], one, True):
                yield from _row(heads, row, line, read.path)
        for number, (text, _) in enumerate(lines):
            if not _TABLE.match(text) and _is(text, one, about):
                yield from _lines(_paragraph(lines, number), read.path)


def _rows(lines: Sequence[tuple[str, int]]) -> Iterator[tuple[list[str], list[str], int]]:
    """The rows of tables: the cells of the heading, those of the row, its line."""
    heads: list[str] | None = None
    for text, line in lines:
        if not _TABLE.match(text):
            heads = None
        elif heads is None:
            heads = _cells(text)
        elif not _RULE.match(text):
            yield heads, _cells(text), line


def _is(text: str, one: Named, kinds: bool) -> bool:
    """Whether a text names the dependency, or, where that is enough, the kind of store that it is."""
    if one.plain.search(text):
        return True
    return kinds and one.kinds is not None and one.kinds.search(text) is not None


def _paragraph(lines: Sequence[tuple[str, int]], number: int) -> list[tuple[str, int]]:
    """The lines of one paragraph, or of one entry of a list with what is indented below it."""
    found = [lines[number]]
    start = lines[number][0]
    entry = re.match(r"\s*[-*+]\s|\s*\d+[.)]\s", start) is not None
    indent = len(start) - len(start.lstrip())
    for text, line in lines[number + 1 : number + 15]:
        if not text.strip():
            break
        if entry and len(text) - len(text.lstrip()) <= indent and re.match(r"\s*[-*+]\s|\s*\d+[.)]\s", text):
            break
        found.append((text, line))
    return found


def _lines(lines: Sequence[tuple[str, int]], path: str) -> Iterator[Mode]:
    fails = _FAILS.search("\n".join(text for text, _ in lines)) is not None
    for text, line in lines:
        plain = _OWN.sub("", _LACKS.sub("", text))
        if (found := _WAITS.search(plain)) and _VALUE.search(plain):
            yield Mode("timeout", _short(plain, found), path, line)
        if fails and (found := _AGAIN.search(plain)):
            yield Mode("retry or fallback", _short(plain, found), path, line)


def _short(text: str, found: re.Match[str]) -> str:
    return " ".join(text[max(0, found.start() - 20) : found.end() + 30].split())[:60]


def _row(heads: Sequence[str], cells: Sequence[str], line: int, path: str) -> Iterator[Mode]:
    """What stands in the columns of a row that ask for it."""
    for place, cell in enumerate(cells):
        head = heads[place] if place < len(heads) else ""
        if _EMPTY.match(cell):
            continue
        if _WAITS.search(head) and _VALUE.search(cell):
            yield Mode("timeout", f"{head}: {cell}"[:60], path, line)
        elif _FALLS.search(head) and not _LACKS.search(cell):
            yield Mode("retry or fallback", f"{head}: {cell}"[:60], path, line)
        else:
            yield from _lines([(cell, line)], path)


def _cells(text: str) -> list[str]:
    return [c.strip() for c in text.strip().strip("|").split("|")][:40]
