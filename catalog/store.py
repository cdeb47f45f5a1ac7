"""Writing what was read into the catalog's tables, in batches, one transaction each.

Rows are plain mappings and the statements are SQLAlchemy Core: one ORM object a row costs more than reading
the repositories does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, case, delete, insert, select, update

from catalog.tables import Entity, EntityTag, Relation, Repository

Row = dict[str, Any]
_ENTITY: Any = Entity.__table__  # type: ignore[attr-defined]
_REPOSITORY: Any = Repository.__table__  # type: ignore[attr-defined]
_RELATION: Any = Relation.__table__  # type: ignore[attr-defined]
_TAG: Any = EntityTag.__table__  # type: ignore[attr-defined]
_CHUNK = 500


class Known(NamedTuple):
    """A repository as the catalog has it."""

    id: int
    location: str
    name: str
    commit: str | None
    rules: str | None
    asked: Mapping[str, bool | str | None]
    valid_until: str | None
    stale: bool
    gone: bool


@dataclass(slots=True)
class Claims:
    """Which repository holds each ref, by location: the first known keeps it, another is in conflict."""

    holders: dict[str, str] = field(default_factory=dict)

    def state(self, ref: str, location: str, state: str) -> str:
        """The state of an entity that claims `ref`, which it holds from now on if nobody else does."""
        return state if self.holders.setdefault(ref, location) == location else "conflict"


def known_repositories(connection: Connection) -> dict[str, Known]:
    """Every repository by location."""
    table = _REPOSITORY.c
    columns = (
        table.id,
        table.location,
        table.name,
        table.commit,
        table.rules,
        table.asked,
        table.valid_until,
    )
    rows = connection.execute(select(*columns, table.stale_since, table.gone_since))
    return {
        r.location: Known(
            r.id,
            r.location,
            r.name,
            r.commit,
            r.rules,
            r.asked,
            r.valid_until,
            r.stale_since is not None,
            r.gone_since is not None,
        )
        for r in rows
    }


def claims(connection: Connection) -> Claims:
    """Who holds each ref at present."""
    rows = connection.execute(
        select(_ENTITY.c.ref, _REPOSITORY.c.location)
        .join(_REPOSITORY, _REPOSITORY.c.id == _ENTITY.c.repository_id)
        .where(_ENTITY.c.state.in_(("declared", "undeclared")))
    )
    return Claims({row.ref: row.location for row in rows})


def known_refs(connection: Connection) -> frozenset[str]:
    """Refs of all entities that are not gone."""
    return frozenset(connection.scalars(select(_ENTITY.c.ref).where(_ENTITY.c.state != "gone").distinct()))


def save_repositories(
    connection: Connection, rows: Sequence[Row], known: Mapping[str, Known]
) -> dict[str, int]:
    """Insert or update repositories; gives each location's id."""
    new = [row for row in rows if row["location"] not in known]
    ids = {row["location"]: known[row["location"]].id for row in rows if row["location"] in known}
    if new:
        made = connection.execute(
            insert(_REPOSITORY).returning(_REPOSITORY.c.id, sort_by_parameter_order=True), new
        )
        ids |= {row["location"]: id_ for row, (id_,) in zip(new, made, strict=True)}
    old = [
        {f"b_{k}": v for k, v in row.items() if k != "first_seen"} for row in rows if row["location"] in known
    ]
    if old:
        values: dict[str, Any] = {k[2:]: bindparam(k) for k in old[0] if k != "b_location"}
        connection.execute(
            update(_REPOSITORY).where(_REPOSITORY.c.location == bindparam("b_location")).values(values), old
        )
    return ids


def save_entities(
    connection: Connection, rows: Sequence[Row], repositories: Iterable[int], fresh: bool, now: datetime
) -> dict[tuple[int, str], int]:
    """Insert or update the entities of some repositories, and mark those that are no longer there as gone.

    Each row has the columns of `Entity`, and `tags` and `relations` beside. `fresh` says that nothing of
    these repositories is stored yet. Gives the id of each by repository and ref.
    """
    held: dict[tuple[int, str], int] = {} if fresh else _held(connection, repositories)
    columns = [{k: v for k, v in row.items() if k not in ("relations",)} for row in rows]
    keys = [(row["repository_id"], row["ref"]) for row in rows]
    new = [c for c, key in zip(columns, keys, strict=True) if key not in held]
    ids = {key: held[key] for key in keys if key in held}
    if new:
        made = connection.execute(insert(_ENTITY).returning(_ENTITY.c.id, sort_by_parameter_order=True), new)
        ids |= {(c["repository_id"], c["ref"]): id_ for c, (id_,) in zip(new, made, strict=True)}
    old = [
        {"b_id": held[key], **{f"b_{k}": v for k, v in c.items() if k != "first_seen"}}
        for c, key in zip(columns, keys, strict=True)
        if key in held
    ]
    if old:
        values: dict[str, Any] = {k[2:]: bindparam(k) for k in old[0] if k != "b_id"} | {"gone_since": None}
        connection.execute(update(_ENTITY).where(_ENTITY.c.id == bindparam("b_id")).values(values), old)
    _mark_gone(connection, [id_ for key, id_ in held.items() if key not in ids], now)
    _replace_parts(connection, rows, keys, ids, held)
    return ids


def _held(connection: Connection, repositories: Iterable[int]) -> dict[tuple[int, str], int]:
    query = select(_ENTITY.c.id, _ENTITY.c.repository_id, _ENTITY.c.ref).where(
        _ENTITY.c.repository_id.in_(list(repositories))
    )
    return {(r.repository_id, r.ref): r.id for r in connection.execute(query)}


def _mark_gone(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    for start in range(0, len(ids), _CHUNK):
        part = _ENTITY.c.id.in_(ids[start : start + _CHUNK])
        connection.execute(
            update(_ENTITY).where(part, _ENTITY.c.state != "gone").values(state="gone", gone_since=now)
        )


def _replace_parts(
    connection: Connection,
    rows: Sequence[Row],
    keys: Sequence[tuple[int, str]],
    ids: Mapping[tuple[int, str], int],
    held: Mapping[tuple[int, str], int],
) -> None:
    old = [ids[key] for key in keys if key in held]
    for start in range(0, len(old), _CHUNK):
        part = old[start : start + _CHUNK]
        connection.execute(delete(_RELATION).where(_RELATION.c.entity_id.in_(part)))
        connection.execute(delete(_TAG).where(_TAG.c.entity_id.in_(part)))
    tags, relations = [], []
    for row, key in zip(rows, keys, strict=True):
        tags += [{"entity_id": ids[key], "tag": tag} for tag in dict.fromkeys(row["tags"])]
        relations += [
            {"entity_id": ids[key], "type": type_, "target": target, "line": line}
            for type_, target, line in row["relations"]
        ]
    if tags:
        connection.execute(insert(_TAG), tags)
    if relations:
        connection.execute(insert(_RELATION), relations)


def mark_stale(
    connection: Connection, id_: int, problems: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """Keep what was last read of a repository that cannot be read now, and say since when."""
    since = case((_REPOSITORY.c.stale_since.is_(None), now), else_=_REPOSITORY.c.stale_since)
    connection.execute(
        update(_REPOSITORY)
        .where(_REPOSITORY.c.id == id_)
        .values(stale_since=since, gone_since=None, problems=list(problems))
    )


def retire_repositories(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """Mark repositories that are no longer found, and their entities, as gone."""
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        connection.execute(update(_REPOSITORY).where(_REPOSITORY.c.id.in_(part)).values(gone_since=now))
        connection.execute(
            update(_ENTITY)
            .where(_ENTITY.c.repository_id.in_(part), _ENTITY.c.state != "gone")
            .values(state="gone", gone_since=now)
        )


def settle_conflicts(connection: Connection) -> None:
    """Give a ref that nobody holds any more to the entity that has claimed it longest."""
    held = select(_ENTITY.c.ref).where(_ENTITY.c.state.in_(("declared", "undeclared")))
    waiting = connection.execute(
        select(_ENTITY.c.id, _ENTITY.c.ref, _ENTITY.c.descriptor)
        .where(_ENTITY.c.state == "conflict", _ENTITY.c.ref.not_in(held))
        .order_by(_ENTITY.c.id)
    ).all()
    given: set[str] = set()
    for row in waiting:
        if row.ref not in given:
            given.add(row.ref)
            state = "declared" if row.descriptor else "undeclared"
            connection.execute(update(_ENTITY).where(_ENTITY.c.id == row.id).values(state=state))
