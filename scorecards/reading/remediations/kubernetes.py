"""Operators that repair: node health checks, Keptn's remediations, draino, and Argo Events on an alert.

https://www.medik8s.io/remediation/node-healthcheck-operator/node-healthcheck-operator/
https://cluster-api.sigs.k8s.io/tasks/automated-machine-management/healthchecking
https://keptn.sh/docs/0.19.x/reference/files/remediation/
https://argoproj.github.io/argo-events/sensors/sensor-spec/
"""

from collections.abc import Iterator
from typing import Any

from catalog.document import Map, Seq, dig, maps
from catalog.regex import regex
from scorecards.reading.alert import words
from scorecards.reading.alerting import AlertFile
from scorecards.reading.flaw import Flaw
from scorecards.reading.objective import text_of
from scorecards.reading.remediation import Remediation, listed, make_remediation, repairs, tells
from scorecards.result import Status

MARKS = (("NodeHealthCheck",), ("MachineHealthCheck",), ("kind: Remediation", "problemType"), ("draino",),
         ("kind: Sensor", "triggers", "dependencies"))  # fmt: skip
_TELLS = Flaw(Status.FAIL, "its actions only tell somebody")
_NO_ACTION = Flaw(Status.FAIL, "it has no action")
_ALERT = regex(
    r"alert|prometheus|grafana|incident|monitor|sns|pagerduty|datadog",
)


def read(file: AlertFile) -> Iterator[Remediation]:
    """Every object of these kinds."""
    for document in file.documents:
        for held in maps(document.data):
            kind, spec = held.get("kind"), held.get("spec")
            if not isinstance(kind, str) or not isinstance(spec, Map):
                continue
            if kind in ("NodeHealthCheck", "MachineHealthCheck"):
                yield _health_check(file.path, held, spec, kind)
            elif kind == "Remediation" and isinstance(spec.get("remediations"), Seq):
                yield from _keptn(file, held, spec["remediations"])
            elif kind == "Sensor" and isinstance(spec.get("triggers"), Seq):
                yield from _sensor(file.path, held, spec)
            elif kind in ("Deployment", "HelmRelease", "DaemonSet") and "draino" in words(spec):
                yield from _draino(file.path, held, spec)


def _name(held: Map) -> str:
    return text_of(dig(held, "metadata", "name"))


def _health_check(path: str, held: Map, spec: Map, kind: str) -> Remediation:
    conditions = spec.get("unhealthyConditions") or spec.get("unhealthyNodeConditions") or dig(spec, "checks")
    template = (
        spec.get("remediationTemplate") or spec.get("escalatingRemediations") or dig(spec, "remediation")
    )
    acts = (isinstance(template, (Map, Seq)) and bool(template)) or kind == "MachineHealthCheck"
    return make_remediation(
        _name(held),
        f"{'medik8s' if kind == 'NodeHealthCheck' else 'Cluster API'} {kind}",
        path,
        held.line,
        trigger=words(conditions) or "an unhealthy node",
        action=words(dig(template, "kind")) or words(template) or "replaces the machine",
        guarded_by=[*_limits(spec), *(["minHealthy"] if kind == "NodeHealthCheck" else [])],
        about=held,
        off=spec.get("pauseRequests") not in (None, "") and bool(spec.get("pauseRequests")),
        flaws=[] if acts else [_NO_ACTION],
    )


def _limits(spec: Map) -> Iterator[str]:
    """What keeps a health check from replacing all nodes (medik8s by itself wants 51 % healthy)."""
    for key in ("minHealthy", "maxUnhealthy", "unhealthyRange", "unhealthyInRange"):
        if key in spec and text_of(spec[key]) != "100%":
            yield "maxUnhealthy"
    if dig(spec, "remediation", "triggerIf"):
        yield "maxUnhealthy"


def _keptn(file: AlertFile, held: Map, entries: Seq) -> Iterator[Remediation]:
    for entry in entries:
        if not isinstance(entry, Map):
            continue
        actions = entry.get("actionsOnOpen")
        done = [
            text_of(a.get("action")) or text_of(a.get("name")) for a in listed(actions) if isinstance(a, Map)
        ]
        done = [d for d in done if d]
        changing = [d for d in done if not tells(d)]
        guarded = ["max_attempts"] if _evaluated(file) else []
        yield make_remediation(
            _name(held),
            "Keptn",
            file.path,
            entry.line,
            trigger=text_of(entry.get("problemType")),
            action=", ".join(changing or done),
            guarded_by=guarded + [words(entry)] + (["escalate after"] if len(changing) < len(done) else []),
            about=held,
            flaws=[] if changing else [_TELLS if done else _NO_ACTION],
        )


def _evaluated(file: AlertFile) -> bool:
    """Whether the shipyard's remediation sequence evaluates each action before the next one."""
    for path in file.snapshot.files:
        if path.endswith(("shipyard.yaml", "shipyard.yml")):
            for document in file.snapshot.parsed(path).documents:
                for sequence in maps(document.data):
                    tasks = sequence.get("tasks")
                    if sequence.get("name") == "remediation" and "evaluation" in words(tasks):
                        return True
    return False


def _sensor(path: str, held: Map, spec: Map) -> Iterator[Remediation]:
    source = words(spec.get("dependencies"))
    name = _name(held)
    if not _ALERT.search(f"{source} {name}".lower()):
        return
    for trigger in spec["triggers"]:
        if not isinstance(trigger, Map):
            continue
        said = words(trigger)
        template = trigger.get("template")
        label = f"{text_of(dig(template, 'name'))} {name}"
        acts = repairs(label) or repairs(_commands(template))
        if tells(said) and not acts:
            flaws = [_TELLS]
        else:
            flaws = [] if acts else [Flaw(Status.UNKNOWN, "what it starts cannot be told from here")]
        yield make_remediation(
            text_of(dig(template, "name")) or name,
            "Argo Events",
            path,
            trigger.line,
            trigger=source,
            action=said,
            guarded_by=[" ".join(_keys(trigger)), said, *(["precondition"] if _filters(spec) else [])],
            about=held,
            flaws=flaws,
        )


def _commands(template: Any) -> str:
    return " ".join(
        words(m.get(k)) for m in maps(template) for k in ("command", "args", "source", "operation", "name")
    )


def _keys(data: Any) -> Iterator[str]:
    for held in maps(data):
        yield from held


def _filters(spec: Map) -> bool:
    """Whether a dependency is filtered by more than which alert it is: a script or an expression."""
    return any("exprs" in m or "script" in m or "time" in m for m in maps(spec.get("dependencies")))


def _draino(path: str, held: Map, spec: Map) -> Iterator[Remediation]:
    for container in maps(spec):
        image = text_of(container.get("image"))
        if "draino" not in image and "draino" not in words(dig(container, "chart")):
            continue
        said = words([container.get(k) for k in ("command", "args", "values")])
        yield make_remediation(
            _name(held),
            "draino",
            path,
            container.line,
            trigger="a node condition",
            action="drains the node",
            guarded_by=[said, *(["max_nodes"] if "drain-buffer" in said or "simultaneous" in said else [])],
            about="",
            off="--dry-run" in said,
        )
