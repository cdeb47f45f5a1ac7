"""Reading one repository at one commit into rows to store.

This is what a worker process imports. Nothing of it imports SQLAlchemy: a worker starts in a fraction of
the time and memory without it.
"""

import json
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from catalog.beside import Beside, Place
from catalog.discovery import discover
from catalog.entity import Entity
from catalog.problem import Problem
from catalog.ref import repository_name
from catalog.service import Service
from catalog.snapshot import Snapshot, Unreadable
from catalog.trees.commit import web_address
from catalog.trees.repository import ReadTree, open_at
from handrail.crawl.job import Job, Reading, Row
from scorecards.evaluation import ScorecardResult, evaluate
from scorecards.facts import Facts
from scorecards.organisation import Organisation, of
from scorecards.report import broken_checks, check_row
from scorecards.scorecard import Scorecard, built_in
from scorecards.teams import with_teams
from scorecards.waivers import waivers
from templates.gallery import newest_versions

_MOST_PROBLEMS = 200
"""Of one repository, that are kept and shown."""


@lru_cache(maxsize=1)
def _refs(path: str) -> frozenset[str]:
    return frozenset(Path(path).read_text("utf-8").split("\n")) - {""}


@lru_cache(maxsize=1)
def _beside(path: str) -> Beside:
    lines = Path(path).read_text("utf-8").split("\n")
    return Beside(Place(*json.loads(line)) for line in lines if line)


@cache
def _organisation(path: str) -> Organisation:
    return of(json.loads(Path(path).read_text("utf-8")))


@cache
def _scorecards() -> tuple[Scorecard, ...]:
    return tuple(built_in().values())


def declared(job: Job) -> list[str]:
    """The refs that a repository declares; none where it cannot be read, which reading it will tell."""
    try:
        repository = open_at(Path(job.location))
        commit = repository.head()
        if commit is None:
            return []
        found = discover(Snapshot(repository.tree(commit), repository_name(repository.origin(), job.name)))
    except Exception:  # whatever it is, reading it says so
        return []
    return [*(str(e.ref) for e in found.entities), *(str(s.ref) for s in found.services)]


def read(job: Job) -> Reading:
    """Read a repository; what cannot be read is said in the reading, never raised."""
    reading = Reading(job.name, job.location)
    tree: ReadTree | None = None
    try:
        repository = open_at(Path(job.location))
        commit = repository.head()
        if commit is None:
            raise Unreadable("no commit yet on its default branch")
        origin = repository.origin()
        tree = repository.tree(commit)
        reading.damaged = True
        snapshot = Snapshot(tree, repository_name(origin, job.name))
        reading.head = repository.describe(commit)
        reading.damaged = False
        reading.url = web_address(origin)
        beside = _beside(job.places)
        said = _organisation(job.organisation)
        evidence, teams = said.evidence, said.teams
        facts = Facts(job.as_of, _refs(job.refs), beside, newest_versions(), evidence, job.name, teams)
        _fill(reading, snapshot, facts)
    except Unreadable as error:
        reading.unreadable = str(error)
    except Exception as error:  # one repository never stops the others; the crawl reports it as a bug
        reading.unreadable = f"Handrail failed on it, which is a bug: {type(error).__name__}: {error}"
    reading.damaged = reading.damaged or (tree is not None and tree.broken)
    return reading


def _fill(reading: Reading, snapshot: Snapshot, facts: Facts) -> None:
    found = with_teams(discover(snapshot), facts)
    services = {str(service.ref): service for service in found.services}
    until: list[date] = []
    for entity in found.entities:
        row = _entity_row(entity, services.get(str(entity.ref)))
        reading.entities.append(row)
    described = {row["ref"] for row in reading.entities}
    for ref, service in services.items():
        if ref not in described:
            reading.entities.append(_undeclared_row(service))
    for row in reading.entities:
        service_of_row = services.get(row["ref"])
        if service_of_row is None:
            continue
        results = evaluate(snapshot, service_of_row, facts, _scorecards())
        row["results"] = [_result_row(result) for result in results]
        reading.problems += broken_checks(service_of_row, results)
        until += [r.valid_until for r in results if r.valid_until]
    reading.problems += (*found.problems, *waivers(snapshot).problems)
    if snapshot.truncated:
        reading.problems.append(Problem("limit", f"Only the first {len(snapshot.files):,} files were read."))
    more = len(reading.problems) - _MOST_PROBLEMS
    if more > 0:
        said = Problem("limit", f"There are {more:,} further problems, which are not listed.")
        reading.problems = [*reading.problems[:_MOST_PROBLEMS], said]
    reading.asked = dict(facts.asked)
    reading.valid_until = min(until).isoformat() if until else None


def _entity_row(entity: Entity, service: Service | None) -> Row:
    row = _row(
        ref=str(entity.ref),
        kind=entity.kind,
        namespace=entity.ref.namespace,
        name=entity.ref.name,
        title=_text(entity.title),
        description=_text(entity.description),
        type=service.type if service else _text(entity.type),
        declared_type=_text(entity.type),
        lifecycle=_text(entity.lifecycle),
        owner=_text(entity.owner),
        system=_text(entity.system),
        path=service.path if service else "",
        descriptor=entity.path,
        line=entity.line,
        state="declared",
        tags=list(entity.tags),
        document=_dump(_document(entity)),
    )
    row["relations"] = [(r.type, r.target, r.line) for r in entity.relations]
    row["scored"] = service is not None
    return row


def _document(entity: Entity) -> Any:
    """The descriptor's document; where several descriptors made it, with the source of each field."""
    if entity.form == "backstage" and not entity.sources:
        return entity.document.data
    told = {
        "format": entity.form,
        "sources": [source._asdict() for source in entity.sources],
        "contradictions": [each._asdict() for each in entity.contradictions],
    }
    return dict(entity.document.mapping) | {"handrail.dev/descriptors": told}


def _undeclared_row(service: Service) -> Row:
    row = _row(
        ref=str(service.ref),
        kind="Component",
        namespace=service.ref.namespace,
        name=service.ref.name,
        title=service.title,
        description=service.description,
        type=service.type,
        declared_type=service.declared_type,
        lifecycle=service.lifecycle,
        owner=service.owner,
        system=service.system,
        path=service.path,
        descriptor=None,
        line=None,
        state="undeclared",
        tags=list(service.tags),
        document=None,
    )
    row["relations"] = []
    row["scored"] = True
    return row


def _row(**columns: Any) -> Row:
    words = (columns[c] for c in ("name", "title", "description", "owner", "system"))
    columns["search"] = " ".join([w for w in words if w] + columns["tags"]).lower()[:4000]
    columns["results"] = []
    return columns


def _text(value: str | None) -> str | None:
    return value[:4000] if value else None


def _result_row(result: ScorecardResult) -> Row:
    standing = result.standing
    first = result.check(standing.next[0]) if standing.next else None
    return {
        "scorecard": result.name,
        "stage": standing.stage,
        "stage_possible": standing.stage_possible,
        "score": standing.score,
        "score_possible": standing.score_possible,
        "next": _dump(list(standing.next)),
        "first_check": first.id if first else None,
        "first_status": first.status.value if first else None,
        "lacking": standing.lacking,
        "checks": _dump([check_row(check) for check in result.checks]),
        "verdicts": [(c.id, c.status.value, c.result.message) for c in result.checks],
    }


def _dump(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=str)
