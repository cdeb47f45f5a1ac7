"""Failures are practised: a game day was held in the last half year, and what it showed is written down.

## What it looks for

The record of an exercise in which a failure was practised (a game day, a drill of disaster recovery, failover
or restore, a tabletop exercise): with its date, its scenario and its findings, in any format and many
languages. It may be a document, a section, a row of a log, or a YAML or JSON file. A plan, and a record that
is older than 180 days (parameter `days`) or lacks a part, is weak. A template that was never filled in, and a
guide to such exercises, count for nothing.

## Why it matters

A runbook, an alert and a fallback that nobody has tried work only by chance. An exercise finds out on a
Tuesday at ten, with everybody awake, what the outage would have found out.

## How to fix it

Take one dependency, make it fail for half an hour in a place where that is allowed, let those on call find
out and mend it, and write down what happened. Repeat it twice a year.

## Example

    # Game day 2026-10-14: the payment provider hangs

    ## Scenario
    The provider answers after 30 seconds. We expect the circuit breaker to open within a minute.

    ## Findings
    - The breaker opened after six minutes: its window counted errors, not slowness.
    - The alert linked a runbook that named a dashboard which no longer exists.

    ## Actions
    - Count slow calls as failures (@ada, 2026-11-01)

## Known limits

A date in a document is believed. Records in a wiki are seen only where the descriptor names a repository that
holds them.
"""

from dataclasses import replace
from datetime import date, timedelta

from catalog.aside import aside_folder
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.document_scope import why_not_ours
from scorecards.reading.elsewhere import ANNOTATION, elsewhere
from scorecards.reading.game_day import GameDay
from scorecards.reading.game_days import game_days
from scorecards.reading.scope import names
from scorecards.result import Evidence, Findings, Result, Status
from scorecards.start import Start, fitted

STAGE = 4
REQUIRED = False
EFFORT = 3
PARAMS = {"days": 180}
EXCEPT: tuple[str, ...] = ("library", "infrastructure-module", "tool", "documentation")


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """The newest game day of the service."""
    findings = Findings()
    days = _days(params)
    held = [(g, "") for g in _own(snapshot, service, findings)]
    unreadable = [p for p in game_days(snapshot).unreadable if not why_not_ours(p, snapshot, service)]
    for place in elsewhere(service, facts):
        if place.snapshot is None:
            message = f"Game days may be recorded in `{place.repository}`, which is not at hand."
            findings.add(Status.UNKNOWN, message, Evidence(service.descriptor or ".", None, ANNOTATION))
            continue
        for found in game_days(place.snapshot).found:
            text = place.snapshot.text(found.path) or ""
            if not place.holds(found.path) or aside_folder(found.path) is not None or found.kind == "other":
                continue
            if place.path or names(f"{found.path} {text}", service):
                held.append((found, f"{place.repository}:"))
    newest = sorted(held, key=lambda h: h[0].when or date.min, reverse=True)
    untils = [u for found, prefix in newest if (u := _add(findings, found, prefix, facts.as_of, days))]
    for path in unreadable:
        message = f"`{path}` may record a game day, and holds no text that can be read."
        findings.add(Status.UNKNOWN, message, Evidence(path, None, "not readable"))
    result = findings.best("No game day is recorded: nobody has practised a failure.", "")
    if result.status is Status.PASS:
        return replace(result, valid_until=max(untils))
    result = replace(result, valid_until=min(untils, default=None))
    return result.with_fix(_fix(service, result, facts.as_of))


def _days(params: Params) -> int:
    days = params.get("days", PARAMS["days"])
    return days if isinstance(days, int) and days > 0 else PARAMS["days"]


def _own(snapshot: Snapshot, service: Service, findings: Findings) -> list[GameDay]:
    """The game days of the repository that speak for the service; the rest is said not to count."""
    kept = []
    for found in game_days(snapshot).found:
        why = found.why if found.kind == "other" else why_not_ours(found.path, snapshot, service)
        if not why:
            kept.append(found)
        else:
            findings.skip(found.path, why, found.line)
    return kept


def _add(findings: Findings, found: GameDay, prefix: str, today: date, days: int) -> date | None:
    """Add what a game day comes to; gives the last day on which that holds, None where it holds for good."""
    evidence = [
        Evidence(prefix + found.path, told.line, f"{name}: {told.note}")
        for name, told in (("scenario", found.scenario), ("findings", found.findings))
        if told is not None
    ] or [Evidence(prefix + found.path, found.line, found.title or "game day")]
    called = f"`{found.title or found.path}`"
    if found.kind == "template":
        findings.add(Status.FAIL, f"{called} is hollow: it was never filled in.", *evidence)
    elif found.kind == "plan":
        findings.add(
            Status.PARTIAL, f"{called} plans a game day, and tells nothing of how it went.", *evidence
        )
    elif found.lacking:
        lacks = " and no ".join(found.lacking)
        findings.add(Status.PARTIAL, f"{called} records a game day, but tells no {lacks}.", *evidence)
    elif found.when is None or (found.when > today and not _same_month(found.when, today)):
        findings.add(Status.PARTIAL, f"{called} is dated {found.when}, which is still to come.", *evidence)
        return found.when - timedelta(1) if found.when else None
    elif (ends := found.when + timedelta(days)) < today:
        past = (today - found.when).days
        message = f"{called} was held on {found.when}, {past} days ago: more than {days}."
        findings.add(Status.PARTIAL, message, *evidence)
    else:
        message = f"{called} was held on {found.when}, and its scenario and findings are written down."
        findings.add(Status.PASS, message, *evidence)
        return ends
    return None


def _same_month(when: date, today: date) -> bool:
    """Whether a date is the last day of today's month, as a record that names only the month is given."""
    return (when.year, when.month) == (today.year, today.month) and (when + timedelta(1)).day == 1


def _fix(service: Service, result: Result, today: date) -> str:
    where = service.file(f"docs/game-days/{today}.md")
    if result.status is Status.UNKNOWN and result.evidence:
        if result.evidence[0].note == ANNOTATION:
            return f"Let Handrail read the repository that `{ANNOTATION}` names."
        return f"Keep the record as text, for instance as `{where}`."
    if result.status is Status.PARTIAL and result.evidence:
        place = f"`{result.evidence[0].path}` line {result.evidence[0].line}"
        if "plans a game day" in result.message:
            return f"Hold what {place} plans, and write down there when it was and what it showed."
        if "tells no" in result.message:
            return f"Complete {place}: when it was held, what was practised, and what it showed."
        return f"Hold another one, for instance what {place} practised, and record it as `{where}`."
    return (
        f"Let one dependency of {service.name} fail for half an hour, and record date, scenario and findings"
        f" as `{where}`; `handrail explain game-days-held` shows one."
    )


_START = """\
# Game day: TODO: the day, and what fails

## Scenario

TODO: which dependency of @name@ fails, where, for how long, and what is expected to happen

## Findings

TODO: what happened, what was not expected, and who saw it

## Actions

TODO: each with somebody who does it, and a date
"""


def start(snapshot: Snapshot, service: Service, result: Result) -> Start | None:
    """The form of a record, where there is none to complete."""
    if result.evidence:
        return None
    fill = ("the day it is held", "the scenario", "the findings, once it was held", "the actions")
    return Start(service.file("docs/game-days/first.md"), fitted(_START, service), fill)
