"""What is wrong with a thing that was found: the worst flaw decides what the thing counts for."""

from collections.abc import Sequence
from typing import NamedTuple

from scorecards.result import Status


class Flaw(NamedTuple):
    """`status` is the most the thing still counts for: FAIL hollow, UNKNOWN undecidable, PARTIAL weak."""

    status: Status
    text: str


def worst(flaws: Sequence[Flaw]) -> Status:
    """What a thing with these flaws counts for, PASS without any."""
    return min((f.status for f in flaws), key=lambda s: s.rank, default=Status.PASS)


def said(flaws: Sequence[Flaw]) -> str:
    """The flaws that decide, as one clause for a sentence: `no window, no target`."""
    status = worst(flaws)
    return ", ".join(dict.fromkeys(f.text for f in flaws if f.status is status))
