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


def open_database(url: str, *, create: bool = False) -> "Engine":
    """Open the database and bring its tables up to this program; `Stop` says why that cannot be.

    Without `create` a database that is not there is an error, since there is nothing to read in it.
    """
    from catalog.database import open_engine

    try:
        engine = open_engine(url)
    except ValueError as error:
        raise Stop(f"{url}: {error}.") from error
    path = engine.url.database
    if engine.dialect.name == "sqlite" and path and path != ":memory:":
        if not create and not Path(path).exists():
            raise Stop(f"There is no catalog at {path} yet.", "Fill one with: handrail crawl FOLDER")
        if not Path(path).absolute().parent.is_dir():
            raise Stop(
                f"{path}: its folder does not exist.", "Make the folder, or name another file with --db."
            )
    _migrate(engine)
    return engine


def _migrate(engine: "Engine") -> None:
    from sqlalchemy import inspect, text
    from sqlalchemy.exc import DatabaseError, SQLAlchemyError

    shown = engine.url.render_as_string(hide_password=True)
    try:
        with engine.connect() as connection:
            if inspect(connection).has_table("alembic_version"):
                found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            else:
                found = None
    except SQLAlchemyError as error:
        reason = str(error.orig) if isinstance(error, DatabaseError) else str(error)
        raise Stop(f"The database {shown} cannot be opened: {reason.strip()}.", "Check --db.") from error
    if found == head_revision():
        return
    if found is not None and found > head_revision():
        raise Stop(
            f"The database {shown} was written by a newer Handrail.", "Install that version, or newer."
        )
    if found is None and _make(engine):
        return
    from handrail.migrations import upgrade

    upgrade(engine)


def _make(engine: "Engine") -> bool:
    """Make the tables of an empty database as they are today; False where it is not empty.

    What the migrations would come to, a quarter of a second sooner. A test compares the two.
    """
    from sqlalchemy import inspect, text

    import scorecards.tables  # noqa: F401 - its tables belong to the metadata
    from catalog.tables import metadata

    with engine.begin() as connection:
        if inspect(connection).get_table_names():
            return False
        metadata.create_all(connection)
        connection.execute(
            text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        )
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head_revision()})
    return True
