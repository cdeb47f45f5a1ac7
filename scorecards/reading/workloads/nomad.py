"""Nomad: the checks of a job's services.

https://developer.hashicorp.com/nomad/docs/job-specification/check
"""

import re
from collections.abc import Iterator

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.workload import Probe, Workload, command_hollow
from scorecards.reading.workloads.terraform import braces

NAMES = regex(r"\.nomad(?:\.hcl|\.tpl)?$|(?:^|/)(?:nomad|jobs?)/[^/]*\.hcl$")

_JOB = regex(r'^[ \t]*job[ \t]+"?([\w.${}-]+)"?[ \t]*\{', re.MULTILINE)
_CHECK = regex(r"^[ \t]*check[ \t]*\{", re.MULTILINE)
_FIELD = regex(r'^[ \t]*(type|path|command|grpc_service|port)[ \t]*=[ \t]*"([^"]*)"', re.MULTILINE)


def read(snapshot: Snapshot, path: str) -> Iterator[Workload]:
    """The job of a file, with the checks of all its services."""
    text = re.sub(r"^[ \t]*(?:#|//)[^\n]*", "", snapshot.text(path) or "", flags=re.MULTILINE)
    job = _JOB.search(text)
    if job is None:
        return
    probes = []
    for found in _CHECK.finditer(text):
        fields = dict(_FIELD.findall(braces(text, found.end() - 1)))
        line = text.count("\n", 0, found.start()) + 1
        how = {"http": "http", "tcp": "tcp", "grpc": "grpc", "script": "command"}.get(
            fields.get("type", "http")
        )
        if how is not None:
            hollow = command_hollow(fields.get("command", "")) if how == "command" else ""
            probes.append(Probe("health", how, fields.get("path", ""), path, line, hollow))  # type: ignore[arg-type]
    line = text.count("\n", 0, job.start()) + 1
    yield Workload("Nomad", "job", job[1], path, line, probes=tuple(probes))
