"""What counts as an alert on an objective, and what only looks like one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from textwrap import indent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.checks import slo_alerted
from scorecards.facts import Facts
from scorecards.result import Result

# ruff: noqa: E501
Tree = Callable[[dict[str, str]], Snapshot]
FACTS = Facts(date(2026, 11, 24))
ALONE = Service(Ref("component", "default", "payments"), "service")
AMONG = Service(
    Ref("component", "default", "payments"), "service", "services/payments", neighbours=("services/cart",)
)
RUNBOOK = {"docs/runbook.md": "# Runbook\n\nRoll back with `kubectl rollout undo deploy/payments`.\n"}


def judge(snapshot: Snapshot, service: Service = ALONE) -> Result:
    return slo_alerted.evaluate(snapshot, service, FACTS, {})


def openslo(target: str = "0.999", service: str = "payments") -> str:
    return f"""\
apiVersion: openslo/v1
kind: SLO
metadata: {{name: {service}-availability}}
spec:
  service: {service}
  indicator:
    metadata: {{name: good}}
    spec:
      ratioMetric:
        counter: true
        good: {{metricSource: {{type: Prometheus, spec: {{query: 'http_requests_total{{code!~"5.."}}'}}}}}}
        total: {{metricSource: {{type: Prometheus, spec: {{query: http_requests_total}}}}}}
  timeWindow: [{{duration: 28d}}]
  objectives: [{{target: {target}}}]
"""


def rule(
    expr: str, runbook: str = "docs/runbook.md", labels: str = "severity: page", name: str = "PaymentsBad"
) -> str:
    link = f"runbook_url: {runbook}" if runbook else "summary: bad"
    return f"""\
groups:
  - name: payments
    rules:
      - alert: {name}
        expr: {expr}
        labels: {{{labels}}}
        annotations: {{{link}}}
"""


def sloth(target: str = "99.9", note: str = "runbook: docs/runbook.md") -> str:
    return f"""\
version: prometheus/v1
service: payments
slos:
  - name: availability
    objective: {target}
    sli: {{events: {{error_query: 'sum(rate(errors_total[{{{{.window}}}}]))', total_query: 'sum(rate(all_total[{{{{.window}}}}]))'}}}}
    alerting:
      name: PaymentsBad
      annotations: {{{note}}}
"""


RATIO = 'sum(rate(http_requests_total{code=~"5.."}[1h])) / sum(rate(http_requests_total[1h]))'
BURN = f"({RATIO}) > (14.4 * 0.001)"
PYRRA = """\
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata:
  name: payments
  annotations: {pyrra.dev/runbook: docs/runbook.md}
spec:
  target: "99.5"
  window: 4w
  indicator: {ratio: {errors: {metric: 'errors_total'}, total: {metric: all_total}}}
"""
POLICY = """\
---
apiVersion: openslo/v1
kind: AlertPolicy
metadata:
  name: fast
  annotations: {runbook: docs/runbook.md}
spec:
  conditions:
    - kind: AlertCondition
      metadata: {name: burn}
      spec:
        severity: page
        condition: {kind: burnrate, op: gt, threshold: 14.4, lookbackWindow: 1h, alertAfter: 5m}
  notificationTargets: [{targetRef: pager}]
"""
GOOGLE = """\
resource "google_monitoring_slo" "availability" {
  service             = "payments"
  goal                = 0.995
  rolling_period_days = 28
  basic_sli {
    availability {}
  }
}
resource "google_monitoring_alert_policy" "burn" {
  display_name = "Budget burns"
  conditions {
    display_name = "fast"
    condition_threshold {
      filter          = "select_slo_burn_rate(\\"${google_monitoring_slo.availability.id}\\", 3600s)"
      comparison      = "COMPARISON_GT"
      threshold_value = 10
    }
  }
  notification_channels = [google_monitoring_notification_channel.pager.name]
  documentation { content = "Runbook: docs/runbook.md" }
}
"""
DATADOG = """\
resource "datadog_service_level_objective" "availability" {
  name = "payments"
  type = "metric"
  query {
    numerator   = "sum:requests.ok{service:payments}.as_count()"
    denominator = "sum:requests.all{service:payments}.as_count()"
  }
  thresholds {
    timeframe = "30d"
    target    = 99.9
  }
}
resource "datadog_monitor" "burn" {
  name    = "Budget burns"
  type    = "slo alert"
  query   = "burn_rate(\\"${datadog_service_level_objective.availability.id}\\").over(\\"30d\\").long_window(\\"1h\\").short_window(\\"5m\\") > 14.4"
  message = "See the runbook docs/runbook.md @pagerduty-payments"
}
"""
GRAFANA = """\
resource "grafana_slo" "availability" {
  name = "payments"
  query {
    type = "ratio"
    ratio {
      success_metric = "ok_total"
      total_metric   = "all_total"
    }
  }
  objectives {
    value  = 0.999
    window = "30d"
  }
  alerting {
    annotation {
      key   = "runbook_url"
      value = "docs/runbook.md"
    }
  }
}
"""
RECORDED = """\
groups:
  - name: payments
    rules:
      - {record: 'job:errors:burnrate1h', expr: 'sum(rate(http_requests_total[1h])) / 0.001'}
      - alert: PaymentsBad
        expr: job:errors:burnrate1h > 14.4
        labels: {severity: page}
        annotations: {runbook_url: docs/runbook.md}
"""

SOUND = {
    "factor times budget": {"slo.yaml": openslo(), "rules.yml": rule(BURN)},
    "factor times what is left of one": {
        "slo.yaml": openslo(),
        "rules.yml": rule(f"{RATIO} > 14.4 * (1 - 0.999)"),
    },
    "budget times factor": {"slo.yaml": openslo(), "rules.yml": rule(f"{RATIO} > (1 - 0.999) * 5")},
    "in per cent": {"slo.yaml": openslo(), "rules.yml": rule(f"100 * {RATIO} > 6 * (100 - 99.9)")},
    "a recorded burn rate": {"slo.yaml": openslo(), "rules.yml": RECORDED},
    "what is left of the budget": {
        "slo.yaml": openslo(),
        "rules.yml": rule("slo:error_budget:remaining < 0.1"),
    },
    "a number, named for the burn": {
        "slo.yaml": openslo(),
        "rules.yml": rule(f"{RATIO} > 0.0144", name="PaymentsBudgetBurn"),
    },
    "an address of this repository": {
        "slo.yaml": openslo(),
        "rules.yml": rule(BURN, "https://github.com/acme/payments/blob/main/docs/runbook.md#bad"),
    },
    "Sloth": {"slo.yaml": sloth()},
    "Pyrra": {"slo.yaml": PYRRA},
    "OpenSLO's policy": {"slo.yaml": openslo().rstrip() + "\n  alertPolicies: [fast]\n" + POLICY},
    "Google": {"slo.tf": GOOGLE},
    "Datadog": {"slo.tf": DATADOG},
    "Grafana": {"slo.tf": GRAFANA},
}
WEAK = {
    "no link": ({"slo.yaml": openslo(), "rules.yml": rule(BURN, "")}, "links no runbook"),
    "a link that leads nowhere": (
        {"slo.yaml": openslo(), "rules.yml": rule(BURN, "docs/gone.md")},
        "leads nowhere",
    ),
    "a placeholder": ({"slo.yaml": openslo(), "rules.yml": rule(BURN, "https://example.com/x")}, "is none"),
    "a link to elsewhere": (
        {"slo.yaml": openslo(), "rules.yml": rule(BURN, "https://wiki.acme.org/x")},
        "not at hand",
    ),
    "an empty runbook": (
        {
            "slo.yaml": openslo(),
            "rules.yml": rule(BURN, "docs/empty.md"),
            "docs/empty.md": "# Runbook\n\nTODO\n",
        },
        "says nothing",
    ),
    "told to nobody": ({"slo.yaml": openslo(), "rules.yml": rule(BURN, labels="team: shop")}, "no severity"),
    "no objective": ({"rules.yml": rule(f"{RATIO} > 14.4 * (1 - 0.999)")}, "only in its expression"),
    "an objective of 100 %": ({"slo.yaml": openslo("1"), "rules.yml": rule(BURN)}, "no objective"),
    "a threshold on the indicator": (
        {"slo.yaml": openslo(), "rules.yml": rule(f"{RATIO} > 0.3")},
        "threshold of its own",
    ),
    "a threshold on what the indicator's words say": (
        {
            "docs/slo.md": "# SLO\n\n| SLO | Target | Window |\n|---|---|---|\n| Availability | 99.9 % | 30d |\n",
            "rules.yml": rule("up == 0"),
        },
        "threshold of its own",
    ),
    "Sloth without a link": ({"slo.yaml": sloth(note="")}, "links no runbook"),
}
ABSENT = {
    "nothing": {"README.md": "# Payments\n"},
    "thresholds and no objective": {"rules.yml": rule(f"{RATIO} > 0.3")},
    "an objective alone": {"slo.yaml": openslo()},
    "an objective, and alerts on something else": {
        "slo.yaml": openslo(),
        "rules.yml": rule("node_load1 > 5"),
    },
    "a name alone": {"slo.yaml": openslo(), "rules.yml": rule("node_load1 > 5", name="ErrorBudgetBurn")},
    "an alarm called for a budget": {
        "alarms.tf": 'resource "aws_cloudwatch_metric_alarm" "error_budget" {\n  alarm_name = "error-budget"\n  metric_name = "4xx"\n  threshold = 0.1\n  alarm_actions = [aws_sns_topic.x.arn]\n}\n'
    },
    "an alert that was left to do": {"slo.yaml": openslo(), "rules.yml": rule("TODO", name="BudgetBurn")},
    "Sloth at 100 %": {"slo.yaml": sloth("100")},
    "in examples": {"examples/slo.yaml": openslo(), "examples/rules.yml": rule(BURN)},
}


@pytest.mark.parametrize("files", SOUND.values(), ids=SOUND.keys())
def test_alerts_on_the_objective_with_a_runbook_pass(tree: Tree, files: dict[str, str]) -> None:
    result = judge(tree(files | RUNBOOK))
    assert result.status == "pass", result
    assert result.fix == ""


@pytest.mark.parametrize(("files", "why"), WEAK.values(), ids=WEAK.keys())
def test_what_lacks_a_part_is_weak(tree: Tree, files: dict[str, str], why: str) -> None:
    result = judge(tree(files | RUNBOOK))
    assert result.status == "partial", result
    assert why in result.message
    assert result.fix


@pytest.mark.parametrize("files", ABSENT.values(), ids=ABSENT.keys())
def test_what_only_looks_like_one_fails(tree: Tree, files: dict[str, str]) -> None:
    result = judge(tree(files | RUNBOOK))
    assert result.status == "fail", result
    assert result.fix


def test_alerts_that_only_a_run_would_tell_are_unknown(tree: Tree) -> None:
    files = {
        "slo.yaml": openslo(),
        "mixin/a.libsonnet": "{\n  alert: 'PaymentsBudgetBurn',\n  expr: 'x' % y,\n}\n",
    }
    assert judge(tree(files)).status == "unknown"


def test_a_neighbours_alert_does_not_count(tree: Tree) -> None:
    ours = {"services/payments/slo.yaml": openslo(), "docs/runbook.md": RUNBOOK["docs/runbook.md"]}
    theirs = rule(BURN, labels="severity: page, service: cart").replace("payments", "cart")
    assert judge(tree(ours | {"monitoring/rules.yml": theirs}), AMONG).status == "fail"
    both = rule(BURN, labels="severity: page, service: payments")
    assert judge(tree(ours | {"monitoring/rules.yml": both}), AMONG).status == "pass"


def test_alerts_and_runbooks_in_another_repository_count_where_the_descriptor_names_it(tree: Tree) -> None:
    link = "https://github.com/shop/reliability/blob/main/runbooks/payments.md"
    there = tree(
        {
            "rules.yml": rule(BURN, link, "severity: page, service: payments"),
            "runbooks/payments.md": "Do this now.\n",
        }
    )
    here = tree({"slo.yaml": openslo()})
    facts = replace(FACTS, repositories={"shop/reliability": there})
    pointing = replace(ALONE, annotations={"handrail.dev/evidence": "shop/reliability"})
    result = slo_alerted.evaluate(here, pointing, facts, {})
    assert result.status == "pass", result
    assert result.evidence[0].path == "shop/reliability:rules.yml"
    gone = replace(ALONE, annotations={"handrail.dev/evidence": "shop/gone"})
    assert slo_alerted.evaluate(here, gone, facts, {}).status == "unknown"


_PIECES = st.sampled_from(
    [
        *"{}[]:-\n\"'*>() ",
        "alert:",
        "expr: ",
        "groups:",
        "rules:",
        "\n  - ",
        "burn_rate(",
        "14.4 * (1 - 0.9",
        "slos:",
        "objective: 99",
        "runbook: ../..",
    ]
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=60).map("".join)))
def test_arbitrary_content_never_raises(tree: Tree, text: str) -> None:
    encoded = text.encode("utf-8", "replace").decode()
    files = {"slo.yaml": openslo(), "rules.yml": encoded, "more.yml": rule("|\n" + indent(encoded, " " * 10))}
    assert judge(tree(files)).status in ("pass", "partial", "fail", "unknown")
