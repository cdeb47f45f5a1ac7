"""Azure Chaos Studio: steps with a fault, in ARM, Bicep or Terraform."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from catalog.document import Map, Seq, maps
from catalog.regex import regex
from catalog.snapshot import Snapshot
from catalog.terraform import terraform
from scorecards.reading.experiment import NO_ACTION, Experiment, clean, words
from scorecards.reading.marked import Part
from scorecards.reading.objective import text_of
from scorecards.reading.paths import paths

_NAME = "Azure Chaos Studio"
_TYPE = "microsoft.chaos/experiments"
_URN = regex(r"urn:csci:microsoft:[\w.:/\-]+", re.IGNORECASE)
_BICEP = regex(r"'Microsoft\.Chaos/experiments@[\w-]+'", re.IGNORECASE)


def claims(part: Part) -> bool:
    """An ARM template with an experiment."""
    return bool(_resources(part.data))


def _resources(data: Map) -> list[Map]:
    held = data.get("resources")
    listed: list[Any] = (
        list(held) if isinstance(held, Seq) else list(held.values()) if isinstance(held, Map) else []
    )
    return [r for r in listed if isinstance(r, Map) and text_of(r.get("type")).lower() == _TYPE]


def read(part: Part, parts: Sequence[Part]) -> Iterator[Experiment]:
    """One experiment for each resource."""
    for resource in _resources(part.data):
        faults = [text_of(m.get("name")) for m in maps(resource.get("properties")) if "type" in m]
        yield _made(text_of(resource.get("name")), part.path, resource.line, faults)


def _made(name: str, path: str, line: int, faults: Sequence[str]) -> Experiment:
    real = clean(f for f in faults if f.lower().startswith("urn:csci:") and ":delay" not in f.lower())
    return Experiment(name, _NAME, path, line, real, problems=() if real else (NO_ACTION,))


def find(snapshot: Snapshot) -> Iterator[Experiment]:
    """Experiments in Bicep files and Terraform."""
    for path in paths(snapshot).ending("bicep"):
        text = snapshot.text(path) or ""
        made = _BICEP.search(text)
        if made:
            yield _made(path, path, text.count("\n", 0, made.start()) + 1, _URN.findall(text))
    held = terraform(snapshot)
    if held.paths():
        for resource in held.resources(("azurerm_chaos_studio_experiment", "azapi_resource")):
            kind = text_of(resource.values.get("type")).lower()
            if resource.type == "azapi_resource" and not kind.startswith(_TYPE):
                continue
            yield _made(
                resource.name, resource.path, resource.line, _URN.findall(words(resource.values, 500))
            )
