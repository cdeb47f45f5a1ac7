"""A pipeline or a GitOps object brings the service to where it runs.

## What it looks for

A pipeline's step that deploys: with kubectl, Helm, Terraform, a cloud's command line, a platform's, SSH, an
action or a task made for it; or an object that keeps the repository running: Argo CD, Flux, Fleet, Config
Sync. Calls are followed: make targets, scripts, composite actions, reusable workflows here and in
repositories that the catalog has; what one elsewhere does is told by its name and inputs. A pipeline that
only publishes an image or a chart, or commits a tag that nothing here applies, is weak, and so is a script
that somebody runs by hand. Publishing a package deploys nothing, nor does a cluster that the pipeline makes
for a test, `if: false`, or a step that only prints. Mobile apps go to a store, static sites to their host.

## Why it matters

A deployment by hand is slow, differs each time, and only some people can do it. Who can deploy with one push
repairs with one push.

## How to fix it

Let the pipeline that tests the default branch deploy it too, with the commands that are typed by hand today;
or let Argo CD or Flux apply the folder with the manifests.

## Example

    # .github/workflows/deploy.yml
    name: deploy
    on:
      push:
        branches: [main]
    jobs:
      deploy:
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@v4
          - run: kubectl apply -f k8s/
          - run: kubectl rollout status deployment/payments --timeout=120s

## Known limits

Platforms that deploy each push by a setting of their own (Heroku, Vercel, Netlify, Render) show it in no
file: there the verdict is unknown. Whether the deployment works is not tried.
"""

from collections.abc import Iterator
from itertools import chain

from catalog.service import UNDEPLOYED, Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.deployments import byhand, declared, gitops, outside, steps
from scorecards.reading.deployments.advice import fix
from scorecards.reading.deployments.deployment import Deployment
from scorecards.reading.elsewhere import Elsewhere, elsewhere
from scorecards.reading.pipeline import Pipeline
from scorecards.reading.pipelines import covers, pipelines
from scorecards.reading.scope import aside, names
from scorecards.reading.stack import ci_file
from scorecards.result import Evidence, Findings, Result, Status
from scorecards.start import Start, fitted, on_kubernetes

STAGE = 3
REQUIRED = True
EXCEPT = tuple(sorted(UNDEPLOYED))

_Found = tuple[Deployment, str]


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """Judge the best deployment of the service."""
    findings = Findings()
    found: list[Deployment] = []
    covering = [p for p in pipelines(snapshot) if not aside(p.path, service) and covers(p, service)]
    _sort(findings, found, chain.from_iterable(_run(snapshot, p, service) for p in covering))
    if not _holds(found):
        _sort(findings, found, gitops.kept(snapshot, service))
        _sort(findings, found, declared.declared(snapshot, service))
        _sort(findings, found, chain.from_iterable(_there(p, service) for p in elsewhere(service, facts)))
    if not _holds(found):
        found += byhand.prepared(snapshot, service)
        _sort(findings, found, chain.from_iterable(map(_hollow, covering)))
        for pipeline in covering:
            if pipeline.unreadable:
                message = f"`{pipeline.path}` cannot be read: {pipeline.unreadable}"
                findings.add(Status.UNKNOWN, message, Evidence(pipeline.path, None, "cannot be read"))
    for deployment in found:
        _add(findings, deployment)
    return findings.best(_absent(findings), "" if _holds(found) else fix(snapshot, service, found))


def _run(snapshot: Snapshot, pipeline: Pipeline, service: Service) -> Iterator[_Found]:
    yield from steps.run(snapshot, pipeline, service)
    if pipeline.elsewhere:
        yield from outside.run(pipeline)


def _hollow(pipeline: Pipeline) -> Iterator[_Found]:
    """Steps that are named for a deployment and call what does not exist, or only print."""
    for step in pipeline.steps:
        named = "deploy" in f"{step.name}{step.job}".lower()
        if step.missing and (named or "deploy" in step.missing[0].lower()):
            if all(c.lost or c.opened for c in step.commands):
                yield Deployment(step.path, step.line, "a deployment", Status.FAIL), step.missing[0]
        elif named and _only_prints(step.name, [c.text for c in step.commands]):
            yield Deployment(step.path, step.line, "a deployment", Status.FAIL), "its step only prints"


def _only_prints(name: str, texts: list[str]) -> bool:
    printing = [t.startswith(("echo", "printf", "true", ":", "sleep", "exit 0", "Write-Host")) for t in texts]
    return bool(texts) and all(printing) and any("deploy" in t.lower() for t in (name, *texts))


def _there(place: Elsewhere, service: Service) -> Iterator[_Found]:
    """Deployments in a repository that the descriptor names: below its path, or naming the service."""
    if place.snapshot is None:
        what = f"`{place.repository}`, which the descriptor names"
        yield Deployment(place.repository, None, what, Status.UNKNOWN, "that repository is not at hand"), ""
        return
    there = place.snapshot
    run = chain.from_iterable(steps.run(there, p, service) for p in pipelines(there))
    for deployment, why in chain(run, gitops.kept(there, service)):
        if why or deployment.kind in ("image", "tags") or not place.holds(deployment.path):
            continue
        if place.path or names(
            f"{deployment.path}\n{deployment.what}\n{there.text(deployment.path) or ''}", service
        ):
            yield deployment._replace(path=place.shown(deployment.path)), ""


def _sort(findings: Findings, found: list[Deployment], seen: Iterator[_Found]) -> None:
    """Keep what counts, and note once what does not."""
    for deployment, why in seen:
        if why:
            findings.skip(deployment.path, f"{deployment.what}: {why}", deployment.line)
        elif deployment.status is Status.FAIL:
            findings.skip(deployment.path, f"{deployment.what}: {deployment.why}", deployment.line)
        elif deployment not in found:
            found.append(deployment)


def _holds(found: list[Deployment]) -> bool:
    return any(d.status is Status.PASS for d in found)


def _add(findings: Findings, deployment: Deployment) -> None:
    what = deployment.what
    if deployment.status is Status.PASS:
        message = f"Deployed by {what}."
    elif deployment.kind in ("script", "target"):
        message = f"{what} deploys, but {deployment.why}."
    elif deployment.kind == "image":
        message = f"{what}: {deployment.why}."
    else:
        message = f"{what[:1].upper()}{what[1:]}, but {deployment.why}."
    findings.add(deployment.status, message, Evidence(deployment.path, deployment.line, what))


def _absent(findings: Findings) -> str:
    if findings.not_counted:
        first = findings.not_counted[0]
        return f"Nothing deploys the service: {first.why}."
    return "Nothing deploys the service."


_START = """\
name: deploy
on:
  push:
    branches: [main]
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      # TODO: log in where @name@ runs, then deploy it as by hand today: @command@
      - run: exit 1
"""
_GITHUB = ".github/workflows/deploy.yml"


def start(snapshot: Snapshot, service: Service, result: Result) -> Start | None:
    """A workflow for GitHub Actions, where that or no CI system is used and nothing deploys yet."""
    if result.evidence or result.status is Status.UNKNOWN or ci_file(snapshot, service)[0] != "github":
        return None
    command = "`kubectl apply -f <folder>`" if on_kubernetes(snapshot) else "<the command that deploys it>"
    fill = ("how to log in where it runs", f"`exit 1`: the command that deploys it, {command}")
    return Start(_GITHUB, fitted(_START, service, command=command), fill)
