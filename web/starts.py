"""The start of what a service is missing, as `handrail check --fix` would write it, to copy from a page."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from catalog.discovery import discover
from catalog.snapshot import Unreadable
from catalog.trees.commit import commit_snapshot
from scorecards.check import all_checks
from scorecards.evaluation import run_check
from scorecards.facts import Facts
from scorecards.result import Status
from scorecards.start import Start
from web.excerpts import Source
from web.results import CheckResult


def start_of(source: Source, ref: str, result: CheckResult, day: date) -> Start | None:
    """The start for a result that does not hold, None where something that is there is to be changed."""
    if result.holds or not source.commit:
        return None
    return _read(source.location, source.name, source.commit, ref.lower(), result.id, day)


@lru_cache(maxsize=256)
def _read(location: str, name: str, commit: str, ref: str, check: str, day: date) -> Start | None:
    asked = all_checks().get(check)
    if asked is None or asked.start is None:
        return None
    try:
        snapshot = commit_snapshot(Path(location), name, commit)
        service = next((s for s in discover(snapshot).services if str(s.ref).lower() == ref), None)
        if service is None:
            return None
        result, broken = run_check(asked, snapshot, service, Facts(day))
        if broken is not None or result.status in (Status.PASS, Status.NOT_APPLICABLE):
            return None
        start = asked.start(snapshot, service, result)
        return None if start is None or start.path in snapshot else start
    except (Unreadable, KeyError, ValueError):
        return None
