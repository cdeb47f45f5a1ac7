"""Gradual deliveries that a key tells wherever it stands: SAM, Serverless, CodeDeploy, ECS, Spinnaker."""

from collections.abc import Iterator
from typing import Any

from catalog.document import Document, Map, Seq, dig, maps
from scorecards.reading.progressive.gradual import Gradual, gradual, hollow

_GRADUAL = ("Canary", "Linear", "BLUE_GREEN", "BlueGreen", "BLUE/GREEN", "CANARY", "LINEAR")
_STAGES = ("K8sCanaryDeploy", "K8sBlueGreenDeploy", "EcsCanaryDeploy", "EcsBlueGreenCreateService")


def by_keys(document: Document) -> Iterator[Gradual]:
    """What a document declares by its keys."""
    path = document.path
    stages = "stages" in document.mapping or "pipeline" in document.mapping
    for holder in maps(document.data):
        kind = holder.get("Type")
        if kind == "AWS::Synthetics::Canary":
            yield hollow(
                path, holder.line, "a synthetic monitoring canary", "it watches, and delivers nothing"
            )
        elif kind == "AWS::CodeDeploy::DeploymentGroup":
            yield from _group(path, holder)
        for key in ("DeploymentPreference", "deploymentSettings"):
            if isinstance(holder.get(key), Map):
                yield from _preference(path, holder[key], holder.lines[key])
        for key in ("DeploymentConfiguration", "deploymentConfiguration"):
            if isinstance(holder.get(key), Map):
                yield from _ecs(path, holder[key], holder.lines[key])
        if stages and isinstance(holder.get("type"), str):
            yield from _stage(document, holder, holder["type"])
        if isinstance(holder.get("name"), str) and holder["name"] in (
            "K8S_CANARY_ROLLOUT",
            "ECS_CANARY_ROLLOUT",
        ):
            watched = any(m.get("name") == "ANALYSIS" for m in maps(document.data))
            yield gradual(path, holder.line, "the PipeCD canary", watched)


def _value(holder: Any, *keys: str) -> Any:
    for key in keys:
        for name in (key, key[:1].upper() + key[1:]):
            if isinstance(holder, Map) and name in holder:
                return holder[name]
    return None


def _preference(path: str, value: Map, line: int) -> Iterator[Gradual]:
    """SAM's `DeploymentPreference`, and that of Serverless' plugin for canary deployments."""
    kind = _value(value, "type")
    what = "the gradual Lambda deployment"
    if kind == "AllAtOnce" or _value(value, "enabled") is False:
        yield hollow(path, line, what, "it moves all traffic at once")
        return
    alarms = _value(value, "alarms")
    hooks = _value(value, "hooks") or _value(value, "preTrafficHook")
    watched = isinstance(alarms, Seq | Map) and bool(alarms)
    why = "it has hooks, but no alarm that stops it" if hooks else "it has no alarm that stops it"
    yield gradual(path, line, f"{what}{' with alarms' if watched else ''}", watched, why)


def _group(path: str, resource: Map) -> Iterator[Gradual]:
    values = resource.get("Properties")
    style = str(dig(values, "DeploymentStyle", "DeploymentType") or "")
    config = str(dig(values, "DeploymentConfigName") or "")
    if not any(word in f"{style} {config}" for word in _GRADUAL):
        return
    alarms = dig(values, "AlarmConfiguration")
    watched = isinstance(alarms, Map) and alarms.get("Enabled") is not False and bool(alarms.get("Alarms"))
    yield gradual(path, resource.line, "the gradual CodeDeploy deployment", watched, "no alarm stops it")


def _ecs(path: str, value: Map, line: int) -> Iterator[Gradual]:
    strategy = str(_value(value, "strategy") or "")
    if strategy in ("BLUE_GREEN", "CANARY", "LINEAR"):
        alarms = _value(value, "alarms")
        watched = isinstance(alarms, Map) and bool(_value(alarms, "alarmNames"))
        yield gradual(path, line, f"the ECS deployment ({strategy})", watched, "no alarm stops it")


def _stage(document: Document, holder: Map, kind: str) -> Iterator[Gradual]:
    """Stages of Spinnaker and steps of Harness."""
    if kind == "kayentaCanary":
        yield gradual(document.path, holder.line, "the Spinnaker canary analysis", True)
    elif kind in _STAGES:
        watched = any(m.get("type") == "Verify" for m in maps(document.data))
        yield gradual(document.path, holder.line, f"the Harness step `{kind}`", watched)
    elif holder.get("strategy") in ("redblack", "rollingredblack", "canary"):
        yield gradual(document.path, holder.line, "the Spinnaker red-black deployment", False)
