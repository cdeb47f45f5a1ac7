"""The tree of one commit, read with pygit2 from a bare repository or a working copy's git folder."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pygit2
from pygit2.enums import ConfigLevel, ObjectType, RepositoryOpenFlag

from catalog.ref import repository_name
from catalog.snapshot import Entry, Snapshot, Unreadable
from catalog.sources import Head

_MAX_FOLDERS_DEEP = 200
_TREE_ENTRY = re.compile(rb"(\d+) ([^\0]+)\0(.{20})", re.DOTALL)
_FILE, _EXECUTABLE, _FOLDER, _LINK, _SUBMODULE = b"100644", b"100755", b"40000", b"120000", b"160000"

# What is read is objects only. Neither the owner of a folder nor anybody's configuration changes that.
pygit2.settings.owner_validation = False
for _level in (ConfigLevel.SYSTEM, ConfigLevel.XDG, ConfigLevel.GLOBAL):
    pygit2.settings.search_path[_level] = ""


def open_repository(path: Path) -> pygit2.Repository:
    """Open exactly this folder as a repository; `Unreadable` says why not."""
    try:
        return pygit2.Repository(str(path), RepositoryOpenFlag.NO_SEARCH)
    except (pygit2.GitError, KeyError, ValueError) as error:
        raise Unreadable(f"not a git repository that can be read: {error}") from error


def head_of(repository: pygit2.Repository) -> str | None:
    """The commit that HEAD points to, None for a repository without one."""
    try:
        return str(repository.head.target)
    except (pygit2.GitError, KeyError, ValueError):
        return None


def origin_of(repository: pygit2.Repository) -> str | None:
    """The address of the remote `origin` as it is written, None where there is none."""
    try:
        return str(repository.config["remote.origin.url"])
    except (pygit2.GitError, KeyError, ValueError):
        return None


def web_address(url: str | None) -> str | None:
    """The page of an origin without user and password, None where it is not on the web."""
    url = url or ""
    ssh = re.match(r"(?:ssh://)?git@([\w.-]+)[:/](.+)", url)
    if ssh:
        url = f"https://{ssh.group(1)}/{ssh.group(2)}"
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}".removesuffix(".git")[:500]


def resolve(repository: pygit2.Repository, revision: str) -> str:
    """The commit that `revision` names; `Unreadable` where it names none."""
    try:
        return str(repository.revparse_single(revision).peel(pygit2.Commit).id)
    except (pygit2.GitError, KeyError, ValueError, TypeError) as error:
        raise Unreadable(f"`{revision}` names no commit here") from error


def describe(repository: pygit2.Repository, commit: str) -> Head:
    """Who made the commit, when and with which first line."""
    found: Any = repository[commit]
    subject = found.message.replace("\0", "\ufffd").strip().partition("\n")[0][:200]
    return Head(commit, found.commit_time, found.author.name.replace("\0", "\ufffd")[:100], subject)


class CommitTree:
    """Files of one commit. Blobs are read on demand, and only after their size is known."""

    def __init__(self, repository: pygit2.Repository, commit: str) -> None:
        self.commit: str | None = commit
        self._repository = repository
        self._odb = repository.odb

    def entries(self) -> Iterator[Entry]:
        """Every file, link and submodule of the commit, in git's order."""
        try:
            found: Any = self._repository[self.commit or ""]
            yield from self._walk(found.tree_id, "", 0)
        except (pygit2.GitError, KeyError, ValueError) as error:
            raise Unreadable(f"an object of commit {self.commit} is missing or broken: {error}") from error

    def _walk(self, tree: pygit2.Oid, prefix: str, depth: int) -> Iterator[Entry]:
        # A tree's own bytes are read: an object an entry, as libgit2 gives them, takes twice as long.
        for mode, name, raw in _TREE_ENTRY.findall(self._odb.read(tree)[1]):
            path = prefix + name.decode("utf-8", "replace")
            if mode == _FILE:
                yield Entry(path, "file", raw)
            elif mode == _FOLDER:
                if depth < _MAX_FOLDERS_DEEP:
                    yield from self._walk(pygit2.Oid(raw=raw), path + "/", depth + 1)
            elif mode == _LINK:
                yield Entry(path, "link", raw)
            elif mode == _SUBMODULE:
                yield Entry(path, "submodule", raw)
            else:
                yield Entry(path, "file", raw, mode == _EXECUTABLE)

    def read(self, entry: Entry, limit: int) -> bytes:
        """The blob's bytes."""
        try:
            oid = pygit2.Oid(raw=entry.handle)
            kind, size = self._odb.read_header(oid)
            if kind != ObjectType.BLOB:
                raise Unreadable("not a file")
            if size > limit:
                raise Unreadable(f"{size:,} bytes, more than the {limit:,} that are read")
            data: bytes = self._odb.read(oid)[1]
        except (pygit2.GitError, KeyError, ValueError) as error:
            raise Unreadable(f"its object is missing or broken: {error}") from error
        return data


def commit_snapshot(path: Path, name: str | None = None, commit: str | None = None) -> Snapshot:
    """A snapshot of one commit, HEAD's unless named; `Unreadable` where there is none.

    Without a `name` it is that of its origin, else of its folder.
    """
    repository = open_repository(path)
    name = name or repository_name(origin_of(repository), str(path))
    commit = commit or head_of(repository)
    if commit is None:
        raise Unreadable("no commit yet on its default branch")
    return Snapshot(CommitTree(repository, commit), name)
