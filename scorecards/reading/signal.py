"""A signal by which a service can be observed from outside: metrics, structured logs or traces."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["metrics", "logs", "traces"]
KINDS: tuple[Kind, ...] = ("metrics", "logs", "traces")

METRICS: tuple[Kind, ...] = ("metrics",)
LOGS: tuple[Kind, ...] = ("logs",)
TRACES: tuple[Kind, ...] = ("traces",)
BOTH: tuple[Kind, ...] = ("metrics", "traces")


@dataclass(frozen=True, slots=True)
class Signal:
    """One place that shows a signal: `how` says by what, `about` holds text in which it may name a service.

    `code` tells manifests and code, which cover the folders below them, from what has to name the service.
    """

    kind: Kind
    how: str
    path: str
    line: int
    about: str = ""
    code: bool = True


def made(
    kinds: Iterable[Kind], how: str, path: str, line: int, *, about: str = "", code: bool = True
) -> Iterable[Signal]:
    """A signal of each kind."""
    return [Signal(kind, how, path, line, about[:5000], code) for kind in kinds]
