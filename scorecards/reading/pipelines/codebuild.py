"""AWS CodeBuild: `buildspec*.yml`; its triggers stand elsewhere, mostly a push."""

from collections.abc import Iterator

from catalog.document import Map
from catalog.snapshot import Snapshot
from scorecards.reading.pipeline import ON_CHANGE, Pipeline, Step
from scorecards.reading.pipelines.steps import broken, followed, ordered, texts


def read(snapshot: Snapshot, path: str) -> Pipeline | None:
    """The pipeline of a build specification; None where it is no such file."""
    parsed = snapshot.parsed(path)
    if not parsed.documents:
        return broken(snapshot, path, "codebuild")
    phases = parsed.documents[0].get("phases")
    steps = tuple(_steps(snapshot, path, phases)) if isinstance(phases, Map) else ()
    return Pipeline(path, "codebuild", ON_CHANGE, steps) if steps else None


def _steps(snapshot: Snapshot, path: str, phases: Map) -> Iterator[Step]:
    before = ""
    for name, phase, line in ordered(phases):
        if not isinstance(phase, Map):
            continue
        step = Step(path, line, name, name, triggers=ON_CHANGE)
        if str(phase.get("on-failure", "")).upper() == "CONTINUE":
            step = step.but(enforced=False)
        for key in ("commands", "finally"):
            if phase.get(key):
                found = texts(phase, key)
                yield followed(snapshot, step, found, "", before)
                before += "\n".join(t for t, _ in found)[:4000]
