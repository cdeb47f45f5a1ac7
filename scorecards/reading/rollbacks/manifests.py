"""Ways back that manifests declare: Argo Rollouts, Flagger, Flux, Helm, Keptn, ECS, SAM, Spinnaker, Swarm."""

import re
from collections.abc import Iterator
from typing import Any

from catalog.document import Document, Map, Seq, dig, maps, parse_yaml
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.charts import UNRENDERED, is_template, render, rendered
from scorecards.reading.objective import is_template as is_filled_in
from scorecards.reading.query import names_metric
from scorecards.reading.rollbacks.mechanism import Mechanism
from scorecards.result import Status

MARKS = (
    "ollback",
    "kind: Rollout",
    "kind: Canary",
    "AnalysisTemplate",
    "remediation",
    "atomic",
    "DeploymentPreference",
    "deploymentSettings",
    "undoRollout",
    "ircuitBreaker",
)
"""A file with none of these words declares no way back."""


_ALONE = regex(r"^[ \t]*\{\{[^\n]*\}\}[ \t]*$", re.MULTILINE)
"""A line of a template that is an expression alone: a block of unknown keys."""
_MAX_TEMPLATE = 300_000


def documents(snapshot: Snapshot, path: str) -> tuple[Document, ...]:
    """The documents of a file; of a template as far as its chart's default values decide."""
    text = (snapshot.text(path) or "")[:_MAX_TEMPLATE]
    if is_template(path, text, snapshot):
        documents = rendered(snapshot, path).documents
        if any(document.mapping for document in documents):
            return documents
        return parse_yaml(render(_ALONE.sub("", text), None), path).documents
    return snapshot.parsed(path).documents


def declared(document: Document, templates: "Templates", depth: int = 0) -> Iterator[Mechanism]:
    """Every way back that one document declares, those in its strings too."""
    kind, version = str(document.get("kind") or ""), str(document.get("apiVersion") or "")
    if kind == "Rollout" and version.startswith("argoproj.io"):
        yield _rollout(document, templates)
    elif kind == "Canary" and "flagger" in version:
        yield _flagger(document)
    elif kind == "HelmRelease":
        yield from _helm_release(document)
    elif kind == "Shipyard":
        yield from _keptn(document)
    elif kind == "Automation" and "deploy.cloud.google.com" in version:
        for found in maps(document.data):
            if "rollback" in found:
                line = found.lines["rollback"]
                yield Mechanism(
                    document.path, line, "a Cloud Deploy repair rule that rolls back", Status.PASS
                )
    else:
        yield from _by_keys(document)
    if depth < 4 and kind in ("Kustomization", "ConfigMap", "HelmRelease", "Application", ""):
        for inner in document.embedded:
            yield from declared(inner, templates, depth + 1)


class Templates:
    """AnalysisTemplates of a repository by name, and whether each measures anything."""

    def __init__(self) -> None:
        self.named: dict[str, bool] = {}

    def add(self, document: Document) -> None:
        """Remember an AnalysisTemplate."""
        if document.get("kind") in ("AnalysisTemplate", "ClusterAnalysisTemplate"):
            metrics = document.get("spec", "metrics")
            real = isinstance(metrics, Seq) and any(measures_something(m) for m in metrics)
            self.named[str(document.get("metadata", "name"))] = real


def measures_something(metric: object) -> bool:
    """Whether a metric of an analysis asks something, and not a constant or a placeholder."""
    provider = dig(metric, "provider")
    if not isinstance(provider, Map) or not provider:
        return False
    if str(dig(metric, "successCondition")).strip().lower() == "true":
        return False
    query = dig(provider, "prometheus", "query")
    return query is None or is_filled_in(str(query)) or names_metric(str(query))


def _rollout(document: Document, templates: Templates) -> Mechanism:
    strategy = document.get("spec", "strategy")
    line = document.line_of("spec", "strategy")
    names, analysed = [], False
    for found in maps(strategy):
        for key in ("analysis", "prePromotionAnalysis", "postPromotionAnalysis", "experiment"):
            if isinstance(found.get(key), Map):
                analysed, line = True, found.lines[key]
                used = found[key].get("templates")
                names += [str(dig(t, "templateName")) for t in used] if isinstance(used, Seq) else []
    what = "an Argo Rollout"
    if document.get("spec", "progressDeadlineAbort") is True:
        return Mechanism(document.path, line, f"{what} that aborts at its deadline", Status.PASS)
    if not analysed:
        kind = "blue-green" if isinstance(dig(strategy, "blueGreen"), Map) else "canary"
        return Mechanism(
            document.path, line, f"{what} ({kind})", Status.PARTIAL, "it has no analysis that aborts it"
        )
    known = [templates.named[n] for n in names if n in templates.named]
    if any(known) or (names and any(UNRENDERED in n for n in names)):
        return Mechanism(document.path, line, f"{what} with analysis", Status.PASS)
    if known:
        return Mechanism(document.path, line, what, Status.PARTIAL, "its analysis template measures nothing")
    if names:
        why = f"its analysis template `{names[0]}` is not in the repository"
        return Mechanism(document.path, line, what, Status.UNKNOWN, why)
    return Mechanism(document.path, line, what, Status.PARTIAL, "its analysis names no template")


def _flagger(document: Document) -> Mechanism:
    analysis = document.get("spec", "analysis") or document.get("spec", "canaryAnalysis")
    line = document.line_of("spec", "analysis")
    metrics, hooks = dig(analysis, "metrics"), dig(analysis, "webhooks")
    gates = (
        [h for h in hooks or () if isinstance(h, Map) and h.get("type") in _GATES]
        if isinstance(hooks, Seq)
        else []
    )
    if document.get("spec", "skipAnalysis") is True:
        return Mechanism(document.path, line, "a Flagger Canary", Status.PARTIAL, "`skipAnalysis` is true")
    if (isinstance(metrics, Seq) and metrics) or gates:
        return Mechanism(document.path, line, "a Flagger Canary with analysis", Status.PASS)
    return Mechanism(document.path, line, "a Flagger Canary", Status.PARTIAL, "its analysis has no metric")


_GATES = ("pre-rollout", "rollout", "confirm-promotion", "acceptance", "rollback")


def _helm_release(document: Document) -> Iterator[Mechanism]:
    remediation = document.get("spec", "upgrade", "remediation")
    if isinstance(remediation, Map):
        line = document.line_of("spec", "upgrade", "remediation")
        strategy, retries = remediation.get("strategy"), remediation.get("retries")
        tries = isinstance(retries, int) and retries != 0
        last = remediation.get("remediateLastFailure")
        what = "Flux remediation of the HelmRelease"
        if strategy == "uninstall":
            yield Mechanism(
                document.path, line, what, Status.PARTIAL, "it uninstalls instead of rolling back"
            )
        elif tries or last is True or strategy == "rollback":
            yield Mechanism(document.path, line, f"{what} (rollback)", Status.PASS)
        else:
            yield Mechanism(document.path, line, what, Status.PARTIAL, "with no retries it does nothing")


def _keptn(document: Document) -> Iterator[Mechanism]:
    for found in maps(document.data):
        if str(found.get("name", "")).lower() == "rollback":
            yield Mechanism(document.path, found.line, "a Keptn rollback sequence", Status.PASS)
            return


def _by_keys(document: Document) -> Iterator[Mechanism]:
    """Ways back that are told by a key wherever it stands: ECS, CodeDeploy, SAM, Swarm, Spinnaker."""
    path = document.path
    for holder in maps(document.data):
        for key, value in holder.items():
            reader = _KEYS.get(key)
            if reader is not None:
                found = reader(value, path, holder.lines.get(key, holder.line))
                if found is not None:
                    yield found
        if holder.get("type") in ("rollbackCluster", "undoRolloutManifest") and "name" in holder:
            yield Mechanism(path, holder.line, "a Spinnaker rollback stage", Status.PASS)


def _true(value: Any) -> bool:
    return value is True or str(value).lower() == "true" or (isinstance(value, Map) and bool(value))


def _either(value: Any, *keys: str) -> Any:
    for key in keys:
        for name in (key, key[:1].upper() + key[1:]):
            if isinstance(value, Map) and name in value:
                return value[name]
    return None


def _circuit_breaker(value: Any, path: str, line: int) -> Mechanism | None:
    if not _true(_either(value, "enable", "enabled")):
        return None
    if _true(_either(value, "rollback")):
        return Mechanism(path, line, "an ECS deployment circuit breaker with rollback", Status.PASS)
    return Mechanism(path, line, "an ECS deployment circuit breaker", Status.PARTIAL, "`rollback` is not on")


def _code_deploy(value: Any, path: str, line: int) -> Mechanism | None:
    if _true(_either(value, "enabled")):
        return Mechanism(path, line, "CodeDeploy automatic rollback", Status.PASS)
    return None


def _sam(value: Any, path: str, line: int) -> Mechanism | None:
    enabled = _either(value, "enabled")
    if not isinstance(value, Map) or (enabled is not None and not _true(enabled)):
        return None
    alarms = _either(value, "alarms")
    if isinstance(alarms, (Seq, Map)) and alarms:
        return Mechanism(path, line, "a gradual Lambda deployment with alarms", Status.PASS)
    return Mechanism(
        path, line, "a gradual Lambda deployment", Status.PARTIAL, "it has no alarm that stops it"
    )


def _update_config(value: Any, path: str, line: int) -> Mechanism | None:
    if dig(value, "failure_action") == "rollback":
        line = value.lines["failure_action"] if isinstance(value, Map) else line
        return Mechanism(path, line, "`failure_action: rollback` in Swarm", Status.PASS)
    return None


def _rollback_alarms(value: Any, path: str, line: int) -> Mechanism | None:
    return Mechanism(path, line, "rollback alarms of the deployment", Status.PASS) if value else None


def _harness(value: Any, path: str, line: int) -> Mechanism | None:
    if isinstance(value, Seq) and value:
        return Mechanism(path, line, "Harness rollback steps", Status.PASS)
    return None


_KEYS = {
    "deploymentCircuitBreaker": _circuit_breaker,
    "DeploymentCircuitBreaker": _circuit_breaker,
    "autoRollbackConfiguration": _code_deploy,
    "AutoRollbackConfiguration": _code_deploy,
    "DeploymentPreference": _sam,
    "deploymentSettings": _sam,
    "update_config": _update_config,
    "rollback_alarms": _rollback_alarms,
    "rollbackSteps": _harness,
}


def helmfile(document: Document, called: bool) -> Iterator[Mechanism]:
    """`atomic` in a helmfile, which counts once something applies it."""
    data = document.mapping
    if "releases" not in data and "helmDefaults" not in data:
        return
    releases = data.get("releases")
    holders = [("helmDefaults", data.get("helmDefaults")), *(("release", r) for r in releases or ())]
    for _, holder in holders if isinstance(releases, Seq | None) else holders[:1]:
        if isinstance(holder, Map) and holder.get("atomic") is True:
            status = Status.PASS if called else Status.PARTIAL
            why = "" if called else "no pipeline applies the helmfile"
            yield Mechanism(
                document.path, holder.lines["atomic"], "`atomic: true` in the helmfile", status, why
            )
            return
