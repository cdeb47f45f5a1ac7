"""What a process of a crawl is asked to do.

The module imports next to nothing, so that the processes are started at once, and import what they read with
while the first process opens the database.
"""

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from functools import cache
from multiprocessing import connection
from types import FrameType

from handrail.crawl.job import Job, Reading

LIMIT = 120
"""Seconds that reading one repository may take."""


class TookTooLong(BaseException):
    """Reading a repository reached its limit. No handler of errors inside a check catches it."""


def begin() -> None:
    """Begin to be a worker: an interrupt is for the first process to act on, and its death ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def read_all(jobs: Sequence[Job]) -> list[Reading]:
    """Read several repositories, one after the other."""
    _prepare()
    return [_read(job) for job in jobs]


def declared_by(jobs: Sequence[Job]) -> list[str]:
    """The refs that several repositories declare, without judging any."""
    _prepare()
    found = [ref for job in jobs for ref in _declared(job)]
    gc.collect(0)  # few objects are made, so little would be collected by itself, and texts hang on them
    return found


@cache
def _prepare() -> None:
    """Import what reading needs; what is there by then is not looked through for garbage again."""
    import handrail.crawl.reading  # noqa: F401
    from scorecards.scorecard import built_in

    built_in()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    signal.signal(signal.SIGALRM, _stop)


def _stop(number: int, frame: FrameType | None) -> None:
    raise TookTooLong


def _declared(job: Job) -> list[str]:
    from handrail.crawl.reading import declared

    signal.alarm(LIMIT)
    try:
        return declared(job)
    except TookTooLong:
        return []
    finally:
        signal.alarm(0)


def _read(job: Job) -> Reading:
    from handrail.crawl.reading import read

    signal.alarm(LIMIT)
    try:
        return read(job)
    except TookTooLong:
        return Reading(job.name, job.location, unreadable=f"reading it took longer than {LIMIT} seconds")
    finally:
        signal.alarm(0)
