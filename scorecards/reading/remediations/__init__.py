"""Automated repairs in every dialect: the registry is this folder, one module a dialect.

A module defines any of

- `read(file) -> Iterator[Remediation]`, for YAML and JSON, with `MARKS`: groups of words, of which one group
  must stand in the text as a whole;
- `find(snapshot) -> Iterator[Remediation]`, which looks through the files itself.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import Any

from catalog.snapshot import Snapshot
from scorecards.reading.alerting import alerting
from scorecards.reading.itself import is_tool
from scorecards.reading.remediation import Remediation
from scorecards.reading.words import word_set

MAX_REMEDIATIONS = 500
_TOOLS = word_set(
    "robusta robusta-cli robusta-runner ansible-rulebook event-driven-ansible st2 rundeck keptn argo-events"
    " node-healthcheck-operator self-node-remediation draino cluster-api prometheus-am-executor alertmanager"
    " shoreline poundcake autoheal"
)
"""Packages whose own repository shows how the tool works."""


@cache
def dialects() -> tuple[Any, ...]:
    """Every dialect's module."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}") for name in names)


def remediations(snapshot: Snapshot) -> tuple[Remediation, ...]:
    """Every automated repair of the repository, sound, weak and hollow; made once a snapshot."""
    return snapshot.derive(_read)


def _read(snapshot: Snapshot) -> tuple[Remediation, ...]:
    found: dict[Remediation, None] = {}
    for remediation in _all(snapshot):
        found[remediation] = None
        if len(found) >= MAX_REMEDIATIONS:
            break
    if found and is_tool(snapshot, _TOOLS):
        return ()
    return tuple(found)


def _all(snapshot: Snapshot) -> Iterator[Remediation]:
    for file in alerting(snapshot).files:
        for first, rest, module in _readers():
            if first in file.text and all(word in file.text for word in rest):
                yield from module.read(file)
    for module in _finders():
        yield from module.find(snapshot)


@cache
def _readers() -> tuple[tuple[str, tuple[str, ...], Any], ...]:
    return tuple((g[0], g[1:], m) for m in dialects() for g in getattr(m, "MARKS", ()))


@cache
def _finders() -> tuple[Any, ...]:
    return tuple(m for m in dialects() if hasattr(m, "find"))
