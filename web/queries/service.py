"""One service: its entity, its standing, its relations both ways, its history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, or_, select

from web.drawing import Point
from web.queries import ENTITY, RELATION, REPOSITORY, SCORE, STANDING, VERDICT

_MANY = 400
_other = ENTITY.alias("other")
_former = VERDICT.alias("former")


@dataclass(frozen=True, slots=True)
class EntityRow:
    """An entity of any kind with the repository that holds it."""

    id: int
    ref: str
    kind: str
    namespace: str
    name: str
    title: str | None
    description: str | None
    type: str | None
    declared_type: str | None
    lifecycle: str | None
    owner: str | None
    system: str | None
    path: str
    descriptor: str | None
    line: int | None
    state: str
    scored: bool
    tags: list[str]
    document: dict[str, Any] | None
    first_seen: datetime
    gone_since: datetime | None
    repository_id: int
    repository: str
    location: str
    url: str | None
    commit: str | None
    committed_at: datetime | None
    author: str | None
    subject: str | None
    stale_since: datetime | None


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A service's standing on one scorecard, with the whole results."""

    scorecard: str
    stage: int | None
    stage_possible: int | None
    score: float | None
    score_possible: float | None
    next: list[str]
    checks: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class RelationRow:
    """One relation seen from an entity. `outgoing`: it says so itself; `found`: the other exists."""

    type: str
    outgoing: bool
    ref: str
    found: bool
    kind: str | None
    stage: int | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Period:
    """A verdict that began."""

    check: str
    status: str
    before: str | None
    message: str
    commit: str | None
    because: str
    since: datetime


_ENTITY_NAMES = (
    *("id", "ref", "kind", "namespace", "name", "title", "description", "type", "declared_type", "lifecycle"),
    *(
        "owner",
        "system",
        "path",
        "descriptor",
        "line",
        "state",
        "scored",
        "tags",
        "document",
        "first_seen",
        "gone_since",
    ),
)
_REPOSITORY_NAMES = ("location", "url", "commit", "committed_at", "author", "subject", "stale_since")
_ENTITY_COLUMNS = (
    *(ENTITY.c[name] for name in _ENTITY_NAMES),
    REPOSITORY.c.id,
    REPOSITORY.c.name,
    *(REPOSITORY.c[name] for name in _REPOSITORY_NAMES),
)
_BEST_FIRST: ColumnElement[int] = case(
    {"declared": 0, "undeclared": 1, "conflict": 2}, value=ENTITY.c.state, else_=3
)


def entity_query() -> Select[Any]:
    """Entities with their repositories, in the columns of `EntityRow`."""
    return select(*_ENTITY_COLUMNS).join(REPOSITORY, REPOSITORY.c.id == ENTITY.c.repository_id)


def entities_of(connection: Connection, ref: str) -> list[EntityRow]:
    """All that claim a ref: the one that holds it first, then those in conflict, then those gone."""
    query = entity_query().where(ENTITY.c.ref == ref.lower()).order_by(_BEST_FIRST, ENTITY.c.id).limit(20)
    return [EntityRow(*row) for row in connection.execute(query)]


def score_rows(connection: Connection, entity: int) -> list[ScoreRow]:
    """A service's standing on each of its scorecards, by name."""
    names = ("scorecard", "stage", "stage_possible", "score", "score_possible", "next", "checks")
    query = (
        select(*(SCORE.c[n] for n in names)).where(SCORE.c.entity_id == entity).order_by(SCORE.c.scorecard)
    )
    return [ScoreRow(*row) for row in connection.execute(query)]


def relation_rows(connection: Connection, entity: int, ref: str, scorecard: str) -> list[RelationRow]:
    """What an entity says of others, and what others say of it."""
    scored = and_(SCORE.c.entity_id == _other.c.id, SCORE.c.scorecard == scorecard)
    holds = _other.c.state.in_(("declared", "undeclared"))
    outgoing = (
        select(RELATION.c.type, RELATION.c.target, RELATION.c.line, _other.c.id, _other.c.kind, SCORE.c.stage)
        .select_from(
            RELATION.outerjoin(_other, and_(_other.c.ref == RELATION.c.target, holds)).outerjoin(
                SCORE, scored
            )
        )
        .where(RELATION.c.entity_id == entity)
        .order_by(RELATION.c.type, RELATION.c.target)
        .limit(_MANY)
    )
    incoming = (
        select(RELATION.c.type, _other.c.ref, _other.c.id, _other.c.kind, SCORE.c.stage)
        .select_from(RELATION.join(_other, _other.c.id == RELATION.c.entity_id).outerjoin(SCORE, scored))
        .where(RELATION.c.target == ref, holds)
        .order_by(RELATION.c.type, _other.c.ref)
        .limit(_MANY)
    )
    found = [
        RelationRow(r.type, True, r.target, r.id is not None, r.kind, r.stage, r.line)
        for r in connection.execute(outgoing)
    ]
    return found + [
        RelationRow(r.type, False, r.ref, True, r.kind, r.stage, None) for r in connection.execute(incoming)
    ]


def standing_points(connection: Connection, entity: int, scorecard: str) -> list[Point]:
    """Every stage and score a service had, the oldest first."""
    query = (
        select(STANDING.c.since, STANDING.c.score, STANDING.c.stage)
        .where(STANDING.c.entity_id == entity, STANDING.c.scorecard == scorecard)
        .order_by(STANDING.c.since)
    )
    return [Point(*row) for row in connection.execute(query)]


def periods(connection: Connection, entity: int, scorecard: str, limit: int) -> list[Period]:
    """Verdicts of a service in the order in which they began, the newest first."""
    before = and_(
        _former.c.entity_id == VERDICT.c.entity_id,
        _former.c.scorecard == VERDICT.c.scorecard,
        _former.c.check == VERDICT.c.check,
        _former.c.until == VERDICT.c.since,
    )
    names = ("message", "commit", "because", "since")
    query = (
        select(VERDICT.c.check, VERDICT.c.status, _former.c.status, *(VERDICT.c[name] for name in names))
        .select_from(VERDICT.outerjoin(_former, before))
        .where(
            VERDICT.c.entity_id == entity,
            VERDICT.c.scorecard == scorecard,
            or_(VERDICT.c.because != "first", VERDICT.c.until.is_(None)),
        )
        .order_by(VERDICT.c.since.desc(), VERDICT.c.id.desc())
        .limit(limit)
    )
    return [Period(*row) for row in connection.execute(query)]
