"""Whoever is on call finds written down how to recognise, diagnose and mitigate a failure.

## What it looks for

Documents of the service that together tell three things of its failures in production: how to recognise one
(an alert by name, a symptom, a threshold), how to diagnose it (what to look at: logs, dashboards, queries,
commands) and how to mitigate it (roll back, restart, fail over, scale, switch off). The format is free:
Markdown, AsciiDoc, reStructuredText, Org, HTML, notebooks and plain text are read, in many languages, one
file or many, a section of the README too. `runbook_url` of alert rules, links and annotations of the
descriptor lead to further ones; the annotation `handrail.dev/evidence` to those in another repository.

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

Whether the steps are right is not checked. A runbook that cannot be read (a PDF, an office document, a link
out of the repository, a repository that is not at hand) is `unknown`.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.document_scope import ANOTHERS, why_not_ours
from scorecards.reading.elsewhere import Elsewhere, elsewhere
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
from scorecards.reading.scope import names as names_service
from scorecards.result import Evidence, NotCounted, Result, Status
from scorecards.start import Start, fitted

STAGE = 2
REQUIRED = True
EXCEPT = ("library", "infrastructure-module", "tool", "documentation")

MAX_FILES = 100
"""Files of a folder that a pointer leads to, of which the rest is not read."""

_LARGE_FILE = "version https://git-lfs.github.com/"
_VERB = {"recognise": "recognise a failure", "diagnose": "diagnose it", "mitigate": "mitigate it"}
_LACKING = {
    "recognise": "how a failure shows (the alert, its threshold, what users see)",
    "diagnose": "what to look at (logs, dashboards, queries, commands)",
    "mitigate": "what ends it (roll back, restart, fail over, scale, switch off)",
}


@dataclass(slots=True)
class _Found:
    """What was read of a service's runbooks."""

    parts: dict[Part, Seen] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    """The files that told a part, the first of each part first."""
    unreadable: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Repositories that the descriptor names and that are not at hand."""
    pointers: list[Pointer] = field(default_factory=list)
    skipped: list[NotCounted] = field(default_factory=list)

    def take(self, reading: Reading) -> bool:
        """Add what a document tells; whether nothing is lacking any more. A complete one stands alone."""
        if reading.unreadable:
            self.unreadable.append(reading.path)
        elif reading.excluded:
            self.skipped.append(NotCounted(reading.path, reading.excluded, reading.line))
        elif len(reading.parts) == len(PARTS):
            self.parts, self.files = dict(reading.parts), [reading.path]
        else:
            for part, seen in reading.parts.items():
                if part not in self.parts:
                    self.parts[part] = seen
                    self.files.append(reading.path)
        return len(self.parts) == len(PARTS)


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """Judge what the service's runbooks tell together."""
    found = _Found()
    found.pointers += _pointers(snapshot, service, found.skipped)
    for reading in _readings(snapshot, service, found):
        if found.take(reading):
            break
    if len(found.parts) < len(PARTS):
        for place in elsewhere(service, facts):
            _read_elsewhere(place, service, found)
    found.unreadable += [p for p in sources(snapshot).unreadable if not why_not_ours(p, snapshot, service)]
    return _verdict(snapshot, service, found)


def _readings(snapshot: Snapshot, service: Service, found: _Found) -> Iterator[Reading]:
    seen = set()
    for pointer in found.pointers:
        if pointer.leads == "here":
            for path in _files(snapshot, pointer.target):
                if path not in seen:
                    seen.add(path)
                    yield from _read(snapshot, Source(path, "runbook"))
    for source in sources(snapshot).documents:
        if source.path in seen:
            continue
        why = source.refused or why_not_ours(source.path, snapshot, service)
        if not why:
            yield from _read(snapshot, source)
        elif source.named == "runbook" and why != ANOTHERS:
            found.skipped.append(NotCounted(source.path, why))


def _files(snapshot: Snapshot, target: str) -> list[str]:
    """The file that a pointer leads to, or those below the folder."""
    if target in snapshot:
        return [target]
    return [p for p in snapshot.files if p.startswith(target)][:MAX_FILES]


def _read(snapshot: Snapshot, source: Source) -> Iterator[Reading]:
    document = prose(snapshot, source.path)
    if document is None:
        if source.named == "runbook":
            yield Reading(source.path, unreadable=snapshot.problems.get(source.path, "no text"))
    elif (snapshot.text(source.path) or "").startswith(_LARGE_FILE):
        yield Reading(source.path, unreadable="kept in Git LFS")
    elif source.named:
        reading = read_runbook(document, source.named)
        if source.named == "runbook" or not reading.excluded:
            yield reading
    else:
        for index in runbook_sections([s.title for s in document.sections]):
            below = document.below(index)
            if any(line.text.strip() for section in below for line in section.lines):
                yield read_runbook(document, "runbook", range(index, index + len(below)))


def _read_elsewhere(place: Elsewhere, service: Service, found: _Found) -> None:
    """Read the runbooks in a repository that the descriptor names: those named, or those of this service."""
    if place.snapshot is None:
        found.missing.append(place.repository)
        return
    if place.path:
        chosen = [Source(p, "runbook") for p in place.snapshot.files if place.holds(p)][:MAX_FILES]
    else:
        chosen = [
            s
            for s in sources(place.snapshot).documents
            if not s.refused and names_service(f"{s.path}\n{place.snapshot.text(s.path) or ''}", service)
        ]
    for source in chosen:
        for reading in _read(place.snapshot, source):
            shown = place.shown(reading.path)
            parts = {part: seen._replace(path=shown) for part, seen in reading.parts.items()}
            if found.take(replace(reading, path=shown, parts=parts)):
                return


def _pointers(snapshot: Snapshot, service: Service, skipped: list[NotCounted]) -> Iterator[Pointer]:
    for pointer in descriptor_pointers(snapshot, service):
        if pointer.leads in ("here", "elsewhere"):
            yield pointer
        else:
            where = "leaves the repository" if pointer.leads == "outside" else "is not in the repository"
            skipped.append(NotCounted(pointer.path, f"`{pointer.target[:80]}` {where}", pointer.line))
    counted = [r for r in rules(snapshot) if not why_not_ours(r.path, snapshot, service)]
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
        if not why_not_ours(path, snapshot, service):
            yield from document_pointers(snapshot, service, path)


def _verdict(snapshot: Snapshot, service: Service, found: _Found) -> Result:
    parts, skipped = found.parts, tuple(found.skipped[:20])
    there = [p for p in PARTS if p in parts]
    lacking = [p for p in PARTS if p not in parts]
    evidence = tuple(Evidence(parts[p].path, parts[p].line, f"{p}: {parts[p].note}") for p in there)
    files = list(dict.fromkeys(found.files))
    named = ", ".join(f"`{file}`" for file in files[:3])
    verb = "tells" if len(files) == 1 else "tell"
    if not lacking:
        message = f"{named} {verb} how to recognise, diagnose and mitigate a failure."
        return Result(Status.PASS, message, evidence, skipped)
    fix = _fix(snapshot, service, files, lacking)
    if len(there) == 2:
        told = " and ".join(_VERB[p] for p in there)
        message = f"{named} {verb} how to {told}, but not {_LACKING[lacking[0]]}."
        return Result(Status.PARTIAL, message, evidence, skipped, fix)
    links = [p for p in found.pointers if p.leads == "elsewhere"] or list(_links(snapshot, service))
    if links:
        message = f"Only the address of a runbook is here ({links[0].target[:80]}), nothing of what it says."
        seen = tuple(Evidence(p.path, p.line, p.target[:120]) for p in links[:5])
        return Result(Status.PARTIAL, message, (*evidence, *seen), skipped, fix)
    if found.missing:
        message = f"Runbooks may stand in `{found.missing[0]}`, which is not at hand."
        where = Evidence(service.descriptor or ".", None, f"names the repository {found.missing[0]}")
        return Result(Status.UNKNOWN, message, (*evidence, where), skipped, fix)
    if found.unreadable:
        path = found.unreadable[0]
        why = snapshot.problems.get(path, "not a text that can be read here")
        message = f"`{path}` may be a runbook, but it cannot be read: {why}."
        return Result(Status.UNKNOWN, message, (*evidence, Evidence(path, None, why)), skipped, fix)
    if there:
        message = f"{named} {verb} only how to {_VERB[there[0]]}, nothing else."
        return Result(Status.FAIL, message, evidence, skipped, fix)
    hollow = next((s.path for s in skipped if s.why.startswith("hollow")), None)
    message = f"`{hollow}` is hollow, and no other runbook was found." if hollow else "No runbook was found."
    return Result(Status.FAIL, message, (), skipped, fix)


def _fix(snapshot: Snapshot, service: Service, files: list[str], lacking: list[Part]) -> str:
    alerts = [
        (name, r.path)
        for r in rules(snapshot)
        for name, _ in r.names
        if not why_not_ours(r.path, snapshot, service)
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


_HEAD = """\
# Runbook: @name@

TODO: what @name@ does, in one sentence, and whom to call
"""
_ALERT = """
## Alert: @alert@

**How it shows:** TODO: what users see, and from which value on

### Diagnose

TODO: the three things to look at first (logs, dashboard, a query), as commands that can be copied

### Mitigate

TODO: for each cause the command that ends it (roll back, restart, fail over, scale, switch off)
"""


def start(snapshot: Snapshot, service: Service, result: Result) -> Start | None:
    """A runbook with a section for each alert that is defined, where no document tells anything yet."""
    if result.evidence:
        return None
    names = [n for r in rules(snapshot) if not why_not_ours(r.path, snapshot, service) for n, _ in r.names]
    alerts = list(dict.fromkeys(names))[:10] or ["<name of the alert>"]
    text = _HEAD + "".join(_ALERT.replace("@alert@", alert) for alert in alerts)
    fill = (
        "how each failure shows",
        "what to look at first",
        "what ends it, as commands that can be copied",
    )
    return Start(service.file("docs/runbook.md"), fitted(text, service), fill)
