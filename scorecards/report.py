"""Results as plain JSON values: what `handrail check --format json` prints and what the catalog stores.

`handrail/schemas/check.schema.json` describes it. `schema` counts up when a reader would have to change.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from catalog.problem import Problem
from catalog.ref import parse_ref
from catalog.service import Service
from scorecards.evaluation import ScorecardResult
from scorecards.standing import CheckResult
from scorecards.waivers import Waiver

SCHEMA = 1

Row = dict[str, Any]
Scored = tuple[Service, Sequence[ScorecardResult]]


def check_report(
    services: Iterable[Scored],
    problems: Iterable[Problem] = (),
    *,
    handrail: str,
    rules: str,
    as_of: date,
    commit: str | None,
) -> Row:
    """The whole report of `handrail check`; `handrail` is the version, `rules` as in `scorecards.rules`."""
    scored = list(services)
    broken = [problem for service, results in scored for problem in broken_checks(service, results)]
    return {
        "schema": SCHEMA,
        "handrail": handrail,
        "rules": rules,
        "as_of": as_of.isoformat(),
        "commit": commit,
        "services": [service_row(service, results) for service, results in scored],
        "errors": [error_row(p) for p in (*problems, *broken)],
    }


def service_row(service: Service, results: Sequence[ScorecardResult]) -> Row:
    """A service and where it stands on each scorecard."""
    namespace = service.ref.namespace
    return {
        "ref": str(service.ref),
        "path": service.path or ".",
        "kind": "Component",
        "type": service.type,
        "lifecycle": service.lifecycle,
        "owner": _ref(service.owner, "group", namespace),
        "system": _ref(service.system, "system", namespace),
        "tags": list(service.tags),
        "state": service.state,
        "scorecards": [scorecard_row(result) for result in results],
    }


def scorecard_row(result: ScorecardResult) -> Row:
    """Where a service stands on one scorecard, and what each check says."""
    standing = result.standing
    return {
        "name": result.name,
        "stage": standing.stage,
        "stage_possible": standing.stage_possible,
        "score": standing.score,
        "score_possible": standing.score_possible,
        "next": list(standing.next),
        "checks": [check_row(check) for check in result.checks],
    }


def check_row(check: CheckResult) -> Row:
    """What one check says, with the evidence."""
    result, criterion = check.result, check.criterion
    return {
        "id": check.id,
        "stage": criterion.stage,
        "required": criterion.required,
        "weight": _number(criterion.weight),
        "status": result.status.value,
        "message": result.message,
        "evidence": [{"path": e.path, "line": e.line, "note": e.note} for e in result.evidence],
        "not_counted": [{"path": n.path, "line": n.line, "why": n.why} for n in result.not_counted],
        "fix": result.fix,
        "waiver": None if check.waiver is None else waiver_row(check.waiver),
        "valid_until": None if result.valid_until is None else result.valid_until.isoformat(),
    }


def waiver_row(waiver: Waiver) -> Row:
    """Why a check is excused, by whom, and until when."""
    return {
        "reason": waiver.reason,
        "owner": waiver.owner,
        "until": waiver.until.isoformat(),
        "path": waiver.path,
        "line": waiver.line,
    }


def error_row(problem: Problem) -> Row:
    """A problem as `errors` lists it; `path` is null where it concerns the whole repository."""
    return {"path": problem.path, "line": problem.line, "message": problem.message}


def broken_checks(service: Service, results: Iterable[ScorecardResult]) -> tuple[Problem, ...]:
    """What the checks that raised leave in a list of errors, each once, however many scorecards name it."""
    found = {check.id: check for result in results for check in result.checks if check.broken}
    return tuple(broken_check(service, check) for check in found.values())


def broken_check(service: Service, check: CheckResult) -> Problem:
    """What a check that raised leaves in a list of errors."""
    message = f"The check `{check.id}` could not be completed for {service.ref}: {check.broken}"
    return Problem("check", message)


def _ref(text: str | None, kind: str, namespace: str) -> str | None:
    """A reference as a full ref, as written where it is none."""
    if not text:
        return None
    ref = parse_ref(text, kind, namespace)
    return text if ref is None else str(ref)


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else value
