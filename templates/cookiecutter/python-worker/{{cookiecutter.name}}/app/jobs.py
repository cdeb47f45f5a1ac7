"""The queue: jobs in a table of PostgreSQL.

A job is taken in one short statement, which also pushes its `due` into the future: that is the lease. Who dies
with a job in hand leaves it to the next, once the lease is over. Who finishes a job says how often it had been taken
by then; if somebody else has taken it since, the finishing does nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg.types.json import Jsonb

from app import telemetry
from app.settings import Settings

TAKE = """
    UPDATE jobs SET taken = taken + 1, due = now() + make_interval(secs => %(lease)s)
    WHERE id = (
        SELECT id FROM jobs WHERE state = 'waiting' AND due <= now()
        ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING id, key, payload, trace, taken, excused, wanted, extract(epoch FROM now() - wanted)
"""


@dataclass(frozen=True)
class Job:
    """A job that is ours for now; `age` in seconds since it was wanted."""

    id: int
    key: str
    payload: Any
    trace: dict[str, str]
    taken: int
    excused: int
    wanted: datetime
    age: float

    @property
    def failures(self) -> int:
        """How often it was taken before and not finished, for a reason of its own."""
        return self.taken - 1 - self.excused


@dataclass(frozen=True)
class State:
    """What is in the queue: jobs that could be taken now, all that are not finished, the longest that one of
    them has been waiting, and dead letters."""

    ready: int
    open: int
    oldest: float
    dead: int


class Queue:
    """One connection to the queue. Not to be shared between threads. Raises psycopg.Error if it is not there."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        milliseconds = int(settings.database_timeout * 1000)
        return cls(
            psycopg.connect(
                settings.database_url,
                autocommit=True,
                application_name="{{ cookiecutter.name }}",
                connect_timeout=max(2, int(settings.database_timeout)),
                # The server ends what takes too long; the network's silence ends here.
                options=f"-c statement_timeout={milliseconds} -c idle_in_transaction_session_timeout={milliseconds}",
                tcp_user_timeout=milliseconds,
                keepalives_idle=5,
                keepalives_interval=2,
                keepalives_count=3,
            )
        )

    def put(self, key: str, payload: Any) -> bool:
        """Put a job into the queue; False if a job of that key is or was there."""
        done = self._connection.execute(
            "INSERT INTO jobs (key, payload, trace) VALUES (%s, %s, %s) ON CONFLICT (key) DO NOTHING",
            [key, Jsonb(payload), Jsonb(telemetry.trace_headers())],
        )
        return done.rowcount == 1

    def take(self, lease: float) -> Job | None:
        """Take the job that has been due for longest, for so many seconds; None if none is due."""
        row = self._connection.execute(TAKE, {"lease": lease}).fetchone()
        return Job(*row[:7], float(row[7])) if row else None

    def finish(self, job: Job, receipt: str) -> bool:
        """Note that a job is done; False if it is not ours any more."""
        return self._change(job, "state = 'done', finished = now(), receipt = %(text)s, error = NULL", text=receipt)

    def put_back(self, job: Job, seconds: float, error: str, *, excused: bool) -> bool:
        """Let anybody take a job again after so many seconds; excused if the failure was not the job's own."""
        return self._change(
            job,
            "due = now() + make_interval(secs => %(seconds)s), excused = excused + %(excused)s, error = %(text)s",
            seconds=seconds,
            excused=int(excused),
            text=error,
        )

    def bury(self, job: Job, error: str) -> bool:
        """Make a job a dead letter: nobody takes it until it is revived."""
        return self._change(job, "state = 'dead', finished = now(), error = %(text)s", text=error)

    def dead_letters(self, most: int = 1000) -> list[dict[str, Any]]:
        """Return the newest dead letters."""
        rows = self._connection.execute(
            "SELECT key, payload, taken, wanted, finished, error FROM jobs WHERE state = 'dead'"
            " ORDER BY finished DESC LIMIT %s",
            [most],
        )
        names = ("key", "payload", "taken", "wanted", "buried", "error")
        return [
            {name: str(value) if isinstance(value, datetime) else value for name, value in zip(names, row, strict=True)}
            for row in rows
        ]

    def revive(self, keys: list[str] | None) -> int:
        """Put dead letters back, all if no keys are named, as though they were new; return how many."""
        done = self._connection.execute(
            "UPDATE jobs SET state = 'waiting', due = now(), excused = taken, finished = NULL, wanted = now()"
            " WHERE state = 'dead' AND (%(keys)s::text[] IS NULL OR key = ANY(%(keys)s))",
            {"keys": keys},
        )
        return done.rowcount

    def forget(self, age: float, most: int = 1000) -> int:
        """Delete some jobs that were done longer ago than so many seconds; return how many."""
        done = self._connection.execute(
            "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE state = 'done'"
            " AND finished < now() - make_interval(secs => %s) LIMIT %s)",
            [age, most],
        )
        return done.rowcount

    def state(self) -> State:
        row = self._connection.execute(
            "SELECT count(*) FILTER (WHERE due <= now()), count(*),"
            " coalesce(extract(epoch FROM now() - min(wanted)), 0),"
            " (SELECT count(*) FROM jobs WHERE state = 'dead') FROM jobs WHERE state = 'waiting'"
        ).fetchone()
        assert row is not None
        return State(row[0], row[1], max(0.0, float(row[2])), row[3])

    def _change(self, job: Job, assignments: str, **values: Any) -> bool:
        done = self._connection.execute(
            f"UPDATE jobs SET {assignments} WHERE id = %(id)s AND taken = %(taken)s AND state = 'waiting'",
            {"id": job.id, "taken": job.taken, **values},
        )
        return done.rowcount == 1

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
