"""It is settled what happens when the error budget is spent, and who decides.

## What it looks for

A document that says what stops, freezes or changes once the error budget of the service is spent, and who
decides: a policy of its own, or a section of the one with the objectives, in many languages; or the same as
settings in YAML. Or a gate in a pipeline that asks for the budget and stops the deployment when it is spent.

A rule without anybody who decides, the size of a budget without a consequence, a gate on the objective in
general, and a gate whose failure changes nothing are weak. A target alone is none, nor is what a case study,
a postmortem, a roadmap, a lesson or instructions for a coding agent tell of error budgets.

## Why it matters

Without a consequence an objective is a wish: whether to ship or to repair is argued anew every time, by
those who are loudest, and mostly in the middle of an incident.

## How to fix it

Write down what stops when the budget is spent, what may still be released, who decides, and when it ends.

## Example

    # docs/error-budget-policy.md
    # Error budget policy: payments

    The objective is 99.9 % over 30 days; the error budget is 0.1 %, 43 minutes.

    - Half of it consumed: the next sprint begins with the causes.
    - All of it consumed: releases are frozen, but for repairs and security updates.

    The head of payments decides on exceptions, together with whoever is on call. The freeze ends when the
    budget is positive again.

## Known limits

Whether anybody keeps to the policy is not judged. A policy in another repository or a wiki is `unknown`
unless the annotation `handrail.dev/evidence` leads to it.
"""

from itertools import chain

from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.budget_gates import gates
from scorecards.reading.budget_policies import Policy, policies
from scorecards.reading.budget_settings import settings
from scorecards.reading.document_scope import ANOTHERS, why_not_ours
from scorecards.reading.elsewhere import ANNOTATION, elsewhere
from scorecards.reading.objective import Objective
from scorecards.reading.objective_scope import why_not_counted
from scorecards.reading.objectives import objectives
from scorecards.reading.pipelines import covers, pipelines
from scorecards.reading.scope import aside, names
from scorecards.result import Evidence, Findings, Result, Status
from scorecards.start import Start, fitted

STAGE = 4
REQUIRED = True
EXCEPT: tuple[str, ...] = ("library", "infrastructure-module", "tool", "documentation")


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """Judge what is said of the error budget, and the gates that ask for it."""
    findings = Findings()
    for policy in _said(snapshot):
        why = policy.why or why_not_ours(policy.path, snapshot, service)
        if not why:
            _judge(findings, policy, policy.path)
        elif why != ANOTHERS:
            findings.skip(policy.path, why)
    for pipeline in pipelines(snapshot):
        if not aside(pipeline.path, service) and covers(pipeline, service):
            for gate in gates(snapshot, pipeline):
                _judge_gate(findings, gate.path, gate.line, gate.text, gate.status, gate.why)
    for place in elsewhere(service, facts):
        if place.snapshot is None:
            message = f"A policy may stand in `{place.repository}`, which is not at hand."
            findings.add(Status.UNKNOWN, message, Evidence(service.descriptor or ".", None, ANNOTATION))
            continue
        for policy in _said(place.snapshot):
            text = place.snapshot.text(policy.path) or ""
            if not policy.why and place.holds(policy.path) and (place.path or names(text, service)):
                _judge(findings, policy, place.shown(policy.path))
    result = findings.best("", "")
    if result.status in (Status.PASS, Status.PARTIAL):
        return result.with_fix(_strengthen(service, result))
    promised = next((o for o in objectives(snapshot) if not why_not_counted(o, service)), None)
    if result.status is Status.FAIL:
        result = findings.best(_absent(promised), "")
    return result.with_fix(_fix(service, promised, result))


def _said(snapshot: Snapshot) -> list[Policy]:
    """What is said of error budgets, what says most first."""
    said = chain(policies(snapshot), settings(snapshot))
    return sorted(said, key=lambda p: (p.decides is None, p.rule is None, not p.firm))


def _judge(findings: Findings, policy: Policy, path: str) -> None:
    if policy.rule and policy.decides:
        message = f"`{path}` says what happens when the error budget is spent, and who decides."
        where = Evidence(path, policy.rule.line, policy.rule.text)
        who = Evidence(path, policy.decides.line, policy.decides.text)
        findings.add(Status.PASS, message, where, *(() if who == where else (who,)))
    elif policy.rule:
        message = f"`{path}` says what happens when the error budget is spent, but not who decides."
        findings.add(Status.PARTIAL, message, Evidence(path, policy.rule.line, policy.rule.text))
    elif policy.number:
        message = f"`{path}` says how large the error budget is, but not what happens when it is spent."
        findings.add(Status.PARTIAL, message, Evidence(path, policy.number.line, policy.number.text))
    elif policy.pointer:
        message = f"The error budget policy stands elsewhere: {policy.pointer.target[:120]}."
        findings.add(
            Status.UNKNOWN, message, Evidence(path, policy.pointer.line, policy.pointer.target[:120])
        )


def _judge_gate(findings: Findings, path: str, line: int, text: str, status: Status, why: str) -> None:
    if status is Status.PASS:
        message = f"A gate in `{path}` asks for the error budget before anything is deployed."
        findings.add(status, message, Evidence(path, line, text))
    elif status is Status.PARTIAL:
        findings.add(status, f"The gate `{text}` in `{path}` is weak: {why}.", Evidence(path, line, text))
    else:
        findings.skip(path, f"the gate `{text}`: {why}", line)


def _absent(promised: Objective | None) -> str:
    if promised is not None:
        return (
            f"There is an objective (`{promised.name[:80]}`), and nothing says what follows from missing it."
        )
    return "Nothing says what happens when the service fails more often than it may."


def _strengthen(service: Service, result: Result) -> str:
    where = result.evidence[0]
    place = f"`{where.path}` line {where.line}"
    if "who decides" in result.message:
        return (
            f"Say at {place} who decides that releases of {service.name} stop, on exceptions, and on the end."
        )
    if "gate" in result.message:
        return (
            f"Let {place} ask what is left of the error budget, and fail before {service.name} is deployed."
        )
    return (
        f"Say beside {place} what stops when the error budget of {service.name} is spent, what may still be"
        " released, and who decides."
    )


def _fix(service: Service, promised: Objective | None, result: Result) -> str:
    policy = service.file("docs/error-budget-policy.md")
    if result.status is Status.UNKNOWN:
        return f"Commit the policy as `{policy}`, or name its repository with the annotation `{ANNOTATION}`."
    if promised is None:
        return (
            f"Define an objective of {service.name} first (`handrail explain slo-defined`), then write"
            f" `{policy}`: what stops when its error budget is spent, and who decides."
        )
    return (
        f"Write `{policy}`: what stops when the error budget of `{promised.name[:80]}` ({promised.path}) is"
        " spent, what may still be released, who decides, and when it ends."
    )


_START = """\
# Error budget policy: @name@

TODO: the objective, its window, and the error budget that they leave.

| Error budget | What happens | Who decides |
|---|---|---|
| half spent | TODO | <role> |
| spent | TODO: what stops, and what may still be released | <role> |

TODO: when the budget counts as recovered, and who grants exceptions.
"""


def start(snapshot: Snapshot, service: Service, result: Result) -> Start | None:
    """The start of a policy, None where something is there to be strengthened."""
    path = service.file("docs/error-budget-policy.md")
    if result.status is not Status.FAIL or path in snapshot:
        return None
    fill = (
        "the objective and its error budget",
        "what stops when the budget is spent, and what may still be released",
        "who decides, also on exceptions",
    )
    return Start(path, fitted(_START, service), fill)
