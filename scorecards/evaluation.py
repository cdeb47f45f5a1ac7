"""Evaluation: every check of every scorecard on one service, and the stage and score that follow."""

import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from catalog.service import UNDEPLOYED, Service
from catalog.snapshot import Snapshot
from scorecards.check import Check, Params
from scorecards.facts import Facts
from scorecards.result import NotCounted, Result, Status
from scorecards.scorecard import Criterion, Scorecard
from scorecards.standing import CheckResult, Standing, stand
from scorecards.waivers import waivers


@dataclass(frozen=True, slots=True)
class ScorecardResult:
    """One service on one scorecard."""

    scorecard: Scorecard
    standing: Standing
    checks: tuple[CheckResult, ...]

    @property
    def name(self) -> str:
        """The scorecard's name."""
        return self.scorecard.name

    def check(self, check: str) -> CheckResult | None:
        """The result of this check, None where the scorecard does not name it."""
        return next((c for c in self.checks if c.id == check), None)

    @property
    def valid_until(self) -> date | None:
        """The last day on which all of it holds without looking again, None where it does not age."""
        return min((c.result.valid_until for c in self.checks if c.result.valid_until), default=None)


def evaluate(
    snapshot: Snapshot, service: Service, facts: Facts, scorecards: Iterable[Scorecard]
) -> tuple[ScorecardResult, ...]:
    """The results of one service on each scorecard; a check runs once for the same parameters.

    Pure but for what the facts record as asked. A check that raises is `unknown`, the others go on.
    """
    done: dict[tuple[str, str], tuple[Result, str | None]] = {}
    return tuple(_evaluate(snapshot, service, facts, scorecard, done) for scorecard in scorecards)


def _evaluate(
    snapshot: Snapshot,
    service: Service,
    facts: Facts,
    scorecard: Scorecard,
    done: dict[tuple[str, str], tuple[Result, str | None]],
) -> ScorecardResult:
    checks = []
    for criterion in scorecard.criteria:
        key = criterion.id, _key(criterion.params)
        if key not in done:
            done[key] = run_check(criterion.check, snapshot, service, facts, criterion.params)
        checks.append(_waived(criterion, *done[key], snapshot, service, facts))
    return ScorecardResult(scorecard, stand(checks, staged=service.type not in UNDEPLOYED), tuple(checks))


def decide(criterion: Criterion, snapshot: Snapshot, service: Service, facts: Facts) -> CheckResult:
    """What one check of a scorecard says of a service, waivers applied."""
    found = run_check(criterion.check, snapshot, service, facts, criterion.params)
    return _waived(criterion, *found, snapshot, service, facts)


def _key(params: Params) -> str:
    return repr(sorted(params.items())) if params else ""


def run_check(
    check: Check,
    snapshot: Snapshot,
    service: Service,
    facts: Facts,
    params: Mapping[str, Any] | None = None,
) -> tuple[Result, str | None]:
    """The result of one check, and what it raised if it could not be completed."""
    if not check.applies_to(service):
        return Result(Status.NOT_APPLICABLE, f"Does not apply to {several(service.type)}."), None
    snapshot.others = facts.repository
    try:
        return check.evaluate(snapshot, service, facts, check.params if params is None else params), None
    except Exception as error:  # whatever a hostile file may bring a check to, the rest goes on
        message = (
            f"The check `{check.id}` could not be completed: it met something that it cannot read. "
            "This is a mistake in Handrail, not in the service."
        )
        return Result(Status.UNKNOWN, message, fix=_REPORT), _what(error)


def several(type_: str) -> str:
    """A service type in the plural, as sentences name it."""
    words = type_.replace("-", " ")
    if words == "documentation":
        return words
    return f"{words[:-1]}ies" if words.endswith("y") else f"{words}s"


_REPORT = "Report it with the file that brings it about; until then, waive the check with an end date."


def _what(error: Exception) -> str:
    frames: Sequence[traceback.FrameSummary] = traceback.extract_tb(error.__traceback__)
    where = f" ({frames[-1].filename.rpartition('/')[2]} line {frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {str(error)[:200]}{where}"


def _waived(
    criterion: Criterion,
    result: Result,
    broken: str | None,
    snapshot: Snapshot,
    service: Service,
    facts: Facts,
) -> CheckResult:
    """Apply the waiver that excuses the check, if it needs one and one is in force."""
    if result.status in (Status.PASS, Status.NOT_APPLICABLE):
        return CheckResult(criterion, result, None, broken)
    waiver = waivers(snapshot).find(criterion.id, service)
    if waiver is None:
        return CheckResult(criterion, result, None, broken)
    if waiver.until < facts.as_of:
        over = NotCounted(waiver.path, f"A waiver that ended on {waiver.until}.", waiver.line)
        return CheckResult(criterion, replace(result, not_counted=(*result.not_counted, over)), None, broken)
    until = min(waiver.until, result.valid_until or waiver.until)
    return CheckResult(criterion, replace(result, valid_until=until), waiver, broken)
