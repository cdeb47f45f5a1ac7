"""A read-only view of one repository's files at one moment.

Everything above this module reads a `Snapshot` and does not know whether it stands on a bare repository, a
working folder or a fresh render: those are a `Tree` each (`catalog/trees/`).
"""

import posixpath
from collections.abc import Callable, Iterable
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

from catalog.document import Parsed, parse

MAX_FILE = 2 * 1024 * 1024
MAX_ENTRIES = 200_000
_MAX_LINKS = 8

T = TypeVar("T")
Kind = Literal["file", "link", "submodule"]


class Entry(NamedTuple):
    """One path of a tree; `handle` is what the tree needs to read it."""

    path: str
    kind: Kind
    handle: Any
    executable: bool = False


class Unreadable(Exception):
    """A file or a repository that cannot be read; the message says why, in words for a person."""


class Tree(Protocol):
    """Where a snapshot's files come from."""

    commit: str | None
    """The commit the files stand for, None where they differ from any."""

    def entries(self) -> Iterable[Entry]:
        """Every file, link and submodule; folders are not listed."""
        ...

    def read(self, entry: Entry, limit: int) -> bytes:
        """The bytes of a file, or of a link its target; `Unreadable` where longer than `limit` or broken."""
        ...


class Snapshot:
    """The files of one repository at one moment; each is read, decoded and parsed at most once."""

    def __init__(self, tree: Tree, name: str) -> None:
        self.name = name
        """The repository's name in its source, `payments` or `shop/payments`."""
        self.commit = tree.commit
        self.problems: dict[str, str] = {}
        """Why a path could not be read, by path."""
        self.repaired: set[str] = set()
        """Paths whose text held NUL bytes or was not valid UTF-8: those places read as U+FFFD."""
        self.truncated = False
        """Whether the tree held more than `MAX_ENTRIES` paths, of which the rest is not seen."""
        self._tree = tree
        self._texts: dict[str, str | None] = {}
        self._parsed: dict[str, Parsed] = {}
        self._derived: dict[Any, Any] = {}
        self.others: Callable[[str], Snapshot | None] | None = None
        """Gives other repositories by name to whoever reads this one; nothing unless they are lent."""
        self.files: dict[str, Entry] = {}
        """Every path, sorted as git sorts them."""
        for entry in tree.entries():
            if len(self.files) >= MAX_ENTRIES:
                self.truncated = True
                break
            self.files[entry.path] = entry

    def __contains__(self, path: str) -> bool:
        return path in self.files

    def resolve(self, path: str) -> str | None:
        """The path of the file at `path`, links followed; None where it leads nowhere or out of the tree."""
        for _ in range(_MAX_LINKS):
            entry = self.files.get(path)
            if entry is None or entry.kind == "submodule":
                return None
            if entry.kind == "file":
                return path
            try:
                target = self._tree.read(entry, 4096).decode("utf-8", "replace")
            except Unreadable:
                return None
            if target.startswith("/"):
                return None
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        return None

    def text(self, path: str) -> str | None:
        """The file's text, None where there is none to read; `problems` then says why."""
        if path not in self._texts:
            self._texts[path] = self._read_text(path)
        return self._texts[path]

    def _read_text(self, path: str) -> str | None:
        if path not in self.files:
            return None
        target = self.resolve(path)
        if target is None:
            kind = self.files[path].kind
            self.problems[path] = (
                "a link that leads nowhere in this repository" if kind == "link" else f"a {kind}"
            )
            return None
        try:
            data = self._tree.read(self.files[target], MAX_FILE)
        except Unreadable as error:
            self.problems[path] = str(error)
            return None
        return self._decode(data, path)

    def _decode(self, data: bytes, path: str) -> str:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = data.decode("utf-16", "replace")
        else:
            try:
                text = data.decode("utf-8-sig")
            except UnicodeDecodeError:
                text = data.decode("utf-8-sig", "replace")
                self.repaired.add(path)
        if "\0" in text:
            text = text.replace("\0", "\ufffd")
            self.repaired.add(path)
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def parsed(self, path: str) -> Parsed:
        """The documents of a YAML, JSON or TOML file, and what of it could not be read."""
        if path not in self._parsed:
            text = self.text(path)
            self._parsed[path] = Parsed() if text is None else parse(text, path)
        return self._parsed[path]

    def other(self, name: str) -> "Snapshot | None":
        """Another repository, None where it is not at hand."""
        return None if self.others is None else self.others(name)

    def derive(self, make: Callable[["Snapshot"], T]) -> T:
        """`make(self)`, made once: what several checks read of a snapshot in common."""
        if make not in self._derived:
            self._derived[make] = make(self)
        result: T = self._derived[make]
        return result

    def excerpt(self, path: str, line: int, before: int = 2, after: int = 1) -> list[tuple[int, str]]:
        """Numbered lines around `line`, empty where the file cannot be read."""
        lines = (self.text(path) or "").split("\n")
        first = max(1, line - before)
        return [(n, lines[n - 1]) for n in range(first, min(line + after, len(lines)) + 1)]
