"""Azure Monitor's rules: Terraform, ARM templates and Bicep.

https://learn.microsoft.com/azure/templates/microsoft.insights/metricalerts
"""

import re
from collections.abc import Iterator
from typing import Any

from catalog.document import Map, maps
from catalog.regex import regex
from catalog.snapshot import Snapshot
from catalog.terraform import Resource
from scorecards.reading.alert import Alert, make_alert, runbook_of, words
from scorecards.reading.alerting import AlertFile
from scorecards.reading.objective import text_of
from scorecards.reading.paths import paths

DIALECT = "Azure Monitor"
MARKS = (
    ("metricAlerts",),
    ("metricalerts",),
    ("QueryRule",),
    ("prometheusRuleGroups",),
    ("activityLogAlerts",),
)

_TYPES = regex(
    r"^Microsoft\.(?:Insights/(?:metricAlerts|scheduledQueryRules|activityLogAlerts)"
    r"|AlertsManagement/(?:prometheusRuleGroups|smartDetectorAlertRules))$",
    re.IGNORECASE,
)


def read(file: AlertFile) -> Iterator[Alert]:
    """Every resource of an ARM template that is a rule; rules of Prometheus are read by their own dialect."""
    for document in file.documents:
        for held in maps(document.data):
            kind = text_of(held.get("type"))
            values = held.get("properties")
            if isinstance(values, Map) and _TYPES.match(kind) and "prometheus" not in kind:
                yield _rule(text_of(held.get("name")), file.path, held.line, values, kind)


def _rule(name: str, path: str, line: int, values: Map, kind: str) -> Alert:
    criteria = values.get("criteria") or values.get("condition") or values.get("detector")
    source = values.get("source")
    limit = next((text_of(m.get("threshold")) for m in maps(criteria) if "threshold" in m), "")
    severity = text_of(values.get("severity"))
    looks = f"{words(criteria)} {words(source)}".strip()
    return make_alert(
        name,
        DIALECT,
        path,
        line,
        expr=looks,
        threshold=limit,
        severity=f"Sev{severity}" if severity.isdigit() else severity,
        route=words(_filled(values.get("actions") or values.get("actionGroups") or values.get("action"))),
        runbook=runbook_of(values.get("description")),
        window=text_of(values.get("windowSize")),
        about=f"{name} {words(values.get('scopes'))} {kind}",
        off=str(values.get("enabled")).lower() == "false",
    )


def _filled(actions: Any) -> Any:
    """The actions, None where every list of groups in them is empty."""
    groups = [v for m in maps(actions) for k, v in m.items() if "roup" in k]
    return None if groups and not any(groups) else actions


def _terraform(resource: Resource) -> Iterator[Alert]:
    values = resource.values
    looks = [
        words(values.get(k))
        for k in (
            "criteria",
            "dynamic_criteria",
            "application_insights_web_test_location_availability_criteria",
            "query",
            "detector_type",
            "trigger",
        )
    ]
    if "dynamic_criteria" in values:
        looks.append("dynamic_criteria")
    if resource.type == "azurerm_monitor_smart_detector_alert_rule":
        looks.append("smart_detector")
    limit = next((text_of(m.get("threshold")) for m in maps(values) if "threshold" in m), "")
    severity = text_of(values.get("severity"))
    yield make_alert(
        text_of(values.get("name")) or resource.name,
        DIALECT,
        resource.path,
        resource.line,
        expr=" ".join(t for t in looks if t),
        threshold=limit,
        severity=f"Sev{severity}" if severity.isdigit() else severity,
        route=words(values.get("action") or values.get("action_group")),
        runbook=runbook_of(values.get("description")),
        window=text_of(
            values.get("window_size") or values.get("window_duration") or values.get("time_window")
        ),
        about=f"{resource.name} {words(values.get('scopes'))} {words(values.get('tags'))}",
        off=values.get("enabled") is False,
    )


RESOURCES = {
    "azurerm_monitor_metric_alert": _terraform,
    "azurerm_monitor_scheduled_query_rules_alert": _terraform,
    "azurerm_monitor_scheduled_query_rules_alert_v2": _terraform,
    "azurerm_monitor_activity_log_alert": _terraform,
    "azurerm_monitor_smart_detector_alert_rule": _terraform,
}

_BICEP = regex(
    r"^[ \t]*resource[ \t]+(\w{1,100})[ \t]+'(Microsoft\.(?:Insights|AlertsManagement)/(?:metricAlerts"
    r"|scheduledQueryRules|activityLogAlerts|smartDetectorAlertRules))@[^']{1,40}'",
    re.MULTILINE | re.IGNORECASE,
)
_BICEP_KEY = regex(
    r"\b(severity|enabled|threshold|metricName|query|description|windowSize)[ \t]*:[ \t]*"
    r"('[^'\n]{1,500}'|[^\s,}]{1,200})"
)
_BICEP_ACTION = regex(r"\b(?:actionGroupId|actionGroups)\b[ \t]*:?([^\n]{0,200})")
_COMMENT = regex(r"^[ \t]*//[^\n]*$", re.MULTILINE)


def find(snapshot: Snapshot) -> Iterator[Alert]:
    """Rules in Bicep, read by their keys."""
    for path in paths(snapshot).ending("bicep"):
        text = _COMMENT.sub("", snapshot.text(path) or "")
        starts = list(_BICEP.finditer(text))[:100] if "lert" in text or "QueryRules" in text else []
        for number, start in enumerate(starts):
            end = starts[number + 1].start() if number + 1 < len(starts) else start.end() + 8_000
            yield _bicep(path, text, start, text[start.end() : end])


def _bicep(path: str, text: str, start: re.Match[str], body: str) -> Alert:
    next_resource = re.search(r"^(?:resource|module|output|param|var)\b", body, re.MULTILINE)
    body = body[: next_resource.start()] if next_resource else body
    keys = {k: v.strip().strip("'") for k, v in reversed(_BICEP_KEY.findall(body))}
    action = _BICEP_ACTION.search(body)
    dynamic = "DynamicThresholdCriterion" if "DynamicThreshold" in body else ""
    looks = f"{keys.get('metricName', '')} {keys.get('query', '')} {dynamic}".strip()
    severity = keys.get("severity", "")
    return make_alert(
        start[1],
        DIALECT,
        path,
        text.count("\n", 0, start.start()) + 1,
        expr=looks or ("activity log" if "activityLog" in start[2] else ""),
        threshold=keys.get("threshold", ""),
        severity=f"Sev{severity}" if severity.isdigit() else severity,
        route=action[0] if action and "[]" not in action[0] else "",
        runbook=runbook_of(keys.get("description")),
        window=keys.get("windowSize", ""),
        about=body[:2000],
        off=keys.get("enabled") == "false",
    )
