"""CloudWatch alarms that start something: SSM Automation, Lambda, Step Functions, EC2's own recovery.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
https://docs.aws.amazon.com/systems-manager/latest/userguide/running-automations-event-bridge.html
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from catalog.document import Map, dig, maps
from catalog.regex import regex
from catalog.snapshot import Snapshot
from catalog.terraform import Resource, terraform
from scorecards.reading.alert import Alert, words
from scorecards.reading.alerting import AlertFile
from scorecards.reading.alerts import alerts
from scorecards.reading.flaw import Flaw
from scorecards.reading.objective import text_of
from scorecards.reading.paths import paths
from scorecards.reading.remediation import (
    MEANT,
    Remediation,
    idle_program,
    listed,
    make_remediation,
    program_named,
    repairs,
    tells,
)
from scorecards.result import Status

MARKS = (
    ("Events::Rule", "aws.cloudwatch"),
    ("EventBridgeRule", "aws.cloudwatch"),
    ("CloudWatchEvent", "aws.cloudwatch"),
    ("CloudWatch Alarm State Change",),
    ("CloudWatch::Alarm", "lambda"),
    ("CloudWatch::Alarm", "Serverless::Function"),
)
_ALARM = regex(r"aws\.cloudwatch|CloudWatch Alarm State Change|aws\.ssm-incidents|aws\.health")
_MACHINE = regex(
    r"arn:[^\s:]{1,60}:(?:automate:[^\s:]{0,80}:ec2:(?:recover|reboot)|swf:\S{0,120}AWS_EC2\.InstanceId\.Re(?:boot|cover))"
    r"|ec2:(?:recover|reboot)"
)
_NAME = regex(
    r"(?:aws_lambda_function|aws_lambda_alias|aws_ssm_document|aws_sfn_state_machine|aws_codebuild_project|module)\.(\w+)"
    r"|automation-definition/([\w-]+)|document/([\w-]+)|function:([\w-]+)|stateMachine:([\w-]+)"
)
_STARTS = regex(
    r"aws_lambda_function\.|:lambda:|:function:|:ssm-incidents:|automation-definition|aws_ssmincidents_"
)
_TOPIC = regex(r"aws_sns_topic\.(\w+)")
_WANTED = ("aws_cloudwatch_event_rule", "aws_cloudwatch_event_target", "aws_sns_topic_subscription",
           "aws_ssmincidents_response_plan", "aws_ssm_document")  # fmt: skip
_TELLS = Flaw(Status.FAIL, "what it starts only tells somebody")
_NOTHING = Flaw(Status.FAIL, "the program that it starts changes nothing that runs")
_DARK = Flaw(Status.UNKNOWN, "what it starts cannot be told from here")


class _Target(NamedTuple):
    name: str
    written: str
    path: str
    line: int


def read(file: AlertFile) -> Iterator[Remediation]:
    """EventBridge rules of CloudFormation and SAM that an alarm sets off."""
    for document in file.documents:
        for held in maps(document.data):
            values = held.get("Properties")
            if text_of(held.get("Type")) == "AWS::Events::Rule" and isinstance(values, Map):
                pattern = words(values.get("EventPattern"))
                off = text_of(values.get("State")).upper() == "DISABLED"
                for target in listed(values.get("Targets")) if _ALARM.search(pattern) else ():
                    arn = words(target.get("Arn")) if isinstance(target, Map) else ""
                    yield _started(
                        file.snapshot, _Target(arn, words(target), file.path, held.line), pattern,
                        text_of(values.get("Name")), off,
                    )  # fmt: skip
            elif isinstance(held.get("Resources"), Map) and "CloudWatch::Alarm" in file.text:
                yield from _subscribed(file, held)
            elif text_of(held.get("Type")).endswith("Serverless::Function") and isinstance(values, Map):
                yield from _sam(file, held, values, document.data)


def _subscribed(file: AlertFile, data: Any) -> Iterator[Remediation]:
    """Functions of a CloudFormation template that listen to the topic of an alarm."""
    resources = dig(data, "Resources")
    for name, held in resources.items() if isinstance(resources, Map) else ():
        values = dig(held, "Properties")
        if not isinstance(values, Map) or text_of(held.get("Type")) != "AWS::CloudWatch::Alarm":
            continue
        told = set(words(values.get("AlarmActions")).split())
        called = words(values.get("AlarmName")) or name
        for function, line, topic in _listening(resources):
            if not told & set(topic.split()) - {"Ref", "Fn::GetAtt", "Arn"}:
                continue
            properties = dig(resources, function, "Properties")
            said = f"{function} {words([dig(properties, k) for k in ('FunctionName', 'CodeUri')])}"
            started = _started(file.snapshot, _Target(said, said, file.path, line), called, function, False)
            if started.problems not in ((_DARK,), (_TELLS,)):
                yield started._replace(about=f"{started.about} {words(values)}")


def _listening(resources: Map) -> Iterator[tuple[str, int, str]]:
    """Functions by their logical name, with the line and the topic they listen to."""
    for name, held in resources.items():
        kind, values = text_of(dig(held, "Type")), dig(held, "Properties")
        if kind == "AWS::SNS::Subscription" and text_of(dig(values, "Protocol")) == "lambda":
            for word in words(dig(values, "Endpoint")).replace(".Arn", "").split():
                if word in resources:
                    yield word, resources.lines.get(word, 1), words(dig(values, "TopicArn"))
        elif kind.endswith("Serverless::Function"):
            for event in maps(dig(values, "Events")):
                if text_of(event.get("Type")) == "SNS":
                    yield name, resources.lines.get(name, 1), words(dig(event, "Properties", "Topic"))


def _sam(file: AlertFile, held: Map, values: Map, template: Any) -> Iterator[Remediation]:
    for event in (values.get("Events") or Map()).values() if isinstance(values.get("Events"), Map) else ():
        pattern = words(dig(event, "Properties", "Pattern"))
        if _ALARM.search(pattern):
            resources = dig(template, "Resources")
            name = (
                next((k for k, v in resources.items() if v is held), "") if isinstance(resources, Map) else ""
            )
            said = f"{name} {words([values.get(k) for k in ('FunctionName', 'CodeUri', 'Handler')])}"
            yield _started(file.snapshot, _Target(said, said, file.path, held.line), pattern, name, False)


def find(snapshot: Snapshot) -> Iterator[Remediation]:
    """What Terraform says, and the actions of alarms in any dialect."""
    held = terraform(snapshot)
    wanted = [p for p in held.paths() if _may(snapshot.text(p) or "")]
    resources: dict[str, list[Resource]] = {}
    for resource in held.resources(_WANTED) if wanted else ():
        resources.setdefault(resource.type, []).append(resource)
    yield from _bridged(snapshot, resources)
    yield from _planned(snapshot, resources)
    for alert in alerts(snapshot):
        if alert.dialect == "CloudWatch" and alert.route:
            yield from _acting(snapshot, alert, resources)


def _may(text: str) -> bool:
    return "aws_cloudwatch_event_rule" in text or "aws_sns_topic_sub" in text or "aws_ssmincidents" in text


def _bridged(snapshot: Snapshot, resources: dict[str, list[Resource]]) -> Iterator[Remediation]:
    rules = {r.name: r for r in resources.get("aws_cloudwatch_event_rule", ())}
    for target in resources.get("aws_cloudwatch_event_target", ()):
        named = words(target.values.get("rule"))
        rule = next(
            (r for n, r in rules.items() if f".{n}." in named or text_of(r.values.get("name")) == named), None
        )
        pattern = _pattern(rule.values.get("event_pattern")) if rule else ""
        if rule is not None and _ALARM.search(pattern):
            off = rule.values.get("is_enabled") is False or rule.values.get("state") == "DISABLED"
            said = f"{words(target.values)} {target.name}"
            yield _started(
                snapshot, _Target(words(target.values.get("arn")), said, target.path, target.line), pattern,
                f"{text_of(rule.values.get('name')) or rule.name}", off,
            )  # fmt: skip


def _pattern(value: Any) -> str:
    text = words(value)
    try:
        return words(json.loads(text))
    except (ValueError, RecursionError):
        return text


def _planned(snapshot: Snapshot, resources: dict[str, list[Resource]]) -> Iterator[Remediation]:
    """A response plan of Incident Manager that starts an automation."""
    for plan in resources.get("aws_ssmincidents_response_plan", ()):
        action = plan.values.get("action")
        if "ssm_automation" in words(action):
            target = _Target(words(action), words(action), plan.path, plan.line)
            yield _started(snapshot, target, "an incident", plan.name, False)


def _acting(snapshot: Snapshot, alert: Alert, resources: dict[str, list[Resource]]) -> Iterator[Remediation]:
    """An alarm whose own action repairs, or whose topic a repairing function listens to."""
    machine = _MACHINE.search(alert.route)
    about = f"{alert.name} {alert.about}"
    if machine:
        yield make_remediation(
            alert.name, "CloudWatch alarm", alert.path, alert.line,
            trigger=alert.name, action=machine[0].rpartition(":")[2], about=about, flaws=_flawed(alert),
        )  # fmt: skip
        return
    if _STARTS.search(alert.route):
        target = _Target(alert.route, alert.route, alert.path, alert.line)
        started = _started(snapshot, target, alert.name, alert.name, False)
        if started.problems != (_DARK,):
            yield started._replace(about=f"{started.about} {about}")
    for topic in _TOPIC.findall(alert.route):
        for listener in resources.get("aws_sns_topic_subscription", ()):
            heard = re.search(rf"\.{re.escape(topic)}\b", words(listener.values.get("topic_arn")))
            if heard and text_of(listener.values.get("protocol")) in ("lambda", "sqs", "https"):
                written = words(listener.values.get("endpoint"))
                target = _Target(written, f"{written} {listener.name}", listener.path, listener.line)
                started = _started(snapshot, target, alert.name, topic, False)
                if started.problems != (_DARK,):
                    yield started._replace(about=f"{started.about} {about}")


def _flawed(alert: Alert) -> tuple[Flaw, ...]:
    return alert.problems if alert.status is Status.FAIL else ()


def _started(snapshot: Snapshot, target: _Target, trigger: str, name: str, off: bool) -> Remediation:
    """What a rule starts: an automation by its document, a function by its program, either by its name."""
    found = _NAME.search(target.name)
    called = next((g for g in found.groups() if g), "") if found else target.name
    document = _document(snapshot, called)
    program = program_named(snapshot, called) or next(
        (p for part in target.name.split() if len(part) < 80 and (p := program_named(snapshot, part))), None
    )
    automation = (
        "automation-definition" in target.name
        or "aws_ssm_document" in target.name
        or "ssm_automation" in target.name
    )
    acts = automation or program is not None or repairs(called)
    acts = acts or (not tells(called) and "sns" not in target.name and MEANT.search(name) is not None)
    flaws = [] if acts else [_why_none(snapshot, called, target.name)]
    known = document or (snapshot.text(program) if program else "") or ""
    return make_remediation(
        name or called,
        "EventBridge" if "aws." in trigger else "CloudWatch alarm",
        target.path,
        target.line,
        trigger=trigger,
        action=f"{called or target.name}{f' ({program})' if program else ''}",
        guarded_by=[target.written, known],
        about=f"{name} {target.written} {trigger}",
        off=off,
        flaws=flaws,
    )


def _why_none(snapshot: Snapshot, called: str, written: str) -> Flaw:
    """Why what a rule starts is no repair, or why it cannot be told."""
    if idle_program(snapshot, called):
        return _NOTHING
    return _TELLS if tells(called) or "sns" in written or "sqs" in written else _DARK


def _document(snapshot: Snapshot, called: str) -> str:
    """The text of the automation document of this name, "" where it is one of Amazon's or not here."""
    if not called:
        return ""
    for path in paths(snapshot).ending("tf", "yaml", "yml", "json"):
        text = snapshot.text(path) or ""
        if "schemaVersion" in text and "mainSteps" in text and (called in text or called in path):
            return text
    return ""
