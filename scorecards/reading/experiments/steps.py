"""Faults that a pipeline's step injects itself: a chaos action, or a tool's command without any file."""

import re
from collections.abc import Iterator

from catalog.document import parse_yaml
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.experiment import Experiment, clean
from scorecards.reading.experiments import read_part
from scorecards.reading.flaw import Flaw
from scorecards.reading.marked import Part
from scorecards.reading.pipeline import Command, Step
from scorecards.reading.runs import CHAOS, said_elsewhere, steps
from scorecards.result import Status

_ACTIONS = regex(
    r"^(?:chaos-mesh/chaos-mesh-action|litmuschaos/github-chaos-actions|steadybit/[\w-]*run[\w-]*|gremlin/[\w-]+"
    r"|krkn-chaos/[\w-]+|redhat-chaos/[\w-]+|merlinnot/[\w-]*chaos[\w-]*)@",
    re.IGNORECASE,
)
_TOOLS = regex(
    r"\bpumba\b.*\b(?:kill|netem|pause|stop|rm|stress|iptables)\b"
    r"|\bgremlin\s+(?:attack|attack-container|scenario)\b"
    r"|api\.gremlin\.com/v1/(?:attacks|scenarios|kubernetes|test-suites)|\bfis\s+start-experiment\b"
    r"|\bblade\s+create\b|\bsteadybit\s+experiment\s+(?:run|exec)|\btoxiproxy-cli\s+toxic\s+add\b"
    r"|\bkrknctl\s+run\b|\brun_kraken\.py\b|krkn-hub:|\baz\s+rest\b.*Microsoft\.Chaos/experiments/[^\s]*/start"
    r"|\bpowerfulseal\s+(?:autonomous|interactive)\b|\bchaosd\s+attack\b",
    re.IGNORECASE,
)
_OWN = regex(
    r"\b(?:kubectl|oc)\s+(?:-{1,2}\S+\s+(?:[^-\s]\S*\s+)?)*delete\s+(?:-{1,2}\S+\s+)*(?:pods?|po)\b"
    r"|\bdocker(?:[ -]compose)?\b.*\b(?:kill|pause|stop)\b|\btc\s+qdisc\s+(?:add|change)\b.*\bnetem\b"
    r"|\biptables\b.*\bDROP\b|\bstress-ng\b|\bkubectl\s+drain\b"
)
_WORDS = (
    *("pumba", "gremlin", "fis ", "blade", "steadybit", "toxiproxy", "krkn", "kraken", "Chaos", "chaosd"),
    *("powerfulseal", "delete", "docker", "netem", "iptables", "stress-ng", "drain"),
)
"""One of them stands in every command that injects a fault."""
_MAX = 100


def find(snapshot: Snapshot) -> Iterator[Experiment]:
    """One experiment for each step that injects a fault, or that calls one we do not have."""
    found = 0
    for pipeline, step in steps(snapshot):
        yield from _written(step)
        made = _acted(step) or _commanded(step)
        if made is None and step in pipeline.elsewhere and said_elsewhere(step):
            made = _elsewhere(step)
        if made is not None:
            yield made
            found += 1
            if found >= _MAX:
                return


def _acted(step: Step) -> Experiment | None:
    if not _ACTIONS.match(step.uses):
        return None
    return Experiment(
        step.name or step.uses,
        "pipeline",
        step.path,
        step.line,
        (step.uses,),
        runs="a pipeline's step runs it",
        problems=_weak(step, None),
    )


def _commanded(step: Step) -> Experiment | None:
    says = CHAOS.search(f"{step.name} {step.job} {step.path}") is not None
    for command in step.commands:
        if not command.live or command.lost or command.opened or command.text.lstrip().startswith("echo"):
            continue
        named = says or CHAOS.search(" ".join((*command.via, command.path))) is not None
        text = command.text[:2000]
        if not any(word in text for word in _WORDS):
            continue
        fault = _TOOLS.search(text) or (_OWN.search(text) if named else None)
        if fault:
            return Experiment(
                step.name or step.job,
                "pipeline",
                command.path,
                command.line,
                clean([" ".join(fault.group().split())[:80]]),
                runs="a pipeline's step runs it",
                problems=_weak(step, command),
            )
    return None


def _written(step: Step) -> Iterator[Experiment]:
    """Experiments that stand as a heredoc in what the step runs."""
    for command in step.commands:
        if "haos" not in command.body or not command.live or command.lost:
            continue
        for document in parse_yaml(command.body, command.path, offset=command.line).documents:
            part = Part(document)
            for made in read_part(part, (part,)):
                yield made._replace(
                    runs=made.runs or "a pipeline's step applies it",
                    problems=(*made.problems, *_weak(step, command)),
                )


def _weak(step: Step, command: Command | None) -> tuple[Flaw, ...]:
    if step.enforced and (command is None or command.enforced):
        return ()
    return (Flaw(Status.PARTIAL, "its failure changes nothing"),)


def _elsewhere(step: Step) -> Experiment:
    return Experiment(
        step.name or step.job,
        "workflow elsewhere",
        step.path,
        step.line,
        (step.uses,),
        runs="a pipeline's step runs it",
        problems=(Flaw(Status.UNKNOWN, f"`{step.uses[:80]}` is not in this repository"),),
    )
