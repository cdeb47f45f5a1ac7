"""Amazon ECS task definitions, and CloudFormation and SAM templates that hold one or a load balancer's check.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
"""

from collections.abc import Iterator
from typing import Any

from catalog.document import Document, Map, Seq, dig, maps
from scorecards.reading.workload import Probe, Workload, command_hollow

WORDS = ("ontainerDefinitions", "HealthCheck", '"healthCheck"')


def of_document(document: Document) -> Iterator[Workload]:
    """The containers of a task definition, the target groups of a template."""
    if document.get("apiVersion") and document.get("kind"):
        return
    if isinstance(document.data, Seq):  # the list alone, as Terraform's `templatefile` takes it
        for container in document.data:
            if isinstance(container, Map) and "image" in container and "healthCheck" in container:
                yield _container(container, document.path)
    for holder in maps(document.data):
        containers = holder.get("containerDefinitions", holder.get("ContainerDefinitions"))
        if isinstance(containers, Seq):
            for container in containers:
                if isinstance(container, Map):
                    yield _container(container, document.path)
    for name, resource in _resources(document):
        kind, properties = str(resource.get("Type")), resource.get("Properties")
        if isinstance(properties, Map):
            probe = _balancer(kind, properties, document.path)
            if probe is not None:
                yield Workload(
                    "AWS", kind.rpartition("::")[2], name, document.path, probe.line, probes=(probe,)
                )


def _container(container: Map, path: str) -> Workload:
    name = str(container.get("name") or container.get("Name") or "")
    image = container.get("image") or container.get("Image")
    key = next((k for k in ("healthCheck", "HealthCheck") if k in container), "")
    probes: tuple[Probe, ...] = ()
    check = container.get(key)
    if isinstance(check, Map):
        command = check.get("command") or check.get("Command")
        text = " ".join(str(c) for c in command) if isinstance(command, list) else str(command or "")
        line = container.lines.get(key, container.line)
        probes = (Probe("health", "command", text, path, line, command_hollow(command)),)
    image = image if isinstance(image, str) else ""
    return Workload("ECS", "container", name, path, container.line, image, probes)


def _resources(document: Document) -> Iterator[tuple[str, Map]]:
    resources = document.get("Resources")
    if isinstance(resources, Map):
        for name, resource in resources.items():
            if isinstance(resource, Map):
                yield name, resource


def _balancer(kind: str, properties: Map, path: str) -> Probe | None:
    key: str
    target: Any
    if kind == "AWS::ElasticLoadBalancingV2::TargetGroup":
        if properties.get("HealthCheckEnabled") in (False, "false"):
            return None
        key = next((k for k in ("HealthCheckPath", "HealthCheckProtocol") if k in properties), "")
        target = properties.get(key)
    elif kind == "AWS::ElasticLoadBalancing::LoadBalancer":
        key, target = "HealthCheck", dig(properties, "HealthCheck", "Target")
    elif kind == "AWS::AppRunner::Service":
        key, target = "HealthCheckConfiguration", dig(properties, "HealthCheckConfiguration", "Path")
    else:
        return None
    if not key or target in (None, ""):
        return None
    how: Any = "http" if str(target).startswith(("/", "HTTP")) else "tcp"
    return Probe("health", how, str(target), path, properties.lines.get(key, properties.line))
