"""A service level objective is defined where a machine can read it.

## What it looks for

An objective that is complete in its own dialect: OpenSLO, Nobl9, Sloth, Pyrra, Keptn, slo-generator, the
Datadog operator, recording rules that hold an objective, Terraform (Google, Datadog, Grafana, New Relic,
Dynatrace, AWS), CloudFormation, or YAML or JSON of your own with target, indicator and window. With one of
the three missing, or only in Markdown, it is weak. A target of 0 or 100 %, a query that names no metric, an
empty list and a placeholder count for nothing.

## Why it matters

Without an objective every outage is argued about afresh: nobody can say whether the service is reliable
enough, when to stop shipping, or which alert deserves to wake somebody.

## How to fix it

Write down one promise that users notice, how it is measured, the share that must be good and over how long.

## Example

    # slo/payments.yaml
    apiVersion: openslo/v1
    kind: SLO
    metadata:
      name: payments-availability
    spec:
      service: payments
      indicator:
        metadata:
          name: payments-good-requests
        spec:
          ratioMetric:
            counter: true
            good:
              metricSource:
                type: Prometheus
                spec:
                  query: sum(rate(http_requests_total{job="payments",code!~"5.."}[5m]))
            total:
              metricSource:
                type: Prometheus
                spec:
                  query: sum(rate(http_requests_total{job="payments"}[5m]))
      timeWindow:
        - duration: 28d
          isRolling: true
      budgetingMethod: Occurrences
      objectives:
        - target: 0.999

## Known limits

Whether the metric exists is not asked of any monitoring system. Objectives written in Jsonnet, Go or another
programming language are seen but not evaluated: the verdict is then `unknown`.
"""

from catalog.aside import aside_folder
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.elsewhere import ANNOTATION, Elsewhere, elsewhere
from scorecards.reading.flaw import said
from scorecards.reading.itself import is_tool
from scorecards.reading.objective import Objective
from scorecards.reading.objective_scope import concerns, why_not_counted
from scorecards.reading.objectives import objectives
from scorecards.result import Evidence, Findings, Result, Status
from scorecards.start import Start, fitted

STAGE = 3
REQUIRED = True
EXCEPT: tuple[str, ...] = ("library", "infrastructure-module", "tool", "documentation")

_TOOLS = frozenset(
    [
        "sloth",
        "pyrra",
        "slo-generator",
        "openslo",
        "oslo",
        "slo-libsonnet",
        "go-sdk",
        "slo-exporter",
        "sloctl",
        "nobl9-go",
        "keptn",
        "slo-computer",
    ]
)


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """The best objective that concerns the service."""
    findings = Findings()
    itself = is_tool(snapshot, _TOOLS)
    for objective in objectives(snapshot):
        why = "shows how the tool of this repository works" if itself else why_not_counted(objective, service)
        if why is None:
            _add(findings, objective)
        else:
            findings.skip(objective.path, why, objective.line)
    for place in elsewhere(service, facts):
        _add_elsewhere(findings, place, service)
    holds = any(a.status is Status.PASS for a in findings.answers)
    return findings.best("No service level objective is defined.", "" if holds else _fix(service, findings))


def _add_elsewhere(findings: Findings, place: Elsewhere, service: Service) -> None:
    if place.snapshot is None:
        message = f"The objectives stand in `{place.repository}`, which is not at hand."
        findings.add(Status.UNKNOWN, message, Evidence(service.descriptor or ".", None, ANNOTATION))
        return
    for objective in objectives(place.snapshot):
        if place.holds(objective.path) and aside_folder(objective.path) is None:
            shown = objective._replace(path=place.shown(objective.path))
            if place.path or concerns(objective, service):
                _add(findings, shown)
            else:
                findings.skip(shown.path, "does not name the service", objective.line)


def _add(findings: Findings, objective: Objective) -> None:
    called = f" `{objective.name}`" if objective.name else ""
    evidence = Evidence(objective.path, objective.line, f"{objective.dialect}: {objective.summary}")
    seen = f"The objective{called} ({objective.dialect}) asks for {objective.summary}"
    status, why = objective.status, said(objective.problems)
    if status is Status.PASS:
        message = f"{seen}."
    elif status is Status.FAIL:
        message = f"`{objective.path}` holds an objective{called} in name only: {why}."
    else:
        message = f"{seen}, but {'has ' if why.startswith('no ') else ''}{why}."
    findings.add(status, message, evidence)


def _fix(service: Service, findings: Findings) -> str:
    best = max(findings.answers, key=lambda a: a.status.rank, default=None)
    if best is not None and best.evidence:
        where = best.evidence[0]
        place = f"`{where.path}` line {where.line}" if where.line else f"`{where.path}`"
        if best.status is Status.PARTIAL and where.path.endswith((".yaml", ".yml", ".json", ".tf")):
            return (
                f"Complete the objective in {place}: target, a query that measures it, a window such as 28d."
            )
        if best.status is Status.FAIL:
            return (
                f"Give the objective in {place} a target between 0 and 100 %, a query that names a metric of"
                f" {service.name}, and a window such as 28d."
            )
        if best.status is Status.UNKNOWN:
            return f"Commit the rendered objective beside {place}, or give its values defaults."
    path = service.file(f"slo/{service.name}.yaml")
    return (
        f"Add `{path}`, an OpenSLO document (kind SLO, service {service.name}) with an indicator, a target"
        " such as 0.999 and a window such as 28d; `handrail explain slo-defined` shows one. If the objectives"
        " stand in another repository, name it in the annotation `handrail.dev/evidence`."
    )


_START = """\
apiVersion: openslo/v1
kind: SLO
metadata:
  name: @name@-availability
spec:
  service: @name@
  description: "TODO: what users are promised"
  indicator:
    metadata:
      name: @name@-good-requests
    spec:
      ratioMetric:
        # TODO: the metric that counts requests, and what of it counts as good.
        good:
          metricSource:
            type: Prometheus
            spec:
              query: sum(rate(<requests>{service="@name@", code!~"5.."}[5m]))
        total:
          metricSource:
            type: Prometheus
            spec:
              query: sum(rate(<requests>{service="@name@"}[5m]))
  timeWindow:
    - duration: 28d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - target: TODO # the share that must be good, such as 0.995
"""


def start(snapshot: Snapshot, service: Service, result: Result) -> Start | None:
    """An OpenSLO document, where there is no objective to mend."""
    if result.evidence:
        return None
    fill = (
        "`query`: the metric that counts requests, and what of it counts as good",
        "`target`: the share that must be good, below 1",
        "`description`: what users are promised",
    )
    return Start(service.file(f"slo/{service.name}.yaml"), fitted(_START, service), fill)
