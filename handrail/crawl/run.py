"""A crawl from end to end: which repositories to read, in what order, and what to write.

A repository is read again only where its commit, the rules, or an answer of the facts its results rest on
has changed, or where a verdict has run out.
"""

import json
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.beside import Beside, Place
from catalog.problem import Problem
from catalog.sources import Found, find
from handrail.configuration import Kept
from handrail.crawl.alone import file_lock, server_lock
from handrail.crawl.job import Job, Reading
from handrail.crawl.outcome import Outcome
from handrail.crawl.workers import Workers
from handrail.database import Database
from handrail.errors import Stop
from scorecards.evidence import EvidenceRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.store import Known
    from handrail.crawl.writing import Writer

_READINGS_A_TRANSACTION = 250

Progress = Callable[[int, int, int], None]
"""Called with how many repositories are done, of how many, and how many problems there were."""


def crawl(
    sources: Sequence[Path],
    database: Database,
    progress: Progress,
    now: datetime | None = None,
    kept: Kept | None = None,
    evidence: tuple[EvidenceRule, ...] = (),
) -> Outcome:
    """Read the sources into the database; `Busy` where another crawl is writing to it.

    The workers are started before the database is opened: what a process has imported by then is what each
    of its workers holds in memory. `now` is the date of judgement, with its zone; today unless given.
    `kept` says how long records are kept; all are where it is None. `evidence` says which repositories may
    hold evidence for which services.
    """
    started = time.monotonic()
    now = now or datetime.now(UTC)
    for source in sources:
        if not source.is_dir():
            raise Stop(f"{source} is not a folder.", "Name a folder that holds git repositories.")
    with ExitStack() as held:
        held.enter_context(file_lock(database.url))
        workers = held.enter_context(Workers())
        searches = [workers.submit(find, source) for source in sources]
        early: Iterator[Reading] | None = None
        if database.is_new():
            # Nothing is known yet, so everything is read: the workers need not wait for the database.
            every = _unique(search.result() for search in searches)
            lists = _lists(held, (), _places(every))
            early = workers.read(_jobs(every, lists, now.date(), evidence))
        engine = database.open()
        held.callback(engine.dispose)
        held.enter_context(server_lock(engine))
        from handrail.crawl.writing import Writer
        from scorecards.rules import code

        writer = Writer(engine, sources, code(), now, evidence)
        found = _unique(search.result() for search in searches)
        todo = [f for f in found if _changed(f, writer.known.get(f.location), writer)]
        outcome = Outcome(repositories=len(found), changed=len(todo))
        places = _places(found, writer.known.values())
        if early is None:
            _read(workers, writer, todo, places, outcome, progress)
        else:
            _store(writer, early, len(todo), outcome, progress)
        _read(workers, writer, _outdated(found, writer, places), places, outcome, progress)
        _tell_missing(evidence, places, outcome)
        outcome.seconds = time.monotonic() - started
        writer.finish(sources, {f.location for f in found}, outcome, kept)
    return outcome


def _tell_missing(evidence: Iterable[EvidenceRule], places: Sequence[Place], outcome: Outcome) -> None:
    """Say which repositories of the mapping no source has."""
    beside = Beside(places)
    for name in dict.fromkeys(rule.repository for rule in evidence):
        if beside.get(name) is None:
            message = f"`evidence` names the repository `{name[:100]}`, which no source has, or several have."
            outcome.record("handrail.toml", f"evidence {name}", [Problem("reference", message)], False)


def _unique(searches: Iterable[Sequence[Found]]) -> list[Found]:
    return list({f.location: f for found in searches for f in found}.values())


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


def _outdated(found: Sequence[Found], writer: "Writer", places: Sequence[Place]) -> list[Found]:
    """Repositories whose results rest on an answer that is another one now."""
    from scorecards.facts import Facts
    from templates.gallery import newest_versions

    facts = Facts(writer.now.date(), writer.refs(), Beside(places), newest_versions(), writer.evidence)
    asked = {f.location: writer.known[f.location].asked for f in found}
    questions = {question for each in asked.values() for question in each}
    answers = {question: facts.answer(question) for question in questions}
    return [f for f in found if any(answers[q] != answer for q, answer in asked[f.location].items())]


def _places(found: Iterable[Found], known: "Iterable[Known]" = ()) -> list[Place]:
    """The repositories that others may refer to: those found now, and those of other sources."""
    before = {k.location: Place(k.name, k.location, k.commit) for k in known if not k.gone}
    return list((before | {f.location: Place(f.name, f.location, f.head) for f in found}).values())


def _lists(files: ExitStack, refs: Iterable[str], places: Iterable[Place]) -> tuple[str, str]:
    """Files that workers read the refs and the repositories of the catalog from, once each."""
    folder = Path(files.enter_context(tempfile.TemporaryDirectory(prefix="handrail-")))
    of_refs, of_places = folder / "refs", folder / "places"
    of_refs.write_text("\n".join(sorted(refs)), "utf-8")
    of_places.write_text("\n".join(json.dumps(place) for place in places), "utf-8")
    return str(of_refs), str(of_places)


def _jobs(
    found: Iterable[Found], lists: tuple[str, str], as_of: date, evidence: tuple[EvidenceRule, ...]
) -> list[Job]:
    return [Job(f.name, f.location, *lists, as_of, evidence) for f in found]


def _read(
    workers: Workers,
    writer: "Writer",
    todo: Sequence[Found],
    places: Sequence[Place],
    outcome: Outcome,
    progress: Progress,
) -> None:
    if todo:
        with ExitStack() as files:
            lists = _lists(files, writer.refs(), places)
            readings = workers.read(_jobs(todo, lists, writer.now.date(), writer.evidence))
            _store(writer, readings, len(todo), outcome, progress)


def _store(
    writer: "Writer", readings: Iterable[Reading], total: int, outcome: Outcome, progress: Progress
) -> None:
    batch: list[Reading] = []
    for done, reading in enumerate(readings, 1):
        batch.append(reading)
        if len(batch) >= _READINGS_A_TRANSACTION:
            writer.write(batch, outcome)
            batch = []
        progress(done, total, len(outcome.problems))
    writer.write(batch, outcome)
