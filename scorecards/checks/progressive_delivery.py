"""A new version reaches some users first, and measures decide whether the others follow.

## What it looks for

A canary or a blue-green deployment with an automated analysis or an alarm: an Argo Rollout with analysis, a
Flagger Canary with metrics, SAM or Serverless with alarms, CodeDeploy or ECS with alarms, a Cloud Deploy
canary that is verified, a Spinnaker or Harness canary that is judged, or a pipeline that shifts some traffic
and asks for metrics before it goes on. Without an analysis it is weak: weights of a mesh, a canary Ingress,
slots that are swapped; so is an analysis that no Rollout references. A canary of synthetic monitoring is
none.

## Why it matters

Tests do not have the users' traffic. Who shows a bad release to one user in twenty hurts one in twenty, and
who lets measures decide hurts them for minutes.

## How to fix it

Let the tool that deploys shift a part of the traffic, and give it the ratio of errors to judge by.

## Example

    # k8s/rollout.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Rollout
    metadata:
      name: payments
    spec:
      strategy:
        canary:
          steps:
            - setWeight: 10
            - analysis:
                templates:
                  - templateName: error-ratio
    ---
    apiVersion: argoproj.io/v1alpha1
    kind: AnalysisTemplate
    metadata:
      name: error-ratio
    spec:
      metrics:
        - name: error-ratio
          successCondition: result[0] < 0.01
          provider:
            prometheus:
              query: sum(rate(errors_total[5m])) / sum(rate(requests_total[5m]))

## Known limits

Whether the measure would notice a bad release is not judged. A check that only asks whether the new version
answers is no analysis. Feature flags that a service keeps are not seen.
"""

from itertools import chain

from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.elsewhere import ANNOTATION, Elsewhere, elsewhere
from scorecards.reading.itself import is_tool
from scorecards.reading.pipelines import covers, pipelines
from scorecards.reading.progressive import code, manifests, terraform
from scorecards.reading.progressive import pipelines as delivering
from scorecards.reading.progressive.advice import fix
from scorecards.reading.progressive.gradual import Gradual
from scorecards.reading.rollbacks.files import not_counted
from scorecards.reading.scope import aside, names
from scorecards.result import Evidence, Findings, Result, Status
from scorecards.start import Start, fitted, on_kubernetes

STAGE = 4
REQUIRED = False
EXCEPT: tuple[str, ...] = (
    "static-site",
    "mobile-app",
    "data-pipeline",
    "library",
    "infrastructure-module",
    "tool",
    "documentation",
)

_TOOLS = frozenset(["flagger", "argo-rollouts", "kayenta", "rollouts-demo"])


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """Judge the best gradual delivery of the service."""
    findings = Findings()
    found: list[Gradual] = []
    itself = is_tool(snapshot, _TOOLS)
    for each in snapshot.derive(_declared):
        why = "shows how the tool of this repository works" if itself else _why_not(snapshot, service, each)
        _sort(findings, found, each, why)
    for pipeline in pipelines(snapshot):
        if not aside(pipeline.path, service) and covers(pipeline, service):
            for each in delivering.read(snapshot, pipeline):
                _sort(findings, found, each, "")
    for place in elsewhere(service, facts):
        _add_elsewhere(findings, found, place, service)
    for each in found:
        what = f"{each.what[:1].upper()}{each.what[1:]}"
        message = f"{what}, but {each.why}." if each.why else f"{what}."
        findings.add(each.status, message, Evidence(each.path, each.line, each.what))
    holds = any(each.status is Status.PASS for each in found)
    return findings.best(_absent(findings), "" if holds else fix(snapshot, service, found))


def _declared(snapshot: Snapshot) -> tuple[Gradual, ...]:
    return tuple(chain(manifests.read(snapshot), terraform.read(snapshot), code.read(snapshot)))


def _why_not(snapshot: Snapshot, service: Service, each: Gradual) -> str:
    return each.why if each.fails else not_counted(snapshot, service, each.path)


def _sort(findings: Findings, found: list[Gradual], each: Gradual, why: str) -> None:
    if why or each.fails:
        findings.skip(each.path, f"{each.what}: {why or each.why}", each.line)
    elif each not in found:
        found.append(each)


def _add_elsewhere(findings: Findings, found: list[Gradual], place: Elsewhere, service: Service) -> None:
    there = place.snapshot
    if there is None:
        message = f"The delivery may stand in `{place.repository}`, which is not at hand."
        findings.add(Status.UNKNOWN, message, Evidence(service.descriptor or ".", None, ANNOTATION))
        return
    run = chain.from_iterable(delivering.read(there, p) for p in pipelines(there))
    for each in chain(there.derive(_declared), run):
        text = f"{each.path}\n{there.text(each.path) or ''}"
        if not each.fails and place.holds(each.path) and (place.path or names(text, service)):
            found.append(each._replace(path=place.shown(each.path)))


def _absent(findings: Findings) -> str:
    if findings.not_counted:
        why = findings.not_counted[0].why
        return f"{why[:1].upper()}{why[1:]}. Every release reaches all users at once."
    return "Every release reaches all users at once."


_START = """\
# TODO: which measures decide whether the other users follow. Flagger shifts the traffic of @name@ by steps.
apiVersion: flagger.app/v1beta1
kind: Canary
metadata:
  name: @name@
spec:
  targetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: @name@
  service:
    port: 80
  analysis:
    interval: 1m
    threshold: 5
    maxWeight: 50
    stepWeight: 10
    metrics: [] # TODO: request-success-rate and request-duration with their bounds, or a MetricTemplate
"""


def start(snapshot: Snapshot, service: Service, result: Result) -> Start | None:
    """A Canary for Flagger on Kubernetes, where no other canary is to be mended."""
    path = service.file("deploy/canary.yaml")
    if result.evidence or path in snapshot or not on_kubernetes(snapshot):
        return None
    fill = ("`metrics`: the share of good requests and how long they take", "`port` and the steps")
    return Start(path, fitted(_START, service), fill)
