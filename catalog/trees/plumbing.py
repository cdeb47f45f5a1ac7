"""A repository that libgit2 does not open, one of SHA-256 objects, read with the git program's plumbing."""

import os
import subprocess
import weakref
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import IO

from catalog.gitcommand import GIT, environment
from catalog.snapshot import Entry, Kind, Unreadable
from catalog.sources import Head

_SECONDS = 60
_LARGEST_CONFIGURATION = 64 * 1024
_LONGEST_LINE = 64 * 1024
_KINDS: dict[str, Kind] = {"120000": "link", "160000": "submodule"}


def has_sha256(path: Path) -> bool:
    """Whether the repository at `path` says that its objects are named by SHA-256."""
    for folder in (path, path / ".git"):
        try:
            with open(folder / "config", encoding="utf-8", errors="replace") as file:
                lines = file.read(_LARGEST_CONFIGURATION).lower().split("\n")
        except OSError:
            continue
        return any(line.replace(" ", "").strip() == "objectformat=sha256" for line in lines)
    return False


class Plumbing:
    """A repository as git's plumbing tells of it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def head(self) -> str | None:
        """The commit that HEAD points to, None for a repository without one."""
        try:
            return self.resolve("HEAD")
        except Unreadable:
            return None

    def origin(self) -> str | None:
        """The address of the remote `origin` as it is written, None where there is none."""
        try:
            url = _git(self._path, "config", "--local", "--get", "remote.origin.url")
        except Unreadable:
            return None
        return url.decode("utf-8", "replace").strip()

    def resolve(self, revision: str) -> str:
        """The commit that `revision` names; `Unreadable` where it names none."""
        asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        try:
            return _git(self._path, *asked).decode("ascii").strip()
        except (Unreadable, UnicodeDecodeError, ValueError) as error:
            raise Unreadable(f"`{revision}` names no commit here") from error

    def describe(self, commit: str) -> Head:
        """Who made the commit, when and with which first line."""
        from catalog.trees.commit import described

        return described(commit, _git(self._path, "cat-file", "commit", commit))

    def tree(self, commit: str) -> "PlumbingTree":
        """The files of a commit."""
        return PlumbingTree(self._path, commit)


class PlumbingTree:
    """Files of one commit. `broken` says whether an object of it was missing or broken."""

    def __init__(self, path: Path, commit: str) -> None:
        self.commit: str | None = commit
        self.broken = False
        self._path = path

    def entries(self) -> Iterator[Entry]:
        """Every file, link and submodule of the commit, in git's order."""
        listing = _start(self._path, "ls-tree", "-r", "-z", "-l", "--full-tree", self.commit or "")
        try:
            assert listing.stdout is not None  # noqa: S101 - it is a pipe
            for line in _split(listing.stdout):
                told, _, path = line.partition(b"\t")
                mode, _, name, size = told.decode("ascii").split()
                handle = (name, int(size) if size.isdigit() else 0)
                yield Entry(
                    path.decode("utf-8", "replace"), _KINDS.get(mode, "file"), handle, mode == "100755"
                )
            if listing.wait(_SECONDS):
                self.broken = True
                raise Unreadable(f"an object of commit {self.commit} is missing or broken")
        finally:
            _end(listing)

    @cached_property
    def _objects(self) -> "subprocess.Popen[bytes]":
        process = _start(self._path, "cat-file", "--batch")
        weakref.finalize(self, _end, process)
        return process

    def read(self, entry: Entry, limit: int) -> bytes:
        """The blob's bytes."""
        name, size = entry.handle
        if size > limit:
            raise Unreadable(f"{size:,} bytes, more than the {limit:,} that are read")
        into, out = self._objects.stdin, self._objects.stdout
        try:
            assert into is not None and out is not None  # noqa: S101, PT018 - they are pipes
            into.write(f"{name}\n".encode())
            into.flush()
            told = out.readline(_LONGEST_LINE).split()
            if told[1:] != [b"blob", str(size).encode()]:
                raise ValueError
            data = out.read(size + 1)
            if len(data) != size + 1:
                raise ValueError
        except (OSError, ValueError) as error:
            self.broken = True
            self.__dict__.pop("_objects", None)
            raise Unreadable("its object is missing or broken") from error
        return data[:-1]


def _split(stream: IO[bytes]) -> Iterator[bytes]:
    left = b""
    while data := stream.read1(_LONGEST_LINE):  # type: ignore[attr-defined]
        *lines, left = (left + data).split(b"\0")
        yield from lines


def _start(path: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(
            [*GIT, "-C", os.fspath(path), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
    except FileNotFoundError as error:
        raise Unreadable("git is not installed") from error


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
    process.wait()


def _git(path: Path, *arguments: str) -> bytes:
    command = [*GIT, "-C", os.fspath(path), *arguments]
    try:
        return subprocess.run(
            command, capture_output=True, env=environment(), timeout=_SECONDS, check=True
        ).stdout
    except FileNotFoundError as error:
        raise Unreadable("git is not installed") from error
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise Unreadable(f"git {arguments[0]} cannot read it") from error
