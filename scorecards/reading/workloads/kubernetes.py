"""Kubernetes and what resembles it: manifests, Kustomize patches, Knative, OpenShift, custom kinds that hold
a pod, and values given to a chart (HelmRelease, Argo Application, a values file).

https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
"""

from collections.abc import Iterator
from typing import Any

from catalog.document import Document, Map, Seq, dig, maps
from scorecards.reading.hollow import is_placeholder
from scorecards.reading.workload import Probe, Purpose, Workload, command_hollow

WORDS = (
    *("nessProbe", "startupProbe", "containers", "probes:"),
    *("healthcheck-path", "health-probe-path", "BackendConfig", "HealthCheckPolicy"),
)

PURPOSES: dict[str, Purpose] = {
    "readinessProbe": "readiness",
    "livenessProbe": "liveness",
    "startupProbe": "startup",
}
_SHORT: dict[str, Purpose] = {"readiness": "readiness", "liveness": "liveness", "startup": "startup"}
_HANDLERS = ("httpGet", "tcpSocket", "grpc", "exec")
_JOBS = frozenset({"Job", "CronJob"})


def of_document(document: Document) -> Iterator[Workload]:
    """Every container of a document, and every place in it that gives a container probes."""
    yield from _containers(document)
    for part in document.embedded:
        yield from _containers(part)


def _containers(document: Document) -> Iterator[Workload]:
    data = document.data
    if isinstance(data, Seq):
        yield from _json_patch(document, data)
    if not isinstance(data, Map) or data.get("kind") in ("CustomResourceDefinition", "ChaosEngine"):
        return
    for item in _objects(data):
        kind, name = str(item.get("kind") or ""), str(dig(item, "metadata", "name") or "")
        if kind in _JOBS:
            continue
        balancer = _balancer(item, document.path)
        if balancer is not None:
            yield Workload("Kubernetes", kind, name, document.path, balancer.line, probes=(balancer,))
        seen: set[int] = set()
        for holder in maps(item):
            containers = holder.get("containers")
            before = holder.get("initContainers")
            seen |= {id(c) for c in before} if isinstance(before, Seq) else set()
            if isinstance(containers, Seq):
                for container in containers:
                    if isinstance(container, Map):
                        seen.add(id(container))
                        yield _workload(document.path, kind, name, container)
            # Outermost first: a container is seen in its list before it is met itself.
            if id(holder) not in seen and (probes := tuple(probes_of(holder, document.path))):
                title = name or _part(item, holder)
                yield Workload(
                    "Kubernetes",
                    kind or "values",
                    title,
                    document.path,
                    probes[0].line,
                    _image(holder),
                    probes,
                )


def _balancer(item: Map, path: str) -> Probe | None:
    """The health check of a load balancer that stands before a Service or an Ingress."""
    annotations = dig(item, "metadata", "annotations")
    if isinstance(annotations, Map):
        for key, value in annotations.items():
            if key.endswith(("/healthcheck-path", "-healthcheck-path", "/health-probe-path")) and value:
                return Probe("health", "http", str(value), path, annotations.lines.get(key, annotations.line))
    if item.get("kind") in ("BackendConfig", "HealthCheckPolicy", "GCPBackendPolicy"):
        check = dig(item, "spec", "healthCheck") or dig(item, "spec", "default", "config")
        if isinstance(check, Map):
            target = check.get("requestPath") or dig(check, "httpHealthCheck", "requestPath") or ""
            return Probe("health", "http", str(target), path, check.line)
    return None


def _part(values: Map, holder: Map) -> str:
    """The chart's part that a place in a values file is for: its outermost key, "" at the top."""
    for key, value in values.items():
        if value is holder or any(m is holder for m in maps(value)):
            return key
    return ""


def _objects(data: Map) -> Iterator[Map]:
    """The objects of a List or an OpenShift Template, else the document itself."""
    for key in ("items", "objects"):
        items = data.get(key)
        if isinstance(items, Seq) and data.get("kind") in ("List", "Template"):
            yield from (item for item in items if isinstance(item, Map))
            return
    yield data


def _workload(path: str, kind: str, name: str, container: Map) -> Workload:
    title = str(container.get("name") or "")
    probes = tuple(probes_of(container, path))
    line = container.line
    return Workload("Kubernetes", kind or "Pod", name or title, path, line, _image(container), probes)


def _image(holder: Map) -> str:
    image = holder.get("image")
    if isinstance(image, Map):
        image = image.get("repository")
    return image if isinstance(image, str) else ""


def probes_of(holder: Map, path: str) -> Iterator[Probe]:
    """The probes that a mapping holds itself: `livenessProbe:`, or `liveness:` below `probes:`."""
    for key, purpose in PURPOSES.items() if not PURPOSES.keys().isdisjoint(holder) else ():
        if key in holder:
            probe = probe_of(holder[key], purpose, path, holder.lines.get(key, holder.line))
            if probe is not None:
                yield probe
    inner = holder.get("probes")
    if isinstance(inner, Map):
        for key, purpose in _SHORT.items():
            if key in inner:
                probe = probe_of(inner[key], purpose, path, inner.lines.get(key, inner.line))
                if probe is not None:
                    yield probe
    elif isinstance(inner, Seq):  # Azure Container Apps: a list, each with its type
        for entry in inner:
            if isinstance(entry, Map) and str(entry.get("type")).lower() in _SHORT:
                probe = probe_of(entry, _SHORT[str(entry["type"]).lower()], path, entry.line)
                if probe is not None:
                    yield probe


def probe_of(value: Any, purpose: Purpose, path: str, line: int) -> Probe | None:
    """The probe that a value stands for, None where it is empty or switched off."""
    if isinstance(value, str) and value.startswith("/"):
        return Probe(purpose, "http", value, path, line)
    if (
        not isinstance(value, Map)
        or not value
        or value.get("enabled") is False
        or value.get("disabled") is True
    ):
        return None
    for inner in (value.get("spec"), value.get("handler")):  # charts that pass a probe through
        if isinstance(inner, Map) and (found := probe_of(inner, purpose, path, line)) is not None:
            return found
    http = value.get("httpGet")
    if isinstance(http, Map):
        page = str(http.get("path") or "/")
        hollow = f"`{page[:60]}` was never filled in" if is_placeholder(page) else ""
        hollow = hollow if http else "it asks nothing"
        return Probe(purpose, "http", page, path, line, hollow)
    if isinstance(value.get("tcpSocket"), Map):
        hollow = "" if value["tcpSocket"] else "it asks nothing"
        return Probe(purpose, "tcp", str(value["tcpSocket"].get("port") or ""), path, line, hollow)
    if "grpc" in value:
        return Probe(purpose, "grpc", str(dig(value, "grpc", "port") or ""), path, line)
    command = dig(value, "exec", "command") or value.get("command")
    if command is not None or "exec" in value:
        text = " ".join(str(c) for c in command) if isinstance(command, list) else str(command or "")
        return Probe(purpose, "command", text, path, line, command_hollow(command))
    target = value.get("path") or value.get("httpPath") or value.get("endpoint")
    if isinstance(target, str) and target:
        return Probe(purpose, "http", target, path, line)
    if value.get("enabled") is True:
        what = str(value.get("type") or "").lower()
        return Probe(purpose, "tcp" if what == "tcp" else "http", what or "the chart's default", path, line)
    return None


def _json_patch(document: Document, operations: Seq) -> Iterator[Workload]:
    """A JSON patch (RFC 6902) that adds probes, as Kustomize applies it."""
    probes = []
    for operation in operations:
        if isinstance(operation, Map) and operation.get("op") in ("add", "replace"):
            purpose = PURPOSES.get(str(operation.get("path")).rpartition("/")[2])
            if purpose is not None:
                probe = probe_of(operation.get("value"), purpose, document.path, operation.line)
                if probe is not None:
                    probes.append(probe)
    if probes:
        yield Workload(
            "Kubernetes", "Kustomize patch", "", document.path, probes[0].line, probes=tuple(probes)
        )
