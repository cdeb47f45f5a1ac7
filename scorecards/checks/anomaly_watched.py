"""What is unusual, or about to go wrong, is told before a threshold is crossed.

## What it looks for

An alert that forecasts an indicator of the service or holds it against its own past: `predict_linear`,
`holt_winters`, standard deviations, the same time a week before, or an anomaly monitor of Datadog,
CloudWatch, Azure, Google Cloud, New Relic, Dynatrace, Grafana or ElastAlert. One that tells nobody is weak,
and so is one that forecasts a machine's disk rather than how the service does.

## Why it matters

A fixed threshold is crossed when users are hurt already, and it knows nothing of nights and Mondays. What
differs from the usual often shows an hour earlier.

## How to fix it

Take one indicator with a steady rhythm, such as requests a second, and alert where it is far from the same
hour of last week.

## Example

    # monitoring/anomalies.yaml
    groups:
      - name: payments-traffic
        rules:
          - alert: PaymentsTrafficUnusual
            expr: >-
              abs(job:requests:rate1h{job="payments"} - job:requests:rate1h{job="payments"} offset 1w)
              > 4 * stddev_over_time(job:requests:rate1h{job="payments"}[1w])
            for: 30m
            labels:
              severity: ticket

## Known limits

How well the forecast fits is not judged. Detectors that a monitoring system switches on by itself are not
seen.
"""

from catalog.aside import aside_folder
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.alert import Alert
from scorecards.reading.alert_scope import names, why_not_counted
from scorecards.reading.alerts import alerts
from scorecards.reading.elsewhere import ANNOTATION, elsewhere
from scorecards.reading.expression import prediction, watches_machines
from scorecards.reading.flaw import said
from scorecards.result import Evidence, Findings, Result, Status
from scorecards.start import Start, fitted

STAGE = 4
REQUIRED = False
EXCEPT: tuple[str, ...] = ("library", "infrastructure-module", "tool", "documentation")


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """The best alert that tells the unusual or the coming."""
    findings = Findings()
    seen = None
    for alert in alerts(snapshot):
        means = prediction(alert, snapshot)
        why = why_not_counted(alert, service) if means or seen is None else ""
        if not means:
            seen = alert if why is None else seen
        elif why is None:
            _add(findings, alert, means, "")
        else:
            findings.skip(alert.path, f"the alert `{alert.name}` {why}", alert.line)
    for place in elsewhere(service, facts):
        if place.snapshot is None:
            message = f"Alerts may stand in `{place.repository}`, which is not at hand."
            findings.add(Status.UNKNOWN, message, Evidence(service.descriptor or ".", None, ANNOTATION))
            continue
        for alert in alerts(place.snapshot):
            means = prediction(alert, place.snapshot)
            held = means and place.holds(alert.path) and not aside_folder(alert.path)
            if held and (place.path or names(alert, service)):
                _add(findings, alert, means, f"{place.repository}:")
    absent = "No alert forecasts anything or knows what is usual."
    if seen is not None:
        absent = f"Alerts such as `{seen.name}` know fixed thresholds only; none knows what is usual."
    result = findings.best(absent, "")
    return result if result.status is Status.PASS else result.with_fix(_fix(service, seen, result))


def _add(findings: Findings, alert: Alert, means: str, prefix: str) -> None:
    evidence = Evidence(prefix + alert.path, alert.line, f"{alert.dialect}, {means}: {alert.summary}")
    seen = f"The alert `{alert.name}` ({alert.dialect}) tells the unusual by {means}"
    status, why = alert.status, said(alert.problems)
    if status is Status.PARTIAL:
        findings.add(status, f"{seen}, but {'has ' if why.startswith('no ') else ''}{why}.", evidence)
    elif status is not Status.PASS:
        findings.add(status, f"The alert `{alert.name}` does not count: {why}.", evidence)
    elif watches_machines(alert):
        message = f"{seen}, but of a machine and not of how the service does."
        findings.add(Status.PARTIAL, message, evidence)
    else:
        findings.add(status, f"{seen}.", evidence)


_MEANS = {
    "CloudWatch": "a second alarm on the same metric with `ANOMALY_DETECTION_BAND`",
    "Datadog": "a monitor on the same query with `anomalies(...)`",
    "Azure Monitor": "a second rule on the same metric with dynamic thresholds",
    "Google Cloud Monitoring": "`forecast_options` in a condition on the same metric",
    "New Relic": "a condition of type `baseline` on the same query",
    "Dynatrace": "a metric event with the model `SEASONAL_BASELINE`",
}
_PROMQL = "a rule that holds its metric against `offset 1w` by standard deviations"


def _fix(service: Service, seen: Alert | None, result: Result) -> str:
    if result.status is Status.PARTIAL and result.evidence:
        where = f"`{result.evidence[0].path}` line {result.evidence[0].line}"
        if "machine" in result.message:
            return f"Add one beside {where} on what users of {service.name} feel: requests, errors, slowness."
        return f"Say in {where} how grave the alert is or whom it tells."
    if result.status is Status.UNKNOWN:
        return f"Let Handrail read the repository of `{ANNOTATION}`, or commit the rendered rules."
    if seen is not None:
        return (
            f"Add beside `{seen.name}` ({seen.path}) {_MEANS.get(seen.dialect, _PROMQL)}, so that"
            f" {service.name} tells what is unusual before a threshold is crossed."
        )
    return (
        f"Define alerts for {service.name} first (`handrail explain alerts-defined`), then one that compares"
        " an indicator with the same hour of last week; `handrail explain anomaly-watched` shows one."
    )


_START = """\
groups:
  - name: @name@-unusual
    rules:
      # Requests of @name@ beside the same hour of last week. TODO: name the metric.
      - alert: @Name@TrafficUnusual
        expr: >-
          abs(<requests per second> - <requests per second> offset 1w)
          > 4 * stddev_over_time(<requests per second>[1w])
        for: 30m
        labels:
          severity: ticket
          service: @name@
        annotations:
          summary: "TODO: what may be behind it"
"""


def start(snapshot: Snapshot, service: Service, result: Result) -> Start | None:
    """Rules with one alert on unusual traffic, where alerts are Prometheus's or none are there."""
    if result.evidence or (result.fix.startswith("Add beside") and _PROMQL not in result.fix):
        return None
    fill = ("`expr`: one indicator with a steady rhythm, such as requests a second", "`summary`")
    return Start(service.file("monitoring/anomalies.yaml"), fitted(_START, service), fill)
