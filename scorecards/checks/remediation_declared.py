"""An alert starts its own repair, and something keeps that repair from doing harm.

## What it looks for

An automated action that an alert sets off: a playbook of Robusta, a rulebook of Event-Driven Ansible, a rule
of StackStorm, a job of Rundeck, SSM Automation or a function behind an alarm, a runbook in an action group of
Azure, a workflow of Datadog or PagerDuty, a bot of Shoreline, a sensor of Argo Events, an operator such as
medik8s, Keptn's remediation, or a program of one's own that Alertmanager calls. It needs guards: a limit of
rate or number, a cool-down, a dry run, an approval, a precondition, or a condition that stops it. Without a
guard it is weak. What only tells somebody, what a schedule starts, autoscaling and the restarts of Kubernetes
are no repair.

## Why it matters

The same page at night with the same three commands costs sleep and minutes. A machine does them in seconds;
and without a limit it does them a hundred times, to every replica at once, when the cause is another one.

## How to fix it

Take the alert whose runbook is always the same, let it start that one step, and limit it: once in an hour,
one target at a time, and a page where it did not help.

## Example

    # ops/rulebook.yml
    - name: Repairs of payments
      hosts: payments
      sources:
        - ansible.eda.alertmanager:
            port: 5000
      rules:
        - name: restart a stuck worker
          condition: event.alert.labels.alertname == "PaymentsWorkerStuck" and event.alert.status == "firing"
          throttle:
            once_within: 1 hour
            group_by_attributes: [event.alert.labels.instance]
          action:
            run_playbook:
              name: restart_worker.yml

## Known limits

A guard is told by what it is called, in the configuration or the program; whether its number is sensible is
not judged. Where the automation stands in a system of its own, and only its address here, the verdict is
`unknown`.
"""

from dataclasses import replace

from catalog.aside import aside_folder
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.alert import Alert
from scorecards.reading.alert_scope import why_not_counted
from scorecards.reading.alerts import alerts
from scorecards.reading.concerns import in_path, is_shared, mentions, why_not
from scorecards.reading.elsewhere import ANNOTATION, elsewhere
from scorecards.reading.flaw import said
from scorecards.reading.remediation import Remediation
from scorecards.reading.remediations import remediations
from scorecards.result import Evidence, Findings, Result, Status
from scorecards.start import Start, fitted

STAGE = 5
REQUIRED = True
EFFORT = 3
EXCEPT: tuple[str, ...] = ("library", "infrastructure-module", "tool", "documentation")

_ABOUT = frozenset(
    (
        "remediation",
        "remediations",
        "alert",
        "alerts",
        "rulebook",
        "rulebooks",
        "playbook",
        "heal",
        "yaml",
        "yml",
    )
)


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """The best repair that starts by itself."""
    findings = Findings()
    for repair in remediations(snapshot):
        why = _why_not(repair, service)
        if why is None:
            _add(findings, repair, "")
        else:
            findings.skip(repair.path, f"`{repair.name}` {why}", repair.line)
    for place in elsewhere(service, facts):
        if place.snapshot is None:
            message = f"Repairs may stand in `{place.repository}`, which is not at hand."
            findings.add(Status.UNKNOWN, message, Evidence(service.descriptor or ".", None, ANNOTATION))
            continue
        for repair in remediations(place.snapshot):
            held = place.holds(repair.path) and aside_folder(repair.path) is None
            if held and (place.path or mentions(_text(repair), service)):
                _add(findings, repair, f"{place.repository}:")
    result = findings.best("No alert starts a repair: a person does every one by hand.", "")
    return result if result.status is Status.PASS else result.with_fix(_fix(snapshot, service, result))


def _why_not(repair: Remediation, service: Service) -> str | None:
    """Why a repair cannot speak for the service, None where it can."""
    why = why_not(repair.path, service)
    if why is not None or not is_shared(repair.path, service):
        return why
    if mentions(_text(repair), service) or in_path(repair.path, service, _ABOUT):
        return None
    for folder in service.neighbours:
        name = folder.rpartition("/")[2]
        other = replace(service, ref=replace(service.ref, name=name), path="", title=None) if name else None
        if other is not None and (mentions(_text(repair), other) or in_path(repair.path, other, _ABOUT)):
            return f"repairs `{name}`"
    return None


def _text(repair: Remediation) -> str:
    return f"{repair.name} {repair.about} {repair.trigger} {repair.action}"


def _add(findings: Findings, repair: Remediation, prefix: str) -> None:
    evidence = Evidence(prefix + repair.path, repair.line, f"{repair.dialect}, {repair.summary}")
    seen = f"`{repair.name}` ({repair.dialect}) starts a repair on an alert"
    if repair.status is Status.PASS:
        findings.add(repair.status, f"{seen}, and is guarded: {', '.join(repair.guards)}.", evidence)
    elif repair.status is Status.PARTIAL:
        findings.add(repair.status, f"{seen}, but {said(repair.problems)}.", evidence)
    elif repair.status is Status.UNKNOWN:
        message = (
            f"`{repair.name}` ({repair.dialect}) may start a repair on an alert: {said(repair.problems)}."
        )
        findings.add(repair.status, message, evidence)
    else:
        message = f"`{repair.name}` ({repair.dialect}) is no repair: {said(repair.problems)}."
        findings.add(repair.status, message, evidence)


_LIMITS = {
    "Robusta": "`rate_limit` in its trigger",
    "Event-Driven Ansible": "`throttle: {once_within: 1 hour}` beside its condition",
    "StackStorm": "a policy `action.concurrency` on its action",
    "Argo Events": "`rateLimit` in its trigger",
    "Cluster API MachineHealthCheck": "`maxUnhealthy: 40%`",
    "EventBridge": "an approval or an assertion (`aws:approve`) in its document",
    "Datadog workflow": "`rateLimit` in its trigger",
    "GitHub workflow": "`concurrency` and an `environment` that asks for approval",
}


def _fix(snapshot: Snapshot, service: Service, result: Result) -> str:
    if result.evidence and result.status in (Status.PARTIAL, Status.UNKNOWN):
        place = result.evidence[0]
        where = f"`{place.path}` line {place.line}" if place.line else f"`{place.path}`"
        if result.status is Status.UNKNOWN:
            if place.note == ANNOTATION:
                return f"Let Handrail read the repository that `{ANNOTATION}` names."
            return (
                f"Keep what {where} starts in a repository that Handrail reads, and name it in the"
                f" descriptor: `{ANNOTATION}: <repository>:<path>`."
            )
        dialect = place.note.partition(",")[0]
        limit = _LIMITS.get(dialect, "a cool-down and a greatest number of repairs an hour")
        return f"Limit {where}: {limit}, so that it cannot run in circles."
    alert = _usual(snapshot, service)
    if alert is not None:
        return (
            f"Let `{alert.name}` ({alert.path} line {alert.line}) start the first step of its runbook by"
            " itself, at most once an hour; `handrail explain remediation-declared` shows how."
        )
    return (
        f"Define alerts for {service.name} first (`handrail explain alerts-defined`), then let the one whose"
        " remedy is always the same start it; `handrail explain remediation-declared` shows how."
    )


def _usual(snapshot: Snapshot, service: Service) -> Alert | None:
    return next(
        (a for a in alerts(snapshot) if a.status is not Status.FAIL and why_not_counted(a, service) is None),
        None,
    )


_START = """\
# TODO: the one repair that is always the same, for Event-Driven Ansible; at most once in an hour.
- name: Repairs of @name@
  hosts: "<hosts of @name@>"
  sources:
    - ansible.eda.alertmanager:
        port: 5000
  rules:
    - name: "<what is repaired>"
      condition: event.alert.labels.alertname == "@alert@" and event.alert.status == "firing"
      throttle:
        once_within: 1 hour
        group_by_attributes: [event.alert.labels.instance]
      action: {} # TODO: run_playbook with the name of the playbook
"""


def start(snapshot: Snapshot, service: Service, result: Result) -> Start | None:
    """A rulebook with one rule for an alert of the service, where nothing is to be mended."""
    if result.evidence:
        return None
    alert = _usual(snapshot, service)
    fill = (
        "`condition`: the alert whose remedy is always the same",
        "`hosts` and `action`: what the repair does, and where",
    )
    text = fitted(_START, service, alert=alert.name if alert else "<alert>")
    return Start(service.file(f"ops/{service.name}-repairs.yml"), text, fill)
