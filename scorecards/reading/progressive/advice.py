"""What to change so that a release reaches some users first, in the words of the tool that deploys."""

import re

from catalog.regex import regex
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.reading.deployments.seen import acts
from scorecards.reading.paths import paths
from scorecards.reading.progressive.gradual import Gradual
from scorecards.reading.scope import aside, is_neighbours
from scorecards.reading.stack import ci_file, system_name
from scorecards.result import Status

_SEEN = (
    ("gcloud run", "deploy with `--no-traffic`, shift 10 % with `gcloud run services update-traffic {name}`,"
     " and go on once the ratio of errors in Cloud Monitoring stays low"),
    ("aws ecs", "let CodeDeploy shift the traffic of {name}, with `alarm_configuration`"),
    ("ecs-deploy", "let CodeDeploy shift the traffic of {name}, with `alarm_configuration`"),
    ("sam deploy", "give the function a `DeploymentPreference` of `Canary10Percent5Minutes` with `Alarms`"),
    ("sls", "use the plugin for canary deployments, with `alarms` in `deploymentSettings`"),
    ("az webapp", "route 10 % to the staging slot of {name}, ask Azure Monitor for its errors, then swap"),
)  # fmt: skip


_DEPLOYMENT = regex(r"^kind: Deployment\b", re.MULTILINE)
"""The object itself: an autoscaler names the kind of what it scales, further in."""


def fix(snapshot: Snapshot, service: Service, found: list[Gradual]) -> str:
    """One sentence or two that say what to change and where."""
    weak = max(found, key=lambda g: g.status.rank, default=None)
    if weak is not None:
        return _strengthen(weak, service)
    for path in paths(snapshot).ending("yaml", "yml"):
        text = snapshot.text(path) or ""
        deploys = "kind: Deployment" in text and _DEPLOYMENT.search(text)
        if deploys and not aside(path, service) and not is_neighbours(path, service):
            return (
                f"Make the Deployment in `{path}` an Argo Rollout with a canary step and an `analysis`, or"
                f" add a Flagger Canary for {service.name} beside it."
            )
    for seen in snapshot.derive(acts).values():
        for one in seen:
            for word, advice in _SEEN:
                if word in one.text:
                    return f"In `{one.path}`, {advice.format(name=service.name)}."
    system, path = ci_file(snapshot, service)
    return (
        f"In `{path}` ({system_name(system)}), release {service.name} to some of its users first, ask for"
        " the ratio of errors there, and go on or back by it. Where the delivery stands in another"
        " repository, name that in the descriptor: `handrail.dev/evidence: <repository>`."
    )


def _strengthen(weak: Gradual, service: Service) -> str:
    if weak.status is Status.UNKNOWN:
        return f"Put the template that `{weak.path}` names into this repository, or name where it stands."
    if weak.why == "nothing references it":
        return (
            f"Reference it: in `analysis.templates` of {service.name}'s Rollout, or `metrics` of its Canary."
        )
    if "Rollout" in weak.what:
        return f"In `{weak.path}`, add an `analysis` with a template that measures the ratio of errors."
    if "Flagger" in weak.what:
        return (
            f"In `{weak.path}`, add `analysis.metrics`, for example `request-success-rate` with a threshold."
        )
    if "Lambda deployment" in weak.what:
        return f"In `{weak.path}`, add `Alarms` to the deployment preference."
    if "CodeDeploy" in weak.what or "ECS" in weak.what:
        return f"In `{weak.path}`, name the CloudWatch alarms of {service.name} that stop the deployment."
    return f"In `{weak.path}`, let a measure of {service.name} decide before all users have it: {weak.why}."
