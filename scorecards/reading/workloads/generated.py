"""Probes that code writes: AWS CDK, Pulumi, Jsonnet. A literal path is as good as in a file; what else the
code does is not run, so a probe that it only mentions is undecided.
"""

import posixpath
import re
from collections.abc import Iterator

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.workload import Probe, Purpose, Workload

NAMES = regex(r"\.(?:jsonnet|libsonnet)$|(?:^|/)(?:cdk\.json|Pulumi\.yaml)$")

_CODE = (".ts", ".py", ".js", ".java", ".cs", ".go")
_ASIDE = regex(r"(?:^|/)(?:tests?|__tests__|node_modules|dist|cdk\.out)/|\.(?:test|spec)\.|\.d\.ts$")
_MAX_FILES = 200
_BALANCER = regex(
    r"(?:configureHealthCheck|configure_health_check|healthCheck|health_check)\s*[:=(]\s*(?:new\s+)?[\w.]*[({]?"
    r"\s*\{?[^{}]{0,200}?\bpath\s*[:=]\s*[\"'`](/[^\"'`]*)",
    re.DOTALL,
)
_PROBE = regex(r"\b(liveness|readiness|startup)_?[pP]robe\b\s*\+?[:=]")
_PURPOSES: dict[str, Purpose] = {"liveness": "liveness", "readiness": "readiness", "startup": "startup"}
_RUN = "the code that sets it is not run here"


def read(snapshot: Snapshot, path: str) -> Iterator[Workload]:
    """The probes of a Jsonnet file, or of the code beside a `cdk.json` or `Pulumi.yaml`."""
    if path.endswith(("jsonnet", "libsonnet")):
        yield from _file(snapshot, path, "Jsonnet")
        return
    system = "CDK" if path.endswith("cdk.json") else "Pulumi"
    folder = posixpath.dirname(path)
    prefix = f"{folder}/" if folder else ""
    code = (p for p in snapshot.files if p.startswith(prefix) and p.endswith(_CODE) and not _ASIDE.search(p))
    for _, name in zip(range(_MAX_FILES), code, strict=False):
        yield from _file(snapshot, name, system)


def _file(snapshot: Snapshot, path: str, system: str) -> Iterator[Workload]:
    text = snapshot.text(path) or ""
    if "ealth" not in text and "robe" not in text:
        return
    text = re.sub(r"^[ \t]*(?://|#)[^\n]*", "", text, flags=re.MULTILINE)

    def line(found: re.Match[str]) -> int:
        return text.count("\n", 0, found.start()) + 1

    probes = [Probe("health", "http", m[1], path, line(m)) for m in _BALANCER.finditer(text)]
    if system != "CDK":
        probes += [
            Probe(_PURPOSES[m[1]], "http", "", path, line(m), undecided=_RUN) for m in _PROBE.finditer(text)
        ]
    if probes:
        yield Workload(system, "code", "", path, probes[0].line, probes=tuple(probes))
