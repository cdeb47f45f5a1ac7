"""One way back, and how far it goes."""

from typing import NamedTuple

from scorecards.result import Status


class Mechanism(NamedTuple):
    """A way back that was seen. `status` is what it makes of the check, `why` says what lacks or defeats it.

    `undo` is True for `kubectl rollout undo`, which needs old revisions to be kept. `names`, if any, are what
    is deployed: it must be the service, by its name or the repository's.
    """

    path: str
    line: int | None
    what: str
    status: Status
    why: str = ""
    undo: bool = False
    names: tuple[str, ...] = ()
