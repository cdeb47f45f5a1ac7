"""What the service may take is bounded, and more than one instance of it runs.

## What it looks for

Where the service is run: requests and limits of every container, more than one replica or autoscaling, and
on Kubernetes a disruption budget that selects it. Read are manifests, Kustomize with its patches, charts
rendered with their default values and with those of each environment, values given to a chart elsewhere,
Terraform and CloudFormation (ECS, Cloud Run, Container Apps, App Service, scaling groups), code of CDK and
Pulumi, Compose's `deploy`, Nomad, nais, Knative, Fly, Render and other platforms' own files. Of several
environments the best one counts, of several workloads the best one if no other lacks limits.

Some of it is weak, none of it fails. `minAvailable: 0` and `maxUnavailable: 100%` protect nothing, one
replica is no second one, and autoscaling up to one does not scale. A limit without a request is promised as
well: Kubernetes takes it for both. A LimitRange bounds every container of its namespace. A job that a
schedule starts needs bounds only. Platforms that make the budget or the instances themselves need no budget.

## Why it matters

Without a limit one leak takes the whole machine down, with everything on it; without a request the service is
the first to be evicted. A single instance is away during each restart, and without a budget an upgrade of the
cluster may take all of them at once.

## How to fix it

Give each container requests near what it usually takes and a memory limit above its peak. Run two or more,
and add a PodDisruptionBudget that leaves one running.

## Example

    # deploy/payments.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: payments}
    spec:
      replicas: 3
      selector: {matchLabels: {app: payments}}
      template:
        metadata: {labels: {app: payments}}
        spec:
          containers:
            - name: payments
              image: registry.example.com/payments:1.4.2
              resources:
                requests: {cpu: 100m, memory: 128Mi}
                limits: {memory: 256Mi}
    ---
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata: {name: payments}
    spec:
      maxUnavailable: 1
      selector: {matchLabels: {app: payments}}

## Known limits

Whether the numbers fit is not known from files. Quotas and defaults that a cluster sets by itself are not
seen, nor are the defaults of a chart in another repository.
"""

from collections.abc import Sequence

from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.bound import Bounds, Seen
from scorecards.reading.bounds import bounds
from scorecards.reading.bounds.cloud import MACHINES
from scorecards.reading.elsewhere import ANNOTATION, elsewhere
from scorecards.reading.workload_scope import is_named, why_not_counted
from scorecards.result import Evidence, Findings, Result, Status

STAGE = 3
REQUIRED = False
EXCEPT: tuple[str, ...] = (
    "function",
    "static-site",
    "mobile-app",
    "data-pipeline",
    "library",
    "infrastructure-module",
    "tool",
    "documentation",
)


_DEPLOYED = (
    ".do/",
    "copilot/",
    "deploy/",
    "deployment/",
    "manifests/",
    "cf/",
    ".cf/",
    "infra/",
    "ops/",
    "config/",
)


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """Judge the bounds of everything that runs the service."""
    findings = Findings()
    ours: list[Bounds] = []
    for one in sorted(bounds(snapshot), key=lambda b: (not is_named(b, service), len(b.lacks))):
        why = why_not_counted(one, service)
        if why is None and not _serves(one, service):
            why = "is not named for the service."
        if why is None:
            ours.append(one)
        elif why and one.held:
            findings.skip(one.path, f"{one.title}: {why}", one.line)
    served = [b for b in ours if b.counted] or ours
    if any(b.kind not in MACHINES for b in served):  # their type bounds what else runs on them only together
        served = [b._replace(requests=None, limits=None) if b.kind in MACHINES else b for b in served]
    without = [b for b in served if not _judge(b, served, findings)]
    for one in without:
        findings.skip(one.path, f"{one.title} has no bounds.", one.line)
    for place in elsewhere(service, facts):
        _elsewhere(findings, place.repository, place.path, place.snapshot, service)
    absent = "Nothing says what the service may take, or that more than one of it runs."
    if without:
        absent = f"{without[0].title} in `{without[0].path}` has no requests, no limits and one instance."
    result = findings.best(absent, "")
    return result.with_fix(_fix(service, served, result))


def _serves(one: Bounds, service: Service) -> bool:
    """Whether it is the service by where it stands, or by its name where many things stand together."""
    if one.kind == "release":
        return is_named(one, service)
    if one.kind != one.system:
        return True
    # A platform reads its file at the root of what it runs.
    inside = one.path.removeprefix(f"{service.path}/" if service.path else "")
    return inside.startswith(_DEPLOYED) or "/" not in inside or is_named(one, service)


def _judge(one: Bounds, all_: Sequence[Bounds], findings: Findings, repository: str = "") -> bool:
    """Add what a workload's bounds come to; False where it has none."""
    proof = [_evidence(seen, repository) for seen in one.held]
    where = f"{one.title} ({one.system})" if one.system not in ("Kubernetes", one.kind) else one.title
    if one.unread:
        message = f"{where} in `{one.path}` cannot be read: {one.unread}."
        findings.add(Status.UNKNOWN, message, Evidence(repository + one.path, one.line, one.kind))
        return True
    if not one.held:
        return False
    lacks = list(one.lacks)
    bare = _unbounded(one, all_)
    if not lacks and not bare:
        findings.add(Status.PASS, f"{where} has {_list([s.text for s in one.held])}.", *proof)
        return True
    if one.open and one.limits is None and (first := one.open[0]):
        lacks = [f"{word} of `{first}`" if word == "limits" else word for word in lacks]
    lack = _list(lacks) if lacks else f"bounds of {bare}"
    findings.add(Status.PARTIAL, f"{where} has {_list([s.text for s in one.held])}; it lacks {lack}.", *proof)
    return True


def _unbounded(one: Bounds, all_: Sequence[Bounds]) -> str:
    """Another workload of the service on the same platform that has no limits at all."""
    for other in all_:
        same = other.name == one.name and one.system == "Kubernetes"  # as a manifest and in a chart
        if other.system != one.system or same:
            continue
        together = one.system != "Compose" or other.path == one.path  # each compose file is an environment
        if together and other.kind not in ("values", "release") and not (other.limits or other.unread):
            return f"{other.title} in `{other.path}`"
    return ""


def _evidence(seen: Seen, repository: str) -> Evidence:
    return Evidence(repository + seen.path, seen.line, seen.text)


def _list(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _elsewhere(
    findings: Findings, repository: str, path: str, snapshot: Snapshot | None, service: Service
) -> None:
    if snapshot is None:
        message = f"What runs it may stand in `{repository}`, which is not at hand."
        findings.add(Status.UNKNOWN, message, Evidence(service.descriptor or ".", None, ANNOTATION))
        return
    found = [
        b
        for b in bounds(snapshot)
        if (not path or b.path == path or b.path.startswith(f"{path}/")) and (path or is_named(b, service))
    ]
    for one in found:
        _judge(one, found, findings, f"{repository}:")


_RESOURCES = "\n\n    resources:\n      requests: {cpu: 100m, memory: 128Mi}\n      limits: {memory: 256Mi}"
_COMPOSE = (
    "\n\n    deploy:\n      replicas: 2\n      resources:\n        reservations: {memory: 128M}\n"
    '        limits: {cpus: "1", memory: 256M}'
)


def _fix(service: Service, served: Sequence[Bounds], result: Result) -> str:
    """What lacks, in the file that runs the service and in its language."""
    if result.status is Status.UNKNOWN:
        return f"Give the values that {service.name} is rendered with a default, or commit what is rendered."
    shown = [e.path for e in result.evidence]
    one = next((b for b in served if any(s.path in shown for s in b.held)), served[0] if served else None)
    if one is None:
        return (
            f"Say where {service.name} is run what it may take: requests, limits, two replicas and a"
            " disruption budget in its Deployment, or what that is on its platform;"
            " `handrail explain resources-bounded` shows one."
        )
    where = f"{one.title} in `{one.path}`"
    if one.system == "Compose":
        return f"Add to {where}:{_COMPOSE}"
    if "requests" in one.lacks or "limits" in one.lacks:
        if one.system in ("Kubernetes", "Helm", "nais", "Knative", "Clowder"):
            return f"Add to each container of {where}:{_RESOURCES}"
        return f"Give {where} a size: how much memory and CPU it may take."
    if one.lacks and one.lacks[0].startswith("a second"):
        return f"Let two or more of {where} run, or scale it by load."
    if one.lacks:
        return (
            f"Add a disruption budget beside `{one.path}`:\n\n    apiVersion: policy/v1\n"
            f"    kind: PodDisruptionBudget\n    metadata: {{name: {one.name}}}\n    spec:\n"
            f"      maxUnavailable: 1\n      selector: {{matchLabels: {{app: {one.name}}}}}"
        )
    bare = _unbounded(one, served)
    return f"Give the containers of {bare or where} requests and limits too.{_RESOURCES}"
