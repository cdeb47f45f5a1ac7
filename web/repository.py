"""Single files of a repository at its commit, read without listing the whole tree."""

import posixpath
from collections.abc import Iterable, Iterator
from pathlib import Path

import pygit2
from pygit2.enums import FileMode

from catalog.snapshot import Entry, Snapshot, Unreadable
from catalog.trees.commit import CommitTree, commit_snapshot, open_repository
from catalog.trees.plumbing import has_sha256

_MAX_LINKS = 8


class NamedPaths(CommitTree):
    """A commit of which only these paths, and what they link to, are looked up."""

    def __init__(self, repository: pygit2.Repository, commit: str, paths: Iterable[str]) -> None:
        super().__init__(repository, commit)
        self._root = repository[commit].peel(pygit2.Commit).tree
        self._paths = tuple(dict.fromkeys(paths))

    def entries(self) -> Iterator[Entry]:
        """Each path that is a file of the commit, and the files that links lead to."""
        seen: set[str] = set()
        for path in self._paths:
            wanted: str | None = path
            for _ in range(_MAX_LINKS):
                entry = None if wanted is None or wanted in seen else self._entry(wanted)
                if entry is None:
                    break
                seen.add(entry.path)
                yield entry
                wanted = self._target(entry) if entry.kind == "link" else None

    def _entry(self, path: str) -> Entry | None:
        try:
            item = self._root[path]
        except (KeyError, ValueError, pygit2.GitError):
            return None
        if item.filemode in (FileMode.TREE, FileMode.COMMIT):
            return None
        return Entry(path, "link" if item.filemode == FileMode.LINK else "file", item.id.raw)

    def _target(self, entry: Entry) -> str | None:
        try:
            target = self.read(entry, 4096).decode("utf-8", "replace")
        except Unreadable:
            return None
        path = posixpath.normpath(posixpath.join(posixpath.dirname(entry.path), target))
        return None if target.startswith("/") or path.startswith("../") else path


def named_snapshot(location: str, name: str, commit: str | None, paths: Iterable[str]) -> Snapshot:
    """A snapshot that holds these paths of a commit; `Unreadable` says why there is none."""
    if commit is None:
        raise Unreadable("no commit of it is known")
    try:
        repository = open_repository(Path(location))
    except Unreadable:
        if has_sha256(Path(location)):
            return commit_snapshot(Path(location), name, commit)
        raise
    try:
        return Snapshot(NamedPaths(repository, commit, paths), name)
    except (KeyError, ValueError, pygit2.GitError) as error:
        raise Unreadable(f"commit {commit[:7]} is no longer there") from error
