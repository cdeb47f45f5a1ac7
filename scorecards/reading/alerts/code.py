"""Alarms in a programming language: AWS CDK and Pulumi, read by what the call plainly says.

Whether the call is reached only a run would tell; a threshold and an action beside it say enough.
"""

import re
from collections.abc import Iterator

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.alert import Alert, make_alert, runbook_of
from scorecards.reading.paths import paths

_ENDINGS = ("ts", "py", "js", "java", "cs", "go", "kt")
_NAMED = ("alarm", "alert", "monitor", "stack", "observ", "infra", "cdk", "pulumi")
_PROJECTS = ("cdk.json", "pulumi.yaml", "pulumi.yml")
"""Without one of these nothing runs such a program."""
_CALL = regex(
    r"\bnew\s+(?:\w+\.)?(?:Alarm|CompositeAlarm|MetricAlarm)\(|\.createAlarm\(|\.create_alarm\(|\bcloudwatch\.Alarm\("
    r"|\b(?:aws_)?(?:cloudwatch|cw)\.(?:Alarm|CompositeAlarm|MetricAlarm|NewAlarm|NewMetricAlarm)\("
    r"|Alarm\.Builder\.create\(|\bmonitoring\.AlertPolicy\(|\bdatadog\.Monitor\(|\bnewrelic\.NrqlAlertCondition\("
)
_LIBRARY = regex(r"aws-cdk|aws_cdk|awscdk|Amazon\.CDK|pulumi", re.IGNORECASE)
_LIMIT = regex(r"\bthreshold\b\s*[:=(]\s*([\w.]{1,60})|\bThreshold\b\s*[:=]\s*([\w.]{1,60})", re.IGNORECASE)
_ACTION = regex(
    r"\.addAlarmAction\(|\.add_alarm_action\(|\.AddAlarmAction\(|SnsAction\(|alarmActions\s*[:=]|alarm_actions\s*="
    r"|notificationChannels\s*[:=]|notification_channels\s*=|Ec2Action\("
)
_SCALES = regex(r"ApplicationScalingAction|AutoScalingAction|scaleOnMetric|StepScaling")
_ID = regex(r"[\"'`]([^\"'`\n]{1,120})[\"'`]")
_METRIC = regex(r"\bmetric\w*\b|\bquery\b|\bfilter\b|\balarmRule\b", re.IGNORECASE)
_COMMENT = regex(r"^[ \t]*(?://|#|\*)[^\n]*$", re.MULTILINE)
_WORDS = ("larm", "AlertPolicy", "Monitor(", "AlertCondition")
_MAX = 400_000
_MAX_CALLS = 100


def find(snapshot: Snapshot) -> Iterator[Alert]:
    """Calls that make an alarm, in files whose path speaks of infrastructure or monitoring."""
    known = paths(snapshot)
    if not any(name in known.by_name for name in _PROJECTS):
        return
    for path in known.ending(*_ENDINGS):
        low = path.lower()
        if not any(word in low for word in _NAMED) or ".test." in low or ".spec." in low or "_test." in low:
            continue
        text = snapshot.text(path) or ""
        if len(text) < _MAX and any(word in text for word in _WORDS) and _LIBRARY.search(text):
            yield from _calls(path, text)


def _calls(path: str, text: str) -> Iterator[Alert]:
    plain = _COMMENT.sub("", text)
    told = _ACTION.search(plain)
    scales = _SCALES.search(plain)
    for call in list(_CALL.finditer(plain))[:_MAX_CALLS]:
        body = plain[call.end() : call.end() + 1500]
        limit = _LIMIT.search(body)
        metric = _METRIC.search(body[:800])
        name = _ID.search(body[:300])
        shown = " ".join(body[:120].split())
        before = text.find(call[0])
        yield make_alert(
            name[1] if name else call[0].rstrip("("),
            "CDK" if "ulumi" not in text else "Pulumi",
            path,
            text.count("\n", 0, before) + 1 if before >= 0 else 1,
            expr=shown if metric or limit or "create" in call[0] else "",
            threshold=(limit[1] or limit[2]) if limit else "",
            route=told[0].strip(".(:= ") if told and not (scales and "SnsAction" not in plain) else "",
            runbook=runbook_of(body[:1000]),
            about=body[:600],
        )
