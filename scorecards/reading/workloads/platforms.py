"""Platforms that run a repository by a file at its root, and take an unhealthy instance out by themselves.

Render `render.yaml`, Fly `fly.toml`, Railway `railway.*`, DigitalOcean `.do/app.yaml`, AWS Copilot
`copilot/*/manifest.yml`, Google App Engine `app.yaml`, Cloud Foundry `manifest.yml`, Elastic Beanstalk
`.ebextensions`, Kamal `config/deploy.yml`.
"""

import re
from collections.abc import Iterator

from catalog.document import Map, Seq, maps
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.workload import How, Probe, Workload, command_hollow

NAMES = regex(
    r"(?:^|/)(?:render\.ya?ml|fly(?:\.[\w-]+)?\.toml|railway\.(?:json|toml)|\.do/app\.ya?ml"
    r"|copilot/[^/]+/manifest\.ya?ml|app(?:\.[\w-]+|-[\w-]+)?\.ya?ml|manifest(?:[.-][\w-]+)?\.ya?ml"
    r"|\.ebextensions/[^/]+\.config|config/deploy(?:\.[\w-]+)?\.ya?ml)$"
)

_MANIFEST = regex(r"^(?:kind|apiVersion):|^\s+(?:kind|apiVersion):", re.MULTILINE)
_HEALTH = regex(r"health|_check|checks", re.IGNORECASE)

# Keys that hold a path, and keys that hold a mapping with one, in whichever of these files.
_PATHS = frozenset(
    {
        "healthCheckPath",
        "healthcheckPath",
        "health-check-http-endpoint",
        "Application Healthcheck URL",
        "HealthCheckPath",
    }
)
_MAPPINGS = frozenset(
    {
        "health_check",
        "healthcheck",
        "liveness_check",
        "readiness_check",
        "http_checks",
        "tcp_checks",
        "checks",
    }
)


def read(snapshot: Snapshot, path: str) -> tuple[Workload, ...] | None:
    """What the file says of health; None for a Kubernetes manifest that has such a name."""
    text = snapshot.text(path) or ""
    if _MANIFEST.search(text):
        return None
    found = []
    for document in snapshot.parsed(path).documents if _HEALTH.search(text) else ():
        probes = tuple(probe for holder in maps(document.data) for probe in _probes(holder, path))
        if probes:
            if path.endswith(".toml"):  # its values carry no lines
                probes = tuple(probe._replace(line=_line(text)) for probe in probes)
            name = document.get("name") or document.get("app") or ""
            system = path.rpartition("/")[2]
            found.append(Workload(system, system, str(name), path, probes[0].line, probes=probes))
    return tuple(found)


def _line(text: str) -> int:
    """The line of the first table or key that speaks of a check."""
    found = re.search(r"^[ \t]*\[{0,2}[\w.-]*check", text, re.MULTILINE | re.IGNORECASE)
    return 1 if found is None else text.count("\n", 0, found.start()) + 1


def _probes(holder: Map, path: str) -> Iterator[Probe]:
    for key, value in holder.items():
        line = holder.lines.get(key, holder.line)
        if key in _PATHS and isinstance(value, str) and value:
            yield Probe("health", "http", value, path, line)
        elif key == "health-check-type" and value in ("http", "port"):
            yield Probe("health", "http" if value == "http" else "tcp", "", path, line)
        elif key == "http" and isinstance(value, Map) and isinstance(value.get("healthcheck"), str):
            yield Probe("health", "http", value["healthcheck"], path, line)
        elif key in _MAPPINGS and isinstance(value, Map | Seq):
            yield from _mapping(value, path, line)


def _mapping(value: Map | Seq, path: str, line: int) -> Iterator[Probe]:
    entries = value if isinstance(value, Seq) else [value, *value.values()]
    for entry in entries:
        if not isinstance(entry, Map):
            continue
        target = entry.get("path") or entry.get("http_path")
        how: How = "http"
        hollow = ""
        if "command" in entry or "cmd" in entry:
            how, target = "command", entry.get("command") or entry.get("cmd")
            hollow = command_hollow(target)
        elif target is None and (entry.get("type") == "tcp" or "port" in entry or "grace_period" in entry):
            how, target = "tcp", entry.get("port") or ""
        if target is not None:
            yield Probe("health", how, str(target), path, entry.line if entry.line > 1 else line, hollow)
            return
