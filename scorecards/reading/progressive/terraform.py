"""Gradual deliveries in Terraform, Nomad, Consul and Fly files."""

import re
from collections.abc import Iterator
from typing import Any

from catalog.document import Map, Seq, dig
from catalog.regex import regex
from catalog.snapshot import Snapshot
from catalog.terraform import Resource, terraform
from scorecards.reading.paths import paths
from scorecards.reading.progressive.gradual import Gradual, gradual, hollow

_WANTED = (
    "aws_codedeploy_deployment_group",
    "aws_synthetics_canary",
    "aws_ecs_service",
    "aws_lambda_alias",
    "google_cloud_run_service",
    "google_cloud_run_v2_service",
    "google_clouddeploy_delivery_pipeline",
    "aws_lb_listener",
    "aws_lb_listener_rule",
)
_MARKS = (
    "codedeploy",
    "synthetics",
    "BLUE_GREEN",
    "CANARY",
    "additional_version_weights",
    "percent",
    "weight",
)
_NOMAD = regex(r"^\s*canary\s*=\s*[1-9]", re.MULTILINE)
_FLY = regex(r"^\s*strategy\s*=\s*[\"'](canary|bluegreen)[\"']", re.MULTILINE)
_SPLITTER = regex(r"(?i)kind\s*=\s*\"service-splitter\"")


def read(snapshot: Snapshot) -> Iterator[Gradual]:
    """Every gradual delivery that such files declare."""
    held = terraform(snapshot).paths()
    if any(mark in (snapshot.text(p) or "") for p in held for mark in _MARKS):
        for resource in terraform(snapshot).resources(_WANTED):
            yield from _READERS[resource.type](resource)
    for path in paths(snapshot).ending("nomad", "hcl"):
        text = snapshot.text(path) or ""
        if found := _NOMAD.search(text):
            yield gradual(
                path, _line(text, found), "the canary of the Nomad job", False, "only health is asked"
            )
        if found := _SPLITTER.search(text):
            yield gradual(path, _line(text, found), "the Consul service splitter", False)
    for path in paths(snapshot).named("fly.toml"):
        text = snapshot.text(path) or ""
        if found := _FLY.search(text):
            yield gradual(
                path, _line(text, found), f"Fly's {found.group(1)} deployment", False, "only health is asked"
            )


def _line(text: str, found: re.Match[str]) -> int:
    return text.count("\n", 0, found.start() + len(found.group()) - len(found.group().lstrip())) + 1


def _first(values: Any, name: str) -> Any:
    found = dig(values, name)
    return found[0] if isinstance(found, Seq) and found else found


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _group(resource: Resource) -> Iterator[Gradual]:
    style = _text(dig(_first(resource.values, "deployment_style"), "deployment_type"))
    config = _text(dig(resource.values, "deployment_config_name"))
    if style != "BLUE_GREEN" and not any(w in config for w in ("Canary", "Linear", "canary", "linear")):
        return
    alarms = _first(resource.values, "alarm_configuration")
    watched = isinstance(alarms, Map) and alarms.get("enabled") is not False and bool(alarms.get("alarms"))
    what = f"the gradual CodeDeploy deployment `{resource.name}`"
    yield gradual(resource.path, resource.line, what, watched, "no alarm stops it")


def _synthetic(resource: Resource) -> Iterator[Gradual]:
    what = f"the synthetic monitoring canary `{resource.name}`"
    yield hollow(resource.path, resource.line, what, "it watches, and delivers nothing")


def _ecs(resource: Resource) -> Iterator[Gradual]:
    strategy = _text(dig(_first(resource.values, "deployment_configuration"), "strategy"))
    if strategy in ("BLUE_GREEN", "CANARY", "LINEAR"):
        alarms = _first(resource.values, "alarms")
        watched = (
            isinstance(alarms, Map) and alarms.get("enable") is not False and bool(alarms.get("alarm_names"))
        )
        what = f"the ECS deployment of `{resource.name}` ({strategy})"
        yield gradual(resource.path, resource.line, what, watched, "no alarm stops it")


def _alias(resource: Resource) -> Iterator[Gradual]:
    if dig(_first(resource.values, "routing_config"), "additional_version_weights"):
        yield gradual(
            resource.path, resource.line, f"the weights of the Lambda alias `{resource.name}`", False
        )


def _traffic(resource: Resource) -> Iterator[Gradual]:
    split = dig(resource.values, "traffic")
    if isinstance(split, Seq) and len(split) > 1:
        yield gradual(
            resource.path, resource.line, f"traffic of Cloud Run's `{resource.name}` that is split", False
        )


def _delivery(resource: Resource) -> Iterator[Gradual]:
    text = str(resource.values)
    if "canary" in text and "percentage" in text:
        watched = re.search(r"'verify': True", text) is not None
        yield gradual(
            resource.path, resource.line, "the Cloud Deploy canary", watched, "no phase is verified"
        )


def _listener(resource: Resource) -> Iterator[Gradual]:
    actions = dig(resource.values, "default_action") or dig(resource.values, "action")
    for action in actions if isinstance(actions, Seq) else ():
        groups = dig(_first(action, "forward"), "target_group")
        if (
            isinstance(groups, Seq)
            and len(groups) > 1
            and any("weight" in g for g in groups if isinstance(g, Map))
        ):
            what = f"traffic that the listener `{resource.name}` splits"
            yield gradual(resource.path, resource.line, what, False)


_READERS = {
    "aws_codedeploy_deployment_group": _group,
    "aws_synthetics_canary": _synthetic,
    "aws_ecs_service": _ecs,
    "aws_lambda_alias": _alias,
    "google_cloud_run_service": _traffic,
    "google_cloud_run_v2_service": _traffic,
    "google_clouddeploy_delivery_pipeline": _delivery,
    "aws_lb_listener": _listener,
    "aws_lb_listener_rule": _listener,
}
