"""One canary, blue-green or other gradual delivery that was seen."""

from typing import NamedTuple

from scorecards.result import Status


class Gradual(NamedTuple):
    """What releases gradually. `status` is what it makes of the check, `why` says what lacks or defeats it.

    `fails` is True for what only has the name, and is listed as not counted.
    """

    path: str
    line: int | None
    what: str
    status: Status
    why: str = ""
    fails: bool = False


UNWATCHED = "nothing measures the new version before all users have it"


def gradual(path: str, line: int | None, what: str, watched: bool, why: str = UNWATCHED) -> Gradual:
    """A delivery that passes if something watches it, else is weak."""
    return Gradual(path, line, what, Status.PASS if watched else Status.PARTIAL, "" if watched else why)


def hollow(path: str, line: int | None, what: str, why: str) -> Gradual:
    """Something that is a gradual delivery in name only."""
    return Gradual(path, line, what, Status.FAIL, why, fails=True)
