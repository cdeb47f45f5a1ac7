"""Pagers that a repository's configuration names: in descriptors, where alerts go, and as code."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from catalog.regex import regex
from catalog.service import Service
from catalog.snapshot import Snapshot
from catalog.terraform import terraform
from catalog.translation import CONTACTS
from scorecards.reading.alerting import alerting
from scorecards.reading.alerts import alerts
from scorecards.reading.escalation_words import CHAT, PAGER
from scorecards.reading.hollow import is_placeholder
from scorecards.reading.receivers import receivers


class Pager(NamedTuple):
    """Somebody who is told of failures; `pager` is False where it is a chat or a mailbox alone."""

    path: str
    line: int
    text: str
    pager: bool


_ROTA = regex(r"on-?_?call|escalation|pager", re.IGNORECASE)
"""What the title of a link to a rota says."""
_FILLED = regex(r"your[-_.]|google\.|<|\{\{|example\.|changeme|xxx+|todo", re.IGNORECASE)


def _is_filled(value: Any) -> bool:
    text = str(value or "").strip()
    return bool(text) and not is_placeholder(text) and not _FILLED.search(text)


def of_descriptor(service: Service) -> Iterator[Pager]:
    """Pagers in the annotations and links of the service's descriptor, then its chats."""
    path = service.descriptor
    if path is None or service.document is None:
        return
    for key, value in service.annotations.items():
        kind = _kind(f"{key} {value}" if key == CONTACTS else key)
        if kind is not None and _is_filled(value):
            line = service.document.line_of("metadata", "annotations", key)
            yield Pager(path, line, f"{key}: {value}"[:160], kind)
    for number, link in enumerate(service.links):
        url = str(link.get("url") or "")
        words = " ".join(str(link.get(k) or "") for k in ("title", "type", "icon"))
        direct = url.startswith(("mailto:", "tel:")) or _ROTA.search(words)
        kind = True if direct else _kind(f"{words} {url}")
        if kind is not None and _is_filled(url):
            line = service.document.line_of("metadata", "links", number)
            yield Pager(path, line, f"{words} {url}".strip()[:160], kind)


def _kind(text: str) -> bool | None:
    """True for a pager, False for a chat, None for neither."""
    if PAGER.search(text):
        return True
    return False if CHAT.search(text) else None


_PAGES = frozenset(("pagerduty", "opsgenie", "victorops", "incidentio", "rootly", "pushover"))
_CHATS = frozenset(
    ("slack", "discord", "msteams", "msteamsv2", "telegram", "webex", "mattermost", "rocketchat")
)
_CODE = (
    "pagerduty_",
    "opsgenie_",
    "victorops_",
    "squadcast_",
    "ilert_",
    "zenduty_",
    "rootly_",
    "firehydrant_",
    "incident_",
)
_RESOURCES = (
    *(
        "pagerduty_service",
        "pagerduty_escalation_policy",
        "pagerduty_schedule",
        "pagerduty_service_integration",
    ),
    *(
        "opsgenie_team",
        "opsgenie_escalation",
        "opsgenie_schedule",
        "opsgenie_service",
        "opsgenie_api_integration",
    ),
    *("victorops_team", "victorops_escalation_policy", "squadcast_service", "squadcast_escalation_policy"),
    *("ilert_escalation_policy", "ilert_alert_source", "zenduty_esp", "rootly_escalation_policy"),
    *("grafana_oncall_escalation_chain", "grafana_oncall_integration", "incident_schedule"),
    *("incident_escalation_path", "firehydrant_escalation_policy"),
)
_POINT = regex(r"type:\s*[\"']?(pagerduty|opsgenie|victorops|oncall)\b")


def of_alerting(snapshot: Snapshot) -> tuple[Pager, ...]:
    """Where alerts go: Alertmanager, Grafana, the alerts' own routes, and pagers as Terraform; made once."""
    return snapshot.derive(_alerting)


def _alerting(snapshot: Snapshot) -> tuple[Pager, ...]:
    return (*_received(snapshot), *_points(snapshot), *_routed(snapshot), *_coded(snapshot))


def _received(snapshot: Snapshot) -> Iterator[Pager]:
    for receiver in receivers(snapshot):
        shown = f"receiver {receiver.name} ({', '.join(receiver.means)})"[:160]
        if _PAGES.intersection(receiver.means) or (
            "webhook" in receiver.means and PAGER.search(receiver.name)
        ):
            yield Pager(receiver.path, receiver.line, shown, True)
        elif _CHATS.intersection(receiver.means) or "email" in receiver.means:
            yield Pager(receiver.path, receiver.line, shown, False)


def _points(snapshot: Snapshot) -> Iterator[Pager]:
    """Contact points of Grafana."""
    for file in alerting(snapshot).files:
        if "contactPoints" in file.text and (found := _POINT.search(file.text)):
            line = file.text.count("\n", 0, found.start()) + 1
            yield Pager(file.path, line, f"a contact point of Grafana: {found[1]}", True)


def _routed(snapshot: Snapshot) -> Iterator[Pager]:
    for alert in alerts(snapshot):
        kind = _kind(alert.route) if alert.route else None
        if kind is not None:
            yield Pager(alert.path, alert.line, f"the alert {alert.name} goes to {alert.route}"[:160], kind)


def _coded(snapshot: Snapshot) -> Iterator[Pager]:
    code = terraform(snapshot)
    if not any(word in (snapshot.text(path) or "") for path in code.paths() for word in _CODE):
        return
    for resource in code.resources(_RESOURCES):
        yield Pager(resource.path, resource.line, f"the Terraform resource {resource.address}", True)
