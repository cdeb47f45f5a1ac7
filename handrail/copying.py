"""Copying a whole catalog from one database to another, as it was at one moment."""

import os
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, text

import scorecards.tables  # noqa: F401 - its tables belong to the metadata
from catalog.tables import metadata
from handrail.database import open_database

_ROWS = 1_000
Counts = dict[str, int]
"""How many rows each table has."""


def backup(source: Engine, file: Path) -> Counts:
    """Write a copy of a database to `file`, a SQLite database that is not there yet.

    SQLite makes the copy itself, of a database of any version. PostgreSQL is read in one transaction that
    sees one moment. The file appears when it is whole.
    """
    handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.absolute().parent)
    os.close(handle)
    try:
        if source.dialect.name == "sqlite":
            os.unlink(name)
            with source.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM INTO :name"), {"name": name})
            counts = {"entity": _count(name)}
        else:
            target = open_database(f"sqlite:///{name}", create=True)
            counts = restore(source, target)
            with target.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                # One file, without a log beside it.
                connection.execute(text("PRAGMA journal_mode=DELETE"))
            target.dispose()
        os.replace(name, file)
    finally:
        for left in (name, f"{name}-wal", f"{name}-shm"):
            Path(left).unlink(missing_ok=True)
    return counts


def _count(name: str) -> int:
    import sqlite3

    with sqlite3.connect(f"file:{name}?mode=ro", uri=True) as connection:
        return int(connection.execute("SELECT count(*) FROM entity").fetchone()[0])


def restore(source: Engine, target: Engine) -> Counts:
    """Copy every row into a database that has the tables and no rows; `ValueError` where it has some."""
    reading = source.connect()
    if source.dialect.name == "postgresql":
        reading = reading.execution_options(isolation_level="REPEATABLE READ")
    counts: Counts = {}
    with reading, target.begin() as writing:
        for table in metadata.sorted_tables:
            if writing.execute(select(func.count()).select_from(table)).scalar():
                raise ValueError(f"the database already holds rows in `{table.name}`")
        for table in metadata.sorted_tables:
            counts[table.name] = _copy(reading, writing, table)
    return counts


def _copy(reading: Connection, writing: Connection, table: Any) -> int:
    count = 0
    found = reading.execution_options(yield_per=_ROWS).execute(select(table).order_by(*table.primary_key))
    for part in found.mappings().partitions():
        writing.execute(insert(table), [dict(row) for row in part])
        count += len(part)
    if writing.dialect.name == "postgresql" and "id" in table.c and count:
        # Rows were given the numbers that they had; new ones go on after the highest.
        highest = select(func.max(table.c.id)).scalar_subquery()
        writing.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), highest)))
    return count
