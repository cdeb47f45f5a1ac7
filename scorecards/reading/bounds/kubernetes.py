"""Workloads of Kubernetes with what bounds them: manifests, Kustomize, charts of the repository, and values
that are given to a chart elsewhere.

https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
https://kubernetes.io/docs/tasks/run-application/configure-pdb/
"""

import posixpath
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from catalog.document import Document, Map, Seq, dig, maps, parse_yaml
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.bound import Bounds, Seen, number
from scorecards.reading.bounds import objects as kinds
from scorecards.reading.bounds.objects import Budget, Container, Place, Runner, Scaler
from scorecards.reading.charts import chart_of
from scorecards.reading.helm import charts
from scorecards.reading.helm.functions import WORD
from scorecards.reading.objective import text_of
from scorecards.reading.paths import paths

_MAX = 2_000
_WORD = r"(?:\{\{\{[^{}\n]{0,200}\}\}\}|\{\{[^{}\n]{0,200}\}\}|<%=?[^%\n]{0,200}%>|\{%[^%\n]{0,200}%\})"
_FILLED = regex(_WORD)
_STEERS = regex(rf"\s*(?:-\s+)?{_WORD}\s*\Z")
_PATCHED = regex(r"^/spec/(?:replicas|template/spec/containers/(\d+|-)/resources)")


class _Read(NamedTuple):
    """Everything that was found, to be put together."""

    runners: list[Runner]
    scalers: list[Scaler]
    budgets: list[Budget]
    ranges: list[Seen]

    def take(self, found: Iterator[kinds.Found]) -> None:
        for one in found:
            if isinstance(one, Runner):
                self.runners.append(one)
            elif isinstance(one, Scaler):
                self.scalers.append(one)
            elif isinstance(one, Budget):
                self.budgets.append(one)
            else:
                self.ranges.append(one)


def find(snapshot: Snapshot) -> Iterator[Bounds]:
    """Every workload of the repository's manifests, charts and values."""
    read = _Read([], [], [], [])
    more: list[Bounds] = []
    for path in (*paths(snapshot).ending("yaml", "yml"), *_templates(snapshot)):
        text = snapshot.text(path)
        if text is None or "kind:" not in text or not any(mark in text for mark in kinds.MARKS):
            continue
        if "{{" in text and chart_of(snapshot, path) is not None:
            continue
        parsed = snapshot.parsed(path)
        other = ("{{" in text and parsed.errors) or not path.endswith((".yaml", ".yml"))
        for document in _softened(text, path) if other else parsed.documents:
            more += _document(snapshot, document, read)
        if len(read.runners) > _MAX:
            break
    for chart in charts(snapshot):
        for manifest in chart.manifests:
            place = Place(manifest.document.path, manifest.line, chart.folder or ".", manifest.values)
            for item in kinds.objects(manifest.document.data):
                read.take(kinds.read(item, place))
        for path, why in chart.broken:
            if not any(r.path == path for r in read.runners):
                text = snapshot.text(path) or ""
                kind = next((k for k in kinds.RUNNERS if f"kind: {k}" in text), "")
                if kind:
                    more.append(Bounds("Kubernetes", kind, chart.name, path, 1, unread=why))
    yield from _together(read)
    yield from more


def _templates(snapshot: Snapshot) -> Iterator[str]:
    """Manifests that another tool than Helm fills in: `app.yaml.erb`, `app.yml.j2`."""
    for path in paths(snapshot).ending("erb", "j2", "tmpl", "tpl", "gotmpl", "mustache"):
        if path.rpartition(".")[0].endswith((".yaml", ".yml")):
            yield path


def _softened(text: str, path: str) -> Sequence[Document]:
    """The documents of such a template: a number for what is filled in, nothing for what only steers."""
    lines = (_FILLED.sub("2", line) if not _STEERS.match(line) else "" for line in text[:200_000].split("\n"))
    return parse_yaml("\n".join(lines), path).documents


def _document(snapshot: Snapshot, document: Document, read: _Read) -> Iterator[Bounds]:
    place = Place(document.path, given=kinds.parameters(document.data))
    for item in kinds.objects(document.data):
        kind, group = text_of(item.get("kind")), text_of(item.get("apiVersion"))
        if kind == "Kustomization" or "kustomize.config.k8s.io" in group:
            _kustomized(snapshot, item, document.path, read)
        elif group.startswith("nais.io/") and kind in ("Application", "Naisjob"):
            yield _nais(item, document.path)
        elif group.startswith("serving.knative.dev/") and kind == "Service":
            yield _knative(item, document.path)
        elif kind == "ClowdApp":
            yield from _clowder(item, place)
        else:
            read.take(kinds.read(item, place))
    for part in document.embedded:
        for item in kinds.objects(part.data):
            read.take(kinds.read(item, place))


# Kustomize.


def _kustomized(snapshot: Snapshot, item: Map, path: str, read: _Read) -> None:
    """`replicas`, and patches that stand in the file or that it names, for what they are aimed at."""
    for entry in _listed(item.get("replicas")):
        if isinstance(entry, Map) and number(entry.get("count")) is not None:
            read.runners.append(
                _patch("Deployment", text_of(entry.get("name")), path, entry.line, entry.get("count"))
            )
    for key in ("patches", "patchesJson6902"):
        for entry in _listed(item.get(key)):
            if not isinstance(entry, Map):
                continue
            name, kind = text_of(dig(entry, "target", "name")), text_of(dig(entry, "target", "kind"))
            written = entry.get("patch")
            where, documents = (
                path,
                parse_yaml(written, path, offset=entry.line).documents if isinstance(written, str) else (),
            )
            named = entry.get("path")
            if isinstance(named, str):
                where = posixpath.normpath(posixpath.join(posixpath.dirname(path), named))
                documents = snapshot.parsed(where).documents if where in snapshot else ()
            for document in documents:
                if isinstance(document.data, Seq):
                    read.runners.extend(_operations(document.data, kind, name, where))
                elif document is not None and where == path:
                    for inner in kinds.objects(document.data):
                        read.take(kinds.read(inner, Place(path)))


def _operations(operations: Seq, kind: str, name: str, path: str) -> Iterator[Runner]:
    for operation in operations:
        if not isinstance(operation, Map) or operation.get("op") not in ("add", "replace"):
            continue
        where = text_of(operation.get("path"))
        if not _PATCHED.match(where):
            continue
        if where == "/spec/replicas":
            yield _patch(kind, name, path, operation.line, operation.get("value"))
        else:
            held: Any = operation.get("value")
            for key in reversed(where.partition("/resources")[2].strip("/").split("/")):
                if key:
                    outer = Map(operation.line)
                    outer[key] = held
                    held = outer
            requests, limits = kinds.resources(held, Place(path))
            yield _patch(kind, name, path, operation.line, None, (Container("", "", requests, limits),))


def _patch(
    kind: str, name: str, path: str, line: int, count: Any, containers: tuple[Container, ...] = ()
) -> Runner:
    return Runner(kind or "Deployment", name, path, line, Map(), containers, number(count), line, "patch")


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, Seq) else ()


# What belongs together.


def _together(read: _Read) -> Iterator[Bounds]:
    """Each runner once by its name, with its patches, its autoscaler and its budget.

    A runner that several environments have counts with the most that any of them says.
    """
    whole = [r for r in read.runners if any(c.image for c in r.containers)]
    by_key: dict[tuple[str, str, str], list[Runner]] = {}
    for runner in whole:
        by_key.setdefault((runner.group, runner.kind, runner.name), []).append(runner)
    patches = [r for r in read.runners if r not in whole]
    for same in by_key.values():
        best = max((_bounds(r, patches, read) for r in same), key=lambda b: -len(b.lacks))
        yield best


def _bounds(runner: Runner, patches: Sequence[Runner], read: _Read) -> Bounds:
    mine = (
        [p for p in patches if not p.name or _same(p.name, runner.name)]
        if runner.group in ("", "patch")
        else []
    )
    containers = [_patched(c, mine, len(runner.containers)) for c in runner.containers]
    ranged = read.ranges[0] if read.ranges else None
    bare = tuple(c.name or c.image for c in containers if not ((c.requests and c.limits) or ranged))
    first = next((c for c in containers if c.requests or c.limits), None)
    requests = first.requests if first and all(c.requests for c in containers) else ranged
    limits = first.limits if first and all(c.limits for c in containers) else ranged
    counted = runner.kind not in ("DaemonSet", *kinds.JOBS)
    many = budget = None
    if counted:
        many = _many(runner, mine, read)
        budget = next((b.seen for b in read.budgets if _protects(b, runner)), None)
    return Bounds(
        *("Kubernetes", runner.kind, runner.name, runner.path, runner.line, containers[0].image, None),
        *(requests, limits, many, budget, bare, True, counted),
    )


def _same(one: str, other: str) -> bool:
    """Whether two names are one, a prefix or suffix that Kustomize puts on aside."""
    return one == other or WORD in one


def _patched(container: Container, patches: Sequence[Runner], count: int) -> Container:
    for patch in patches:
        for inner in patch.containers:
            if inner.name == container.name or not inner.name:
                container = container._replace(
                    requests=inner.requests or container.requests, limits=inner.limits or container.limits
                )
    return container


def _many(runner: Runner, patches: Sequence[Runner], read: _Read) -> Seen | None:
    for scaler in read.scalers:
        if _alike(scaler, runner) and (scaler.most is None or scaler.most > 1):
            aimed = scaler.target or scaler.name
            if aimed == runner.name or (runner.group and (WORD in aimed or WORD in runner.name)):
                return scaler.seen
    for one in (runner, *patches):
        if one.replicas is not None and one.replicas > 1:
            return Seen(f"{one.replicas:g} replicas", one.path, one.replicas_line)
    return None


def _alike(one: Scaler | Budget, runner: Runner) -> bool:
    """Whether both came from one chart with the same values, or neither from a chart."""
    if not runner.group:
        return True
    return one.group == runner.group and one.values == runner.values


def _protects(budget: Budget, runner: Runner) -> bool:
    if not _alike(budget, runner):
        return False
    if not budget.labels:
        return budget.name == runner.name
    if any(WORD in text_of(v) for v in (*budget.labels.values(), *runner.labels.values())):
        return True
    return all(text_of(runner.labels.get(k)) == text_of(v) for k, v in budget.labels.items())


# Custom kinds.


def _nais(item: Map, path: str) -> Bounds:
    """An Application of nais: the platform makes its budget. https://doc.nais.io/workloads/application/"""
    spec = item.get("spec")
    spec = spec if isinstance(spec, Map) else Map(item.line)
    requests, limits = kinds.resources(spec.get("resources"), Place(path))
    replicas = spec.get("replicas")
    least, most = number(dig(replicas, "min")), number(dig(replicas, "max"))
    many = None
    if not isinstance(replicas, Map) or (max(least or 2, most or 4) > 1):
        line = replicas.line if isinstance(replicas, Map) else item.line
        shown = (
            f"{least or 2:g} to {most or 4:g} replicas" if isinstance(replicas, Map) else "2 to 4 by default"
        )
        many = Seen(shown, path, line)
    job = item.get("kind") == "Naisjob"
    name = text_of(dig(item, "metadata", "name"))
    return Bounds(
        *("nais", text_of(item.get("kind")), name, path, item.line, text_of(spec.get("image")), None),
        *(requests, limits, None if job else many, None, (), False, not job),
    )


def _knative(item: Map, path: str) -> Bounds:
    """A Service of Knative or Cloud Run: it scales by itself, unless one is the most."""
    template = dig(item, "spec", "template")
    listed = _listed(dig(template, "spec", "containers"))
    found = [kinds.container(c, Place(path)) for c in listed if isinstance(c, Map)]
    notes = dig(template, "metadata", "annotations")
    most = (
        number(
            notes.get("autoscaling.knative.dev/maxScale") or notes.get("autoscaling.knative.dev/max-scale")
        )
        if isinstance(notes, Map)
        else None
    )
    many = None if most == 1 else Seen("scales by itself", path, item.line)
    limits = found[0].limits if found and all(c.limits for c in found) else None
    return Bounds(
        *("Knative", "Service", text_of(dig(item, "metadata", "name")), path, item.line),
        *(found[0].image if found else "", None, limits, limits, many),
    )


def _clowder(item: Map, place: Place) -> Iterator[Bounds]:
    """The deployments of a ClowdApp: its operator makes a budget for each that has replicas."""
    for entry in _listed(dig(item, "spec", "deployments")):
        if isinstance(entry, Map):
            requests, limits = kinds.resources(dig(entry, "podSpec", "resources"), place)
            held = entry.get("minReplicas") or entry.get("replicas")
            scaled = entry.get("autoScaler") or entry.get("autoScalerSimple")
            enough = scaled or (kinds.count(held, place) or 0) > 1
            many = Seen(f"{text_of(held)} replicas".strip(), place.path, entry.line) if enough else None
            yield Bounds(
                *("Clowder", "ClowdApp", text_of(entry.get("name")), place.path, entry.line),
                *(text_of(dig(entry, "podSpec", "image")), None, requests, limits, many),
            )


def values_elsewhere(snapshot: Snapshot) -> Iterator[Bounds]:
    """Values that are given to a chart of another repository."""
    for path in paths(snapshot).ending("yaml", "yml"):
        if chart_of(snapshot, path) is not None or "/templates/" in path:
            continue
        text = snapshot.text(path)
        if text is None or not any(
            word in text for word in ("resources", "replica", "emoryL", "emoryR", "cpuL")
        ):
            continue
        base = path.rpartition("/")[2].lower()
        loose = "values" in base and "kind:" not in text
        if not loose and not any(mark in text for mark in ("HelmRelease", "argoproj.io/", "helmCharts")):
            continue
        for document in snapshot.parsed(path).documents:
            if loose:
                if not _templated(snapshot, path):
                    yield from _given(document.mapping, path, "", "values")
            else:
                yield from _released(document)


def _templated(snapshot: Snapshot, path: str) -> bool:
    """Whether the values are for a chart of this repository that has templates of its own."""
    folder = posixpath.dirname(path)
    for chart in charts(snapshot):
        if chart.manifests and (folder == chart.folder or folder.startswith(f"{chart.folder}/")):
            return True
    return False


def _released(document: Document) -> Iterator[Bounds]:
    data = document.mapping
    name = text_of(dig(data, "metadata", "name"))
    if data.get("kind") == "HelmRelease":
        held = dig(data, "spec", "values")
        if isinstance(held, Map):
            yield from _given(held, document.path, name, "release")
    elif data.get("kind") in ("Application", "ApplicationSet"):
        for holder in maps(data):
            for key in ("values", "valuesObject"):
                held = holder.get(key)
                if isinstance(held, str):
                    parsed = parse_yaml(
                        held, document.path, offset=holder.lines.get(key, holder.line)
                    ).documents
                    held = parsed[0].data if parsed else None
                if isinstance(held, Map):
                    yield from _given(held, document.path, name, "release")


def _given(values: Map, path: str, name: str, kind: str) -> Iterator[Bounds]:
    """What the values of one release say: at the top, or of one part below it."""
    for key, holder in (("", values), *((k, v) for k, v in values.items() if isinstance(v, Map))):
        if key in ("resources", "autoscaling", "podDisruptionBudget", "pdb", "global"):
            continue
        requests, limits = kinds.resources(holder.get("resources"), Place(path))
        flat = {k: v for k, v in holder.items() if isinstance(v, str | int)}
        requests = requests or _flat(flat, holder, path, ("memoryRequests", "cpuRequests"))
        limits = limits or _flat(flat, holder, path, ("memoryLimits", "cpuLimits"))
        many = _more(holder, path)
        budget = None
        for word in ("podDisruptionBudget", "pdb", "pdbConfig"):
            inner = holder.get(word)
            if isinstance(inner, Map) and inner and inner.get("enabled") is not False:
                budget = Seen(f"{word} in values", path, holder.lines.get(word, holder.line))
        if requests or limits or many or budget:
            where = limits or requests or many or budget
            line = where.line if where else holder.line
            image = holder.get("image")
            image = image.get("repository") if isinstance(image, Map) else image
            yield Bounds(
                *("Helm", kind, name or key, path, line, text_of(image), None),
                *(requests, limits, many, budget, (), True),
            )


def _flat(flat: dict[str, Any], holder: Map, path: str, words: tuple[str, ...]) -> Seen | None:
    for word in words:
        if word in flat:
            return Seen(f"{word}: {text_of(flat[word])}", path, holder.lines.get(word, holder.line))
    return None


def _more(holder: Map, path: str) -> Seen | None:
    scaling = holder.get("autoscaling") or holder.get("hpa") or holder.get("keda")
    if isinstance(scaling, Map) and scaling.get("enabled") is True:
        most = number(scaling.get("maxReplicas"))
        if most is None or most > 1:
            return Seen("autoscaling in values", path, scaling.line)
    for word in ("replicaCount", "replicas", "minReplicas"):
        count = number(holder.get(word))
        if count is not None and count > 1:
            return Seen(f"{count:g} replicas", path, holder.lines.get(word, holder.line))
    return None
