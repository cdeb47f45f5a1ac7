"""Drone and Woodpecker: `.drone.yml`, `.woodpecker.yml` and `.woodpecker/`."""

from collections.abc import Iterator, Mapping
from typing import Any

from catalog.document import Document, Map, Seq, dig
from catalog.snapshot import Snapshot
from scorecards.reading.pipeline import Pipeline, Step, Trigger
from scorecards.reading.pipelines.steps import broken, followed, listed, ordered, texts

_EVENTS: Mapping[str, Trigger] = {
    "pull_request": "change",
    "pull_request_closed": "other",
    "push": "push",
    "tag": "tag",
    "release": "tag",
    "cron": "schedule",
    "promote": "manual",
    "rollback": "manual",
    "custom": "manual",
    "manual": "manual",
    "deployment": "manual",
}
_ALWAYS: frozenset[Trigger] = frozenset({"change", "push", "tag", "schedule", "manual"})


def read(snapshot: Snapshot, path: str, system: str = "drone") -> Pipeline | None:
    """The pipeline of one file."""
    parsed = snapshot.parsed(path)
    if not parsed.documents:
        return broken(snapshot, path, system)
    steps = [s for d in parsed.documents for s in _document(snapshot, d)]
    paths = [p for d in parsed.documents for p in _paths(d.get("when") or d.get("trigger"))]
    triggers = frozenset(t for s in steps for t in s.triggers)
    return Pipeline(path, system, triggers, tuple(steps), tuple(paths)) if steps else None


def _document(snapshot: Snapshot, document: Document) -> Iterator[Step]:
    if document.get("kind") not in (None, "pipeline"):
        return
    base = _when(
        Step(document.path, document.line, "", "", triggers=_ALWAYS),
        document.get("trigger") or document.get("when"),
    )
    folder = document.get("workspace", "path")
    for holder in (document.get("services"),):
        for name, service, line in _entries(holder):
            if isinstance(dig(service, "image"), str):
                yield base.but(uses=service["image"], name=f"service {name}", line=line)
    for name, entry, line in _entries(document.get("steps") or document.get("pipeline")):
        if not isinstance(entry, Map):
            continue
        step = _when(base.but(name=name, job=name, line=line), entry.get("when"))
        if entry.get("failure") == "ignore":
            step = step.but(enforced=False)
        commands = entry.get("commands")
        image, settings = entry.get("image"), entry.get("settings")
        if isinstance(image, str) and not commands:
            step = step.but(uses=image, inputs=settings if isinstance(settings, Map) else entry)
        where = None if isinstance(folder, str) and "$" in folder else ""
        yield followed(snapshot, step, texts(entry, "commands") if commands else [], where)


def _entries(holder: Any) -> Iterator[tuple[str, Any, int]]:
    if isinstance(holder, Map):
        yield from ordered(holder)
    for number, entry in enumerate(holder if isinstance(holder, Seq) else ()):
        yield str(dig(entry, "name") or number), entry, holder.lines[number]


def _when(step: Step, when: Any) -> Step:
    """The step under its conditions; of a list of them any one suffices."""
    if isinstance(when, Seq):
        some = [_when(step, w) for w in when]
        triggers = frozenset(t for s in some for t in s.triggers)
        return step.but(triggers=triggers) if some else step
    if not isinstance(when, Map):
        return step
    event = when.get("event")
    names = listed(event) or listed(dig(event, "include"))
    if names:
        meant: set[Trigger] = {_EVENTS.get(n, "other") for n in names}
        if "push" in names:
            meant.add("change" if not when.get("branch") else "push")
        step = step.but(triggers=step.triggers & meant)
    for name in listed(dig(event, "exclude")):
        step = step.but(triggers=step.triggers - {_EVENTS.get(name, "other")})
    status = listed(when.get("status"))
    if status:
        step = step.but(condition=f"status: {', '.join(status)}")
    if not step.triggers:
        step = step.but(live=False, why="no event starts it")
    return step.but(manual=step.triggers <= {"manual"} and bool(step.triggers), paths=tuple(_paths(when)))


def _paths(when: Any) -> list[str]:
    path = dig(when, "path")
    return listed(path) or listed(dig(path, "include"))
