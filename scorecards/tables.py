"""The scorecards' tables: where each service stands now, and since when each verdict has been what it is."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from catalog.tables import Utc


class Score(SQLModel, table=True):
    """A service's present standing on one scorecard.

    `checks` holds the whole results as in `handrail check --format json`; `next` the ids of what to do first;
    `first_check` and `first_status` repeat the first of `next`, `lacking` how many of the required checks of
    the stage being climbed do not hold, so that lists need not read `checks`.
    """

    __table_args__ = (UniqueConstraint("entity_id", "scorecard"), Index(None, "scorecard", "stage"))

    id: int | None = Field(default=None, primary_key=True)
    entity_id: int = Field(foreign_key="entity.id", ondelete="CASCADE")
    scorecard: str
    stage: int | None = None
    stage_possible: int | None = None
    score: float | None = None
    score_possible: float | None = None
    next: list[str] = Field(default_factory=list, sa_type=JSON)
    first_check: str | None = None
    first_status: str | None = None
    lacking: int = 0
    checks: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)


class Verdict(SQLModel, table=True):
    """A period in which one check said the same of a service; `until` is empty for the present one.

    `because` says what began it: `first`, `commit`, `rules` or `facts`.
    """

    __table_args__ = (
        Index(None, "entity_id", "scorecard", "check"),
        Index(None, "scorecard", "check", "until", "status", "entity_id"),
        # Only what changed, so that a first crawl writes none of it: `first` is all that it knows.
        Index(
            None,
            "scorecard",
            "since",
            sqlite_where=text("because <> 'first'"),
            postgresql_where=text("because <> 'first'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    entity_id: int = Field(foreign_key="entity.id", ondelete="CASCADE")
    scorecard: str
    check: str
    status: str
    message: str
    commit: str | None = None
    because: str
    since: datetime = Field(sa_type=Utc)
    until: datetime | None = Field(default=None, sa_type=Utc)


class Standing(SQLModel, table=True):
    """A period in which a service's stage and score were the same; `until` is empty for the present one."""

    __table_args__ = (Index(None, "entity_id", "scorecard"), Index(None, "until"))

    id: int | None = Field(default=None, primary_key=True)
    entity_id: int = Field(foreign_key="entity.id", ondelete="CASCADE")
    scorecard: str
    stage: int | None = None
    score: float | None = None
    commit: str | None = None
    because: str
    since: datetime = Field(sa_type=Utc)
    until: datetime | None = Field(default=None, sa_type=Utc)
