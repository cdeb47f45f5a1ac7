"""What only a person can decide: who keeps a name that two repositories claim, and what may be forgotten."""

from typing import Any

from sqlalchemy import Connection, delete, exists, select, update

from catalog.tables import Entity, Repository

_ENTITY: Any = Entity.__table__  # type: ignore[attr-defined]
_REPOSITORY: Any = Repository.__table__  # type: ignore[attr-defined]


def forget(connection: Connection, ref: str) -> None:
    """Delete the entities of a ref that are gone, with their history, and repositories that held no other.

    `LookupError` says why not: none has the ref, or the one that has it is still there.
    """
    rows = _claims(connection, ref)
    gone = [row for row in rows if row.state == "gone"]
    if not gone:
        there = rows[0]
        raise LookupError(
            f"`{there.ref}` is still declared in {there.repository}, so the next crawl would find it again."
            f" Remove {there.descriptor or 'it'} there first."
        )
    connection.execute(delete(_ENTITY).where(_ENTITY.c.id.in_([row.id for row in gone])))
    holds = exists().where(_ENTITY.c.repository_id == _REPOSITORY.c.id)
    connection.execute(
        delete(_REPOSITORY).where(
            _REPOSITORY.c.id.in_([row.repository_id for row in gone]),
            _REPOSITORY.c.gone_since.is_not(None),
            ~holds,
        )
    )


def give(connection: Connection, ref: str, repository: str) -> None:
    """Let a repository keep a ref that others claim as well; `LookupError` where it does not claim it."""
    rows = [row for row in _claims(connection, ref) if row.state != "gone"]
    chosen = [row for row in rows if row.repository == repository]
    if len(chosen) != 1:
        claiming = ", ".join(sorted({row.repository for row in rows})) or "no repository"
        raise LookupError(f"`{ref}` is not claimed by `{repository}`. It is claimed by: {claiming}.")
    for row in rows:
        state = "conflict" if row is not chosen[0] else "declared" if row.descriptor else "undeclared"
        connection.execute(update(_ENTITY).where(_ENTITY.c.id == row.id).values(state=state))


def _claims(connection: Connection, ref: str) -> list[Any]:
    columns = (_ENTITY.c.id, _ENTITY.c.ref, _ENTITY.c.state, _ENTITY.c.descriptor, _ENTITY.c.repository_id)
    found = connection.execute(
        select(*columns, _REPOSITORY.c.name.label("repository"))
        .join(_REPOSITORY, _REPOSITORY.c.id == _ENTITY.c.repository_id)
        .where(_ENTITY.c.ref == ref.strip().lower())
        .order_by(_ENTITY.c.id)
    ).all()
    if not found:
        raise LookupError(f"The catalog knows no `{ref}`. Refs look like component:default/payments.")
    return list(found)
