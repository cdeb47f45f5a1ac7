"""The digest of what makes a result beside files and facts: code, definitions, parameters."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scorecards.scorecard import Scorecard

_ROOT = Path(__file__).parent.parent
_ROOMS = ("catalog", "scorecards")
_KINDS = frozenset({".py", ".json", ".yaml"})

# What stores, compares or shows results and makes none. A module forgotten here costs one crawl, no more.
_APART = frozenset(
    {
        "catalog/database.py",
        "catalog/sources.py",
        "catalog/store.py",
        "catalog/tables.py",
        "catalog/trees/memory.py",
        "catalog/validation.py",
        "catalog/watched.py",
        "scorecards/demands.py",
        "scorecards/documentation.py",
        "scorecards/gate.py",
        "scorecards/history.py",
        "scorecards/report.py",
        "scorecards/start.py",
        "scorecards/tables.py",
        "scorecards/trace.py",
        "scorecards/trace_report.py",
    }
)


def rules(scorecards: "Iterable[Scorecard]") -> str:
    """The digest of the code and of these scorecards, 16 hexadecimal digits.

    Two results with the same rules, commit and facts are the same. Takes a few milliseconds once a process.
    """
    digest = hashlib.sha256(code().encode())
    for scorecard in sorted(scorecards, key=lambda s: s.name):
        digest.update(f"\n{scorecard.name}".encode())
        for c in scorecard.criteria:
            params = sorted(c.params.items())
            digest.update(f"\n{c.id} {c.stage} {c.required} {c.weight} {params}".encode())
    return digest.hexdigest()[:16]


@cache
def code() -> str:
    """The digest of code and built-in scorecards, 16 hexadecimal digits, without loading either."""
    digest = hashlib.sha256()
    for path in sorted(p for room in _ROOMS for p in (_ROOT / room).rglob("*")):
        name = path.relative_to(_ROOT).as_posix()
        if path.suffix in _KINDS and name not in _APART and "__pycache__" not in name:
            digest.update(f"\0{name}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
