"""Where files count for a service: its own folder first, then what the repository shares."""

import re
from collections.abc import Iterator

from catalog.aside import aside_folder
from catalog.service import Service
from catalog.snapshot import Snapshot


def aside(path: str, service: Service) -> str | None:
    """The folder (`examples/`, `vendor/` ...) for which a file does not count, None where it counts.

    A service that itself lives in such a folder counts its own files.
    """
    prefix = f"{service.path}/" if service.path else ""
    inside = path.removeprefix(prefix) if path.startswith(prefix) else path
    return aside_folder(inside)


def is_own(path: str, service: Service) -> bool:
    """Whether a file stands in the service's own folder, and not in that of a neighbour within it."""
    if service.path and not path.startswith(f"{service.path}/"):
        return False
    return not any(
        path.startswith(f"{other}/")
        for other in service.neighbours
        if other and len(other) > len(service.path)
    )


def is_neighbours(path: str, service: Service) -> bool:
    """Whether a file stands in the folder of another service of the repository."""
    return not is_own(path, service) and any(o and path.startswith(f"{o}/") for o in service.neighbours)


def candidates(snapshot: Snapshot, service: Service, pattern: re.Pattern[str]) -> Iterator[str]:
    """Paths that match, own ones first, then shared ones; those of neighbours are left out.

    Paths that stand `aside` are given too: a check says why it does not count them.
    """
    shared = []
    for path in snapshot.files:
        if pattern.search(path):
            if is_own(path, service):
                yield path
            elif not is_neighbours(path, service):
                shared.append(path)
    yield from shared


def names(text: str, service: Service) -> bool:
    """Whether a text names the service, as a whole word."""
    return re.search(rf"(?<![\w-]){re.escape(service.name)}(?![\w-])", text, re.IGNORECASE) is not None
