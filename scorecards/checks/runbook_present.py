"""Whoever is on call finds written down how to recognise, diagnose and mitigate a failure.

## What it looks for

Documents of the service that together tell three things of its failures in production: how to recognise one
(an alert by name, a symptom, a threshold), how to diagnose it (what to look at: logs, dashboards, queries,
commands) and how to mitigate it (roll back, restart, fail over, scale, switch off). The format is free:
Markdown, AsciiDoc, reStructuredText, Org, HTML, notebooks and plain text are read, in many languages, one
file or many, a section of the README too. `runbook_url` of alert rules, links and annotations of the
descriptor lead to further ones.

Two of the three, or only the address of a runbook kept elsewhere, are `partial`. Headings with nothing below,
to-do marks, instructions for developers, repairs of a local set-up, scripts for a demonstration, Ansible
playbooks and instructions for coding agents do not count.

## Why it matters

During an incident nobody should have to find out how the service works. With a runbook, whoever is on call
can end an outage, not only who wrote the code.

## How to fix it

Write `docs/runbook.md`. Take the alerts of the service one by one: what it means and what users see, the
three things to look at first, and what to do for each cause, as commands that can be copied. Add its path to
the `runbook_url` of the alert.

## Example

    # docs/runbook.md
    # Runbook: payments

    ## Alert: PaymentsErrorRateHigh
    **Symptom:** more than 2 % of requests answer 5xx; customers cannot pay.

    ### Diagnose
    1. `kubectl -n payments logs deploy/payments --since=10m` shows which call fails.
    2. Compare error rate and version on the payments dashboard.

    ### Mitigate
    - After a deployment: `kubectl -n payments rollout undo deploy/payments`.
    - Database unavailable: fail over with `scripts/failover.sh`.

## Known limits

Whether the steps are right is not checked. A runbook kept only as a PDF or office document is `unknown`.
"""

import posixpath
from collections.abc import Iterator

from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.prose import prose
from scorecards.reading.runbook_signs import PARTS, Part
from scorecards.reading.runbook_sources import (
    Pointer,
    Source,
    descriptor_pointers,
    document_pointers,
    follow,
    rules,
    runbook_sections,
    sources,
)
from scorecards.reading.runbooks import Reading, Seen, read_runbook
from scorecards.reading.scope import aside, is_neighbours, is_own
from scorecards.reading.scope import names as names_service
from scorecards.result import Evidence, NotCounted, Result, Status

STAGE = 2
REQUIRED = True
EXCEPT = ("library", "infrastructure-module", "tool", "documentation")

_VERB = {"recognise": "recognise a failure", "diagnose": "diagnose it", "mitigate": "mitigate it"}
_LACKING = {
    "recognise": "how a failure shows (the alert, its threshold, what users see)",
    "diagnose": "what to look at (logs, dashboards, queries, commands)",
    "mitigate": "what ends it (roll back, restart, fail over, scale, switch off)",
}


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """Judge what the service's runbooks tell together."""
    parts: dict[Part, Seen] = {}
    skipped: list[NotCounted] = []
    files: list[str] = []
    pointers = list(_pointers(snapshot, service, skipped))
    for reading in _readings(snapshot, service, pointers, skipped):
        if reading.excluded:
            skipped.append(NotCounted(reading.path, reading.excluded, reading.line))
            continue
        for part, seen in reading.parts.items():
            if part not in parts:
                files.append(reading.path)
                parts[part] = seen
        if len(parts) == len(PARTS):
            break
    unreadable = [p for p in sources(snapshot).unreadable if _counts(p, snapshot, service) == ""]
    return _verdict(snapshot, service, parts, files, pointers, unreadable, skipped)


def _readings(
    snapshot: Snapshot, service: Service, pointers: list[Pointer], skipped: list[NotCounted]
) -> Iterator[Reading]:
    pointed = [p.target for p in pointers if p.leads == "here"]
    seen = set()
    for path in pointed:
        for inside in (
            [path] if path in snapshot else sorted(p for p in snapshot.files if p.startswith(path))[:50]
        ):
            document = prose(snapshot, inside)
            if document and inside not in seen:
                seen.add(inside)
                yield read_runbook(document, "runbook")
    for source in sources(snapshot).documents:
        if source.path in seen:
            continue
        why = source.refused or _counts(source.path, snapshot, service)
        if why:
            if source.named == "runbook" and not why.startswith("of another"):
                skipped.append(NotCounted(source.path, why))
            continue
        yield from _read(snapshot, source)


def _read(snapshot: Snapshot, source: Source) -> Iterator[Reading]:
    document = prose(snapshot, source.path)
    if document is None:
        if source.named == "runbook":
            yield Reading(
                source.path, excluded=f"unreadable: {snapshot.problems.get(source.path, 'no text')}"
            )
        return
    if source.named:
        reading = read_runbook(document, source.named)
        if source.named == "runbook" or not reading.excluded:
            yield reading
        return
    for index in runbook_sections([s.title for s in document.sections]):
        if any(line.text.strip() for s in document.below(index) for line in s.lines):
            reading = read_runbook(document, "runbook", range(index, index + len(document.below(index))))
            yield reading


def _counts(path: str, snapshot: Snapshot, service: Service) -> str:
    """Why a document is not this service's, empty where it is."""
    away = aside(path, service)
    if away:
        return f"under `{away}`"
    if is_own(path, service):
        return ""
    if is_neighbours(path, service):
        return "of another service"
    others = [posixpath.basename(n) for n in service.neighbours if n]
    text = f"{path}\n{(snapshot.text(path) or '')}"
    if names_service(text, service) or not any(o and o.lower() in text.lower() for o in others):
        return ""
    return "of another service"


def _pointers(snapshot: Snapshot, service: Service, skipped: list[NotCounted]) -> Iterator[Pointer]:
    for pointer in descriptor_pointers(snapshot, service):
        if pointer.leads in ("here", "elsewhere"):
            yield pointer
        else:
            where = "leaves the repository" if pointer.leads == "outside" else "is not in the repository"
            skipped.append(NotCounted(pointer.path, f"`{pointer.target[:80]}` {where}", pointer.line))
    counted = [r for r in rules(snapshot) if not _counts(r.path, snapshot, service)]
    alerts = sum(r.alerts for r in counted)
    addresses = sum(len(r.runbooks) for r in counted)
    for rule in counted:
        for value, line in rule.runbooks:
            led = follow(snapshot, service, value, posixpath.dirname(rule.path))
            if led is None:
                continue
            if led[0] == "here":
                yield Pointer(rule.path, line, led[1], "here")
            elif led[0] == "elsewhere" and 4 * addresses >= alerts:
                yield Pointer(rule.path, line, led[1], "elsewhere")
            elif led[0] != "elsewhere":
                skipped.append(NotCounted(rule.path, f"`{value[:80]}` is not in the repository", line))
            else:
                why = f"only {addresses} of {alerts} alerts name a runbook, kept elsewhere"
                skipped.append(NotCounted(rule.path, why, line))
                break


def _links(snapshot: Snapshot, service: Service) -> Iterator[Pointer]:
    """Addresses of runbooks in the README and the documents on operating the service."""
    own = {service.file(n) for n in ("README.md", "README.rst", "README.adoc", "README", "readme.md")}
    paths = [p for p in own if p in snapshot] + [s.path for s in sources(snapshot).documents if not s.refused]
    for path in paths[:30]:
        if not _counts(path, snapshot, service):
            yield from document_pointers(snapshot, service, path)


def _verdict(
    snapshot: Snapshot,
    service: Service,
    parts: dict[Part, Seen],
    files: list[str],
    pointers: list[Pointer],
    unreadable: list[str],
    skipped: list[NotCounted],
) -> Result:
    evidence = tuple(
        Evidence(parts[p].path, parts[p].line, f"{p}: {parts[p].note}") for p in PARTS if p in parts
    )
    aside_ = tuple(skipped[:20])
    there = [p for p in PARTS if p in parts]
    lacking = [p for p in PARTS if p not in parts]
    named = ", ".join(f"`{f}`" for f in list(dict.fromkeys(files))[:3])
    if not lacking:
        return Result(
            Status.PASS, f"{named} tells how to recognise, diagnose and mitigate a failure.", evidence, aside_
        )
    links = [p for p in pointers if p.leads == "elsewhere"]
    if not links:
        links = list(_links(snapshot, service))
    fix = _fix(snapshot, service, files, lacking)
    if len(there) == 2:
        tells = " and ".join(_VERB[p] for p in there)
        return Result(
            Status.PARTIAL,
            f"{named} tells how to {tells}, but not {_LACKING[lacking[0]]}.",
            evidence,
            aside_,
            fix,
        )
    if links:
        first = links[0]
        message = f"Only the address of a runbook is here ({first.target[:80]}), nothing of what it says."
        seen = tuple(Evidence(p.path, p.line, p.target[:120]) for p in links[:5])
        return Result(Status.PARTIAL, message, (*evidence, *seen), aside_, fix)
    if unreadable:
        message = f"`{unreadable[0]}` may be a runbook, but its format cannot be read."
        return Result(
            Status.UNKNOWN, message, (Evidence(unreadable[0], None, "cannot be read"),), aside_, fix
        )
    if there:
        message = f"{named} tells only how to {_VERB[there[0]]}; two of the three would be a start."
        return Result(Status.FAIL, message, evidence, aside_, fix)
    return Result(Status.FAIL, "No runbook was found.", (), aside_, fix)


def _fix(snapshot: Snapshot, service: Service, files: list[str], lacking: list[Part]) -> str:
    alerts = [
        (name, r.path)
        for r in rules(snapshot)
        for name, _ in r.names
        if not _counts(r.path, snapshot, service)
    ]
    start = f" Start with the alert `{alerts[0][0]}` ({alerts[0][1]})." if alerts else ""
    if files:
        what = "; ".join(_LACKING[p] for p in lacking)
        return f"Add to `{files[0]}` {what}.{start}"
    return (
        f"Write `{service.file('docs/runbook.md')}`: for each alert how it shows, what to look at and"
        f" what ends it."
        f"{start} If it stands in another repository, name that with the annotation `handrail.dev/evidence`."
    )
