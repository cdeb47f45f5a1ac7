"""A service level objective, in whatever dialect it was written."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from catalog.document import Map, Seq
from catalog.regex import regex
from scorecards.reading.flaw import Flaw, worst
from scorecards.reading.hollow import is_placeholder
from scorecards.reading.query import has_words_in_a_row, is_placeholder_query, names_metric, names_something
from scorecards.result import Status

_MAX_TEXT = 20_000
PARTS = ("target", "indicator", "window")


class Target(NamedTuple):
    """`ratio` lies between 0 and 1; None where the target is a threshold (`300 ms`) or absent."""

    text: str = ""
    ratio: float | None = None
    flaws: tuple[Flaw, ...] = ()


class Indicator(NamedTuple):
    """What is measured. `kind`: ratio, threshold, query, basic, monitor, plugin, composite, words."""

    text: str = ""
    kind: str = ""
    flaws: tuple[Flaw, ...] = ()


class Objective(NamedTuple):
    """One objective as a page shows it: `target` is a ratio, `goal` the target as it was written."""

    name: str
    dialect: str
    path: str
    line: int
    service: str = ""
    target: float | None = None
    goal: str = ""
    window: str = ""
    indicator: str = ""
    kind: str = ""
    problems: tuple[Flaw, ...] = ()

    @property
    def status(self) -> Status:
        """What it counts for: PASS where it is complete in its own dialect."""
        return worst(self.problems)

    @property
    def summary(self) -> str:
        """Target, indicator and window in a few words."""
        goal = self.goal or "no target"
        if self.target is not None:
            goal = f"{self.target * 100:.6g} %"
        measure = " ".join(self.indicator.split())
        measure = f" of {measure[:80]}" + ("…" if len(measure) > 80 else "") if measure else ""
        return goal + measure + (f" over {self.window}" if self.window else "")


def make(  # noqa: PLR0913 - an objective has this many parts
    name: Any,
    dialect: str,
    path: str,
    line: int,
    *,
    target: Target,
    indicator: Indicator,
    window: str = "",
    service: Any = "",
    needs: Sequence[str] = PARTS,
    flaws: Iterable[Flaw] = (),
) -> Objective:
    """An objective with the flaws of its parts; one part missing makes it weak, two make it hollow."""
    present = {"target": target.text, "indicator": indicator.text, "window": window}
    lacks = [part for part in needs if not present[part]]
    status = Status.PARTIAL if len(lacks) == 1 else Status.FAIL
    found = [*target.flaws, *indicator.flaws, *flaws]
    known = {f.text for f in found}
    found += [Flaw(status, f"no {part}") for part in lacks if f"no {part}" not in known]
    if window and is_template(window):
        found.append(Flaw(Status.UNKNOWN, f"its window is `{window}` until it is rendered"))
    elif window and _NO_TIME.match(window):
        found.append(Flaw(Status.FAIL, "its window is no time at all"))
    elif window and is_placeholder(window):
        found.append(Flaw(Status.FAIL, "its window is a placeholder"))
    return Objective(
        name=text_of(name)[:200],
        dialect=dialect,
        path=path,
        line=line,
        service=text_of(service)[:200],
        target=target.ratio,
        goal=target.text[:100],
        window=window[:100],
        indicator=indicator.text[:2000],
        kind=indicator.kind,
        problems=tuple(dict.fromkeys(found)),
    )


_NO_TIME = regex(r"\s*0+(?![\d.])")
_TEMPLATE = regex(r"\{\{\s*[$.(].*?\}\}|\$\{|\$\(|__[A-Z][A-Z0-9_]+__|<%|\$[A-Z_]{3,}")
_NUMBER = regex(r"^\s*(?:[<>=≥≤~]{1,2}\s*)?(\d{1,9}(?:[.,]\d{1,12})?)\s*(%|percent\b)?", re.IGNORECASE)


def is_template(text: str) -> bool:
    """Whether a value is filled in when something renders it; `{{ name }}` is a placeholder left behind."""
    return _TEMPLATE.search(text[:1000]) is not None


def text_of(value: Any) -> str:
    """A scalar as text, "" for None and for what is no scalar."""
    if value is None or isinstance(value, (Map, Seq, dict, list)):
        return ""
    return str(value)[:_MAX_TEXT].strip()


def target_of(value: Any, percent: bool | None) -> Target:
    """Read a target. `percent`: True where 99.9 is meant, False where 0.999 is, None where either may be.

    A target of 0 or of 100 % is hollow: the first asks nothing, the second leaves no error budget.
    """
    text = text_of(value)
    if not text or isinstance(value, bool):
        return Target()
    if is_template(text):
        return Target(
            text, None, (Flaw(Status.UNKNOWN, f"its target is `{text[:60]}` until it is rendered"),)
        )
    text = text[:200]
    number = _NUMBER.match(text)
    if number is None:
        return Target(text, None, (Flaw(Status.FAIL, f"its target `{text[:60]}` is no number"),))
    amount = float(number.group(1).replace(",", "."))
    unit = text[number.end() :].strip()
    if unit and not number.group(2) and percent is None:
        return Target(text, None)
    if number.group(2) or percent or (percent is None and amount > 1):
        amount /= 100
    if amount == 0:
        return Target(text, 0.0, (Flaw(Status.FAIL, "its target is 0, which asks nothing"),))
    if amount == 1:
        return Target(text, 1.0, (Flaw(Status.FAIL, "its target is 100 %, which leaves no error budget"),))
    if amount > 1 or str(value).lstrip().startswith("-"):
        if percent is None:
            return Target(text, None)
        wanted = "0 and 100" if percent else "0 and 1"
        return Target(
            text, None, (Flaw(Status.PARTIAL, f"its target `{text[:60]}` is not between {wanted}"),)
        )
    return Target(text, amount)


def query_indicator(
    queries: Sequence[Any], kind: str, *, prometheus: bool = True, wanted: int = 1
) -> Indicator:
    """An indicator made of queries, of which `wanted` are needed (2 for a ratio of good and total)."""
    texts = [text_of(q) for q in queries]
    texts = [t for t in texts if t]
    if not texts:
        return Indicator()
    shown = " / ".join(texts)
    if all(is_template(t) and not names_something(t) for t in texts):
        return Indicator(shown, kind, (Flaw(Status.UNKNOWN, "its query is filled in when it is rendered"),))
    for text in texts:
        named = names_metric(text) if prometheus else names_something(text)
        if is_placeholder_query(text) or not named:
            short = " ".join(text.split())[:60]
            return Indicator(
                shown, kind, (Flaw(Status.FAIL, f"its query `{short}` names nothing that is measured"),)
            )
    said = next((t for t in texts if prometheus and has_words_in_a_row(t)), None)
    if said is not None:
        short = " ".join(said.split())[:60]
        return Indicator(shown, kind, (Flaw(Status.FAIL, f"its query `{short}` is words, and no query"),))
    if wanted == 2 and len(texts) == 2 and texts[0] == texts[1]:
        return Indicator(shown, kind, (Flaw(Status.FAIL, "its good and its total part are the same"),))
    if len(texts) < wanted:
        return Indicator(shown, kind, (Flaw(Status.PARTIAL, "its ratio lacks the good or the total part"),))
    return Indicator(shown, kind)


def window_of(node: Any) -> str:
    """The text of a time window: `30d`, a list of windows, or a mapping of duration, unit and count."""
    if isinstance(node, Seq):
        return next((w for w in map(window_of, node) if w), "")
    if not isinstance(node, Map):
        return text_of(node)
    if "duration" in node and not isinstance(node["duration"], (Map, Seq)):
        return text_of(node["duration"])
    unit = text_of(node.get("unit") or node.get("Unit"))
    count = text_of(node.get("count") or node.get("Count") or 1)
    if unit:
        return f"{count} {unit}"
    return ""
