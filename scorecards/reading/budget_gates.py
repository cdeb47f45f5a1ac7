"""Gates in pipelines that ask for the error budget, or the objective, before something is deployed."""

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.budget_words import NAMED
from scorecards.reading.invocation import join
from scorecards.reading.pipeline import Command, Pipeline, Step
from scorecards.reading.rollbacks.commands import is_deployment
from scorecards.reading.words import words
from scorecards.result import Status


class Gate(NamedTuple):
    """A step that asks before a deployment; `why` says what weakens it, or that it is none."""

    path: str
    line: int
    text: str
    status: Status
    why: str = ""


_GATE = regex(r"burn[-_ ]?rate|\bnthlayer\b|check-deploy", re.IGNORECASE)
_OBJECTIVE = regex(
    r"(?<![a-z])slos?[-_ ]?(?:gate|check|guard|evaluation|status)|keptn[^\n]{0,40}(?:evaluat|gate)"
    r"|quality[-_ ]gates?[^\n]{0,20}\bslo",
    re.IGNORECASE,
)
_ASKS = regex(
    r"\bcurl\b|\bwget\b|\bhttps?ie?\b\s|promtool\s+query|api/v1/query|prometheus|mimir|thanos"
    r"|victoria|datadog|dogshell|nobl9"
    r"|\bsloctl\b|\bnthlayer\b|slo-generator|gcloud\s+monitoring|\baz\s+monitor|cloudwatch|newrelic"
    r"|dynatrace|grafana|\bpromql\b"
    r"|requests\.get|urllib|httpx|fetch\(|axios|boto3",
    re.IGNORECASE,
)
_STOPS = regex(
    r"(?:sys\.)?exit\(?\s?[1-9$\"a-z]|process\.exit\(|\braise\b|\bthrow\b|SystemExit|\bexit\s+[1-9$]"
    r"|\bdie\b|os\.Exit|log\.Fatal|\bfalse\b\s*$",
    re.IGNORECASE,
)
_BY_ITSELF = regex(
    r"\bnthlayer\b|\bslo-generator\b|\bsloctl\b|\bjq\s+(?:-\w*\s+)*-\w*e|--fail-on|check-deploy",
    re.IGNORECASE,
)
_DEPLOYS = regex(r"deploy|promot|rollout|\brelease\b|ship\b|\bcd\b|production", re.IGNORECASE)
_PRINTS = regex(r"\s*(?:echo|printf|Write-Host|logger|::notice)\b", re.IGNORECASE)
_PROGRAM = regex(r"\.(?:py|js|mjs|cjs|ts|rb|go|ps1|php|pl|sh|bash)$")


def gates(snapshot: Snapshot, pipeline: Pipeline) -> Iterator[Gate]:
    """The gates of a pipeline on an error budget, and those on an objective in general."""
    for number, step in enumerate(pipeline.steps):
        text = _named(step)
        if not text:
            continue
        if NAMED.search(text) or _GATE.search(text):
            made = _judged(snapshot, pipeline, number, step)
            if made is not None:
                yield made
        elif _OBJECTIVE.search(text) and _deploys_after(pipeline, number, step):
            where = _first(step)
            yield Gate(
                where[0],
                where[1],
                where[2],
                Status.PARTIAL,
                "asks for the objective, not for what is left of its budget",
            )


def _named(step: Step) -> str:
    """All that may name a budget in a step, empty where no mark is in it."""
    marked = _is_marked(step.name) or _is_marked(step.uses)
    for command in step.commands:
        marked = marked or _is_marked(command.text) or (bool(command.body) and _is_marked(command.body))
        marked = marked or (bool(command.via) and _is_marked(command.via[-1]))
    if not marked:
        return ""
    parts = [step.name, step.uses]
    for command in step.commands:
        parts += [command.text[:2_000], command.body[:4_000], *command.via]
    return "\n".join(parts)


def _is_marked(text: str) -> bool:
    return "udget" in text or "slo" in text or "SLO" in text or "burn" in text or "BUDGET" in text


def _judged(snapshot: Snapshot, pipeline: Pipeline, number: int, step: Step) -> Gate | None:
    """How much a step is worth that names a budget, None where it does not claim to be a gate."""
    path, line, shown = _first(step)
    live = [c for c in step.commands if c.live and not c.lost]
    texts = [f"{c.text}\n{c.body}" for c in live if not _PRINTS.match(c.text)]
    programs = "\n".join(_programs(snapshot, live))
    whole = "\n".join([*texts, programs, step.uses])
    if not step.live or step.missing:
        why = step.why or next(iter(step.missing), "it never runs")
        return Gate(path, line, shown, Status.FAIL, f"{why}")
    outside = bool(step.uses) and (NAMED.search(step.uses) or _GATE.search(step.uses)) is not None
    if step.uses and not outside:
        return None
    if not outside and not _ASKS.search(whole):
        if not _CLAIMS.search(step.name) or not NAMED.search(step.name):
            return None
        return Gate(path, line, shown, Status.FAIL, "asks nothing: it only prints or compares fixed numbers")
    if outside is False and not any(_mentions(c) for c in live) and not _CLAIMS.search(step.name):
        return None
    stops = outside or _STOPS.search(whole) or _BY_ITSELF.search(whole) or _is_heeded(pipeline, number, step)
    if not step.enforced or any(_mentions(c) and not c.enforced for c in live) or not stops:
        return Gate(path, line, shown, Status.PARTIAL, "its failure changes nothing")
    if not _deploys_after(pipeline, number, step):
        return Gate(path, line, shown, Status.PARTIAL, "nothing is deployed after it")
    return Gate(path, line, shown, Status.PASS)


_CLAIMS = regex(r"gate|check|verif|validat|guard|enforc", re.IGNORECASE)


def _is_heeded(pipeline: Pipeline, number: int, step: Step) -> bool:
    """Whether what follows runs only on the outcome that the step gives out."""
    given = any(
        "GITHUB_OUTPUT" in c.text or "set-output" in c.text or "setvariable" in c.text for c in step.commands
    )
    return given and any(step.job and step.job in later.condition for later in pipeline.steps[number + 1 :])


def _mentions(command: Command) -> bool:
    return NAMED.search(command.text) is not None or _GATE.search(command.text) is not None


def _first(step: Step) -> tuple[str, int, str]:
    """Where the gate stands, and what it is called."""
    for command in step.commands:
        if _mentions(command):
            return command.path, command.line, command.text[:100]
    return step.path, step.line, (step.name or step.uses or step.job)[:100]


def _programs(snapshot: Snapshot, commands: list[Command]) -> Iterator[str]:
    """The text of the programs that commands call."""
    for command in commands[:50]:
        for word in words(command.text)[:6]:
            if _PROGRAM.search(word):
                path = join(command.folder, word) or posixpath.normpath(word)
                if path in snapshot:
                    yield (snapshot.text(path) or "")[:40_000]


def _deploys_after(pipeline: Pipeline, number: int, step: Step) -> bool:
    """Whether the pipeline deploys once the gate let it."""
    for later in (*pipeline.steps[number + 1 :], *pipeline.elsewhere):
        if later is step or not later.live:
            continue
        if any(c.live and is_deployment(c.text) for c in later.commands):
            return True
        if _acts(later) and _DEPLOYS.search(f"{later.name} {later.uses}"):
            return True
        if later.job != step.job and _acts(later) and _DEPLOYS.search(later.job):
            return True
    return False


def _acts(step: Step) -> bool:
    """Whether a step does more than to print, to check out and to set something up."""
    if step.uses:
        return not _PREPARES.search(step.uses)
    return any(c.live and not c.lost and not _PRINTS.match(c.text) for c in step.commands)


_PREPARES = regex(r"checkout|setup-|cache|artifact|login|configure-", re.IGNORECASE)
