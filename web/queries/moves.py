"""What got worse or better: the present verdict beside the one that was in force a week ago."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal_column, or_, select

from web.queries import ENTITY, VERDICT

WINDOW = timedelta(days=7)
_BECAUSE = ("commit", "facts")
"""A verdict that changed because the rules did says nothing of the service."""


@dataclass(frozen=True, slots=True)
class Move:
    """One check of one service that got worse or better."""

    namespace: str
    name: str
    check: str
    before: str
    status: str
    message: str
    since: datetime


_now = VERDICT.alias("present")
_then = VERDICT.alias("former")
_other = VERDICT.alias("other")


def _rank(status: ColumnElement[str]) -> ColumnElement[int]:
    # `unknown` ranks with `fail`: it never helps, and from one to the other nothing got better or worse.
    return case({"pass": 3, "partial": 2, "unknown": 1, "fail": 1}, value=status, else_=0)


def _moved(direction: str, scorecard: str, since: datetime) -> ColumnElement[bool]:
    before, after = _rank(_then.c.status), _rank(_now.c.status)
    return and_(
        _now.c.scorecard == scorecard,
        _now.c.because.in_(_BECAUSE),
        # As the index on what changed says it, without which SQLite does not use that.
        _now.c.because != literal_column("'first'"),
        _now.c.since >= since,
        _now.c.until.is_(None),
        after < before if direction == "worse" else after > before,
        before > 0,
        after > 0,
        _then.c.since == _first_known(since),
    )


def _first_known(since: datetime) -> ColumnElement[datetime]:
    """When the verdict began that was in force at `since`, else the first one that is known."""
    same = and_(*(_other.c[name] == _now.c[name] for name in ("entity_id", "scorecard", "check")))
    in_force = or_(_other.c.until.is_(None), _other.c.until > since)
    return select(func.min(_other.c.since)).where(same, in_force).correlate(_now).scalar_subquery()


_JOINED = _now.join(
    _then, and_(*(_then.c[name] == _now.c[name] for name in ("entity_id", "scorecard", "check")))
)


def moved_entities(direction: str, scorecard: str, now: datetime) -> Select[tuple[int]]:
    """The ids of entities of which a check got worse (or better) in the last seven days and still is."""
    return select(_now.c.entity_id).select_from(_JOINED).where(_moved(direction, scorecard, now - WINDOW))


def moves(connection: Connection, direction: str, scorecard: str, now: datetime, limit: int) -> list[Move]:
    """The latest moves in one direction, the newest first."""
    query = (
        select(
            ENTITY.c.namespace,
            ENTITY.c.name,
            _now.c.check,
            _then.c.status.label("before"),
            _now.c.status,
            _now.c.message,
            _now.c.since,
        )
        .select_from(_JOINED.join(ENTITY, ENTITY.c.id == _now.c.entity_id))
        .where(_moved(direction, scorecard, now - WINDOW), ENTITY.c.state != "gone")
        .order_by(_now.c.since.desc(), ENTITY.c.name, _now.c.check)
        .limit(limit)
    )
    return [Move(*row) for row in connection.execute(query)]


def count_moves(connection: Connection, direction: str, scorecard: str, now: datetime) -> tuple[int, int]:
    """How many checks moved, and of how many services."""
    query = (
        select(func.count(), func.count(_now.c.entity_id.distinct()))
        .select_from(_JOINED.join(ENTITY, ENTITY.c.id == _now.c.entity_id))
        .where(_moved(direction, scorecard, now - WINDOW), ENTITY.c.state != "gone")
    )
    checks, services = connection.execute(query).one()
    return checks, services
