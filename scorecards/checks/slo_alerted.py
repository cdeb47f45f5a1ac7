"""Somebody is told while the error budget burns, with a runbook at hand.

## What it looks for

An alert on the objective itself: on the rate at which its error budget burns, or on what is left of it. It
may be a rule that multiplies the budget (`14.4 * (1 - 0.999)`), a rule on a burn rate that others record, one
that Sloth, Pyrra, OpenSLO, Nobl9 or Grafana makes of the objective, or the burn rate of Datadog, Google or
AWS. It has to link a runbook that is there. Without the link, without an objective, or with a plain threshold
on what the objective measures it is weak. Threshold alerts beside no objective count for nothing here.

## Why it matters

A threshold wakes people for what users never notice, and stays silent while a slow leak spends a month's
budget. A burn rate fires when, and only when, the promise is in danger.

## How to fix it

For each objective alert on a fast burn (page) and a slow one (ticket), and link the runbook in both.

## Example

    # monitoring/slo-alerts.yaml, for an objective of 99.9 %
    groups:
      - name: payments-objectives
        rules:
          - alert: PaymentsBudgetBurnsFast
            expr: >-
              job:errors:ratio_rate1h{job="payments"} > 14.4 * (1 - 0.999)
              and job:errors:ratio_rate5m{job="payments"} > 14.4 * (1 - 0.999)
            labels:
              severity: page
            annotations:
              summary: 2 % of the month's error budget went in one hour
              runbook_url: https://github.com/acme/payments/blob/main/docs/runbook.md

## Known limits

A link counts as resolved where it leads to a document of this repository, or of one that the descriptor names
as evidence; other addresses are not opened. Whether factor and windows fit the objective is not computed.
"""

from typing import NamedTuple

from catalog.aside import aside_folder
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.alert import Alert
from scorecards.reading.alert_scope import names, why_not_counted
from scorecards.reading.alerts import alerts
from scorecards.reading.elsewhere import ANNOTATION, Elsewhere, elsewhere
from scorecards.reading.expression import burns, holds_target, measures
from scorecards.reading.flaw import said
from scorecards.reading.objective import Objective
from scorecards.reading.objective_scope import concerns
from scorecards.reading.objective_scope import why_not_counted as why_no_objective
from scorecards.reading.objectives import objectives
from scorecards.reading.runbook_link import why_unresolved
from scorecards.result import Evidence, Findings, NotCounted, Result, Status
from scorecards.start import Start, fitted

STAGE = 3
REQUIRED = False
EXCEPT: tuple[str, ...] = ("library", "infrastructure-module", "tool", "documentation")

_SHOWN = 5
"""How many alerts of one kind are shown."""


class _Heeded(NamedTuple):
    """An alert that concerns the service, the repository that holds it, and how its paths are shown."""

    alert: Alert
    snapshot: Snapshot
    prefix: str = ""

    @property
    def path(self) -> str:
        """The path as evidence shows it."""
        return self.prefix + self.alert.path


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """The best alert on an objective of the service."""
    findings = Findings()
    promised = [o for o in _real(snapshot) if not why_no_objective(o, service)]
    heeded = [_Heeded(a, snapshot) for a in alerts(snapshot) if not why_not_counted(a, service)]
    for place in elsewhere(service, facts):
        if place.snapshot is None:
            message = f"Alerts may stand in `{place.repository}`, which is not at hand."
            findings.add(Status.UNKNOWN, message, Evidence(service.descriptor or ".", None, ANNOTATION))
        else:
            promised += [
                o for o in _real(place.snapshot) if _held(o.path, place) and _meant(o, place, service)
            ]
            heeded += [
                _Heeded(a, place.snapshot, f"{place.repository}:")
                for a in alerts(place.snapshot)
                if _held(a.path, place) and (place.path or names(a, service))
            ]
    others = []
    for held in heeded:
        if burns(held.alert):
            _judge_burn(findings, held, service, facts, promised)
        else:
            others.append(held)
    plain = [h.alert for h in others if not _judge_plain(findings, h, promised)]
    findings.not_counted += [
        NotCounted(a.path, f"the alert `{a.name}` is not about an objective", a.line) for a in plain[:_SHOWN]
    ]
    result = findings.best(_absent(promised, plain), "")
    return result if result.status is Status.PASS else result.with_fix(_fix(service, promised, result))


def _real(snapshot: Snapshot) -> list[Objective]:
    return [o for o in objectives(snapshot) if o.status is not Status.FAIL]


def _held(path: str, place: Elsewhere) -> bool:
    return place.holds(path) and aside_folder(path) is None


def _meant(objective: Objective, place: Elsewhere, service: Service) -> bool:
    return bool(place.path) or concerns(objective, service)


def _judge_burn(
    findings: Findings, held: _Heeded, service: Service, facts: Facts, promised: list[Objective]
) -> None:
    """Add what an alert on a burn rate comes to."""
    alert = held.alert
    called = f"The alert `{alert.name}` ({alert.dialect})"
    evidence = Evidence(held.path, alert.line, f"{alert.dialect}: {alert.summary}")
    if alert.status in (Status.FAIL, Status.UNKNOWN):
        findings.add(alert.status, f"{called} does not count: {said(alert.problems)}.", evidence)
        return
    lacks = _lacks(alert, held.snapshot, service, facts, promised)
    called = f"{called} fires while the error budget burns"
    if lacks:
        findings.add(Status.PARTIAL, f"{called}, but {lacks[0]}.", evidence)
    else:
        runbook = Evidence(held.path, alert.line, f"runbook: {alert.runbook[:120]}")
        findings.add(Status.PASS, f"{called}, and links its runbook.", evidence, runbook)


def _judge_plain(findings: Findings, held: _Heeded, promised: list[Objective]) -> bool:
    """Add what another alert comes to; False where it has nothing to do with an objective."""
    alert = held.alert
    if alert.status is Status.FAIL:
        return True
    for objective in promised:
        if measures(objective, alert, held.snapshot):
            message = (
                f"The alert `{alert.name}` ({alert.dialect}) watches what the objective"
                f" `{objective.name[:80]}` measures, but by a threshold of its own and"
                " not by how fast the budget burns."
            )
            evidence = Evidence(held.path, alert.line, f"{alert.dialect}: {alert.summary}")
            findings.add(Status.PARTIAL, message, evidence)
            return True
    return False


def _lacks(
    alert: Alert, snapshot: Snapshot, service: Service, facts: Facts, promised: list[Objective]
) -> list[str]:
    lacks = []
    if not promised:
        only = (
            "its target stands only in its expression" if holds_target(alert) else "no objective is defined"
        )
        lacks.append(only)
    if alert.status is Status.PARTIAL:
        why = said(alert.problems)
        lacks.append(f"has {why}" if why.startswith("no ") else why)
    unresolved = why_unresolved(alert, snapshot, service, facts)
    return [*lacks, unresolved] if unresolved else lacks


def _absent(promised: list[Objective], plain: list[Alert]) -> str:
    if promised and plain:
        return "No alert watches an objective: those that are here are about something else."
    if promised:
        return f"No alert watches the objective `{promised[0].name}`."
    if plain:
        return "Alerts watch thresholds, and no objective is defined that they could guard."
    return "There is no objective, and no alert that could guard one."


def _fix(service: Service, promised: list[Objective], result: Result) -> str:
    if result.status is Status.PARTIAL and result.evidence:
        where = result.evidence[0]
        place = f"`{where.path}` line {where.line}" if where.line else f"`{where.path}`"
        if "runbook" in result.message:
            return (
                f"Link the runbook in {place}: an annotation `runbook_url` that leads to"
                f" `{service.file('docs/runbook.md')}`."
            )
        if "objective is defined" in result.message or "stands only" in result.message:
            return f"Write the objective down beside {place}: `handrail explain slo-defined` shows one."
        if "threshold of its own" in result.message:
            return f"Let {place} fire on a burn rate of the objective, such as 14.4 times its error budget."
        return f"Say in {place} how grave the alert is, and link its runbook."
    if result.status is Status.UNKNOWN:
        return f"Let Handrail read the repository that `{ANNOTATION}` names, or commit the rendered rules."
    if not promised:
        return (
            f"Define an objective of {service.name} first (`handrail explain slo-defined`), then alert on how"
            " fast its error budget burns."
        )
    first = promised[0]
    if first.dialect == "Sloth":
        return f"Leave the alerts in `{first.path}` switched on, and give them an annotation `runbook_url`."
    return (
        f"Add two alerts on the objective `{first.name[:80]}` ({first.path}): a fast burn that pages, a slow"
        " one that makes a ticket, both with `runbook_url`. `handrail explain slo-alerted` shows one."
    )


_START = """\
groups:
  - name: @name@-objectives
    rules:
      # TODO: the ratio of failing requests, once for an hour and once for five minutes; 14.4 times the error
      # budget spends 2 % of a month's budget in one hour. Replace <budget> by 1 - target.
      - alert: @Name@BudgetBurnsFast
        expr: >-
          <error ratio over 1h> > 14.4 * <budget>
          and <error ratio over 5m> > 14.4 * <budget>
        labels:
          severity: page
          service: @name@
        annotations:
          summary: "TODO: what users notice"
          runbook_url: "TODO: the address of @runbook@"
"""


def start(snapshot: Snapshot, service: Service, result: Result) -> Start | None:
    """Rules with an alert on a fast burn, where no alert is to be mended."""
    if result.evidence:
        return None
    fill = (
        "`expr`: the ratio of failing requests over an hour and over five minutes, and the budget",
        "`summary` and `runbook_url`",
        "a second alert on a slow burn: 6 times the budget over six hours, for a ticket",
    )
    text = fitted(_START, service, runbook=service.file("docs/runbook.md"))
    return Start(service.file("monitoring/slo-alerts.yaml"), text, fill)
