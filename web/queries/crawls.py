"""Crawls: what was read, and what went wrong."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from web.queries import CRAWL, PROBLEM, REPOSITORY


@dataclass(frozen=True, slots=True)
class CrawlRow:
    """One pass over the sources."""

    id: int
    started_at: datetime
    finished_at: datetime | None
    sources: list[str]
    repositories: int
    changed: int
    services: int
    errors: int
    seconds: float


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One thing that went wrong."""

    repository: str
    path: str | None
    line: int | None
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class RepositoryRow:
    """A repository as it stands after the last crawl."""

    name: str
    url: str | None
    commit: str | None
    committed_at: datetime | None
    changed_at: datetime
    stale_since: datetime | None
    problems: int


_COLUMNS = (
    *(CRAWL.c[name] for name in ("id", "started_at", "finished_at", "sources", "repositories", "changed")),
    *(CRAWL.c[name] for name in ("services", "errors", "seconds")),
)


def crawl_rows(connection: Connection, limit: int, offset: int = 0) -> list[CrawlRow]:
    """Crawls, the newest first."""
    query = select(*_COLUMNS).order_by(CRAWL.c.id.desc()).limit(limit).offset(offset)
    return [CrawlRow(*row) for row in connection.execute(query)]


def crawl_row(connection: Connection, id_: int) -> CrawlRow | None:
    """One crawl."""
    row = connection.execute(select(*_COLUMNS).where(CRAWL.c.id == id_)).one_or_none()
    return None if row is None else CrawlRow(*row)


def last_crawl(connection: Connection) -> CrawlRow | None:
    """The newest crawl, finished or not."""
    return next(iter(crawl_rows(connection, 1)), None)


def problem_kinds(connection: Connection, crawl: int) -> dict[str, tuple[int, int]]:
    """By kind, how many problems a crawl met, and in how many repositories."""
    query = (
        select(PROBLEM.c.kind, func.count(), func.count(PROBLEM.c.repository.distinct()))
        .where(PROBLEM.c.crawl_id == crawl)
        .group_by(PROBLEM.c.kind)
    )
    return {kind: (count, repositories) for kind, count, repositories in connection.execute(query)}


def problem_rows(connection: Connection, crawl: int, kind: str = "", limit: int = 500) -> list[ProblemRow]:
    """The problems of a crawl, of one kind where named, by kind, repository and path."""
    columns = [PROBLEM.c[name] for name in ("repository", "path", "line", "kind", "message")]
    query = select(*columns).where(PROBLEM.c.crawl_id == crawl)
    if kind:
        query = query.where(PROBLEM.c.kind == kind)
    order = (PROBLEM.c.kind, PROBLEM.c.repository, PROBLEM.c.path, PROBLEM.c.line, PROBLEM.c.id)
    return [ProblemRow(*row) for row in connection.execute(query.order_by(*order).limit(limit))]


def repository_counts(connection: Connection) -> tuple[int, int]:
    """How many repositories are known, and how many of them could not be read the last time."""
    known = REPOSITORY.c.gone_since.is_(None)
    query = select(func.count(), func.count(REPOSITORY.c.stale_since)).where(known)
    total, stale = connection.execute(query).one()
    return total, stale


def repository_rows(connection: Connection, limit: int, offset: int = 0) -> list[RepositoryRow]:
    """Repositories: those that could not be read first, then by name."""
    columns = [
        REPOSITORY.c[n] for n in ("name", "url", "commit", "committed_at", "changed_at", "stale_since")
    ]
    query = (
        select(*columns, REPOSITORY.c.problems)
        .where(REPOSITORY.c.gone_since.is_(None))
        .order_by(REPOSITORY.c.stale_since.is_(None), REPOSITORY.c.name, REPOSITORY.c.id)
        .limit(limit)
        .offset(offset)
    )
    rows = connection.execute(query).all()
    return [
        RepositoryRow(
            r.name, r.url, r.commit, r.committed_at, r.changed_at, r.stale_since, len(r.problems or [])
        )
        for r in rows
    ]
