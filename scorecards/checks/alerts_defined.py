"""Somebody is told when the service fails: an alert is defined beside it.

## What it looks for

An alert with an expression or a threshold, and with a severity, a route or an action: Prometheus rules (rule
files, PrometheusRule, VMRule, Google's Rules, rules inside a ConfigMap, chart values or a heredoc), Grafana,
Datadog, CloudWatch (Terraform, CloudFormation, SAM, Serverless, CDK), Azure Monitor, Google Cloud Monitoring,
New Relic, Dynatrace, Sysdig, ElastAlert, Gatus, and the alerts that Sloth, Pyrra, OpenSLO or Grafana make of
an objective. A rule without a severity counts where the repository's Alertmanager sends it to somebody.
Dashboards tell nobody, and alarms that only scale tell nobody either. In a repository of several services an
alert has to name the service or cover it.

## Why it matters

Without an alert the first to notice is a user, and the time until anybody looks is the longest part of the
outage.

## How to fix it

Write one alert on what users feel (errors, slowness, no answer), and say how grave it is or whom it tells.

## Example

    # monitoring/alerts.yaml
    groups:
      - name: payments
        rules:
          - alert: PaymentsFail
            expr: >-
              sum(rate(http_requests_total{service="payments",code=~"5.."}[5m]))
              / sum(rate(http_requests_total{service="payments"}[5m])) > 0.02
            for: 5m
            labels:
              severity: page
              service: payments
            annotations:
              summary: More than 2 % of payments fail
              runbook_url: https://github.com/acme/payments/blob/main/docs/runbook.md

## Known limits

Whether the metric exists, and whether anybody loads the rules, is not asked. Alerts that only Jsonnet makes
are seen but not evaluated: the verdict is then `unknown`. Alerts that were clicked together in a monitoring
system's own pages are not seen.
"""

from catalog.aside import aside_folder
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.alert import Alert
from scorecards.reading.alert_scope import names, why_not_counted
from scorecards.reading.alerts import alerts
from scorecards.reading.elsewhere import ANNOTATION, Elsewhere, elsewhere
from scorecards.reading.flaw import said
from scorecards.reading.monitoring import where_alerts_go
from scorecards.result import Evidence, Findings, Result, Status
from scorecards.start import Start, fitted

STAGE = 2
REQUIRED = True
EXCEPT: tuple[str, ...] = ("library", "infrastructure-module", "tool", "documentation")

_SHOWN = 5
"""How many sound alerts are shown."""


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """The best alert that concerns the service."""
    findings = Findings()
    passed = 0
    for alert in alerts(snapshot):
        why = why_not_counted(alert, service)
        if why is None:
            passed += alert.status is Status.PASS
            if passed <= _SHOWN or alert.status is not Status.PASS:
                _add(findings, alert)
        else:
            findings.skip(alert.path, f"the alert `{alert.name}` {why}", alert.line)
    for place in elsewhere(service, facts):
        _add_elsewhere(findings, place, service)
    result = findings.best("No alert is defined.", "")
    return result if result.status is Status.PASS else result.with_fix(_fix(snapshot, service, findings))


def _add_elsewhere(findings: Findings, place: Elsewhere, service: Service) -> None:
    if place.snapshot is None:
        message = f"Alerts may stand in `{place.repository}`, which is not at hand."
        findings.add(Status.UNKNOWN, message, Evidence(service.descriptor or ".", None, ANNOTATION))
        return
    for alert in alerts(place.snapshot):
        if place.holds(alert.path) and aside_folder(alert.path) is None:
            shown = alert._replace(path=place.shown(alert.path))
            if place.path or names(alert, service):
                _add(findings, shown)
            else:
                findings.skip(shown.path, f"the alert `{alert.name}` does not name the service", alert.line)


def _add(findings: Findings, alert: Alert) -> None:
    called = f" `{alert.name}`" if alert.name else ""
    evidence = Evidence(alert.path, alert.line, f"{alert.dialect}: {alert.summary}")
    status, why = alert.status, said(alert.problems)
    if status is Status.PASS:
        told = f"severity {alert.severity}" if alert.severity else f"told to {alert.route[:80]}"
        message = f"The alert{called} ({alert.dialect}) fires on its expression, {told}."
    elif status is Status.FAIL:
        message = f"The alert{called} in `{alert.path}` does not count: {why}."
    elif status is Status.UNKNOWN:
        message = f"An alert{called} ({alert.dialect}) is written down, but {why}."
    else:
        message = f"The alert{called} ({alert.dialect}) has an expression, but {_has(why)}."
    findings.add(status, message, evidence)


def _has(why: str) -> str:
    return f"has {why}" if why.startswith("no ") else why


def _fix(snapshot: Snapshot, service: Service, findings: Findings) -> str:
    best = max(findings.answers, key=lambda a: a.status.rank, default=None)
    if best is not None and best.evidence:
        where = best.evidence[0]
        place = f"`{where.path}` line {where.line}" if where.line else f"`{where.path}`"
        dialect = where.note.partition(":")[0]
        if best.status is Status.PARTIAL and "switched off" in best.message:
            return f"Switch the alert in {place} on for every environment that users depend on."
        if best.status is Status.PARTIAL:
            tells = _TELLS.get(dialect, _LABEL)
            return f"Say in {place} how grave the alert is or whom it tells: {tells}."
        if best.status is Status.FAIL:
            return (
                f"Give the alert in {place} an expression that measures {service.name}, a severity or"
                " somebody to tell, and switch it on."
            )
        if best.status is Status.UNKNOWN and where.note != ANNOTATION:
            return f"Commit the rendered rules beside {place}, so that nothing need be run to read them."
        if best.status is Status.UNKNOWN:
            return f"Let Handrail read the repository that `{ANNOTATION}` names, or correct the name."
    return (
        f"{where_alerts_go(snapshot, service)} Begin with one on what users of {service.name} feel: the share"
        " of failing requests, with a severity. `handrail explain alerts-defined` shows one. If the alerts"
        f" stand in another repository, name it in the annotation `{ANNOTATION}`."
    )


_LABEL = "a label such as `severity: page`"
_TELLS = {
    "CloudWatch": "an SNS topic in its alarm actions",
    "Datadog": "a handle in its message such as `@pagerduty-NAME`, or a priority",
    "Google Cloud Monitoring": "notification channels",
    "Azure Monitor": "an action group, or a severity",
    "New Relic": "a policy with a destination",
    "CDK": "`addAlarmAction` with an SNS action",
    "Pulumi": "its alarm actions",
}


_START = """\
groups:
  - name: @name@
    rules:
      # The share of requests of @name@ that fail. TODO: name the metric and the labels that it reports.
      - alert: @Name@Fails
        expr: >-
          sum(rate(<requests>{service="@name@", code=~"5.."}[5m]))
          / sum(rate(<requests>{service="@name@"}[5m])) > 0.02
        for: 5m
        labels:
          severity: TODO # page wakes somebody, ticket waits until morning
          service: @name@
        annotations:
          summary: "TODO: what users notice"
          runbook_url: "TODO: the address of @runbook@"
"""


def start(snapshot: Snapshot, service: Service, result: Result) -> Start | None:
    """Prometheus rules with one alert, where there is no other alert to mend and no other monitoring."""
    path = service.file("monitoring/alerts.yaml")
    if result.evidence or f"`{path}`" not in where_alerts_go(snapshot, service):
        return None
    fill = (
        "`expr`: the metric that counts requests, and from which share on somebody must look",
        "`severity`: page or ticket",
        "`summary` and `runbook_url`",
    )
    return Start(path, fitted(_START, service, runbook=service.file("docs/runbook.md")), fill)
