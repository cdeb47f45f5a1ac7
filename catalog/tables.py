"""The catalog's tables. Times are UTC; a JSON column holds the shape its docstring names."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Index, MetaData, TypeDecorator, UniqueConstraint
from sqlmodel import Field, SQLModel

# Constraints need names of their own so that a migration can change them on every database.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata


class Utc(TypeDecorator[datetime]):
    """A time in UTC that comes back aware, also from SQLite, which keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Refuse a naive time, which would mean something else on each machine."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give SQLite's naive answer its zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Crawl(SQLModel, table=True):
    """One pass over the sources. `finished_at` stays empty where it was cut off."""

    id: int | None = Field(default=None, primary_key=True)
    started_at: datetime = Field(sa_type=Utc)
    finished_at: datetime | None = Field(default=None, sa_type=Utc)
    sources: list[str] = Field(sa_type=JSON)
    rules: str
    repositories: int = 0
    changed: int = 0
    services: int = 0
    errors: int = 0
    seconds: float = 0.0


class Problem(SQLModel, table=True):
    """What went wrong in a crawl: one place, one sentence. `kind` groups them: see `catalog.problem`."""

    id: int | None = Field(default=None, primary_key=True)
    crawl_id: int = Field(foreign_key="crawl.id", index=True, ondelete="CASCADE")
    repository: str
    path: str | None = None
    line: int | None = None
    kind: str
    message: str


class Repository(SQLModel, table=True):
    """A repository as it was last read.

    `location` is its absolute path; `asked` the answers of the facts its results rest on; `valid_until` the
    first day end after which a verdict may change by itself; `stale_since` is set while it cannot be read.
    """

    __table_args__ = (UniqueConstraint("location"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    location: str
    url: str | None = None
    commit: str | None = None
    committed_at: datetime | None = Field(default=None, sa_type=Utc)
    author: str | None = None
    subject: str | None = None
    rules: str | None = None
    asked: dict[str, bool | str | None] = Field(default_factory=dict, sa_type=JSON)
    valid_until: str | None = None
    first_seen: datetime = Field(sa_type=Utc)
    changed_at: datetime = Field(sa_type=Utc)
    stale_since: datetime | None = Field(default=None, sa_type=Utc)
    gone_since: datetime | None = Field(default=None, sa_type=Utc)
    problems: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)


class Entity(SQLModel, table=True):
    """An entity of any kind. `ref` is lower case, `kind:namespace/name`.

    `state` is declared, undeclared, conflict or gone; a ref is held by one entity that is not in conflict.
    `document` is the descriptor's document in Backstage's model as plain JSON, with the key
    `handrail.dev/descriptors` where another format or several descriptors made it; `search` is the
    lower-case text that filters read.
    """

    __table_args__ = (
        UniqueConstraint("ref", "repository_id"),
        Index(None, "kind", "state", "name"),
        Index(None, "owner"),
    )

    id: int | None = Field(default=None, primary_key=True)
    repository_id: int = Field(foreign_key="repository.id", index=True, ondelete="CASCADE")
    ref: str = Field(index=True)
    kind: str
    namespace: str
    name: str
    title: str | None = None
    description: str | None = None
    type: str | None = None
    declared_type: str | None = None
    lifecycle: str | None = None
    owner: str | None = None
    system: str | None = None
    path: str = ""
    descriptor: str | None = None
    line: int | None = None
    state: str
    scored: bool = False
    tags: list[str] = Field(default_factory=list, sa_type=JSON)
    document: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    search: str = ""
    first_seen: datetime = Field(sa_type=Utc)
    gone_since: datetime | None = Field(default=None, sa_type=Utc)


class EntityTag(SQLModel, table=True):
    """One tag of an entity, for filters."""

    __tablename__ = "entity_tag"

    entity_id: int = Field(foreign_key="entity.id", primary_key=True, ondelete="CASCADE")
    tag: str = Field(primary_key=True, index=True)


class Relation(SQLModel, table=True):
    """What an entity says of another: Backstage's relation types, as written (`dependsOn`, `ownedBy` ...).

    The other direction is read from the same row. The target may lead nowhere: then no entity has `target`.
    """

    id: int | None = Field(default=None, primary_key=True)
    entity_id: int = Field(foreign_key="entity.id", index=True, ondelete="CASCADE")
    type: str
    target: str = Field(index=True)
    line: int | None = None
