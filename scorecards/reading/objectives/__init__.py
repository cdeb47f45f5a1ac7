"""Objectives in every dialect: the registry is this folder, one module a dialect.

A module reads documents (`claims(part)` and `read(part, parts)`; the first dialect that claims a part reads
it, one with `FALLBACK` only what nobody else claims) or looks through the files itself (`find(snapshot)`).
"""

import importlib
import pkgutil
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from catalog.snapshot import Snapshot
from scorecards.reading.chart_switch import switched
from scorecards.reading.marked import Part, marked
from scorecards.reading.objective import Objective

MAX_OBJECTIVES = 2_000


@cache
def dialects() -> tuple[Any, ...]:
    """Every dialect's module, those that only fall back last."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(sorted(modules, key=lambda m: getattr(m, "FALLBACK", False)))


def objectives(snapshot: Snapshot) -> tuple[Objective, ...]:
    """Every objective of the repository, sound, weak and hollow; made once a snapshot."""
    return snapshot.derive(_read)


def _read(snapshot: Snapshot) -> tuple[Objective, ...]:
    parts = marked(snapshot).objectives
    found = []
    for objective in _all(snapshot, parts):
        found.append(objective)
        if len(found) >= MAX_OBJECTIVES:
            break
    return tuple(found)


def _all(snapshot: Snapshot, parts: Sequence[Part]) -> Iterator[Objective]:
    readers, finders = _by_kind()
    for part in parts:
        for module in readers:
            if module.claims(part):
                off = switched(snapshot, part.path)
                for objective in module.read(part, parts):
                    yield objective._replace(problems=(*objective.problems, *off)) if off else objective
                break
    for module in finders:
        yield from module.find(snapshot)


@cache
def _by_kind() -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    readers = tuple(m for m in dialects() if hasattr(m, "claims"))
    return readers, tuple(m for m in dialects() if hasattr(m, "find"))
