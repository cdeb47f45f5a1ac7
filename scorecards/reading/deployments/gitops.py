"""Objects that keep a repository's files running: Argo CD, Flux, Fleet, Config Sync, image watchers."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from catalog.document import Document, Map, Seq, dig, maps
from catalog.regex import regex
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.reading.charts import UNRENDERED
from scorecards.reading.concerns import mentions
from scorecards.reading.deployments.deployment import Deployment
from scorecards.reading.hollow import is_placeholder
from scorecards.reading.paths import paths
from scorecards.reading.rollbacks.manifests import documents
from scorecards.reading.scope import aside, is_neighbours, is_own
from scorecards.reading.stack import stack
from scorecards.result import Status

_MARKS = ("argoproj.io/", "fluxcd.io/", "fleet.cattle.io", "configsync.gke.io", "keel.sh/", "watchtower")
_ENDINGS = ("yaml", "yml", "tpl", "tmpl", "gotmpl", "j2", "json")
_WATCHED = regex(r"keel\.sh/policy[\"']?\s*:\s*[\"']?(?!never)\w|image:\s*[\"']?\S*watchtower")
_MAX_JSON = 100_000
_NOBODYS = regex(
    r"[/:](?:example|examples|your[-_]?\w*|org|my-?org|your-org|username|user|owner|changeme|"
    r"placeholder|organization|company|"
    r"myorg|my-org|OWNER|ORG|USERNAME|REPLACE\w*|CHANGE\w*|TODO)/|//(?:\w+\.)?example\.(?:com|org)|<[^>]+>",
    re.IGNORECASE,
)


class Source(NamedTuple):
    """Where what is deployed stands: a repository's URL, a folder in it, or a chart."""

    url: str
    folder: str
    chart: str = ""


class Object(NamedTuple):
    """One object that deploys. `names` is all that says for what it is; `off` why it does nothing."""

    path: str
    line: int
    what: str
    sources: tuple[Source, ...]
    names: str
    off: str = ""


def kept(snapshot: Snapshot, service: Service) -> Iterator[tuple[Deployment, str]]:
    """The objects that may deploy the service, each with why it does not count, empty where it does."""
    for found in objects(snapshot):
        why = found.off or _not_counted(snapshot, service, found)
        yield Deployment(found.path, found.line, found.what, Status.PASS), why


def objects(snapshot: Snapshot) -> tuple[Object, ...]:
    """Every object of the repository that deploys; made once a snapshot."""
    return snapshot.derive(_read)


def _read(snapshot: Snapshot) -> tuple[Object, ...]:
    found: list[Object] = []
    for path in paths(snapshot).ending(*_ENDINGS):
        text = snapshot.text(path)
        if not text or not any(mark in text for mark in _MARKS) or len(found) > 1000:
            continue
        if path.endswith(".json") and len(text) > _MAX_JSON:
            continue
        if ("keel.sh/" in text or "watchtower" in text) and (watched := _WATCHED.search(text)):
            line = text.count("\n", 0, watched.start()) + 1
            what = "Keel" if "keel" in watched.group() else "Watchtower"
            found.append(Object(path, line, f"{what}, which runs each new image", (), ""))
        if "io/" in text:
            for document in documents(snapshot, path):
                found += _of_document(document, 0)
    return tuple(found)


def _of_document(document: Document, depth: int) -> Iterator[Object]:
    data = document.mapping
    for item in _items(data):
        found = _of_object(item, document.path, item.line if item is not data else document.line)
        if found is not None:
            yield found
    if depth < 2 and data.get("kind") in (
        "ConfigMap",
        "Application",
        "Kustomization",
        "HelmRelease",
        "List",
        None,
    ):
        for inner in document.embedded:
            yield from _of_document(inner, depth + 1)


def _items(data: Map) -> Iterator[Map]:
    items = data.get("items")
    if isinstance(items, Seq) and data.get("kind") == "List":
        yield from (item for item in items if isinstance(item, Map))
    else:
        yield data


def _of_object(data: Map, path: str, line: int) -> Object | None:
    kind, group = _word(data.get("kind")), _word(data.get("apiVersion"))
    name = _word(dig(data, "metadata", "name"))
    if UNRENDERED in name or not name:
        name = posixpath.basename(path)
    if kind in ("Application", "ApplicationSet") and group.startswith("argoproj.io/"):
        spec = dig(data, "spec") if kind == "Application" else dig(data, "spec", "template", "spec")
        sources = tuple(_argo(spec)) + (tuple(_generated(data)) if kind == "ApplicationSet" else ())
        names = " ".join([name, *(_word(dig(m, "releaseName")) for m in maps(spec)), _values(data)])
        off = "" if sources else "names no source"
        return Object(path, line, f"the Argo CD {kind} `{name}`", sources, names, off)
    if kind == "Kustomization" and group.startswith("kustomize.toolkit.fluxcd.io/"):
        if not isinstance(data.get("spec"), Map):
            return None
        folder = _plain(_word(dig(data, "spec", "path")) or ".")
        off = "is suspended" if dig(data, "spec", "suspend") is True else ""
        names = f"{name} {_word(dig(data, 'spec', 'sourceRef', 'name'))}"
        return Object(path, line, f"the Flux Kustomization `{name}`", (Source("", folder),), names, off)
    if kind == "HelmRelease" and "fluxcd.io/" in group:
        return _helm_release(data, path, line, name)
    if kind == "GitRepo" and group.startswith("fleet.cattle.io/"):
        folders = dig(data, "spec", "paths")
        url = _word(dig(data, "spec", "repo"))
        named = [_plain(_word(f)) for f in folders] if isinstance(folders, Seq) else ["."]
        sources = tuple(Source(url, f) for f in named)
        return Object(path, line, f"the Fleet GitRepo `{name}`", sources, name)
    if kind in ("RootSync", "RepoSync") and group.startswith("configsync.gke.io/"):
        source = Source(
            _word(dig(data, "spec", "git", "repo")), _plain(_word(dig(data, "spec", "git", "dir")) or ".")
        )
        return Object(path, line, f"the {kind} `{name}`", (source,), name)
    return None


def _helm_release(data: Map, path: str, line: int, name: str) -> Object:
    chart = _word(dig(data, "spec", "chart", "spec", "chart") or dig(data, "spec", "chart", "path"))
    reference = _word(dig(data, "spec", "chartRef", "name"))
    local = chart.startswith((".", "/"))
    source = Source("", _plain(chart)) if local else Source("", "", chart or reference)
    off = "is suspended" if dig(data, "spec", "suspend") is True else ""
    images = " ".join(_word(dig(m, "repository")) for m in maps(dig(data, "spec", "values")))
    names = f"{name} {_word(dig(data, 'spec', 'releaseName'))} {chart} {images}"
    return Object(path, line, f"the Flux HelmRelease `{name}`", (source,), names, off)


def _argo(spec: Any) -> Iterator[Source]:
    several = dig(spec, "sources")
    for source in [dig(spec, "source"), *(several if isinstance(several, Seq) else [])]:
        if isinstance(source, Map):
            folder, chart = _word(source.get("path")), _word(source.get("chart"))
            yield Source(
                _word(source.get("repoURL")), _plain(folder) if folder else "" if chart else ".", chart
            )


def _generated(data: Map) -> Iterator[Source]:
    """Folders that a git generator of an ApplicationSet finds."""
    for found in maps(dig(data, "spec", "generators")):
        git = found.get("git")
        for key in ("directories", "files"):
            listed = dig(git, key)
            for entry in listed if isinstance(listed, Seq) else ():
                if (
                    isinstance(entry, Map)
                    and entry.get("exclude") is not True
                    and isinstance(entry.get("path"), str)
                ):
                    yield Source(_word(dig(git, "repoURL")), _plain(entry["path"]))


def _values(data: Map) -> str:
    """The names that the list generator of an ApplicationSet gives."""
    found = []
    for each in maps(dig(data, "spec", "generators")):
        found += [v for v in each.values() if isinstance(v, str)][:50]
    return " ".join(found)[:5000]


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _plain(folder: str) -> str:
    """A folder from the root; what a template would fill in stays a mark."""
    if folder.startswith(".") and folder[1:2].isalpha():  # `.name` of a template
        return UNRENDERED
    return posixpath.normpath(folder.lstrip("/") or ".")


def _not_counted(snapshot: Snapshot, service: Service, found: Object) -> str:
    """Why an object does not deploy the service, empty where it does."""
    folder = aside(found.path, service)
    if folder:
        return f"stands in `{folder}`"
    if is_neighbours(found.path, service):
        return "belongs to another service of the repository"
    real = [s for s in found.sources if not (s.url and _is_nobodys(s.url))]
    if found.sources and not real:
        return f"deploys from `{found.sources[0].url[:80]}`, which was never filled in"
    named = mentions(f"{found.names} {posixpath.basename(found.path)}", service)
    if named or (is_own(found.path, service) and service.path):
        return ""
    here = [s for s in real if _is_here(snapshot, s)]
    if service.alone:
        gone = [
            s
            for s in real
            if _is_ours(snapshot, s.url)
            and s.folder
            and UNRENDERED not in s.folder
            and not _exists(snapshot, s.folder)
        ]
        if gone and len(gone) == len(real) and not here:
            return f"`{gone[0].folder}` is not in the repository"
        if here or not real or stack(snapshot, service) is None:
            return ""
        return "deploys something else than the service"
    if any(_leads_to(s.folder, service) or _speaks_of(snapshot, s.folder, service) for s in here):
        return ""
    return "is shared and does not name this service"


def _is_nobodys(url: str) -> bool:
    plain = url.replace(UNRENDERED, "x")
    if "{{" in plain or "$" in plain:
        return False
    return _NOBODYS.search(plain) is not None or is_placeholder(plain)


def _is_ours(snapshot: Snapshot, url: str) -> bool:
    """Whether a URL is this repository's, as far as its name tells."""
    last = url.rstrip("/").rpartition("/")[2].removesuffix(".git").lower()
    return not url or UNRENDERED in url or "{{" in url or last == snapshot.name.rpartition("/")[2].lower()


def _is_here(snapshot: Snapshot, source: Source) -> bool:
    """Whether what a source names stands in this repository."""
    if source.chart or not source.folder:
        return False
    if source.folder == ".":
        return _is_ours(snapshot, source.url)
    if UNRENDERED in source.folder or "{{" in source.folder:
        return _is_ours(snapshot, source.url)
    return _exists(snapshot, source.folder)


def _exists(snapshot: Snapshot, folder: str) -> bool:
    head = re.split(r"[*?\[{]", folder, maxsplit=1)[0].rstrip("/")
    if head in ("", "."):
        return True
    return head in snapshot or any(p.startswith(f"{head}/") for p in snapshot.files)


def _leads_to(folder: str, service: Service) -> bool:
    """Whether a folder holds the service's own manifests: its folder, or one that is named for it."""
    head = re.split(r"[*?\[{]", folder, maxsplit=1)[0].rstrip("/")
    if service.path and (
        service.path == head or service.path.startswith(f"{head}/") or head.startswith(f"{service.path}/")
    ):
        return head not in ("", ".")
    return service.name.lower() in folder.lower().split("/")


def _speaks_of(snapshot: Snapshot, folder: str, service: Service) -> bool:
    """Whether a manifest in a folder that is kept running names the service."""
    head = re.split(r"[*?\[{]", folder, maxsplit=1)[0].rstrip("/")
    if head in ("", "."):
        return False
    inside = [p for p in paths(snapshot).ending("yaml", "yml", "json") if p.startswith(f"{head}/")]
    return any(mentions(snapshot.text(p) or "", service) for p in inside[:200])
