"""Docker Compose and Swarm: a service's `healthcheck`.

https://docs.docker.com/reference/compose-file/services/#healthcheck
"""

import posixpath
from collections.abc import Iterator

from catalog.document import Map, Seq, dig
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.workload import Probe, Workload, command_hollow

NAMES = regex(r"(?:^|/)(?:docker-)?compose[^/]*\.ya?ml$|(?:^|/)(?:docker-)?stack[^/]*\.ya?ml$")


def read(snapshot: Snapshot, path: str) -> Iterator[Workload]:
    """Every service of a compose file; `context` is set where it is built here."""
    for document in snapshot.parsed(path).documents:
        services = document.get("services")
        if not isinstance(services, Map):
            continue
        for name, service in services.items():
            if isinstance(service, Map):
                line = services.lines.get(name, services.line)
                image = service.get("image")
                yield Workload(
                    "Compose",
                    "service",
                    name,
                    path,
                    line,
                    image if isinstance(image, str) else "",
                    tuple(_probes(service, path)),
                    _context(service, path),
                )


def _probes(service: Map, path: str) -> Iterator[Probe]:
    for key, value, line in _labels(service):
        if key.endswith(".loadbalancer.healthcheck.path"):  # Traefik asks by itself
            yield Probe("health", "http", value, path, line)
    check = service.get("healthcheck")
    if not isinstance(check, Map) or check.get("disable") is True:
        return
    test = check.get("test")
    if test is None:  # only times: the test is the image's own
        return
    line = check.lines.get("test", check.line)
    text = " ".join(str(t) for t in test) if isinstance(test, list) else str(test)
    if text.strip() != "NONE":
        yield Probe("health", "command", text, path, line, command_hollow(test))


def _labels(service: Map) -> Iterator[tuple[str, str, int]]:
    labels = service.get("labels")
    if isinstance(labels, Map):
        for key, value in labels.items():
            yield key, str(value), labels.lines.get(key, labels.line)
    elif isinstance(labels, Seq):
        for label, line in zip(labels, labels.lines, strict=False):
            key, _, value = str(label).partition("=")
            yield key, value, line


def _context(service: Map, path: str) -> str | None:
    build = service.get("build")
    context = dig(build, "context") if isinstance(build, Map) else build
    if build is None:
        return None
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), str(context or ".")))
    return "" if joined == "." else joined
