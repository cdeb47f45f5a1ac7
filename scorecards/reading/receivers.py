"""Alertmanager: whom alerts are sent to.

https://prometheus.io/docs/alerting/latest/configuration/
"""

from collections.abc import Iterator
from typing import NamedTuple

from catalog.aside import aside_folder
from catalog.document import Map, Seq, maps
from catalog.snapshot import Snapshot
from scorecards.reading.alert import words
from scorecards.reading.alerting import alerting
from scorecards.reading.hollow import is_placeholder
from scorecards.reading.objective import text_of


class Receiver(NamedTuple):
    """Somebody who is told; `means` names how (`pagerduty`, `slack`), `default` that the rest goes there."""

    name: str
    path: str
    line: int
    means: tuple[str, ...]
    default: bool


def receivers(snapshot: Snapshot) -> tuple[Receiver, ...]:
    """The receivers that tell anybody; made once a snapshot."""
    return snapshot.derive(_read)


def default_receiver(snapshot: Snapshot) -> Receiver | None:
    """Where alerts go that no route matches, None where the repository does not say or it is nobody."""
    return next((r for r in receivers(snapshot) if r.default and aside_folder(r.path) is None), None)


def _read(snapshot: Snapshot) -> tuple[Receiver, ...]:
    found: list[Receiver] = []
    for file in alerting(snapshot).files:
        if (
            "receivers" in file.text
            and "receiver" in file.text.replace("receivers", "")
            and "route" in file.text
        ):
            for document in file.documents:
                for held in maps(document.data):
                    found += _receivers(held, file.path)
    return tuple(found[:500])


def _receivers(held: Map, path: str) -> Iterator[Receiver]:
    listed, route = held.get("receivers"), held.get("route")
    if not isinstance(listed, Seq) or not isinstance(route, Map):
        return
    default = text_of(route.get("receiver"))
    for entry in listed:
        if not isinstance(entry, Map):
            continue
        means = tuple(_means(entry))
        if means:
            name = text_of(entry.get("name"))
            yield Receiver(name, path, entry.line, means, name == default)


def _means(entry: Map) -> Iterator[str]:
    for key, value in entry.items():
        kind = key.removesuffix("_configs").removesuffix("Configs")
        if kind == key or not isinstance(value, Seq):
            continue
        if any(isinstance(v, Map) and v and not _hollow(v) for v in value):
            yield kind


def _hollow(entry: Map) -> bool:
    """Whether the address is one that was never filled in; a reference to a secret is filled in."""
    return any(
        is_placeholder(text_of(v)) and "$" not in text_of(v) and "{{" not in text_of(v)
        for k, v in entry.items()
        if k in ("api_url", "url", "to", "service_key", "routing_key", "channel", "webhook_url")
        and words(v) != ""
    )
