"""`handrail.toml`: the sources to read and the database to keep them in.

[database]
url = "postgresql://handrail@db.internal/handrail"

[[sources]]
path = "../repositories"

[[sources]]
git = ["https://git.example.org/shop/payments.git", "ssh://git@git.example.org/shop/refunds.git"]

[[sources]]
github = "acme"

[hosts."github.com"]
token-env = "GITHUB_TOKEN"

[mirrors]
seconds = 120

[retention]
crawls = "90d"
history = "2y"

[[evidence]]
repository = "alerts"
path = "rules/{name}"
services = ["component:default/*"]

[teams]
"ari:cloud:identity::team/5f2c" = "group:payments"
"""

import tomllib
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from handrail.duration import duration
from handrail.errors import Stop
from handrail.mirrors import Configured
from handrail.mirrors import configured as configured_mirrors
from handrail.organisation import KEYS, read_organisation
from handrail.sources import Source
from handrail.sources import configured as configured_sources
from handrail.table import only
from scorecards.organisation import Organisation

NAME = "handrail.toml"
_KEYS = ("sources", "hosts", "mirrors", "database", "retention", *KEYS)


class Kept(NamedTuple):
    """How long records are kept: of crawls with their problems, and of what verdicts were before; the second
    is kept for good where it is None. What holds now always stays, and so does the last crawl.
    """

    crawls: timedelta = timedelta(days=90)
    history: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the file says; empty where there is none."""

    sources: tuple[Source, ...] = ()
    database: str | None = None
    kept: Kept = field(default_factory=Kept)
    organisation: Organisation = field(default_factory=Organisation)
    remotes: Configured = field(default_factory=Configured)


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
    only(data, _KEYS, str(file))
    sources = data.get("sources", [])
    if not isinstance(sources, list):
        raise Stop(f"{file}: `sources` is not a list.", "Write each as [[sources]] with a `path`.")
    found = [
        one for number, table in enumerate(sources, 1) for one in configured_sources(file, number, table)
    ]
    database = data.get("database", {})
    url = database.get("url") if isinstance(database, dict) else None
    if "database" in data and not isinstance(url, str):
        raise Stop(
            f"{file}: `database` has no `url`.", 'Write url = "sqlite:///handrail.db" below [database].'
        )
    kept = _kept(file, data.get("retention", {}))
    remotes = configured_mirrors(file, data.get("hosts", {}), data.get("mirrors", {}))
    return Configuration(tuple(found), url, kept, read_organisation(file, data), remotes)


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
