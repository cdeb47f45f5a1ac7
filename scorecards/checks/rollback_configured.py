"""A bad release can be taken back by a mechanism that something calls.

## What it looks for

A way back that is declared or that a pipeline runs: an Argo Rollout or a Flagger Canary with analysis, an
atomic Helm upgrade, Flux remediation, `kubectl rollout undo`, `helm rollback`, a deployment of the captured
or of a chosen earlier version, an ECS circuit breaker with rollback, CodeDeploy automatic rollback, SAM
with alarms, a slot swap back, Nomad `auto_revert`, Swarm `failure_action: rollback`, Spinnaker, Keptn, a
traffic shift. A make target or a script counts once a pipeline or a runbook calls it. Canary or blue-green
without analysis, and what nothing calls, are weak. Advice in prose, a step that only prints, and the
rollback of a database are none.

## Why it matters

Most outages begin with a release. Going back is the fastest repair there is, if nobody has to invent it while
users wait.

## How to fix it

Let the tool that deploys take the release back when it fails, or add a step to the pipeline that does.

## Example

    # .github/workflows/deploy.yml
    name: deploy
    on: {push: {branches: [main]}}
    jobs:
      deploy:
        runs-on: ubuntu-latest
        steps:
          - run: kubectl apply -f k8s/
          - run: kubectl rollout status deployment/payments --timeout=120s
          - if: failure()
            run: kubectl rollout undo deployment/payments

## Known limits

Whether going back works is not tried, nor whether the data allows it. Settings of a hosting platform are not
seen; where a workflow of another repository deploys, the verdict is unknown.
"""

from collections.abc import Iterator
from itertools import chain

from catalog.service import UNDEPLOYED, Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.elsewhere import Elsewhere, elsewhere
from scorecards.reading.pipelines import covers, pipelines
from scorecards.reading.rollbacks import files, steps
from scorecards.reading.rollbacks.advice import fix
from scorecards.reading.rollbacks.mechanism import Mechanism
from scorecards.reading.scope import aside, names
from scorecards.result import Evidence, Findings, Result, Status
from scorecards.start import Start, fitted, on_kubernetes

STAGE = 3
REQUIRED = True
EFFORT = 3
EXCEPT = tuple(sorted(UNDEPLOYED))


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """Judge the best way back that the service has."""
    findings = Findings()
    found: list[Mechanism] = []
    covering = [p for p in pipelines(snapshot) if not aside(p.path, service) and covers(p, service)]
    run = (pair for pipeline in covering for pair in steps.run(snapshot, pipeline))
    for mechanism, why in chain(run, files.declared(snapshot, service)):
        if why:
            findings.skip(mechanism.path, f"{mechanism.what}: {why}", mechanism.line)
        else:
            found.append(mechanism)
    if not any(m.status is Status.PASS for m in found):
        found += files.uncalled(snapshot, service)
        found += chain.from_iterable(_there(place, service) for place in elsewhere(service, facts))
    if not found:
        for step in chain.from_iterable(map(steps.outside, covering)):
            message = (
                f"`{step.uses}` deploys from another repository: whether it goes back is not seen from here."
            )
            findings.add(Status.UNKNOWN, message, Evidence(step.path, step.line, step.uses))
    forgetful = files.without_history(snapshot, service) if any(m.undo for m in found) else ""
    for mechanism in found:
        _add(findings, mechanism, forgetful)
    return findings.best(_absent(findings), fix(snapshot, service, found))


def _there(place: Elsewhere, service: Service) -> Iterator[Mechanism]:
    """Ways back in a repository that the descriptor names: below the path it gives, or naming the service."""
    if place.snapshot is None:
        why = "that repository is not at hand"
        yield Mechanism(place.repository, None, "Evidence stands elsewhere", Status.UNKNOWN, why)
        return
    run = (m for p in pipelines(place.snapshot) for m, why in steps.run(place.snapshot, p) if not why)
    for mechanism in chain(run, files.all_declared(place.snapshot)):
        text = f"{mechanism.path}\n{place.snapshot.text(mechanism.path) or ''}"
        if place.holds(mechanism.path) and (place.path or names(text, service)):
            yield mechanism._replace(path=place.shown(mechanism.path))


def _add(findings: Findings, mechanism: Mechanism, forgetful: str) -> None:
    if mechanism.undo and forgetful:
        why = f"{mechanism.what}: `revisionHistoryLimit: 0` in `{forgetful}` leaves nothing to go back to"
        findings.skip(mechanism.path, why, mechanism.line)
        return
    what = mechanism.what[:1].upper() + mechanism.what[1:]
    message = f"{what}, but {mechanism.why}." if mechanism.why else f"{what}."
    findings.add(mechanism.status, message, Evidence(mechanism.path, mechanism.line, mechanism.what))


def _absent(findings: Findings) -> str:
    if findings.not_counted:
        first = findings.not_counted[0]
        why = first.why[:1].upper() + first.why[1:]
        return f"{why}. Nothing else takes a bad release back."
    return "Nothing takes a bad release back."


_START = """\
name: roll back
on:
  workflow_dispatch:
    inputs:
      version:
        description: The version of @name@ to go back to
        required: true
jobs:
  rollback:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      # TODO: log in where @name@ runs, then deploy the version that was asked for: @command@
      - run: exit 1
"""


def start(snapshot: Snapshot, service: Service, result: Result) -> Start | None:
    """A workflow that takes a version, where GitHub Actions is used and nothing goes back yet."""
    covering = [p for p in pipelines(snapshot) if p.system == "github" and covers(p, service)]
    if result.evidence or not covering:
        return None
    command = (
        f"`kubectl set image deployment/{service.name} {service.name}=<image>:${{{{ inputs.version }}}}`"
        if on_kubernetes(snapshot)
        else "<the command that deploys a version>"
    )
    fill = (
        "how to log in where it runs",
        "`exit 1`: the command that deploys that version",
    )
    return Start(".github/workflows/rollback.yml", fitted(_START, service, command=command), fill)
