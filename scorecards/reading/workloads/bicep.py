"""Bicep: App Service's health check path, probes of Container Apps, a load balancer's probes.

https://learn.microsoft.com/azure/container-apps/health-probes
"""

import re
from collections.abc import Iterator

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.workload import Probe, Purpose, Workload

NAMES = regex(r"\.bicep$")

_COMMENT = regex(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_PATH = regex(r"\bhealthCheckPath\s*:\s*'(/[^']*)'")
_TYPE = regex(r"\btype\s*:\s*'(Liveness|Readiness|Startup)'")
_PURPOSES: dict[str, Purpose] = {"Liveness": "liveness", "Readiness": "readiness", "Startup": "startup"}


def read(snapshot: Snapshot, path: str) -> Iterator[Workload]:
    """The probes of a file; those of a Container App count together."""
    text = snapshot.text(path) or ""
    if "ealthCheckPath" not in text and "probes" not in text:
        return
    plain = _COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    probes = [
        Probe("health", "http", m[1], path, plain.count("\n", 0, m.start()) + 1)
        for m in _PATH.finditer(plain)
    ]
    if re.search(r"\bprobes\s*:\s*\[", plain):
        for found in _TYPE.finditer(plain):
            line = plain.count("\n", 0, found.start()) + 1
            probes.append(Probe(_PURPOSES[found[1]], "http", "", path, line))
    if probes:
        yield Workload("Azure", "Bicep", "", path, probes[0].line, probes=tuple(probes))
