"""Terraform and CloudFormation: ECS services, Cloud Run, Container Apps, App Service, scaling groups, and
Kubernetes objects that Terraform makes. Values by reference count: who calls the module gives them.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from catalog.document import Document, Map, Seq, dig, maps
from catalog.evaluation import Unknown
from catalog.snapshot import Snapshot
from catalog.terraform import Resource, terraform
from scorecards.reading.bound import Bounds, Seen, number
from scorecards.reading.objective import text_of
from scorecards.reading.paths import paths

_TASKS = ("aws_ecs_task_definition",)
_SERVICES = ("aws_ecs_service",)
_SCALED = ("aws_appautoscaling_target", "azurerm_monitor_autoscale_setting")
_RUN = ("google_cloud_run_service", "google_cloud_run_v2_service")
_APPS = ("azurerm_container_app",)
_PLANS = ("azurerm_service_plan", "azurerm_app_service_plan")
MACHINES = ("aws_autoscaling_group", "google_compute_instance_group_manager")
"""Groups of machines."""
_GROUPS = (*MACHINES, "aws_apprunner_service")
_KUBE = (
    "kubernetes_deployment",
    "kubernetes_deployment_v1",
    "kubernetes_stateful_set_v1",
    "kubernetes_stateful_set",
)
_GUARDS = (
    *("kubernetes_horizontal_pod_autoscaler", "kubernetes_horizontal_pod_autoscaler_v2"),
    *("kubernetes_horizontal_pod_autoscaler_v2beta2", "kubernetes_horizontal_pod_autoscaler_v1"),
    *("kubernetes_pod_disruption_budget", "kubernetes_pod_disruption_budget_v1"),
)
_WANTED = (*_TASKS, *_SERVICES, *_SCALED, *_RUN, *_APPS, *_PLANS, *_GROUPS, *_KUBE, *_GUARDS)


def find(snapshot: Snapshot) -> Iterator[Bounds]:
    """What Terraform and CloudFormation run, with what bounds it."""
    if next(paths(snapshot).ending("tf"), None) is not None:
        yield from _terraform(tuple(terraform(snapshot).resources(_WANTED)))
    for path in paths(snapshot).ending("yaml", "yml", "json", "template"):
        text = snapshot.text(path)
        if text is not None and ("AWS::ECS::" in text or "ontainerDefinitions" in text):
            for document in snapshot.parsed(path).documents:
                yield from _template(document)
                if "containerDefinitions" in document.mapping:
                    yield _task(document.mapping, document.path, document.line)


def _more(value: Any) -> bool:
    """Whether a count is above one, or is given by what is not here."""
    count = number(value)
    return isinstance(value, Unknown) if count is None else count > 1


def _seen(resource: Resource, key: str, text: str = "") -> Seen:
    line = resource.values.lines.get(key, resource.line)
    return Seen(text or f"{key} {text_of(resource.values.get(key))[:40]}", resource.path, line)


def _block(values: Any, *keys: str) -> Map:
    """The first of nested blocks of these names, an empty one where there is none."""
    for key in keys:
        values = values.get(key) if isinstance(values, Map) else None
        values = values[0] if isinstance(values, Seq) and values else values
    return values if isinstance(values, Map) else Map()


def _terraform(found: Sequence[Resource]) -> Iterator[Bounds]:
    for resource in found:
        kind = resource.type
        if kind in _SERVICES:
            yield _ecs(resource, found)
        elif kind in _RUN:
            yield _cloud_run(resource)
        elif kind in _APPS:
            yield _container_app(resource)
        elif kind in _PLANS:
            yield _plan(resource, found)
        elif kind in _GROUPS:
            yield _group(resource)
        elif kind in _KUBE:
            yield _kube(resource, found)


def _made(resource: Resource, *, amount: Seen | None, many: Seen | None, image: str = "") -> Bounds:
    name = text_of(resource.values.get("name")) or resource.name
    shown = resource.name if "$" in name else name
    return Bounds(
        *("Terraform", resource.type, shown, resource.path, resource.line, image, None, amount, amount, many)
    )


def _ecs(service: Resource, found: Sequence[Resource]) -> Bounds:
    wanted = text_of(service.values.get("task_definition"))
    tasks = [r for r in found if r.type in _TASKS]
    task = next(
        (t for t in tasks if f".{t.name}." in wanted or f".{t.name}" in wanted),
        tasks[0] if len(tasks) == 1 else None,
    )
    amount = None
    image = ""
    if task is not None:
        key = next((k for k in ("memory", "cpu") if task.values.get(k) not in (None, "")), "")
        written = text_of(task.values.get("container_definitions"))
        amount = _seen(task, key) if key else None
        if amount is None and ("memory" in written or "cpu" in written):
            amount = _seen(task, "container_definitions", "memory of its containers")
    many = _seen(service, "desired_count") if _more(service.values.get("desired_count")) else None
    if many is None:
        scaled = [
            r for r in found if r.type == "aws_appautoscaling_target" and _more(r.values.get("max_capacity"))
        ]
        ours = [r for r in scaled if service.name in text_of(r.values.get("resource_id"))] or scaled
        if ours and "ecs" in text_of(ours[0].values.get("service_namespace")):
            many = _seen(ours[0], "max_capacity")
    if many is None and text_of(service.values.get("scheduling_strategy")) == "DAEMON":
        many = _seen(service, "scheduling_strategy")
    return _made(service, amount=amount, many=many, image=image)


def _cloud_run(resource: Resource) -> Bounds:
    limits = image = None
    for holder in maps(resource.values):
        if isinstance(holder.get("limits"), Map) and holder["limits"]:
            limits = Seen("limits of its containers", resource.path, resource.line)
        image = image or text_of(holder.get("image"))
    most = next(
        (
            h[k]
            for h in maps(resource.values)
            for k in ("max_instance_count", "autoscaling.knative.dev/maxScale")
            if k in h
        ),
        None,
    )
    many = None if number(most) == 1 else Seen("scales by itself", resource.path, resource.line)
    return _made(resource, amount=limits, many=many, image=image or "")


def _container_app(resource: Resource) -> Bounds:
    template = _block(resource.values, "template")
    held = _block(template, "container")
    amount = (
        Seen(f"memory {text_of(held.get('memory'))}", resource.path, resource.line)
        if held.get("memory") or held.get("cpu")
        else None
    )
    most = template.get("max_replicas", 10)
    many = Seen(f"up to {text_of(most)} replicas", resource.path, resource.line) if _more(most) else None
    return _made(resource, amount=amount, many=many, image=text_of(held.get("image")))


def _plan(resource: Resource, found: Sequence[Resource]) -> Bounds:
    size = next((k for k in ("sku_name", "sku") if resource.values.get(k)), "")
    amount = _seen(resource, size, f"size {text_of(resource.values.get(size))}".strip()) if size else None
    many = _seen(resource, "worker_count") if _more(resource.values.get("worker_count")) else None
    if many is None and resource.values.get("zone_balancing_enabled") is True:
        many = _seen(resource, "zone_balancing_enabled")
    scaling = next((r for r in found if r.type == "azurerm_monitor_autoscale_setting"), None)
    if many is None and scaling is not None:
        top = _block(scaling.values, "profile", "capacity").get("maximum")
        many = Seen(f"up to {text_of(top)} instances", scaling.path, scaling.line) if _more(top) else None
    return _made(resource, amount=amount, many=many)


def _group(resource: Resource) -> Bounds:
    """A group of machines is bounded by their type; App Runner by its own size, and scales by itself."""
    values = resource.values
    if resource.type == "aws_apprunner_service":
        held = _block(values, "instance_configuration")
        amount = Seen("its instances' size", resource.path, resource.line) if held else None
        return _made(resource, amount=amount, many=Seen("scales by itself", resource.path, resource.line))
    amount = Seen("its machines' type", resource.path, resource.line)
    key = next(
        (k for k in ("max_size", "desired_capacity", "target_size", "min_size") if _more(values.get(k))), ""
    )
    return _made(resource, amount=amount, many=_seen(resource, key) if key else None)


def _kube(resource: Resource, found: Sequence[Resource]) -> Bounds:
    spec = _block(resource.values, "spec")
    containers = _block(spec, "template", "spec").get("container")
    held = [c for c in containers if isinstance(c, Map)] if isinstance(containers, Seq) else []
    both = [_block(c, "resources") for c in held]
    requests = (
        Seen("requests", resource.path, resource.line)
        if both and all(b.get("requests") or b.get("limits") for b in both)
        else None
    )
    limits = (
        Seen("limits", resource.path, resource.line) if both and all(b.get("limits") for b in both) else None
    )
    many = (
        Seen(f"{text_of(spec.get('replicas'))} replicas", resource.path, resource.line)
        if _more(spec.get("replicas"))
        else None
    )
    budget = None
    for other in found:
        if "autoscaler" in other.type and other.path.rpartition("/")[0] == resource.path.rpartition("/")[0]:
            top = _block(other.values, "spec").get("max_replicas")
            many = many or (
                Seen(f"up to {text_of(top)} replicas", other.path, other.line) if _more(top) else None
            )
        elif (
            "disruption_budget" in other.type
            and other.path.rpartition("/")[0] == resource.path.rpartition("/")[0]
        ):
            budget = Seen("a disruption budget", other.path, other.line)
    made = _made(resource, amount=None, many=many, image=text_of(held[0].get("image")) if held else "")
    name = text_of(_block(resource.values, "metadata").get("name"))
    return made._replace(
        requests=requests, limits=limits, budget=budget, budgeted=True, name=name or made.name
    )


# CloudFormation, SAM, Copilot's add-ons, task definitions.


def _template(document: Document) -> Iterator[Bounds]:
    resources = document.get("Resources")
    if not isinstance(resources, Map):
        return
    kinds = {n: r for n, r in resources.items() if isinstance(r, Map)}
    tasks = {n: r for n, r in kinds.items() if r.get("Type") == "AWS::ECS::TaskDefinition"}
    scaled = [r for r in kinds.values() if r.get("Type") == "AWS::ApplicationAutoScaling::ScalableTarget"]
    for name, resource in kinds.items():
        if resource.get("Type") != "AWS::ECS::Service":
            continue
        properties = resource.get("Properties")
        properties = properties if isinstance(properties, Map) else Map(resource.line)
        wanted = str(properties.get("TaskDefinition"))
        task = next((t for n, t in tasks.items() if n in wanted), None)
        bare = _task(task.get("Properties") or Map(), document.path, task.line) if task else None
        count = properties.get("DesiredCount")
        many = None
        if (number(count) or 0) > 1 or isinstance(count, Map):
            many = Seen(
                f"DesiredCount {text_of(count) or 'by reference'}",
                document.path,
                properties.lines.get("DesiredCount", properties.line),
            )
        elif scaled and (number(dig(scaled[0], "Properties", "MaxCapacity")) or 2) > 1:
            many = Seen("a ScalableTarget", document.path, scaled[0].line)
        amount = bare.limits if bare else None
        yield Bounds(
            "ECS",
            "Service",
            name,
            document.path,
            resource.line,
            bare.image if bare else "",
            None,
            amount,
            amount,
            many,
        )


def _task(task: Any, path: str, line: int) -> Bounds:
    """A task definition: its own size, or that of each of its containers. Its service says how many."""
    held = task if isinstance(task, Map) else Map(line)
    containers = next(
        (held[k] for k in ("containerDefinitions", "ContainerDefinitions") if isinstance(held.get(k), Seq)),
        Seq(),
    )
    amount = None
    for key in ("memory", "Memory", "cpu", "Cpu"):
        if held.get(key) not in (None, "", 0):
            amount = amount or Seen(
                f"{key.lower()} {text_of(held.get(key))}".strip(), path, held.lines.get(key, held.line)
            )
    each = [c for c in containers if isinstance(c, Map)]
    keys = ("memory", "memoryReservation", "Memory", "MemoryReservation")
    if amount is None and each and all(any(number(c.get(k)) for k in keys) for c in each):
        amount = Seen("memory of its containers", path, each[0].line)
    image = text_of(each[0].get("image") or each[0].get("Image")) if each else ""
    name = text_of(held.get("family") or held.get("Family"))
    return Bounds("ECS", "task definition", name, path, line, image, None, amount, amount)
