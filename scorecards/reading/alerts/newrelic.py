"""New Relic's conditions: Terraform, and the YAML or JSON of its API. A term is warning or critical."""

from collections.abc import Iterator
from typing import Any

from catalog.document import Map, Seq, dig, maps
from catalog.terraform import Resource
from scorecards.reading.alert import Alert, make_alert, runbook_of, words
from scorecards.reading.alerting import AlertFile
from scorecards.reading.objective import text_of

DIALECT = "New Relic"
MARKS = (("nrql", "terms"),)


def read(file: AlertFile) -> Iterator[Alert]:
    """Conditions that hold an NRQL query and terms."""
    for document in file.documents:
        for held in maps(document.data):
            query = dig(held, "nrql", "query")
            terms = held.get("terms")
            if query is not None and isinstance(terms, Seq):
                yield _condition(held, file.path, held.line, query, terms, held.get("type"))


def _condition(values: Map, path: str, line: int, query: Any, terms: Any, kind: Any) -> Alert:
    first = dig(terms, 0)
    learned = text_of(kind).lower()
    return make_alert(
        values.get("name"),
        DIALECT,
        path,
        line,
        expr=f"{words(query)} {learned if learned in ('baseline', 'outlier') else ''}".strip(),
        threshold=text_of(dig(first, "threshold")),
        severity=text_of(dig(first, "priority")) or "critical",
        runbook=text_of(values.get("runbook_url") or values.get("runbookUrl"))
        or runbook_of(values.get("description")),
        window=words(dig(first, "threshold_duration") or dig(first, "thresholdDuration")),
        about=text_of(values.get("name")),
        off=values.get("enabled") is False,
    )


def _terraform(resource: Resource) -> Iterator[Alert]:
    values = resource.values
    query = words(
        [values.get(k) for k in ("nrql", "metric", "select", "comparison", "where", "monitor_id", "entities")]
    )
    critical, warning, term = (values.get(k) for k in ("critical", "warning", "term"))
    terms = critical or warning or term
    levels = [w for w, held in (("critical", critical), ("warning", warning)) if held]
    levels += [text_of(dig(t, "priority")) or "critical" for t in term or ()]
    kind = text_of(values.get("type")).lower()
    kind = kind if kind in ("baseline", "outlier") else "baseline" if "baseline_direction" in values else ""
    yield make_alert(
        text_of(values.get("name")) or resource.name,
        DIALECT,
        resource.path,
        resource.line,
        expr=f"{query} {kind}".strip(),
        threshold=text_of(dig(terms, 0, "threshold")),
        severity=levels[0] if levels else "",
        route=values.get("policy_id"),
        runbook=text_of(values.get("runbook_url")) or runbook_of(values.get("description")),
        window=words(dig(terms, 0, "threshold_duration") or dig(terms, 0, "duration")),
        about=f"{resource.name} {text_of(values.get('name'))}",
        off=values.get("enabled") is False,
    )


RESOURCES = dict.fromkeys(
    (
        "newrelic_nrql_alert_condition",
        "newrelic_alert_condition",
        "newrelic_infra_alert_condition",
        "newrelic_synthetics_alert_condition",
        "newrelic_synthetics_multilocation_alert_condition",
    ),
    _terraform,
)
