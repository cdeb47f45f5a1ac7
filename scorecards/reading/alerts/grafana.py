"""Grafana: rules as provisioned files, kinds of its operator, Terraform, and the alerts of old dashboards.

https://grafana.com/docs/grafana/latest/alerting/set-up/provision-alerting-resources/file-provisioning/
"""

from collections.abc import Iterator
from typing import Any

from catalog.document import Map, Seq, dig, maps
from catalog.terraform import Resource
from scorecards.reading.alert import Alert, make_alert, runbook_of, severity_of, words
from scorecards.reading.alerting import AlertFile
from scorecards.reading.objective import text_of

DIALECT = "Grafana"
MARKS = (
    ("noDataState",),
    ("execErrState",),
    ("GrafanaAlertRuleGroup",),
    ("executionErrorState",),
    ("contactPoint", "condition", "title"),
    ("datasourceUid", "condition", "alert"),
)


def read(file: AlertFile) -> Iterator[Alert]:
    """Rules with a condition and data, and panels that hold an alert of the kind before Grafana 8."""
    points = _points(file)
    for document in file.documents:
        for held in maps(document.data):
            if (
                isinstance(held.get("data"), Seq)
                and "condition" in held
                and ("title" in held or "name" in held)
            ):
                yield _rule(held, file.path, held.line, points)
            elif isinstance(held.get("alert"), Map) and isinstance(dig(held, "alert", "conditions"), Seq):
                yield _panel(held, file.path)


def _points(file: AlertFile) -> str:
    """The contact points that the same file provisions."""
    found = (m.get("contactPoints") or m.get("policies") for d in file.documents for m in maps(d.data))
    return next((words(p)[:100] for p in found if isinstance(p, Seq) and p), "")


def _rule(rule: Map, path: str, line: int, points: str) -> Alert:
    labels = rule.get("labels")
    settings = rule.get("notification_settings") or rule.get("notificationSettings")
    texts, limits = _queries(rule.get("data"))
    return make_alert(
        rule.get("title") or rule.get("name"),
        DIALECT,
        path,
        line,
        expr=" ".join(texts),
        threshold=" ".join(limits),
        severity=severity_of(labels),
        route=words(settings) or points,
        runbook=runbook_of(rule.get("annotations")),
        window=rule.get("for"),
        about=f"{text_of(rule.get('title') or rule.get('name'))} {words(labels)}",
        off=rule.get("isPaused") is True or rule.get("is_paused") is True,
    )


def _queries(data: Any) -> tuple[list[str], list[str]]:
    """What the data sources are asked, and the numbers that the answers are held against."""
    texts, limits = [], []
    for held in maps(data):
        for key in ("expr", "expression", "query", "rawSql", "rawSQL", "queryText", "metricName", "target"):
            value = text_of(held.get(key))
            if len(value) > 2:
                texts.append(value)
        evaluator = held.get("evaluator")
        if isinstance(evaluator, Map):
            limits.append(words(evaluator))
    return texts, limits


def _panel(panel: Map, path: str) -> Alert:
    alert = panel["alert"]
    told = alert.get("notifications")
    texts, _ = _queries(panel.get("targets"))
    return make_alert(
        alert.get("name") or panel.get("title"),
        DIALECT,
        path,
        panel.line,
        expr=" ".join(texts) or words(alert["conditions"]),
        threshold=" ".join(words(m["evaluator"]) for m in maps(alert["conditions"]) if "evaluator" in m),
        severity=severity_of(alert.get("alertRuleTags")),
        route=words(told) if isinstance(told, Seq) else "",
        runbook=runbook_of(alert.get("message")),
        window=alert.get("for"),
        about=text_of(panel.get("title")),
    )


def _group(resource: Resource) -> Iterator[Alert]:
    for rule in resource.values.get("rule") or ():
        if not isinstance(rule, Map):
            continue
        for data in rule.get("data") or ():
            if isinstance(data, Map) and isinstance(data.get("model"), str):
                data["expression"] = data["model"]
        yield _rule(rule, resource.path, rule.line, "")


def _objective(resource: Resource) -> Iterator[Alert]:
    """An SLO with `alerting`: Grafana makes two rules that fire when its budget burns."""
    values = resource.values
    alerting = values.get("alerting")
    for held in alerting if isinstance(alerting, Seq) else ():
        for speed in ("fastburn", "slowburn"):
            burn = dig(held, speed, 0)
            labels = Map()
            for label in (*(dig(held, "label") or ()), *(dig(burn, "label") or ())):
                labels[text_of(dig(label, "key"))] = dig(label, "value")
            notes = Map()
            for note in (*(dig(held, "annotation") or ()), *(dig(burn, "annotation") or ())):
                notes[text_of(dig(note, "key"))] = dig(note, "value")
            name = text_of(values.get("name")) or resource.name
            yield make_alert(
                f"{name} {speed}",
                DIALECT,
                resource.path,
                resource.line,
                expr=f"burn_rate {words(values.get('query'))}",
                severity=severity_of(labels) or ("critical" if speed == "fastburn" else "warning"),
                runbook=runbook_of(notes),
                about=f"{name} {words(labels)} {words(values.get('label'))}",
                slo=name,
            )


def _learned(resource: Resource) -> Iterator[Alert]:
    values = resource.values
    yield make_alert(
        text_of(values.get("title")) or resource.name,
        DIALECT,
        resource.path,
        resource.line,
        expr=f"machine_learning {text_of(values.get('anomaly_condition'))} {text_of(values.get('job_id'))}",
        threshold=text_of(values.get("threshold")),
        severity=severity_of(values.get("labels")),
        runbook=runbook_of(values.get("annotations")),
        about=words(values.get("labels")),
    )


RESOURCES = {
    "grafana_rule_group": _group,
    "grafana_slo": _objective,
    "grafana_machine_learning_alert": _learned,
}
