"""Compose and Swarm, Nomad, and platforms that run a repository by a file at its root.

https://docs.docker.com/reference/compose-file/deploy/, https://developer.hashicorp.com/nomad/docs/job-specification
https://render.com/docs/blueprint-spec, https://fly.io/docs/reference/configuration/
"""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from catalog.document import Document, Map, Seq, dig, maps
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.bound import Bounds, Seen, number
from scorecards.reading.objective import text_of
from scorecards.reading.paths import paths
from scorecards.reading.workloads.compose import NAMES as COMPOSE
from scorecards.reading.workloads.nomad import NAMES as NOMAD
from scorecards.reading.workloads.terraform import braces

_ROOT = regex(
    r"(?:^|/)(?:render\.ya?ml|fly(?:\.[\w-]+)?\.toml|\.do/app\.ya?ml|copilot/[^/]+/manifest\.ya?ml|app\.ya?ml|app\.json|manifest\.ya?ml)$"
)
_JOB = regex(r'^[ \t]*job[ \t]+"?([\w.${}-]+)"?[ \t]*\{', re.MULTILINE)
_HASH = regex(r"^[ \t]*(?:#|//)[^\n]*", re.MULTILINE)


def find(snapshot: Snapshot) -> Iterator[Bounds]:
    """Every service of these files."""
    for path in paths(snapshot).ending("yaml", "yml", "toml", "json"):
        if COMPOSE.search(path):
            for document in snapshot.parsed(path).documents:
                yield from _compose(document)
        elif _ROOT.search(path):
            yield from _platform(snapshot, path)
    for path in paths(snapshot).ending("nomad", "hcl"):
        if NOMAD.search(path):
            yield from _nomad(path, snapshot.text(path) or "")


def _compose(document: Document) -> Iterator[Bounds]:
    services = document.get("services")
    for name, service in services.items() if isinstance(services, Map) else ():
        if isinstance(service, Map):
            yield _composed(service, name, document.path, services.lines.get(name, document.line))


def _composed(service: Map, name: str, path: str, line: int) -> Bounds:
    deploy = service.get("deploy")
    held = dig(deploy, "resources")
    limits = _sized(dig(held, "limits"), "limits", path)
    requests = _sized(dig(held, "reservations"), "reservations", path)
    for key in ("mem_limit", "cpus", "cpu_quota"):
        if limits is None and service.get(key) is not None:
            limits = Seen(f"{key} {text_of(service.get(key))}", path, service.lines.get(key, line))
    if requests is None and service.get("mem_reservation") is not None:
        requests = Seen("mem_reservation", path, service.lines.get("mem_reservation", line))
    many = None
    for holder, key in ((deploy, "replicas"), (service, "scale")):
        count = number(holder.get(key)) if isinstance(holder, Map) else None
        if isinstance(holder, Map) and count is not None and count > 1:
            many = Seen(f"{count:g} replicas", path, holder.lines.get(key, line))
    if dig(deploy, "mode") == "global":
        many = Seen("one on each machine", path, line)
    build = service.get("build")
    context = dig(build, "context") if isinstance(build, Map) else build
    joined = None
    if build is not None:
        joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), str(context or ".")))
        joined = "" if joined == "." else joined
    # A limit without a reservation promises nothing, and holds all the same.
    return Bounds(
        *("Compose", "service", name, path, line, text_of(service.get("image")), joined),
        *(requests or limits, limits, many),
    )


def _sized(held: Any, word: str, path: str) -> Seen | None:
    if not isinstance(held, Map):
        return None
    given = [f"{k} {text_of(v)}" for k, v in held.items() if k in ("cpus", "memory", "pids") and text_of(v)]
    return Seen(f"{word}: {', '.join(given)[:60]}", path, held.line) if given else None


def _nomad(path: str, text: str) -> Iterator[Bounds]:
    plain = _HASH.sub("", text[:200_000])
    job = _JOB.search(plain)
    if job is None:
        return

    def seen(pattern: str, shown: str) -> Seen | None:
        found = re.search(pattern, plain, re.MULTILINE)
        return Seen(shown, path, plain.count("\n", 0, found.start()) + 1) if found else None

    start = re.search(r"^[ \t]*resources[ \t]*\{", plain, re.MULTILINE)
    body = braces(plain, start.end() - 1) if start else ""
    amount = (
        seen(r"^[ \t]*resources[ \t]*\{", "resources")
        if re.search(r"\b(?:memory|cpu|cores)\b", body)
        else None
    )
    many = seen(r"^[ \t]*count[ \t]*=[ \t]*(?:[2-9]|\d\d|[a-z$\"])", "count") or seen(
        r"^[ \t]*scaling[ \t]*[\"{]", "scaling"
    )
    each = re.search(r'^[ \t]*type[ \t]*=[ \t]*"(?:system|sysbatch|batch)"', plain, re.MULTILINE) is not None
    image = re.search(r'\bimage[ \t]*=[ \t]*"([^"]*)"', plain)
    line = plain.count("\n", 0, job.start()) + 1
    yield Bounds(
        "Nomad",
        "job",
        job[1],
        path,
        line,
        image[1] if image else "",
        None,
        amount,
        amount,
        many,
        counted=not each,
    )


_SIZES = (
    "plan",
    "vm_size",
    "instance_size_slug",
    "instance_class",
    "memory",
    "cpu",
    "size",
    "memory_gb",
    "cpus",
)
_COUNTS = (
    *("numInstances", "instance_count", "min_machines_running", "instances", "count", "quantity"),
    *("max_instance_count", "maxInstances", "max_instances", "max_num_instances", "max_machines_running"),
)
_SCALES = ("scaling", "autoscaling", "automatic_scaling", "autoscale", "range")


def _platform(snapshot: Snapshot, path: str) -> Iterator[Bounds]:
    text = snapshot.text(path) or ""
    if "kind:" in text and "apiVersion:" in text:
        return
    base = path.rpartition("/")[2]
    for document in snapshot.parsed(path).documents:
        data = document.mapping
        parts = data.get("services") if isinstance(data.get("services"), Seq) else data.get("applications")
        held = [p for p in parts if isinstance(p, Map)] if isinstance(parts, Seq) else [data]
        for part in held[:40]:
            if part is data and not _known(base, data):
                continue
            amount = many = None
            for holder in maps(part):
                for key, value in holder.items():
                    line = _line(text, key) if path.endswith(".toml") else holder.lines.get(key, holder.line)
                    if key in _SIZES and text_of(value):
                        amount = amount or Seen(f"{key} {text_of(value)[:40]}", path, line)
                    elif key in _COUNTS and (
                        (number(value) or 0) > 1 or text_of(value).startswith(("((", "${"))
                    ):
                        many = many or Seen(f"{key} {text_of(value)}", path, line)
                    elif key in _SCALES and value:
                        many = many or Seen(key, path, line)
            name = text_of(part.get("name") or data.get("app") or data.get("name"))
            yield Bounds(base, base, name, path, part.line, "", None, amount, amount, many)


def _known(base: str, data: Map) -> bool:
    """Whether the file is what its name says, and not some other `app.yaml` or `app.json`."""
    if base.startswith("app.y"):
        return "runtime" in data
    if base.startswith("manifest"):
        return "type" in data and "image" in data
    return base.startswith("fly") or (base == "app.json" and isinstance(data.get("formation"), Map))


def _line(text: str, key: str) -> int:
    found = re.search(rf"^[ \t]*{re.escape(key)}[ \t]*=", text, re.MULTILINE)
    return 1 if found is None else text.count("\n", 0, found.start()) + 1
