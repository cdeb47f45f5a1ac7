"""Whoever sees the service fail knows whom to call, and how.

## What it looks for

A route from a failure to somebody who answers: a pager or whoever is on call in the descriptor (annotations
of PagerDuty, Opsgenie and others, contacts, links; also in the descriptors of Datadog, OpsLevel, Cortex and
Compass), a receiver of Alertmanager or a contact point of Grafana that pages, an alert that goes to a pager,
a pager as Terraform, a link to its service or to the rota; or a section about escalation that names a team
and a means, in many languages.

A chat or a mailbox alone, a person's name alone, and a team without a means are weak. Placeholders are
none, and neither are the escalation of privileges, of tickets or of disagreements, contacts for users, and
files for coding agents.

## Why it matters

The first ten minutes of an incident are lost on finding somebody, unless it is settled before. A person's
name is right until the holidays.

## How to fix it

Name the pager's service in the descriptor, and write down what happens when nobody answers.

## Example

    # catalog-info.yaml
    apiVersion: backstage.io/v1alpha1
    kind: Component
    metadata:
      name: payments
      annotations:
        pagerduty.com/service-id: PX3K7QD
    spec: {type: service, lifecycle: production, owner: group:default/payments}

## Known limits

Whether anybody answers is not tried. A policy behind a link is `unknown`.
"""

from collections.abc import Iterator

from catalog.aside import aside_folder
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.document_scope import ANOTHERS, why_not_ours
from scorecards.reading.elsewhere import ANNOTATION, elsewhere
from scorecards.reading.escalations import Escalation, escalations
from scorecards.reading.pagers import Pager, of_alerting, of_descriptor
from scorecards.reading.scope import aside, is_neighbours, names
from scorecards.result import Evidence, Findings, Result, Status
from scorecards.start import Start, fitted

STAGE = 2
REQUIRED = False
EFFORT = 1
EXCEPT: tuple[str, ...] = ("library", "infrastructure-module", "tool", "documentation")


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """The best route from a failure to somebody."""
    findings = Findings()
    for pager in of_descriptor(service):
        _judge_pager(findings, pager, pager.path)
    for pager in of_alerting(snapshot):
        if not aside(pager.path, service) and not is_neighbours(pager.path, service):
            _judge_pager(findings, pager, pager.path)
    for place in _said(snapshot):
        why = why_not_ours(place.path, snapshot, service)
        if not why:
            _judge(findings, place, place.path)
        elif why != ANOTHERS:
            findings.skip(place.path, why, place.line)
    _read_elsewhere(findings, service, facts)
    result = findings.best("Nothing says whom to call when the service fails.", "")
    return result if result.status is Status.PASS else result.with_fix(_fix(service, result))


def _read_elsewhere(findings: Findings, service: Service, facts: Facts) -> None:
    for place in elsewhere(service, facts):
        if place.snapshot is None:
            message = f"Whom to call may stand in `{place.repository}`, which is not at hand."
            findings.add(Status.UNKNOWN, message, Evidence(service.descriptor or ".", None, ANNOTATION))
            continue
        for found in _said(place.snapshot):
            text = place.snapshot.text(found.path) or ""
            if place.holds(found.path) and (place.path or names(text, service)):
                _judge(findings, found, place.shown(found.path))
        for pager in of_alerting(place.snapshot):
            if place.path and place.holds(pager.path) and not aside_folder(pager.path):
                _judge_pager(findings, pager, place.shown(pager.path))


_ORDER = ("route", "pager", "link", "team", "person", "chat", "nobody", "hollow")


def _said(snapshot: Snapshot) -> Iterator[Escalation]:
    yield from sorted(escalations(snapshot), key=lambda e: _ORDER.index(e.worth))


def _judge_pager(findings: Findings, pager: Pager, path: str) -> None:
    where = Evidence(path, pager.line, pager.text)
    if pager.pager:
        findings.add(Status.PASS, f"`{path}` leads to somebody who answers: {pager.text[:100]}.", where)
    else:
        message = f"`{path}` names a chat or a mailbox alone ({pager.text[:80]}), which wakes nobody."
        findings.add(Status.PARTIAL, message, where)


_WEAK = {
    "team": "names a team, but no means to reach it",
    "person": "names a person or an address alone, and no team that answers",
    "chat": "names a chat alone, which wakes nobody",
}


def _judge(findings: Findings, place: Escalation, path: str) -> None:
    where = Evidence(path, place.line, place.text)
    if place.worth == "route":
        findings.add(Status.PASS, f"`{path}` says whom to call, and how.", where)
    elif place.worth == "pager":
        findings.add(Status.PASS, f"`{path}` leads to who is on call: {place.text[:100]}.", where)
    elif place.worth == "link":
        findings.add(Status.UNKNOWN, f"Whom to call stands behind a link in `{path}`.", where)
    elif place.worth == "hollow":
        findings.skip(path, "hollow: a heading with nothing below it, or placeholders", place.line)
    elif place.worth == "nobody":
        findings.skip(path, f"“{place.text[:60]}” names nobody", place.line)
    else:
        findings.add(Status.PARTIAL, f"`{path}` {_WEAK[place.worth]}.", where)


def _fix(service: Service, result: Result) -> str:
    descriptor = service.descriptor or service.file("catalog-info.yaml")
    annotate = (
        f"Name the pager of {service.name} in `{descriptor}`, such as `pagerduty.com/service-id` or"
        " `opsgenie.com/component-selector`"
    )
    if result.status is Status.UNKNOWN:
        return f"{annotate}, or name the repository that says whom to call with `{ANNOTATION}`."
    if result.evidence:
        where = result.evidence[0]
        place = f"`{where.path}` line {where.line}" if where.line else f"`{where.path}`"
        return f"{annotate}, or say at {place} which team answers, by what means, and who is next."
    return (
        f"{annotate}; without a pager, write `{service.file('docs/escalation.md')}`: which team answers at"
        " once, by what means, and who is called when nobody does."
    )


_START = """\
# Escalation: @name@

| When | Who | How |
|---|---|---|
| at once | <team on call> | TODO: the pager's service, or a telephone number |
| no answer in 15 minutes | <who is next> | TODO |
"""


def start(snapshot: Snapshot, service: Service, result: Result) -> Start | None:
    """The start of an escalation path, None where something is there to be strengthened."""
    path = service.file("docs/escalation.md")
    if result.status is not Status.FAIL or path in snapshot:
        return None
    fill = ("the team that answers at once, and how it is reached", "who is called when nobody answers")
    return Start(path, fitted(_START, service), fill)
