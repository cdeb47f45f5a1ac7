"""Stage, score and what to do next, from the results of a scorecard's checks.

A check holds if it passes, does not apply, or is waived. The stage is the highest n such that every required
check of stages 2 to n holds. A stage counts only if a required check of it applies to the service: a gap ends
the climb. The score is the weight of what passes, half of what is partial, in a hundred parts of the weight
of all that applies and is not waived. Beside both stands what would be if every `unknown` passed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scorecards.result import Result, Status
from scorecards.scorecard import Criterion
from scorecards.waivers import Waiver

FIRST_STAGE, LAST_STAGE = 1, 5
STAGES = {1: "Chaos", 2: "Firefighting", 3: "Automation", 4: "Prediction", 5: "Mastery"}

_CREDIT = {Status.PASS: 1.0, Status.PARTIAL: 0.5}
# What is half done is nearest; what cannot be decided may already be there.
_NEARNESS = {Status.PARTIAL: 0, Status.FAIL: 1, Status.UNKNOWN: 2}


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check says of a service under one scorecard.

    `waiver` is the one in force that excuses it, None where it needs none. `broken` says what the check
    raised, and where, if it could not be completed.
    """

    criterion: Criterion
    result: Result
    waiver: Waiver | None = None
    broken: str | None = None

    @property
    def id(self) -> str:
        """The check's id."""
        return self.criterion.id

    @property
    def status(self) -> Status:
        """The status, waived or not."""
        return self.result.status

    @property
    def applies(self) -> bool:
        """Whether the service should have the practice at all."""
        return self.result.status is not Status.NOT_APPLICABLE

    @property
    def holds(self) -> bool:
        """Whether it passes, does not apply, or is waived."""
        return self.waiver is not None or self.result.status in (Status.PASS, Status.NOT_APPLICABLE)

    @property
    def could_hold(self) -> bool:
        """Whether it would hold if what is unknown passed."""
        return self.holds or self.result.status is Status.UNKNOWN


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a service stands on one scorecard.

    `stage` is None where nothing is staged, `score` where nothing applies. `next` names the checks to mend
    first; `lacking` counts the required checks of the stage being climbed that do not hold.
    """

    stage: int | None
    stage_possible: int | None
    score: float | None
    score_possible: float | None
    next: tuple[str, ...]
    lacking: int


def stand(checks: Sequence[CheckResult], *, staged: bool) -> Standing:
    """Where a service stands; `staged` is False for a type whose stage is null (see `catalog.service`)."""
    ceiling = _ceiling(checks) if staged else None
    stage = None if ceiling is None else _stage(checks, ceiling, possible=False)
    climbing = None if stage is None or ceiling is None or stage >= ceiling else stage + 1
    lacking = sum(1 for c in checks if c.criterion.required and c.criterion.stage == climbing and not c.holds)
    return Standing(
        stage=stage,
        stage_possible=None if ceiling is None else _stage(checks, ceiling, possible=True),
        score=_score(checks, possible=False),
        score_possible=_score(checks, possible=True),
        next=_next(checks, climbing),
        lacking=lacking,
    )


def _ceiling(checks: Iterable[CheckResult]) -> int | None:
    """The stage below the first gap; None where no required check applies at all."""
    present = {c.criterion.stage for c in checks if c.criterion.required and c.applies}
    if not present:
        return None
    stage = FIRST_STAGE
    while stage + 1 in present:
        stage += 1
    return stage


def _stage(checks: Iterable[CheckResult], ceiling: int, *, possible: bool) -> int:
    missing = (
        c.criterion.stage
        for c in checks
        if c.criterion.required and not (c.could_hold if possible else c.holds)
    )
    return min(ceiling, min(missing, default=LAST_STAGE + 1) - 1)


def _score(checks: Iterable[CheckResult], *, possible: bool) -> float | None:
    total = reached = 0.0
    for check in checks:
        if not check.applies or check.waiver is not None:
            continue
        total += check.criterion.weight
        credit = _CREDIT.get(check.status, 0.0)
        if possible and check.status is Status.UNKNOWN:
            credit = 1.0
        reached += check.criterion.weight * credit
    return round(100 * reached / total, 1) if total else None


def _next(checks: Iterable[CheckResult], climbing: int | None) -> tuple[str, ...]:
    """What does not hold, in the order in which mending it helps most.

    The stage being climbed comes first, and while there is one nothing above it is named. Then: required
    before recommended, partial before fail, little effort before much, heavy before light.
    """
    open_ = [c for c in checks if not c.holds and (climbing is None or c.criterion.stage <= climbing)]

    def order(check: CheckResult) -> tuple[bool, bool, int, int, int, float]:
        criterion = check.criterion
        return (
            criterion.stage != climbing,
            not criterion.required,
            0 if climbing else criterion.stage,
            _NEARNESS[check.status],
            criterion.check.effort,
            -criterion.weight,
        )

    return tuple(c.id for c in sorted(open_, key=order))
