"""The tree of one commit, read with pygit2 from a bare repository or a working copy's git folder."""

import re
from collections.abc import Iterator
from pathlib import Path
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
    """Who made the commit, when and with which first line.

    The commit's own bytes are read: pygit2 makes several objects of one, which takes ten times as long.
    """
    try:
        kind, raw = repository.odb.read(commit)
    except (pygit2.GitError, KeyError, ValueError) as error:
        raise Unreadable(f"commit {commit} is missing or broken: {error}") from error
    if kind != ObjectType.COMMIT:
        raise Unreadable(f"{commit} is no commit")
    return described(commit, raw)


def described(commit: str, raw: bytes) -> Head:
    """What a commit's own bytes say of it."""
    header, _, message = raw.partition(b"\n\n")
    encoding = _ENCODING.search(header)
    author, committed = _AUTHOR.search(header), _COMMITTED.search(header)
    name = _decoded(author[1] if author else b"", encoding and encoding[1])
    subject = _decoded(message.strip().partition(b"\n")[0], encoding and encoding[1])
    when = min(int(committed[1]), _LATEST) if committed else 0
    return Head(commit, when, name[:100], subject.strip()[:200])


_LATEST = 253_402_128_000
"""The last days of the year 9999: a later date is none in Python nor in a database."""
_ENCODING = re.compile(rb"^encoding (\S{1,40})$", re.MULTILINE)
_AUTHOR = re.compile(rb"^author ([^\n<]*?) ?<", re.MULTILINE)
_COMMITTED = re.compile(rb"^committer [^\n]*> (\d{1,12})\b", re.MULTILINE)


def _decoded(text: bytes, encoding: bytes | None) -> str:
    try:
        decoded = text.decode((encoding or b"utf-8").decode("ascii"), "replace")
    except (LookupError, ValueError):
        decoded = text.decode("utf-8", "replace")
    return decoded.replace("\0", "\ufffd")


class CommitTree:
    """Files of one commit. Blobs are read on demand, and only after their size is known."""

    def __init__(self, repository: pygit2.Repository, commit: str) -> None:
        self.commit: str | None = commit
        self.broken = False
        self._repository = repository
        self._odb = repository.odb

    def entries(self) -> Iterator[Entry]:
        """Every file, link and submodule of the commit, in git's order."""
        folders: list[Iterator[tuple[str, bytes, bytes]]] = []
        try:
            found = self._repository[self.commit or ""]
            if not isinstance(found, pygit2.Commit):
                raise Unreadable(f"HEAD is no commit but {found.type_str} {found.id}")
            folders.append(self._folder(found.tree_id, ""))
            while folders:
                for path, mode, raw in folders[-1]:
                    if mode == _FILE:
                        yield Entry(path, "file", raw)
                    elif mode == _FOLDER:
                        if len(folders) <= _MAX_FOLDERS_DEEP:
                            folders.append(self._folder(pygit2.Oid(raw=raw), path + "/"))
                            break
                    elif mode == _LINK:
                        yield Entry(path, "link", raw)
                    elif mode == _SUBMODULE:
                        yield Entry(path, "submodule", raw)
                    else:
                        yield Entry(path, "file", raw, mode == _EXECUTABLE)
                else:
                    folders.pop()
        except (pygit2.GitError, KeyError, ValueError) as error:
            self.broken = True
            raise Unreadable(f"an object of commit {self.commit} is missing or broken: {error}") from error

    def _folder(self, tree: pygit2.Oid, prefix: str) -> Iterator[tuple[str, bytes, bytes]]:
        # A tree's own bytes are read: an object an entry, as libgit2 gives them, takes twice as long.
        found = _TREE_ENTRY.findall(self._odb.read(tree)[1])
        return iter([(prefix + name.decode("utf-8", "replace"), mode, raw) for mode, name, raw in found])

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
            self.broken = True
            raise Unreadable(f"its object is missing or broken: {error}") from error
        return data


def commit_snapshot(path: Path, name: str | None = None, commit: str | None = None) -> Snapshot:
    """A snapshot of one commit, HEAD's unless named; `Unreadable` where there is none.

    Without a `name` it is that of its origin, else of its folder.
    """
    from catalog.trees.repository import open_at

    repository = open_at(path)
    name = name or repository_name(repository.origin(), str(path))
    commit = commit or repository.head()
    if commit is None:
        raise Unreadable("no commit yet on its default branch")
    return Snapshot(repository.tree(commit), name)
