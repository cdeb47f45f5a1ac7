"""Litmus: a ChaosEngine or ChaosSchedule with experiments. A ChaosExperiment alone only defines a fault."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from catalog.document import Map, Seq, dig, maps
from catalog.regex import regex
from scorecards.reading.experiment import NO_ACTION, Experiment, clean, scheduled_by
from scorecards.reading.flaw import Flaw
from scorecards.reading.marked import Part
from scorecards.reading.objective import text_of
from scorecards.result import Status

_NAME = "Litmus"
_ENGINE = regex(r"^[ \t]*kind:[ \t]*ChaosEngine[ \t]*$", re.MULTILINE)
_LISTED = regex(r"^[ \t]*experiments:[ \t]*\n[ \t]*-[ \t]*name:[ \t]*([\w-]+)", re.MULTILINE)


def claims(part: Part) -> bool:
    """Litmus' own kinds, and Argo workflows that hold an engine no YAML reader can read."""
    if part.group.startswith("litmuschaos.io/"):
        return True
    return part.kind in ("Workflow", "CronWorkflow", "WorkflowTemplate") and _engine_text(part) is not None


def _engine_text(part: Part) -> str | None:
    """The text of an engine held as a string that does not parse by itself."""
    if any(_engines(e.data) for e in part.document.embedded):
        return None
    for node in maps(part.data):
        for value in node.values():
            if isinstance(value, str) and _ENGINE.search(value):
                return value
    return None


def _engines(data: Any) -> bool:
    return bool(dig(data, "kind") == "ChaosEngine")


def read(part: Part, parts: Sequence[Part]) -> Iterator[Experiment]:
    """The experiments that an engine starts, as one."""
    spec = part.data.get("spec")
    spec = spec if isinstance(spec, Map) else Map(part.document.line)
    if part.kind == "ChaosEngine":
        yield _engine(part, spec, scheduled_by(part))
    elif part.kind == "ChaosSchedule":
        held = spec.get("engineTemplateSpec")
        halted = text_of(spec.get("scheduleState")) in ("halt", "complete")
        runs = "" if halted or not spec.get("schedule") else "its own schedule"
        yield _engine(part, held if isinstance(held, Map) else Map(spec.line), runs)
    elif part.kind == "ChaosExperiment" and not any(
        p.kind in ("ChaosEngine", "ChaosSchedule") for p in parts
    ):
        only = Flaw(Status.FAIL, "a ChaosExperiment only defines a fault, no ChaosEngine starts it")
        yield Experiment(part.name, _NAME, part.path, part.document.line, problems=(only,))
    elif part.kind in ("Workflow", "CronWorkflow", "WorkflowTemplate"):
        text = _engine_text(part) or ""
        listed = _LISTED.findall(text)
        runs = scheduled_by(Part(part.document, (*part.outer, part.document)))
        flaws = () if listed else (NO_ACTION,)
        yield Experiment(
            part.name, _NAME, part.path, part.document.line, clean(listed), runs=runs, problems=flaws
        )


def _engine(part: Part, spec: Map, runs: str) -> Experiment:
    listed = spec.get("experiments")
    entries = [e for e in listed if isinstance(e, Map)] if isinstance(listed, Seq) else []
    actions = clean(e.get("name") for e in entries)
    probes = clean(
        p.get("name") for e in entries for p in dig(e, "spec", "probe") or () if isinstance(p, Map)
    )
    flaws = [] if actions else [NO_ACTION]
    if text_of(spec.get("engineState")) == "stop":
        flaws.append(Flaw(Status.PARTIAL, "its engineState is `stop`"))
    label = dig(spec, "appinfo", "applabel")
    return Experiment(
        part.name,
        _NAME,
        part.path,
        part.document.line,
        actions,
        probes,
        aims=text_of(label),
        runs=runs,
        problems=tuple(flaws),
    )
