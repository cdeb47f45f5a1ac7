"""Azure Monitor's alerts whose action group starts a runbook, a function or a logic app.

https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups
"""

from collections.abc import Iterator

from catalog.document import Map, Seq, maps
from catalog.regex import regex
from catalog.snapshot import Snapshot
from catalog.terraform import Resource, terraform
from scorecards.reading.alert import Alert, words
from scorecards.reading.alerting import AlertFile
from scorecards.reading.alerts import alerts
from scorecards.reading.flaw import Flaw
from scorecards.reading.objective import text_of
from scorecards.reading.paths import paths
from scorecards.reading.remediation import (
    Remediation,
    idle_program,
    listed,
    make_remediation,
    program_named,
    repairs,
    tells,
)
from scorecards.result import Status

DIALECT = "Azure action group"
MARKS = (("automationRunbookReceivers",),)
_RECEIVERS = (
    "automation_runbook_receiver",
    "azure_function_receiver",
    "logic_app_receiver",
    "webhook_receiver",
)
_NAMES = ("runbook_name", "function_name", "name", "service_uri", "http_trigger_url")
_TELLS = Flaw(Status.FAIL, "it only tells somebody")
_NOTHING = Flaw(Status.FAIL, "the program that it starts changes nothing that runs")
_DARK = Flaw(Status.UNKNOWN, "what it starts cannot be told from here")
_UNLINKED = Flaw(Status.FAIL, "no alert of the repository leads to its action group")
_BICEP = regex(r"automationRunbookReceivers\s{0,4}:\s{0,4}\[\s{0,200}\{([^\[\]]{1,2000})")
_BICEP_NAME = regex(r"\b(?:runbookName|name)\s{0,4}:\s{0,4}'?([\w.-]{1,120})")


def read(file: AlertFile) -> Iterator[Remediation]:
    """Action groups of ARM templates with a runbook."""
    for document in file.documents:
        for held in maps(document.data):
            listed = held.get("automationRunbookReceivers")
            for entry in listed if isinstance(listed, Seq) else ():
                if isinstance(entry, Map):
                    name = text_of(entry.get("runbookName")) or text_of(entry.get("name"))
                    yield _started(file.snapshot, name, name, file.path, entry.line, _first(file.snapshot))


def find(snapshot: Snapshot) -> Iterator[Remediation]:
    """Action groups of Terraform and Bicep."""
    held = terraform(snapshot)
    if any("azurerm_monitor_action_group" in (snapshot.text(p) or "") for p in held.paths()):
        for group in held.resources(("azurerm_monitor_action_group",)):
            yield from _group(snapshot, group)
    for path in paths(snapshot).ending("bicep"):
        text = snapshot.text(path) or ""
        for found in _BICEP.finditer(text) if "automationRunbookReceivers" in text else ():
            named = _BICEP_NAME.search(found[1])
            line = text.count("\n", 0, found.start()) + 1
            name = named[1] if named else ""
            yield _started(snapshot, name, found[1], path, line, _first(snapshot))


def _first(snapshot: Snapshot) -> Alert | None:
    return next((a for a in alerts(snapshot) if a.dialect == "Azure Monitor" and a.route), None)


def _group(snapshot: Snapshot, group: Resource) -> Iterator[Remediation]:
    alert = next(
        (
            a
            for a in alerts(snapshot)
            if f"{group.type}.{group.name}" in a.route and a.status is not Status.FAIL
        ),
        None,
    )
    off = group.values.get("enabled") is False
    for kind in _RECEIVERS:
        for entry in listed(group.values.get(kind)):
            if isinstance(entry, Map):
                name = next((text_of(entry[k]) for k in _NAMES if text_of(entry.get(k))), "")
                said = words([entry.get(k) for k in _NAMES])
                made = _started(
                    snapshot, name, said, group.path, getattr(entry, "line", group.line), alert, off
                )
                if kind != "webhook_receiver" or made.problems not in ((_DARK,), (_TELLS,)):
                    yield made


def _started(
    snapshot: Snapshot, name: str, said: str, path: str, line: int, alert: Alert | None, off: bool = False
) -> Remediation:
    called = name.rpartition(".")[2] if name.endswith(".name}") else name
    called = _resource(name) or called
    program = program_named(snapshot, called)
    acts = program is not None or repairs(said)
    idle = None if acts else idle_program(snapshot, called)
    flaws = [_NOTHING] if idle else [] if acts else [_TELLS if tells(said) else _DARK]
    if alert is None:
        flaws = [_UNLINKED]
    return make_remediation(
        called,
        DIALECT,
        path,
        line,
        trigger=alert.name if alert else "",
        action=f"{called}{f' ({program})' if program else ''}",
        guarded_by=[(snapshot.text(program) or "") if program else "", said],
        about=f"{said} {alert.name if alert else ''} {alert.about if alert else ''}",
        off=off,
        flaws=flaws,
    )


_REFERENCE = regex(r"azurerm_\w+\.(\w+)")


def _resource(written: str) -> str:
    found = _REFERENCE.search(written)
    return found[1] if found else ""
