"""The tree of a folder: what git tracks and does not ignore, or all of it where git is not used."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from catalog.gitcommand import GIT, environment
from catalog.ref import repository_name
from catalog.snapshot import Entry, Snapshot, Unreadable

_SKIPPED = {".git", ".hg", ".svn", "node_modules", ".venv", "__pycache__", ".tox", ".mypy_cache"}


class FolderTree:
    """Files of a folder on disk, listed once when made."""

    def __init__(self, root: Path, paths: list[bytes] | None, commit: str | None = None) -> None:
        self.commit = commit
        self._root = os.fsencode(root)
        self._paths = paths
        self._linked: dict[bytes, bool] = {b"": False}

    def entries(self) -> Iterator[Entry]:
        """Every file and link; sorted by path."""
        for raw in sorted(self._walk() if self._paths is None else self._paths):
            if self._paths is not None and self._through_link(os.path.dirname(raw)):
                continue  # a folder that git tracks has become a link, perhaps out of the tree
            full = os.path.join(self._root, raw)
            path = raw.decode("utf-8", "replace")
            if os.path.islink(full):
                yield Entry(path, "link", full)
            elif os.path.isfile(full):
                yield Entry(path, "file", full, os.access(full, os.X_OK))
            elif os.path.isdir(full):
                yield Entry(path, "submodule", full)

    def _through_link(self, folder: bytes) -> bool:
        if folder not in self._linked:
            above = self._through_link(os.path.dirname(folder))
            self._linked[folder] = above or os.path.islink(os.path.join(self._root, folder))
        return self._linked[folder]

    def _walk(self) -> Iterator[bytes]:
        for folder, folders, files in os.walk(self._root):
            linked = [d for d in folders if os.path.islink(os.path.join(folder, d))]
            folders[:] = [d for d in folders if os.fsdecode(d) not in _SKIPPED and d not in linked]
            for name in (*files, *linked):
                yield os.path.relpath(os.path.join(folder, name), self._root)

    def read(self, entry: Entry, limit: int) -> bytes:
        """The file's bytes, a link's target."""
        try:
            if entry.kind == "link":
                return os.readlink(entry.handle)  # type: ignore[no-any-return]
            with open(entry.handle, "rb") as file:
                data = file.read(limit + 1)
        except OSError as error:
            raise Unreadable(f"cannot be read: {error.strerror}") from error
        if len(data) > limit:
            raise Unreadable(f"more than the {limit:,} bytes that are read")
        return data


def working_root(path: Path) -> Path | None:
    """The top folder of the git working copy that holds `path`, None where there is none."""
    for folder in (path, *path.parents):
        if (folder / ".git").exists():
            return folder
    return None


def folder_snapshot(path: Path, name: str | None = None) -> Snapshot:
    """A snapshot of a working folder or of any other; `commit` is set only where nothing differs from it."""
    if not path.is_dir():
        raise Unreadable(f"`{path}` is not a folder")
    path = path.resolve()
    if not (path / ".git").exists():
        return Snapshot(FolderTree(path, None), name or repository_name(None, path.name))
    name = name or repository_name(_origin(path), path.name)
    listed = _git(path, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    paths = sorted({p for p in listed.split(b"\0") if p})
    return Snapshot(FolderTree(path, paths, _clean_commit(path)), name)


def _origin(path: Path) -> str | None:
    try:
        return (
            _git(path, "config", "--local", "--get", "remote.origin.url").decode("utf-8", "replace").strip()
        )
    except Unreadable:
        return None


def _clean_commit(path: Path) -> str | None:
    try:
        lines = _git(path, *_STATUS, more=_unfiltered(path)).split(b"\0")
    except Unreadable:
        return None
    commit = next((x[13:].decode() for x in lines if x.startswith(b"# branch.oid ")), "(initial)")
    changed = any(x and not x.startswith(b"#") for x in lines)
    return None if changed or commit == "(initial)" else commit


_STATUS = (
    "status",
    "--porcelain=v2",
    "--branch",
    "-z",
    "--untracked-files=normal",
    "--ignore-submodules=dirty",
)


def _unfiltered(path: Path) -> dict[str, str]:
    """An environment without the repository's own clean filters: programs that `git status` would run."""
    listed = _git(path, "config", "--list", "--null", "--name-only").split(b"\0")
    off = {"clean": "", "smudge": "", "process": "", "required": "false"}
    names = sorted({os.fsdecode(name) for name in listed if name.startswith(b"filter.")})
    settings = [(name, off[last]) for name in names if (last := name.rpartition(".")[2]) in off]
    # Not with `-c`, which would end a name at its first `=`.
    pairs = {f"GIT_CONFIG_KEY_{i}": name for i, (name, _) in enumerate(settings)}
    pairs |= {f"GIT_CONFIG_VALUE_{i}": value for i, (_, value) in enumerate(settings)}
    return {**pairs, "GIT_CONFIG_COUNT": str(len(settings))}


def _git(path: Path, *arguments: str, more: Mapping[str, str] = MappingProxyType({})) -> bytes:
    command = [*GIT, "-C", str(path), *arguments]
    try:
        done = subprocess.run(
            command, capture_output=True, env={**environment(), **more}, timeout=60, check=True
        )
    except FileNotFoundError as error:
        raise Unreadable("git is not installed") from error
    except subprocess.TimeoutExpired as error:
        raise Unreadable(f"git {arguments[0]} took longer than a minute") from error
    except subprocess.CalledProcessError as error:
        message = error.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ")
        raise Unreadable(f"git {arguments[0]}: {message}") from error
    return done.stdout
