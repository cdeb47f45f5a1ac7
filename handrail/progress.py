"""Progress of long work on standard error: a bar for a person at a terminal, nothing for a program."""

import sys
import time
from types import TracebackType
from typing import Any, Self

_AFTER = 1.0
"""Seconds of work before a bar is shown: what is done by then needs none."""


class Counted:
    """A bar that is told how many are done, of how many, and how many went wrong."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._seen = sys.stderr.isatty()
        self._started = time.monotonic()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        return self

    def __call__(self, done: int, total: int, errors: int) -> None:
        """Show where the work stands."""
        if not self._seen or (self._bar is None and time.monotonic() - self._started < _AFTER):
            return
        if self._bar is None:
            self._begin(total)
        self._bar.update(
            self._task, completed=done, total=total, errors=f"{errors:,} problems" if errors else ""
        )

    def _begin(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        errors = TextColumn("{task.fields[errors]}")
        self._bar = Progress(
            *columns, errors, TimeRemainingColumn(), console=Console(stderr=True), transient=True
        )
        self._bar.start()
        self._task = self._bar.add_task(self._what, total=total, errors="")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
