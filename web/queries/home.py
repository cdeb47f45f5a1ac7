"""What the first page tells beside moves, checks and teams: stages now and before, and what is new."""

from collections import Counter
from datetime import datetime

from sqlalchemy import Connection, and_, func, or_, select

from web.queries import ENTITY, IS_SERVICE, SCORE, STANDING

_SERVICES = (IS_SERVICE, ENTITY.c.state != "gone")


def stages_now(connection: Connection, scorecard: str) -> Counter[int]:
    """How many services stand on each stage; 0 for those on none."""
    scored = and_(SCORE.c.entity_id == ENTITY.c.id, SCORE.c.scorecard == scorecard)
    query = (
        select(SCORE.c.stage, func.count())
        .select_from(ENTITY.outerjoin(SCORE, scored))
        .where(*_SERVICES)
        .group_by(SCORE.c.stage)
    )
    return Counter({stage or 0: count for stage, count in connection.execute(query)})


def stages_at(connection: Connection, scorecard: str, moment: datetime) -> Counter[int]:
    """How many services stood on each stage at a moment, of those known then."""
    query = (
        select(STANDING.c.stage, func.count())
        .where(
            STANDING.c.scorecard == scorecard,
            STANDING.c.since <= moment,
            or_(STANDING.c.until.is_(None), STANDING.c.until > moment),
        )
        .group_by(STANDING.c.stage)
    )
    return Counter({stage or 0: count for stage, count in connection.execute(query)})


def first_standing(connection: Connection, scorecard: str) -> datetime | None:
    """Since when standings are kept."""
    query = select(STANDING.c.since).where(STANDING.c.scorecard == scorecard)
    return connection.execute(query.order_by(STANDING.c.since).limit(1)).scalar()


def count_new(connection: Connection, since: datetime) -> int:
    """How many services were first seen since a moment."""
    query = select(func.count()).select_from(ENTITY).where(*_SERVICES, ENTITY.c.first_seen >= since)
    return int(connection.execute(query).scalar_one())
