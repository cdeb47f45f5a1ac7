"""A crawl from end to end: which repositories to read, in what order, and what to write.

A repository is read again only where its commit, the rules, or an answer of the facts its results rest on
has changed, or where a verdict has run out.
"""

import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.sources import Found, find
from handrail.crawl.job import Job, Reading
from handrail.crawl.outcome import Outcome
from handrail.crawl.worker import prepare, read_all
from handrail.errors import Stop

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from catalog.store import Known
    from handrail.crawl.writing import Writer

_JOBS_A_TASK = 8
_READINGS_A_TRANSACTION = 250

Progress = Callable[[int, int, int], None]
"""Called with how many repositories are done, of how many, and how many problems there were."""


def crawl(
    sources: Sequence[Path],
    open_database: Callable[[], "Engine"],
    progress: Progress,
    now: datetime | None = None,
) -> Outcome:
    """Read the sources into the database.

    The workers are started before the database is opened: what a process has imported by then is what each
    of its workers holds in memory. `now` is the date of judgement, with its zone; today unless given.
    """
    started = time.monotonic()
    for source in sources:
        if not source.is_dir():
            raise Stop(f"{source} is not a folder.", "Name a folder that holds git repositories.")
    workers = max(1, min(os.cpu_count() or 1, 8))
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
        rules = [pool.submit(prepare) for _ in range(workers)]
        searches = [pool.submit(find, source) for source in sources]
        engine = open_database()
        from handrail.crawl.writing import Writer

        writer = Writer(engine, sources, rules[0].result(), now or datetime.now(UTC))
        found = list({f.location: f for search in searches for f in search.result()}.values())
        todo = [f for f in found if _changed(f, writer.known.get(f.location), writer)]
        outcome = Outcome(repositories=len(found), changed=len(todo))
        _read(pool, writer, todo, outcome, progress)
        _read(pool, writer, _outdated(found, writer), outcome, progress)
    outcome.seconds = time.monotonic() - started
    writer.finish(sources, {f.location for f in found}, outcome)
    return outcome


def _changed(found: Found, known: "Known | None", writer: "Writer") -> bool:
    return (
        known is None
        or known.stale
        or known.gone
        or found.head is None
        or known.commit != found.head
        or known.rules != writer.rules
        or known.name != found.name
        or (known.valid_until is not None and known.valid_until < writer.now.date().isoformat())
    )


def _outdated(found: Sequence[Found], writer: "Writer") -> list[Found]:
    """Repositories whose results rest on an answer that is another one now."""
    from scorecards.facts import Facts

    facts = Facts(writer.now.date(), writer.refs())
    asked = {f.location: writer.known[f.location].asked for f in found}
    questions = {question for each in asked.values() for question in each}
    answers = {question: facts.answer(question) for question in questions}
    return [f for f in found if any(answers[q] != answer for q, answer in asked[f.location].items())]


def _read(
    pool: ProcessPoolExecutor, writer: "Writer", todo: Sequence[Found], outcome: Outcome, progress: Progress
) -> None:
    if not todo:
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="handrail-refs-") as file:
        file.write("\n".join(sorted(writer.refs())))
        file.flush()
        jobs = [Job(f.name, f.location, file.name, writer.now.date()) for f in todo]
        tasks = [jobs[i : i + _JOBS_A_TASK] for i in range(0, len(jobs), _JOBS_A_TASK)]
        batch: list[Reading] = []
        done = 0
        # Readings come in the order of their paths, so that the first of two claims is always the same one.
        for readings in pool.map(read_all, tasks):
            batch += readings
            done += len(readings)
            if len(batch) >= _READINGS_A_TRANSACTION:
                writer.write(batch, outcome)
                batch = []
            progress(done, len(jobs), len(outcome.problems))
        writer.write(batch, outcome)
