"""One crawl of a catalog at a time.

The lock belongs to a process (a file's lock) or to a connection (PostgreSQL's advisory lock), so whoever
holds it lets go by dying, however that comes about. Nothing is left to clean up.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from handrail.errors import Stop

if TYPE_CHECKING:
    from sqlalchemy import Engine

_KEY = 0x68616E64
"""Handrail's key among the advisory locks of a PostgreSQL database."""


class Busy(Stop):
    """Another process is writing to the catalog."""

    def __init__(self, who: str) -> None:
        super().__init__(
            f"Another crawl is writing to this catalog{who}.",
            "Wait for it to end; a crawl that was killed holds nothing up.",
        )


@contextmanager
def file_lock(url: str) -> Iterator[None]:
    """Hold the lock of a SQLite database, a file beside it; nothing for other databases. `Busy` if held.

    A record lock: processes that are forked meanwhile do not keep it after this one has ended.
    """
    file = url.removeprefix("sqlite:///")
    if file == url or not file or file.startswith(":") or "?" in file:
        yield
        return
    path = Path(f"{file}.lock")
    try:
        # Appending, so that a process which only looks does not wipe out who holds it.
        held = path.open("a+", encoding="utf-8")
    except OSError:
        yield  # opening the database says better what is wrong with its folder
        return
    with held:
        try:
            fcntl.lockf(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            held.seek(0)
            who = held.read(20).strip()
            raise Busy(f" (process {who})" if who.isdigit() else "") from None
        held.truncate(0)
        held.write(f"{os.getpid()}\n")
        held.flush()
        yield


@contextmanager
def server_lock(engine: "Engine") -> Iterator[None]:
    """Hold the lock of a PostgreSQL database with a connection of its own; nothing for SQLite."""
    if engine.dialect.name != "postgresql":
        yield
        return
    from sqlalchemy import func, select

    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.execute(select(func.pg_try_advisory_lock(_KEY))).scalar():
            raise Busy("")
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(_KEY)))
