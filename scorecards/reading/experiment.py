"""A chaos experiment, whatever tool it was written for."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from catalog.document import Map, Seq, dig, maps
from scorecards.reading.flaw import Flaw, worst
from scorecards.reading.hollow import is_placeholder
from scorecards.reading.marked import Part
from scorecards.reading.objective import is_template, text_of
from scorecards.result import Status


class Experiment(NamedTuple):
    """One experiment as a page shows it.

    `actions` are the faults it injects, `probes` what it checks, `aims` what its selector says, "" where it
    takes whatever is there. `runs` says why it runs by itself (a schedule of its own), "" where something
    has to start it.
    """

    title: str
    tool: str
    path: str
    line: int
    actions: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()
    aims: str = ""
    runs: str = ""
    problems: tuple[Flaw, ...] = ()

    @property
    def status(self) -> Status:
        """What it counts for, apart from whether anything runs it."""
        return worst(self.problems)

    @property
    def summary(self) -> str:
        """Its faults and checks in a few words."""
        actions = ", ".join(self.actions[:4])
        probes = f", checked by {', '.join(self.probes[:3])}" if self.probes else ""
        return f"{actions}{probes}" if actions else "no action"


NO_ACTION = Flaw(Status.FAIL, "it has no action")
NO_TARGET = Flaw(Status.FAIL, "it selects nothing")
OPEN_TARGET = Flaw(Status.FAIL, "what it hits is still a placeholder")


def clean(names: Iterable[Any]) -> tuple[str, ...]:
    """Names as short texts, without empty ones, placeholders and repeats."""
    texts = (text_of(n)[:100] for n in names)
    return tuple(dict.fromkeys(t for t in texts if t and not left_open(t)))[:20]


def left_open(text: str) -> bool:
    """Whether a value is a placeholder that nobody filled in, and that nothing fills in when rendering."""
    return is_placeholder(text) and not is_template(text)


def unfilled(node: Any) -> bool:
    """Whether a scalar of a selector is a placeholder that nobody filled in."""
    values = (v for inner in maps(node) for v in inner.values())
    texts = (text_of(t) for v in values for t in (v if isinstance(v, Seq) else (v,)))
    return any(left_open(text) for text in texts if text)


def words(node: Any, limit: int = 60) -> str:
    """Every scalar of a selector as one text, keys left out."""
    found: list[str] = []
    if not isinstance(node, (Map, Seq)):
        return text_of(node)
    for inner in maps(node):
        for value in inner.values():
            found += [text_of(v) for v in value] if isinstance(value, Seq) else [text_of(value)]
    return " ".join(f for f in found[:limit] if f)


def scheduled_by(part: Part) -> str:
    """What runs an experiment that stands inside it: a CronJob, a workflow; "" where nothing does."""
    for outer in reversed(part.outer):
        data = outer.mapping
        kind = text_of(data.get("kind"))
        if kind in ("CronWorkflow", "CronJob"):
            when = text_of(dig(data, "spec", "schedule")) or "its own"
            suspended = dig(data, "spec", "suspend") is True
            return "" if suspended else f"a {kind} runs it on the schedule `{when}`"
        if kind in ("Workflow", "Job"):
            return f"a {kind} runs it"
    return ""
