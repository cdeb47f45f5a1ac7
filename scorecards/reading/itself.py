"""Repositories of the tools themselves: what their own files show is how the tool works, no practice."""

import re

from catalog.regex import regex
from catalog.snapshot import Snapshot

_NAMES = (
    ("go.mod", regex(r"^module[ \t]+(\S+)", re.MULTILINE)),
    ("pyproject.toml", regex(r"^name[ \t]*=[ \t]*[\"']([^\"'\n]+)", re.MULTILINE)),
    ("setup.cfg", regex(r"^name[ \t]*=[ \t]*(\S+)", re.MULTILINE)),
    ("setup.py", regex(r"\bname[ \t]*=[ \t]*[\"']([^\"'\n]+)")),
    ("package.json", regex(r"\"name\"[ \t]*:[ \t]*\"([^\"\n]+)\"")),
    ("Cargo.toml", regex(r"^name[ \t]*=[ \t]*[\"']([^\"'\n]+)", re.MULTILINE)),
)


def package_name(snapshot: Snapshot) -> str:
    """The last part of the name that the repository's own package has, "" without one."""
    for path, pattern in _NAMES:
        found = pattern.search((snapshot.text(path) or "")[:20_000]) if path in snapshot else None
        if found:
            parts = [p for p in found.group(1).split("/") if not re.fullmatch(r"v\d+", p)]
            return parts[-1].lower() if parts else ""
    return ""


def is_tool(snapshot: Snapshot, tools: frozenset[str]) -> bool:
    """Whether the repository is the source of one of these tools, by its package's name."""
    return snapshot.derive(package_name) in tools
