"""A repository at one moment, judged: its services, where each stands, and what could not be read."""

import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from catalog.discovery import discover
from catalog.problem import Problem
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.evaluation import ScorecardResult, evaluate
from scorecards.facts import Facts
from scorecards.scorecard import Scorecard
from scorecards.teams import with_teams
from scorecards.waivers import waivers

Scored = tuple[Service, tuple[ScorecardResult, ...]]

_BREAKS = frozenset({"syntax", "schema", "unreadable", "limit"})


@dataclass(frozen=True)
class Assessment:
    """The judged services of a snapshot, in the order in which they were found."""

    snapshot: Snapshot
    services: tuple[Scored, ...]
    problems: tuple[Problem, ...]
    elsewhere: tuple[Service, ...] = ()
    """Services of the repository that stand outside the folder that was asked for."""

    def find(self, ref: str) -> Scored | None:
        """The service of this ref."""
        return next((scored for scored in self.services if str(scored[0].ref) == ref), None)


def assess(
    snapshot: Snapshot,
    facts: Facts,
    scorecards: Sequence[Scorecard],
    *,
    within: str = "",
    as_type: str | None = None,
    before: "Assessment | None" = None,
) -> Assessment:
    """Find and judge the services of a snapshot.

    `within` is a folder of it, "" for all: only services that stand there are judged. `as_type` judges each
    as a service of this type. `before` is the same repository earlier: a service whose descriptor cannot be
    read any more keeps the ref and the type that it had then.
    """
    found = with_teams(discover(snapshot), facts)
    services = list(found.services)
    problems = [*found.problems, *waivers(snapshot).problems]
    if snapshot.truncated:
        problems.append(Problem("limit", f"Only the first {len(snapshot.files):,} files were read."))
    if before is not None:
        services = _remember(services, problems, before)
    inside = [s for s in services if is_within(s.path, within)]
    if as_type is not None:
        inside = [replace(s, type=as_type) for s in inside]
    return Assessment(
        snapshot,
        tuple((s, evaluate(snapshot, s, facts, scorecards)) for s in inside),
        tuple(problems),
        tuple(s for s in services if not is_within(s.path, within)),
    )


def is_within(path: str, folder: str) -> bool:
    """Whether a folder of the repository is this one or below it; "" is the root."""
    return not folder or path == folder or path.startswith(folder + "/")


def _remember(services: list[Service], problems: Iterable[Problem], before: Assessment) -> list[Service]:
    """Give services whose descriptor broke since `before` the ref and type of then."""
    broken = {p.path for p in problems if p.kind in _BREAKS and p.path is not None}
    present = {str(s.ref) for s in services}
    known = {str(s.ref) for s, _ in before.services}
    result = list(services)
    for old, _ in before.services:
        if str(old.ref) in present or old.descriptor is None or old.descriptor not in broken:
            continue
        folders = (old.path, posixpath.dirname(old.descriptor))
        stand_in = next(
            (s for s in result if s.document is None and s.path in folders and str(s.ref) not in known), None
        )
        if stand_in is None:
            neighbours = tuple(sorted({s.path for s in services if s.path != old.path}))
            result.append(Service(old.ref, old.type, old.path, neighbours=neighbours, state="undeclared"))
        else:
            result[result.index(stand_in)] = replace(stand_in, ref=old.ref, type=old.type)
    return result


def folder_of(path: str) -> str:
    """A path within a repository, as services write theirs: "" for the root."""
    return "" if path in ("", ".") else posixpath.normpath(path)
