"""Tekton: pipelines, runs and tasks in `.tekton/` (Pipelines as Code) and in folders named for it."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from catalog.document import Document, Map, Seq, dig
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.pipeline import ON_CHANGE, Pipeline, Step, Trigger
from scorecards.reading.pipelines.steps import broken, followed, is_false, listed

_FOLDER = regex(r"(?:^|/)\.?tekton[^/]*/.*\.ya?ml\Z", re.IGNORECASE)
_ON = "pipelinesascode.tekton.dev/"


def read(snapshot: Snapshot, path: str) -> Pipeline | None:
    """The pipeline of a file that holds a run; tasks and pipelines it names are looked for beside it."""
    parsed = snapshot.parsed(path)
    if not parsed.documents:
        return broken(snapshot, path, "tekton") if path.startswith(".tekton/") else None
    book = snapshot.derive(_Book)
    steps: list[Step] = []
    paths: list[str] = []
    for document in parsed.documents:
        kind = document.get("kind")
        base = Step(path, document.line, str(document.get("metadata", "name") or kind), "")
        if kind == "PipelineRun":
            base = base.but(triggers=_triggers(document, book.listens))
            paths += _paths(document)
            steps += book.run(document.get("spec"), base)
        elif kind in ("TriggerTemplate",):
            for inner in document.get("spec", "resourcetemplates") or ():
                base = base.but(triggers=ON_CHANGE)
                if isinstance(inner, Map) and inner.get("kind") == "PipelineRun":
                    steps += book.run(inner.get("spec"), base)
    if not steps:
        return None
    triggers = frozenset(t for s in steps for t in s.triggers)
    outside = tuple(s for s in steps if s.uses)
    return Pipeline(path, "tekton", triggers, tuple(steps), tuple(paths), outside)


def _triggers(document: Document, listens: bool) -> frozenset[Trigger]:
    notes = document.get("metadata", "annotations")
    events = str(dig(notes, f"{_ON}on-event") or "")
    expression = str(dig(notes, f"{_ON}on-cel-expression") or "")
    found: set[Trigger] = set()
    if "pull_request" in events or "pull_request" in expression:
        found.add("change")
    if "push" in events or re.search(r"\"push\"|'push'", expression):
        found.add("push")
    return frozenset(found or ({"change", "push"} if listens else {"manual"}))


def _paths(document: Document) -> list[str]:
    note = document.get("metadata", "annotations", f"{_ON}on-path-change")
    return [p.strip(" \"'") for p in note.strip("[] ").split(",")] if isinstance(note, str) else []


class _Found(NamedTuple):
    spec: Any
    path: str


class _Book:
    """Tasks and pipelines of the repository by name."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.named: dict[tuple[str, str], _Found] = {}
        self.listens = False
        for path in [p for p in snapshot.files if _FOLDER.search(p)][:200]:
            for document in snapshot.parsed(path).documents:
                kind, name = document.get("kind"), document.get("metadata", "name")
                if kind in ("Task", "Pipeline", "ClusterTask") and isinstance(name, str):
                    self.named[str(kind).removeprefix("Cluster"), name] = _Found(document.get("spec"), path)
                self.listens = self.listens or kind in ("EventListener", "Trigger")

    def run(self, spec: Any, base: Step) -> Iterator[Step]:
        """Steps of a PipelineRun."""
        inner, path = dig(spec, "pipelineSpec"), base.path
        name = dig(spec, "pipelineRef", "name")
        if inner is None and isinstance(name, str):
            found = self.named.get(("Pipeline", name))
            if found is None:
                yield base.but(uses=name, inputs=spec if isinstance(spec, Map) else {})
                return
            inner, path = found.spec, found.path
        elif inner is None and isinstance(dig(spec, "pipelineRef"), Map):
            yield base.but(uses=str(dig(spec, "pipelineRef", "resolver")), inputs=spec)
        for key in ("tasks", "finally"):
            for task in dig(inner, key) if isinstance(dig(inner, key), Seq) else ():
                if isinstance(task, Map):
                    step = base.but(
                        path=path, line=task.line, name=str(task.get("name")), job=str(task.get("name"))
                    )
                    yield from self._task(task, step)

    def _task(self, task: Map, step: Step) -> Iterator[Step]:
        if task.get("onError") == "continue":
            step = step.but(enforced=False)
        for when in task["when"] if isinstance(task.get("when"), Seq) else ():
            if isinstance(when, Map) and is_false(when.get("cel")):
                step = step.but(live=False, why="`when` is never true")
        spec = task.get("taskSpec")
        name = dig(task, "taskRef", "name")
        params = {
            str(dig(p, "name")): dig(p, "value") for p in task.get("params") or () if isinstance(p, Map)
        }
        if spec is None:
            found = self.named.get(("Task", name)) if isinstance(name, str) else None
            if found is None:
                reference = dig(task, "taskRef")
                ref_params = dig(reference, "params")
                names = [str(dig(p, "value")) for p in ref_params] if isinstance(ref_params, Seq) else []
                yield step.but(
                    uses=" ".join([str(name or dig(reference, "resolver")), *names]), inputs=params
                )
                return
            spec, step = found.spec, step.but(path=found.path)
        for entry in dig(spec, "steps") if isinstance(dig(spec, "steps"), Seq) else ():
            if isinstance(entry, Map):
                yield self._step(entry, step)

    def _step(self, entry: Map, step: Step) -> Step:
        soft = entry.get("onError") == "continue"
        step = step.but(line=entry.line, enforced=step.enforced and not soft)
        script = entry.get("script")
        if isinstance(script, str):
            return followed(self.snapshot, step, [(script, entry.lines["script"] + ("\n" in script))], None)
        words = [*listed(entry.get("command")), *listed(entry.get("args"))]
        if len(words) > 1 and words[0].rpartition("/")[2] in ("sh", "bash") and words[1].startswith("-"):
            text = words[-1]
        else:
            text = " ".join(words)
        line = entry.lines.get("args") or entry.lines.get("command") or entry.line
        return followed(self.snapshot, step, [(text, line)], None) if text else step
