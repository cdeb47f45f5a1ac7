"""Alerts that a tool makes of an objective: Sloth, Pyrra, OpenSLO's and Nobl9's policies, slo-generator.

https://sloth.dev/specs/default/ and https://github.com/pyrra-dev/pyrra
"""

from collections.abc import Iterator
from typing import Any

from catalog.document import Map, Seq, dig, maps
from catalog.snapshot import Snapshot
from scorecards.reading.alert import Alert, make_alert, runbook_of, words
from scorecards.reading.flaw import Flaw
from scorecards.reading.marked import Part, marked
from scorecards.reading.objective import Objective, text_of
from scorecards.reading.objectives import objectives
from scorecards.result import Status


def find(snapshot: Snapshot) -> Iterator[Alert]:
    """Alerts beside every objective whose tool makes them."""
    for part in marked(snapshot).objectives:
        if part.group.startswith("sloth.slok.dev/") or text_of(part.data.get("version")).startswith(
            "prometheus/v"
        ):
            yield from _sloth(snapshot, part)
        elif part.kind == "ServiceLevelObjective" and "pyrra" in part.group:
            yield from _pyrra(snapshot, part)
        elif part.kind == "AlertPolicy":
            yield from _policy(part, marked(snapshot).objectives)
        elif "error_budget_policies" in part.data or part.kind == "ErrorBudgetPolicy":
            yield from _generator(part)


def _objective(snapshot: Snapshot, path: str, line: int, end: int) -> Objective | None:
    found = [o for o in objectives(snapshot) if o.path == path and line <= o.line <= end]
    return found[0] if found else None


def _hollow(objective: Objective | None) -> list[Flaw]:
    if objective is None or objective.status is not Status.FAIL:
        return []
    return [Flaw(Status.FAIL, "the objective that it is made of is one in name only")]


def _sloth(snapshot: Snapshot, part: Part) -> Iterator[Alert]:
    spec = part.data.get("spec")
    held = spec if isinstance(spec, Map) else part.data
    listed = held.get("slos")
    service = text_of(held.get("service"))
    entries = [e for e in listed if isinstance(e, Map)] if isinstance(listed, Seq) else []
    for number, entry in enumerate(entries):
        end = entries[number + 1].line - 1 if number + 1 < len(entries) else entry.line + 200
        alerting = entry.get("alerting")
        alerting = alerting if isinstance(alerting, Map) else Map(entry.line)
        flaws = _hollow(_objective(snapshot, part.path, entry.line, end))
        sli = words(entry.get("sli"))
        for kind, severity in (("page", "pageAlert"), ("ticket", "ticketAlert")):
            own = alerting.get(f"{kind}_alert") or alerting.get(severity)
            if dig(own, "disable") is True:
                continue
            yield make_alert(
                f"{text_of(alerting.get('name')) or text_of(entry.get('name'))} ({kind})",
                "Sloth",
                part.path,
                alerting.line,
                expr=f"burn_rate {sli}".strip() if sli else "",
                severity=kind,
                runbook=runbook_of(dig(own, "annotations"), alerting.get("annotations")),
                about=f"{service} {words(alerting.get('labels'))} {words(entry.get('labels'))}",
                slo=text_of(entry.get("name")),
                flaws=flaws,
            )


def _pyrra(snapshot: Snapshot, part: Part) -> Iterator[Alert]:
    spec = part.data.get("spec")
    alerting = dig(spec, "alerting")
    if dig(alerting, "disabled") is True or dig(alerting, "burnrates") is False:
        return
    metadata = part.data.get("metadata")
    line = part.document.line
    sli = words(dig(spec, "indicator"))
    yield make_alert(
        text_of(dig(alerting, "name")) or f"{part.name} ErrorBudgetBurn",
        "Pyrra",
        part.path,
        line,
        expr=f"burn_rate {sli}" if sli else "",
        severity="critical, warning",
        runbook=runbook_of(dig(metadata, "annotations"), dig(metadata, "labels")),
        about=f"{part.name} {words(dig(metadata, 'labels'))}",
        slo=part.name,
        flaws=_hollow(_objective(snapshot, part.path, line, line + 200)),
    )


def _policy(part: Part, parts: tuple[Part, ...]) -> Iterator[Alert]:
    """OpenSLO and Nobl9: conditions, inline or of their own, and whom they tell."""
    spec = part.data.get("spec")
    wanted = {
        text_of(dig(c, "conditionRef")) for c in dig(spec, "conditions") or () if dig(c, "conditionRef")
    }
    referred = [p.data.get("spec") for p in parts if p.kind == "AlertCondition" and p.name in wanted]
    conditions: list[Any] = [dig(spec, "conditions"), *referred]
    users = [p for p in parts if p.kind == "SLO" and part.name and part.name in _policies(p)]
    told = dig(spec, "notificationTargets") or dig(spec, "alertMethods")
    condition = next((m for c in conditions for m in maps(c) if "threshold" in m or "value" in m), Map())
    measured = {words(m.get("kind") or m.get("measurement")).lower() for c in conditions for m in maps(c)}
    burns = any("burn" in m or "budget" in m for m in measured)
    yield make_alert(
        dig(spec, "displayName") or part.name,
        "Nobl9" if part.group.startswith("n9/") else "OpenSLO",
        part.path,
        part.document.line,
        expr=("burn_rate " if burns else "") + words([c for c in conditions if c]),
        threshold=words(condition.get("threshold", condition.get("value"))),
        severity=dig(spec, "severity")
        or next((m["severity"] for c in conditions for m in maps(c) if "severity" in m), ""),
        route=words(told),
        runbook=runbook_of(
            dig(part.data, "metadata", "annotations"), spec if isinstance(spec, Map) else None
        ),
        about=" ".join(
            [part.name, *(u.name for u in users), *(text_of(dig(u.data, "spec", "service")) for u in users)]
        ),
        slo=users[0].name if users else "",
        flaws=() if users else (Flaw(Status.PARTIAL, "no objective uses it"),),
    )


def _policies(part: Part) -> set[str]:
    listed = dig(part.data, "spec", "alertPolicies")
    if not isinstance(listed, Seq):
        return set()
    return {
        text_of(p) or text_of(dig(p, "alertPolicyRef")) or text_of(dig(p, "metadata", "name")) for p in listed
    }


def _generator(part: Part) -> Iterator[Alert]:
    for held in maps(part.data):
        limit = text_of(held.get("burn_rate_threshold") or held.get("alerting_burn_rate_threshold"))
        if limit and held.get("alert") is not False:
            yield make_alert(
                held.get("name") or held.get("error_budget_policy_step_name"),
                "slo-generator",
                part.path,
                held.line,
                expr="burn_rate of every objective",
                threshold=limit,
                route=held.get("message_alert") or held.get("overburned_consequence_message"),
                runbook=runbook_of(held.get("message_alert")),
            )
