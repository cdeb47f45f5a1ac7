"""Helm charts of a repository, rendered with their default values and with those of each environment."""

import posixpath
from collections.abc import Iterator
from typing import Any, NamedTuple

from catalog.document import Document, Map, parse_yaml
from catalog.snapshot import Snapshot
from scorecards.reading.helm.parts import MAX_TEXT, Part, split
from scorecards.reading.helm.render import Rendered, Templates, TooMuch
from scorecards.reading.paths import paths

_MARKS = (
    *("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout", "CronJob", "PodDisruptionBudget"),
    *("HorizontalPodAutoscaler", "ScaledObject", "LimitRange", "define "),
)
"""One of them stands in every template that a check asks for: the others are not rendered."""
_MAX_CHARTS = 60
_MAX_FILES = 80
_MAX_VALUES = 6


class Manifest(NamedTuple):
    """One document of a template. `values` is the file of values that it was rendered with."""

    document: Document
    rendered: Rendered
    chart: str
    values: str

    def line(self, line: int) -> int:
        """The template's line."""
        return self.rendered.at(line)


class Chart(NamedTuple):
    """A chart with its documents; `broken` names templates that came to no YAML, with why."""

    folder: str
    name: str
    manifests: tuple[Manifest, ...]
    broken: tuple[tuple[str, str], ...]


def charts(snapshot: Snapshot) -> tuple[Chart, ...]:
    """Every chart of the repository; rendered once a snapshot."""
    return snapshot.derive(_read)


def _read(snapshot: Snapshot) -> tuple[Chart, ...]:
    found = []
    for path in list(paths(snapshot).named("chart.yaml"))[:_MAX_CHARTS]:
        folder = posixpath.dirname(path)
        if "{{" not in path:
            found.append(_chart(snapshot, path, folder))
    return tuple(found)


def _chart(snapshot: Snapshot, path: str, folder: str) -> Chart:
    documents = snapshot.parsed(path).documents
    named = documents[0].get("name") if documents else None
    name = named if isinstance(named, str) and named else posixpath.basename(folder) or "chart"
    start = posixpath.join(folder, "templates") + "/"
    texts: dict[str, list[Part]] = {}
    for file in paths(snapshot).ending("tpl", "yaml", "yml"):
        if file.startswith(start) and "/tests/" not in file and len(texts) < _MAX_FILES:
            text = snapshot.text(file)
            wanted = file.endswith(".tpl") or (text is not None and any(mark in text for mark in _MARKS))
            if wanted and text is not None and len(text) < MAX_TEXT:
                texts[file] = split(text)
    manifests: list[Manifest] = []
    broken: dict[str, str] = {}
    for source, values in _values(snapshot, folder) if texts else ():
        for manifest, file, why in _manifests(texts, values, name, folder, source):
            if manifest is not None:
                manifests.append(manifest)
            elif why:
                broken[file] = why
    return Chart(folder, name, tuple(manifests), tuple(broken.items()))


def _manifests(
    texts: dict[str, list[Part]], values: Any, name: str, folder: str, source: str
) -> Iterator[tuple[Manifest | None, str, str]]:
    templates = Templates(texts, values, name)
    for file in texts:
        if file.endswith(".tpl"):
            continue
        try:
            rendered = templates.render(file)
        except (TooMuch, RecursionError):
            yield None, file, "it does not come to an end within bounds"
            continue
        parsed = parse_yaml(rendered.text, file)
        if parsed.errors:
            yield None, file, "it comes to no YAML with the values that are here"
        for document in parsed.documents:
            if isinstance(document.data, Map) and document.data:
                yield Manifest(document, rendered, folder, source), file, ""


def _values(snapshot: Snapshot, folder: str) -> Iterator[tuple[str, Map]]:
    """The default values, then those of each environment over them."""
    default = posixpath.join(folder, "values.yaml")
    base = _mapping(snapshot, default)
    yield default, base
    prefix = f"{folder}/" if folder else ""
    given = 0
    for path in paths(snapshot).ending("yaml", "yml"):
        name = path.rpartition("/")[2].lower()
        if path != default and path.startswith(prefix) and "values" in name and "/templates/" not in path:
            rest = path[len(prefix) :]
            if rest.startswith("charts/") or "schema" in name or given >= _MAX_VALUES:
                continue
            given += 1
            yield path, _over(base, _mapping(snapshot, path))


def _mapping(snapshot: Snapshot, path: str) -> Map:
    documents = snapshot.parsed(path).documents if path in snapshot else ()
    return documents[0].mapping if documents else Map()


def _over(base: Map, given: Map, depth: int = 0) -> Map:
    """Values merged as Helm merges them: mappings by key, anything else replaced."""
    made = Map(given.line)
    made.update(base)
    for key, value in given.items():
        held = made.get(key)
        if isinstance(held, Map) and isinstance(value, Map) and depth < 20:
            made[key] = _over(held, value, depth + 1)
        else:
            made[key] = value
    return made
