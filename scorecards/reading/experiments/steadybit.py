"""Steadybit: lanes with attack steps."""

from collections.abc import Iterator, Sequence

from catalog.document import maps
from scorecards.reading.experiment import NO_ACTION, Experiment, clean, words
from scorecards.reading.marked import Part
from scorecards.reading.objective import text_of

_NAME = "Steadybit"


def claims(part: Part) -> bool:
    """An experiment file of its command line or API."""
    return "lanes" in part.data and any("steps" in m for m in maps(part.data.get("lanes")))


def read(part: Part, parts: Sequence[Part]) -> Iterator[Experiment]:
    """The one experiment of the document."""
    lanes = part.data.get("lanes")
    steps = [m for m in maps(lanes) if text_of(m.get("type")) in ("action", "check", "wait")]
    kinds = [
        text_of(m.get("actionType") or m.get("attackType"))
        for m in steps
        if text_of(m.get("type")) == "action"
    ]
    probes = [k for k in kinds if any(w in k for w in ("check", "http.", "log", "metrics", "monitor"))]
    actions = clean(k for k in kinds if k not in probes)
    yield Experiment(
        text_of(part.data.get("name")),
        _NAME,
        part.path,
        part.document.line,
        actions,
        clean(probes),
        aims=words(lanes),
        problems=() if actions else (NO_ACTION,),
    )
