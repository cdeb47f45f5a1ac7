"""Whether the runbook link of an alert leads to something that is there."""

import posixpath

from catalog.regex import regex
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.facts import Facts
from scorecards.reading.alert import Alert
from scorecards.reading.elsewhere import elsewhere
from scorecards.reading.hollow import is_real
from scorecards.reading.runbook_sources import follow

_PATH = regex(r"/(?:-/)?(?:blob|tree|raw|src/branch|src)/[^/\s]+/([^\s?#]{1,300})")


def why_unresolved(alert: Alert, snapshot: Snapshot, service: Service, facts: Facts) -> str:
    """Why the link leads nowhere, "" where it leads to a document of this or of a named repository."""
    link = alert.runbook
    if not link:
        return "it links no runbook"
    led = follow(snapshot, service, link, posixpath.dirname(alert.path))
    if led is None:
        return f"its runbook link `{link[:80]}` is none"
    leads, target = led
    if leads == "here":
        return "" if _says(snapshot, target) else f"its runbook `{target[:80]}` says nothing"
    if leads == "elsewhere":
        path = _PATH.search(link)
        for place in elsewhere(service, facts):
            known = place.snapshot is not None and path is not None and path[1] in place.snapshot
            if known and place.repository.rpartition("/")[2] in link:
                return ""
        return f"its runbook link `{link[:80]}` leads to what is not at hand"
    return f"its runbook link `{link[:80]}` leads nowhere"


def _says(snapshot: Snapshot, path: str) -> bool:
    if path.endswith("/"):
        return True
    text = snapshot.text(path) or ""
    lines = (line.strip() for line in text.split("\n")[:500])
    return any(line and not line.startswith(("#", "=", "-")) and is_real(line) for line in lines)
