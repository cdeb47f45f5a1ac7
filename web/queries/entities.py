"""Entities for the JSON API, and who names a ref."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from web.queries import ENTITY, RELATION, SCORE
from web.queries.service import EntityRow, ScoreRow, entity_query


def entities_by_id(connection: Connection, ids: Sequence[int]) -> list[EntityRow]:
    """Entities in the order of their ids given."""
    rows = connection.execute(entity_query().where(ENTITY.c.id.in_(ids)))
    found = {row[0]: EntityRow(*row) for row in rows}
    return [found[id_] for id_ in ids if id_ in found]


def scores_by_entity(connection: Connection, ids: Sequence[int]) -> dict[int, list[ScoreRow]]:
    """The scores of some entities on all their scorecards."""
    names = ("scorecard", "stage", "stage_possible", "score", "score_possible", "next", "checks")
    query = select(SCORE.c.entity_id, *(SCORE.c[n] for n in names)).where(SCORE.c.entity_id.in_(ids))
    found: dict[int, list[ScoreRow]] = {id_: [] for id_ in ids}
    for row in connection.execute(query.order_by(SCORE.c.scorecard)):
        found[row[0]].append(ScoreRow(*row[1:]))
    return found


def who_names(connection: Connection, ref: str, limit: int) -> list[tuple[str, str]]:
    """The refs of entities that name `ref`, each with its relation."""
    query = (
        select(ENTITY.c.ref, RELATION.c.type)
        .join(RELATION, RELATION.c.entity_id == ENTITY.c.id)
        .where(RELATION.c.target == ref, ENTITY.c.state != "gone")
        .order_by(ENTITY.c.ref, RELATION.c.type)
        .limit(limit)
    )
    return [(row.ref, row.type) for row in connection.execute(query)]
