"""A crawl from end to end: which repositories to read, in what order, and what to write.

A repository is read again only where its commit, the rules, or an answer of the facts its results rest on
has changed, or where a verdict has run out. Remote ones are brought here while others are read.
"""

import json
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.beside import Beside, Place
from catalog.hosts import Group
from catalog.problem import Problem
from catalog.remotes.address import Address
from catalog.sources import Found, find
from handrail.configuration import Kept
from handrail.crawl.alone import file_lock, server_lock
from handrail.crawl.job import Job, Reading
from handrail.crawl.outcome import Outcome
from handrail.crawl.workers import Workers
from handrail.database import Database
from handrail.errors import Stop
from handrail.sources import Source, described
from scorecards.evidence import EvidenceRule
from scorecards.organisation import Organisation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.remotes.mirror import Mirrors
    from catalog.store import Known
    from handrail.crawl.gathering import Gathering, Given
    from handrail.crawl.writing import Writer

_READINGS_A_TRANSACTION = 250

Progress = Callable[[int, int, int], None]
"""Called with how many repositories are done, of how many, and how many problems there were."""


def crawl(
    sources: Sequence[Source],
    database: Database,
    progress: Progress,
    now: datetime | None = None,
    kept: Kept | None = None,
    organisation: Organisation | None = None,
    mirrors: "Mirrors | None" = None,
) -> Outcome:
    """Read the sources into the database; `Busy` where another crawl is writing to it.

    The workers are started before the database is opened: what a process has imported by then is what each
    of its workers holds in memory. `now` is the date of judgement, with its zone; today unless given.
    `kept` says how long records are kept; all are where it is None. `organisation` is what the
    configuration says of all services, `mirrors` where remote ones are kept and how they are reached.
    """
    started = time.monotonic()
    said = organisation or Organisation()
    now = now or datetime.now(UTC)
    folders = [source for source in sources if isinstance(source, Path)]
    for source in folders:
        if not source.is_dir():
            raise Stop(f"{source} is not a folder.", "Name a folder that holds git repositories.")
    with ExitStack() as held:
        held.enter_context(file_lock(database.url))
        workers = held.enter_context(Workers())
        searches = [workers.submit(find, source) for source in folders]
        gathering = _gather(held, workers, sources, mirrors)
        early: Iterator[Reading] | None = None
        if folders and database.is_new():
            # Nothing is known yet, so everything is read: the workers need not wait for the database. What
            # all declare is read first, since what each is judged by rests on it.
            every = _unique(search.result() for search in searches)
            places = _places(every)
            refs = workers.declared(_jobs(every, _lists(held, (), places, said), now.date()))
            early = workers.read(_jobs(every, _lists(held, refs, places, said), now.date()))
        engine = database.open()
        held.callback(engine.dispose)
        held.enter_context(server_lock(engine))
        from handrail.crawl.writing import Writer
        from scorecards.rules import code

        writer = Writer(engine, [described(source) for source in sources], code(), now, said)
        found = _unique(search.result() for search in searches)
        todo = [f for f in found if _changed(f, writer.known.get(f.location), writer)]
        outcome = Outcome(repositories=len(found), changed=len(todo))
        this = _Pass(workers, writer, outcome, progress)
        if early is None:
            this.read(todo, _places(found, writer.known.values()))
        else:
            this.store(early, len(todo))
        lost: set[str] = set()
        if gathering is not None:
            lost = this.read_remote(gathering, found)
        places = _places(found, writer.known.values())
        this.read(_outdated([f for f in found if f.location not in lost], writer, places), places)
        _tell_missing(said.evidence, places, outcome)
        outcome.seconds = time.monotonic() - started
        writer.finish(_belonging(folders, gathering), {f.location for f in found}, outcome, kept)
    return outcome


def _tell_missing(evidence: Iterable[EvidenceRule], places: Sequence[Place], outcome: Outcome) -> None:
    """Say which repositories of the mapping no source has."""
    beside = Beside(places)
    for name in dict.fromkeys(rule.repository for rule in evidence):
        if beside.get(name) is None:
            message = f"`evidence` names the repository `{name[:100]}`, which no source has, or several have."
            outcome.record("handrail.toml", f"evidence {name}", [Problem("reference", message)], False)


def _gather(
    held: ExitStack, workers: Workers, sources: Sequence[Source], mirrors: "Mirrors | None"
) -> "Gathering | None":
    """Begin to bring remote repositories here, None where there are none among the sources."""
    addresses = [source for source in sources if isinstance(source, Address)]
    groups = [source for source in sources if isinstance(source, Group)]
    if not addresses and not groups:
        return None
    from handrail.crawl.gathering import Gathering
    from handrail.mirrors import Configured

    workers.submit(list).result()  # every worker is there by now: a process with threads is not to be forked
    gathering = held.enter_context(Gathering(addresses, groups, mirrors or Configured().mirrors()))
    gathering.start()
    return gathering


def _belonging(folders: Sequence[Path], gathering: "Gathering | None") -> Callable[[str], bool]:
    """Says of a location whether this crawl would have found a repository there."""
    roots = tuple(str(folder.resolve()).rstrip("/") + "/" for folder in folders)

    def belongs(location: str) -> bool:
        below = f"{location}/".startswith(roots)
        return below or (gathering is not None and gathering.belongs(location))

    return belongs


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

    beside, said = Beside(places), writer.organisation
    facts = Facts(writer.now.date(), writer.refs(), beside, newest_versions(), said.evidence, "", said.teams)
    asked = {f.location: writer.known[f.location].asked for f in found}
    questions = {question for each in asked.values() for question in each}
    answers = {question: facts.answer(question) for question in questions}
    return [f for f in found if any(answers[q] != answer for q, answer in asked[f.location].items())]


def _places(found: Iterable[Found], known: "Iterable[Known]" = ()) -> list[Place]:
    """The repositories that others may refer to: those found now, and those of other sources."""
    before = {k.location: Place(k.name, k.location, k.commit) for k in known if not k.gone}
    return list((before | {f.location: Place(f.name, f.location, f.head) for f in found}).values())


def _lists(
    files: ExitStack, refs: Iterable[str], places: Iterable[Place], organisation: Organisation
) -> tuple[str, str, str]:
    """Files that workers read once each: refs, repositories, and what the organisation says."""
    folder = Path(files.enter_context(tempfile.TemporaryDirectory(prefix="handrail-")))
    of_refs, of_places, said = folder / "refs", folder / "places", folder / "organisation"
    of_refs.write_text("\n".join(sorted(refs)), "utf-8")
    of_places.write_text("\n".join(json.dumps(place) for place in places), "utf-8")
    said.write_text(json.dumps(organisation.plain()), "utf-8")
    return str(of_refs), str(of_places), str(said)


def _jobs(found: Iterable[Found], lists: tuple[str, str, str], as_of: date) -> list[Job]:
    return [Job(f.name, f.location, *lists, as_of) for f in found]


@dataclass(frozen=True, slots=True)
class _Pass:
    """Reading repositories and storing what they say."""

    workers: Workers
    writer: "Writer"
    outcome: Outcome
    progress: Progress

    def read(
        self, todo: Sequence[Found], places: Sequence[Place], damaged: list[Reading] | None = None
    ) -> None:
        """Read and store; readings of damaged mirrors are put aside into `damaged`, if that is a list."""
        if todo:
            with ExitStack() as files:
                lists = _lists(files, self.writer.refs(), places, self.writer.organisation)
                jobs = _jobs(todo, lists, self.writer.now.date())
                self.store(self.workers.read(jobs), len(todo), damaged)

    def store(self, readings: Iterable[Reading], total: int, damaged: list[Reading] | None = None) -> None:
        """Store readings as they come, some hundreds a transaction."""
        batch: list[Reading] = []
        for done, reading in enumerate(readings, 1):
            if damaged is not None and reading.damaged:
                damaged.append(reading)
                continue
            batch.append(reading)
            if len(batch) >= _READINGS_A_TRANSACTION:
                self.writer.write(batch, self.outcome)
                batch = []
            self.progress(done, total, len(self.outcome.problems))
        self.writer.write(batch, self.outcome)

    def read_remote(self, gathering: "Gathering", found: list[Found]) -> set[str]:
        """Read what is brought here and add it to `found`; a damaged mirror is made anew, once.

        Gives the locations of those that could not be brought here.
        """
        before, lost = len(found), set[str]()
        damaged: list[Reading] = []
        for given in gathering.batches():
            found += [*given.found, *(f for f, _ in given.failed)]
            lost |= self._read_given(given, found, damaged)
            self.progress(len(found) - before, gathering.known, len(self.outcome.problems))
        if damaged:
            again = gathering.again([reading.location for reading in damaged])
            self.outcome.changed -= len(again.found)
            lost |= self._read_given(again, found, None)
        self.outcome.repositories += len(found) - before
        for source, problem in gathering.problems:
            self.writer.tell(source, problem, self.outcome)
        return lost

    def _read_given(self, given: "Given", found: Sequence[Found], damaged: list[Reading] | None) -> set[str]:
        lost = [Reading(f.name, f.location, unreadable=problem) for f, problem in given.failed]
        self.writer.write(lost, self.outcome)
        todo = [f for f in given.found if _changed(f, self.writer.known.get(f.location), self.writer)]
        self.outcome.changed += len(todo)
        self.read(todo, _places(found, self.writer.known.values()), damaged)
        return {reading.location for reading in lost}
