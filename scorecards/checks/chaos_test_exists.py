"""A chaos experiment exists, and something runs it.

## What it looks for

An experiment that injects a real fault: Chaos Toolkit, Chaos Mesh, Litmus, AWS FIS, Azure Chaos Studio,
Gremlin, Steadybit, krkn, Chaos Monkey for Spring Boot, kube-monkey, chaoskube, Istio fault injection,
Toxiproxy or Pumba in tests, or another operator's experiment. A pipeline's step, a schedule, a workflow, or a
GitOps object that applies its folder has to run it; one that nothing runs is weak. An experiment without an
action or a target counts for nothing.

## Why it matters

Timeouts, retries and failovers that were never exercised fail on the day they are needed. An experiment that
runs by itself finds that out in daylight.

## How to fix it

Write one small experiment: a hypothesis that users would notice, one fault, one probe. Run it on a schedule
against an environment where failing costs nothing.

## Example

    # chaos/payments-pod-kill.yaml
    apiVersion: chaos-mesh.org/v1alpha1
    kind: Schedule
    metadata:
      name: payments-pod-kill
    spec:
      schedule: "0 10 * * 1-5"
      type: PodChaos
      historyLimit: 5
      concurrencyPolicy: Forbid
      podChaos:
        action: pod-kill
        mode: one
        selector:
          namespaces: [payments]
          labelSelectors:
            app: payments

## Known limits

Whether the tool is installed where the experiment is applied is not asked. Faults built into the application
itself, with no experiment that uses them, are not seen.
"""

from dataclasses import replace

from catalog.aside import aside_folder
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.concerns import in_path, is_shared, mentions, why_not
from scorecards.reading.elsewhere import ANNOTATION, Elsewhere, elsewhere
from scorecards.reading.experiment import Experiment
from scorecards.reading.experiments import experiments
from scorecards.reading.flaw import said
from scorecards.reading.itself import is_tool
from scorecards.reading.runs import Run, runs
from scorecards.result import Evidence, Findings, Result, Status
from scorecards.start import Start, fitted, on_kubernetes

STAGE = 4
REQUIRED = True
EFFORT = 3
EXCEPT: tuple[str, ...] = (
    "static-site",
    "mobile-app",
    "data-pipeline",
    "library",
    "infrastructure-module",
    "tool",
    "documentation",
)

_ABOUT = frozenset(
    [
        "chaos",
        "experiment",
        "experiments",
        "yaml",
        "yml",
        "json",
        "tf",
        "litmus",
        "test",
        "pod",
        "kill",
        "delete",
        "latency",
        "network",
    ]
)
_TOOLS = frozenset(
    [
        "chaos-mesh",
        "litmus",
        "litmus-go",
        "chaos-operator",
        "chaostoolkit",
        "chaostoolkit-lib",
        "chaosblade",
        "chaosblade-operator",
        "krkn",
        "kube-monkey",
        "chaoskube",
        "pumba",
        "toxiproxy",
        "powerfulseal",
        "chaos-controller",
        "chaos-monkey-spring-boot",
    ]
)


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """The best experiment that concerns the service."""
    findings = Findings()
    itself = is_tool(snapshot, _TOOLS)
    for experiment in experiments(snapshot):
        why = "shows how the tool of this repository works" if itself else _why_not(experiment, service)
        if why is None:
            _add(findings, snapshot, experiment)
        else:
            findings.skip(experiment.path, why, experiment.line)
    for place in elsewhere(service, facts):
        _add_elsewhere(findings, place, service)
    holds = any(a.status is Status.PASS for a in findings.answers)
    return findings.best("No chaos experiment is here.", "" if holds else _fix(service, findings))


def _add_elsewhere(findings: Findings, place: Elsewhere, service: Service) -> None:
    if place.snapshot is None:
        message = f"Experiments may stand in `{place.repository}`, which is not at hand."
        findings.add(Status.UNKNOWN, message, Evidence(service.descriptor or ".", None, ANNOTATION))
        return
    for experiment in experiments(place.snapshot):
        if not place.holds(experiment.path) or aside_folder(experiment.path) is not None:
            continue
        if place.path or _names(experiment, service):
            _add(findings, place.snapshot, experiment, f"{place.repository}:")
        else:
            findings.skip(place.shown(experiment.path), "does not name the service", experiment.line)


def _names(experiment: Experiment, service: Service) -> bool:
    text = f"{experiment.aims} {experiment.title}"
    return mentions(text, service) or in_path(experiment.path, service, _ABOUT)


def _why_not(experiment: Experiment, service: Service) -> str | None:
    why = why_not(experiment.path, service)
    if why is not None or not is_shared(experiment.path, service):
        return why
    if _names(experiment, service):
        return None
    if experiment.aims.strip():
        return f"aims at `{experiment.aims.strip()[:80]}`"
    others = [
        replace(service, ref=replace(service.ref, name=n), path="", title=None) for n in _others(service)
    ]
    text = f"{experiment.aims} {experiment.title}"
    if any(mentions(text, other) for other in others):
        return "aims at another service of this repository"
    return None


def _others(service: Service) -> list[str]:
    return [folder.rpartition("/")[2] for folder in service.neighbours if folder]


def _add(findings: Findings, snapshot: Snapshot, experiment: Experiment, repository: str = "") -> None:
    called = f" `{experiment.title}`" if experiment.title else ""
    note = f"{experiment.tool}: {experiment.summary}"
    evidence = Evidence(repository + experiment.path, experiment.line, note)
    status = experiment.status
    if status is Status.FAIL:
        why = f"is one in name only: {said(experiment.problems)}"
        findings.add(status, f"The {experiment.tool} experiment{called} {why}.", evidence)
    elif status is Status.UNKNOWN:
        why = said(experiment.problems)
        findings.add(status, f"A chaos experiment{called} is called, but {why}.", evidence)
    else:
        run = _best(snapshot, experiment)
        proof = [evidence]
        if run is not None and run.path != experiment.path:
            proof.append(Evidence(repository + run.path, run.line, run.how))
        _add_real(findings, run, experiment, proof)


def _add_real(findings: Findings, run: Run | None, experiment: Experiment, proof: list[Evidence]) -> None:
    called = f" `{experiment.title}`" if experiment.title else ""
    seen = f"The {experiment.tool} experiment{called} injects {experiment.summary}"
    if run is None:
        findings.add(Status.PARTIAL, f"{seen}, but nothing here runs it.", *proof)
        return
    flaws = (*experiment.problems, *run.flaws)
    if flaws:
        findings.add(Status.PARTIAL, f"{seen}, but {said(flaws)}.", *proof)
    else:
        findings.add(Status.PASS, f"{seen}; {run.how}.", *proof)


def _best(snapshot: Snapshot, experiment: Experiment) -> Run | None:
    weak = None
    for run in runs(snapshot, experiment):
        if run.sound:
            return run
        weak = weak or run
    return weak


def _fix(service: Service, findings: Findings) -> str:
    best = max(findings.answers, key=lambda a: a.status.rank, default=None)
    if best is not None and best.evidence:
        place = f"`{best.evidence[0].path}`"
        if best.status is Status.UNKNOWN:
            return "Name the repository with the experiment in the annotation `handrail.dev/evidence`."
        if best.status is Status.PARTIAL:
            return (
                f"Let a scheduled pipeline, a Chaos Mesh Schedule or a CronWorkflow run {place}, and heed its"
                f" failure: what lacks is said above for {service.name}."
            )
        return f"Give the experiment in {place} a fault, a part of {service.name} that it hits, and a probe."
    path = service.file(f"chaos/{service.name}-pod-kill.yaml")
    return (
        f"Add `{path}`, a small experiment that kills one instance of {service.name} and checks that requests"
        " still succeed, and run it on a schedule; `handrail explain chaos-test-exists` shows one."
    )


_MESH = """\
# TODO: one fault that @name@ should survive; this takes one instance away, on weekdays at ten.
apiVersion: chaos-mesh.org/v1alpha1
kind: Schedule
metadata:
  name: @name@-<fault>
spec:
  schedule: "0 10 * * 1-5"
  type: PodChaos
  historyLimit: 5
  concurrencyPolicy: Forbid
  podChaos:
    action: TODO # pod-kill, for one
    mode: one
    selector:
      namespaces: ["<namespace where failing costs nothing>"]
      labelSelectors:
        app: "<label of its pods>"
"""
_TOOLKIT = """\
# TODO: one fault that @name@ should survive. Run it on a schedule: chaos run @path@
version: 1.0.0
title: "TODO: @name@ answers while <what fails>"
description: "TODO: what users would notice"
steady-state-hypothesis:
  title: "@name@ answers"
  probes:
    - type: probe
      name: answers
      tolerance: 200
      provider:
        type: http
        url: "<address of its health endpoint>"
method: [] # TODO: one action that brings the fault about, such as stopping a dependency
rollbacks: [] # TODO: one action that takes it back
"""


def start(snapshot: Snapshot, service: Service, result: Result) -> Start | None:
    """An experiment for Chaos Mesh on Kubernetes, else for Chaos Toolkit, where there is none to mend."""
    if result.evidence:
        return None
    if on_kubernetes(snapshot):
        fill = ("`action`: the fault", "`selector`: namespace and label of what it hits")
        path, text = service.file(f"chaos/{service.name}.yaml"), _MESH
    else:
        fill = ("`method`: the fault, and how it is taken back", "`url`: what must go on answering")
        path, text = service.file(f"chaos/{service.name}.yaml"), _TOOLKIT
    return Start(path, fitted(text, service, path=path), fill)
