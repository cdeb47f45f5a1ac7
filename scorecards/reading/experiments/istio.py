"""Istio: a VirtualService that injects delays or aborts."""

from collections.abc import Iterator, Sequence

from catalog.document import Map, dig, maps
from scorecards.reading.experiment import NO_ACTION, Experiment, clean, words
from scorecards.reading.marked import Part
from scorecards.reading.objective import text_of

_NAME = "Istio"


def claims(part: Part) -> bool:
    """A VirtualService with a `fault`."""
    if part.kind != "VirtualService" or "istio" not in part.group:
        return False
    return any(isinstance(m.get("fault"), Map) for m in maps(part.data.get("spec")))


def read(part: Part, parts: Sequence[Part]) -> Iterator[Experiment]:
    """The faults of the document, as one experiment."""
    spec = part.data.get("spec")
    actions, line = [], part.document.line
    for route in maps(spec):
        fault = route.get("fault")
        for kind in ("delay", "abort"):
            held = dig(fault, kind)
            share = dig(held, "percentage", "value") if isinstance(held, Map) else None
            share = dig(held, "percent") if share is None else share
            if isinstance(held, Map) and share != 0:
                line = held.line
                actions.append(f"{kind} {text_of(share)} %".replace("  %", ""))
    yield Experiment(
        part.name,
        _NAME,
        part.path,
        line,
        clean(actions),
        aims=f"{words(dig(spec, 'hosts'))} {part.name}",
        problems=() if actions else (NO_ACTION,),
    )
