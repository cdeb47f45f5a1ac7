"""Dynatrace: metric events and anomaly detectors, in Terraform and as settings objects (Monaco).

An event has a type (`ERROR`, `AVAILABILITY`) that says how grave it is.
"""

from collections.abc import Iterator
from typing import Any

from catalog.document import Map, maps
from catalog.terraform import Resource
from scorecards.reading.alert import Alert, make_alert, runbook_of, words
from scorecards.reading.alerting import AlertFile
from scorecards.reading.objective import text_of

DIALECT = "Dynatrace"
MARKS = (("anomaly", "eventTemplate"), ("anomaly", "metric-events"), ("anomaly", "queryDefinition"))

_LEARNED = ("AUTO_ADAPTIVE_THRESHOLD", "SEASONAL_BASELINE")


def read(file: AlertFile) -> Iterator[Alert]:
    """Settings that hold a query or an analyzer, and the template of an event."""
    for document in file.documents:
        for held in maps(document.data):
            event = held.get("eventTemplate")
            if isinstance(event, Map) and ("queryDefinition" in held or "analyzer" in held):
                yield _event(
                    held.get("summary") or held.get("title"),
                    file.path,
                    held.line,
                    held.get("queryDefinition") or held.get("analyzer"),
                    held.get("modelProperties") or held.get("analyzer"),
                    event,
                    held.get("enabled"),
                )


def _event(name: Any, path: str, line: int, query: Any, model: Any, event: Any, enabled: Any) -> Alert:
    told = words(event)
    kind = next(
        (
            text_of(m.get("eventType") or m.get("event_type"))
            for m in maps(event)
            if m.get("eventType") or m.get("event_type")
        ),
        "",
    )
    learned = " ".join(w for w in _LEARNED if w in words(model) or w.lower() in words(model).lower())
    return make_alert(
        name,
        DIALECT,
        path,
        line,
        expr=f"{words(query)} {learned}".strip(),
        threshold=next((text_of(m["threshold"]) for m in maps(model) if "threshold" in m), ""),
        severity=kind or ("event" if told else ""),
        runbook=runbook_of(*(v for m in maps(event) for v in m.values())),
        about=f"{text_of(name)} {told}",
        off=enabled is False,
    )


def _terraform(resource: Resource) -> Iterator[Alert]:
    values = resource.values
    yield _event(
        text_of(values.get("summary") or values.get("title") or values.get("name")) or resource.name,
        resource.path,
        resource.line,
        values.get("query_definition") or values.get("analyzer"),
        values.get("model_properties") or values.get("analyzer"),
        values.get("event_template"),
        values.get("enabled"),
    )


RESOURCES = {
    "dynatrace_metric_events": _terraform,
    "dynatrace_davis_anomaly_detectors": _terraform,
}
