"""Search over entities of every kind."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, case, select

from web.queries import ENTITY, IS_SERVICE


@dataclass(frozen=True, slots=True)
class Hit:
    """An entity that was found."""

    ref: str
    kind: str
    name: str
    title: str | None
    description: str | None
    owner: str | None


def like(word: str) -> str:
    """A pattern for LIKE with `!` as its escape that finds the word anywhere."""
    escaped = word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{escaped}%"


def search_entities(connection: Connection, words: list[str], limit: int) -> list[Hit]:
    """Entities in whose text every word occurs: first where the name is it, then where it begins so."""
    name = words[0].replace("!", "!!").replace("%", "!%").replace("_", "!_")
    begins: ColumnElement[int] = case(
        (ENTITY.c.ref.like(f"%/{name}", escape="!"), 0),
        (ENTITY.c.ref.like(f"%/{name}%", escape="!"), 1),
        else_=2,
    )
    service: ColumnElement[int] = case((IS_SERVICE, 0), else_=1)
    query = (
        select(*(ENTITY.c[n] for n in ("ref", "kind", "name", "title", "description", "owner")))
        .where(ENTITY.c.state != "gone", *(ENTITY.c.search.like(like(word), escape="!") for word in words))
        .order_by(begins, service, ENTITY.c.name, ENTITY.c.id)
        .limit(limit)
    )
    return [Hit(*row) for row in connection.execute(query)]
