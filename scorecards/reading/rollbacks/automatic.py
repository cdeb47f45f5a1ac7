"""Which ways back no person starts, and for which environments."""

import posixpath
import re
from collections.abc import Iterator

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.on_failure import compared, runs_on_failure
from scorecards.reading.pipeline import Command, Pipeline, Step
from scorecards.reading.rollbacks import steps
from scorecards.reading.rollbacks.mechanism import Mechanism
from scorecards.result import Status

BY_HAND = "a person has to start it"
_ITSELF = regex(
    r"--atomic|--rollback-on-failure|--auto-rollback\b|--update-failure-action[= ]rollback|rollback=true"
    r"|--auto-rollback-configuration|--update-rollback",
    re.IGNORECASE,
)
_CONDITION = regex(
    r"failure\(\)|failed\(\)|on_fail|status: .*failure|(?:==|\beq\()\s*[^&|]{0,60}(?:fail|unhealthy|error)"
    r"|(?:health|smoke|verif|succe|ok|pass|ready|stable)[\w.]*\s*==\s*'?false"
    r"|!=\s*'(?:success|true|healthy|pass)|in\([^)]*[Ff]ailed|unsuccessful\(\)|unstable\(\)|regression\(\)|aborted\(\)"
    r"|succeeded\(\)\s*,\s*false|not\(succeeded|rollback[\w.]*\s*==\s*'true'"
    r"|!\s*(?:success\(\)|needs\.)|outputs\.\w*(?:fail|rollback|unhealthy|breach)\w*",
    re.IGNORECASE,
)
_SHIFTS = regex(r"update-traffic|set-traffic|update-alias|traffic set|slot swap")
_BACK = regex(r"roll|prev|stable|old|revert|last|back|blue|undo|swap", re.IGNORECASE)
_ROLLS_BACK = regex(r"roll(?:ing)?[-_ ]?back|revert", re.IGNORECASE)
_CALLED = regex(r"(?:(?:ba)?sh\s+|python3?\s+|node\s+)?[\"']?([^\s\"']*[/$][^\s\"']*)")
_EQUAL = regex(r"==\s*'([^']{1,60})'")
_TEST = regex(
    r"(?<![a-z])(?:staging|stage|stg|dev|develop|development|test|testing|qa|uat|sandbox|preview|pre-?prod|int|integration|demo"
    r"|nightly|homolog\w*|sit)(?![a-z])",
    re.IGNORECASE,
)
_PRODUCTION = regex(
    r"(?<![a-z])(?<!non-)(?<!pre-)(?<!pre)(?:prod|production|prd|live)(?![a-z])", re.IGNORECASE
)


def run(snapshot: Snapshot, pipeline: Pipeline) -> Iterator[tuple[Mechanism, str]]:
    """Ways back of a pipeline, each with why it is none that starts by itself, empty where it is."""
    for found in steps.found(snapshot, pipeline):
        mechanism, why, step, command = found
        if not why:
            why = _by_hand(snapshot, pipeline, mechanism, step, command)
        names = f"{step.name}\n{step.job}\n{posixpath.basename(step.path)}"
        if command is not None and (only := compared(snapshot, command.path, command.line)):
            names = only if _TEST.search(only) else f"{names}\n{only}"
        yield _limited(mechanism, f"{names}\n{' '.join(_EQUAL.findall(step.condition))}"), why
    yield from _outside(snapshot, pipeline)


def _outside(snapshot: Snapshot, pipeline: Pipeline) -> Iterator[tuple[Mechanism, str]]:
    """Steps for going back that run on failure, and call what is not in the repository."""
    for step in pipeline.steps:
        if not (step.condition and step.live and _ROLLS_BACK.search(step.name)):
            continue
        if not _CONDITION.search(step.condition):
            continue
        for command in step.commands:
            named = _CALLED.match(command.text)
            if named and not command.opened and not command.lost and named.group(1) not in snapshot:
                what = f"`{named.group(1)[:60]}` in `{step.name[:60]}`"
                yield (
                    Mechanism(
                        command.path,
                        command.line,
                        what,
                        Status.UNKNOWN,
                        "what it does is not in the repository",
                    ),
                    "",
                )


def _by_hand(
    snapshot: Snapshot, pipeline: Pipeline, mechanism: Mechanism, step: Step, command: Command | None
) -> str:
    text = step.uses if command is None else command.text
    around = f"{text} {step.name} {step.job} {' '.join(command.via) if command else ''}"
    if _SHIFTS.search(text) and not _BACK.search(around):
        return "shifts traffic, and not back"
    if _ITSELF.search(text) or mechanism.what.startswith(("an atomic", "`--atomic", "`atomic")):
        return ""
    if command is None and re.match(r"`[\w-]*rollback[\w-]*: ", mechanism.what, re.IGNORECASE):
        return ""
    if _CONDITION.search(step.condition):
        return ""
    if pipeline.system == "travis" and step.name == "after_failure":
        return ""
    if command is not None and _guarded(snapshot, step, command):
        return ""
    started = step.triggers - {"call"}
    named = pipeline.name + posixpath.basename(pipeline.path) + step.job
    if started and started <= {"schedule", "other"} and "roll" in named.lower():
        return ""
    return BY_HAND


def _guarded(snapshot: Snapshot, step: Step, command: Command) -> bool:
    """Whether the command, or a call on the way to it, stands where something has failed."""
    if runs_on_failure(snapshot, command.path, command.line):
        return True
    called = [c for c in step.commands if c.opened and _short(c.text) in command.via]
    return any(runs_on_failure(snapshot, c.path, c.line) for c in called)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def of_file(snapshot: Snapshot, mechanism: Mechanism) -> tuple[Mechanism, str]:
    """A way back that a file declares, with why it does not start by itself, empty where it does."""
    weak = mechanism.status is Status.PARTIAL
    if weak and "helmfile" not in mechanism.what:
        return mechanism, mechanism.why
    text = snapshot.text(mechanism.path) or ""
    if "Keptn" in mechanism.what and "triggeredOn" not in text:
        return mechanism, BY_HAND
    if "Spinnaker" in mechanism.what and not re.search(r"stageEnabled|FAILED|TERMINAL|\"failed\"", text):
        return mechanism, BY_HAND
    return _limited(mechanism, mechanism.path), ""


def _limited(mechanism: Mechanism, names: str) -> Mechanism:
    """The way back, weak where it is for no environment that users are in."""
    if mechanism.status is not Status.PASS or _PRODUCTION.search(names):
        return mechanism
    found = _TEST.search(names)
    if found is None:
        return mechanism
    return mechanism._replace(status=Status.PARTIAL, why=f"that is for `{found.group().lower()}` only")
