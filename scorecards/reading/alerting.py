"""One pass over a repository's YAML and JSON for the files that may hold alerts, or say where they go.

A file is parsed only where its text holds one of a few marks, and then only for the dialect that asks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from catalog.document import Document, parse_yaml
from catalog.snapshot import Snapshot
from scorecards.reading.charts import is_template, rendered
from scorecards.reading.paths import paths

_ENDINGS = ("yaml", "yml", "json", "tmpl", "gotmpl", "tpl", "j2", "rules", "rule")
_BARE = ("prom", "alert", "rule", "alarm")
"""Words in the names of rule files that have no ending."""
_LOCKS = ("package.json", "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "tsconfig.json")
_MAX_JSON = 600_000
_MAX_DOCUMENTS = 2_000
_MARKS = (
    "lert",
    "larm",
    "ALERT",
    "receivers",
    "QueryRule",
    "onditionThreshold",
    "noDataState",
    "nrql",
    "anomaly",
    "notificationChannel",
    "emediation",
    "eHealthCheck",
    "customPlaybooks",
    "run_playbook",
    "criteria:",
)


@dataclass(frozen=True)
class AlertFile:
    """A file that may hold alerts."""

    snapshot: Snapshot
    path: str
    text: str

    @cached_property
    def template(self) -> bool:
        """Whether it is to be rendered before it is YAML."""
        return is_template(self.path, self.text, self.snapshot)

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """Its documents, and those that stand in them as strings; none where it is no YAML."""
        found = self._own()
        text = self.text
        if ": |" in text or ": >" in text or "- |" in text or "\\n" in text:
            return tuple(_unfold(found))
        return found

    def _own(self) -> tuple[Document, ...]:
        if self.template:
            return rendered(self.snapshot, self.path).documents
        if self.path.endswith((".yaml", ".yml", ".json")):
            return self.snapshot.parsed(self.path).documents
        return parse_yaml(self.text, self.path).documents


class Alerting(NamedTuple):
    """The files of a repository that may hold alerts or routes."""

    files: tuple[AlertFile, ...]


def alerting(snapshot: Snapshot) -> Alerting:
    """The pass, made once a snapshot."""
    return snapshot.derive(_read)


def _read(snapshot: Snapshot) -> Alerting:
    texts = [(path, text) for path in _candidates(snapshot) if (text := snapshot.text(path))]
    together = "\n".join([text for _, text in texts])  # asked once for all files, of which most hold none
    marks = [mark for mark in _MARKS if mark in together]
    found = []
    for path, text in texts if marks else ():
        if path.startswith(".github/") or path.endswith(_LOCKS) or not _has(text, marks):
            continue
        if len(text) > _MAX_JSON and path.endswith(".json"):
            continue
        found.append(AlertFile(snapshot, path, text))
    return Alerting(tuple(found))


def _candidates(snapshot: Snapshot) -> Iterator[str]:
    known = paths(snapshot)
    yield from known.ending(*_ENDINGS)
    for ending, held in known.by_ending.items():
        for word in _BARE:
            if word in ending and ending not in _ENDINGS:
                yield from held
                break


def _has(text: str, marks: list[str]) -> bool:
    for mark in marks:  # noqa: SIM110 - a generator for each file costs more than the search
        if mark in text:
            return True
    return False


def _unfold(documents: tuple[Document, ...]) -> Iterator[Document]:
    stack = [(d, 0) for d in reversed(documents)]
    found = 0
    while stack and found < _MAX_DOCUMENTS:
        document, depth = stack.pop()
        found += 1
        yield document
        if depth < 3:
            stack += [(d, depth + 1) for d in reversed(document.embedded)]
