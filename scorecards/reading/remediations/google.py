"""Google Cloud's alert policies whose channel is a topic or a webhook that starts a function.

https://cloud.google.com/monitoring/support/notification-options#pubsub
"""

import re
from collections.abc import Iterator

from catalog.regex import regex
from catalog.snapshot import Snapshot
from catalog.terraform import Resource, terraform
from scorecards.reading.alert import words
from scorecards.reading.alerts import alerts
from scorecards.reading.objective import text_of
from scorecards.reading.remediation import Remediation, make_remediation, program_named, repairs

DIALECT = "Google Cloud function"
_CHANNEL = regex(r"google_monitoring_notification_channel\.(\w+)")
_TOPIC = regex(r"google_pubsub_topic\.(\w+)|topics/([\w-]+)")
_FUNCTIONS = (
    "google_cloudfunctions_function",
    "google_cloudfunctions2_function",
    "google_cloud_run_v2_service",
    "google_pubsub_subscription",
)


def find(snapshot: Snapshot) -> Iterator[Remediation]:
    """Functions that listen to the topic of a channel, where they repair something by name or by program."""
    held = terraform(snapshot)
    if not _stands(snapshot, held.paths()):
        return
    found: dict[str, list[Resource]] = {}
    for resource in held.resources(("google_monitoring_notification_channel", *_FUNCTIONS)):
        found.setdefault(resource.type, []).append(resource)
    channels = {c.name: c for c in found.get("google_monitoring_notification_channel", ())}
    for alert in alerts(snapshot):
        for name in _CHANNEL.findall(alert.route) if alert.dialect == "Google Cloud Monitoring" else ():
            channel = channels.get(name)
            if channel is not None and text_of(channel.values.get("type")) == "pubsub":
                topic = _TOPIC.search(words(channel.values.get("labels")))
                for function in _listeners(found, topic[1] or topic[2] if topic else ""):
                    yield from _started(snapshot, function, alert.name, alert.about)


def _stands(snapshot: Snapshot, tf: list[str]) -> bool:
    for path in tf:
        text = snapshot.text(path) or ""
        if "google_monitoring_notification_channel" in text and "pubsub" in text:
            return True
    return False


def _listeners(found: dict[str, list[Resource]], topic: str) -> Iterator[Resource]:
    named = re.compile(rf"google_pubsub_topic\.{re.escape(topic)}\b|topics/{re.escape(topic)}\b")
    for kind in _FUNCTIONS:
        for function in found.get(kind, ()):
            if topic and named.search(words(function.values)):
                yield function


def _started(snapshot: Snapshot, function: Resource, alert: str, about: str) -> Iterator[Remediation]:
    called = text_of(function.values.get("name")) or function.name
    program = program_named(snapshot, called) or program_named(snapshot, function.name)
    if program is None and not repairs(
        f"{called} {function.name} {words(function.values.get('entry_point'))}"
    ):
        return
    yield make_remediation(
        called,
        DIALECT,
        function.path,
        function.line,
        trigger=alert,
        action=f"{called}{f' ({program})' if program else ''}",
        guarded_by=[(snapshot.text(program) or "") if program else "", words(function.values)],
        about=f"{called} {alert} {about}",
    )
