"""Folders of a snapshot: which one a component lives in, and files that a pattern names."""

import itertools
import posixpath
import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple

from catalog.aside import aside_folder
from catalog.entity import Entity
from catalog.regex import regex
from catalog.snapshot import Snapshot

MAX_MATCHES = 500
MAX_PIECES = 20
MAX_STARS = 2
_SOURCE = "backstage.io/source-location"
_CODE = (
    "services",
    "apps",
    "packages",
    "src",
    "cmd",
    "modules",
    "components",
    "functions",
    "libs",
    "projects",
)
_NOT_CODE = regex(
    r"(?:^|/)(?:\.[^/]*|deploy[^/]*|k8s|kubernetes|charts?|helm|docs?|infra[^/]*|terraform|tests?|e2e"
    r"|manifests|environments|envs|overlays|runbooks|alerts|slos?|dashboards|monitoring|observability|catalog)/",
    re.IGNORECASE,
)


def of_descriptor(path: str) -> str:
    """The folder that a descriptor speaks for: its own, or the one around the dot folder it is in."""
    folder = path.rpartition("/")[0]
    if folder.startswith("."):
        return ""
    return folder.partition("/.")[0]


def of_component(snapshot: Snapshot, entity: Entity, *, alone: bool) -> str:
    """The folder that a component lives in, "" for the root.

    It is what `backstage.io/source-location` names; else the descriptor's folder if it is that folder's own
    and holds no other component (`alone`); else a folder of its name; else the descriptor's folder.
    """
    own = of_descriptor(entity.path)
    said = entity.annotations.get(_SOURCE)
    if said is not None:
        located = _located(snapshot, said, own)
        if located is not None:
            return located
    if alone:
        return own
    return _named(snapshot, entity.ref.name, own) or own


def _located(snapshot: Snapshot, location: str, own: str) -> str | None:
    """The folder that a source location names, None where it names none or the whole repository."""
    known = folders(snapshot).paths
    kind, _, address = location.partition(":")
    if kind == "dir" or not address:
        path = posixpath.normpath(posixpath.join(own, address or location))
        return path if path in known else None
    if "://" not in address:
        return None
    rest = address.partition("://")[2].split("?")[0].strip("/")
    found = re.search(r"/(?:-/)?(?:tree|blob|src|browse)/(.+)\Z", rest)
    parts = found[1].split("/") if found else []
    for start in range(1, len(parts)):
        path = "/".join(parts[start:])
        if path in known:
            return path
        if path in snapshot:
            return posixpath.dirname(path)
    return None


def _named(snapshot: Snapshot, name: str, near: str) -> str | None:
    """The folder of this name likeliest to hold its code: below the descriptor, else nearest to the root."""
    below = posixpath.join(near, name)
    known = folders(snapshot)
    if below in known.paths:
        return below
    found = (f"{folder}/" for folder in known.named.get(name.lower(), ()))
    code = [f[:-1] for f in found if aside_folder(f) is None and not _NOT_CODE.search(f)]
    return min(code, key=_distance, default=None)


def _distance(folder: str) -> tuple[int, int, str]:
    parent = folder.rpartition("/")[0].rpartition("/")[2].lower()
    return folder.count("/"), _CODE.index(parent) if parent in _CODE else len(_CODE), folder


class Folders(NamedTuple):
    """The folders of a snapshot: their paths, and by each last name in lower case the paths that end so."""

    paths: frozenset[str]
    named: Mapping[str, tuple[str, ...]]


def folders(snapshot: Snapshot) -> Folders:
    """Every folder that holds a file, made once a snapshot."""
    return snapshot.derive(_folders)


def _folders(snapshot: Snapshot) -> Folders:
    seen: set[str] = set()
    for path in snapshot.files:
        folder = path.rpartition("/")[0]
        while folder and folder not in seen:
            seen.add(folder)
            folder = folder.rpartition("/")[0]
    named: dict[str, tuple[str, ...]] = {}
    for folder in seen:
        name = folder.rpartition("/")[2].lower()
        named[name] = (*named.get(name, ()), folder)
    return Folders(frozenset(seen), named)


def matching(snapshot: Snapshot, pattern: str) -> list[str]:
    """Files whose whole path matches a glob with `*`, `?` and `**`; at most `MAX_MATCHES`, in their order."""
    pieces = pattern.split("/")
    if len(pieces) > MAX_PIECES or pieces.count("**") > MAX_STARS:
        return []
    found = (path for path in snapshot.files if _matches(path.split("/"), pieces))
    return list(itertools.islice(found, MAX_MATCHES))


def _matches(parts: list[str], pieces: list[str]) -> bool:
    for index, piece in enumerate(pieces):
        if piece == "**":
            rest = pieces[index + 1 :]
            return any(_matches(parts[start:], rest) for start in range(index, len(parts)))
        if index >= len(parts) or not fnmatchcase(parts[index], piece):
            return False
    return len(parts) == len(pieces)
