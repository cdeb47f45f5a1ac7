"""The one writer of a crawl: turns readings into rows, a transaction a batch."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Text, exists, func, insert, select, update

from catalog import store
from catalog.database import Dumped
from catalog.problem import Problem
from catalog.tables import Crawl, Entity, Repository
from catalog.tables import Problem as ProblemRow
from handrail.configuration import Kept
from handrail.crawl.job import Reading
from handrail.crawl.outcome import Outcome
from handrail.crawl.retention import prune
from scorecards import history
from scorecards.organisation import Organisation
from scorecards.tables import Standing

Row = dict[str, Any]
_CRAWL: Any = Crawl.__table__  # type: ignore[attr-defined]
_ENTITY: Any = Entity.__table__  # type: ignore[attr-defined]
_REPOSITORY: Any = Repository.__table__  # type: ignore[attr-defined]
_PROBLEM: Any = ProblemRow.__table__  # type: ignore[attr-defined]
_STANDING: Any = Standing.__table__  # type: ignore[attr-defined]


class Writer:
    """Writes a crawl. `known` are the repositories as they are by now, by location."""

    def __init__(
        self,
        engine: Engine,
        sources: Sequence[str],
        rules: str,
        now: datetime,
        organisation: Organisation,
    ) -> None:
        self._engine = engine
        self._read: set[str] = set()
        self.rules = rules
        self.now = now
        self.organisation = organisation
        with engine.begin() as connection:
            self.known = store.known_repositories(connection)
            self._claims = store.claims(connection)
            self._names = {known.location: known.name for known in self.known.values()}
            self._refs = set(store.known_refs(connection))
            row = {"started_at": now, "sources": list(sources), "rules": rules}
            zeros = dict.fromkeys(("repositories", "changed", "services", "errors"), 0) | {"seconds": 0.0}
            made = connection.execute(insert(_CRAWL).values(**row, **zeros))
            self._crawl: int = (made.inserted_primary_key or (0,))[0]

    def refs(self) -> frozenset[str]:
        """Every ref that the catalog knows by now."""
        return frozenset(self._refs)

    def write(self, readings: Sequence[Reading], outcome: Outcome) -> None:
        """Store a batch in one transaction: a crash leaves each repository as it was or as it is now."""
        if not readings:
            return
        fresh = not any(r.location in self.known for r in readings)
        self._names |= {r.location: r.name for r in readings}
        entities = [row for r in readings if r.unreadable is None for row in self._entities(r)]
        with self._engine.begin() as connection:
            ids = self._save_repositories(connection, readings)
            for row in entities:
                row["repository_id"] = ids[row.pop("location")]
            good = [ids[r.location] for r in readings if r.unreadable is None]
            rows = [{k: v for k, v in row.items() if k not in ("results", "why")} for row in entities]
            saved = store.save_entities(connection, rows, good, fresh, self.now)
            results = [
                {**result, **row["why"], "entity_id": saved[row["repository_id"], row["ref"]]}
                for row in entities
                for result in row["results"]
            ]
            history.save(connection, results, fresh, self.now)
        for reading in readings:
            self._remember(reading, ids[reading.location], outcome)

    def _save_repositories(self, connection: Connection, readings: Sequence[Reading]) -> dict[str, int]:
        stale = [r for r in readings if r.unreadable is not None and r.location in self.known]
        rows = [self._repository(r) for r in readings if r not in stale]
        ids = store.save_repositories(connection, rows, self.known)
        ids |= {r.location: self.known[r.location].id for r in stale}
        for reading in stale:
            store.mark_stale(connection, ids[reading.location], _dumped(_problems(reading)), self.now)
        return ids

    def _repository(self, reading: Reading) -> Row:
        head = reading.head
        return {
            "location": reading.location,
            "name": reading.name,
            "url": reading.url,
            "commit": head.commit if head else None,
            "committed_at": datetime.fromtimestamp(head.when, UTC) if head else None,
            "author": head.author if head else None,
            "subject": head.subject if head else None,
            "rules": self.rules,
            "asked": reading.asked,
            "valid_until": reading.valid_until,
            "first_seen": self.now,
            "changed_at": self.now,
            "stale_since": None if reading.unreadable is None else self.now,
            "gone_since": None,
            "problems": _dumped(_problems(reading)),
        }

    def _because(self, reading: Reading) -> str:
        known, head = self.known.get(reading.location), reading.head
        if known is None or known.commit is None:
            return "first"
        if head and known.commit != head.commit:
            return "commit"
        return "rules" if known.rules != self.rules else "facts"

    def _entities(self, reading: Reading) -> Iterable[Row]:
        commit = reading.head.commit if reading.head else None
        because = self._because(reading)
        for row in reading.entities:
            state = self._claims.state(row["ref"], reading.location, row["state"])
            if state == "conflict":
                self._conflict(reading, row)
            yield row | {
                "location": reading.location,
                "state": state,
                "document": None if row["document"] is None else Dumped(row["document"]),
                "results": [
                    result | {"next": Dumped(result["next"]), "checks": Dumped(result["checks"])}
                    for result in row["results"]
                ],
                "first_seen": self.now,
                "why": {"commit": commit, "because": because},
            }

    def _conflict(self, reading: Reading, row: Row) -> None:
        holder = self._names[self._claims.holders[row["ref"]]]
        message = f"`{row['ref']}` is already claimed by {holder}, which keeps it. Rename one of the two."
        problem = Problem("conflict", message, row["descriptor"], row["line"])
        if problem not in reading.problems:
            reading.problems.append(problem)

    def _remember(self, reading: Reading, id_: int, outcome: Outcome) -> None:
        known = self.known.get(reading.location)
        if reading.unreadable is None or known is None:
            commit = reading.head.commit if reading.head else None
            self.known[reading.location] = store.Known(
                id_,
                reading.location,
                reading.name,
                commit,
                self.rules,
                reading.asked,
                reading.valid_until,
                reading.unreadable is not None,
                gone=False,
            )
        self._read.add(reading.location)
        self._refs |= {row["ref"] for row in reading.entities}
        outcome.record(reading.name, reading.location, _problems(reading), reading.unreadable is not None)

    def tell(self, source: str, problem: str, outcome: Outcome) -> None:
        """Keep that a source could not be listed as it is today."""
        told = Problem("unreadable", f"It could not be listed: {problem}.")
        outcome.record(source, source, [told], unreadable=True)

    def finish(
        self,
        belongs: Callable[[str], bool],
        locations: set[str],
        outcome: Outcome,
        kept: Kept | None = None,
    ) -> None:
        """Retire what is no longer there, keep this crawl's problems, close its record, and delete what is
        older than it is to be kept. `belongs` says of a location whether this crawl would have found a
        repository there.
        """
        gone = [
            k.id
            for k in self.known.values()
            if not k.gone and k.location not in locations and belongs(k.location)
        ]
        with self._engine.begin() as connection:
            store.retire_repositories(connection, gone, self.now)
            history.end(connection, _ended(connection), self.now)
            store.settle_conflicts(connection)
            self._keep_problems(connection, locations, outcome)
            scored = select(func.count()).where(_ENTITY.c.scored, _ENTITY.c.state != "gone")
            outcome.services = connection.execute(scored).scalar_one()
            connection.execute(
                update(_CRAWL)
                .where(_CRAWL.c.id == self._crawl)
                .values(
                    finished_at=datetime.now(UTC),
                    repositories=outcome.repositories,
                    changed=outcome.changed,
                    services=outcome.services,
                    errors=len(outcome.problems),
                    seconds=outcome.seconds,
                )
            )
            if kept is not None:
                prune(connection, kept, self.now)

    def _keep_problems(self, connection: Connection, locations: set[str], outcome: Outcome) -> None:
        """Problems of repositories that were not read again are still there: they belong here too."""
        unread = [k for k in self.known.values() if k.location in locations and k.location not in self._read]
        if unread:
            held = select(_REPOSITORY.c.location, _REPOSITORY.c.name, _REPOSITORY.c.problems).where(
                func.length(_REPOSITORY.c.problems.cast(Text)) > len("[]")
            )
            wanted = {k.location for k in unread}
            for row in connection.execute(held):
                if row.location in wanted:
                    outcome.record(
                        row.name, row.location, [Problem(**p) for p in row.problems], unreadable=False
                    )
        rows = [
            {"crawl_id": self._crawl, "repository": name, **problem._asdict()}
            for name, problem in outcome.problems
        ]
        if rows:
            connection.execute(insert(_PROBLEM), rows)


def _ended(connection: Connection) -> list[int]:
    open_period = exists().where(_STANDING.c.entity_id == _ENTITY.c.id, _STANDING.c.until.is_(None))
    return list(connection.scalars(select(_ENTITY.c.id).where(_ENTITY.c.state == "gone", open_period)))


def _problems(reading: Reading) -> list[Problem]:
    if reading.unreadable is not None:
        return [Problem("unreadable", f"It could not be read: {reading.unreadable}.")]
    return reading.problems


def _dumped(problems: Sequence[Problem]) -> list[Mapping[str, Any]]:
    return [p._asdict() for p in problems]
