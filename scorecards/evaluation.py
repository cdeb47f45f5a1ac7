"""Evaluation: every check of a scorecard on one service, and the stage and score that follow."""

from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Check
from scorecards.facts import Facts
from scorecards.result import Result, Status


def run_check(check: Check, snapshot: Snapshot, service: Service, facts: Facts) -> Result:
    """The result of one check with its default parameters."""
    if not check.applies_to(service):
        return Result(Status.NOT_APPLICABLE, f"Does not apply to a {service.type}.")
    return check.evaluate(snapshot, service, facts, check.params)
