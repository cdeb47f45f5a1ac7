"""Repairs that an alert starts, with guards and without, and what only looks like one."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.checks import remediation_declared
from scorecards.facts import Facts
from scorecards.reading.remediation import guards_in, repairs, tells
from scorecards.result import Result

# ruff: noqa: E501
Tree = Callable[[dict[str, str]], Snapshot]
FACTS = Facts(date(2026, 11, 24))
ALONE = Service(Ref("component", "default", "payments"), "service")
AMONG = Service(
    Ref("component", "default", "payments"), "service", "services/payments", neighbours=("services/cart",)
)


def judge(snapshot: Snapshot, service: Service = ALONE, facts: Facts = FACTS) -> Result:
    return remediation_declared.evaluate(snapshot, service, facts, {})


def rulebook(rule: str = "", name: str = "restart.yml") -> str:
    return f"""\
- name: Repairs
  hosts: all
  sources:
    - ansible.eda.alertmanager:
        port: 5000
  rules:
    - name: restart payments
      condition: event.alert.labels.alertname == "PaymentsStuck"
{rule}      action:
        run_playbook:
          name: {name}
"""


PLAY = """\
- hosts: payments
  tasks:
    - name: restart
      ansible.builtin.systemd_service:
        name: payments
        state: restarted
"""
ROBUSTA = """\
customPlaybooks:
  - triggers:
      - on_prometheus_alert:
          alert_name: PaymentsStuck
    actions:
      - ACTION
"""
ALERTMANAGER = """\
route:
  receiver: pager
  routes:
    - receiver: repair
      matchers: [alertname="PaymentsStuck"]
receivers:
  - name: pager
    pagerduty_configs:
      - routing_key: $KEY
  - name: repair
    webhook_configs:
      - url: http://mender:8080/repair
"""
PROGRAM = """\
import subprocess
from flask import Flask, request
app = Flask(__name__)

@app.post("/repair")
def repair():
    for alert in request.json["alerts"]:
GUARD        subprocess.run(["kubectl", "rollout", "restart", alert["labels"]["deployment"]])
    return ""
"""
NODES = """\
apiVersion: remediation.medik8s.io/v1alpha1
kind: NodeHealthCheck
metadata: {name: workers}
spec:
  minHealthy: 51%
  unhealthyConditions:
    - {type: Ready, status: "False", duration: 300s}
  remediationTemplate: {kind: SelfNodeRemediationTemplate, name: automatic}
"""
MACHINES = """\
apiVersion: cluster.x-k8s.io/v1beta1
kind: MachineHealthCheck
metadata: {name: workers}
spec:
  clusterName: main
LIMIT  unhealthyConditions:
    - {type: Ready, status: Unknown, timeout: 300s}
"""
STACKSTORM = """\
name: restart_payments
pack: payments
enabled: ENABLED
trigger:
  type: alertmanager.alert
criteria:
  trigger.body.alertname: {type: eq, pattern: PaymentsStuck}
action:
  ref: payments.restart
"""
POLICY = "name: restart.concurrency\nresource_ref: payments.restart\npolicy_type: action.concurrency\nparameters: {threshold: 1}\n"
SENSOR = """\
apiVersion: argoproj.io/v1alpha1
kind: Sensor
metadata: {name: restart-payments}
spec:
  dependencies:
    - {name: alert, eventSourceName: alertmanager, eventName: stuck}
  triggers:
    - template:
        name: restart
        k8s: {operation: create}
LIMIT"""
EVENTBRIDGE = """\
resource "aws_cloudwatch_metric_alarm" "stuck" {
  alarm_name    = "payments-stuck"
  metric_name   = "StuckJobs"
  namespace     = "payments"
  threshold     = 1
  alarm_actions = [aws_sns_topic.pager.arn]
}
resource "aws_cloudwatch_event_rule" "stuck" {
  name          = "payments-stuck"
  event_pattern = jsonencode({ source = ["SOURCE"], "detail-type" = ["DETAIL"] })
}
resource "aws_cloudwatch_event_target" "stuck" {
  rule = aws_cloudwatch_event_rule.stuck.name
  arn  = "arn:aws:ssm:eu-west-1:1:automation-definition/RestartPayments:$DEFAULT"
}
"""
DOCUMENT = """\
schemaVersion: "0.3"
description: RestartPayments
mainSteps:
  - name: check
    action: aws:assertAwsResourceProperty
    inputs: {Service: ecs, Api: DescribeServices}
  - name: restart
    action: aws:executeAwsApi
"""
RECOVER = """\
resource "aws_cloudwatch_metric_alarm" "dead" {
  alarm_name    = "payments-dead"
  metric_name   = "StatusCheckFailed_System"
  namespace     = "AWS/EC2"
  threshold     = 1
  alarm_actions = ["arn:aws:automate:eu-west-1:ec2:recover"]
}
"""
AZURE = """\
resource "azurerm_monitor_action_group" "repair" {
  name       = "repair"
  short_name = "repair"
  automation_runbook_receiver {
    name         = "restart"
    runbook_name = "Restart-Payments"
  }
}
"""
AZURE_ALERT = """\
resource "azurerm_monitor_metric_alert" "slow" {
  name   = "payments-slow"
  scopes = [azurerm_linux_web_app.payments.id]
  criteria {
    metric_name = "HttpResponseTime"
    operator    = "GreaterThan"
    threshold   = 2
  }
  action { action_group_id = azurerm_monitor_action_group.repair.id }
}
"""
RUNBOOK = "param([string]$Name)\nif ($PSCmdlet.ShouldProcess($Name)) { Restart-AzWebApp -Name $Name -WhatIf:$WhatIf }\n"
SHORELINE = """\
resource "shoreline_action" "restart" {
  name    = "restart_payments"
  command = "`systemctl restart payments`"
  timeout = 60000
}
resource "shoreline_bot" "heal" {
  name    = "heal_payments"
  command = "if payments_stuck then restart_payments fi"
  enabled = true
}
"""
DATADOG = """\
resource "datadog_workflow_automation" "restart" {
  name      = "Restart payments"
  published = true
  spec_json = jsonencode({
    triggers = [{ monitorTrigger = { LIMIT } }]
    steps    = [{ actionId = "com.datadoghq.kubernetes.apps.restartDeployment" }]
  })
}
"""
PAGERDUTY = """\
resource "pagerduty_event_orchestration_service" "payments" {
  set {
    id = "start"
    rule {
      condition { expression = "event.summary matches 'stuck'" }
      actions {
        suspend = 600
        automation_action {
          name      = "restart payments"
          url       = "https://ops.acme.io/restart"
          auto_send = SEND
        }
      }
    }
  }
}
"""
WORKFLOW = """\
name: Repair
on:
  repository_dispatch:
    types: [payments-alert]
GUARDjobs:
  repair:
    runs-on: ubuntu-latest
    steps:
      - run: kubectl rollout restart deployment/payments
"""
KEPTN = """\
apiVersion: spec.keptn.sh/0.1.4
kind: Remediation
metadata: {name: payments}
spec:
  remediations:
    - problemType: Response time degradation
      actionsOnOpen:
        - action: ACTION
"""


def alert(labels: str) -> str:
    return f"groups:\n- name: payments\n  rules:\n  - alert: PaymentsStuck\n    expr: stuck_jobs > 1\n    labels: {{severity: page, {labels}}}\n"


SNS = """\
resource "aws_sns_topic" "stuck" { name = "stuck" }
resource "aws_cloudwatch_metric_alarm" "stuck" {
  alarm_name    = "payments-stuck"
  metric_name   = "StuckJobs"
  namespace     = "payments"
  threshold     = 1
  alarm_actions = [aws_sns_topic.stuck.arn]
}
resource "aws_sns_topic_subscription" "stuck" {
  topic_arn = aws_sns_topic.stuck.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.NAME.arn
}
"""
LAMBDA = """\
import boto3

def handler(event, context):
    if in_cooldown(event):
        return
    boto3.client("ecs").update_service(cluster="main", service="payments", forceNewDeployment=True)
"""
SAM = """\
Resources:
  Stuck: {Type: AWS::SNS::Topic}
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties: {AlarmName: payments-stuck, MetricName: StuckJobs, Namespace: payments, Threshold: 1, AlarmActions: [!Ref Stuck]}
  NAME:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/restart_payments
      Events:
        Told: {Type: SNS, Properties: {Topic: !Ref Stuck}}
"""
GOOGLE = """\
resource "google_monitoring_notification_channel" "repair" {
  type   = "pubsub"
  labels = { topic = google_pubsub_topic.repair.id }
}
resource "google_monitoring_alert_policy" "stuck" {
  display_name = "payments stuck"
  conditions {
    display_name = "stuck"
    condition_threshold {
      filter          = "metric.type=\\"custom.googleapis.com/stuck\\""
      threshold_value = 1
    }
  }
  notification_channels = [google_monitoring_notification_channel.repair.id]
}
resource "google_cloudfunctions2_function" "restart" {
  name = "restart-payments"
  event_trigger { pubsub_topic = google_pubsub_topic.repair.id }
}
"""
MONIT = """\
# monit
check process payments with pidfile /run/payments.pid
  start program = "/bin/systemctl start payments"
  if failed host 127.0.0.1 port 8080 protocol http for 3 cycles then restart
LIMIT"""
NAGIOS = """\
define service {
    host_name            web
    service_description  payments
    event_handler        restart-payments
    event_handler_enabled ON
}
"""
RUNDECK = """\
- name: restart payments
  description: started by the webhook of an alert
  loglevel: INFO
  multipleExecutions: false
  sequence:
    commands:
      - exec: systemctl restart payments
"""
THROTTLE = "      throttle: {once_within: 1 hour, group_by_attributes: [event.alert.labels.instance]}\n"

SOUND = {
    "a rulebook with a throttle": {"ops/rulebook.yml": rulebook(THROTTLE), "ops/restart.yml": PLAY},
    "a rulebook whose playbook goes one by one": {
        "ops/rulebook.yml": rulebook(),
        "ops/restart.yml": PLAY.replace("  tasks", "  serial: 1\n  tasks"),
    },
    "Robusta with a rate limit": {
        "values.yaml": ROBUSTA.replace("ACTION", "rollout_restart: {rate_limit: 3600}")
    },
    "a program with a cool-down": {
        "deploy/alertmanager.yml": ALERTMANAGER,
        "mender/app.py": PROGRAM.replace("GUARD", "        if in_cooldown(alert): continue\n"),
    },
    "a program whose guard stands in another file": {
        "deploy/alertmanager.yml": ALERTMANAGER,
        "mender/src/app.py": PROGRAM.replace("GUARD", ""),
        "mender/src/policy.py": "MAX_RESTARTS_PER_HOUR = 3\n",
    },
    "a health check of nodes": {"deploy/nodes.yaml": NODES},
    "a health check of machines with a limit": {
        "deploy/machines.yaml": MACHINES.replace("LIMIT", "  maxUnhealthy: 40%\n")
    },
    "StackStorm with a policy": {
        "packs/payments/rules/restart.yaml": STACKSTORM.replace("ENABLED", "true"),
        "packs/payments/policies/restart.yaml": POLICY,
    },
    "Argo Events with a limit": {
        "deploy/sensor.yaml": SENSOR.replace(
            "LIMIT", "      rateLimit: {unit: Hour, requestsPerUnit: 1}\n"
        )
    },
    "SSM Automation with an assertion": {
        "infra/main.tf": EVENTBRIDGE.replace("SOURCE", "aws.cloudwatch").replace(
            "DETAIL", "CloudWatch Alarm State Change"
        ),
        "infra/RestartPayments.yaml": DOCUMENT,
    },
    "an Azure runbook that can be tried": {
        "infra/main.tf": AZURE + AZURE_ALERT,
        "runbooks/Restart-Payments.ps1": RUNBOOK,
    },
    "a Shoreline bot with a limit": {"infra/shoreline.tf": SHORELINE},
    "a Datadog workflow with a limit": {
        "infra/dd.tf": DATADOG.replace("LIMIT", 'rateLimit = { count = 1, interval = "3600s" }')
    },
    "a workflow that asks for approval": {
        ".github/workflows/repair.yml": WORKFLOW.replace("GUARD", "concurrency: repair\n")
    },
    "Keptn that escalates after its action": {
        "keptn/remediation.yaml": KEPTN.replace("ACTION", "togglefeature\n        - action: escalate")
    },
    "a function behind an alarm's topic": {
        "infra/main.tf": SNS.replace("NAME", "repair_payments"),
        "functions/repair_payments/main.py": LAMBDA,
    },
    "a function of SAM behind an alarm's topic": {
        "template.yaml": SAM.replace("NAME", "Repair"),
        "src/restart_payments/main.py": LAMBDA,
    },
    "a function of Google behind a channel": {
        "infra/main.tf": GOOGLE, "functions/restart_payments/main.py": LAMBDA
    },
    "Monit that gives up": {
        "ops/payments.monit": MONIT.replace("LIMIT", "  if 3 restarts within 5 cycles then unmonitor\n")
    },
    "a job of Rundeck that a receiver calls": {
        "rundeck/jobs.yml": RUNDECK,
        "deploy/alertmanager.yml": ALERTMANAGER.replace("http://mender:8080/repair", "https://rundeck.acme.io/api/45/webhook/x"),
    },
    "an executor with a limit": {
        "executor.yml": "commands:\n- cmd: /bin/restart.sh\n  match_labels: {alertname: PaymentsStuck}\n  max: 1\n"
    },
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_a_guarded_repair_passes(name: str, tree: Tree) -> None:
    result = judge(tree(SOUND[name]))
    assert result.status == "pass", result.message
    assert result.evidence[0].line


WEAK = {
    "a rulebook without a throttle": {"ops/rulebook.yml": rulebook(), "ops/restart.yml": PLAY},
    "Robusta without a limit": {"values.yaml": ROBUSTA.replace("ACTION", "delete_pod: {}")},
    "a program without a guard": {
        "deploy/alertmanager.yml": ALERTMANAGER,
        "mender/app.py": PROGRAM.replace("GUARD", "        # TODO: a cooldown\n"),
    },
    "machines without a limit": {"deploy/machines.yaml": MACHINES.replace("LIMIT", "")},
    "StackStorm without a policy": {
        "packs/payments/rules/restart.yaml": STACKSTORM.replace("ENABLED", "true")
    },
    "Argo Events without a limit": {"deploy/sensor.yaml": SENSOR.replace("LIMIT", "")},
    "EC2's recovery": {"infra/main.tf": RECOVER},
    "a Datadog workflow without a limit": {"infra/dd.tf": DATADOG.replace("LIMIT", "")},
    "a workflow without a guard": {".github/workflows/repair.yml": WORKFLOW.replace("GUARD", "")},
    "PagerDuty without a guard": {"infra/pd.tf": PAGERDUTY.replace("SEND", "true")},
    "a dry run that is off": {"values.yaml": ROBUSTA.replace("ACTION", "delete_pod: {dry_run: false}")},
    "Monit without an end": {"ops/payments.monit": MONIT.replace("LIMIT", "")},
    "an event handler of Nagios": {"ops/nagios/web.cfg": NAGIOS.replace("ON", "1")},
    "a function without a guard": {
        "infra/main.tf": SNS.replace("NAME", "repair_payments"),
        "functions/repair_payments/main.py": LAMBDA.replace("if in_cooldown(event)", "if not event"),
    },
    "a rule that is named for what it starts": {
        "infra/main.tf": EVENTBRIDGE.replace("SOURCE", "aws.cloudwatch")
        .replace("DETAIL", "CloudWatch Alarm State Change")
        .replace('"arn:aws:ssm:eu-west-1:1:automation-definition/RestartPayments:$DEFAULT"', "var.function")
        .replace('name          = "payments-stuck"', 'name          = "payments-remediation"')
    },
    "Keptn alone": {"keptn/remediation.yaml": KEPTN.replace("ACTION", "scaling")},
}


@pytest.mark.parametrize("name", WEAK)
def test_a_repair_without_guards_is_weak(name: str, tree: Tree) -> None:
    result = judge(tree(WEAK[name]))
    assert result.status == "partial", result.message
    assert result.evidence[0].path in result.fix


NONE: dict[str, dict[str, str]] = {
    "nothing": {"app.py": "print()\n"},
    "alerts only": {"rules.yml": alert("team: payments")},
    "enrichers only": {"values.yaml": ROBUSTA.replace("ACTION", "logs_enricher: {rate_limit: 3600}")},
    "a playbook that only prints": {
        "ops/rulebook.yml": rulebook(THROTTLE),
        "ops/restart.yml": "- hosts: all\n  tasks:\n    - ansible.builtin.debug: {msg: restarted}\n",
    },
    "a rule that only opens a ticket": {
        "ops/rulebook.yml": rulebook(THROTTLE, "create_servicenow_ticket").replace("restart payments", "ticket")
    },
    "a rule for when all is well": {
        "ops/rulebook.yml": rulebook(THROTTLE).replace(
            'event.alert.labels.alertname == "PaymentsStuck"', 'event.alert.status == "resolved"'
        )
    },
    "a rule on a push": {
        "ops/rulebook.yml": rulebook().replace("ansible.eda.alertmanager", "ansible.eda.webhook").replace(
            'event.alert.labels.alertname == "PaymentsStuck"', 'event.payload.ref == "main"'
        )
    },
    "a StackStorm rule that is off": {
        "packs/payments/rules/restart.yaml": STACKSTORM.replace("ENABLED", "false"),
        "packs/payments/policies/restart.yaml": POLICY,
    },
    "a schedule": {
        "infra/main.tf": EVENTBRIDGE.replace(
            'event_pattern = jsonencode({ source = ["SOURCE"], "detail-type" = ["DETAIL"] })',
            'schedule_expression = "rate(1 day)"',
        )
    },
    "another event": {
        "infra/main.tf": EVENTBRIDGE.replace("SOURCE", "aws.ec2").replace("DETAIL", "EC2 Instance State-change")
    },
    "an action group that no alert names": {
        "infra/main.tf": AZURE, "runbooks/Restart-Payments.ps1": RUNBOOK
    },
    "an automation that a person sends": {"infra/pd.tf": PAGERDUTY.replace("SEND", "false")},
    "Keptn that only escalates": {"keptn/remediation.yaml": KEPTN.replace("ACTION", "escalate")},
    "a webhook to a chat": {"deploy/alertmanager.yml": ALERTMANAGER.replace("mender:8080/repair", "chat:80/hook")},
    "a receiver that no route names": {
        "deploy/alertmanager.yml": ALERTMANAGER.replace("- receiver: repair", "- receiver: pager"),
        "mender/app.py": PROGRAM.replace("GUARD", "        if in_cooldown(alert): continue\n"),
    },
    "an annotation that tells a person": {
        "rules.yml": alert("team: x").replace("    labels", "    annotations:\n      remediation: Restart the pod, then call us.\n    labels")
    },
    "an autoscaler and a probe": {
        "deploy/hpa.yaml": "kind: HorizontalPodAutoscaler\napiVersion: autoscaling/v2\nspec: {maxReplicas: 3}\n",
        "deploy/app.yaml": "kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - livenessProbe: {httpGet: {path: /}}\n",
    },
    "Monit that only starts what has stopped": {
        "ops/payments.monit": MONIT.replace("if failed host 127.0.0.1 port 8080 protocol http for 3 cycles", "if does not exist")
    },
    "an event handler that is off": {"ops/nagios/web.cfg": NAGIOS.replace("ON", "0")},
    "a function whose program only looks": {
        "infra/main.tf": SNS.replace("NAME", "triage_engine"),
        "functions/triage_engine/main.py": "def handler(event, context):\n    return describe(event)\n",
    },
    "a function that tells a chat": {"infra/main.tf": SNS.replace("NAME", "slack_notifier")},
    "a program that only tells": {
        "deploy/alertmanager.yml": ALERTMANAGER,
        "mender/app.py": PROGRAM.replace("GUARD", "").replace(
            'subprocess.run(["kubectl", "rollout", "restart", alert["labels"]["deployment"]])', "post(CHAT, alert)"
        ).replace("def repair", "def tell"),
    },
    "a job of Rundeck that a person starts": {
        "rundeck/jobs.yml": RUNDECK.replace("started by the webhook of an alert", "for the monitoring agent")
    },
    "a label that says no": {"rules.yml": alert("auto_remediation: 'false'")},
}  # fmt: skip


@pytest.mark.parametrize("name", NONE)
def test_what_repairs_nothing_by_itself_fails(name: str, tree: Tree) -> None:
    result = judge(tree(NONE[name]))
    assert result.status == "fail", result.message
    assert result.fix


UNKNOWN = {
    "a job of Rundeck": {"rundeck/jobs.yml": RUNDECK},
    "an automation elsewhere": {
        "deploy/alertmanager.yml": ALERTMANAGER.replace(
            "mender:8080/repair", "stackstorm.ops:443/api/v1/webhooks/am"
        )
    },
    "a label that names what is not here": {"rules.yml": alert("auto_remediation: restart_payments")},
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_automation_that_is_not_at_hand_is_unknown(name: str, tree: Tree) -> None:
    result = judge(tree(UNKNOWN[name]))
    assert result.status == "unknown", result.message
    assert result.fix


def test_a_label_that_names_a_guarded_script_passes(tree: Tree) -> None:
    script = "#!/bin/sh\n[ -e /tmp/lockfile ] && exit 0\nkubectl rollout restart deployment/payments\n"
    files = {"rules.yml": alert("auto_remediation: restart_payments"), "ops/restart_payments.sh": script}
    assert judge(tree(files)).status == "pass"


def test_examples_and_tests_do_not_count(tree: Tree) -> None:
    result = judge(tree({"examples/nodes.yaml": NODES}))
    assert result.status == "fail"
    assert result.not_counted[0].path == "examples/nodes.yaml"


def test_a_neighbours_repair_does_not_count(tree: Tree) -> None:
    cart = ROBUSTA.replace("PaymentsStuck", "CartStuck").replace("ACTION", "delete_pod: {rate_limit: 9}")
    files = {"services/payments/a.py": "", "services/cart/values.yaml": cart}
    assert judge(tree(files), AMONG).status == "fail"
    shared = {"services/payments/a.py": "", "ops/values.yaml": cart.replace("CartStuck", "stuck (cart)")}
    result = judge(tree(shared), AMONG)
    assert result.status == "fail"
    assert "`cart`" in result.not_counted[0].why


def test_a_shared_repair_that_covers_all_counts(tree: Tree) -> None:
    files = {"services/payments/a.py": "", "services/cart/a.py": "", "ops/nodes.yaml": NODES}
    assert judge(tree(files), AMONG).status == "pass"


def test_a_named_repository_is_read_too(tree: Tree) -> None:
    other = tree({"payments/values.yaml": ROBUSTA.replace("ACTION", "delete_pod: {rate_limit: 9}")})
    service = Service(ALONE.ref, "service", annotations={"handrail.dev/evidence": "acme/ops:payments"})
    here = tree({"app.py": ""})
    found = judge(here, service, Facts(date(2026, 11, 24), repositories={"acme/ops": other}))
    assert found.status == "pass"
    assert found.evidence[0].path == "acme/ops:payments/values.yaml"
    assert judge(here, service).status == "unknown"


def test_the_tools_own_source_shows_no_practice(tree: Tree) -> None:
    files = {
        "pyproject.toml": '[project]\nname = "robusta"\n',
        "values.yaml": ROBUSTA.replace("ACTION", "delete_pod: {rate_limit: 9}"),
    }
    assert judge(tree(files)).status == "fail"


HOSTILE = {
    "wrong types": {
        "a.yml": "customPlaybooks: 3\ntriggers: [on_prometheus_alert: null]\nactions: [1, null, {x: [y]}]\n",
        "b.yml": "- hosts: 1\n  rules: [{condition: [1], action: 3, run_playbook: x}, null]\n  sources: alert\n",
        "c.yml": "kind: NodeHealthCheck\nspec: {remediationTemplate: 4, unhealthyConditions: {a: b}}\n",
        "d.yml": "kind: Remediation\nspec: {remediations: [1, {problemType: [x], actionsOnOpen: 4}]}\n",
        "e.yml": "route: {receiver: [1]}\nreceivers: [{name: x, webhook_configs: [3, null]}, 4]\n",
        "f.yml": "kind: Sensor\nmetadata: 3\nspec: {triggers: [1, {template: 4}], dependencies: alert}\n",
        "g.yml": "Resources: {x: {Type: AWS::Events::Rule, Properties: {EventPattern: aws.cloudwatch, Targets: [4]}}}\n",
        "h.yml": "trigger: {type: [alert]}\naction: {ref: {a: b}}\ncriteria: 3\n",
        "i.yml": "- sequence: {commands: []}\n  loglevel: INFO\n  name: {alert: restart}\n",
        "j.tf": 'resource "azurerm_monitor_action_group" "x" {\n automation_runbook_receiver = 3\n}\n',
        ".github/workflows/k.yml": "on: {repository_dispatch: {types: 3}}\njobs: [alert]\n",
    },
    "broken": {
        "a.yml": "customPlaybooks: [on_prometheus_alert: {actions\n",
        "b.tf": 'resource "shoreline_bot" "x" {',
    },
    "huge": {"a.yml": ROBUSTA.replace("ACTION", "x: {}") + "# alert\n" * 200_000},
    "an address that is none": {
        "deploy/alertmanager.yml": ALERTMANAGER.replace("http://mender:8080", "http://[::heal"),
        "x.py": PROGRAM,
    },
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_raise_nothing(name: str, tree: Tree) -> None:
    assert judge(tree(HOSTILE[name])).status in ("fail", "unknown", "partial")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(["alert", "restart", "*"]),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["triggers", "on_prometheus_alert", "actions", "rules", "condition", "action", "run_playbook", "kind", "spec",
                 "receivers", "route", "webhook_configs", "url", "name", "trigger", "ref", "criteria", "sequence", "commands"]
            ),
            inner,
            max_size=5,
        ),
        max_leaves=20,
    )
)  # fmt: skip
def test_anything_is_read_without_raising(tree: Tree, data: object) -> None:
    text = json.dumps(
        {
            "x": data,
            "alert": "on_prometheus_alert run_playbook condition webhook receiver sequence commands loglevel",
        }
    )
    result = judge(tree({"a.json": text, "b.yaml": text}))
    assert result.status in ("fail", "unknown", "partial", "pass")


def test_guards_are_told_by_name_and_not_from_comments() -> None:
    assert guards_in("# cooldown: 3\nrestart()") == ()
    assert guards_in("auto_approve: true") == ()
    assert guards_in("dry_run: false") == ()
    assert guards_in("cooldown_seconds: 300") == ("cool-down",)
    assert "limit" in guards_in("maxUnhealthy: 40%")


def test_what_repairs_and_what_tells() -> None:
    assert all(repairs(name) for name in ("rollout_restart", "Self-Healing", "delete_pod"))
    assert not any(repairs(name) for name in ("node_health", "logs_enricher", "pod_fixtures"))
    assert tells("notify_slack")
    assert not tells("restart_and_notify")
