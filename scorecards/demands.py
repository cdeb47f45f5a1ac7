"""Demands: what every service must reach, whatever it was before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalog.service import Service
from scorecards.assessment import Scored
from scorecards.evaluation import ScorecardResult, several
from scorecards.standing import STAGES


@dataclass(frozen=True, slots=True)
class Demands:
    """What is demanded of every service on one scorecard; nothing by default."""

    min_stage: int | None = None
    min_score: float | None = None
    require: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.min_stage is not None or self.min_score is not None or bool(self.require)


@dataclass(frozen=True, slots=True)
class Demand:
    """One demand on one service, as it was given (`--min-stage 3`), and whether it holds."""

    service: str
    demand: str
    held: bool
    message: str


def meet(services: Iterable[Scored], demands: Demands, scorecard: str) -> tuple[Demand, ...]:
    """Hold every service against the demands. Where stage or score do not apply, the demand holds."""
    return tuple(
        demand
        for service, results in services
        for result in results
        if result.name == scorecard
        for demand in _meet(service, result, demands)
    )


def _meet(service: Service, result: ScorecardResult, demands: Demands) -> Iterator[Demand]:
    ref, standing = str(service.ref), result.standing
    if demands.min_stage is not None:
        demand = f"--min-stage {demands.min_stage}"
        if standing.stage is None:
            yield Demand(ref, demand, True, f"No stage applies to {several(service.type)}.")
        else:
            message = f"Stage {standing.stage}, {STAGES[standing.stage]}."
            yield Demand(ref, demand, standing.stage >= demands.min_stage, message)
    if demands.min_score is not None:
        demand = f"--min-score {demands.min_score:g}"
        if standing.score is None:
            yield Demand(ref, demand, True, f"No check applies to {several(service.type)}.")
        else:
            yield Demand(
                ref, demand, standing.score >= demands.min_score, f"Score {standing.score:.1f} of 100."
            )
    for name in demands.require:
        check = result.check(name)
        if check is not None:
            waived = f"Waived until {check.waiver.until}. " if check.waiver else ""
            yield Demand(ref, f"--require {name}", check.holds, waived + check.result.message)
