"""Bitbucket Pipelines: `bitbucket-pipelines.yml`."""

from collections.abc import Iterator, Mapping
from typing import Any

from catalog.document import Map, Seq, dig
from catalog.snapshot import Snapshot
from scorecards.reading.pipeline import NONE, ON_CHANGE, Pipeline, Step, Trigger
from scorecards.reading.pipelines.steps import Text, branch_triggers, broken, followed, listed, ordered, texts

_KINDS: Mapping[str, frozenset[Trigger]] = {
    "pull-requests": frozenset({"change"}),
    "tags": frozenset({"tag"}),
    "custom": frozenset({"manual"}),
}


def read(snapshot: Snapshot, path: str) -> Pipeline | None:
    """The pipeline of the file."""
    parsed = snapshot.parsed(path)
    if not parsed.documents:
        return broken(snapshot, path, "bitbucket")
    steps: list[Step] = []
    for kind, value, _ in ordered(parsed.documents[0].get("pipelines")):
        base = Step(path, 1, kind, kind, triggers=_KINDS.get(kind, ON_CHANGE))
        if kind == "default":
            steps += _list(snapshot, value, base, 0)
        else:
            for name, inner, _ in ordered(value):
                triggers = branch_triggers([name]) if kind == "branches" else base.triggers
                steps += _list(snapshot, inner, base.but(job=name, triggers=triggers), 0)
    return Pipeline(path, "bitbucket", frozenset(t for s in steps for t in s.triggers) or NONE, tuple(steps))


def _list(snapshot: Snapshot, entries: Any, base: Step, depth: int) -> Iterator[Step]:
    """Steps, stages and parallel groups in order; what follows a manual one waits for it too."""
    manual = False
    for entry in entries[:200] if isinstance(entries, Seq) else ():
        for kind, value, line in ordered(entry):
            context = base.but(line=line)
            if manual:
                context = context.but(manual=True, triggers=frozenset({"manual"}))
            if kind in ("parallel", "stage") and depth < 4:
                inner = dig(value, "steps") if isinstance(value, Map) else value
                yield from _list(snapshot, inner, context, depth + 1)
            elif kind == "step" and isinstance(value, Map):
                manual = manual or value.get("trigger") == "manual"
                if value.get("trigger") == "manual":
                    context = context.but(manual=True, triggers=frozenset({"manual"}))
                yield from _step(snapshot, value, context)


def _step(snapshot: Snapshot, step: Map, context: Step) -> Iterator[Step]:
    name = str(step.get("name") or context.name)
    paths = listed(dig(step, "condition", "changesets", "includePaths"))
    context = context.but(name=name, paths=tuple(paths), line=step.line)
    found: list[Text] = []
    script = step.get("script")
    for number, entry in enumerate(script if isinstance(script, Seq) else ()):
        if isinstance(entry, Map) and isinstance(entry.get("pipe"), str):
            inputs = entry.get("variables")
            yield context.but(uses=entry["pipe"], inputs=inputs if isinstance(inputs, Map) else {})
        else:
            found += texts(script, number)
    yield followed(snapshot, context, found)
    if step.get("after-script"):
        yield followed(snapshot, context.but(enforced=False), texts(step, "after-script"))
