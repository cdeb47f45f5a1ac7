"""GitHub workflows that an alert starts through the API: `repository_dispatch` with a type of that name.

https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#repository_dispatch
"""

import re
from collections.abc import Iterator

from catalog.document import Map, dig, maps
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.alert import words
from scorecards.reading.flaw import Flaw
from scorecards.reading.objective import text_of
from scorecards.reading.paths import paths
from scorecards.reading.remediation import ACTS, Remediation, make_remediation
from scorecards.result import Status

_ALERT = regex(
    r"alert|alarm|incident|remediat|(?<![a-z])heal(?!th)|self-?heal|unhealthy|burn|(?:service|app|prod)[-_]?down",
    re.IGNORECASE,
)
_NOTHING = Flaw(Status.FAIL, "its steps change nothing that runs")


def find(snapshot: Snapshot) -> Iterator[Remediation]:
    """Every workflow that a dispatch of an alert starts."""
    for path in paths(snapshot).ending("yml", "yaml"):
        if not path.startswith(".github/workflows/"):
            continue
        text = snapshot.text(path) or ""
        if "repository_dispatch" not in text:
            continue
        for document in snapshot.parsed(path).documents:
            held = document.data
            on = dig(held, "on") or dig(held, "true")
            types = words(dig(on, "repository_dispatch"))
            if isinstance(held, Map) and _ALERT.search(types):
                yield _workflow(path, held, types, text)


def _workflow(path: str, held: Map, types: str, text: str) -> Remediation:
    runs = " ".join(text_of(m.get("run")) for m in maps(held.get("jobs")) if "run" in m)
    environment = any("environment" in m for m in maps(held.get("jobs")))
    acts = ACTS.search(runs)
    return make_remediation(
        text_of(held.get("name")) or path,
        "GitHub workflow",
        path,
        held.line,
        trigger=types,
        action=" ".join((acts[0] if acts else runs).split()),
        guarded_by=[text, "approval" if environment else ""],
        about=f"{types} {runs}",
        flaws=[] if acts else [_NOTHING],
    )
