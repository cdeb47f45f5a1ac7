"""What bounds the workloads of a repository, on whatever platform they run."""

from collections.abc import Iterator

from catalog.snapshot import Snapshot
from scorecards.reading.bound import Bounds
from scorecards.reading.bounds import cloud, generated, kubernetes, platforms

_MAX = 2_000


def bounds(snapshot: Snapshot) -> tuple[Bounds, ...]:
    """Every workload with what bounds it; read once a snapshot."""
    return snapshot.derive(_read)


def _read(snapshot: Snapshot) -> tuple[Bounds, ...]:
    found: list[Bounds] = []
    for one in _all(snapshot):
        found.append(one)
        if len(found) >= _MAX:
            break
    return tuple(found)


def _all(snapshot: Snapshot) -> Iterator[Bounds]:
    yield from kubernetes.find(snapshot)
    yield from kubernetes.values_elsewhere(snapshot)
    yield from cloud.find(snapshot)
    yield from platforms.find(snapshot)
    yield from generated.find(snapshot)
