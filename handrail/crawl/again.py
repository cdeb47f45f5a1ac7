"""Crawling again and again, until somebody ends it."""

import os
import select
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from types import FrameType

import click

from handrail.crawl.alone import Busy
from handrail.errors import Stop


def repeat(once: Callable[[], object], every: timedelta, *, while_open: bool = False) -> None:
    """Call `once` now and then at each interval, counted from start to start, until SIGTERM or Ctrl-C.

    What stops the first time is raised: it is wrong from the start. What stops a later one (a database that
    is away, another crawl) is told, and the next is tried at its time. `while_open` ends it when standard
    input is closed, as happens when the process that started this one dies.
    """
    signal.signal(signal.SIGTERM, _end)
    first = True
    while True:
        due = time.monotonic() + every.total_seconds()
        try:
            once()
        except Stop as error:
            if first and not isinstance(error, Busy):
                raise
            click.echo(f"handrail: {error} The next try is in {_left(due)}.", err=True)
        first = False
        if not _wait(due, while_open):
            return


def _wait(due: float, while_open: bool) -> bool:
    """Wait until it is time; False where standard input was closed meanwhile."""
    while (left := due - time.monotonic()) > 0:
        if not while_open:
            time.sleep(left)
        elif select.select([sys.stdin], [], [], left)[0] and not os.read(sys.stdin.fileno(), 1024):
            return False
    return True


def _left(due: float) -> str:
    seconds = max(0, round(due - time.monotonic()))
    return f"{seconds // 60} minutes" if seconds >= 120 else f"{seconds} seconds"


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
