"""Whether the service is starting to go, and what it still has under way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.wsgi import ClosingIterator


class Lifecycle:
    def __init__(self) -> None:
        self._draining = threading.Event()
        self._under_way = 0
        self._changed = threading.Condition()

    @property
    def draining(self) -> bool:
        return self._draining.is_set()

    def drain(self) -> None:
        self._draining.set()

    def counted(self, application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
        """Wrap a WSGI application so that its requests are known until their last byte is written."""

        def counting(environment: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            self._count(1)
            try:
                return ClosingIterator(application(environment, start_response), lambda: self._count(-1))
            except BaseException:
                self._count(-1)
                raise

        return counting

    def wait_until_idle(self, seconds: float) -> bool:
        """Wait until nothing is under way, at most so long; say whether that came about."""
        end = time.monotonic() + seconds
        with self._changed:
            return self._changed.wait_for(lambda: self._under_way == 0, max(0.0, end - time.monotonic()))

    def _count(self, change: int) -> None:
        with self._changed:
            self._under_way += change
            self._changed.notify_all()
