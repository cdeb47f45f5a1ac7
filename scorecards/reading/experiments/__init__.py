"""Chaos experiments of every tool: the registry is this folder, one module a tool.

A module reads documents (`claims(part)` and `read(part, parts)`; the first tool that claims a part reads it,
one with `FALLBACK` only what nobody else claims) or looks through the files itself (`find(snapshot)`).
"""

import importlib
import pkgutil
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from catalog.snapshot import Snapshot
from scorecards.reading.chart_switch import switched
from scorecards.reading.experiment import Experiment
from scorecards.reading.marked import Part, marked

MAX_EXPERIMENTS = 1_000


@cache
def tools() -> tuple[Any, ...]:
    """Every tool's module, those that only fall back last."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(sorted(modules, key=lambda m: getattr(m, "FALLBACK", False)))


def experiments(snapshot: Snapshot) -> tuple[Experiment, ...]:
    """Every experiment of the repository, sound, weak and hollow; made once a snapshot."""
    return snapshot.derive(_read)


def _read(snapshot: Snapshot) -> tuple[Experiment, ...]:
    found = []
    for experiment in _all(snapshot):
        found.append(experiment)
        if len(found) >= MAX_EXPERIMENTS:
            break
    return tuple(found)


def _all(snapshot: Snapshot) -> Iterator[Experiment]:
    parts = marked(snapshot).experiments
    for part in parts:
        off = switched(snapshot, part.path)
        for experiment in read_part(part, parts):
            yield experiment._replace(problems=(*experiment.problems, *off)) if off else experiment
    for module in _by_kind()[1]:
        yield from module.find(snapshot)


@cache
def _by_kind() -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    readers = tuple(m for m in tools() if hasattr(m, "claims"))
    return readers, tuple(m for m in tools() if hasattr(m, "find"))


def read_part(part: Part, parts: Sequence[Part]) -> Iterator[Experiment]:
    """The experiments of one document, read by the first tool that claims it."""
    for module in _by_kind()[0]:
        if module.claims(part):
            yield from module.read(part, parts)
            return
