"""Buildkite: `.buildkite/*.yml`, the pipelines that an agent uploads."""

from collections.abc import Iterator
from typing import Any

from catalog.document import Map, Seq
from catalog.snapshot import Snapshot
from scorecards.reading.pipeline import ON_CHANGE, Pipeline, Step
from scorecards.reading.pipelines.steps import broken, followed, is_false, ordered, texts


def read(snapshot: Snapshot, path: str) -> Pipeline | None:
    """The pipeline of one file."""
    parsed = snapshot.parsed(path)
    if not parsed.documents:
        return broken(snapshot, path, "buildkite")
    data = parsed.documents[0].data
    entries = data.get("steps") if isinstance(data, Map) else data
    steps = tuple(_steps(snapshot, entries, Step(path, 1, "", "", triggers=ON_CHANGE), 0))
    outside = tuple(s for s in steps if s.uses.startswith("pipeline "))
    return Pipeline(path, "buildkite", ON_CHANGE, steps, (), outside) if steps else None


def _steps(snapshot: Snapshot, entries: Any, base: Step, depth: int) -> Iterator[Step]:
    held = False
    for number, entry in enumerate(entries[:300] if isinstance(entries, Seq) else ()):
        if not isinstance(entry, Map):
            continue
        if "block" in entry or "input" in entry:
            held = True
            continue
        name = str(entry.get("label") or entry.get("group") or entry.get("key") or "step")
        step = base.but(line=entries.lines[number], name=name, job=name)
        if held:
            step = step.but(manual=True, triggers=frozenset({"manual"}))
        if entry.get("soft_fail") is True:
            step = step.but(enforced=False)
        skip = entry.get("skip")
        if is_false(entry.get("if")) or skip is True or (isinstance(skip, str) and skip):
            step = step.but(live=False, why="`skip`" if skip else "`if: false`")
        if "group" in entry and depth < 3:
            yield from _steps(snapshot, entry.get("steps"), step, depth + 1)
            continue
        if isinstance(entry.get("trigger"), str):
            yield step.but(uses=f"pipeline {entry['trigger']}")
            continue
        found = [t for key in ("command", "commands") if key in entry for t in texts(entry, key)]
        yield from _plugins(entry.get("plugins"), step)
        yield followed(snapshot, step, found)


def _plugins(plugins: Any, step: Step) -> Iterator[Step]:
    for plugin in plugins if isinstance(plugins, Seq) else [plugins]:
        for name, options, line in ordered(plugin):
            yield step.but(line=line, uses=name, inputs=options if isinstance(options, Map) else {})
