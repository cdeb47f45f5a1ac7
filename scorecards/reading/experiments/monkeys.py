"""Monkeys that kill what runs on their own: kube-monkey by labels, chaoskube by its arguments."""

from collections.abc import Iterator, Sequence

from catalog.document import Map, dig, maps
from scorecards.reading.experiment import Experiment
from scorecards.reading.flaw import Flaw
from scorecards.reading.marked import Part
from scorecards.reading.objective import text_of
from scorecards.result import Status

_WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet")


def claims(part: Part) -> bool:
    """A workload that a monkey may kill, or the monkey itself."""
    return part.kind in _WORKLOADS and (_labelled(part) or _chaoskube(part) is not None)


def _labelled(part: Part) -> bool:
    return text_of(dig(part.data, "metadata", "labels", "kube-monkey/enabled")) == "enabled"


def _chaoskube(part: Part) -> Map | None:
    for node in maps(part.data.get("spec")):
        if "chaoskube" in text_of(node.get("image")):
            return node
    return None


def read(part: Part, parts: Sequence[Part]) -> Iterator[Experiment]:
    """What the monkey does to it."""
    container = _chaoskube(part)
    if container is not None:
        arguments = [text_of(a) for k in ("args", "command") for a in container.get(k) or ()]
        wet = "--no-dry-run" in arguments
        yield Experiment(
            part.name,
            "chaoskube",
            part.path,
            container.line,
            ("pod-kill",) if wet else (),
            runs="chaoskube runs it all the time",
            problems=() if wet else (Flaw(Status.FAIL, "chaoskube kills nothing without `--no-dry-run`"),),
        )
        return
    yield Experiment(
        part.name,
        "kube-monkey",
        part.path,
        part.document.line_of("metadata", "labels", "kube-monkey/enabled"),
        (text_of(dig(part.data, "metadata", "labels", "kube-monkey/kill-mode")) or "pod-kill",),
        aims=part.name,
        runs="kube-monkey picks it on working days",
    )
