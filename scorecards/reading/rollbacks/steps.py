"""Ways back that a pipeline runs: by a command, by an action, by a dispatch that takes a version."""

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.pipeline import Command, Pipeline, Step
from scorecards.reading.rollbacks.commands import is_database, is_deployment, is_named, is_rollback, is_undo
from scorecards.reading.rollbacks.mechanism import Mechanism
from scorecards.reading.stack import system_name
from scorecards.result import Status

_VERSION = regex(r"version|tag|image|sha|revision|commit|release|build|ref\b", re.IGNORECASE)
_EARLIER = regex(r"roll(?:ing)?[-_ ]?back|previous|earlier|older|re-?deploy", re.IGNORECASE)
_SWITCH = regex(
    r"atomic|(?:auto|enable|with|on)?[-_]?rollback(?:[-_]?(?:on|enabled|failure).*)?", re.IGNORECASE
)
_PREPARES = regex(r"(?:^|[/-])(?:setup|install|login|configure)-", re.IGNORECASE)
_DEPLOY_ACTION = regex(
    r"deploy|swap|helm|kubectl|k8s|ecs|appservice|webapp|promote|ssh-action", re.IGNORECASE
)


class Found(NamedTuple):
    """A way back in a step, why it does not count ("" where it does), and the command that it is, if one."""

    mechanism: Mechanism
    why: str
    step: Step
    command: Command | None = None


def run(snapshot: Snapshot, pipeline: Pipeline) -> Iterator[tuple[Mechanism, str]]:
    """Ways back that the pipeline runs, each with why it does not count, empty where it does."""
    for one in found(snapshot, pipeline):
        yield one.mechanism, one.why


def found(snapshot: Snapshot, pipeline: Pipeline) -> tuple[Found, ...]:
    """Ways back that the pipeline runs, with where; read once a snapshot."""
    known = snapshot.derive(_found)
    if pipeline.path not in known:
        known[pipeline.path] = tuple(_of_pipeline(snapshot, pipeline))
    return known[pipeline.path]


def _found(snapshot: Snapshot) -> dict[str, tuple[Found, ...]]:
    return {}


def _of_pipeline(snapshot: Snapshot, pipeline: Pipeline) -> Iterator[Found]:
    for step in pipeline.steps:
        context = _is_for_rollback(pipeline, step)
        printed = ""
        for command in step.commands:
            if is_named(command.text) and _prints(command):
                printed = command.text
            if command.opened or command.lost:
                continue
            named = context or any(is_named(name) for name in command.via)
            what = _what(snapshot, pipeline, step, command, named)
            if what:
                yield Found(*_judged(pipeline, step, command, what), step, command)
        for missing in step.missing:
            if is_named(missing):
                yield Found(Mechanism(step.path, step.line, "a rollback", Status.FAIL), missing, step)
        what = _used(step, context)
        if what:
            yield Found(*_judged(pipeline, step, None, what), step)
        elif printed and context:
            prints = Mechanism(step.path, step.line, "a rollback", Status.FAIL)
            yield Found(prints, "its step only prints", step)


_DEPLOYS = re.compile(
    r"deploy|release|promot|rollout|delivery|publish|\bc[id]/?cd\b|\bcd\b|pipeline", re.IGNORECASE
)


def outside(pipeline: Pipeline) -> Iterator[Step]:
    """Steps that have something of another repository deploy: whether that goes back is not seen."""
    for step in pipeline.elsewhere:
        if step.live and step.uses and _DEPLOYS.search(f"{step.uses.partition('@')[0]} {step.job}"):
            yield step


def _is_for_rollback(pipeline: Pipeline, step: Step) -> bool:
    """Whether the names around a step say that it rolls back; a database's rollback is another thing."""
    names = f"{step.name}\n{step.job}"
    whole = f"{names}\n{posixpath.basename(pipeline.path)}\n{pipeline.name}"
    return is_named(whole) and not is_database(names)


def _prints(command: Command) -> bool:
    return command.text.startswith(("echo ", "printf ", "Write-Host ", "logger "))


def _what(snapshot: Snapshot, pipeline: Pipeline, step: Step, command: Command, named: bool) -> str:
    what = is_rollback(command.text)
    if what:
        return what
    if named and is_deployment(command.text) and not is_database(command.text):
        return "a deployment in a step for rolling back"
    choosable = "manual" in step.triggers and is_deployment(command.text)
    if choosable and _takes_version(pipeline, command.text, snapshot.text(pipeline.path) or ""):
        return "a deployment of any version that a person names"
    program = _program(snapshot, command)
    return f"`{program}`" if program else ""


def _takes_version(pipeline: Pipeline, text: str, whole: str) -> bool:
    """Whether a person may name an earlier version, in a file that says that this is what it is for."""
    for name in pipeline.asks if _EARLIER.search(whole) else ():
        if _VERSION.search(name):
            word = re.escape(name)
            if re.search(rf"(?:inputs|params|parameters|env)\.{word}\b|\$\{{?{word}\b", text, re.IGNORECASE):
                return True
    return False


_PROGRAM = regex(r"[\w./-]*(?:roll[-_]?back|revert)[\w.-]*\.(?:py|js|ts|mjs|rb|ps1|go)\b", re.IGNORECASE)
_ACTS = regex(
    r"rollout|helm|kubectl|boto3|deploy|image|revision|swap|requests\.|fetch\(|client", re.IGNORECASE
)


def _program(snapshot: Snapshot, command: Command) -> str:
    """A program of the repository that is named for a rollback and does something with deployments."""
    found = _PROGRAM.search(command.text) if is_named(command.text) else None
    if found is None:
        return ""
    name = found.group().removeprefix("./")
    path = next((p for p in (posixpath.join(command.folder or "", name), name) if p in snapshot), "")
    text = (snapshot.text(path) or "")[:64_000] if path else ""
    return name if _ACTS.search(text) and not is_database(name) else ""


def _used(step: Step, named: bool) -> str:
    """What an action or task of a step does about going back."""
    if not step.uses or step.uses.startswith("./"):
        return ""
    name = step.uses.partition("@")[0]
    if is_named(name) and not is_database(name):
        return f"`{name}`"
    for key, value in step.inputs.items():
        if _SWITCH.fullmatch(key) and str(value).lower() in ("true", "on", "yes", "enabled"):
            return f"`{key}: {value}` of `{name}`"
    for text in step.strings():
        if len(text) < 5000 and ("ollback" in text or "atomic" in text or "undo" in text):
            if "--atomic" in text or "--rollback-on-failure" in text:
                return f"`--atomic` of `{name}`"
            for line in text.split("\n")[:100]:
                if what := is_rollback(line):
                    return what
    return f"`{name}` in a step for rolling back" if named and _rolls(name) else ""


def _judged(pipeline: Pipeline, step: Step, command: Command | None, what: str) -> tuple[Mechanism, str]:
    path, line = (command.path, command.line) if command else (step.path, step.line)
    undo = command is not None and is_undo(command.text)
    shown = f"{what} in {system_name(pipeline.system)} (`{step.job}`)"
    live = step.live and (command is None or command.live)
    if not live:
        return Mechanism(
            path, line, shown, Status.FAIL
        ), f"never runs: {step.why or 'it stands behind `false`'}"
    if step.triggers and step.triggers <= {"call"}:
        return Mechanism(
            path, line, shown, Status.PARTIAL, "no workflow calls the one that it stands in", undo
        ), ""
    enforced = step.enforced and (command is None or command.enforced)
    if not enforced:
        return Mechanism(path, line, shown, Status.PARTIAL, "nobody notices when it fails", undo), ""
    return Mechanism(path, line, shown, Status.PASS, "", undo), ""


def _rolls(name: str) -> bool:
    """Whether an action brings something to run, and does not only make the tool ready."""
    return _DEPLOY_ACTION.search(name) is not None and _PREPARES.search(name) is None
