"""Writing where services stand, and since when: a row is added only where something changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from scorecards.tables import Score, Standing, Verdict

Row = dict[str, Any]
_SCORE: Any = Score.__table__  # type: ignore[attr-defined]
_VERDICT: Any = Verdict.__table__  # type: ignore[attr-defined]
_STANDING: Any = Standing.__table__  # type: ignore[attr-defined]
_CHUNK = 500


def save(connection: Connection, results: Sequence[Row], fresh: bool, now: datetime) -> None:
    """Store present results and begin a period of history where one differs from the last.

    Each result has the columns of `Score`, and beside them `verdicts`, a list of (check, status, message),
    `commit` and `because`. `fresh` says that nothing is stored yet for these entities. Saving twice at the
    same `now` leaves one period: what came between the two was never seen by anybody.
    """
    scores = [{k: v for k, v in r.items() if k not in ("verdicts", "commit", "because")} for r in results]
    ids = sorted({r["entity_id"] for r in results})
    verdicts = {
        (r["entity_id"], r["scorecard"], check): {
            "entity_id": r["entity_id"],
            "scorecard": r["scorecard"],
            "check": check,
            "status": status,
            "message": message,
            "commit": r["commit"],
            "because": r["because"],
        }
        for r in results
        for check, status, message in r["verdicts"]
    }
    standings = {
        (r["entity_id"], r["scorecard"]): {
            k: r[k] for k in ("entity_id", "scorecard", "stage", "score", "commit", "because")
        }
        for r in results
    }
    if not fresh:
        _remove(connection, _SCORE, ids)
    if scores:
        connection.execute(insert(_SCORE), scores)
    _save_periods(connection, _VERDICT, verdicts, ids if not fresh else [], now)
    _save_periods(connection, _STANDING, standings, ids if not fresh else [], now)


def end(connection: Connection, entities: Sequence[int], now: datetime) -> None:
    """Close every open period of services that are gone, and drop their present scores."""
    for start in range(0, len(entities), _CHUNK):
        part = entities[start : start + _CHUNK]
        for table in (_VERDICT, _STANDING):
            connection.execute(
                update(table).where(table.c.entity_id.in_(part), table.c.until.is_(None)).values(until=now)
            )
    _remove(connection, _SCORE, entities)


def verdicts_at(connection: Connection, entity: int, scorecard: str, when: datetime) -> dict[str, str]:
    """The status of each check of a service at a moment, by check id."""
    t = _VERDICT.c
    rows = connection.execute(
        select(t.check, t.status).where(
            t.entity_id == entity,
            t.scorecard == scorecard,
            t.since <= when,
            t.until.is_(None) | (t.until > when),
        )
    )
    return {row.check: row.status for row in rows}


def standing_at(connection: Connection, entity: int, scorecard: str, when: datetime) -> Row | None:
    """Stage and score of a service at a moment, None where it was not known then."""
    t = _STANDING.c
    row = connection.execute(
        select(t.stage, t.score, t.since, t.commit).where(
            t.entity_id == entity,
            t.scorecard == scorecard,
            t.since <= when,
            t.until.is_(None) | (t.until > when),
        )
    ).one_or_none()
    return None if row is None else dict(row._mapping)


def _remove(connection: Connection, table: Any, ids: Sequence[int]) -> None:
    for start in range(0, len(ids), _CHUNK):
        connection.execute(delete(table).where(table.c.entity_id.in_(ids[start : start + _CHUNK])))


_WHAT = {"verdict": ("status", "message"), "standing": ("stage", "score")}
_KEY = {"verdict": ("entity_id", "scorecard", "check"), "standing": ("entity_id", "scorecard")}


def _save_periods(
    connection: Connection, table: Any, rows: Mapping[Any, Row], ids: Sequence[int], now: datetime
) -> None:
    what, key = _WHAT[table.name], _KEY[table.name]
    open_periods: dict[Any, Any] = {}
    for start in range(0, len(ids), _CHUNK):
        found = connection.execute(
            select(table).where(table.c.entity_id.in_(ids[start : start + _CHUNK]), table.c.until.is_(None))
        )
        open_periods |= {tuple(getattr(r, k) for k in key): r for r in found}
    begun = [
        {**row, "since": now, "until": None}
        for k, row in rows.items()
        if k not in open_periods or any(getattr(open_periods[k], w) != row[w] for w in what)
    ]
    ended = [
        period
        for k, period in open_periods.items()
        if k not in rows or any(getattr(period, w) != rows[k][w] for w in what)
    ]
    closed = [{"b_id": p.id, "b_until": now} for p in ended if p.since != now]
    undone = [p.id for p in ended if p.since == now]
    if closed:
        connection.execute(
            update(table).where(table.c.id == bindparam("b_id")).values(until=bindparam("b_until")), closed
        )
    for start in range(0, len(undone), _CHUNK):
        connection.execute(delete(table).where(table.c.id.in_(undone[start : start + _CHUNK])))
    if begun:
        connection.execute(insert(table), begun)
    if undone:
        _rejoin(connection, table, key, what, now)


def _rejoin(
    connection: Connection, table: Any, key: Sequence[str], what: Sequence[str], now: datetime
) -> None:
    """Reopen a period that ended at `now` where the one that then began says the same."""
    ending, beginning = table.alias("ending"), table.alias("beginning")
    same = [getattr(ending.c, k) == getattr(beginning.c, k) for k in key]
    same += [getattr(ending.c, w).is_not_distinct_from(getattr(beginning.c, w)) for w in what]
    pairs = connection.execute(
        select(ending.c.id, beginning.c.id)
        .where(*same, ending.c.until == now, beginning.c.since == now, beginning.c.until.is_(None))
        .where(ending.c.id != beginning.c.id)
    ).all()
    for old, new in pairs:
        connection.execute(delete(table).where(table.c.id == new))
        connection.execute(update(table).where(table.c.id == old).values(until=None))
