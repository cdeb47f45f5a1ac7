"""What incidents taught is done: the action items of the last two quarters are closed, or have a date.

## What it looks for

The action items in the postmortems of incidents of the last two quarters, and of the one that runs: on 24
November 2026 those since 1 April. Each is done (a ticked box, a state, struck through), was decided
against, or has a date. Some that are open and have no date make it weak; when most are so, it fails. A date
that has passed counts, and is told. Without a postmortem of that time, or where only a ticket knows how the
items stand, it is unknown.

## Why it matters

A postmortem whose items nobody does is an apology. The same outage then comes again, and everybody knows that
it was known.

## How to fix it

Go through the open items: do them, say when, or say that you decided against them and why. Few items that are
done are worth more than many that are not.

## Example

    # docs/postmortems/2026-09-03-checkout-down.md
    ## Action items

    | Action | Owner | Due | State |
    |---|---|---|---|
    | Alert on the queue's age | @ada | 2026-09-10 | done |
    | Give the provider a timeout of 2 s | payments team | 2026-12-01 | open |

## Known limits

Whether what is called done is done is not looked up; tickets and their states are not opened. Where a record
gives no date, the date in its file's name counts, and one without any is left out.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from catalog.aside import aside_folder
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.action_items import ActionItem
from scorecards.reading.document_scope import ANOTHERS, why_not_ours
from scorecards.reading.elsewhere import ANNOTATION, elsewhere
from scorecards.reading.postmortem import Postmortem
from scorecards.reading.postmortems import postmortems
from scorecards.reading.scope import names
from scorecards.result import Evidence, Findings, Result, Status

STAGE = 5
REQUIRED = False
EXCEPT: tuple[str, ...] = ("library", "infrastructure-module", "tool", "documentation")

_SHOWN = 8


class _Standing(NamedTuple):
    """How the action items stand; each with the path as evidence shows it."""

    closed: list[tuple[str, ActionItem]]
    dated: list[tuple[str, ActionItem]]
    tracked: list[tuple[str, ActionItem]]
    """Neither state nor date, but a ticket that knows."""
    loose: list[tuple[str, ActionItem]]
    """Open, and without a date."""

    @property
    def total(self) -> int:
        """How many items there are."""
        return len(self.closed) + len(self.dated) + len(self.tracked) + len(self.loose)


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """How the action items of the last two quarters stand."""
    findings = Findings()
    begins, ends = _window(facts.as_of)
    records = [(r, "") for r in _own(snapshot, service, findings)]
    missing = []
    for place in elsewhere(service, facts):
        if place.snapshot is None:
            missing.append(place.repository)
            continue
        for record in postmortems(place.snapshot).records:
            text = place.snapshot.text(record.path) or ""
            held = place.holds(record.path) and aside_folder(record.path) is None
            if held and (place.path or names(text, service)):
                records.append((record, f"{place.repository}:"))
    recent = []
    for record, prefix in records:
        if record.when is None:
            findings.skip(prefix + record.path, "it does not say when the incident was", record.line)
        elif not begins <= record.when <= ends:
            when = "before the last two quarters" if record.when < begins else "still to come"
            findings.skip(prefix + record.path, f"its incident is {when}", record.line)
        else:
            recent.append((record, prefix))
    if not recent:
        _nothing(findings, snapshot, service, records, missing)
    else:
        _judge(findings, _stand(recent), recent, facts.as_of)
    result = findings.best("", "")
    fixed = result if result.status is Status.PASS else result.with_fix(_fix(service, result, facts.as_of))
    return replace(fixed, valid_until=ends) if records else fixed


def _window(today: date) -> tuple[date, date]:
    """From the first day of the quarter before the last one to the last day of the quarter that runs."""
    quarter = today.year * 4 + (today.month - 1) // 3
    return _first(quarter - 2), _first(quarter + 1) - timedelta(1)


def _first(quarter: int) -> date:
    return date(quarter // 4, quarter % 4 * 3 + 1, 1)


def _own(snapshot: Snapshot, service: Service, findings: Findings) -> list[Postmortem]:
    """The records of the repository that are the service's."""
    kept = []
    for record in postmortems(snapshot).records:
        why = why_not_ours(record.path, snapshot, service)
        if not why:
            kept.append(record)
        elif why != ANOTHERS:
            findings.skip(record.path, why, record.line)
    return kept


def _nothing(
    findings: Findings,
    snapshot: Snapshot,
    service: Service,
    records: list[tuple[Postmortem, str]],
    missing: list[str],
) -> None:
    """Say why there is nothing to judge."""
    for repository in missing:
        message = f"Postmortems may stand in `{repository}`, which is not at hand."
        findings.add(Status.UNKNOWN, message, Evidence(service.descriptor or ".", None, ANNOTATION))
    unread = [p.path for p in postmortems(snapshot).found if p.kind == "unread"]
    for path in [*postmortems(snapshot).unreadable, *unread][:_SHOWN]:
        findings.add(Status.UNKNOWN, f"`{path}` cannot be read.", Evidence(path, None, "not readable"))
    if not missing:
        absent = "No postmortem is kept, so nothing tells what incidents taught."
        if records:
            absent = "No postmortem tells of an incident of the last two quarters."
        findings.add(Status.UNKNOWN, absent)


def _stand(recent: list[tuple[Postmortem, str]]) -> _Standing:
    standing = _Standing([], [], [], [])
    for record, prefix in recent:
        for item in record.actions:
            shown = (prefix + item.path, item)
            if item.state in ("done", "dropped"):
                standing.closed.append(shown)
            elif item.due is not None:
                standing.dated.append(shown)
            elif item.ticket and not item.state:
                standing.tracked.append(shown)
            else:
                standing.loose.append(shown)
    return standing


def _judge(
    findings: Findings, standing: _Standing, recent: list[tuple[Postmortem, str]], today: date
) -> None:
    """Add what the items together come to."""
    total, loose, tracked = standing.total, len(standing.loose), len(standing.tracked)
    of = f"of {total} action item{'s' if total != 1 else ''}"
    if not total:
        shown = [Evidence(prefix + r.path, r.line, "no action items") for r, prefix in recent[:_SHOWN]]
        findings.add(Status.UNKNOWN, "The postmortems of the last two quarters name no action items.", *shown)
    elif loose:
        shown = [Evidence(path, i.line, f"open, no date: {i.text[:90]}") for path, i in standing.loose]
        verb = "is" if loose == 1 else "are"
        message = f"{loose} {of} of the last two quarters {verb} open and without a date."
        findings.add(Status.FAIL if loose * 2 > total else Status.PARTIAL, message, *shown[:_SHOWN])
    elif tracked:
        shown = [Evidence(path, i.line, f"{i.ticket}: {i.text[:90]}") for path, i in standing.tracked]
        message = f"How {tracked} {of} of the last two quarters stand is known only where the tickets are."
        findings.add(Status.UNKNOWN, message, *shown[:_SHOWN])
    else:
        late = sum(item.due is not None and item.due < today for _, item in standing.dated)
        said = f"Of {total} action items of the last two quarters {len(standing.closed)} are done"
        said += f", {len(standing.dated)} have a date" if standing.dated else ""
        shown = [Evidence(p, i.line, f"until {i.due}: {i.text[:90]}") for p, i in standing.dated]
        shown += [Evidence(p, i.line, f"{i.state}: {i.text[:90]}") for p, i in standing.closed]
        message = f"{said}, of which {late} {'has' if late == 1 else 'have'} passed." if late else f"{said}."
        findings.add(Status.PASS, message, *shown[:_SHOWN])


def _fix(service: Service, result: Result, today: date) -> str:
    if result.status is not Status.UNKNOWN and result.evidence:
        first = result.evidence[0]
        return (
            f"Do `{first.note.partition(': ')[2][:80]}` (`{first.path}` line {first.line}) and the other open"
            " items, give each a date, or write down that you decided against it."
        )
    if result.evidence and result.evidence[0].note == ANNOTATION:
        return f"Let Handrail read the repository that `{ANNOTATION}` names."
    if "tickets" in result.message:
        first = result.evidence[0]
        return f"Say at `{first.path}` line {first.line}, and beside the others, what is done and until when."
    if "name no action items" in result.message:
        first = result.evidence[0]
        return f"Say in `{first.path}` what is done so that it does not happen again, by whom and until when."
    return (
        f"Write down the next incident of {service.name} as"
        f" `{service.file(f'docs/postmortems/{today}.md')}`, with action items that have an owner and a date."
    )
