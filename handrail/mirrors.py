"""Mirrors of remote repositories as they are configured: where they are, how hosts are reached, limits."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.remotes.access import Access, Host
from handrail.errors import Stop
from handrail.table import only, text

if TYPE_CHECKING:
    from catalog.remotes.mirror import Mirrors


class Configured(NamedTuple):
    """What `handrail.toml` says below [hosts] and [mirrors]."""

    access: Access = Access()
    folder: Path | None = None
    limits: tuple[tuple[str, Any], ...] = ()

    def mirrors(self) -> "Mirrors":
        """The mirrors: in the configured folder, `HANDRAIL_MIRRORS`, else one in the user's cache folder."""
        from catalog.remotes.mirror import Limits, Mirrors

        return Mirrors(self.folder or _folder(), self.access, Limits(**dict(self.limits)))


def _folder() -> Path:
    chosen = os.environ.get("HANDRAIL_MIRRORS")
    if chosen:
        return Path(chosen).absolute()
    import platformdirs

    return Path(platformdirs.user_cache_dir("handrail", appauthor=False)).absolute() / "mirrors"


_HOST: dict[str, Callable[[Path, str], Any]] = {
    "token-env": lambda _, written: written,
    "token-file": lambda folder, written: folder / written,
    "user": lambda _, written: written,
    "ca-file": lambda folder, written: folder / written,
    "proxy": lambda _, written: written,
    "ssh-key": lambda folder, written: folder / written,
    "known-hosts": lambda folder, written: folder / written,
}
_LIMITS = {"seconds": "seconds", "attempts": "attempts", "at-once": "at_once", "megabytes": "largest"}
_MOST = 1_000_000


def configured(file: Path, hosts: object, mirrors: object) -> Configured:
    """Read the two tables; `Stop` says what is wrong. Paths are relative to the configuration file."""
    where, folder = f"{file}: mirrors", file.parent.absolute()
    if not isinstance(mirrors, dict):
        raise Stop(f"{where} is not a table.", "Write [mirrors].")
    only(mirrors, ("folder", *_LIMITS), where)
    limits: dict[str, Any] = {}
    for key, name in _LIMITS.items():
        if key in mirrors:
            value = mirrors[key]
            if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MOST:
                raise Stop(f"{where}: `{key}` is not a whole number of at least 1.")
            limits[name] = value * 1024**2 if key == "megabytes" else value
    kept = folder / text(mirrors, "folder", where) if "folder" in mirrors else None
    return Configured(_access(file, hosts), kept, tuple(limits.items()))


def _access(file: Path, hosts: object) -> Access:
    if not isinstance(hosts, dict) or not all(isinstance(host, dict) for host in hosts.values()):
        raise Stop(f"{file}: `hosts` is not a table of tables.", 'Write [hosts."git.example.org"].')
    found = {}
    for name, said in hosts.items():
        where = f'{file}: hosts."{name}"'
        if "token" in said:
            raise Stop(
                f"{where} holds a token.", "Put it into a file or the environment: `token-file`, `token-env`."
            )
        only(said, tuple(_HOST), where)
        folder = file.parent.absolute()
        values = {key.replace("-", "_"): _HOST[key](folder, text(said, key, where)) for key in said}
        if "token_env" in values and "token_file" in values:
            raise Stop(f"{where} has both `token-env` and `token-file`.", "Keep one of them.")
        found[name.lower()] = Host(**values)
    return Access(found)
