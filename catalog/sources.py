"""Folders as sources of repositories; what is in one may be nested. `catalog.remotes` has those elsewhere."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_MAX_DEPTH = 12
_SKIPPED = {"node_modules", ".venv", "__pycache__"}
_DIGITS = (40, 64)
"""Of a commit's name in hexadecimal: SHA-1, SHA-256."""


class Found(NamedTuple):
    """A repository of a source.

    `name` is its path below the source without `.git`; `location` the absolute path of its git folder;
    `head` the commit HEAD points to, None where that takes more than a look (`catalog.trees.commit` tells).
    """

    name: str
    location: str
    head: str | None


class Head(NamedTuple):
    """A commit as pages show it; `when` is Unix seconds."""

    commit: str
    when: int
    author: str
    subject: str


def find(source: Path) -> list[Found]:
    """Every repository at or below a folder, bare ones and working copies, in the order of their paths.

    A repository is not searched for others inside it. Links to folders are not followed.
    """
    root = os.path.abspath(source)
    found = [
        Found(_name(os.path.relpath(path, root), root), git, quick_head(git)) for path, git in _walk(root, 0)
    ]
    return sorted(found, key=lambda f: f.name)


def _name(relative: str, root: str) -> str:
    name = os.path.basename(root) if relative == "." else relative.replace(os.sep, "/")
    return (
        os.fsencode(name).decode("utf-8", "replace").removesuffix("/.git").removesuffix(".git")
        or "repository"
    )


def _walk(folder: str, depth: int) -> Iterator[tuple[str, str]]:
    git = os.path.join(folder, ".git")
    if os.path.isdir(git):
        yield folder, git
        return
    try:
        with os.scandir(folder) as listing:
            entries = list(listing)
    except OSError:
        return
    names = {e.name for e in entries}
    if {"HEAD", "objects", "refs"} <= names:
        yield folder, folder
    elif depth < _MAX_DEPTH:
        for entry in entries:
            if entry.name not in _SKIPPED and entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path, depth + 1)


def quick_head(git: str) -> str | None:
    """The commit of HEAD read from git's own small files; None where they do not tell at once."""
    try:
        with open(os.path.join(git, "HEAD"), encoding="ascii") as file:
            head = file.read(300).strip()
        if not head.startswith("ref: "):
            return _commit(head)
        ref = head[5:]
        if ".." in ref or not ref.startswith("refs/"):
            return None
        try:
            with open(os.path.join(git, ref), encoding="ascii") as file:
                return _commit(file.read(100).strip())
        except FileNotFoundError:
            with open(os.path.join(git, "packed-refs"), encoding="utf-8") as file:
                words = (line.split() for line in file if not line.startswith(("#", "^")))
                return next((_commit(word[0]) for word in words if word[1:] == [ref]), None)
    except (OSError, UnicodeDecodeError):
        return None


def _commit(text: str) -> str | None:
    return text if len(text) in _DIGITS and all(c in "0123456789abcdef" for c in text) else None
