"""Objects of Kubernetes that bound workloads, whatever they were read from: manifests, patches, charts."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from catalog.document import Map, Seq, dig
from catalog.regex import regex
from scorecards.reading.bound import Seen, number
from scorecards.reading.objective import text_of

RUNNERS = frozenset(
    [
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "ReplicaSet",
        "ReplicationController",
        "DeploymentConfig",
        "Rollout",
    ]
)
JOBS = frozenset({"CronJob"})
MARKS = (
    *("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Rollout", "CronJob"),
    *(
        "PodDisruptionBudget",
        "HorizontalPodAutoscaler",
        "ScaledObject",
        "LimitRange",
        "nais.io/",
        "Kustomization",
    ),
    *("serving.knative.dev", "ClowdApp"),
)
"""One of them stands in every manifest that says anything here."""


class Place(NamedTuple):
    """Where objects stand: `at` gives the line in the file, `group` is the chart that they came with."""

    path: str
    at: Callable[[int], int] = int
    group: str = ""
    values: str = ""
    given: Mapping[str, str] = {}
    """Defaults of an OpenShift Template's parameters."""


class Container(NamedTuple):
    """One container: what it is promised and what it may take, where that is said."""

    name: str
    image: str
    requests: Seen | None
    limits: Seen | None


class Runner(NamedTuple):
    """One object that runs containers, or a patch of one. `group` is the chart or folder it came with."""

    kind: str
    name: str
    path: str
    line: int
    labels: Map
    containers: tuple[Container, ...]
    replicas: float | None
    replicas_line: int
    group: str = ""
    values: str = ""


class Scaler(NamedTuple):
    """One autoscaler: of what, and up to how many."""

    kind: str
    name: str
    target: str
    most: float | None
    seen: Seen
    group: str = ""
    values: str = ""


class Budget(NamedTuple):
    """One disruption budget that protects something."""

    name: str
    labels: Map
    seen: Seen
    group: str = ""
    values: str = ""


_PARAMETER = regex(r"\$\{\{?(\w+)\}?\}")
Found = Runner | Scaler | Budget | Seen
"""A `Seen` among them is a LimitRange: what every container of the namespace has unless it says otherwise."""


def objects(data: Any) -> Iterator[Map]:
    """The objects of a List or an OpenShift Template, else the document itself."""
    if not isinstance(data, Map):
        return
    for key in ("items", "objects"):
        items = data.get(key)
        if isinstance(items, Seq) and data.get("kind") in ("List", "Template"):
            yield from (item for item in items if isinstance(item, Map))
            return
    yield data


def read(item: Map, place: Place) -> Iterator[Found]:
    """What one object is of all this."""
    kind, name = text_of(item.get("kind")), text_of(dig(item, "metadata", "name"))
    spec = item.get("spec")
    if not isinstance(spec, Map):
        return
    if kind in RUNNERS or kind in JOBS:
        yield _runner(item, kind, name, spec, place)
    elif kind == "HorizontalPodAutoscaler":
        yield _scaler(kind, name, spec, ("minReplicas", "maxReplicas"), place)
    elif kind == "ScaledObject":
        yield _scaler(kind, name, spec, ("minReplicaCount", "maxReplicaCount"), place)
    elif kind == "PodDisruptionBudget":
        budget = _budget(name, spec, place)
        if budget is not None:
            yield budget
    elif kind == "LimitRange" and isinstance(spec.get("limits"), Seq):
        for limit in spec["limits"]:
            if isinstance(limit, Map) and limit.get("default") and limit.get("type") == "Container":
                yield Seen("LimitRange", place.path, place.at(limit.line))


def count(value: Any, place: Place) -> float | None:
    """A number of replicas; of a parameter its default, and two where whoever renders it gives it."""
    found = _PARAMETER.fullmatch(text_of(value))
    if found is None:
        return number(value)
    given = place.given.get(found[1])
    return number(given) if given else 2


def parameters(data: Any) -> dict[str, str]:
    """What the parameters of an OpenShift Template are by default."""
    listed = data.get("parameters") if isinstance(data, Map) else None
    entries = [e for e in listed if isinstance(e, Map)] if isinstance(listed, Seq) else []
    return {text_of(e.get("name")): text_of(e.get("value")) for e in entries}


def _runner(item: Map, kind: str, name: str, spec: Map, place: Place) -> Runner:
    name = "" if name.isdigit() else name  # filled in by a template
    template = dig(spec, "jobTemplate", "spec", "template") if kind == "CronJob" else spec.get("template")
    labels = dig(template, "metadata", "labels")
    listed = dig(template, "spec", "containers")
    containers = tuple(
        container(c, place) for c in (listed if isinstance(listed, Seq) else ()) if isinstance(c, Map)
    )
    return Runner(
        *(kind, name, place.path, place.at(item.line), labels if isinstance(labels, Map) else Map()),
        *(containers, count(spec.get("replicas"), place), place.at(spec.lines.get("replicas", spec.line))),
        *(place.group, place.values),
    )


def container(holder: Map, place: Place) -> Container:
    """A container, or whatever else holds `resources`."""
    image = holder.get("image")
    image = image.get("repository") if isinstance(image, Map) else image
    requests, limits = resources(holder.get("resources"), place)
    return Container(text_of(holder.get("name")), text_of(image), requests, limits)


def resources(held: Any, place: Place) -> tuple[Seen | None, Seen | None]:
    """Requests and limits. Where only limits are given, Kubernetes takes them for the requests too."""
    if not isinstance(held, Map):
        return None, None
    found: list[Seen | None] = []
    for key in ("requests", "limits"):
        inner = held.get(key)
        given = (
            [f"{k} {text_of(v)}" for k, v in inner.items() if _amount(k, v)] if isinstance(inner, Map) else []
        )
        line = place.at(held.lines.get(key, held.line))
        found.append(Seen(f"{key}: {', '.join(given)[:60]}", place.path, line) if given else None)
    requests, limits = found
    return requests or limits, limits


def _amount(key: str, value: Any) -> bool:
    if key not in ("cpu", "memory"):
        return False
    text = text_of(value)
    return bool(text) and number(text) != 0 and text != "unknown-here"


def _scaler(kind: str, name: str, spec: Map, bounds: tuple[str, str], place: Place) -> Scaler:
    least, most = bounds
    default = 100 if kind == "ScaledObject" else None
    top = count(spec.get(most), place) if most in spec else default
    shown = f"{kind} of {text_of(spec.get(least)) or '1'} to {text_of(spec.get(most)) or default or '?'}"
    seen = Seen(shown, place.path, place.at(spec.lines.get(most, spec.line)))
    target = text_of(dig(spec, "scaleTargetRef", "name"))
    return Scaler(kind, name, target, top, seen, place.group, place.values)


def _budget(name: str, spec: Map, place: Place) -> Budget | None:
    """A budget that protects something: not `minAvailable: 0`, nor `maxUnavailable: 100%`.

    Without a selector it is for no pod at all: https://kubernetes.io/docs/tasks/run-application/configure-pdb/
    """
    if "selector" not in spec:
        return None
    for key, nothing in (("minAvailable", ("0", "0%")), ("maxUnavailable", ("100%",))):
        text = text_of(spec.get(key))
        if text and text not in nothing:
            labels = dig(spec, "selector", "matchLabels")
            line = place.at(spec.lines.get(key, spec.line))
            seen = Seen(f"PodDisruptionBudget with {key} {text}", place.path, line)
            return Budget(name, labels if isinstance(labels, Map) else Map(), seen, place.group, place.values)
    return None
