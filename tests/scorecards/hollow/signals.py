"""Hollow objectives and alerts."""

# ruff: noqa: E501
QUERY = 'sum(rate(http_requests_total{service="payments",code!~"5.."}[5m])) / sum(rate(http_requests_total{service="payments"}[5m]))'
OPENSLO = """\
apiVersion: openslo/v1
kind: SLO
metadata: {{name: payments-availability}}
spec:
  service: payments
  indicator:
    spec:
      ratioMetric:
        good: {{metricSource: {{type: Prometheus, spec: {{query: '{good}'}}}}}}
        total: {{metricSource: {{type: Prometheus, spec: {{query: '{total}'}}}}}}
  timeWindow: [{{duration: {window}, isRolling: true}}]
  budgetingMethod: Occurrences
  objectives: [{{target: {target}}}]
"""
GOOD, TOTAL = 'sum(rate(http_requests_total{code!~"5.."}[5m]))', "sum(rate(http_requests_total[5m]))"


def openslo(
    good: str = GOOD, total: str = TOTAL, target: str = "0.99", window: str = "28d"
) -> dict[str, str]:
    """An OpenSLO document with these parts."""
    return {"slo/payments.yaml": OPENSLO.format(good=good, total=total, target=target, window=window)}


def sloth(
    objective: str,
    errors: str = 'sum(rate(http_requests_total{code=~"5.."}[{{.window}}]))',
    total: str = "sum(rate(http_requests_total[{{.window}}]))",
) -> dict[str, str]:
    """A Sloth specification."""
    return {
        "slo/payments.yaml": "version: prometheus/v1\nservice: payments\nslos:\n  - name: availability\n"
        f"    objective: {objective}\n    sli:\n      events:\n        error_query: '{errors}'\n        total_query: '{total}'\n"
        "    alerting: {page_alert: {disable: true}, ticket_alert: {disable: true}}\n"
    }


def pyrra(target: str, metric: str = "http_requests_total") -> dict[str, str]:
    """A Pyrra objective."""
    return {
        "slo/payments.yaml": "apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective\nmetadata: {name: payments}\nspec:\n"
        f"  target: '{target}'\n  window: 4w\n  indicator:\n    ratio:\n      errors: {{metric: '{metric}'}}\n      total: {{metric: '{metric}'}}\n"
    }


def rules(
    expr: str, labels: str = "{severity: page}", name: str = "PaymentsFail", more: str = ""
) -> dict[str, str]:
    """A Prometheus rule file with one alert."""
    return {
        "monitoring/alerts.yaml": "groups:\n  - name: payments\n    rules:\n"
        f"      - alert: {name}\n        expr: '{expr}'\n        labels: {labels}\n{more}"
    }


CASES: dict[tuple[str, str], dict[str, str]] = {
    ("slo-defined", "target 0"): openslo(target="0"),
    ("slo-defined", "target 1"): openslo(target="1"),
    ("slo-defined", "target 100"): openslo(target="100"),
    ("slo-defined", "a negative target"): openslo(target="-0.99"),
    ("slo-defined", "target in words"): openslo(target="high"),
    ("slo-defined", "a placeholder for a target"): openslo(target='"<target>"'),
    ("slo-defined", "vector(1)"): openslo(good="vector(1)", total="vector(1)"),
    ("slo-defined", "a number for a query"): openslo(good="1", total="1"),
    ("slo-defined", "TODO for a query"): openslo(good="TODO", total="TODO"),
    ("slo-defined", "your_metric"): openslo(good="your_metric_here", total="your_metric_here"),
    ("slo-defined", "angle brackets in a query"): openslo(good="sum(rate(<good requests>[5m]))", total="sum(rate(<all requests>[5m]))"),
    ("slo-defined", "a long query of placeholders"): openslo(good="sum(rate(<the metric that counts all the good requests of the service>[5m])) by (le, job)", total="sum(rate(<the metric that counts every one of the requests>[5m])) by (le, job)"),
    ("slo-defined", "no window"): openslo(window='""'),
    ("slo-defined", "a placeholder for a window"): openslo(window="TBD"),
    ("slo-defined", "no objectives"): {"slo/payments.yaml": "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: payments}\nspec: {service: payments, objectives: []}\n"},
    ("slo-defined", "a kind alone"): {"slo/payments.yaml": "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: payments}\n"},
    ("slo-defined", "comments"): {"slo/payments.yaml": "".join(f"# {line}\n" for line in openslo()["slo/payments.yaml"].splitlines())},
    ("slo-defined", "an example"): {"examples/slo.yaml": openslo()["slo/payments.yaml"]},
    ("slo-defined", "Sloth at 100"): sloth("100"),
    ("slo-defined", "Sloth at 0"): sloth("0"),
    ("slo-defined", "Sloth with empty queries"): sloth("99.9", "", ""),
    ("slo-defined", "Sloth without objectives"): {"slo/payments.yaml": "version: prometheus/v1\nservice: payments\nslos: []\n"},
    ("slo-defined", "Pyrra at 100"): pyrra("100"),
    ("slo-defined", "Pyrra of nothing"): pyrra("99.9", "vector(0)"),
    ("slo-defined", "prose without a number"): {"docs/slo.md": "# SLO\n\nPayments should almost always work, and be fast.\n"},
    ("slo-defined", "prose with all the words"): {"docs/slo.md": "# Service level objective\n\nTarget: TBD\n\nIndicator: TBD\n\nWindow: 28 days\n"},
    ("slo-defined", "homemade without values"): {"slo.yaml": "slo:\n  target:\n  indicator:\n  window:\n"},
    ("slo-defined", "homemade of 100"): {"slo.yaml": "slo: {target: 100, indicator: availability, window: 28d}\n"},
    ("slo-defined", "Datadog of 100"): {"slo.tf": 'resource "datadog_service_level_objective" "payments" {\n  name = "payments"\n  type = "metric"\n  query {\n    numerator   = "sum:requests.ok{*}.as_count()"\n    denominator = "sum:requests.all{*}.as_count()"\n  }\n  thresholds {\n    timeframe = "30d"\n    target    = 100\n  }\n}\n'},
    ("slo-defined", "Google's of 1"): {"slo.tf": 'resource "google_monitoring_slo" "payments" {\n  service = "payments"\n  goal = 1\n  rolling_period_days = 28\n  basic_sli {\n    availability {}\n  }\n}\n'},
    ("alerts-defined", "a constant"): rules("1 == 1"),
    ("alerts-defined", "vector(0)"): rules("vector(0) > 1"),
    ("alerts-defined", "no expression"): rules(""),
    ("alerts-defined", "TODO"): rules("TODO"),
    ("alerts-defined", "placeholders"): rules("rate(<metric>[5m]) > <threshold>"),
    ("alerts-defined", "a long expression of placeholders"): rules("sum(rate(<errors of the service>[5m])) / sum(rate(<requests of the service>[5m])) > <the share that hurts>"),
    ("alerts-defined", "no severity and nobody told"): rules("http_requests_total > 5", labels="{}"),
    ("alerts-defined", "a placeholder for a severity"): rules("http_requests_total > 5", labels='{severity: "<severity>"}'),
    ("alerts-defined", "no rules"): {"monitoring/alerts.yaml": "groups:\n  - name: payments\n    rules: []\n"},
    ("alerts-defined", "comments"): {"monitoring/alerts.yaml": "groups:\n  - name: payments\n    rules:\n      # - alert: PaymentsFail\n      #   expr: http_requests_total > 5\n      #   labels: {severity: page}\n"},
    ("alerts-defined", "recording rules"): {"monitoring/rules.yaml": "groups:\n  - name: payments\n    rules:\n      - record: job:requests:rate5m\n        expr: rate(http_requests_total[5m])\n"},
    ("alerts-defined", "a dashboard"): {"dashboards/payments.json": '{"title": "Payments alerts", "panels": [{"title": "Errors", "targets": [{"expr": "rate(http_requests_total[5m])"}]}], "schemaVersion": 36}'},
    ("alerts-defined", "an alarm that scales"): {"alarms.tf": 'resource "aws_cloudwatch_metric_alarm" "cpu" {\n  alarm_name = "scale"\n  metric_name = "CPUUtilization"\n  comparison_operator = "GreaterThanThreshold"\n  threshold = 70\n  alarm_actions = [aws_autoscaling_policy.up.arn]\n}\nresource "aws_autoscaling_policy" "up" {\n  name = "up"\n}\n'},
    ("alerts-defined", "prose"): {"docs/alerts.md": "# Alerts\n\n- alert: PaymentsFail, severity page, when too much fails\n"},
    ("alerts-defined", "an example"): {"examples/alerts.yaml": rules("http_requests_total > 5")["monitoring/alerts.yaml"]},
    ("slo-alerted", "thresholds and no objective"): rules("http_requests_total > 5", more="        annotations: {runbook_url: docs/runbook.md}\n"),
    ("slo-alerted", "a name alone"): {**openslo(), **rules("up == 0", name="PaymentsErrorBudgetBurn")},
    ("slo-alerted", "placeholders"): {**openslo(), **rules("<error ratio> > 14.4 * <budget>", name="ErrorBudgetBurn")},
    ("slo-alerted", "a runbook that is not there"): {**openslo(), **rules("job:slo_errors:ratio_rate1h > 14.4 * (1 - 0.99)", more="        annotations: {runbook_url: docs/nowhere.md}\n")},
    ("slo-alerted", "an objective of 100"): {**openslo(target="1"), **rules("job:slo_errors:ratio_rate1h > 14.4 * (1 - 1)", more="        annotations: {runbook_url: docs/nowhere.md}\n")},
    ("anomaly-watched", "the word alone"): rules("http_requests_total > 5", name="AnomalyForecastPrediction"),
    ("anomaly-watched", "a forecast of nothing"): rules("predict_linear(vector(1)[1h:], 3600) > 0"),
    ("anomaly-watched", "a forecast of placeholders"): rules("predict_linear(<metric>[1h], 4 * 3600) < 0"),
    ("anomaly-watched", "a forecast that tells nobody"): rules("predict_linear(http_requests_total[1h], 3600) > 0", labels="{}"),
    ("anomaly-watched", "a forecast of a disk"): rules("predict_linear(node_filesystem_avail_bytes[1h], 4 * 3600) < 0"),
    ("anomaly-watched", "comments"): {"monitoring/alerts.yaml": "groups:\n  - name: payments\n    rules:\n      # - alert: Unusual\n      #   expr: predict_linear(http_requests_total[1h], 3600) > 0\n      #   labels: {severity: page}\n"},
    ("observable", "comments"): {"requirements.txt": "# prometheus-client\n# structlog\n# opentelemetry-sdk\n"},
    ("observable", "for development only"): {"pyproject.toml": '[project]\nname = "payments"\ndependencies = []\n[dependency-groups]\ndev = ["prometheus-client", "structlog", "opentelemetry-sdk"]\n'},
    ("observable", "prose"): {"docs/observability.md": "# Observability\n\nMetrics with prometheus-client, logs with structlog, traces with opentelemetry-sdk.\n"},
    ("observable", "another's packages"): {"examples/requirements.txt": "prometheus-client\nstructlog\nopentelemetry-sdk\n"},
    ("observable", "a dashboard without panels"): {"dashboards/payments.json": '{"title": "Payments", "panels": [], "schemaVersion": 36}'},
}  # fmt: skip
