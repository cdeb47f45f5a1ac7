"""CloudWatch alarms in CloudFormation, SAM, Serverless and Terraform. Alarms that only scale tell nobody.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudwatch-alarm.html
"""

from collections.abc import Iterator, Sequence
from typing import Any

from catalog.document import Document, Map, Seq, dig, maps
from catalog.terraform import Resource
from scorecards.reading.alert import Alert, make_alert, runbook_of, words
from scorecards.reading.alerting import AlertFile
from scorecards.reading.flaw import Flaw
from scorecards.reading.objective import text_of
from scorecards.result import Status

DIALECT = "CloudWatch"
MARKS = (("CloudWatch::",), ("plugin-aws-alerts",))

_SCALES = Flaw(Status.FAIL, "it only scales, and tells nobody")
_POLICY = ("AutoScaling::ScalingPolicy", "ApplicationAutoScaling::ScalingPolicy")
_KINDS = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")


def read(file: AlertFile) -> Iterator[Alert]:
    """Every alarm of a template, and those of Serverless' plugin for alerts."""
    for document in file.documents:
        for held in maps(document.data):
            resources = held.get("Resources")
            if isinstance(resources, Map):
                yield from _template(file.path, document, held, resources)
        custom = dig(document.data, "custom", "alerts")
        if isinstance(custom, Map):
            yield from _serverless(file.path, document, custom)


def _template(path: str, document: Document, held: Map, resources: Map) -> Iterator[Alert]:
    policies = {n for n, r in resources.items() if text_of(dig(r, "Type")).endswith(_POLICY)}
    for name, resource in resources.items():
        if not isinstance(resource, Map) or resource.get("Type") not in _KINDS:
            continue
        values = resource.get("Properties")
        values = values if isinstance(values, Map) else Map(resource.line)
        actions = _listed(values.get("AlarmActions")) + _listed(values.get("InsufficientDataActions"))
        references = [_reference(held, a) for a in actions]
        scaling = [r for r in references if r in policies or "scaling" in r.lower()]
        metric = " ".join(
            words(values.get(k))
            for k in ("Namespace", "MetricName", "Metrics", "AlarmRule", "ThresholdMetricId")
        )
        metric = f"{metric} {words(values.get('ComparisonOperator'))}".strip()
        yield _alarm(
            words(values.get("AlarmName")) or name,
            path,
            resources.lines.get(name, resource.line),
            metric,
            [r for r in references if r],
            scaling,
            threshold=words(values.get("Threshold")),
            runbook=runbook_of(values.get("AlarmDescription")),
            about=f"{name} {metric} {words(values.get('Dimensions'))} {words(values.get('Tags'))}",
            window=f"{words(values.get('EvaluationPeriods'))} x {words(values.get('Period'))} s",
            off=str(values.get("ActionsEnabled")).lower() == "false",
        )


def _listed(value: Any) -> list[Any]:
    if isinstance(value, Seq):
        return list(value)
    return [value] if value else []


def _reference(template: Map, action: Any) -> str:
    """What an action names; the default of a parameter that it refers to."""
    text = words(action)
    bare = text.removeprefix("Ref ").strip()
    parameter = dig(template, "Parameters", bare)
    if isinstance(parameter, Map) and "Default" in parameter:
        return text_of(parameter["Default"])
    return bare


def _alarm(
    name: str, path: str, line: int, metric: str, actions: Sequence[str], scaling: Sequence[str], **parts: Any
) -> Alert:
    flaws = [_SCALES] if scaling and len(scaling) == len(actions) else []
    told = " ".join(a for a in actions if a not in scaling)
    return make_alert(name, DIALECT, path, line, expr=metric, route=told, flaws=flaws, **parts)


def _serverless(path: str, document: Document, custom: Map) -> Iterator[Alert]:
    """`serverless-plugin-aws-alerts`: named alarms, told to the topics."""
    topics = words(custom.get("topics"))
    definitions = custom.get("definitions")
    for alarm in _listed(custom.get("alarms")):
        name = text_of(alarm) or text_of(dig(alarm, "name"))
        defined = dig(definitions, name)
        told = alarm if isinstance(alarm, Map) else defined
        metric = words(dig(told, "metric")) or name
        yield make_alert(
            name,
            DIALECT,
            path,
            document.line_of("custom", "alerts", "alarms"),
            expr=metric,
            threshold=words(dig(told, "threshold")),
            route=topics,
            off=custom.get("enabled") is False,
        )


def _terraform(resource: Resource) -> Iterator[Alert]:
    values = resource.values
    actions = [
        text_of(a) for k in ("alarm_actions", "insufficient_data_actions") for a in _listed(values.get(k))
    ]
    actions = [a for a in actions if a]
    scaling = [a for a in actions if "scaling" in a.lower()]
    metric = " ".join(
        words(values.get(k))
        for k in ("namespace", "metric_name", "metric_query", "alarm_rule", "threshold_metric_id")
    )
    rule = "alarms " if "alarm_rule" in values else ""
    metric = f"{rule}{metric} {text_of(values.get('comparison_operator'))}".strip()
    about = f"{resource.name} {metric} {words(values.get('dimensions'))} {words(values.get('tags'))}"
    yield _alarm(
        text_of(values.get("alarm_name")) or resource.name,
        resource.path,
        resource.line,
        metric,
        actions,
        scaling,
        threshold=text_of(values.get("threshold")),
        runbook=runbook_of(values.get("alarm_description")),
        about=about,
        window=f"{text_of(values.get('evaluation_periods'))} x {text_of(values.get('period'))} s",
        off=values.get("actions_enabled") is False,
    )


RESOURCES = {
    "aws_cloudwatch_metric_alarm": _terraform,
    "aws_cloudwatch_composite_alarm": _terraform,
}
