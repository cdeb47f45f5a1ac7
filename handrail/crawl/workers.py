"""The processes of a crawl. One that ends on a repository does not end the crawl."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Any, Self, TypeVar

from handrail.crawl.job import Job, Reading
from handrail.crawl.worker import begin, declared_by, read_all

T = TypeVar("T")
_JOBS_A_TASK = 8
_MOST = 8


class Workers:
    """Worker processes, one a processor and eight at most, started at once."""

    def __init__(self) -> None:
        self._count = max(1, min(os.cpu_count() or 1, _MOST))
        self._pool = _pool(self._count)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(self, function: Callable[..., T], *arguments: Any) -> "Future[T]":
        """Call a function in a worker."""
        return self._pool.submit(function, *arguments)

    def read(self, jobs: Sequence[Job]) -> Iterator[Reading]:
        """Begin to read repositories at once, and give them in the order of the jobs.

        In that order the first of two claims to a name is always the same one.
        """
        return self._give(jobs, self._pool.map(read_all, _tasks(jobs)))

    def declared(self, jobs: Sequence[Job]) -> set[str]:
        """The refs that repositories declare, all but those after one that ends the process reading it."""
        found: set[str] = set()
        try:
            for refs in self._pool.map(declared_by, _tasks(jobs)):
                found.update(refs)
        except BrokenProcessPool:
            self._pool.shutdown()
            self._pool = _pool(self._count)
        return found

    def _give(self, jobs: Sequence[Job], results: Iterator[list[Reading]]) -> Iterator[Reading]:
        done = 0
        try:
            for readings in results:
                for reading in readings:
                    done += 1
                    yield reading
        except BrokenProcessPool:
            yield from _one_by_one(jobs[done:])


def _tasks(jobs: Sequence[Job]) -> list[Sequence[Job]]:
    return [jobs[i : i + _JOBS_A_TASK] for i in range(0, len(jobs), _JOBS_A_TASK)]


def _one_by_one(jobs: Sequence[Job]) -> Iterator[Reading]:
    """Read each repository in a process that may end on it: only that one is lost."""
    pool = _pool(1)
    for job in jobs:
        try:
            yield from pool.submit(read_all, [job]).result()
        except BrokenProcessPool:
            pool.shutdown()
            pool = _pool(1)
            yield Reading(job.name, job.location, unreadable="reading it ended the process that read it")
    pool.shutdown()


def _pool(workers: int) -> ProcessPoolExecutor:
    # A forked process shares what is imported by now.
    return ProcessPoolExecutor(workers, multiprocessing.get_context("fork"), begin)
