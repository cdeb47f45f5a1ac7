"""Google Cloud Monitoring's alert policies: Terraform, Config Connector, and the JSON or YAML of the API."""

from collections.abc import Iterator
from typing import Any

from catalog.document import Map, Seq, dig, maps
from catalog.terraform import Resource
from scorecards.reading.alert import Alert, make_alert, runbook_of, words
from scorecards.reading.alerting import AlertFile
from scorecards.reading.objective import text_of

DIALECT = "Google Cloud Monitoring"
MARKS = (
    ("conditionThreshold",),
    ("conditionPrometheusQueryLanguage",),
    ("conditionMonitoringQueryLanguage",),
    ("conditionMatchedLog",),
    ("conditionAbsent",),
)

_CONDITIONS = (
    "condition_threshold",
    "condition_absent",
    "condition_monitoring_query_language",
    "condition_prometheus_query_language",
    "condition_matched_log",
    "condition_sql",
    "conditionThreshold",
    "conditionAbsent",
    "conditionMonitoringQueryLanguage",
    "conditionPrometheusQueryLanguage",
    "conditionMatchedLog",
    "conditionSql",
)


def read(file: AlertFile) -> Iterator[Alert]:
    """Every mapping with conditions that Google knows."""
    for document in file.documents:
        for held in maps(document.data):
            conditions = held.get("conditions")
            if isinstance(conditions, Seq) and any(isinstance(c, Map) and _held(c) for c in conditions):
                name = held.get("displayName") or dig(document.data, "metadata", "name")
                yield _policy(held, file.path, held.line, name)


def _held(condition: Map) -> Map | None:
    for key in _CONDITIONS:
        value = condition.get(key)
        value = dig(value, 0) if isinstance(value, Seq) else value
        if isinstance(value, Map):
            return value
    return None


def _policy(values: Map, path: str, line: int, name: Any) -> Alert:
    conditions = [c for c in values.get("conditions") or () if isinstance(c, Map)]
    held = [h for h in map(_held, conditions) if h is not None]
    texts = [
        words(h.get(k)) for h in held for k in ("filter", "query", "denominator_filter", "denominatorFilter")
    ]
    if any("forecast_options" in h or "forecastOptions" in h for h in held):
        texts.append("forecast_options")
    limits = [text_of(h.get("threshold_value", h.get("thresholdValue"))) for h in held]
    channels = values.get("notification_channels", values.get("notificationChannels"))
    enabled = values.get("enabled")
    about = f"{text_of(name)} {words(values.get('user_labels', values.get('userLabels')))}"
    return make_alert(
        name,
        DIALECT,
        path,
        line,
        expr=" ".join(t for t in texts if t),
        threshold=next((t for t in limits if t), ""),
        severity=values.get("severity"),
        route=words(channels),
        runbook=runbook_of(*(v for m in maps(values.get("documentation")) for v in m.values())),
        window=next((text_of(h.get("duration")) for h in held), ""),
        about=about,
        off=enabled is False or dig(enabled, "value") is False,
    )


def _terraform(resource: Resource) -> Iterator[Alert]:
    yield _policy(
        resource.values, resource.path, resource.line, resource.values.get("display_name") or resource.name
    )


RESOURCES = {"google_monitoring_alert_policy": _terraform}
