"""Several mirrors at once: each host has its own queue, so that a slow one holds up nobody else.

A failure that may pass is tried again, after a pause drawn at random from a span that doubles (full jitter:
what failed together does not come back together). A host that fails so three times in a row is not asked
again in the same crawl.
"""

import queue
import random
from collections import defaultdict
from pathlib import Path
from threading import Event, Lock, Thread
from typing import NamedTuple

from catalog.remotes.address import Address
from catalog.remotes.failure import Failure
from catalog.remotes.mirror import Mirrors

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
_GIVEN_UP_AFTER = 3


class Wanted(NamedTuple):
    """A repository to bring here; `anew` from nothing, since what is here is damaged."""

    name: str
    address: Address
    folder: Path
    groups: tuple[str, ...] = ()
    stamp: str | None = None
    anew: bool = False


class Fetched(NamedTuple):
    """A mirror by now: `head` is its commit, None where it has none; `problem` says why it is not fetched."""

    wanted: Wanted
    head: str | None
    problem: str | None = None


class Fetching:
    """Threads that wait for git, started with the first repository of each host."""

    def __init__(self, mirrors: Mirrors) -> None:
        self.results: queue.SimpleQueue[Fetched] = queue.SimpleQueue()
        self.stop = Event()
        self._mirrors = mirrors
        self._waiting: dict[str, queue.SimpleQueue[Wanted | None]] = {}
        self._threads: list[tuple[str, Thread]] = []
        self._failed: dict[str, int] = defaultdict(int)
        self._lock = Lock()

    def add(self, wanted: Wanted) -> None:
        """Have a repository fetched; what comes of it is put into `results`, whatever it is."""
        host = wanted.address.host
        with self._lock:
            waiting = self._waiting.setdefault(host, queue.SimpleQueue())
            waiting.put(wanted)
            if sum(h == host for h, _ in self._threads) < self._mirrors.limits.at_once:
                thread = Thread(target=self._work, args=(host, waiting), daemon=True)
                self._threads.append((host, thread))
                thread.start()

    def close(self) -> None:
        """End every fetch that is under way, and the threads."""
        self.stop.set()
        for host, _ in self._threads:
            self._waiting[host].put(None)
        for _, thread in self._threads:
            thread.join()

    def _work(self, host: str, waiting: "queue.SimpleQueue[Wanted | None]") -> None:
        while (wanted := waiting.get()) is not None and not self.stop.is_set():
            self.results.put(self._fetch(host, wanted))

    def _fetch(self, host: str, wanted: Wanted) -> Fetched:
        if self._failed[host] >= _GIVEN_UP_AFTER and host:
            return Fetched(wanted, None, f"{host} failed several times in a row and is left alone for now")
        try:
            head = self._patiently(wanted)
        except Failure as error:
            self._failed[host] = self._failed[host] + 1 if error.passing else 0
            return Fetched(wanted, None, str(error))
        except OSError as error:
            return Fetched(wanted, None, f"its mirror cannot be written: {error.strerror or error}")
        except Exception as error:  # one repository never stops the others; the crawl reports it as a bug
            return Fetched(wanted, None, f"Handrail failed, which is a bug: {type(error).__name__}: {error}")
        self._failed[host] = 0
        return Fetched(wanted, head)

    def _patiently(self, wanted: Wanted) -> str | None:
        for attempt in range(1, self._mirrors.limits.attempts + 1):
            try:
                return self._mirrors.refresh(wanted.folder, wanted.address, self.stop, anew=wanted.anew)
            except Failure as error:
                if not error.passing or attempt == self._mirrors.limits.attempts or self.stop.is_set():
                    raise
                self.stop.wait(pause(attempt))
        raise AssertionError("there is at least one attempt")


def pause(attempt: int) -> float:
    """Seconds to wait after an attempt, the first being 1."""
    return random.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt))  # noqa: S311 - no secret
