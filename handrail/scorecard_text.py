"""Where services stand, as text for a person: the verdict first, then what to do, then what was read."""

from rich.text import Text

from catalog.service import Service
from handrail.terminal import place, safe, status, table, write
from scorecards.assessment import Assessment
from scorecards.evaluation import ScorecardResult
from scorecards.report import broken_checks
from scorecards.standing import STAGES, CheckResult, Standing

_MOST = 5
_LONGEST = 44


def write_assessment(assessment: Assessment) -> None:
    """Every service with its checks, and what could not be read."""
    for number, (service, results) in enumerate(assessment.services):
        if number:
            write()
        for result in results:
            write_result(service, result)
    broken = [p for service, results in assessment.services for p in broken_checks(service, results)]
    if assessment.problems or broken:
        write()
        write("Could not be read, or not as it is written:", "bold")
        for problem in (*assessment.problems, *broken):
            write(f"{place(problem.path, problem.line)}  {problem.message}".strip(), indent=2)


def write_result(service: Service, result: ScorecardResult) -> None:
    """One service on one scorecard."""
    write(Text.assemble((safe(service.name), "bold"), f"  {safe(_about(service))}"))
    write(Text.assemble((stage_line(result.standing), "bold"), f"  {score_line(result.standing)}"))
    if result.standing.next:
        write(_next(result))
    write()
    rows = [(str(c.criterion.stage), c.id, status(_word(c)), _where(c), _seen(c)) for c in result.checks]
    table(("Stage", "Check", "Status", "Where", "What was seen"), rows, cut=True)
    ordered = [c for name in result.standing.next if (c := result.check(name)) is not None]
    rest = [c for c in result.checks if not c.holds and c not in ordered]
    for check in (*ordered, *rest):
        write()
        _write_check(check)


def _about(service: Service) -> str:
    kind = service.type.replace("-", " ")
    words = [f"{service.lifecycle} {kind}" if service.lifecycle else kind]
    if service.state != "declared":
        words.append(f"{service.state}, judged by what its files tell")
    words.append(f"owned by {service.owner}" if service.owner else "no owner")
    if service.path:
        words.append(f"in {service.path}/")
    return ", ".join(words)


def stage_line(standing: Standing) -> str:
    """`Stage 2, Firefighting`, and what it could be."""
    if standing.stage is None:
        return "No stage applies."
    line = f"Stage {standing.stage}, {STAGES[standing.stage]}"
    if standing.stage_possible is not None and standing.stage_possible > standing.stage:
        line += f" ({standing.stage_possible} if what is unknown passes)"
    return line + "."


def score_line(standing: Standing) -> str:
    """`Score 61.5 of 100`, and what it could be."""
    if standing.score is None:
        return "No check applies, so there is no score."
    line = f"Score {standing.score:.1f} of 100"
    if standing.score_possible != standing.score:
        line += f" ({standing.score_possible:.1f} if what is unknown passes)"
    return line + "."


def _next(result: ScorecardResult) -> str:
    names = result.standing.next
    required = names[: result.standing.lacking]
    if required:
        stage = (result.standing.stage or 0) + 1
        return f"To reach stage {stage}, {STAGES[stage]}: {', '.join(required)}."
    return f"Next: {', '.join(names[:_MOST])}."


def _word(check: CheckResult) -> str:
    return "waived" if check.waiver else check.status.value


def _where(check: CheckResult) -> str:
    where = next((place(e.path, e.line) for e in check.result.evidence), "")
    return where if len(where) <= _LONGEST else "…" + where[1 - _LONGEST :]


def _seen(check: CheckResult) -> str:
    if check.waiver is None:
        return check.result.message
    until = check.waiver.until.isoformat()
    return f"{check.status.value.capitalize()}, waived until {until}: {check.waiver.reason}"


def _write_check(check: CheckResult) -> None:
    result = check.result
    kind = "required" if check.criterion.required else "recommended"
    write(
        Text.assemble(
            (check.id, "bold"), "  ", status(_word(check)), f"  stage {check.criterion.stage}, {kind}"
        )
    )
    write(result.message, indent=2)
    for evidence in result.evidence[:_MOST]:
        write(f"{place(evidence.path, evidence.line)}  {evidence.note}", indent=4)
    for skipped in result.not_counted[:_MOST]:
        write(f"{place(skipped.path, skipped.line)}  not counted: {skipped.why}", indent=4)
    more = max(len(result.not_counted) - _MOST, 0) + max(len(result.evidence) - _MOST, 0)
    if more:
        write(f"and {more} more", indent=4)
    if result.fix:
        write(f"Fix: {result.fix}", indent=2)
