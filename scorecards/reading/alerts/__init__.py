"""Alerts in every dialect: the registry is this folder, one module a dialect.

A module defines any of

- `read(file) -> Iterator[Alert]`, for YAML and JSON, with `MARKS`: groups of words, of which one group must
  stand in the text as a whole (the rarest word first; a file that two groups find is read twice, which
  changes nothing);
- `RESOURCES`, Terraform's resource types, each with a function that reads one resource;
- `find(snapshot) -> Iterator[Alert]`, which looks through the files itself.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import Any

from catalog.snapshot import Snapshot
from catalog.terraform import terraform
from scorecards.reading.alert import SILENT, Alert
from scorecards.reading.alerting import alerting
from scorecards.reading.receivers import default_receiver

MAX_ALERTS = 2_000
_TERRAFORM = ("alert", "alarm", "monitor", "_slo", "_rule_group", "metric_events", "detector", "_trigger")


@cache
def dialects() -> tuple[Any, ...]:
    """Every dialect's module."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}") for name in names)


def alerts(snapshot: Snapshot) -> tuple[Alert, ...]:
    """Every alert of the repository, sound, weak and hollow; made once a snapshot."""
    return snapshot.derive(_read)


def _read(snapshot: Snapshot) -> tuple[Alert, ...]:
    found: dict[Alert, None] = {}
    for alert in _all(snapshot):
        found[_routed(alert, snapshot)] = None
        if len(found) >= MAX_ALERTS:
            break
    return tuple(found)


def _routed(alert: Alert, snapshot: Snapshot) -> Alert:
    """A rule without a severity goes where Alertmanager sends what no route of its own matches."""
    if alert.routed or alert.dialect != "Prometheus":
        return alert
    receiver = default_receiver(snapshot)
    if receiver is None:
        return alert
    left = tuple(p for p in alert.problems if p.text != SILENT)
    return alert._replace(route=f"{receiver.name} ({receiver.path})", problems=left)


def _all(snapshot: Snapshot) -> Iterator[Alert]:
    readers, finders, resources = _by_kind()
    for file in alerting(snapshot).files:
        for first, rest, module in readers:
            if first in file.text and all(word in file.text for word in rest):
                yield from module.read(file)
    held = terraform(snapshot)
    if any(_may_alert(snapshot.text(p) or "") for p in held.paths()):
        for resource in held.resources(tuple(resources)):
            yield from resources[resource.type](resource)
    for module in finders:
        yield from module.find(snapshot)


def _may_alert(text: str) -> bool:
    for word in _TERRAFORM:  # noqa: SIM110 - a generator for each file costs more than the search
        if word in text:
            return True
    return False


@cache
def _by_kind() -> tuple[tuple[Any, ...], tuple[Any, ...], dict[str, Any]]:
    modules = dialects()
    resources = {kind: read for m in modules for kind, read in getattr(m, "RESOURCES", {}).items()}
    readers = tuple((g[0], g[1:], m) for m in modules for g in getattr(m, "MARKS", ()))
    return readers, tuple(m for m in modules if hasattr(m, "find")), resources
