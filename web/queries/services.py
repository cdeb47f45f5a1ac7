"""The list of services: the rows of a page, and the counts of each filter under the others."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, case, func, literal, or_, select

from web.drawing import SPAN, Point
from web.filters import NONE, Filters
from web.queries import ENTITY, ENTITY_TAG, IS_SERVICE, REPOSITORY, SCORE, STANDING, VERDICT
from web.queries.moves import WINDOW, moved_entities
from web.queries.search import like
from web.wording import LACKING

PAGE = 50
_COLUMNS = {
    "stage": SCORE.c.stage,
    "owner": ENTITY.c.owner,
    "state": ENTITY.c.state,
    "type": ENTITY.c.type,
    "lifecycle": ENTITY.c.lifecycle,
}


@dataclass(frozen=True, slots=True)
class Row:
    """A service as the list shows it."""

    id: int
    ref: str
    namespace: str
    name: str
    system: str | None
    owner: str | None
    type: str | None
    lifecycle: str | None
    state: str
    tags: list[str]
    stage: int | None
    stage_possible: int | None
    score: float | None
    first_check: str | None
    first_status: str | None
    lacking: int
    repository: str
    repository_id: int
    committed_at: datetime | None
    stale_since: datetime | None


@dataclass(frozen=True, slots=True)
class Facets:
    """How many services each value of a filter would show, the other filters kept."""

    total: int
    values: dict[str, Counter[str]] = field(default_factory=dict)


def _joined(scorecard: str) -> FromClause:
    return ENTITY.outerjoin(SCORE, and_(SCORE.c.entity_id == ENTITY.c.id, SCORE.c.scorecard == scorecard))


def _is(column: ColumnElement[str], value: str) -> ColumnElement[bool]:
    return or_(column.is_(None), column == "") if value == NONE else column == value


def _conditions(filters: Filters, scorecard: str, now: datetime) -> dict[str, ColumnElement[bool]]:
    """A condition for each filter that is set, by its name."""
    found: dict[str, ColumnElement[bool]] = {}
    if filters.words:
        found["q"] = and_(*(ENTITY.c.search.like(like(word), escape="!") for word in filters.words))
    if filters.stage:
        found["stage"] = (
            SCORE.c.stage.is_(None) if filters.stage == NONE else SCORE.c.stage == int(filters.stage)
        )
    for name in ("owner", "type", "lifecycle", "system"):
        if value := getattr(filters, name):
            found[name] = _is(ENTITY.c[name], value)
    if filters.state:
        found["state"] = ENTITY.c.state == filters.state
    if filters.check:
        lacking = select(VERDICT.c.entity_id).where(
            VERDICT.c.scorecard == scorecard,
            VERDICT.c.check == filters.check,
            VERDICT.c.until.is_(None),
            VERDICT.c.status.in_(filters.statuses),
        )
        found["check"] = ENTITY.c.id.in_(lacking)
    if filters.only:
        found["only"] = and_(SCORE.c.first_check == filters.only, SCORE.c.lacking == 1)
    if filters.tag:
        found["tag"] = ENTITY.c.id.in_(select(ENTITY_TAG.c.entity_id).where(ENTITY_TAG.c.tag == filters.tag))
    if filters.moved == "new":
        found["moved"] = ENTITY.c.first_seen >= now - WINDOW
    elif filters.moved:
        found["moved"] = ENTITY.c.id.in_(moved_entities(filters.moved, scorecard, now))
    return found


def _where(conditions: dict[str, ColumnElement[bool]], *skipped: str) -> list[ColumnElement[bool]]:
    kept = [condition for name, condition in conditions.items() if name not in skipped]
    base = [IS_SERVICE]
    if "state" not in conditions and "state" not in skipped:
        base.append(ENTITY.c.state != "gone")
    return base + kept


def service_rows(
    connection: Connection, filters: Filters, scorecard: str, now: datetime, limit: int, offset: int = 0
) -> list[Row]:
    """The services asked for, in the order asked for."""
    query = _rows(filters, scorecard, now).limit(limit).offset(offset)
    return [Row(*row) for row in connection.execute(query)]


def all_service_rows(
    connection: Connection, filters: Filters, scorecard: str, now: datetime
) -> Iterator[Row]:
    """Every service asked for, one after the other, however many there are."""
    for row in connection.execution_options(yield_per=500).execute(_rows(filters, scorecard, now)):
        yield Row(*row)


def _rows(filters: Filters, scorecard: str, now: datetime) -> Select[Any]:
    joined = _joined(scorecard).join(REPOSITORY, REPOSITORY.c.id == ENTITY.c.repository_id)
    columns = (
        *(
            ENTITY.c[name]
            for name in ("id", "ref", "namespace", "name", "system", "owner", "type", "lifecycle")
        ),
        *(ENTITY.c[name] for name in ("state", "tags")),
        *(SCORE.c[name] for name in ("stage", "stage_possible", "score", "first_check", "first_status")),
        func.coalesce(SCORE.c.lacking, 0),
        REPOSITORY.c.name,
        REPOSITORY.c.id,
        REPOSITORY.c.committed_at,
        REPOSITORY.c.stale_since,
    )
    return (
        select(*columns)
        .select_from(joined)
        .where(*_where(_conditions(filters, scorecard, now)))
        .order_by(*_order(filters))
    )


def _order(filters: Filters) -> list[ColumnElement[object]]:
    column: ColumnElement[object] = {
        "name": ENTITY.c.name,
        "owner": ENTITY.c.owner,
        "stage": SCORE.c.stage,
        "score": SCORE.c.score,
        "changed": REPOSITORY.c.committed_at,
    }[filters.sort_key]
    # What has no value stands last in either order, on every database.
    missing: ColumnElement[object] = case((column.is_(None), literal(1)), else_=literal(0))
    turned = column.desc() if filters.descending else column.asc()
    first = [turned] if filters.sort_key == "name" else [missing, turned, ENTITY.c.name.asc()]
    return [*first, ENTITY.c.ref.asc(), ENTITY.c.id.asc()]


def facets(connection: Connection, filters: Filters, scorecard: str, now: datetime) -> Facets:
    """The total, and the counts of each filter's values; at most three queries."""
    conditions = _conditions(filters, scorecard, now)
    names = tuple(_COLUMNS)
    groups = connection.execute(
        select(*_COLUMNS.values(), func.count())
        .select_from(_joined(scorecard))
        .where(*_where(conditions, *names))
        .group_by(*_COLUMNS.values())
    ).all()
    values: dict[str, Counter[str]] = {name: Counter() for name in names}
    total = 0
    for *group, count in groups:
        words = [NONE if value in (None, "") else str(value) for value in group]
        misses = [name for name, word in zip(names, words, strict=True) if not _holds(filters, name, word)]
        if not misses:
            total += count
        for name, word in zip(names, words, strict=True):
            if not misses or misses == [name]:
                values[name][word] += count
    values["check"] = _check_counts(connection, conditions, scorecard)
    values["tag"] = _tag_counts(connection, conditions, scorecard)
    return Facets(total, values)


def _holds(filters: Filters, name: str, word: str) -> bool:
    wanted = getattr(filters, name)
    if name == "state" and not wanted:
        return word != "gone"
    return not wanted or bool(word == wanted)


def _check_counts(
    connection: Connection, conditions: dict[str, ColumnElement[bool]], scorecard: str
) -> Counter[str]:
    query = (
        select(VERDICT.c.check, func.count())
        .where(VERDICT.c.scorecard == scorecard, VERDICT.c.until.is_(None), VERDICT.c.status.in_(LACKING))
        .group_by(VERDICT.c.check)
    )
    # Periods end when a service is gone: without a filter every open one is of a service that is listed.
    if set(conditions) - {"check"}:
        query = query.where(VERDICT.c.entity_id.in_(_matching(conditions, scorecard, "check")))
    return Counter({row.check: row[1] for row in connection.execute(query)})


def _tag_counts(
    connection: Connection, conditions: dict[str, ColumnElement[bool]], scorecard: str
) -> Counter[str]:
    query = (
        select(ENTITY_TAG.c.tag, func.count())
        .where(ENTITY_TAG.c.entity_id.in_(_matching(conditions, scorecard, "tag")))
        .group_by(ENTITY_TAG.c.tag)
        .order_by(func.count().desc(), ENTITY_TAG.c.tag)
        .limit(200)
    )
    return Counter({row.tag: row[1] for row in connection.execute(query)})


def _matching(conditions: dict[str, ColumnElement[bool]], scorecard: str, skipped: str) -> Select[tuple[int]]:
    """The ids of the services that all filters but one show; scores are joined only where one asks."""
    scored = {"stage", "only"} & set(conditions) - {skipped}
    return (
        select(ENTITY.c.id)
        .select_from(_joined(scorecard) if scored else ENTITY)
        .where(*_where(conditions, skipped))
    )


def count_services(connection: Connection, filters: Filters, scorecard: str, now: datetime) -> int:
    """How many services these filters show."""
    query = select(func.count()).select_from(_joined(scorecard))
    where = _where(_conditions(filters, scorecard, now))
    return int(connection.execute(query.where(*where)).scalar_one())


def standings(
    connection: Connection, entities: Sequence[int], scorecard: str, now: datetime
) -> dict[int, list[Point]]:
    """The last ninety days of the scores of some services."""
    found: dict[int, list[Point]] = {entity: [] for entity in entities}
    if not entities:
        return found
    query = (
        select(STANDING.c.entity_id, STANDING.c.since, STANDING.c.score, STANDING.c.stage)
        .where(
            STANDING.c.entity_id.in_(entities),
            STANDING.c.scorecard == scorecard,
            or_(STANDING.c.until.is_(None), STANDING.c.until > now - SPAN),
        )
        .order_by(STANDING.c.since)
    )
    for entity, since, score, stage in connection.execute(query):
        found[entity].append(Point(since, score, stage))
    return found
