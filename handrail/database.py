"""The database of a command: where it is, and whether its tables are those of this program."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from handrail.errors import Stop

if TYPE_CHECKING:
    from sqlalchemy import Engine

_VERSIONS = Path(__file__).parent / "migrations" / "versions"


def head_revision() -> str:
    """The newest migration, told from the names of the files."""
    return max(file.name[:4] for file in _VERSIONS.glob("[0-9]*.py"))


def address(option: str | None, configured: str | None = None) -> str:
    """The option, the environment, the configuration, else a file in the user's data folder."""
    chosen = option or os.environ.get("HANDRAIL_DATABASE_URL") or configured
    if chosen:
        return chosen
    import platformdirs

    folder = Path(platformdirs.user_data_dir("handrail", appauthor=False))
    folder.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{folder / 'handrail.db'}"


@dataclass(frozen=True, slots=True)
class Database:
    """A database to write to, opened when it is needed."""

    url: str

    def is_new(self) -> bool:
        """Whether it certainly holds nothing yet, told without opening it."""
        file = self.url.removeprefix("sqlite:///")
        return file != self.url and "?" not in file and bool(file) and not Path(file).exists()

    def open(self) -> "Engine":
        """Open it, and make its tables where they are missing."""
        return open_database(self.url, create=True)


def existing(url: str) -> "Engine":
    """An engine on a database that is there, of whatever version; `Stop` where there is none."""
    engine = _engine(url)
    path = engine.url.database
    if engine.dialect.name == "sqlite" and path and not Path(path).exists():
        raise Stop(f"There is no catalog at {path} yet.", "Fill one with: handrail crawl FOLDER")
    return engine


def _engine(url: str) -> "Engine":
    from catalog.database import open_engine

    try:
        return open_engine(url)
    except ValueError as error:
        raise Stop(f"{url}: {error}.") from error


def open_database(url: str, *, create: bool = False) -> "Engine":
    """Open a database whose tables are this program's; `Stop` says why it is none and what to do.

    With `create` an empty one is given its tables; without it, it is an error, since there is nothing to
    read in it.
    """
    engine = _engine(url)
    path = engine.url.database
    if engine.dialect.name == "sqlite" and path and path != ":memory:":
        if not create and not Path(path).exists():
            raise Stop(f"There is no catalog at {path} yet.", "Fill one with: handrail crawl FOLDER")
        if not Path(path).absolute().parent.is_dir():
            raise Stop(
                f"{path}: its folder does not exist.", "Make the folder, or name another file with --db."
            )
    found, shown = revision_of(engine), engine.url.render_as_string(hide_password=True)
    if found is None and create:
        _make(engine)
    elif found is None:
        raise Stop(f"There is no catalog in {shown} yet.", "Fill one with: handrail crawl FOLDER")
    elif found < head_revision():
        raise Stop(
            f"The database {shown} was written by an older Handrail: its tables are those of migration"
            f" {found}, this program's those of {head_revision()}.",
            "Keep a copy with `handrail backup FILE`, then upgrade it with: handrail migrate",
        )
    elif found > head_revision():
        raise Stop(
            f"The database {shown} was written by a newer Handrail.", "Install that version, or newer."
        )
    return engine


def revision_of(engine: "Engine") -> str | None:
    """The migration whose tables a database has, None where it has none of ours; `Stop` if it won't open."""
    from sqlalchemy import inspect, text
    from sqlalchemy.exc import DatabaseError, SQLAlchemyError

    shown = engine.url.render_as_string(hide_password=True)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return None if found is None else str(found)
    except SQLAlchemyError as error:
        reason = str(error.orig) if isinstance(error, DatabaseError) else str(error)
        raise Stop(f"The database {shown} cannot be opened: {reason.strip()}.", "Check --db.") from error


_MAKING = 0x68616E64 + 1
"""The advisory lock of whoever makes the tables of a PostgreSQL database: others wait, and find them made."""


def _make(engine: "Engine") -> None:
    """Make the tables of a database that has none of ours, as they are today.

    What the migrations would come to, a quarter of a second sooner. A test compares the two.
    """
    from sqlalchemy import func, inspect, select, text

    import scorecards.tables  # noqa: F401 - its tables belong to the metadata
    from catalog.tables import metadata

    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_MAKING)))
        present = set(inspect(connection).get_table_names())
        if "alembic_version" in present:
            return
        if ours := sorted(present & metadata.tables.keys()):
            shown = engine.url.render_as_string(hide_password=True)
            raise Stop(
                f"The database {shown} has a table `{ours[0]}` that Handrail did not make.",
                "Name a database of its own with --db.",
            )
        metadata.create_all(connection)
        connection.execute(
            text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        )
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head_revision()})
