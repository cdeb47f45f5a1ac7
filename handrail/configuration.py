"""`handrail.toml`: the sources to read and the database to keep them in.

[database]
url = "postgresql://handrail@db.internal/handrail"

[[sources]]
path = "../repositories"

[retention]
crawls = "90d"
history = "2y"

[[evidence]]
repository = "alerts"
path = "rules/{name}"
services = ["component:default/*"]
"""

import tomllib
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from handrail.duration import duration
from handrail.errors import Stop
from handrail.evidence_mapping import read_mapping
from scorecards.evidence import EvidenceRule

NAME = "handrail.toml"
_KEYS = ("sources", "database", "retention", "evidence")


class Kept(NamedTuple):
    """How long records are kept: of crawls with their problems, and of what verdicts were before; the second
    is kept for good where it is None. What holds now always stays, and so does the last crawl.
    """

    crawls: timedelta = timedelta(days=90)
    history: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the file says; empty where there is none."""

    sources: tuple[Path, ...] = ()
    database: str | None = None
    kept: Kept = field(default_factory=Kept)
    evidence: tuple[EvidenceRule, ...] = ()


def load(path: Path | None) -> Configuration:
    """Read the named file, else `handrail.toml` in the working folder if any; `Stop` if it is wrong."""
    file = path or Path(NAME)
    if path is None and not file.is_file():
        return Configuration()
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise Stop(f"{file} cannot be read: {error.strerror}.", "Name another file with --config.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Stop(
            f"{file} is not valid TOML: {error}.", "Mend it, or name another file with --config."
        ) from error
    return _read(file, data)


def _read(file: Path, data: dict[str, Any]) -> Configuration:
    for key in data:
        if key not in _KEYS:
            known = ", ".join(f"`{name}`" for name in _KEYS)
            raise Stop(f"{file}: `{key}` is not known.", f"Known are {known}.")
    sources = data.get("sources", [])
    if not isinstance(sources, list):
        raise Stop(f"{file}: `sources` is not a list.", "Write each as [[sources]] with a `path`.")
    paths = []
    for number, source in enumerate(sources, 1):
        where = source.get("path") if isinstance(source, dict) else source
        if not isinstance(where, str) or not where:
            raise Stop(f"{file}: source {number} has no `path`.", 'Write path = "FOLDER" below [[sources]].')
        paths.append((file.parent / where).resolve())
    database = data.get("database", {})
    url = database.get("url") if isinstance(database, dict) else None
    if "database" in data and not isinstance(url, str):
        raise Stop(
            f"{file}: `database` has no `url`.", 'Write url = "sqlite:///handrail.db" below [database].'
        )
    kept = _kept(file, data.get("retention", {}))
    return Configuration(tuple(paths), url, kept, read_mapping(file, data.get("evidence", [])))


def _kept(file: Path, written: Any) -> Kept:
    if not isinstance(written, dict) or not written.keys() <= {"crawls", "history"}:
        raise Stop(
            f"{file}: `retention` holds what is not known.", 'Known are crawls = "90d" and history = "2y".'
        )
    kept: dict[str, timedelta] = {}
    for key, value in written.items():
        try:
            kept[key] = duration(str(value))
        except ValueError as error:
            raise Stop(f"{file}: `retention.{key}`: {error}.") from error
    return Kept(**kept)
