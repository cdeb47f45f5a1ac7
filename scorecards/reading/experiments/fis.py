"""AWS Fault Injection Service: a template with a fault and a target, in CloudFormation, Terraform or JSON."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from catalog.document import Map, Seq, dig, maps
from catalog.regex import regex
from catalog.snapshot import Snapshot
from catalog.terraform import terraform
from scorecards.reading.experiment import NO_ACTION, Experiment, clean, words
from scorecards.reading.flaw import Flaw
from scorecards.reading.hollow import is_placeholder
from scorecards.reading.marked import Part
from scorecards.reading.objective import text_of
from scorecards.result import Status

_NAME = "AWS FIS"
_TYPE = "AWS::FIS::ExperimentTemplate"
_KINDS = ("aws_fis_experiment_template", "awscc_fis_experiment_template")
_WAIT = "aws:fis:wait"
_STARTS = regex(r"startExperiment|:fis:|experiment-template/", re.IGNORECASE)


def claims(part: Part) -> bool:
    """A CloudFormation template that makes one, or the JSON of the API."""
    if _resources(part):
        return True
    actions = part.data.get("actions")
    return isinstance(actions, Map) and "targets" in part.data and any("actionId" in m for m in maps(actions))


def _resources(part: Part) -> list[tuple[str, Map]]:
    held = part.data.get("Resources")
    if not isinstance(held, Map):
        return []
    return [(n, r) for n, r in held.items() if isinstance(r, Map) and r.get("Type") == _TYPE]


def read(part: Part, parts: Sequence[Part]) -> Iterator[Experiment]:
    """One experiment for each template."""
    resources = _resources(part)
    for name, resource in resources:
        held = resource.get("Properties")
        held = held if isinstance(held, Map) else Map(resource.line)
        yield _one(part, name, held, resource.line, _rule(part))
    if not resources:
        yield _one(part, text_of(part.data.get("description")), part.data, part.document.line, "")


def _rule(part: Part) -> str:
    """A rule or schedule in the same stack that starts experiments."""
    for name, resource in (part.data.get("Resources") or {}).items():
        kind, state = text_of(dig(resource, "Type")), dig(resource, "Properties", "State")
        if kind not in ("AWS::Scheduler::Schedule", "AWS::Events::Rule") or state == "DISABLED":
            continue
        if _STARTS.search(words(resource)):
            return f"`{name}` starts it on a schedule"
    return ""


def _one(part: Part, name: str, held: Map, line: int, runs: str) -> Experiment:
    actions = held.get("Actions") or held.get("actions")
    faults = [text_of(m.get("ActionId") or m.get("actionId")) for m in maps(actions)]
    role = text_of(held.get("RoleArn") or held.get("roleArn"))
    return _made(name, part.path, line, faults, held.get("Targets") or held.get("targets"), role, runs)


def _made(
    name: str, path: str, line: int, faults: Sequence[str], targets: Any, role: str, runs: str
) -> Experiment:
    real = [f for f in faults if f and f != _WAIT]
    flaws = [] if real else [NO_ACTION]
    if role and is_placeholder(role):
        flaws.append(Flaw(Status.PARTIAL, "its role is still a placeholder"))
    return Experiment(
        name, _NAME, path, line, clean(real), aims=words(targets), runs=runs, problems=tuple(flaws)
    )


def find(snapshot: Snapshot) -> Iterator[Experiment]:
    """Templates in Terraform, and whether a rule or schedule of the same Terraform starts them."""
    held = terraform(snapshot)
    found = list(held.resources(_KINDS)) if held.paths() else []
    if not found:
        return
    starts = ("aws_scheduler_schedule", "aws_cloudwatch_event_target")
    callers = [
        r for r in held.resources(starts) if _STARTS.search(words(r.values)) or "fis" in words(r.values)
    ]
    for resource in found:
        values = resource.values
        actions, targets = values.get("action") or values.get("actions"), values.get("target")
        faults = [text_of(m.get("action_id")) for m in maps(actions)]
        runs = f"`{callers[0].address}` starts it on a schedule" if callers else ""
        aims = targets if isinstance(targets, (Map, Seq)) else values.get("targets")
        yield _made(resource.name, resource.path, resource.line, faults, aims, "", runs)
