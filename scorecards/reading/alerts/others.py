"""Other monitoring systems whose alert is one mapping or one resource: Sysdig, ElastAlert, Gatus, clouds."""

from collections.abc import Iterator

from catalog.document import Map, Seq, dig, maps
from catalog.terraform import Resource
from scorecards.reading.alert import Alert, make_alert, runbook_of, words
from scorecards.reading.alerting import AlertFile
from scorecards.reading.objective import text_of

MARKS = (
    ("notificationChannel", "query"),
    ("alert", "index", "num_events"),
    ("alert", "index", "type:"),
    ("endpoints", "conditions", "alerts"),
)


def read(file: AlertFile) -> Iterator[Alert]:
    """Each mapping with the fields that one of these systems asks for."""
    for document in file.documents:
        for held in maps(document.data):
            query = dig(held, "config", "query") or dig(held, "config", "scope") or held.get("condition")
            if (
                "severity" in held
                and query
                and ("notificationChannelConfigList" in held or "notificationChannelIds" in held)
            ):
                yield _sysdig(held, file.path, query)
            elif (
                "index" in held
                and isinstance(held.get("type"), str)
                and isinstance(held.get("alert"), (Seq, str))
            ):
                yield _elastalert(held, file.path)
            elif (
                "url" in held
                and isinstance(held.get("conditions"), Seq)
                and isinstance(held.get("alerts"), Seq)
            ):
                yield _gatus(held, file.path)


def _sysdig(held: Map, path: str, query: object) -> Alert:
    channels = held.get("notificationChannelConfigList") or held.get("notificationChannelIds")
    return make_alert(
        held.get("name"),
        "Sysdig",
        path,
        held.lines.get("name", held.line),
        expr=query,
        severity=held.get("severity"),
        route=words(channels),
        runbook=runbook_of(held.get("description")),
        about=f"{text_of(held.get('name'))} {words(held.get('scope'))}",
        off=held.get("enabled") is False,
    )


def _elastalert(held: Map, path: str) -> Alert:
    looks = [text_of(held["type"]), words(held.get("filter")), words(held.get("index"))]
    limits = [
        f"{k} {text_of(held[k])}"
        for k in ("num_events", "threshold", "max_threshold", "spike_height")
        if k in held
    ]
    return make_alert(
        held.get("name"),
        "ElastAlert",
        path,
        held.line,
        expr=" ".join(looks),
        threshold=" ".join(limits),
        severity=held.get("priority"),
        route=words(held.get("alert")),
        runbook=runbook_of(held.get("alert_text")),
        about=words(held.get("filter")),
        off=held.get("is_enabled") is False,
    )


def _gatus(held: Map, path: str) -> Alert:
    return make_alert(
        held.get("name"),
        "Gatus",
        path,
        held.line,
        expr=f"{text_of(held.get('url'))} {words(held.get('conditions'))}",
        route=words(held.get("alerts")),
        about=f"{text_of(held.get('name'))} {text_of(held.get('group'))} {text_of(held.get('url'))}",
        off=held.get("enabled") is False,
    )


_QUERY = ("query", "program_text", "metric", "metrics", "type", "expression", "escalations_critical")
_TELLS = (
    "destinations",
    "notifications",
    "alerts",
    "notification_channels",
    "contact_groups",
    "rule",
    "actions",
)


def _terraform(resource: Resource) -> Iterator[Alert]:
    values = resource.values
    severity = next((text_of(m["severity"]) for m in maps(values) if text_of(m.get("severity"))), "")
    yield make_alert(
        text_of(values.get("display_name") or values.get("name") or values.get("description"))
        or resource.name,
        resource.type.partition("_")[0].capitalize(),
        resource.path,
        resource.line,
        expr=" ".join(words(values.get(k)) for k in _QUERY if values.get(k)),
        threshold=text_of(values.get("threshold") or values.get("value")),
        severity=severity,
        route=words([values.get(k) for k in _TELLS if values.get(k)]),
        runbook=runbook_of(values.get("body"), values.get("description")),
        about=f"{resource.name} {words(values.get('display_name'))}",
        off=values.get("is_enabled") is False or values.get("enabled") is False,
    )


RESOURCES = dict.fromkeys(
    (
        "oci_monitoring_alarm",
        "digitalocean_monitor_alert",
        "alicloud_cms_alarm",
        "signalfx_detector",
        "sysdig_monitor_alert_v2_prometheus",
        "sysdig_monitor_alert_v2_metric",
        "coralogix_alert",
        "honeycombio_trigger",
    ),
    _terraform,
)
