"""A snapshot that notes what is read of it, to show what a decision rests on."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from catalog.document import Parsed
from catalog.snapshot import Snapshot

T = TypeVar("T")


class Read(NamedTuple):
    """A file that was read.

    `documents` is how many documents it was parsed into, None where only its text was looked at; `problem`
    says why it, or part of it, could not be read.
    """

    path: str
    documents: int | None
    problem: str | None


class WatchedSnapshot(Snapshot):
    """The same files as another snapshot, of which nothing has been read yet."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot._tree, snapshot.name)
        self._texts_read: dict[str, None] = {}
        self._documents_read: dict[str, Parsed] = {}
        self._made: dict[Callable[[Snapshot], Any], None] = {}

    def text(self, path: str) -> str | None:
        """The file's text; the path is noted if there is such a file."""
        if path in self.files:
            self._texts_read[path] = None
        return super().text(path)

    def parsed(self, path: str) -> Parsed:
        """The file's documents; the path is noted if there is such a file."""
        found = super().parsed(path)
        if path in self.files:
            self._documents_read[path] = found
        return found

    def derive(self, make: Callable[[Snapshot], T]) -> T:
        """What several checks read in common; that it was asked for is noted."""
        self._made[make] = None
        return super().derive(make)

    @property
    def read(self) -> tuple[Read, ...]:
        """The files that were read, by path."""
        return tuple(self._read(path) for path in sorted({*self._texts_read, *self._documents_read}))

    def _read(self, path: str) -> Read:
        parsed = self._documents_read.get(path)
        problem = self.problems.get(path)
        if problem is None and parsed is not None and parsed.errors:
            error = parsed.errors[0]
            problem = f"line {error.line}: {error.message}" if error.line else error.message
        return Read(path, None if parsed is None else len(parsed.documents), problem)

    @property
    def shared(self) -> tuple[str, ...]:
        """The readings that several checks share and that were asked for, by the module that makes each."""
        return tuple(sorted({getattr(make, "__module__", "") for make in self._made} - {""}))
