"""Opening a repository, whatever reads it: libgit2, or git's plumbing where libgit2 does not."""

from pathlib import Path
from typing import Protocol

from catalog.snapshot import Tree, Unreadable
from catalog.sources import Head
from catalog.trees import commit as libgit2
from catalog.trees.plumbing import Plumbing, has_sha256


class ReadTree(Tree, Protocol):
    """The files of a commit; `broken` says whether an object of it was missing or broken when it was read."""

    broken: bool


class Repository(Protocol):
    """What is asked of a repository."""

    def head(self) -> str | None:
        """The commit that HEAD points to, None for a repository without one."""
        ...

    def origin(self) -> str | None:
        """The address of the remote `origin` as it is written, None where there is none."""
        ...

    def resolve(self, revision: str) -> str:
        """The commit that `revision` names; `Unreadable` where it names none."""
        ...

    def describe(self, commit: str) -> Head:
        """Who made the commit, when and with which first line."""
        ...

    def tree(self, commit: str) -> ReadTree:
        """The files of a commit."""
        ...


class _Libgit2:
    def __init__(self, path: Path) -> None:
        self._repository = libgit2.open_repository(path)

    def head(self) -> str | None:
        return libgit2.head_of(self._repository)

    def origin(self) -> str | None:
        return libgit2.origin_of(self._repository)

    def resolve(self, revision: str) -> str:
        return libgit2.resolve(self._repository, revision)

    def describe(self, commit: str) -> Head:
        return libgit2.describe(self._repository, commit)

    def tree(self, commit: str) -> ReadTree:
        return libgit2.CommitTree(self._repository, commit)


def open_at(path: Path) -> Repository:
    """Open exactly this folder as a repository; `Unreadable` says why not."""
    try:
        return _Libgit2(path)
    except Unreadable:
        if has_sha256(path):
            return Plumbing(path)
        raise
