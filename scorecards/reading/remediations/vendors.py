"""Automations of Datadog, PagerDuty and Shoreline, as Terraform declares them.

https://registry.terraform.io/providers/DataDog/datadog/latest/docs/resources/workflow_automation
https://registry.terraform.io/providers/PagerDuty/pagerduty/latest/docs/resources/event_orchestration_service
https://registry.terraform.io/providers/shorelinesoftware/shoreline/latest/docs/resources/bot
"""

from collections.abc import Iterator

from catalog.document import Map, maps
from catalog.regex import regex
from catalog.snapshot import Snapshot
from catalog.terraform import Resource, terraform
from scorecards.reading.alert import words
from scorecards.reading.alerts import alerts
from scorecards.reading.flaw import Flaw
from scorecards.reading.objective import text_of
from scorecards.reading.remediation import Remediation, listed, make_remediation, repairs, tells
from scorecards.result import Status

_MARKS = (
    "datadog_workflow_automation",
    "pagerduty_event_orchestration",
    "pagerduty_incident_workflow",
    "shoreline_bot",
)
_TELLS = Flaw(Status.FAIL, "it only tells somebody")
_DARK = Flaw(Status.UNKNOWN, "what it starts cannot be told from here")
_BY_HAND = Flaw(Status.FAIL, "a person starts it")
_HANDLE = regex(r"@(?:workflow|runbook)-([\w.-]{1,100})")
_STEP = regex(r"com\.datadoghq\.[\w.]{1,100}")


def find(snapshot: Snapshot) -> Iterator[Remediation]:
    """Every automation that a monitor or an incident starts."""
    held = terraform(snapshot)
    found: dict[str, list[Resource]] = {}
    if _stands(snapshot, held.paths()):
        for resource in held.resources(tuple(_READERS) + _NEEDED):
            found.setdefault(resource.type, []).append(resource)
    for kind, read in _READERS.items():
        for resource in found.get(kind, ()):
            yield from read(resource, found)
    here = " ".join(words(r.values) for r in found.get("datadog_workflow_automation", ()))
    for alert in alerts(snapshot):
        handle = _HANDLE.search(alert.route) if "@" in alert.route and alert.dialect == "Datadog" else None
        if handle and handle[1] not in here:
            yield make_remediation(
                alert.name, "Datadog workflow", alert.path, alert.line,
                trigger=alert.name, action=handle[0], about=f"{alert.name} {alert.about}", elsewhere=True,
            )  # fmt: skip


def _stands(snapshot: Snapshot, tf: list[str]) -> bool:
    for path in tf:
        text = snapshot.text(path) or ""
        for mark in _MARKS:
            if mark in text:
                return True
    return False


def _datadog(resource: Resource, found: dict[str, list[Resource]]) -> Iterator[Remediation]:
    values = resource.values
    spec = text_of(values.get("spec_json")) or words(values.get("spec_json"))
    if "onitorTrigger" not in spec and "ncidentTrigger" not in spec:
        return
    steps = " ".join(s for s in _STEP.findall(spec) if not tells(s))
    acts = repairs(f"{steps} {text_of(values.get('name'))}")
    yield make_remediation(
        text_of(values.get("name")) or resource.name, "Datadog workflow", resource.path, resource.line,
        trigger="a monitor", action=steps or text_of(values.get("name")),
        guarded_by=[spec, "approval" if "makeDecision" in spec or "make_decision" in spec else ""],
        about=f"{text_of(values.get('name'))} {words(values.get('tags'))} {spec[:2000]}",
        off=values.get("published") is False, flaws=[] if acts else [_TELLS],
    )  # fmt: skip


def _orchestration(resource: Resource, found: dict[str, list[Resource]]) -> Iterator[Remediation]:
    for held in maps(resource.values):
        for key in ("automation_action", "pagerduty_automation_action"):
            for action in listed(held.get(key)):
                if not isinstance(action, Map):
                    continue
                said = f"{words(action)} {resource.name}"
                by_hand = key == "automation_action" and action.get("auto_send") is not True
                flaws = (
                    [_BY_HAND] if by_hand else ([] if repairs(said) else [_TELLS if tells(said) else _DARK])
                )
                conditions = words([m.get("condition") for m in maps(resource.values) if "condition" in m])
                yield make_remediation(
                    text_of(action.get("name")) or resource.name, "PagerDuty automation action",
                    resource.path, getattr(action, "line", resource.line),
                    trigger=conditions or "an incident", action=words(action),
                    guarded_by=[words(held), *_guards(found)], about=said, flaws=flaws,
                )  # fmt: skip


def _guards(found: dict[str, list[Resource]]) -> Iterator[str]:
    for action in found.get("pagerduty_automation_actions_action", ()):
        yield words(action.values)
        if action.values.get("only_invocable_on_unresolved_incidents") is True:
            yield "precondition"


def _workflow(resource: Resource, found: dict[str, list[Resource]]) -> Iterator[Remediation]:
    values = resource.values
    triggered = [
        t
        for t in found.get("pagerduty_incident_workflow_trigger", ())
        if f".{resource.name}." in words(t.values.get("workflow"))
    ]
    automatic = [t for t in triggered if text_of(t.values.get("type")) == "conditional"]
    said = f"{text_of(values.get('name'))} {words(values.get('step'))}"
    if not repairs(said):
        return
    yield make_remediation(
        text_of(values.get("name")) or resource.name, "PagerDuty incident workflow",
        resource.path, resource.line,
        trigger=" ".join(text_of(t.values.get("condition")) for t in automatic), action=said,
        guarded_by=[said], about=said, flaws=[] if automatic else [_BY_HAND],
    )  # fmt: skip


def _shoreline(resource: Resource, found: dict[str, list[Resource]]) -> Iterator[Remediation]:
    values = resource.values
    command = text_of(values.get("command"))
    actions = [
        a
        for a in found.get("shoreline_action", ())
        if a.name in command or text_of(a.values.get("name")) in command
    ]
    said = f"{command} {' '.join(words(a.values) for a in actions)}"
    limited = "limit" in said or any(a.values.get("timeout") for a in actions)
    yield make_remediation(
        text_of(values.get("name")) or resource.name, "Shoreline bot", resource.path, resource.line,
        trigger=command, action=" ".join(text_of(a.values.get("command")) for a in actions) or command,
        guarded_by=[said, "max_targets" if limited else ""], about=said,
        off=values.get("enabled") is False, flaws=[] if " then " in command else [_BY_HAND],
    )  # fmt: skip


_NEEDED = ("pagerduty_incident_workflow_trigger", "pagerduty_automation_actions_action", "shoreline_action")
_READERS = {
    "datadog_workflow_automation": _datadog,
    "pagerduty_event_orchestration_service": _orchestration,
    "pagerduty_event_orchestration_router": _orchestration,
    "pagerduty_event_orchestration_unrouted": _orchestration,
    "pagerduty_event_orchestration_global": _orchestration,
    "pagerduty_incident_workflow": _workflow,
    "shoreline_bot": _shoreline,
}
