"""What runs an experiment: a pipeline's step, a GitOps object that applies its folder, a job in a cluster."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatch
from typing import NamedTuple

from catalog.document import Map, Seq, dig
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.experiment import Experiment
from scorecards.reading.flaw import Flaw
from scorecards.reading.objective import text_of
from scorecards.reading.paths import paths
from scorecards.reading.pipeline import Command, Pipeline, Step
from scorecards.reading.pipelines import pipelines
from scorecards.result import Status

CHAOS = regex(r"chaos|resilien|fault[-_ ]?inject|litmus|gremlin|steadybit|krkn|game-?day", re.IGNORECASE)
"""Words by which a step, a workflow or a job says that it tests by faults."""

_CHECKS_ONLY = regex(
    r"--dry-run(?!=none)|\bvalidate\b|\bkubeconform\b|\bkubeval\b|\byamllint\b|\bkubectl\s+(?:diff|delete|get|explain)\b"
    r"|\bchaos\s[^|;]*--dry\b|\blint\b|\bpreflight\b|^\s*(?:echo|cat|ls|test|\[|rm|git|grep|head|diff|cp|mv|mkdir|chmod)\b"
)
_STARTS = regex(
    r"\b(?:kubectl|oc|k)\b.*\b(?:apply|create|replace)\b|\bchaos\s+(?:-\S+\s+(?:[^-\s]\S*\s+)?)*run\b|\bhelm\b.*\b(?:install|upgrade)\b"
    r"|\bkustomize\b|\blitmusctl\b|\bargo\s+(?:submit|cron)\b|\bfis\b.*\b(?:start-experiment|create-experiment)|\bsteadybit\b"
    r"|\bkrknctl\b|\brun_kraken\b|\bkraken\b|\bpumba\b|\bblade\s+create\b|\bpowerfulseal\b|\bchaosd?ctl?\b.*\b(?:run|attack)\b"
    r"|\boperator-chaos\s+run\b|\baz\b.*\bchaos\b|\bterraform\s+apply\b|\bcloudformation\s+(?:deploy|create-stack)\b|\bgremlin\b"
    r"|\bsam\s+deploy\b|\bcdk\s+deploy\b|\bdocker[ -]compose\b.*\bup\b|\bstart-?experiment\b",
    re.IGNORECASE,
)
_TESTS = regex(
    r"\bgo\s+test\b|\bgotestsum\b|\bginkgo\b|\bpytest\b|\bunittest\b|\btox\b|\bnox\b|\brspec\b|\brake\b(?:\s+\S*(?:test|spec)|\s*$)"
    r"|\b(?:npm|pnpm|yarn|bun)\b.*\btest|\b(?:jest|vitest|mocha)\b|\bcargo\s+(?:\S+\s+)?(?:nextest|test)\b|\bdotnet\s+test\b"
    r"|\bmvnw?\b.*\b(?:test|verify|install|package)\b|\bgradlew?\b.*\b(?:test|check|build)\b|\bmix\s+test\b|\bphpunit\b|\bsbt\b.*\btest"
    r"|\bbats\b",
    re.IGNORECASE,
)
_MAX = 2_000
"""Characters of a command that are looked at."""
_CODE = (".sh", ".bash", ".py", ".js", ".ts", ".rb", ".go")
_WORD = regex(r"[^\s'\"=,;()<>|&]+")
_VARIABLE = regex(r"\$\{?\w+[^}/\s]*\}?")


class Run(NamedTuple):
    """How something is run: what was seen, where, and what weakens it."""

    how: str
    path: str
    line: int | None
    flaws: tuple[Flaw, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing weakens it."""
        return not self.flaws


def runs(snapshot: Snapshot, experiment: Experiment) -> Iterator[Run]:
    """Everything that runs the experiment, what runs it by itself first."""
    if experiment.runs:
        yield Run(experiment.runs, experiment.path, experiment.line)
    in_tests = experiment.tool == "Toxiproxy"
    for pipeline, step in steps(snapshot):
        found = _tested(step) if in_tests else _started(snapshot, step, experiment)
        if found is not None:
            yield Run(*found[:1], found[1], found[2], _weakness(step, found[3]))
        elif not in_tests and step in pipeline.elsewhere and said_elsewhere(step):
            yield Run(f"`{step.uses}` is called, which is named for it", step.path, step.line)
    if not in_tests:
        yield from _applied(snapshot, experiment)


def steps(snapshot: Snapshot) -> Iterator[tuple[Pipeline, Step]]:
    """Every step that something triggers and that can run."""
    for pipeline in pipelines(snapshot):
        if pipeline.triggers and pipeline.triggers != {"call"}:
            for step in pipeline.steps:
                if step.live:
                    yield pipeline, step


def said_elsewhere(step: Step) -> bool:
    """Whether the name or the inputs of a call that leads out of the repository say chaos."""
    if CHAOS.search(f"{step.uses} {step.name} {step.job}"):
        return True
    return any(
        CHAOS.search(str(k)) and text_of(v).lower() not in ("", "false", "no", "0", "none")
        for k, v in step.inputs.items()
    )


def _weakness(step: Step, command: Command | None) -> tuple[Flaw, ...]:
    if step.enforced and (command is None or command.enforced):
        return ()
    return (Flaw(Status.PARTIAL, "its failure changes nothing there"),)


_Found = tuple[str, str, int, Command | None]


def _tested(step: Step) -> _Found | None:
    for command in step.commands:
        if command.live and not command.lost and not command.opened and _TESTS.search(command.text[:_MAX]):
            return f"`{command.text[:60]}` runs the tests", command.path, command.line, command
    return None


class _Busy(NamedTuple):
    """A step's commands that do more than look: all of them, and those that start something."""

    step: Step
    live: tuple[Command, ...]
    starting: tuple[Command, ...]


def _busy(snapshot: Snapshot) -> Mapping[int, _Busy]:
    """By the step's identity, since steps are compared by all they hold."""
    found = {}
    for _, step in steps(snapshot):
        live = tuple(
            c for c in step.commands if c.live and not c.lost and not _CHECKS_ONLY.search(c.text[:_MAX])
        )
        found[id(step)] = _Busy(
            step, live, tuple(c for c in live if not c.opened and _STARTS.search(c.text[:_MAX]))
        )
    return found


def _started(snapshot: Snapshot, step: Step, experiment: Experiment) -> _Found | None:
    path = experiment.path
    says = step.uses and CHAOS.search(f"{step.uses} {step.name}")
    if says and any(_refers(text, "", path) for text in (step.uses, *step.strings())):
        return f"`{step.uses}` runs it", step.path, step.line, None
    busy = snapshot.derive(_busy)[id(step)]
    named = [c for c in busy.live if _refers(c.text, c.folder or "", path)]
    for command in named:
        if command in busy.starting:
            return f"`{_short(command)}` runs it", command.path, command.line, command
    passing = [c for c in busy.starting if _passes_on(c) and not c.body]
    for command in (c for n in named for c in passing if c.path == n.path and c.line >= n.line):
        return f"`{_short(command)}` runs it", command.path, command.line, command
    for command in busy.live:
        if not command.opened and _is_script(snapshot, command, path):
            return f"`{_short(command)}` runs it", command.path, command.line, command
    return None


def _short(command: Command) -> str:
    text = " ".join(command.text.split())
    return text[:70] + ("…" if len(text) > 70 else "")


def _passes_on(command: Command) -> bool:
    """Whether what is started comes from a variable or a pipe: a loop's `$f`, `apply -f -`."""
    return re.search(r"\$\{?\w|\s-f\s*-(?:\s|$)|\s-\s*$", command.text[:_MAX]) is not None


def _refers(text: str, folder: str, path: str) -> bool:
    """Whether a command names the file, a pattern that covers it, or a folder that it is in."""
    base = path.rpartition("/")[2]
    if not (folder and path.startswith(folder)) and not any(p in text for p in ("*", "$", *path.split("/"))):
        return False
    for word in _WORD.findall(text[:4000]):
        bare = _VARIABLE.sub("", word)
        if "/" not in bare and "." not in bare and bare != path.partition("/")[0]:
            continue
        if word != bare:
            if bare.rpartition("/")[2] == base or (path.endswith(bare.strip("/")) and "/" in bare.strip("/")):
                return True
            continue
        where = posixpath.normpath(posixpath.join(folder, word)) if not word.startswith("/") else word[1:]
        if where == path or ("*" in where and fnmatch(path, where)):
            return True
        if where not in (".", "") and (path.startswith(f"{where}/") or path.endswith(f"/{where}")):
            return True
    return False


def _is_script(snapshot: Snapshot, command: Command, path: str) -> bool:
    """Whether the command calls a script of the repository that names the experiment's file."""
    if not any(ending in command.text for ending in _CODE):
        return False
    base, folder = path.rpartition("/")[2], path.rpartition("/")[0]
    for word in _WORD.findall(command.text[:1000]):
        where = posixpath.normpath(posixpath.join(command.folder or "", word))
        if where.endswith(_CODE) and where in snapshot and where != path:
            text = snapshot.text(where) or ""
            if base in text or (folder and re.search(rf"\b{re.escape(folder)}\b", text)):
                return any(_STARTS.search(line[:_MAX]) for line in text.split("\n"))
    return False


def _applied(snapshot: Snapshot, experiment: Experiment) -> Iterator[Run]:
    for applied in snapshot.derive(_gitops):
        if _covers(snapshot, applied, experiment.path):
            yield Run(f"{applied.what} applies it", applied.path, applied.line)
    for job in snapshot.derive(_jobs):
        words = _WORD.findall(job.text)
        base = experiment.path.rpartition("/")[2]
        if any(w.rpartition("/")[2] == base for w in words if "." in w):
            yield Run(f"{job.what} runs it", job.path, job.line)


class _Applied(NamedTuple):
    what: str
    path: str
    line: int
    folder: str = ""
    deep: bool = False
    text: str = ""


def _gitops(snapshot: Snapshot) -> Sequence[_Applied]:
    """Folders that Argo CD and Flux keep applied."""
    found: list[_Applied] = []
    for path in paths(snapshot).ending("yaml", "yml"):
        text = snapshot.text(path) or ""
        if "argoproj.io/" not in text and "kustomize.toolkit.fluxcd.io/" not in text:
            continue
        for document in snapshot.parsed(path).documents:
            data = document.mapping
            kind, group = text_of(data.get("kind")), text_of(data.get("apiVersion"))
            line = document.line
            if kind == "Application" and group.startswith("argoproj.io/"):
                found += _argo(path, line, dig(data, "spec"), f"the Argo CD Application `{_name(data)}`")
            elif kind == "ApplicationSet":
                what = f"the Argo CD ApplicationSet `{_name(data)}`"
                found += _argo(path, line, dig(data, "spec", "template", "spec"), what)
            elif kind == "Kustomization" and "fluxcd" in group and dig(data, "spec", "suspend") is not True:
                folder = text_of(dig(data, "spec", "path"))
                what = f"the Flux Kustomization `{_name(data)}`"
                found.append(_Applied(what, path, line, _plain(folder), deep=True))
    return tuple(found)


def _argo(path: str, line: int, spec: object, what: str) -> Iterator[_Applied]:
    sources = dig(spec, "sources")
    for source in [dig(spec, "source"), *(sources if isinstance(sources, Seq) else [])]:
        folder = text_of(dig(source, "path"))
        if folder and not isinstance(dig(source, "chart"), str):
            deep = dig(source, "directory", "recurse") is True
            yield _Applied(what, path, line, _plain(folder), deep=deep)


def _name(data: Map) -> str:
    return text_of(dig(data, "metadata", "name"))


def _plain(folder: str) -> str:
    return posixpath.normpath(folder.lstrip("/") or ".").removeprefix("./")


def _covers(snapshot: Snapshot, applied: _Applied, path: str) -> bool:
    folder = "" if applied.folder == "." else applied.folder
    if folder and not path.startswith(f"{folder}/"):
        return _kustomized(snapshot, folder, path, 0)
    for name in ("kustomization.yaml", "kustomization.yml"):
        if posixpath.join(folder, name) in snapshot:
            return _kustomized(snapshot, folder, path, 0)
    if posixpath.join(folder, "Chart.yaml") in snapshot:
        return path.startswith(posixpath.join(folder, "templates") + "/")
    return applied.deep or posixpath.dirname(path) == folder


def _kustomized(snapshot: Snapshot, folder: str, path: str, depth: int) -> bool:
    """Whether the folder's kustomization leads to the file."""
    if depth > 6:
        return False
    for name in ("kustomization.yaml", "kustomization.yml", "Kustomization"):
        file = posixpath.join(folder, name)
        if file not in snapshot:
            continue
        for document in snapshot.parsed(file).documents:
            for key in ("resources", "bases", "components"):
                listed = document.mapping.get(key)
                for entry in listed if isinstance(listed, Seq) else ():
                    where = posixpath.normpath(posixpath.join(folder, text_of(entry)))
                    if where == path or (
                        where not in snapshot and _kustomized(snapshot, where, path, depth + 1)
                    ):
                        return True
    return False


def _listed(node: object) -> Sequence[object]:
    return node if isinstance(node, Seq) else ()


def _jobs(snapshot: Snapshot) -> Sequence[_Applied]:
    """Commands of CronJobs, Jobs and Argo workflows that say chaos."""
    found: list[_Applied] = []
    for path in paths(snapshot).ending("yaml", "yml"):
        text = snapshot.text(path) or ""
        if "haos" not in text or not any(
            f"kind: {k}" in text for k in ("CronJob", "CronWorkflow", "Workflow", "Job")
        ):
            continue
        for document in snapshot.parsed(path).documents:
            kind = text_of(document.mapping.get("kind"))
            if (
                kind in ("CronJob", "CronWorkflow", "Workflow", "Job")
                and dig(document.data, "spec", "suspend") is not True
            ):
                words = [
                    text_of(a)
                    for m in document.maps()
                    for k in ("command", "args")
                    for a in _listed(m.get(k))
                ]
                command = " ".join(w for w in words if w)
                if command and _STARTS.search(command[:20_000]):
                    what = f"the {kind} `{_name(document.mapping)}`"
                    found.append(_Applied(what, path, document.line, text=command))
    return tuple(found)
