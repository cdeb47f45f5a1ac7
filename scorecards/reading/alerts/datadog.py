"""Datadog monitors: Terraform, the operator's DatadogMonitor, CloudFormation, and the JSON of the API.

Whom a monitor tells stands in its message, as `@pagerduty-payments`.
"""

import re
from collections.abc import Iterator
from typing import Any

from catalog.document import Map, Seq, dig, maps
from catalog.regex import regex
from catalog.terraform import Resource
from scorecards.reading.alert import Alert, make_alert, runbook_of, words
from scorecards.reading.alerting import AlertFile
from scorecards.reading.objective import text_of

DIALECT = "Datadog"
MARKS = (("DatadogMonitor",), ("Monitors::Monitor",), ("message", "alert", "query"))

_TYPES = regex(
    r"^(?:metric|query|log|service check|event(?:-v2)?|slo|composite|process|rum|trace-analytics"
    r"|synthetics|error-tracking|ci-pipelines|database-monitoring|network\w*)(?: alert)?$"
)
_HANDLE = regex(r"(?<![\w.])@[\w$.{\[(-][^\s,;|]{1,80}")


def read(file: AlertFile) -> Iterator[Alert]:
    """Monitors, by their kind or by the fields that the API asks for."""
    for document in file.documents:
        for held in maps(document.data):
            if held.get("kind") == "DatadogMonitor" and isinstance(held.get("spec"), Map):
                yield _monitor(held["spec"], file.path, held.line, dig(held, "metadata", "name"))
            elif text_of(held.get("Type")) == "Datadog::Monitors::Monitor":
                values = held.get("Properties")
                yield _monitor(
                    _lower(values) if isinstance(values, Map) else Map(held.line), file.path, held.line, ""
                )
            elif _is_monitor(held) and not _inside_kind(document.data):
                yield _monitor(held, file.path, held.line, "")


def _is_monitor(held: Map) -> bool:
    return "query" in held and "message" in held and _TYPES.match(text_of(held.get("type"))) is not None


def _inside_kind(data: Any) -> bool:
    return isinstance(data, Map) and data.get("kind") == "DatadogMonitor"


def _lower(values: Map) -> Map:
    made = Map(values.line)
    made.update({k.lower(): v for k, v in values.items()})
    return made


def _monitor(values: Map, path: str, line: int, name: Any) -> Alert:
    message = text_of(values.get("message"))
    for key in ("escalation_message", "notification_preset_name"):
        message = f"{message} {text_of(values.get(key))}"
    handles = " ".join(dict.fromkeys(_HANDLE.findall(message)[:10]))
    tags = values.get("tags")
    priority = text_of(values.get("priority"))
    tagged = (
        next((text_of(t) for t in tags if text_of(t).startswith("severity:")), "")
        if isinstance(tags, Seq)
        else ""
    )
    query = text_of(values.get("query")) or words(values.get("variables"))
    return make_alert(
        values.get("name") or name,
        DIALECT,
        path,
        line,
        expr=query,
        threshold=words(values.get("monitor_thresholds") or dig(values, "options", "thresholds")),
        severity=f"P{priority}" if priority else tagged,
        route=handles or ("" if "${" not in message else _reference(message)),
        runbook=runbook_of(message),
        about=f"{text_of(values.get('name'))} {words(tags)} {query} datadog_monitor.{text_of(name)}",
    )


def _reference(message: str) -> str:
    """A reference in the message that is named for whom it tells."""
    found = re.search(
        r"\$\{[^}]{0,200}(?:notif|slack|pager|opsgenie|email|channel|recipient|handle|escalat)[^}]{0,200}\}",
        message,
        re.IGNORECASE,
    )
    return found[0] if found else ""


def _terraform(resource: Resource) -> Iterator[Alert]:
    values = resource.values
    if "query" in values and values["query"] is None:
        values["query"] = "${query}"  # chosen by an input that nobody here gives
    yield _monitor(values, resource.path, resource.line, resource.name)


RESOURCES = {"datadog_monitor": _terraform}
