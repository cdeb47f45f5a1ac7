"""Deleting records of crawls and ended periods of history that are older than they are to be kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select

from catalog.tables import Crawl
from handrail.configuration import Kept
from scorecards.tables import Standing, Verdict

_CRAWL: Any = Crawl.__table__  # type: ignore[attr-defined]
_PERIODS: tuple[Any, ...] = (Verdict.__table__, Standing.__table__)  # type: ignore[attr-defined]


def prune(connection: Connection, kept: Kept, now: datetime) -> None:
    """Delete what has been kept long enough. The last crawl and what holds at present always stay."""
    last = select(func.max(_CRAWL.c.id)).scalar_subquery()
    connection.execute(delete(_CRAWL).where(_CRAWL.c.started_at < now - kept.crawls, _CRAWL.c.id != last))
    if kept.history is not None:
        for table in _PERIODS:
            connection.execute(delete(table).where(table.c.until < now - kept.history))
