"""Scripts and targets that deploy and that no pipeline calls: somebody runs them by hand."""

import posixpath
import re
from collections.abc import Iterator

from catalog.regex import regex
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.reading.calls import Calls
from scorecards.reading.commands import Commands, Run
from scorecards.reading.deployments.commands import act
from scorecards.reading.deployments.deployment import Deployment
from scorecards.reading.paths import paths
from scorecards.reading.pipelines import pipelines
from scorecards.reading.scope import aside, is_neighbours
from scorecards.result import Status

_SCRIPT = regex(r"(?:^|[-_./])(?:re)?deploy(?!ment)[\w-]*\.(?:sh|bash)\Z", re.IGNORECASE)
_TARGET = regex(
    r"(?:\w+[-_:/.])*(?:re)?deploy(?:[-_:/.]\w+)*|release|rollout|(?:\w+[-_:])*apply|up-prod", re.IGNORECASE
)
_NO_TARGET = regex(
    r"undeploy|report|hooks?/|post-|pre-|docs|test|kind|local|dev(?![a-z])|e2e|minikube|destroy|preview|dry|"
    r"sandbox|devbox|local",
    re.IGNORECASE,
)
_BUILD_FILES = {
    "makefile": ("make", "make"),
    "gnumakefile": ("make", "make"),
    "justfile": ("just", "just"),
    "taskfile.yml": ("task", "task"),
    "taskfile.yaml": ("task", "task"),
    "package.json": ("npm", "npm run"),
}
_DOES = frozenset(("deploys", "provisions", "store"))
_MAX = 40


def prepared(snapshot: Snapshot, service: Service) -> Iterator[Deployment]:
    """What deploys once somebody runs it, and that no pipeline does."""
    reached = snapshot.derive(_reached)
    for found in snapshot.derive(_prepared):
        path = found.path
        if aside(path, service) or is_neighbours(path, service) or found.what in reached:
            continue
        if path not in reached or found.kind == "target":
            yield found


def _reached(snapshot: Snapshot) -> frozenset[str]:
    found: set[str] = set()
    for pipeline in pipelines(snapshot):
        for step in pipeline.steps:
            for command in step.commands:
                found.update(f"`{' '.join(v.split()[:3])}`" for v in command.via)
                found.update(f"`{' '.join(v.split()[:2])}`" for v in command.via)
                found.add(command.path)
    return frozenset(found)


def _prepared(snapshot: Snapshot) -> tuple[Deployment, ...]:
    found: list[Deployment] = []
    why = "somebody runs it by hand"
    for path in paths(snapshot).ending("sh", "bash"):
        if _SCRIPT.search(path) and not _NO_TARGET.search(path):
            text = snapshot.text(path) or ""
            if _deploys(snapshot, text, path, ""):
                found.append(Deployment(path, 1, f"`{path}`", Status.PARTIAL, why, "script"))
    calls = snapshot.derive(Calls)
    for path in paths(snapshot).named(*_BUILD_FILES):
        kind, call = _BUILD_FILES[posixpath.basename(path).lower()]
        if "deploy" not in (snapshot.text(path) or "") and "apply" not in (snapshot.text(path) or ""):
            continue
        if len(found) >= _MAX:
            break
        folder = posixpath.dirname(path)
        targets = calls.targets(kind, folder)
        for name, target in targets.named.items() if targets else ():
            if not _TARGET.fullmatch(name) or _NO_TARGET.search(name) or not target.pieces:
                continue
            if _is_scaffold(snapshot, folder):
                break
            if any(_deploys(snapshot, piece.text, path, folder) for piece in target.pieces[:20]):
                what = f"`{call} {name}`"
                found.append(
                    Deployment(target.path, target.pieces[0].line, what, Status.PARTIAL, why, "target")
                )
    return tuple(found)


def _is_scaffold(snapshot: Snapshot, folder: str) -> bool:
    """Whether the targets are those that Kubebuilder gives every operator, for its developers' clusters."""
    return (
        posixpath.join(folder, "PROJECT") in snapshot
        and posixpath.join(folder, "config/default/kustomization.yaml") in snapshot
    )


def _deploys(snapshot: Snapshot, text: str, path: str, folder: str) -> bool:
    run = Run()
    snapshot.derive(Commands).follow(run, text, path, 1, folder)
    for command in run.commands:
        if command.live and not command.opened and not command.lost:
            found = act(command.text)
            if found is not None and found.kind in _DOES:
                return True
            if found is not None and found.kind == "here" and any("ssh" in v for v in command.via):
                return True
    return False
