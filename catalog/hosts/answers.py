"""What a host's API answers, and the values in it."""

import re
from datetime import datetime
from typing import Any, NamedTuple

_LINK = re.compile(r'<([^<>\s]{1,2000})>\s*;[^,<]{0,200}?\brel="?(\w+)"?')
_FIRST = 946_684_800.0
"""2000-01-01: an earlier moment is one that was never set."""


class HostError(Exception):
    """The host does not tell what it was asked; the message says why, in words for a person."""


class Answer(NamedTuple):
    """A page of a list. `links` are the addresses of other pages by their relation, `at` the host's time."""

    items: list[Any]
    links: dict[str, str]
    etag: str | None
    at: float
    same: bool = False
    """Whether it is the page that had the ETag we named; then nothing else but the time is told."""


def links(header: str) -> dict[str, str]:
    """The addresses of a `Link` header by their relation."""
    return {relation: url for url, relation in _LINK.findall(header[:10_000])}


def text(value: object) -> str:
    """A string that is not empty; `TypeError` for anything else."""
    if not isinstance(value, str) or not value:
        raise TypeError("not a text")
    return value[:2_000]


def moment(value: object) -> float:
    """An ISO 8601 time as Unix seconds, 0 where there is none."""
    if not isinstance(value, str):
        return 0.0
    parsed = datetime.fromisoformat(value)
    if parsed.tzinfo is None:
        raise ValueError("a time without a zone")
    return parsed.timestamp() if parsed.timestamp() > _FIRST else 0.0
