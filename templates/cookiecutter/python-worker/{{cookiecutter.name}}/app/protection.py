"""Calling something that may be slow, flaky or gone, without becoming so oneself.

Every call has a timeout, which is the callee's business here; on top of that come a few retries with jitter,
a budget that keeps retries from multiplying a failure, and a breaker that stops calling what keeps failing.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Unavailable(Exception):
    """The dependency did not answer, or was not even asked because it has been failing."""


def pause_before(attempt: int, first: float, longest: float) -> float:
    """Return the seconds to wait before the next attempt: doubled each time, and no two the same."""
    return min(longest, first * 2.0 ** min(attempt, 30)) * random.uniform(0.5, 1.0)


class Breaker:
    """Open after `failures` in a row; lets one call through every `pause` seconds to see whether it is over."""

    def __init__(self, failures: int, pause: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = failures
        self._pause = pause
        self._clock = clock
        self._failed = 0
        self._closed_to: float | None = None
        self._lock = threading.Lock()

    @property
    def open(self) -> bool:
        return self._closed_to is not None

    @property
    def resting(self) -> bool:
        """Whether no call may be made just now; asking changes nothing."""
        closed_to = self._closed_to
        return closed_to is not None and self._clock() < closed_to

    def allows(self) -> bool:
        """Say whether a call may be made now; when open, only the first asker after each pause is told yes."""
        with self._lock:
            if self._closed_to is None:
                return True
            if self._clock() < self._closed_to:
                return False
            self._closed_to = self._clock() + self._pause
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failed = 0
            self._closed_to = None

    def failed(self) -> None:
        with self._lock:
            self._failed += 1
            if self._failed >= self._limit:
                self._closed_to = self._clock() + self._pause


class RetryBudget:
    """Allows one retry for every ten calls, and ten at once after a quiet time."""

    def __init__(self, share: float = 0.1, most: float = 10.0) -> None:
        self._share = share
        self._most = most
        self._left = most
        self._lock = threading.Lock()

    def called(self) -> None:
        with self._lock:
            self._left = min(self._most, self._left + self._share)

    def take(self) -> bool:
        with self._lock:
            if self._left < 1:
                return False
            self._left -= 1
            return True


def call(
    function: Callable[[], T],
    *,
    breaker: Breaker,
    budget: RetryBudget,
    attempts: int,
    pause: float = 0.05,
    sleep: Callable[[float], object] = time.sleep,
) -> T:
    """Return what `function` returns; raise Unavailable if it raised that each time, or may not be called.

    Any other exception of `function` is an answer: the dependency is there, and is not asked again.
    """
    budget.called()
    last: Unavailable | None = None
    for attempt in range(max(1, attempts)):
        if attempt and not budget.take():
            break
        if attempt:
            sleep(pause * 2**attempt * random.random())
        if not breaker.allows():
            raise last or Unavailable("not asked: it has been failing")
        try:
            result = function()
        except Unavailable as error:
            breaker.failed()
            last = error
        except Exception:
            breaker.succeeded()
            raise
        else:
            breaker.succeeded()
            return result
    raise last or Unavailable("not asked")
