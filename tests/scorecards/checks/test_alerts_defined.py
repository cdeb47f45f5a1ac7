"""What counts as an alert, and what only looks like one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from textwrap import indent
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.checks import alerts_defined
from scorecards.facts import Facts
from scorecards.reading.alerts import alerts
from scorecards.result import Result

# ruff: noqa: E501
Tree = Callable[[dict[str, str]], Snapshot]
FACTS = Facts(date(2026, 11, 24))
ALONE = Service(Ref("component", "default", "payments"), "service")
AMONG = Service(
    Ref("component", "default", "payments"), "service", "services/payments", neighbours=("services/cart",)
)


def judge(snapshot: Snapshot, service: Service = ALONE) -> Result:
    return alerts_defined.evaluate(snapshot, service, FACTS, {})


def rules(
    expr: str = 'rate(http_requests_total{code=~"5.."}[5m]) > 0.05', labels: str = "severity: page"
) -> str:
    return f"""\
groups:
  - name: payments
    rules:
      - record: job:requests:rate5m
        expr: sum(rate(http_requests_total[5m]))
      - alert: PaymentsFail
        expr: {expr}
        for: 5m
        labels: {{{labels}}}
        annotations:
          summary: '{{{{ $value }}}} of {{{{ $labels.job }}}} fail'
          runbook_url: docs/runbook.md
"""


def in_configmap(text: str) -> str:
    head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: rules}\ndata:\n  alert.rules: |-\n"
    return head + indent(text, "    ")


def rule_kind(kind: str, group: str = "monitoring.coreos.com/v1", text: str = "") -> str:
    head = f"apiVersion: {group}\nkind: {kind}\nmetadata: {{name: payments}}\nspec:\n"
    return head + indent(text or rules(), "  ")


CHART_RULE = """\
{{- if .Values.rules.enabled }}
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: {{ include "payments.fullname" . }}
  labels:
    {{- include "payments.labels" . | nindent 4 }}
spec:
  groups:
    - name: payments
      rules:
        - alert: PaymentsFail
          expr: rate(http_requests_total{code=~"5.."}[5m]) > {{ .Values.rules.limit }}
          labels:
            severity: critical
          annotations:
            summary: 'High rate on {{`{{ $labels.pod }}`}}'
{{- end }}
"""
OLD = """\
# before 2.0
ALERT PaymentsFail
  IF rate(http_requests_total{code=~"5.."}[5m]) > 0.05
  FOR 5m
  LABELS { severity = "page" }
  ANNOTATIONS { summary = "Payments fail", runbook = "docs/runbook.md" }
"""
GRAFANA = """\
apiVersion: 1
groups:
  - orgId: 1
    name: payments
    folder: shop
    interval: 1m
    rules:
      - uid: a1
        title: Payments fail
        condition: B
        data:
          - refId: A
            datasourceUid: prom
            model: {expr: 'sum(rate(http_requests_total{code=~"5.."}[5m]))', refId: A}
          - refId: B
            model: {type: threshold, conditions: [{evaluator: {type: gt, params: [0.05]}}]}
        noDataState: NoData
        execErrState: Error
        for: 5m
        isPaused: PAUSED
        labels: {LABELS}
"""
PANEL = """\
{"title": "Payments", "panels": [{"title": "Errors",
  "targets": [{"expr": "sum(rate(http_errors_total[5m]))"}],
  "alert": {"name": "Errors", "executionErrorState": "alerting",
    "conditions": [{"evaluator": {"type": "gt", "params": [5]}, "query": {"params": ["A", "5m", "now"]}}],
    "notifications": [{"uid": "pager"}]}}]}
"""
DASHBOARD = """\
{"title": "Payments", "annotations": {"list": [{"name": "Annotations & Alerts", "type": "dashboard"}]},
 "panels": [{"type": "alertlist", "title": "Alerts"},
  {"title": "Errors", "targets": [{"expr": "sum(rate(http_errors_total[5m])) > 5"}],
   "fieldConfig": {"defaults": {"thresholds": {"steps": [{"color": "red", "value": 80}]}}}}]}
"""
ALARM = """\
Parameters:
  Topic: {Type: String, Default: 'arn:aws:sns:eu-west-1:1:pager'}
Resources:
  Errors:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: payments-5xx
      Namespace: AWS/ApiGateway
      MetricName: 5XXError
      Threshold: 5
      Period: 60
      EvaluationPeriods: 2
      ComparisonOperator: GreaterThanThreshold
      AlarmActions: ACTIONS
  ScaleUp:
    Type: AWS::AutoScaling::ScalingPolicy
    Properties: {AutoScalingGroupName: payments}
"""
METRIC_ALARM = """\
variable "topic" { default = "arn:aws:sns:eu-west-1:1:pager" }
resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "payments-5xx"
  namespace           = "AWS/ApiGateway"
  metric_name         = "5XXError"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  period              = 60
  threshold           = 5
  alarm_actions       = ACTIONS
}
"""
DATADOG = """\
resource "datadog_monitor" "errors" {
  name    = "Payments fail"
  type    = "metric alert"
  query   = "sum(last_5m):sum:http.errors{service:payments}.as_count() > 10"
  message = "MESSAGE"
}
"""
DATADOG_KIND = """\
apiVersion: datadoghq.com/v1alpha1
kind: DatadogMonitor
metadata: {name: payments}
spec:
  name: Payments fail
  type: metric alert
  query: "sum(last_5m):sum:http.errors{service:payments}.as_count() > 10"
  message: "Payments fail @pagerduty-payments"
"""
DATADOG_JSON = """\
{"name": "Payments fail", "type": "query alert",
 "query": "avg(last_5m):avg:http.errors{service:payments} > 5", "message": "They fail @slack-payments"}
"""
GOOGLE = """\
resource "google_monitoring_alert_policy" "errors" {
  display_name = "Payments fail"
  combiner     = "OR"
  conditions {
    display_name = "5xx"
    condition_threshold {
      filter          = "metric.type=\\"run.googleapis.com/request_count\\" AND metric.labels.response_code_class=\\"5xx\\""
      comparison      = "COMPARISON_GT"
      threshold_value = 1
      duration        = "60s"
    }
  }
  notification_channels = CHANNELS
}
"""
GOOGLE_JSON = """\
{"displayName": "Payments fail", "combiner": "OR", "notificationChannels": ["projects/p/notificationChannels/1"],
 "conditions": [{"displayName": "5xx", "conditionThreshold":
   {"filter": "metric.type=\\"run.googleapis.com/request_count\\"", "thresholdValue": 1, "comparison": "COMPARISON_GT"}}]}
"""
AZURE = """\
resource "azurerm_monitor_metric_alert" "errors" {
  name     = "payments-5xx"
  scopes   = [azurerm_linux_web_app.payments.id]
  severity = 1
  criteria {
    metric_namespace = "Microsoft.Web/sites"
    metric_name      = "Http5xx"
    aggregation      = "Total"
    operator         = "GreaterThan"
    threshold        = 5
  }
  action { action_group_id = azurerm_monitor_action_group.pager.id }
}
"""
ARM = """\
{"resources": [{"type": "Microsoft.Insights/metricAlerts", "name": "payments-5xx",
  "properties": {"severity": 1, "enabled": ENABLED, "scopes": ["[resourceId('x')]"],
    "criteria": {"allOf": [{"metricName": "Http5xx", "operator": "GreaterThan", "threshold": 5}]},
    "actions": [{"actionGroupId": "[parameters('group')]"}]}}]}
"""
BICEP = """\
resource errors 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'payments-5xx'
  properties: {
    severity: 1
    enabled: true
    criteria: {
      allOf: [ { metricName: 'Http5xx'
        operator: 'GreaterThan'
        threshold: 5 } ]
    }
    actions: [ { actionGroupId: group.id } ]
  }
}
"""
NEWRELIC = """\
resource "newrelic_nrql_alert_condition" "errors" {
  policy_id = newrelic_alert_policy.payments.id
  name      = "Payments fail"
  nrql { query = "SELECT count(*) FROM TransactionError WHERE appName = 'payments'" }
  critical {
    operator           = "above"
    threshold          = 5
    threshold_duration = 300
  }
}
"""
DYNATRACE = """\
resource "dynatrace_metric_events" "errors" {
  enabled = true
  summary = "Payments fail"
  event_template {
    title      = "Payments fail"
    event_type = "ERROR"
  }
  model_properties {
    type      = "STATIC_THRESHOLD"
    threshold = 5
  }
  query_definition {
    type            = "METRIC_SELECTOR"
    metric_selector = "builtin:service.errors.server.rate"
  }
}
"""
SLOTH = """\
version: prometheus/v1
service: payments
slos:
  - name: availability
    objective: 99.9
    sli:
      events:
        error_query: sum(rate(http_requests_total{code=~"5.."}[{{.window}}]))
        total_query: sum(rate(http_requests_total[{{.window}}]))
    alerting:
      name: PaymentsFail
      page_alert: {PAGE}
      ticket_alert: {TICKET}
"""
PYRRA = """\
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: payments}
spec:
  target: "99.5"
  window: 4w
  indicator:
    ratio:
      errors: {metric: 'http_requests_total{code=~"5.."}'}
      total: {metric: http_requests_total}
"""
GRAFANA_SLO = """\
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
    fastburn { label {
      key = "severity"
      value = "page"
    } }
  }
}
"""
CDK = """\
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
const alarm = new cloudwatch.Alarm(this, 'PaymentsFail', {
  metric: api.metricServerError(),
  threshold: 5,
  evaluationPeriods: 2,
});
ACTION
"""
SYSDIG = """\
{"type": "PROMETHEUS", "name": "Payments fail", "severity": "high", "enabled": true,
 "config": {"query": "up{job=\\"payments\\"} == 0"}, "notificationChannelConfigList": [{"type": "EMAIL", "channelId": 1}]}
"""
ELASTALERT = """\
name: payments fail
type: frequency
index: logs-*
num_events: 50
timeframe: {minutes: 5}
filter: [{term: {service: payments}}]
alert: [pagerduty]
"""
SERVERLESS = """\
service: payments
plugins: [serverless-plugin-aws-alerts]
custom:
  alerts:
    topics: {alarm: '${ssm:pager}'}
    alarms: [functionErrors, functionThrottles]
"""
SERVERLESS_RESOURCES = "service: payments\nresources:\n" + indent(
    ALARM.replace("ACTIONS", "[!Ref Topic]").partition("Resources:")[2].join(["Resources:", ""]), "  "
)
VALUES = "prometheusRule:\n  enabled: true\n" + indent(rules(), "  ")
HEREDOC = (
    'resource "helm_release" "rules" {\n  values = [<<-EOT\n' + indent(rules(), "    ") + "  EOT\n  ]\n}\n"
)

SOUND = {
    "rule file": {"monitoring/alerts.yml": rules()},
    "rule file by its ending": {"monitoring/alert.rules": rules()},
    "rule file with no ending": {"Prometheus": rules()},
    "rules before Prometheus 2": {"monitoring/alert.rules": OLD},
    "PrometheusRule": {"deploy/rule.yaml": rule_kind("PrometheusRule")},
    "VMRule": {"deploy/rule.yaml": rule_kind("VMRule", "operator.victoriametrics.com/v1beta1")},
    "Google's managed Rules": {"deploy/rule.yaml": rule_kind("Rules", "monitoring.googleapis.com/v1")},
    "ConfigMap": {"deploy/config.yaml": in_configmap(rules())},
    "List": {
        "deploy/list.yaml": "apiVersion: v1\nkind: List\nitems:\n  - "
        + indent(rule_kind("PrometheusRule"), "    ").strip()
    },
    "values of a chart": {"deploy/values.yaml": VALUES},
    "a chart's template": {
        "chart/Chart.yaml": "name: payments\n",
        "chart/values.yaml": "rules: {enabled: true, limit: 0.05}\n",
        "chart/templates/rule.yaml": CHART_RULE,
    },
    "a chart that an environment switches on": {
        "chart/Chart.yaml": "name: payments\n",
        "chart/values.yaml": "rules: {enabled: false, limit: 0.05}\n",
        "chart/values-prod.yaml": "rules:\n  enabled: true\n",
        "chart/templates/rule.yaml": CHART_RULE,
    },
    "a template that is no YAML": {"ansible/rules.yml.j2": "{% for x in y %}\n" + rules() + "{% endfor %}\n"},
    "a heredoc of Terraform": {"infra/rules.tf": HEREDOC},
    "no severity, but Alertmanager sends it": {
        "rules.yml": rules(labels="team: shop"),
        "alertmanager.yml": "route: {receiver: pager}\nreceivers:\n  - name: pager\n    pagerduty_configs: [{routing_key_file: /k}]\n",
    },
    "Grafana": {
        "grafana/alerts.yaml": GRAFANA.replace("PAUSED", "false").replace("LABELS", "severity: page")
    },
    "Grafana's contact point": {
        "grafana/alerts.yaml": GRAFANA.replace("PAUSED", "false").replace("LABELS", "")
        + "contactPoints: [{name: pager}]\n"
    },
    "an alert of an old dashboard": {"grafana/payments.json": PANEL},
    "CloudFormation": {"template.yaml": ALARM.replace("ACTIONS", "[!Ref Topic]")},
    "CloudFormation, told and scaling": {
        "template.yaml": ALARM.replace("ACTIONS", "[!Ref Topic, !Ref ScaleUp]")
    },
    "Terraform, CloudWatch": {"alarms.tf": METRIC_ALARM.replace("ACTIONS", "[var.topic]")},
    "Terraform, CloudWatch by reference": {
        "alarms.tf": METRIC_ALARM.replace("ACTIONS", "[aws_sns_topic.x.arn]")
    },
    "Terraform, CloudWatch in a module": {
        "main.tf": 'module "alarms" {\n  source = "./modules/alarms"\n  topic = aws_sns_topic.pager.arn\n}\n',
        "modules/alarms/main.tf": METRIC_ALARM.replace("ACTIONS", "[var.topic]"),
    },
    "Datadog by handle": {"monitors.tf": DATADOG.replace("MESSAGE", "They fail @pagerduty-payments")},
    "Datadog by a variable": {"monitors.tf": DATADOG.replace("MESSAGE", "They fail ${var.slack_channel}")},
    "DatadogMonitor": {"deploy/monitor.yaml": DATADOG_KIND},
    "Datadog's JSON": {"datadog/payments.json": DATADOG_JSON},
    "Google": {
        "alerts.tf": GOOGLE.replace("CHANNELS", "[google_monitoring_notification_channel.pager.name]")
    },
    "Google's JSON": {"alerts/policy.json": GOOGLE_JSON},
    "Azure": {"alerts.tf": AZURE},
    "ARM": {"infra/alerts.json": ARM.replace("ENABLED", "true")},
    "Bicep": {"infra/alerts.bicep": BICEP},
    "New Relic": {"alerts.tf": NEWRELIC},
    "Dynatrace": {"alerts.tf": DYNATRACE},
    "Sloth": {"slo.yaml": SLOTH.replace("PAGE", "").replace("TICKET", "")},
    "Pyrra": {"slo.yaml": PYRRA},
    "Grafana SLO": {"slo.tf": GRAFANA_SLO},
    "CDK": {
        "cdk.json": "{}",
        "lib/monitoring-stack.ts": CDK.replace("ACTION", "alarm.addAlarmAction(new SnsAction(topic));"),
    },
    "Sysdig": {"monitoring/alert.json": SYSDIG},
    "ElastAlert": {"elastalert/rule.yaml": ELASTALERT},
    "Serverless' plugin": {"serverless.yml": SERVERLESS},
    "CloudFormation inside Serverless": {"serverless.yml": SERVERLESS_RESOURCES},
}
WEAK = {
    "no severity": {"rules.yml": rules(labels="team: shop")},
    "severity that is none": {"rules.yml": rules(labels="severity: none")},
    "severity left blank": {"rules.yml": rules(labels="severity: TODO")},
    "an Alertmanager that tells nobody": {
        "rules.yml": rules(labels="team: shop"),
        "alertmanager.yml": "route: {receiver: nobody}\nreceivers:\n  - name: nobody\n",
    },
    "no actions": {"alarms.tf": METRIC_ALARM.replace("ACTIONS", "[]")},
    "no actions in CloudFormation": {"template.yaml": ALARM.replace("ACTIONS", "[]")},
    "a monitor that tells nobody": {"monitors.tf": DATADOG.replace("MESSAGE", "They fail")},
    "a policy without channels": {"alerts.tf": GOOGLE.replace("CHANNELS", "[]")},
    "an alarm without action in CDK": {
        "cdk.json": "{}",
        "lib/monitoring-stack.ts": CDK.replace("ACTION", ""),
    },
    "a chart that leaves it off": {
        "chart/Chart.yaml": "name: payments\n",
        "chart/values.yaml": "rules: {enabled: false, limit: 0.05}\n",
        "chart/templates/rule.yaml": CHART_RULE,
    },
}
ABSENT = {
    "nothing": {"README.md": "# Payments\n"},
    "dashboards only": {"grafana/payments.json": DASHBOARD},
    "only recording rules": {
        "rules.yml": "groups:\n- name: x\n  rules:\n  - {record: 'a:b', expr: 'sum(alert_total)'}\n"
    },
    "Alertmanager without rules": {
        "alertmanager.yml": "route: {receiver: a}\nreceivers: [{name: a, slack_configs: [{channel: '#a'}]}]\n"
    },
    "an alarm that only scales": {
        "alarms.tf": METRIC_ALARM.replace("ACTIONS", "[aws_appautoscaling_policy.up.arn]")
    },
    "an alarm that only scales, in CloudFormation": {
        "template.yaml": ALARM.replace("ACTIONS", "[!Ref ScaleUp]")
    },
    "an alarm made no time": {
        "alarms.tf": METRIC_ALARM.replace("ACTIONS", "[var.topic]").replace(
            "  alarm_name ", "  count = 0\n  alarm_name "
        )
    },
    "switched off": {"alarms.tf": METRIC_ALARM.replace("ACTIONS", "[var.topic]\n  actions_enabled = false")},
    "switched off in ARM": {"infra/alerts.json": ARM.replace("ENABLED", "false")},
    "paused": {"grafana/alerts.yaml": GRAFANA.replace("PAUSED", "true").replace("LABELS", "severity: page")},
    "commented out": {"rules.yml": "".join(f"# {line}\n" for line in rules().splitlines())},
    "an expression that names nothing": {"rules.yml": rules("vector(1)")},
    "a to-do": {"rules.yml": rules("TODO")},
    "a placeholder": {"rules.yml": rules("<your-query>")},
    "empty expression": {"rules.yml": rules("")},
    "empty groups": {"rules.yml": "groups: []\n# alert: x expr: y\n"},
    "in examples": {"examples/alerts.yml": rules()},
    "in test data": {"testdata/alerts.yml": rules()},
    "among tests": {"tests/alerts.yml": rules()},
    "in prose": {"docs/alerts.md": "# Alerts\n\n```yaml\n" + rules() + "```\n"},
    "a resource definition": {
        "deploy/crd.yaml": "kind: CustomResourceDefinition\nspec:\n  schema:\n    properties:\n      alert: {type: string}\n      expr: {type: string}\n"
    },
    "promtool's tests": {
        "rules_test.yml": "rule_files: [rules.yml]\ntests:\n  - alert_rule_test:\n      - {alertname: A, exp_alerts: []}\n    promql_expr_test: [{expr: up}]\n"
    },
    "Sloth with both alerts off": {
        "slo.yaml": SLOTH.replace("PAGE", "disable: true").replace("TICKET", "disable: true")
    },
    "Sloth on nothing": {
        "slo.yaml": SLOTH.replace("PAGE", "")
        .replace("TICKET", "")
        .replace("objective: 99.9", "objective: 100")
    },
    "a script to try it": {"scripts/quickstart.sh": "cat > rules.yml <<EOF\n" + rules() + "EOF\n"},
    "components named Alert": {"src/Alert.tsx": "export const Alert = () => <div alert='x' />;\n"},
}
UNDECIDED = {
    "Jsonnet": {
        "mixin/alerts.libsonnet": "{ rules: [{ alert: 'PaymentsFail', expr: 'x > %s' % $._config.limit }] }\n".replace(
            "{ alert", "{\n alert"
        )
    },
    "a chart without the value": {
        "chart/Chart.yaml": "name: payments\n",
        "chart/templates/rule.yaml": CHART_RULE.replace(
            'rate(http_requests_total{code=~"5.."}[5m]) > {{ .Values.rules.limit }}', "{{ $.Values.expr }}"
        ).replace("expr: {{ $.Values.expr }}", "expr: ${EXPR}"),
    },
}


@pytest.mark.parametrize("files", SOUND.values(), ids=SOUND.keys())
def test_sound_alerts_pass(tree: Tree, files: dict[str, str]) -> None:
    result = judge(tree(files))
    assert result.status == "pass", result
    assert result.evidence
    assert result.evidence[0].path in files
    assert result.fix == ""


@pytest.mark.parametrize("files", WEAK.values(), ids=WEAK.keys())
def test_alerts_that_tell_nobody_are_weak(tree: Tree, files: dict[str, str]) -> None:
    result = judge(tree(files))
    assert result.status == "partial", result
    assert result.fix


@pytest.mark.parametrize("files", ABSENT.values(), ids=ABSENT.keys())
def test_what_only_looks_like_an_alert_fails(tree: Tree, files: dict[str, str]) -> None:
    result = judge(tree(files))
    assert result.status == "fail", result
    assert "payments" in result.fix


@pytest.mark.parametrize("files", UNDECIDED.values(), ids=UNDECIDED.keys())
def test_alerts_that_only_a_run_would_tell_are_unknown(tree: Tree, files: dict[str, str]) -> None:
    result = judge(tree(files))
    assert result.status == "unknown", result
    assert result.evidence


FOR_OTHERS = {
    "a neighbour's folder": ("services/cart/alerts.yml", rules()),
    "a neighbour's label": (
        "monitoring/alerts.yml",
        rules(labels="severity: page, service: cart").replace("payments", "cart"),
    ),
    "a job that is not ours": (
        "monitoring/alerts.yml",
        rules('up{job="search"} == 0').replace("payments", "all"),
    ),
    "jobs by a pattern that does not fit": (
        "monitoring/alerts.yml",
        rules('up{job=~"cart-.*|search"} == 0').replace("payments", "all"),
    ),
    "the nodes": (
        "monitoring/alerts.yml",
        rules("node_load1 > 10").replace("payments", "all").replace("Payments", "Node"),
    ),
    "an alarm of nobody named": (
        "infra/alarms.tf",
        METRIC_ALARM.replace("payments", "shop").replace("ACTIONS", "[var.topic]"),
    ),
}
FOR_US = {
    "its own folder": ("services/payments/alerts.yml", rules().replace("payments", "x")),
    "its label": ("monitoring/alerts.yml", rules(labels="severity: page, service: payments")),
    "its job": ("monitoring/alerts.yml", rules('up{job="payments"} == 0')),
    "jobs by a pattern": (
        "monitoring/alerts.yml",
        rules('up{job=~"cart|pay.*"} == 0').replace("name: payments", "name: all"),
    ),
    "every job": ("monitoring/alerts.yml", rules("up == 0").replace("payments", "all")),
    "its file": ("monitoring/payments-alerts.yml", rules().replace("payments", "x")),
    "its metric": (
        "monitoring/alerts.yml",
        rules('payments_failed_total{job="x"} > 0').replace("name: payments", "name: all"),
    ),
    "its alarm": ("infra/alarms.tf", METRIC_ALARM.replace("ACTIONS", "[var.topic]")),
}


@pytest.mark.parametrize(("path", "text"), FOR_OTHERS.values(), ids=FOR_OTHERS.keys())
def test_an_alert_for_a_neighbour_does_not_count(tree: Tree, path: str, text: str) -> None:
    result = judge(tree({path: text, "services/payments/main.py": ""}), AMONG)
    assert result.status == "fail", result
    assert result.not_counted[0].path == path


@pytest.mark.parametrize(("path", "text"), FOR_US.values(), ids=FOR_US.keys())
def test_an_alert_that_names_or_covers_the_service_counts(tree: Tree, path: str, text: str) -> None:
    assert judge(tree({path: text, "services/payments/main.py": ""}), AMONG).status == "pass"


def test_evidence_in_another_repository_counts_where_the_descriptor_names_it(tree: Tree) -> None:
    there = tree({"alerts/shop.yml": rules(labels="severity: page, service: payments"), "README.md": "# x\n"})
    here = tree({"README.md": "# Payments\n"})
    facts = replace(FACTS, repositories={"shop/alerts": there})
    pointing = replace(ALONE, annotations={"handrail.dev/evidence": "shop/alerts"})
    result = alerts_defined.evaluate(here, pointing, facts, {})
    assert result.status == "pass"
    assert result.evidence[0].path == "shop/alerts:alerts/shop.yml"
    gone = replace(ALONE, annotations={"handrail.dev/evidence": "shop/gone"})
    assert alerts_defined.evaluate(here, gone, facts, {}).status == "unknown"
    assert judge(here).status == "fail"


FIXES = {
    "Terraform of AWS": ({"infra/main.tf": 'resource "aws_sqs_queue" "q" {}\n'}, "infra/alerts.tf"),
    "a chart": (
        {"chart/Chart.yaml": "name: x\n", "chart/templates/deployment.yaml": "kind: Deployment\n"},
        "chart/templates/prometheusrule.yaml",
    ),
    "SAM": ({"template.yaml": "Resources: {F: {Type: 'AWS::Serverless::Function'}}\n"}, "template.yaml"),
    "plain manifests": (
        {"k8s/app.yaml": "apiVersion: apps/v1\nkind: Deployment\n"},
        "k8s/prometheusrule.yaml",
    ),
    "nothing": ({"main.py": ""}, "monitoring/alerts.yaml"),
}


@pytest.mark.parametrize(("files", "place"), FIXES.values(), ids=FIXES.keys())
def test_the_fix_speaks_the_repositorys_own_dialect(tree: Tree, files: dict[str, str], place: str) -> None:
    assert f"`{place}`" in judge(tree(files)).fix


def test_what_a_page_shows_of_an_alert(tree: Tree) -> None:
    (found,) = alerts(tree({"rules.yml": rules()}))
    assert (found.name, found.dialect, found.line, found.severity) == (
        "PaymentsFail",
        "Prometheus",
        6,
        "page",
    )
    assert (found.window, found.runbook) == ("5m", "docs/runbook.md")
    assert "http_requests_total" in found.expr


_BOMBS = (
    "alert: x\n  expr: a > 1\n",
    "ALERT x\n IF y\n",
    "{{ if .Values.a }}\n",
    "new Alarm(threshold",
    "{",
    "> ",
    'job=~"',
    "a/",
    "\n",
)


@pytest.mark.parametrize("bomb", _BOMBS)
@pytest.mark.parametrize(
    "path", ["a.yml", "a.rules", "templates/a.yaml", "a.tf", "a.bicep", "stack.ts", "a.libsonnet"]
)
def test_no_repetition_takes_long(tree: Tree, path: str, bomb: str) -> None:
    head = "alert expr ALERT IF metricAlerts noDataState conditionThreshold receivers route aws-cdk alarm\n"
    snapshot = tree({path: head + bomb * (200_000 // len(bomb)), "Chart.yaml": "name: x\n", "cdk.json": "{}"})
    begun = process_time()
    alerts(snapshot)
    assert process_time() - begun < 3


_PATHS = st.sampled_from(
    [
        "alerts.yaml",
        "alert.rules",
        "alarms.tf",
        "x.json",
        "chart/templates/a.yaml",
        "alerts.bicep",
        "stack.ts",
        "a.libsonnet",
    ]
)
_PIECES = st.sampled_from(
    [
        *"{}[]:-\n\"'|&*#%$<",
        *(
            "alert:",
            " expr: up",
            "groups:",
            "rules:",
            "\n  - ",
            "ALERT x\n",
            "IF up",
            "AWS::CloudWatch::Alarm",
        ),
        *(
            'resource "datadog_monitor" "x" {',
            "noDataState",
            "new Alarm(",
            "aws-cdk",
            "conditionThreshold",
            "{{ if .Values.x }}",
        ),
        *(
            "resource a 'Microsoft.Insights/metricAlerts@1' = {",
            "receivers:",
            "route:",
            "nrql:",
            "terms:",
            "data: |\n",
            "${",
        ),
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=_PATHS, text=st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=60).map("".join)))
def test_arbitrary_content_never_raises(tree: Tree, path: str, text: str) -> None:
    encoded = text.encode("utf-8", "replace").decode()
    found = judge(tree({path: encoded, "chart/Chart.yaml": "name: x\n"}))
    assert found.status in ("pass", "partial", "fail", "unknown")
