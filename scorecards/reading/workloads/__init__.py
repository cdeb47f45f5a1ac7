"""What a repository says it runs: one module a platform, each read into `scorecards.reading.workload`.

A module of this folder defines one of

- `NAMES`, a pattern of paths, and `read(snapshot, path) -> Iterable[Workload] | None`, None where the file
  only has such a name;
- `WORDS`, of which one must stand in the text, and `of_document(document) -> Iterable[Workload]`, for YAML
  and JSON that is known by what stands in it.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.charts import chart_of
from scorecards.reading.paths import paths
from scorecards.reading.workload import Workload
from scorecards.reading.workloads import nais, templated

# YAML that is never a workload, so that it need not even be opened.
_OTHER = regex(
    r"(?:^|/)(?:\.github/|\.gitlab-ci|\.pre-commit|mkdocs|openapi|swagger|catalog-info|renovate|\.circleci/"
    r"|[^/]*-?lock\.(?:ya?ml|json)$|package\.json$|tsconfig|\.?codecov|dependabot|_config\.yml$|node_modules/)"
)
_DEPLOYED_JSON = regex(
    r"task|ecs|k8s|kube|deploy|manifest|containerapp|template|stack|cloudformation|cfn|infra", re.IGNORECASE
)
_VALUES = regex(r"(?:^|/)values[^/]*\.ya?ml$")
_TEMPLATES = frozenset({"tpl", "tmpl", "gotmpl", "tftpl", "j2", "erb"})
_ENDS = _TEMPLATES | {
    *("yaml", "yml", "json", "tf", "nomad", "hcl", "toml", "bicep", "dockerfile", "config", "cfg", "conf"),
    *("jsonnet", "libsonnet"),
}
_NAMED = regex(r"(?:^|/)(?:Docker|Container|Caddy)file[^/]*$")
_MAX_WORKLOADS = 2_000


def workloads(snapshot: Snapshot) -> tuple[Workload, ...]:
    """Everything that the repository's files say they run; read once a snapshot."""
    return snapshot.derive(_read)


@cache
def _modules() -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    found = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return (
        tuple(m for m in found if hasattr(m, "NAMES")),
        tuple(m for m in found if hasattr(m, "WORDS")),
    )


def _read(snapshot: Snapshot) -> tuple[Workload, ...]:
    found: list[Workload] = []
    sorted_ = paths(snapshot)
    chosen = {*sorted_.ending(*_ENDS), *(p for p in sorted_.holding("file") if _NAMED.search(p))}
    for path in sorted(chosen):
        if not _OTHER.search(path):
            found += _file(snapshot, path, path.rpartition(".")[2].lower())
            if len(found) > _MAX_WORKLOADS:
                break
    return tuple(found[:_MAX_WORKLOADS])


def _file(snapshot: Snapshot, path: str, end: str) -> Iterable[Workload]:
    for module in _modules()[0]:
        if module.NAMES.search(path):
            found: Iterable[Workload] | None = module.read(snapshot, path)
            if found is not None:
                return found
    if end in ("yaml", "yml") or end in _TEMPLATES or (end == "json" and _DEPLOYED_JSON.search(path)):
        return _documents(snapshot, path)
    return ()


def _documents(snapshot: Snapshot, path: str) -> Iterator[Workload]:
    text = snapshot.text(path)
    modules = [m for m in _modules()[1] if text is not None and any(word in text for word in m.WORDS)]
    if text is None or not modules:
        return
    chart = chart_of(snapshot, path) if "{{" in text else None
    if chart is not None or snapshot.parsed(path).errors:
        # Text until it is rendered, with `{{ }}` or another placeholder that breaks YAML.
        yield from templated.scan(snapshot, path, chart)
        if nais in modules:
            for document in templated.softened(text, path):
                yield from nais.of_document(document)
        return
    if path.endswith("/_helpers.tpl") or (_VALUES.search(path) and templated.decides(snapshot, path)):
        return
    for document in snapshot.parsed(path).documents:
        for module in modules:
            yield from module.of_document(document)
