"""Validating descriptors on disk, document by document: what `handrail validate` and editors ask for."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog.aside import aside_folder
from catalog.descriptors import format_of, formats
from catalog.discovery import NATIVE, descriptor_paths
from catalog.document import Document, Parsed
from catalog.problem import Problem
from catalog.regex import regex
from catalog.schema import Fault, Verdict
from catalog.snapshot import Entry, Snapshot, Unreadable
from catalog.trees.folder import FolderTree, folder_snapshot

Others = Callable[[Document], tuple[Problem, ...] | None]
"""Validates documents that are no entities: None for one that is not its own."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One document's verdict. `index` counts a file's documents from 0, `faults` say why it is invalid.

    `format` is the module's name in `catalog/descriptors/`, None for what is no descriptor.
    """

    path: str
    index: int
    line: int | None
    verdict: Verdict
    kind: str | None
    faults: tuple[Fault, ...] = ()
    format: str | None = "backstage"


def validate_paths(paths: Sequence[Path], others: Others | None = None) -> Iterator[Checked]:
    """Validate every document of these files, and of the descriptors in these folders.

    A file that is named is read whatever it is called; in a folder descriptors are found as a crawl finds
    them, and Handrail's own documents and templates wherever they stand.
    Raises `Unreadable` for a path that is not there.
    """
    for path in paths:
        if path.is_dir():
            snapshot = folder_snapshot(path)
            for name in dict.fromkeys((*descriptor_paths(snapshot), *_own(snapshot))):
                yield from _file(snapshot, name, str(path / name), others)
        elif os.path.exists(path):
            yield from _file(_alone(path), path.name, str(path), others)
        else:
            raise Unreadable(f"`{path}` is not there")


_OWN = regex(r"^apiVersion:[ \t]*[\"']?(?:handrail\.dev|scaffolder\.backstage\.io)/", re.MULTILINE)


def _own(snapshot: Snapshot) -> Iterator[str]:
    """Handrail's own documents, such as scorecards, and templates of Backstage's: they may stand anywhere."""
    for path in snapshot.files:
        if (
            path.endswith((".yaml", ".yml"))
            and aside_folder(path) is None
            and _OWN.search(snapshot.text(path) or "")
        ):
            yield path


class _OneFile(FolderTree):
    """A tree that holds one file, its link followed."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.parent, [])
        self._path = path

    def entries(self) -> Iterator[Entry]:
        """The file."""
        yield Entry(self._path.name, "file", str(self._path))


def _alone(path: Path) -> Snapshot:
    return Snapshot(_OneFile(path), path.parent.name)


def _file(snapshot: Snapshot, name: str, shown: str, others: Others | None) -> Iterator[Checked]:
    if snapshot.text(name) is None:
        message = f"The file cannot be read: {snapshot.problems.get(name, 'not there')}."
        yield Checked(shown, 0, None, "invalid", None, (Fault(None, None, message),))
        return
    parsed = snapshot.parsed(name)
    found = [_document(document, shown, others) for document in parsed.documents if document.data is not None]
    found += _broken(parsed, shown)
    if not found:
        message = (
            "The file holds no document. Write an entity with `apiVersion`, `kind`, `metadata` and `spec`."
        )
        found.append(Checked(shown, 0, 1, "invalid", None, (Fault(None, 1, message),)))
    yield from sorted(found, key=lambda checked: checked.index)


def _document(document: Document, shown: str, others: Others | None) -> Checked:
    problems = others(document) if others is not None else None
    if problems is not None:
        kind = document.get("kind")
        wrong = tuple(Fault(None, problem.line, problem.message) for problem in problems)
        said: Verdict = "invalid" if wrong else "valid"
        kind = kind if isinstance(kind, str) else None
        return Checked(shown, document.index, document.line, said, kind, wrong, None)
    # What is in no known format is held against Backstage's model: it is the one that people write by hand.
    form = format_of(document) or formats()[NATIVE]
    name = next(name for name, known in formats().items() if known is form)
    found = form.judge(document)
    return Checked(shown, document.index, document.line, found.verdict, found.kind, found.faults, name)


def _broken(parsed: Parsed, shown: str) -> Iterable[Checked]:
    """A verdict for each document that is no YAML; they take the places that those which are leave free."""
    taken = {document.index for document in parsed.documents}
    free = (number for number in range(len(taken) + len(parsed.errors)) if number not in taken)
    for error, index in zip(parsed.errors, free, strict=False):
        message = f"{error.message[:1].upper()}{error.message[1:]}. Check indentation, colons and quotes."
        yield Checked(shown, index, error.line, "invalid", None, (Fault(None, error.line, message),))
