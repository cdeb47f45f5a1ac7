"""One pass over a repository's YAML and JSON for the documents that may hold objectives or experiments.

A file is parsed only where its text holds one of a few marks. What a document holds inside itself (items of
a List, objects of a Template, YAML in strings) is unfolded, each part knowing what it stood in.
"""

from collections.abc import Iterator
from typing import NamedTuple

from catalog.document import Document, Map, maps, parse_yaml
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.charts import is_template, rendered
from scorecards.reading.paths import paths

_ENDINGS = ("yaml", "yml", "json", "tmpl", "gotmpl", "tpl", "j2")
_LOCKS = ("package.json", "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "tsconfig.json")
_MAX_JSON = 300_000
_MAX_UNFOLDED = 2_000
_SLO = ("slo", "SLO", "Slo", "bjective", "erviceLevel", "ervice_level", "ervice-level")
_SLO_WORD = regex(r"(?<![a-z])(?:open)?slos?(?![a-z])|S[Ll][Oo]s?(?![a-z])|bjective|ervice[_-]?[Ll]evel")
"""Confirms a mark: `slow`, `slot` and `slog` are none."""
_CHAOS = (
    "haos",
    "litmus",
    "AWS::FIS",
    "actionId",
    "action_id",
    "steady-state-hypothesis",
    "steadybit",
    "gremlin",
    "kraken",
    "krkn",
    "pumba",
    "toxiproxy",
    "VirtualService",
    "kube-monkey",
    "powerfulseal",
)


class Part(NamedTuple):
    """A document, or one inside another; `outer` is what it stood in, nearest last."""

    document: Document
    outer: tuple[Document, ...] = ()

    @property
    def path(self) -> str:
        """The path of the file."""
        return self.document.path

    @property
    def data(self) -> Map:
        """The document's mapping, empty where it is none."""
        return self.document.mapping

    @property
    def kind(self) -> str:
        """Its `kind`, "" where it has none."""
        return _word(self.data.get("kind"))

    @property
    def group(self) -> str:
        """Its `apiVersion`, "" where it has none."""
        return _word(self.data.get("apiVersion"))

    @property
    def name(self) -> str:
        """`metadata.name`, else `name`."""
        metadata = self.data.get("metadata")
        found = metadata.get("name") or metadata.get("generateName") if isinstance(metadata, Map) else None
        return _word(found or self.data.get("name"))


class Marked(NamedTuple):
    """Parts that may hold objectives, parts that may hold experiments, and templates nobody could read."""

    objectives: tuple[Part, ...]
    experiments: tuple[Part, ...]
    unrendered: tuple[str, ...]


def marked(snapshot: Snapshot) -> Marked:
    """The pass, made once a snapshot."""
    return snapshot.derive(_read)


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


def _read(snapshot: Snapshot) -> Marked:
    objectives: list[Part] = []
    experiments: list[Part] = []
    unrendered: list[str] = []
    for path in paths(snapshot).ending(*_ENDINGS):
        text = snapshot.text(path)
        if not text or (len(text) > _MAX_JSON and path.endswith(".json")) or path.endswith(_LOCKS):
            continue
        slo = (_has(text, _SLO) and _SLO_WORD.search(text) is not None) or _SLO_WORD.search(path) is not None
        chaos = _has(text, _CHAOS)
        if not (slo or chaos):
            continue
        documents = _documents(snapshot, path, text)
        if documents is None:
            unrendered.append(path)
            continue
        nested = _may_nest(text, len(documents))
        parts = [p for d in documents for p in (unfold(d) if nested else (Part(d),))]
        if slo:
            objectives += parts
        if chaos:
            experiments += parts
    return Marked(tuple(objectives), tuple(experiments), tuple(unrendered))


def _has(text: str, marks: tuple[str, ...]) -> bool:
    for mark in marks:  # noqa: SIM110 - a generator for each file costs more than the search
        if mark in text:
            return True
    return False


def _may_nest(text: str, documents: int) -> bool:
    """Whether documents may stand inside these: more kinds than documents, or text held in blocks."""
    kinds = text.count("kind:") + text.count('"kind"')
    return kinds > documents or "|" in text or ">" in text or "\\n" in text


def _documents(snapshot: Snapshot, path: str, text: str) -> tuple[Document, ...] | None:
    if is_template(path, text, snapshot):
        documents = rendered(snapshot, path).documents
        return documents or None
    parsed = snapshot.parsed(path) if path.endswith((".yaml", ".yml", ".json")) else parse_yaml(text, path)
    if not parsed.documents and parsed.errors and "{{" in text:
        return None
    return parsed.documents


def _holds_marked(document: Document) -> bool:
    """Whether a string of the document is worth reading as a document: dashboards mostly are not."""
    for inner in maps(document.data):
        for value in inner.values():
            if isinstance(value, str) and "\n" in value and (_has(value, _SLO) or _has(value, _CHAOS)):
                return True
    return False


def unfold(document: Document) -> Iterator[Part]:
    """The document and everything inside it that is a document of its own."""
    yield Part(document)
    if "kind" not in document.mapping:
        return
    stack: list[tuple[Document, tuple[Document, ...]]] = [(document, ())]
    found = 0
    while stack and found < _MAX_UNFOLDED:
        current, outer = stack.pop()
        around = (*outer, current)
        for inner in maps(current.data):
            if inner is not current.data and "kind" in inner and "apiVersion" in inner:
                found += 1
                yield Part(Document(current.path, current.index, inner.line, inner, (), True), around)
        for held in current.embedded if len(outer) < 3 and _holds_marked(current) else ():
            found += 1
            yield Part(held, around)
            if "kind" in held.mapping:
                stack.append((held, around))
