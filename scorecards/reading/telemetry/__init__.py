"""Signals by which services are observed: the registry is this folder, one module a kind of place.

A module defines `find(snapshot) -> Iterator[Signal]`.
"""

import importlib
import pkgutil
from functools import cache
from itertools import islice
from typing import Any

from catalog.snapshot import Snapshot
from scorecards.reading.signal import Signal

MAX_SIGNALS = 2_000


@cache
def places() -> tuple[Any, ...]:
    """Every module of this folder."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}") for name in names)


def telemetry(snapshot: Snapshot) -> tuple[Signal, ...]:
    """Every signal that the repository's files show; made once a snapshot."""
    return snapshot.derive(_read)


def _read(snapshot: Snapshot) -> tuple[Signal, ...]:
    return tuple(islice((s for module in places() for s in module.find(snapshot)), MAX_SIGNALS))
