"""Whether an alert speaks for a service: by where it stands, what it names, or as it covers all of them."""

import re
from dataclasses import replace

from catalog.regex import regex
from catalog.service import Service
from scorecards.reading.alert import Alert
from scorecards.reading.concerns import in_path, is_shared, mentions, why_not

_ABOUT = frozenset(
    [
        *("alert", "alerts", "alarm", "alarms", "rule", "rules", "monitor", "monitors", "monitoring", "slo"),
        *("prometheus", "prometheusrule", "grafana", "datadog", "cloudwatch", "yaml", "yml", "json", "tf"),
    ]
)
_TESTS = ("test/", "tests/", "e2e/", "spec/")
_IDENTITY = regex(
    r"\b(?:job|service|service_name|app|application|container|container_name|pod|deployment|statefulset"
    r"|component|workload|app_kubernetes_io_name|destination_service_name|destination_workload|servicename"
    r"|functionname|target|backend|handler|kube_deployment_name)\s*(=~|=|:)\s*[\"']?([^\"',}\s]{1,200})",
    re.IGNORECASE,
)
_ANYTHING = frozenset({"", ".*", ".+", "*", "~.*", "~.+"})
_NODES = regex(
    r"(?<![\w:])(?:node|kube_node|machine|etcd|apiserver|coredns|kubelet|smartctl|nut|prometheus|alertmanager"
    r"|ceph|zfs|scheduler|workqueue|cert_exporter|argocd|flux|gotk)_\w+"
)
_COVERS = frozenset({"Prometheus", "Grafana", "Datadog", "Sysdig"})
"""Dialects whose alert may watch whatever is there."""


def why_not_counted(alert: Alert, service: Service) -> str | None:
    """Why an alert cannot speak for the service, None where it can."""
    why = why_not(alert.path, service)
    if why is not None:
        return why
    within = alert.path.removeprefix(f"{service.path}/") if service.path else alert.path
    if any(within.startswith(t) or f"/{t}" in within for t in _TESTS):
        return "stands among tests"
    if not is_shared(alert.path, service) or names(alert, service) or _selects(alert, service):
        return None
    other = _other(alert, service)
    if other is not None:
        return f"is an alert of `{other}`"
    return None if covers(alert, service) else "names none of the repository's services"


def names(alert: Alert, service: Service) -> bool:
    """Whether the alert says the service's name, in its labels, its expression or its file's name."""
    text = f"{alert.name} {alert.about} {alert.expr} {alert.slo}".lower()
    if mentions(text, service) or in_path(alert.path, service, _ABOUT):
        return True
    name = service.name.lower()
    for folder in service.neighbours:
        other = folder.rpartition("/")[2].lower()
        if name in other and other != name:
            text = text.replace(other, " ").replace(other.replace("-", "_"), " ")
    # As part of a longer name: the alarm `payments-5xx`, the metric `payments_failed_total`.
    words = re.escape(name).replace("\\-", "[-_]")
    return re.search(rf"(?<![a-z0-9]){words}(?![a-z0-9])", text) is not None


def _other(alert: Alert, service: Service) -> str | None:
    for folder in service.neighbours:
        name = folder.rpartition("/")[2]
        if name and names(alert, replace(service, ref=replace(service.ref, name=name), path="", title=None)):
            return name
    return None


def covers(alert: Alert, service: Service) -> bool:
    """Whether the alert watches whatever runs: it selects no workload, or all that fit a pattern."""
    if alert.dialect not in _COVERS or (_NODES.search(alert.expr) and not _IDENTITY.search(alert.expr)):
        return False
    return all(_fits(value, service.name) for _, value in _IDENTITY.findall(alert.expr))


def _selects(alert: Alert, service: Service) -> bool:
    """Whether the alert selects workloads by patterns, and the service fits them."""
    return _IDENTITY.search(alert.expr) is not None and covers(alert, service)


def _fits(pattern: str, name: str) -> bool:
    """Whether a name fits a simple pattern: names joined by `|`, with `.*` at their ends."""
    for choice in pattern.strip("()^$").split("|"):
        plain = choice.replace(".+", ".*").replace("*", ".*").replace("..*", ".*")
        if plain in _ANYTHING or choice in _ANYTHING:
            return True
        parts = plain.split(".*")
        if not name.startswith(parts[0]) or not name.endswith(parts[-1]):
            continue
        place = 0
        for part in parts:
            place = name.find(part, place)
            if place < 0:
                break
            place += len(part)
        else:
            if len(parts) > 1 or plain == name:
                return True
    return False
