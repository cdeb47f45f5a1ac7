"""`handrail.toml`: the sources to read and the database to keep them in.

[database]
url = "postgresql://handrail@db.internal/handrail"

[[sources]]
path = "../repositories"
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handrail.errors import Stop

NAME = "handrail.toml"


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the file says; empty where there is none."""

    sources: tuple[Path, ...] = ()
    database: str | None = None


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
        if key not in ("sources", "database"):
            raise Stop(f"{file}: `{key}` is not known.", "Known are `sources` and `database`.")
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
    return Configuration(tuple(paths), url)
