"""How checks stand over all services."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from web.queries import ENTITY, IS_SERVICE, SCORE, VERDICT
from web.wording import LACKING


@dataclass(frozen=True, slots=True)
class Lacking:
    """A service of which a check does not hold."""

    namespace: str
    name: str
    owner: str | None
    stage: int | None
    stage_possible: int | None
    status: str
    message: str
    since: datetime


def _present(scorecard: str) -> list[ColumnElement[bool]]:
    return [
        VERDICT.c.scorecard == scorecard,
        VERDICT.c.until.is_(None),
        IS_SERVICE,
        ENTITY.c.state != "gone",
    ]


def status_counts(connection: Connection, scorecard: str, check: str = "") -> dict[str, Counter[str]]:
    """For each check, or for one, how many services stand under each status.

    Only open periods are counted, and those end when a service is gone.
    """
    query = (
        select(VERDICT.c.check, VERDICT.c.status, func.count())
        .where(VERDICT.c.scorecard == scorecard, VERDICT.c.until.is_(None))
        .group_by(VERDICT.c.check, VERDICT.c.status)
    )
    if check:
        query = query.where(VERDICT.c.check == check)
    found: dict[str, Counter[str]] = {}
    for name, status, count in connection.execute(query):
        found.setdefault(name, Counter())[status] += count
    return found


def lacking_services(connection: Connection, scorecard: str, check: str, limit: int) -> list[Lacking]:
    """Services of which a check does not hold: fail first, then partial, then unknown."""
    order = case({"fail": 0, "partial": 1, "unknown": 2}, value=VERDICT.c.status, else_=3)
    scored = and_(SCORE.c.entity_id == ENTITY.c.id, SCORE.c.scorecard == scorecard)
    query = (
        select(
            *(ENTITY.c[name] for name in ("namespace", "name", "owner")),
            *(SCORE.c[name] for name in ("stage", "stage_possible")),
            *(VERDICT.c[name] for name in ("status", "message", "since")),
        )
        .select_from(VERDICT.join(ENTITY, ENTITY.c.id == VERDICT.c.entity_id).outerjoin(SCORE, scored))
        .where(*_present(scorecard), VERDICT.c.check == check, VERDICT.c.status.in_(LACKING))
        .order_by(order, ENTITY.c.name, ENTITY.c.id)
        .limit(limit)
    )
    return [Lacking(*row) for row in connection.execute(query)]


def only_lacking(connection: Connection, scorecard: str) -> Counter[str]:
    """For each check how many services would rise a stage if it held: it is all that holds them back."""
    query = (
        select(SCORE.c.first_check, func.count())
        .select_from(SCORE.join(ENTITY, ENTITY.c.id == SCORE.c.entity_id))
        .where(
            SCORE.c.scorecard == scorecard,
            SCORE.c.lacking == 1,
            SCORE.c.first_check.is_not(None),
            IS_SERVICE,
            ENTITY.c.state != "gone",
        )
        .group_by(SCORE.c.first_check)
    )
    return Counter({row.first_check: row[1] for row in connection.execute(query)})
