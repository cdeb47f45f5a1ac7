"""Whether a document of a repository speaks for a service, by where it stands and whom it names."""

import posixpath

from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.reading.scope import aside, is_neighbours, is_own, names

ANOTHERS = "of another service"


def why_not_ours(path: str, snapshot: Snapshot, service: Service) -> str:
    """Why a document is not this service's, empty where it is: a shared one that names only others is not."""
    away = aside(path, service)
    if away:
        return f"under `{away}`"
    if is_own(path, service):
        return ""
    if is_neighbours(path, service):
        return ANOTHERS
    others = [posixpath.basename(n) for n in service.neighbours if n]
    text = f"{path}\n{(snapshot.text(path) or '')}"
    if names(text, service) or not any(o and o.lower() in text.lower() for o in others):
        return ""
    return ANOTHERS
