"""Chaos Monkey for Spring Boot, switched on in a configuration of the application."""

import re
from collections.abc import Iterator

from catalog.document import Map, dig
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.experiment import Experiment, clean
from scorecards.reading.flaw import Flaw
from scorecards.reading.objective import text_of
from scorecards.reading.paths import paths
from scorecards.result import Status

_NAME = "Chaos Monkey for Spring Boot"
_FILE = regex(r"(?:^|/)(?:application|bootstrap)(?:-([\w-]+))?\.(ya?ml|properties)$")
_LINE = regex(r"^[ \t]*chaos\.monkey\.([\w.-]+)[ \t]*[=:]([^\n]*)$", re.MULTILINE)


def find(snapshot: Snapshot) -> Iterator[Experiment]:
    """One experiment for each configuration that speaks of the monkey."""
    for path in paths(snapshot).ending("yml", "yaml", "properties"):
        if "application" not in path and "bootstrap" not in path:
            continue
        named = _FILE.search(path)
        text = snapshot.text(path) if named else None
        if named is None or not text or "monkey" not in text:
            continue
        settings = _properties(text) if path.endswith(".properties") else _yaml(snapshot, path)
        if "enabled" not in settings:
            continue
        value, line = settings["enabled"]
        active = [
            k.rpartition(".")[2] for k, (v, _) in settings.items() if k.endswith("active") and v == "true"
        ]
        cron = next((v for k, (v, _) in settings.items() if "cron" in k.lower() and v not in ("", "OFF")), "")
        on = value == "true"
        yield Experiment(
            f"profile {named.group(1)}" if named.group(1) else "default profile",
            _NAME,
            path,
            line,
            clean(active or ["its assaults"]) if on else (),
            runs=f"its own schedule `{cron}`" if cron and on else "",
            problems=() if on else (Flaw(Status.FAIL, "chaos.monkey.enabled is not true"),),
        )


def _properties(text: str) -> dict[str, tuple[str, int]]:
    return {
        m.group(1): (m.group(2).strip().lower(), text.count("\n", 0, m.start()) + 1)
        for m in _LINE.finditer(text)
    }


def _yaml(snapshot: Snapshot, path: str) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for document in snapshot.parsed(path).documents:
        stack = [("", dig(document.data, "chaos", "monkey")), ("", document.mapping.get("chaos.monkey"))]
        while stack:
            prefix, node = stack.pop()
            if not isinstance(node, Map):
                continue
            for key, value in node.items():
                if isinstance(value, Map):
                    stack.append((f"{prefix}{key}.", value))
                else:
                    found[prefix + key] = text_of(value).lower(), node.lines.get(key, node.line)
    return found
