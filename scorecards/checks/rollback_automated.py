"""A bad release is taken back without anybody starting it.

## What it looks for

A way back that the release itself sets off: an Argo Rollout or a Flagger Canary with analysis, an atomic Helm
upgrade, Flux remediation, an ECS circuit breaker with rollback, rollback alarms, CodeDeploy automatic
rollback, SAM with alarms, Nomad `auto_revert`, Swarm `failure_action: rollback`, a Cloud Deploy repair rule;
or a pipeline's step that goes back once the deployment or its verification has failed (`if: failure()`,
`when: on_failure`, `|| kubectl rollout undo`, `trap`). One that only test environments have is weak. A job
that a person starts is none, whatever it does.

## Why it matters

At night a release that went wrong stays wrong until somebody is awake, has understood it, and has found the
button. What goes back by itself takes minutes off every such incident.

## How to fix it

Let the deployment wait for its own verification, and go back in the same run when that fails.

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

Whether the analysis or the verification would notice a bad release is not judged, nor whether the data allows
going back. A rollback in production counts in full, though test environments lack it.
"""

from collections.abc import Iterator
from itertools import chain

from catalog.service import UNDEPLOYED, Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.deployments import outside
from scorecards.reading.deployments.seen import acts
from scorecards.reading.elsewhere import Elsewhere, elsewhere
from scorecards.reading.pipeline import Pipeline
from scorecards.reading.pipelines import covers, pipelines
from scorecards.reading.rollbacks import automatic, files
from scorecards.reading.rollbacks.advice import fix
from scorecards.reading.rollbacks.automatic import BY_HAND
from scorecards.reading.rollbacks.mechanism import Mechanism
from scorecards.reading.scope import aside, names
from scorecards.result import Evidence, Findings, Result, Status

STAGE = 5
REQUIRED = True
EXCEPT = tuple(sorted(UNDEPLOYED))

_ELSEWHERE = "it stands in another repository, and whether it goes back is not seen from here"


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """Judge the best way back that starts by itself."""
    findings = Findings()
    found: list[Mechanism] = []
    by_hand = ""
    covering = [p for p in pipelines(snapshot) if not aside(p.path, service) and covers(p, service)]
    run = (pair for pipeline in covering for pair in automatic.run(snapshot, pipeline))
    for mechanism, why in chain(run, _declared(snapshot, service)):
        if why:
            findings.skip(mechanism.path, f"{mechanism.what}: {why}", mechanism.line)
            by_hand = by_hand or (mechanism.path if why == BY_HAND else "")
        else:
            found.append(mechanism)
    if not any(m.status is Status.PASS for m in found):
        found += chain.from_iterable(_there(place, service) for place in elsewhere(service, facts))
    if not found:
        vague = Status.PASS if _deploys_here(snapshot, covering) else Status.UNKNOWN
        for deployment, why in chain.from_iterable(map(outside.run, covering)):
            if not why and deployment.status in (Status.PASS, vague):
                where = Evidence(deployment.path, deployment.line, deployment.what)
                findings.add(Status.UNKNOWN, f"{deployment.what}: {_ELSEWHERE}.", where)
    forgetful = files.without_history(snapshot, service) if any(m.undo for m in found) else ""
    for mechanism in found:
        _add(findings, mechanism, forgetful)
    holds = any(a.status is Status.PASS for a in findings.answers)
    return findings.best(_absent(findings), "" if holds else _fix(snapshot, service, found, by_hand))


def _deploys_here(snapshot: Snapshot, covering: list[Pipeline]) -> bool:
    """Whether a pipeline's own steps deploy, so that what other repositories do is beside the point."""
    seen = snapshot.derive(acts)
    return any(one.act.kind == "deploys" for p in covering for one in seen.get(p.path, ()))


def _declared(snapshot: Snapshot, service: Service) -> Iterator[tuple[Mechanism, str]]:
    for mechanism, why in files.declared(snapshot, service):
        yield (mechanism, why) if why else automatic.of_file(snapshot, mechanism)


def _there(place: Elsewhere, service: Service) -> Iterator[Mechanism]:
    """Ways back in a repository that the descriptor names: below the path it gives, or naming the service."""
    if place.snapshot is None:
        why = "that repository is not at hand"
        yield Mechanism(place.repository, None, "Evidence stands elsewhere", Status.UNKNOWN, why)
        return
    run = (pair for p in pipelines(place.snapshot) for pair in automatic.run(place.snapshot, p))
    kept = (automatic.of_file(place.snapshot, m) for m in files.all_declared(place.snapshot))
    for mechanism, why in chain(run, kept):
        if why or not place.holds(mechanism.path):
            continue
        text = f"{mechanism.path}\n{place.snapshot.text(mechanism.path) or ''}"
        if place.path or names(text, service):
            yield mechanism._replace(path=place.shown(mechanism.path))


def _add(findings: Findings, mechanism: Mechanism, forgetful: str) -> None:
    if mechanism.undo and forgetful:
        why = f"{mechanism.what}: `revisionHistoryLimit: 0` in `{forgetful}` leaves nothing to go back to"
        findings.skip(mechanism.path, why, mechanism.line)
        return
    what = mechanism.what[:1].upper() + mechanism.what[1:]
    message = f"{what}, but {mechanism.why}." if mechanism.why else f"{what} goes back by itself."
    findings.add(mechanism.status, message, Evidence(mechanism.path, mechanism.line, mechanism.what))


def _absent(findings: Findings) -> str:
    if findings.not_counted:
        first = findings.not_counted[0]
        why = first.why[:1].upper() + first.why[1:]
        return f"{why}. Nothing takes a bad release back by itself."
    return "Nothing takes a bad release back by itself."


def _fix(snapshot: Snapshot, service: Service, found: list[Mechanism], by_hand: str) -> str:
    only = next((m for m in found if m.status is Status.PARTIAL and m.why.endswith(" only")), None)
    if only is not None:
        return f"Have in production what `{only.path}` has for a test environment: {only.what}."
    advice = fix(snapshot, service, found)
    if not by_hand or found:
        return advice
    return (
        f"`{by_hand}` holds a way back that somebody has to start: let a failed deployment start it. {advice}"
    )
