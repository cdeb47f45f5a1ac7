"""What tells the unusual or the coming, and what only crosses a threshold."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.checks import anomaly_watched
from scorecards.facts import Facts
from scorecards.result import Result

# ruff: noqa: E501
Tree = Callable[[dict[str, str]], Snapshot]
FACTS = Facts(date(2026, 11, 24))
ALONE = Service(Ref("component", "default", "payments"), "service")
AMONG = Service(
    Ref("component", "default", "payments"), "service", "services/payments", neighbours=("services/cart",)
)


def judge(snapshot: Snapshot, service: Service = ALONE) -> Result:
    return anomaly_watched.evaluate(snapshot, service, FACTS, {})


def rule(expr: str, labels: str = "severity: page", more: str = "") -> str:
    return f"groups:\n- name: x\n  rules:\n{more}  - alert: Unusual\n    expr: {expr}\n    labels: {{{labels}}}\n"


def alarm(body: str, actions: str = "[aws_sns_topic.pager.arn]") -> str:
    return f'resource "aws_cloudwatch_metric_alarm" "x" {{\n  alarm_name = "payments"\n  {body}\n  alarm_actions = {actions}\n}}\n'


BAND = """comparison_operator = "GreaterThanUpperThreshold"
  threshold_metric_id = "e1"
  metric_query {
    id         = "e1"
    expression = "ANOMALY_DETECTION_BAND(m1)"
  }
"""
DATADOG = """\
resource "datadog_monitor" "x" {
  name    = "Payments unusual"
  type    = "query alert"
  query   = "avg(last_4h):anomalies(sum:requests{service:payments}.as_rate(), 'agile', 3) >= 1"
  message = "MESSAGE"
}
"""
AZURE = """\
resource "azurerm_monitor_metric_alert" "x" {
  name = "payments"
  scopes = [azurerm_linux_web_app.payments.id]
  severity = 2
  dynamic_criteria {
    metric_name       = "Requests"
    operator          = "GreaterOrLessThan"
    alert_sensitivity = "Medium"
  }
}
"""
GOOGLE = """\
resource "google_monitoring_alert_policy" "x" {
  display_name = "Payments will be full"
  conditions {
    display_name = "forecast"
    condition_threshold {
      filter          = "metric.type=\\"pubsub.googleapis.com/subscription/num_undelivered_messages\\""
      threshold_value = 1000
      comparison      = "COMPARISON_GT"
      forecast_options {
        forecast_horizon = "3600s"
      }
    }
  }
  notification_channels = [google_monitoring_notification_channel.pager.name]
}
"""
NEWRELIC = """\
resource "newrelic_nrql_alert_condition" "x" {
  policy_id          = newrelic_alert_policy.payments.id
  type               = "baseline"
  name               = "Payments unusual"
  baseline_direction = "upper_and_lower"
  nrql {
    query = "SELECT rate(count(*), 1 minute) FROM Transaction WHERE appName = 'payments'"
  }
  critical {
    operator  = "above"
    threshold = 3
  }
}
"""
DYNATRACE = """\
resource "dynatrace_metric_events" "x" {
  enabled = true
  summary = "Payments unusual"
  event_template {
    title = "Unusual"
    event_type = "PERFORMANCE"
  }
  model_properties {
    type = "SEASONAL_BASELINE"
  }
  query_definition {
    metric_selector = "builtin:service.response.time"
  }
}
"""

SOUND = {
    "predict_linear": {"r.yml": rule("predict_linear(queue_messages[1h], 3600) > 1000")},
    "holt_winters": {
        "r.yml": rule("abs(holt_winters(job:requests:rate5m[1h], 0.5, 0.5) - job:requests:rate5m) > 10")
    },
    "its new name": {"r.yml": rule("double_exponential_smoothing(job:requests:rate5m[1h], 0.5, 0.5) > 10")},
    "z-score": {
        "r.yml": rule(
            "(job:requests:rate5m - avg_over_time(job:requests:rate5m[1w])) / stddev_over_time(job:requests:rate5m[1w]) > 3"
        )
    },
    "a week before": {
        "r.yml": rule(
            "sum(rate(http_requests_total[1h])) / sum(rate(http_requests_total[1h] offset 1w)) < 0.5"
        )
    },
    "a recorded z-score": {
        "r.yml": rule(
            "job:requests:unusual > 3",
            more="  - record: job:requests:unusual\n    expr: (a_total - avg_over_time(a_total[1w])) / stddev_over_time(a_total[1w])\n",
        )
    },
    "CloudWatch": {"a.tf": alarm(BAND)},
    "Datadog": {"a.tf": DATADOG.replace("MESSAGE", "@pagerduty-payments")},
    "Azure": {"a.tf": AZURE},
    "Google": {"a.tf": GOOGLE},
    "New Relic": {"a.tf": NEWRELIC},
    "Dynatrace": {"a.tf": DYNATRACE},
}
WEAK = {
    "no severity": {"r.yml": rule("predict_linear(queue_messages[1h], 3600) > 1000", "team: shop")},
    "told to nobody": {"a.tf": DATADOG.replace("MESSAGE", "unusual")},
    "no actions": {"a.tf": alarm(BAND, "[]")},
    "the disk of a machine": {"r.yml": rule("predict_linear(node_filesystem_free_bytes[1h], 4 * 3600) < 0")},
}
ABSENT = {
    "nothing": {"README.md": "# Payments\n"},
    "a threshold": {"r.yml": rule("rate(http_requests_total[5m]) > 100")},
    "an offset of minutes": {"r.yml": rule("http_requests_total - http_requests_total offset 5m > 100")},
    "a word in a label": {"r.yml": rule('node_collector_success{collector!~"anomaly|predict_linear("} == 0')},
    "a name": {
        "r.yml": rule("rate(http_requests_total[5m]) > 100").replace("Unusual", "AnomalyPredictLinear")
    },
    "recorded, alerted by nothing": {
        "r.yml": "groups:\n- name: x\n  rules:\n  - {record: 'a:b', expr: 'predict_linear(queue[1h], 3600)'}\n"
    },
    "left to do": {"r.yml": rule("TODO predict_linear")},
    "a forecast of nothing": {"r.yml": rule("predict_linear(vector(1)[1h:1m], 60) > 1")},
    "in examples": {"examples/r.yml": rule("predict_linear(queue_messages[1h], 3600) > 1000")},
    "in code": {"src/forecast.py": "def predict_linear(x): return x\n"},
    "switched off": {"a.tf": alarm(BAND + "  actions_enabled = false")},
}


@pytest.mark.parametrize("files", SOUND.values(), ids=SOUND.keys())
def test_alerts_that_know_what_is_usual_pass(tree: Tree, files: dict[str, str]) -> None:
    result = judge(tree(files))
    assert result.status == "pass", result
    assert result.evidence


@pytest.mark.parametrize("files", WEAK.values(), ids=WEAK.keys())
def test_those_that_tell_nobody_or_watch_machines_are_weak(tree: Tree, files: dict[str, str]) -> None:
    result = judge(tree(files))
    assert result.status == "partial", result
    assert result.fix


@pytest.mark.parametrize("files", ABSENT.values(), ids=ABSENT.keys())
def test_what_only_looks_like_one_fails(tree: Tree, files: dict[str, str]) -> None:
    result = judge(tree(files))
    assert result.status == "fail", result
    assert "payments" in result.fix


def test_a_neighbours_alert_does_not_count(tree: Tree) -> None:
    expr = 'predict_linear(queue_messages{job="JOB"}[1h], 3600) > 1000'
    files = {"services/payments/main.py": "", "monitoring/r.yml": rule(expr.replace("JOB", "cart"))}
    assert judge(tree(files), AMONG).status == "fail"
    files["monitoring/r.yml"] = rule(expr.replace("JOB", "payments"))
    assert judge(tree(files), AMONG).status == "pass"


def test_alerts_in_another_repository_count_where_the_descriptor_names_it(tree: Tree) -> None:
    there = tree({"payments/r.yml": rule("predict_linear(queue_messages[1h], 3600) > 1000")})
    facts = replace(FACTS, repositories={"shop/alerts": there})
    pointing = replace(ALONE, annotations={"handrail.dev/evidence": "shop/alerts:payments"})
    here = tree({"README.md": "# Payments\n"})
    assert anomaly_watched.evaluate(here, pointing, facts, {}).status == "pass"
    gone = replace(ALONE, annotations={"handrail.dev/evidence": "shop/gone"})
    assert anomaly_watched.evaluate(here, gone, facts, {}).status == "unknown"


def test_the_fix_speaks_the_dialect_of_the_alerts_that_are_there(tree: Tree) -> None:
    files = {"a.tf": alarm('metric_name = "5XXError"\n  threshold = 5')}
    assert "ANOMALY_DETECTION_BAND" in judge(tree(files)).fix


_PIECES = st.sampled_from(
    [*"{}[]:-\n\"'*>() ", "alert:", "expr: ", "rules:", "\n  - ", "predict_linear(", "offset 1w", "record: "]
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=60).map("".join)))
def test_arbitrary_content_never_raises(tree: Tree, text: str) -> None:
    encoded = text.encode("utf-8", "replace").decode()
    assert judge(tree({"r.yml": encoded, "s.yml": rule(encoded)})).status in (
        "pass",
        "partial",
        "fail",
        "unknown",
    )
