"""A postmortem: the record of an incident, whatever it was written in."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

from scorecards.reading.action_items import ActionItem

Part = Literal["impact", "timeline", "cause", "actions"]
PARTS: tuple[Part, ...] = ("impact", "timeline", "cause", "actions")
Kind = Literal["record", "template", "unread", "other"]


class Told(NamedTuple):
    """Where a part is told, and by which words."""

    line: int
    note: str


class Postmortem(NamedTuple):
    """One document, or one entry of a document that holds several.

    `kind` is `record`, `template` (its headings stand, nothing is filled in), `unread` (in a language that is
    not known here) or `other`; `why` gives the reason. `when` is the date of the incident, `timed` says that
    times of day stand in it, `owners` of a template that it asks for owners.
    """

    path: str
    title: str
    line: int
    kind: Kind
    when: date | None = None
    timed: bool = False
    parts: Mapping[Part, Told] = {}
    actions: tuple[ActionItem, ...] = ()
    owners: bool = False
    why: str = ""

    @property
    def lacking(self) -> tuple[Part, ...]:
        """The parts that it does not tell."""
        return tuple(part for part in PARTS if part not in self.parts)


class Postmortems(NamedTuple):
    """Everything of a repository that is, or is named, a postmortem; `unreadable` are files without text."""

    found: tuple[Postmortem, ...]
    unreadable: tuple[str, ...] = ()

    @property
    def records(self) -> tuple[Postmortem, ...]:
        """The records among them."""
        return tuple(p for p in self.found if p.kind == "record")
