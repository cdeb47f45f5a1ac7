"""Chaos Mesh: a fault and a selector; Schedule, Workflow and the old `scheduler.cron` run by themselves."""

from collections.abc import Iterator, Sequence
from typing import Any

from catalog.document import Map, dig, maps
from scorecards.reading.experiment import (
    NO_ACTION,
    NO_TARGET,
    OPEN_TARGET,
    Experiment,
    clean,
    scheduled_by,
    unfilled,
    words,
)
from scorecards.reading.flaw import Flaw
from scorecards.reading.marked import Part
from scorecards.reading.objective import is_template, text_of
from scorecards.result import Status

_NAME = "Chaos Mesh"
_CLOUD = frozenset({"awschaos", "gcpchaos", "azurechaos", "physicalmachinechaos", "remotecluster"})
_FAULTS = {
    "StressChaos": ("stressors", "stressngStressors"),
    "TimeChaos": ("timeOffset",),
    "HTTPChaos": ("abort", "delay", "replace", "patch"),
    "KernelChaos": ("failKernRequest",),
}
"""What stands for an action in the kinds that have none."""
_PAUSE = "experiment.chaos-mesh.org/pause"
_SELECTORS = [
    "namespaces",
    "labelSelectors",
    "expressionSelectors",
    "annotationSelectors",
    "fieldSelectors",
    "podPhaseSelectors",
    "pods",
    "nodes",
    "nodeSelectors",
    "physicalMachines",
]


def claims(part: Part) -> bool:
    """Every kind of its API."""
    return part.group.startswith("chaos-mesh.org/")


def read(part: Part, parts: Sequence[Part]) -> Iterator[Experiment]:
    """The experiment, or those that a Schedule or a Workflow holds."""
    spec = part.data.get("spec")
    spec = spec if isinstance(spec, Map) else Map(part.document.line)
    paused = text_of(dig(part.data, "metadata", "annotations", _PAUSE)).lower() == "true"
    flaws = (Flaw(Status.PARTIAL, "it is paused"),) if paused else ()
    if part.kind == "Schedule":
        kind = text_of(spec.get("type"))
        when = text_of(spec.get("schedule"))
        runs = f"its own schedule `{when}`" if when and not paused else ""
        held = spec.get(kind[:1].lower() + kind[1:]) or next(
            (v for k, v in spec.items() if _is_fault(k)), None
        )
        if kind == "Workflow" or "workflow" in spec:
            held = spec.get("workflow")
            yield from _templates(part, held if isinstance(held, Map) else spec, runs, flaws)
        else:
            yield _one(part, kind, held if isinstance(held, Map) else Map(spec.line), runs, flaws)
    elif part.kind == "Workflow":
        runs = "" if paused else "it is a Chaos Mesh Workflow"
        yield from _templates(part, spec, runs, flaws)
    elif part.kind.endswith("Chaos"):
        cron = text_of(dig(spec, "scheduler", "cron"))
        runs = f"its own schedule `{cron}`" if cron and not paused else scheduled_by(part)
        yield _one(part, part.kind, spec, runs, flaws)


def _is_fault(key: str) -> bool:
    return key.lower().endswith("chaos")


def _templates(part: Part, spec: Map, runs: str, flaws: tuple[Flaw, ...]) -> Iterator[Experiment]:
    templates = spec.get("templates")
    found = [
        (text_of(t.get("templateType")), v)
        for t in (templates or ())
        if isinstance(t, Map)
        for k, v in t.items()
        if _is_fault(k) and isinstance(v, Map)
    ]
    if not found:
        yield Experiment(
            part.name, _NAME, part.path, part.document.line, runs=runs, problems=(*flaws, NO_ACTION)
        )
    for kind, held in found:
        yield _one(part, kind, held, runs, flaws)


def _one(part: Part, kind: str, spec: Map, runs: str, flaws: tuple[Flaw, ...]) -> Experiment:
    actions = [spec.get("action")] if text_of(spec.get("action")) else []
    actions += [k for k in _FAULTS.get(kind, ()) if spec.get(k)]
    if actions and actions[0] not in (spec.get("action"),):
        actions = [f"{kind} {a}" for a in actions]
    selector = spec.get("selector")
    found = list(flaws)
    if not clean(actions):
        found.append(NO_ACTION)
    elif is_template(text_of(actions[0])):
        found.append(Flaw(Status.UNKNOWN, "its action is filled in when it is rendered"))
    if _of_none(spec) or (kind.lower() not in _CLOUD and not _selects(selector)):
        found.append(NO_TARGET)
    elif unfilled(selector):
        found.append(OPEN_TARGET)
    return Experiment(
        part.name,
        _NAME,
        part.path,
        spec.line if spec.line > part.document.line else part.document.line,
        clean(actions),
        aims=_aims(selector),
        runs=runs,
        problems=tuple(found),
    )


def _of_none(spec: Map) -> bool:
    """Whether none of what is selected is hit: a fixed number of 0."""
    return text_of(spec.get("mode")).startswith("fixed") and text_of(spec.get("value")) in ("0", "0%")


def _selects(selector: Any) -> bool:
    return isinstance(selector, Map) and any(selector.get(k) for k in _SELECTORS)


def _aims(selector: Any) -> str:
    """What narrows the choice within a namespace; "" where all of it may be hit."""
    if not isinstance(selector, Map):
        return ""
    return (
        " ".join(words(m) for k, v in selector.items() if k != "namespaces" for m in [v] if v)
        if any(maps(selector))
        else ""
    )
