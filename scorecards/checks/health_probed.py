"""The platform asks the service whether it is healthy, and acts on the answer.

## What it looks for

Where the service is run, a question that the platform asks by itself: on Kubernetes a readiness probe
with a liveness or a startup probe, by HTTP, TCP, gRPC or a real command; a `healthcheck` of the service
itself in a compose file; the health check of a load balancer, ECS, Nomad, nais or a hosting platform. Read
are manifests, Kustomize patches, charts with their default values, values given to a chart, Terraform and
CloudFormation. For a worker liveness alone is enough.

One probe alone is half of it: without readiness, requests reach what is not ready; without liveness, what
hangs is never restarted. A Dockerfile's HEALTHCHECK alone is half of it too, since Kubernetes ignores it. A
command that is always healthy (`true`, `curl … || true`) and the health check of a database are none.

## Why it matters

A process that runs is not a service that answers. Without probes a release that cannot reach its database
still receives its share of the traffic, a hung instance stays hung until somebody is called, and a rollout
calls a broken version done.

## How to fix it

Give the service an endpoint that says whether it can do its work, and let the platform ask it. Keep liveness
cheap, without dependencies: it restarts the process. Let readiness fail while a dependency that every request
needs is missing: it only takes the instance out of the balancing.

## Example

    # deploy/deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: payments
    spec:
      selector: {matchLabels: {app: payments}}
      template:
        metadata: {labels: {app: payments}}
        spec:
          containers:
            - name: payments
              image: registry.example.com/payments:1.4.2
              readinessProbe:
                httpGet: {path: /health/ready, port: 8080}
              livenessProbe:
                httpGet: {path: /health/live, port: 8080}

## Known limits

Whether the endpoint exists and tells the truth is not tried. Templates are not rendered: a probe under a
condition that the chart's default values do not decide is unknown. Probes that code makes (Pulumi, CDK,
Jsonnet) or another repository's chart brings along are not seen.
"""

from collections.abc import Iterable, Sequence

from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.workload import Probe, Workload, first_probe
from scorecards.reading.workload_scope import is_named, why_not_counted
from scorecards.reading.workloads import workloads
from scorecards.result import Evidence, Findings, Result, Status

STAGE = 3
REQUIRED = True
EFFORT = 2
EXCEPT = (
    "function",
    "static-site",
    "mobile-app",
    "data-pipeline",
    "library",
    "infrastructure-module",
    "tool",
    "documentation",
)

_MISSING = {
    "readiness": "a readiness probe, so that requests come only when it can answer them",
    "liveness": "a liveness or startup probe, so that what hangs is started anew",
}


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """Judge the probes of everything that runs the service."""
    findings = Findings()
    without: list[Workload] = []
    for workload in sorted(workloads(snapshot), key=lambda w: not is_named(w, service)):
        why = why_not_counted(workload, service)
        if why is None:
            if not _judge(workload, service, findings):
                without.append(workload)
        elif why and workload.probes:
            findings.skip(workload.path, f"{workload.title}: {why}", workload.line)
    for workload in without:
        findings.skip(workload.path, f"{workload.title} has no probe.", workload.line)
    if without:
        absent = f"{without[0].title} in `{without[0].path}` has no probe."
    else:
        absent = "Nothing that runs the service asks for its health."
    result = findings.best(absent, "")
    return result.with_fix(_fix(snapshot, service, without, result))


def _judge(workload: Workload, service: Service, findings: Findings) -> bool:
    """Add what a workload's probes come to; False where it has none."""
    probes = workload.probes
    ready, alive = first_probe(probes, "readiness"), first_probe(probes, "liveness", "startup")
    health, image = first_probe(probes, "health"), first_probe(probes, "image")
    where = f"{workload.title} in {workload.system}" if workload.system != "Kubernetes" else workload.title
    if health is not None:
        findings.add(Status.PASS, f"{where} is asked for its health.", _seen(health))
    elif ready is not None and alive is not None:
        findings.add(Status.PASS, f"{where} has readiness and {alive.purpose}.", _seen(ready), _seen(alive))
    elif alive is not None and service.type == "worker":
        findings.add(Status.PASS, f"{where} has {alive.purpose}, which is enough for a worker.", _seen(alive))
    elif open_ := _undecided(probes):
        found = [p for p in (ready, alive) if p is not None]
        message = f"{where}: {open_[0].undecided}."
        findings.add(Status.UNKNOWN, message, *(_seen(p) for p in (*found, *open_)))
        for probe in found:
            findings.add(Status.PARTIAL, _half(where, probe), _seen(probe))
    elif ready is not None or alive is not None:
        half = ready or alive or probes[0]
        findings.add(Status.PARTIAL, _half(where, half), _seen(half))
    elif image is not None:
        message = "The image has a HEALTHCHECK, which Kubernetes ignores; nothing else asks for its health."
        findings.add(Status.PARTIAL, message, _seen(image))
    elif probes:
        hollow = [p for p in probes if p.hollow]
        for probe in hollow:
            findings.skip(probe.path, f"{workload.title}: {probe.hollow}.", probe.line)
        return bool(hollow)
    else:
        return False
    return True


def _undecided(probes: Iterable[Probe]) -> list[Probe]:
    return [p for p in probes if p.undecided]


def _half(where: str, probe: Probe) -> str:
    other = "liveness" if probe.purpose == "readiness" else "readiness"
    return f"{where} has {probe.purpose} alone; it lacks {_MISSING[other]}."


def _seen(probe: Probe) -> Evidence:
    words = {"http": "HTTP", "tcp": "TCP", "grpc": "gRPC", "command": "command"}
    note = " ".join(x for x in (probe.purpose, words[probe.how], probe.target[:80]) if x)
    return Evidence(probe.path, probe.line, note if not probe.undecided else f"{probe.purpose}, undecided")


def _fix(snapshot: Snapshot, service: Service, without: Sequence[Workload], result: Result) -> str:
    """The smallest change for this repository: in the file that runs the service, in that file's language."""
    best = result.evidence[0] if result.evidence else None
    if result.status is Status.UNKNOWN and best is not None:
        return f"Set the probes in `{best.path}` without a condition, or give their values a default."
    if result.status is Status.PARTIAL and best is not None and not best.note.startswith("image"):
        lacking = "liveness" if best.note.startswith("readiness") else "readiness"
        path = "/health/live" if lacking == "liveness" else "/health/ready"
        return (
            f"Add to the same container in `{best.path}`:"
            f"\n\n    {lacking}Probe:\n      httpGet: {{path: {path}, port: http}}"
        )
    if without:
        return _add_to(without[0])
    for path in ("docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml"):
        if service.file(path) in snapshot:
            return f"Add a `healthcheck` to the service in `{service.file(path)}`:{_COMPOSE}"
    return (
        f"Add probes where {service.name} is run. On Kubernetes, to its container in the Deployment:"
        + _KUBERNETES
    )


_KUBERNETES = (
    "\n\n    readinessProbe:\n      httpGet: {path: /health/ready, port: 8080}"
    "\n    livenessProbe:\n      httpGet: {path: /health/live, port: 8080}"
)
_COMPOSE = (
    '\n\n    healthcheck:\n      test: ["CMD-SHELL", "curl -fsS http://localhost:8080/health/ready"]'
    "\n      interval: 10s\n      timeout: 3s\n      retries: 3"
)


def _add_to(workload: Workload) -> str:
    where = f"{workload.title} in `{workload.path}`"
    if workload.system == "Compose":
        return f"Add a `healthcheck` to {where}:{_COMPOSE}"
    if workload.system == "Nomad":
        return (
            f"Add a check to the service of {where}:\n\n    check {{\n"
            '      type     = "http"\n      path     = "/health/ready"\n      interval = "10s"\n'
            '      timeout  = "2s"\n    }'
        )
    if workload.system == "ECS":
        return (
            f"Add a health check to {where}:\n\n"
            '    "healthCheck": {"command": ["CMD-SHELL", "curl -fsS http://localhost:8080/health/ready"]}'
        )
    if workload.system == "nais":
        paths = "    liveness: {path: /health/live}\n    readiness: {path: /health/ready}"
        return f"Add to the spec of {where}:\n\n{paths}"
    return f"Add to {where}:{_KUBERNETES}"
