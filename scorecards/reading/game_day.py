"""A game day: the record of an exercise in which a failure was practised, whatever it was written in."""

from datetime import date
from typing import Literal, NamedTuple

from scorecards.reading.postmortem import Told

Kind = Literal["record", "plan", "template", "other"]


class GameDay(NamedTuple):
    """One document, one section, or one row of a log.

    `kind` is `record`, `plan` (a scenario, and nothing of how it went), `template` or `other`; `why` gives
    the reason. `when` is the day on which it was held, or is to be.
    """

    path: str
    title: str
    line: int
    kind: Kind
    when: date | None = None
    scenario: Told | None = None
    findings: Told | None = None
    why: str = ""

    @property
    def lacking(self) -> tuple[str, ...]:
        """What a record of it does not tell."""
        parts = (("date", self.when), ("scenario", self.scenario), ("findings", self.findings))
        return tuple(name for name, value in parts if value is None)


class GameDays(NamedTuple):
    """Everything of a repository that is, or is named, a game day; `unreadable` are files without text."""

    found: tuple[GameDay, ...]
    unreadable: tuple[str, ...] = ()
