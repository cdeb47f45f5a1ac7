"""Opening the database: SQLite with a write-ahead log, or PostgreSQL."""

import json
from typing import Any

from sqlalchemy import URL, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

CONNECT_SECONDS = 5
"""How long PostgreSQL may take to accept a connection, unless the address says otherwise."""


class Dumped(str):
    """JSON text that was made elsewhere, in the process that had the value, and is stored as it is."""

    __slots__ = ()


def _dump(value: Any) -> str:
    return value if isinstance(value, Dumped) else json.dumps(value, separators=(",", ":"))


def parse_url(text: str) -> URL:
    """The database address; `ValueError` says what is wrong with it."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise ValueError(
            "not a database address; write sqlite:///FILE or postgresql://USER@HOST/NAME"
        ) from error
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise ValueError(f"`{url.drivername}` is not supported; use sqlite or postgresql")
    return url


def open_engine(text: str) -> Engine:
    """An engine for the address; nothing is connected to yet. Raises `ValueError` for a bad address."""
    url = parse_url(text)
    server = url.get_backend_name() == "postgresql"
    if server and "connect_timeout" not in url.query:
        url = url.update_query_dict({"connect_timeout": str(CONNECT_SECONDS)})
    # A connection that broke while it waited in the pool is replaced before it is used.
    engine = create_engine(url, json_serializer=_dump, pool_pre_ping=server)
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def trace_queries(engine: Engine, tracer: Any) -> None:
    """Make a span of each query with an OpenTelemetry tracer.

    OpenTelemetry's own instrumentation refuses SQLAlchemy 2.1.
    """

    @event.listens_for(engine, "before_cursor_execute")
    def begin(_c: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool) -> None:
        attributes = {"db.system.name": engine.dialect.name, "db.query.text": statement[:2000]}
        context.span = tracer.start_span(statement.split(None, 1)[0], attributes=attributes)

    @event.listens_for(engine, "after_cursor_execute")
    def end(_c: Any, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool) -> None:
        context.span.end()

    @event.listens_for(engine, "handle_error")
    def fail(failed: ExceptionContext) -> None:
        span = getattr(failed.execution_context, "span", None)
        if span is not None:
            span.record_exception(failed.original_exception)
            span.end()
