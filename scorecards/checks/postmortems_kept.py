"""Incidents are written down: what happened to whom, when, why, and who does what about it.

## What it looks for

Records of incidents that tell the impact, the timeline, the cause, and action items with owners: documents in
a folder of postmortems or incidents, or named so, a log of several, or YAML, in many languages. A record
that lacks one of the four, or the owners, is weak, and so is a complete template with no record. What was
never filled in, an empty folder, texts about postmortems, and lessons are none.

## Why it matters

An incident that nobody wrote down happens again. Action items without an owner stay open.

## How to fix it

Copy the template after each incident, within a week, and give every action item an owner and a date.

## Example

    # docs/postmortems/2026-05-12-cards-declined.md
    # Postmortem: cards declined

    ## Impact
    4,100 customers could not pay for 38 minutes.

    ## Timeline (UTC)
    - 09:02 Version 4.1 is rolled out.
    - 09:05 PaymentsErrorRateHigh fires.
    - 09:40 Rolled back.

    ## Cause
    The new client opened a connection for every request and used up the pool.

    ## Action items
    | Action | Owner | Due | Status |
    |---|---|---|---|
    | Bound the pool and alert on its use | Ada | 2026-05-20 | done |

## Known limits

That there was no incident is not known: a service without any has a template. Records behind a link, in an
office document or in a language that is not read are `unknown`.
"""

from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.document_scope import ANOTHERS, why_not_ours
from scorecards.reading.elsewhere import ANNOTATION, elsewhere
from scorecards.reading.postmortem import Part, Postmortem
from scorecards.reading.postmortems import pointers, postmortems
from scorecards.reading.scope import names
from scorecards.result import Evidence, Findings, Result, Status
from scorecards.start import Start, fitted

STAGE = 2
REQUIRED = False
EXCEPT: tuple[str, ...] = ("library", "infrastructure-module", "tool", "documentation")

_SAID: dict[Part, str] = {
    "impact": "what it meant for users",
    "timeline": "when what happened",
    "cause": "why it happened",
    "actions": "what is done so that it does not happen again",
}
_MOST_LACKING = 1
"""Parts that a record may lack to be weak rather than none."""


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """Judge the best record, else the best template."""
    findings = Findings()
    kept = postmortems(snapshot)
    for record in kept.found:
        why = why_not_ours(record.path, snapshot, service)
        if not why:
            _judge(findings, record, record.path)
        elif why != ANOTHERS:
            findings.skip(record.path, why, record.line)
    for path in kept.unreadable:
        if not why_not_ours(path, snapshot, service):
            message = f"`{path}` may be a postmortem, but is no text that can be read here."
            findings.add(Status.UNKNOWN, message, Evidence(path, None, "not a text"))
    for path, link in pointers(snapshot):
        if not why_not_ours(path, snapshot, service):
            message = f"Postmortems are kept elsewhere: {link.target[:120]}."
            findings.add(Status.UNKNOWN, message, Evidence(path, link.line, link.target[:120]))
    for place in elsewhere(service, facts):
        if place.snapshot is None:
            message = f"Postmortems may stand in `{place.repository}`, which is not at hand."
            findings.add(Status.UNKNOWN, message, Evidence(service.descriptor or ".", None, ANNOTATION))
            continue
        for record in postmortems(place.snapshot).found:
            text = place.snapshot.text(record.path) or ""
            if place.holds(record.path) and (place.path or names(text, service)):
                _judge(findings, record, place.shown(record.path))
    result = findings.best("No incident is written down, and there is no template for it.", "")
    return result.with_fix(_fix(service, result))


def _judge(findings: Findings, made: Postmortem, path: str) -> None:
    if made.kind == "record":
        _judge_record(findings, made, path)
    elif made.kind == "unread":
        findings.add(Status.UNKNOWN, f"`{path}`: {made.why}.", Evidence(path, made.line, made.title[:120]))
    elif made.kind == "template":
        lacks = [_SAID[part] for part in made.lacking]
        if not made.owners:
            lacks.append("who does it")
        if lacks:
            findings.skip(path, f"a template that does not ask {' and '.join(lacks)}", made.line)
        else:
            message = f"`{path}` is a template, and no incident is written down yet."
            findings.add(Status.PARTIAL, message, Evidence(path, made.line, made.title[:120]))
    else:
        findings.skip(path, made.why, made.line)


def _judge_record(findings: Findings, made: Postmortem, path: str) -> None:
    owned = sum(bool(item.owner) for item in made.actions)
    lacks = [_SAID[part] for part in made.lacking]
    note = f"{made.title[:80]}: {', '.join(made.parts)}"
    if made.actions:
        note += f"; {owned} of {len(made.actions)} action items with an owner"
    where = Evidence(path, made.line, note)
    if len(lacks) > _MOST_LACKING:
        findings.skip(path, f"does not tell {' nor '.join(lacks)}", made.line)
        return
    if made.when is None and not made.timed:
        lacks.append("its date")
    if not owned and "actions" in made.parts:
        lacks.append("who does what about it")
    if lacks:
        message = f"`{path}` records an incident, but does not tell {' and '.join(lacks)}."
        findings.add(Status.PARTIAL, message, where)
    else:
        message = f"`{path}` tells impact, timeline and cause, and who does what about it."
        findings.add(Status.PASS, message, where)


def _fix(service: Service, result: Result) -> str:
    folder = service.file("docs/postmortems")
    if result.status is Status.UNKNOWN:
        return (
            f"Keep them as text in `{folder}/`, or name their repository with the annotation `{ANNOTATION}`."
        )
    if result.status is Status.PARTIAL and result.evidence:
        where = result.evidence[0]
        if "template" in result.message:
            return (
                f"Copy `{where.path}` after the next incident of {service.name}, fill it in, and give every"
                " action item an owner and a date."
            )
        lacks = result.message.partition("does not tell ")[2].rstrip(".")
        return f"Add to `{where.path}`: {lacks}; give every action item an owner and a date."
    return (
        f"Write down the last incident of {service.name} in `{folder}/`: its impact, timeline and cause, and"
        " action items with owners; before there is one, put a template there."
    )


_START = """\
# Postmortem of @name@: TODO

**Date:** YYYY-MM-DD

## Impact

TODO: who was affected, how, and for how long.

## Timeline (UTC)

| Time | Event |
|---|---|
| HH:MM | TODO |

## Cause

TODO: why it happened, and why it was not noticed before.

## Action items

| Action | Owner | Due | Status |
|---|---|---|---|
| TODO | <owner> | YYYY-MM-DD | open |
"""


def start(snapshot: Snapshot, service: Service, result: Result) -> Start | None:
    """A template to be copied after an incident, None where something is there already."""
    path = service.file("docs/postmortems/template.md")
    if result.status is not Status.FAIL or path in snapshot:
        return None
    fill = (
        "nothing now: copy it after an incident of @name@, and fill in the copy".replace(
            "@name@", service.name
        ),
    )
    return Start(path, fitted(_START, service), fill)
