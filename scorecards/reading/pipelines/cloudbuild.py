"""Google Cloud Build: `cloudbuild*.yaml` and `.json`; its triggers stand elsewhere, mostly a push."""

from collections.abc import Iterator

from catalog.document import Map, Seq
from catalog.snapshot import Snapshot
from scorecards.reading.invocation import join
from scorecards.reading.pipeline import ON_CHANGE, Pipeline, Step
from scorecards.reading.pipelines.steps import broken, followed, listed


def read(snapshot: Snapshot, path: str) -> Pipeline | None:
    """The pipeline of a build file; None where it is no such file."""
    parsed = snapshot.parsed(path)
    if not parsed.documents:
        return broken(snapshot, path, "cloudbuild")
    entries = parsed.documents[0].get("steps")
    steps = tuple(_steps(snapshot, path, entries)) if isinstance(entries, Seq) else ()
    return Pipeline(path, "cloudbuild", ON_CHANGE, steps) if steps else None


def _steps(snapshot: Snapshot, path: str, entries: Seq) -> Iterator[Step]:
    for entry in entries[:200]:
        if not isinstance(entry, Map):
            continue
        image = str(entry.get("name") or "")
        name = str(entry.get("id") or image.rpartition("/")[2] or "step")
        step = Step(path, entry.line, name, name, uses=image, inputs={}, triggers=ON_CHANGE)
        if entry.get("allowFailure") is True or entry.get("allowExitCodes"):
            step = step.but(enforced=False)
        folder = entry.get("dir")
        where = join("", folder) if isinstance(folder, str) else ""
        script = entry.get("script")
        if isinstance(script, str):
            yield followed(snapshot, step, [(script, entry.lines["script"] + ("\n" in script))], where)
            continue
        arguments = listed(entry.get("args"))
        entrypoint = str(entry.get("entrypoint") or "")
        line = entry.lines.get("args", entry.line)
        yield followed(snapshot, step, [(_command(image, entrypoint, arguments), line)], where)


def _command(image: str, entrypoint: str, arguments: list[str]) -> str:
    """The command line of a step: its entrypoint, else what the builder's image is named for."""
    tool = entrypoint or image.rpartition("/")[2].partition(":")[0].partition("@")[0]
    tool = {
        "cloud-sdk": "gcloud",
        "golang": "go",
        "node": "npm",
        "maven": "mvn",
        "google-cloud-cli": "gcloud",
    }.get(tool, tool)
    if tool.rpartition("/")[2] in ("bash", "sh") and arguments[:1] and arguments[0].startswith("-"):
        return arguments[-1] if len(arguments) > 1 else ""
    return " ".join([tool, *arguments])
