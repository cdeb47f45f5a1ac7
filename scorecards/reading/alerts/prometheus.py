"""Prometheus rules, wherever they stand: rule files, PrometheusRule, VMRule, Rules, ConfigMaps, chart values.

https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
"""

import re
from collections.abc import Iterator
from typing import Any

from catalog.document import MAX_VALUES, Map, Seq, dig
from catalog.regex import regex
from catalog.snapshot import Snapshot
from catalog.terraform import Resource
from scorecards.reading.alert import Alert, make_alert, runbook_of, severity_of, words
from scorecards.reading.alerting import AlertFile
from scorecards.reading.alerts.rule_text import old_rules, scan
from scorecards.reading.chart_switch import switch_of
from scorecards.reading.flaw import Flaw
from scorecards.reading.objective import text_of
from scorecards.reading.paths import paths
from scorecards.result import Status

DIALECT = "Prometheus"
MARKS = (("expr", "alert"), ("ALERT ", "IF"))


def read(file: AlertFile) -> Iterator[Alert]:
    """Every rule with `alert` and `expr`; where the text is no YAML, what its lines plainly say."""
    if "ALERT" in file.text and "alert:" not in file.text:
        yield from old_rules(file.path, file.text)
        return
    off = switch_of(file.snapshot, file.path, file.text) if file.template else None
    found = False
    for document in file.documents:
        for rule, group, disabled in _rules(document.data):
            found = True
            flaws = [off] if off else []
            if disabled:
                flaws.append(Flaw(Status.PARTIAL, "it is switched off by default"))
            yield _alert(file.path, rule, group, flaws)
    if not found:
        yield from scan(file.path, file.text, [off] if off else [])


def _rules(data: Any) -> Iterator[tuple[Map, str, bool]]:
    """Every rule, with the name of its group and whether something around it says `enabled: false`."""
    stack: list[tuple[Any, str, bool]] = [(data, "", False)]
    seen = 0
    while stack and seen < MAX_VALUES:
        node, group, off = stack.pop()
        seen += 1
        if isinstance(node, Map):
            off = off or node.get("enabled") is False
            if isinstance(node.get("alert"), str) and ("expr" in node or "expression" in node):
                yield node, group, off
                continue
            group = text_of(node.get("name")) or text_of(dig(node, "metadata", "name")) or group
            stack += [(v, group, off) for v in reversed(node.values()) if isinstance(v, (Map, Seq))]
        elif isinstance(node, Seq):
            stack += [(v, group, off) for v in reversed(node) if isinstance(v, (Map, Seq))]


def _alert(path: str, rule: Map, group: str, flaws: list[Flaw]) -> Alert:
    labels, notes = rule.get("labels"), rule.get("annotations")
    return make_alert(
        rule["alert"],
        DIALECT,
        path,
        rule.lines.get("alert", rule.line),
        expr=rule.get("expr", rule.get("expression")),
        severity=severity_of(labels) or text_of(rule.get("severity")),
        runbook=runbook_of(notes, labels),
        window=rule.get("for"),
        about=f"{words(labels)} {group}",
        prometheus=True,
        flaws=flaws,
    )


def find(snapshot: Snapshot) -> Iterator[Alert]:
    """Rules inside heredocs of Terraform and scripts, and rules that only Jsonnet makes."""
    for path in paths(snapshot).ending("tf", "sh", "nomad", "hcl"):
        if path.endswith(".sh") and not _DEPLOYS.search(path):
            continue
        text = snapshot.text(path) or ""
        if "alert:" in text and "expr:" in text:
            yield from scan(path, text, [])
    yield from _jsonnet(snapshot)


_DEPLOYS = regex(r"deploy|install|apply|provision|bootstrap|monitoring|alert", re.IGNORECASE)
"""Scripts that set a system up for good; others write rules to try something."""
_MADE = regex(r"^[ \t]*(?:alert|\"alert\"|'alert')[ \t]*:+[ \t]*(\S[^\n]{0,120})", re.MULTILINE)
_UNMADE = Flaw(Status.UNKNOWN, "only running Jsonnet tells what it looks at")


def _jsonnet(snapshot: Snapshot) -> Iterator[Alert]:
    for path in paths(snapshot).ending("jsonnet", "libsonnet", "cue"):
        text = snapshot.text(path) or ""
        if "alert" in text and "expr" in text:
            for made in list(_MADE.finditer(text[:300_000]))[:20]:
                name = made[1].strip("'\" ,%+")
                line = text.count("\n", 0, made.start()) + 1
                yield Alert(name, "Jsonnet", path, line, problems=(_UNMADE,))


def _azure(resource: Resource) -> Iterator[Alert]:
    """Rules of Azure's managed Prometheus: each block `rule` with an `alert`."""
    for rule in resource.values.get("rule") or ():
        if isinstance(rule, Map) and rule.get("alert"):
            yield make_alert(
                rule.get("alert"),
                DIALECT,
                resource.path,
                rule.line,
                expr=rule.get("expression"),
                severity=rule.get("severity") or severity_of(rule.get("labels")),
                route=rule.get("action"),
                runbook=runbook_of(rule.get("annotations")),
                window=rule.get("for"),
                about=f"{words(rule.get('labels'))} {resource.name}",
                prometheus=True,
                off=rule.get("enabled") is False,
            )


RESOURCES = {"azurerm_monitor_alert_prometheus_rule_group": _azure}
