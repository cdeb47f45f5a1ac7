"""Gradual deliveries that YAML and JSON declare: Argo Rollouts, Flagger, Cloud Deploy, meshes, AWS.

An AnalysisTemplate or a MetricTemplate that nothing references is weak by itself.
"""

import re
from collections.abc import Iterator
from typing import Any

from catalog.document import Document, Map, Seq, dig, maps
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.charts import UNRENDERED
from scorecards.reading.paths import paths
from scorecards.reading.progressive.gradual import Gradual, gradual, hollow
from scorecards.reading.progressive.keys import by_keys
from scorecards.reading.rollbacks.manifests import documents, measures_something
from scorecards.result import Status

_ENDINGS = ("yaml", "yml", "json", "tpl", "tmpl", "gotmpl", "j2")
_MARKS = (
    *("anary", "kind: Rollout", "AnalysisTemplate", "MetricTemplate", "DeploymentPreference", "CANARY"),
    *(
        "deploymentSettings",
        "CodeDeploy",
        "GREEN",
        "ueGreen",
        "lue_green",
        "-green",
        "weight:",
        "TrafficSplit",
    ),
)
_MAX = 300_000
_ANALYSES = ("analysis", "prePromotionAnalysis", "postPromotionAnalysis", "experiment")
_GATES = ("pre-rollout", "rollout", "confirm-promotion", "acceptance", "rollback", "confirm-traffic-increase")


def read(snapshot: Snapshot) -> Iterator[Gradual]:
    """Every gradual delivery that YAML and JSON of the repository declare."""
    found: list[Document] = []
    for path in paths(snapshot).ending(*_ENDINGS):
        text = snapshot.text(path)
        if not text or len(text) > _MAX or path.endswith(("package.json", "lock.yaml", "lock.json")):
            continue
        if _is_marked(text) and not path.startswith((".github/", ".circleci/")):
            found += (d for top in documents(snapshot, path) for d in _with_inner(top, 0))
            if len(found) > 3_000:
                break
    yield from _of(snapshot, found)


def _is_marked(text: str) -> bool:
    for mark in _MARKS:  # noqa: SIM110 - a generator for each file costs more than the search
        if mark in text:
            return True
    return False


def _with_inner(document: Document, depth: int) -> Iterator[Document]:
    yield document
    if depth < 2 and document.get("kind") in (
        "Kustomization",
        "ConfigMap",
        "HelmRelease",
        "Application",
        None,
    ):
        for inner in document.embedded:
            yield from _with_inner(inner, depth + 1)


def _of(snapshot: Snapshot, found: list[Document]) -> Iterator[Gradual]:
    analyses = _Analyses(found)
    for document in found:
        kind, group = str(document.get("kind") or ""), str(document.get("apiVersion") or "")
        if kind == "Rollout" and group.startswith("argoproj.io"):
            yield from _rollout(document, analyses)
        elif kind == "Canary" and "flagger" in group:
            yield _flagger(document)
        elif kind == "Rollout" and "kruise" in group:
            yield gradual(document.path, document.line, f"the Kruise Rollout `{_name(document)}`", False)
        elif kind in ("VirtualService", "HTTPRoute", "TrafficSplit", "TraefikService", "IngressRoute"):
            yield from _weights(document, kind)
        elif kind == "Ingress" and _annotated(document):
            yield gradual(document.path, document.line, f"the canary Ingress `{_name(document)}`", False)
        elif kind == "DeliveryPipeline":
            yield from _cloud_deploy(document)
        elif kind == "Deployment":
            yield from _pair(snapshot, document)
        else:
            yield from by_keys(document)
    yield from analyses.unused()


def _name(document: Document) -> str:
    name = document.get("metadata", "name")
    return name if isinstance(name, str) and UNRENDERED not in name else ""


class _Analyses:
    """Templates that measure a new version: their metrics, and whether anything references them."""

    def __init__(self, found: list[Document]) -> None:
        self.templates: dict[str, Document] = {}
        self.used: set[str] = set()
        self.any_unrendered = False
        for document in found:
            kind = document.get("kind")
            if kind in ("AnalysisTemplate", "ClusterAnalysisTemplate", "MetricTemplate"):
                self.templates[_name(document)] = document
            else:
                self._references(document)

    def _references(self, document: Document) -> None:
        for holder in maps(document.data):
            name = holder.get("templateName") or dig(holder, "templateRef", "name")
            if isinstance(name, str):
                self.used.add(name)
                self.any_unrendered = self.any_unrendered or UNRENDERED in name

    def measures(self, name: str) -> bool | None:
        """Whether a template measures anything, None where it is not in the repository."""
        document = self.templates.get(name)
        if document is None:
            return None
        metrics = document.get("spec", "metrics")
        return isinstance(metrics, Seq) and any(measures_something(m) for m in metrics)

    def unused(self) -> Iterator[Gradual]:
        """Templates that no Rollout and no Canary names."""
        for name, document in self.templates.items():
            if name and name not in self.used and not self.any_unrendered:
                what = f"the {document.get('kind')} `{name}`"
                yield Gradual(document.path, document.line, what, Status.PARTIAL, "nothing references it")


def _rollout(document: Document, analyses: _Analyses) -> Iterator[Gradual]:
    strategy = document.get("spec", "strategy")
    canary, blue = dig(strategy, "canary"), dig(strategy, "blueGreen")
    if not isinstance(canary, Map) and not isinstance(blue, Map):
        return
    kind = "blue-green" if isinstance(blue, Map) else "canary"
    name = _name(document)
    what = f"the Argo Rollout {f'`{name}` ' if name else ''}({kind})"
    line = document.line_of("spec", "strategy")
    used: list[str] = []
    analysed = False
    for holder in maps(strategy):
        for key in _ANALYSES:
            if isinstance(holder.get(key), Map):
                analysed, line = True, holder.lines[key]
                used += _named(holder[key])
    if isinstance(canary, Map) and not canary.get("steps") and not analysed:
        why = "its canary has no steps, so it replaces all instances as a Deployment does"
        yield hollow(document.path, line, what, why)
        return
    if not analysed:
        yield gradual(document.path, line, what, False)
        return
    known = [analyses.measures(n) for n in used]
    if any(known) or any(UNRENDERED in n for n in used):
        yield gradual(document.path, line, f"{what} with analysis", True)
    elif used and None in known:
        why = f"its analysis template `{used[known.index(None)]}` is not in the repository"
        yield Gradual(document.path, line, what, Status.UNKNOWN, why)
    else:
        yield gradual(document.path, line, what, False, "its analysis measures nothing")


def _named(analysis: Map) -> list[str]:
    templates = analysis.get("templates")
    named = [dig(t, "templateName") for t in templates] if isinstance(templates, Seq) else []
    return [n for n in [*named, analysis.get("templateName")] if isinstance(n, str)]


def _flagger(document: Document) -> Gradual:
    analysis = document.get("spec", "analysis") or document.get("spec", "canaryAnalysis")
    what = f"the Flagger Canary `{_name(document)}`"
    line = document.line_of("spec", "analysis")
    if document.get("spec", "skipAnalysis") is True:
        return gradual(document.path, line, what, False, "`skipAnalysis` is true")
    metrics, hooks = dig(analysis, "metrics"), dig(analysis, "webhooks")
    gates = (
        [h for h in hooks if isinstance(h, Map) and h.get("type") in _GATES] if isinstance(hooks, Seq) else []
    )
    watched = bool(isinstance(metrics, Seq) and metrics) or bool(gates)
    return gradual(document.path, line, f"{what} with analysis" if watched else what, watched)


def _weights(document: Document, kind: str) -> Iterator[Gradual]:
    """Traffic that is split between versions of one service by weights."""
    for holder in maps(document.data):
        for key in ("route", "backendRefs", "backends", "services"):
            entries = holder.get(key)
            if not isinstance(entries, Seq):
                continue
            weights = [e.get("weight") for e in entries if isinstance(e, Map) and "weight" in e]
            if len(weights) > 1 and _splits(weights) and _versions(entries):
                line = holder.lines.get(key, document.line)
                yield gradual(
                    document.path, line, f"traffic that the {kind} `{_name(document)}` splits", False
                )
                return


def _splits(weights: list[Any]) -> bool:
    return all(isinstance(w, int | float | str) for w in weights)


_VERSION = regex(
    r"(?<![a-z])(?:canary|stable|blue|green|baseline|primary|v\d+|preview|new|old)(?![a-z])", re.IGNORECASE
)


def _versions(entries: Seq) -> bool:
    """Whether what traffic goes to are versions of one thing, as their names say."""
    named = []
    for entry in entries:
        inner = dig(entry, "destination")
        found = [
            str(m.get(k))
            for m in maps(inner or entry)
            for k in ("host", "subset", "name", "service")
            if k in m
        ]
        named.append(" ".join(found))
    return any(_VERSION.search(n) for n in named)


def _annotated(document: Document) -> bool:
    notes = document.get("metadata", "annotations")
    if not isinstance(notes, Map):
        return False
    return any(str(k).endswith("/canary") and str(v).lower() == "true" for k, v in notes.items())


def _cloud_deploy(document: Document) -> Iterator[Gradual]:
    for holder in maps(document.data):
        canary = holder.get("canary")
        if isinstance(canary, Map) and any("percentages" in m or "percentage" in m for m in maps(canary)):
            verified = any(m.get("verify") is True for m in maps(canary))
            line = holder.lines["canary"]
            why = "no phase is verified (`verify: true`)"
            yield gradual(document.path, line, "the Cloud Deploy canary", verified, why)


def _pair(snapshot: Snapshot, document: Document) -> Iterator[Gradual]:
    """A Deployment of the new version beside one of the old."""
    base, _, end = _name(document).rpartition("-")
    if end == "canary" and _has_deployment(snapshot, base, f"{base}-stable"):
        yield gradual(document.path, document.line, f"the canary Deployment `{base}-canary`", False)
    elif end == "green" and _has_deployment(snapshot, f"{base}-blue"):
        yield gradual(
            document.path, document.line, f"the Deployments `{base}-blue` and `{base}-green`", False
        )


def _has_deployment(snapshot: Snapshot, *named: str) -> bool:
    """Whether a manifest of the repository is a Deployment of one of these names."""
    word = re.compile(
        rf"\bname:\s*[\"']?(?:{'|'.join(map(re.escape, named))})[\"']?\s*(?:$|[,}}])", re.MULTILINE
    )
    for path in paths(snapshot).ending("yaml", "yml"):
        text = snapshot.text(path) or ""
        if "kind: Deployment" in text and word.search(text):
            return True
    return False
