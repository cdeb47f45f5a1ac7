"""What goes to a worker process and what comes back: plain values, cheap to import."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from catalog.problem import Problem
from catalog.sources import Head

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Job:
    """A repository to read.

    `refs` names the file that lists the refs the catalog knows, one a line; `places` the one that lists its
    repositories, each a JSON list of name, location and commit; `organisation` the one that holds what the
    configuration says of all services, as JSON.
    """

    name: str
    location: str
    refs: str
    places: str
    organisation: str
    as_of: date


@dataclass(slots=True)
class Reading:
    """What was read of a repository, ready to be stored.

    `entities` are rows of `catalog.tables.Entity` without `repository_id`, with `tags` and `relations`; each
    has `results`, rows of `scorecards.tables.Score` without `entity_id`, JSON columns as JSON text.
    """

    name: str
    location: str
    head: Head | None = None
    entities: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    asked: dict[str, bool | str | None] = field(default_factory=dict)
    valid_until: str | None = None
    url: str | None = None
    unreadable: str | None = None
    damaged: bool = False
    """Whether an object that must be there was missing or broken: a mirror of ours is then made anew."""
