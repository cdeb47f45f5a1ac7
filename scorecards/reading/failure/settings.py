"""Timeouts, retries and fallbacks in configuration and code, where the dependency is named.

In YAML and JSON what stands in the mapping that names it (Istio, Envoy, Linkerd, Dapr, resilience4j, a client's
settings); in anything else what stands near its name. https://istio.io/latest/docs/reference/config/networking/
"""

# ruff: noqa: E501

import re
from collections.abc import Iterator
from typing import Any

from catalog.document import Document, Map, Seq, maps
from catalog.regex import regex
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.reading.failure.mode import WORDS, Mode, kind_of_key, set_in_line
from scorecards.reading.failure.naming import Named
from scorecards.reading.objective import text_of
from scorecards.reading.paths import paths
from scorecards.reading.scope import aside, is_neighbours
from scorecards.reading.words import word_set

_CODE = (
    *(
        "py",
        "go",
        "ts",
        "js",
        "mjs",
        "java",
        "kt",
        "scala",
        "cs",
        "rb",
        "rs",
        "php",
        "ex",
        "exs",
        "clj",
        "fs",
        "vb",
    ),
)
_FLAT = ("properties", "env", "toml", "ini", "cfg", "conf", "tf", "hcl", "xml", "config")
_DATA = ("yaml", "yml", "json")
_NOT = regex(
    r"(?:^|/)(?:\.github|\.circleci|\.buildkite|\.gitlab|node_modules|dist|build|target|docs?|migrations?|tests?|spec|e2e|__tests__"
    r"|testing|mocks?|load|perf|k6|dashboards?|scripts?|tools?|hack|chaos|drills?|generated|protos?)/|(?:^|/)(?:test_[^/]*|[^/]*[._-](?:test|spec|tests)\.[a-z]+|[^/]*Tests?\.\w+|conftest\.py"
    r"|package(?:-lock)?\.json|[^/]*lock[^/]*|tsconfig[^/]*|openapi[^/]*|swagger[^/]*|mkdocs\.yml|\.gitlab-ci\.yml|azure-pipelines[^/]*"
    r"|catalog-info[^/]*|\.pre-commit[^/]*|renovate[^/]*|[^/]*(?:alerts?|rules|dashboard)[^/]*\.(?:ya?ml|json))$"
)
_LIKELY = tuple(
    word_set(
        """
        client gateway adapter connector integration provider http api remote upstream repositor db database store resilien
        retry config setting main app server service protect infra queue kafka redis cache messag extern
        proxy startup program index handler usecase bootstrap frontend backend route view controller
        """
    )
)
"""One of these stands in the path of most code that calls something."""
_GENERAL = regex(
    r"(?:^|/)[^/]*(?:http|rest|api|base)[-_]?client[^/]*$|(?:^|/)[^/]*(?:resilien|retry|retries|circuit|polly|protection)[^/]*$",
    re.IGNORECASE,
)
_COMMENT = regex(
    r"^[ \t]*(?:#|//|\*|--|;|<!--)[^\n]*|/\*.*?\*/|\"\"\"(?:[^\"]|\"(?!\"\"))*\"\"\"",
    re.MULTILINE | re.DOTALL,
)
_MAX_FILES = 250
_FEW = 20
"""So little code is read whole."""
_MAX = 200_000
_NEAR = 12
_NEAR_STORE = 5
"""Lines before and after a name, or a word for a store, that belong to it."""
_KEYS = word_set(
    "host name cluster service upstream target destination app url uri base_url baseUrl base-url baseURL address"
    " endpoint hostname id upstreamName serviceName"
)
_LISTS = frozenset(["hosts", "domains", "targets", "apps", "services", "clusters", "upstreams", "hostnames"])
_PROBES = ("healthcheck", "probe", "lifecycle", "strategy", "backoffLimit")
_MESH = (
    *(
        "VirtualService",
        "DestinationRule",
        "ServiceProfile",
        "HTTPRoute",
        "GRPCRoute",
        "ServiceRouter",
        "ServiceResolver",
    ),
    *(
        "ServiceDefaults",
        "MeshTimeout",
        "MeshRetry",
        "MeshCircuitBreaker",
        "Timeout",
        "Retry",
        "CircuitBreaker",
        "BackendTrafficPolicy",
    ),
    *("ServiceEntry", "Service", "ServersTransport", "TrafficPolicy"),
)


def modes(
    snapshot: Snapshot, service: Service, wanted: tuple[Named, ...]
) -> Iterator[tuple[Named | None, Mode]]:
    """What is set for each dependency; None where what is set is for whatever is called."""
    read = 0
    for path in _candidates(snapshot, service, wanted):
        text = snapshot.text(path)
        if not text or len(text) > _MAX:
            continue
        read += 1
        if read > _MAX_FILES:
            return
        lowered = text.lower()
        if not any(word in lowered for word in WORDS):
            continue
        if not _GENERAL.search(path) and not any(
            w in lowered or w in path.lower() for n in wanted for w in n.words
        ):
            continue
        ending = path.rpartition(".")[2].lower()
        if ending in _DATA and not snapshot.parsed(path).errors:
            for document in snapshot.parsed(path).documents:
                yield from _document(document, wanted)
        else:
            yield from _text(path, text, wanted)


def _candidates(snapshot: Snapshot, service: Service, wanted: tuple[Named, ...]) -> Iterator[str]:
    """Configuration and code of the service, what names a dependency in its path first."""
    known = paths(snapshot)
    code = list(known.ending(*_CODE))
    if len(code) > _FEW:
        together = "\n".join(code).lower()  # asked once for all paths
        asked = [w for w in (*_LIKELY, *{w for n in wanted for w in n.words}) if w in together]
        code = [path for path in code if _holds(path.lower(), asked)] if asked else []
    held = [*known.ending(*_DATA), *known.ending(*_FLAT), *code]
    together = "\n".join(held).lower()
    words = [w for w in {w for n in wanted for w in n.words} if w in together]
    rest = []
    for path in held:
        base = path[path.rfind("/") + 1 :].lower() if words else ""
        named = any(w in base for w in words) and any(n.names(path.rpartition("/")[2]) for n in wanted)
        inside = path.removeprefix(f"{service.path}/" if service.path else "")
        if not _NOT.search(inside) and not aside(path, service) and not is_neighbours(path, service):
            if named:
                yield path
            else:
                rest.append(path)
    yield from rest


def _holds(text: str, words: list[str]) -> bool:
    for word in words:  # noqa: SIM110 - a generator for each path costs more than the search
        if word in text:
            return True
    return False


def _document(document: Document, wanted: tuple[Named, ...]) -> Iterator[tuple[Named | None, Mode]]:
    data = document.mapping
    mesh = text_of(data.get("kind")) in _MESH
    for one in wanted:
        if mesh and _is(data.get("metadata"), one):
            yield from ((one, m) for m in _below(data, document.path))
            continue
        for holder in maps(data):
            for key, value in holder.items():
                if key in _PROBES or key in ("env", "labels", "annotations", "metadata"):
                    continue
                line = holder.lines.get(key, holder.line)
                if one.names(key):
                    if isinstance(value, Map | Seq):
                        yield from ((one, m) for m in _below(value, document.path))
                    else:
                        yield from ((one, m) for m in _set(key, value, document.path, line))
                elif (key in _KEYS and one.names(text_of(value))) or (
                    key in _LISTS and isinstance(value, Seq) and any(one.names(text_of(v)) for v in value)
                ):
                    yield from ((one, m) for m in _below(holder, document.path))


def _is(metadata: Any, one: Named) -> bool:
    return isinstance(metadata, Map) and one.names(text_of(metadata.get("name")))


def _below(node: Any, path: str, depth: int = 0) -> Iterator[Mode]:
    """What the keys below a place set."""
    if isinstance(node, Seq):
        for item in node[:200]:
            yield from _below(item, path, depth + 1)
    if not isinstance(node, Map) or depth > 12:
        return
    for key, value in node.items():
        if any(word in key.lower() for word in _PROBES):
            continue
        line = node.lines.get(key, node.line)
        found = list(_set(key, value, path, line))
        yield from found
        if isinstance(value, Map | Seq):
            yield from _below(value, path, depth + 1)


def _set(key: str, value: Any, path: str, line: int) -> Iterator[Mode]:
    what = kind_of_key(key)
    if what is None:
        return
    if isinstance(value, Map | Seq):
        if not value or (isinstance(value, Map) and value.get("enabled") is False):
            return
        inner = [f"{k}: {text_of(v)}" for k, v in value.items()] if isinstance(value, Map) else []
        if what != "timeout":
            yield Mode(what, key[:60], path, line)
        elif told := [i for i in inner if re.search(r"[1-9]", i)]:
            yield Mode(what, f"{key}: {told[0]}"[:60], path, line)
        return
    shown = text_of(value)
    if shown.lower() not in ("", "0", "0s", "0ms", "false", "none", "never", "-1", "disabled"):
        yield Mode(what, f"{key}: {shown}"[:60], path, line)


def _text(path: str, text: str, wanted: tuple[Named, ...]) -> Iterator[tuple[Named | None, Mode]]:
    """What code and flat settings say near a dependency's name, or in a file that is named for it."""
    lines = _COMMENT.sub(lambda m: "\n" * m[0].count("\n"), text).split("\n")
    found: list[Mode] = []
    for number, line in enumerate(lines, 1):
        lowered = line.lower()
        if any(word in lowered for word in WORDS):
            found += set_in_line(line, path, number)
    if not found:
        return
    base = path.rpartition("/")[2]
    for one in wanted:
        if one.names(base):
            yield from ((one, m) for m in found)
            continue
        for mode in found:
            if _near(lines, mode.line, one.pattern, _NEAR) or (
                any(_near(lines, mode.line, store, _NEAR_STORE) for store in one.stores)
            ):
                yield one, mode
    if _GENERAL.search(path):
        yield from ((None, m._replace(general=True)) for m in found)


def _near(lines: list[str], line: int, pattern: re.Pattern[str], reach: int) -> bool:
    return pattern.search("\n".join(lines[max(0, line - 1 - reach) : line + reach])) is not None
