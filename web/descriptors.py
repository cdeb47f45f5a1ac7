"""What descriptors say beyond Backstage's fields: other formats' words, several files, contradictions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.descriptors import formats
from web.oncall import annotations_of

_KEY = "handrail.dev/descriptors"
_MOST = 50
_FIELDS = {
    "metadata.name": "Name",
    "metadata.title": "Title",
    "metadata.description": "Description",
    "metadata.labels.tier": "Tier",
    "spec.type": "Type",
    "spec.lifecycle": "Lifecycle",
    "spec.owner": "Owner",
    "spec.system": "System",
    "metadata.annotations.github.com/project-slug": "Repository",
}


@dataclass(frozen=True, slots=True)
class File:
    """One descriptor: its path, its format's name, and the fields that are from it, each with its line."""

    path: str
    format: str
    fields: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A field that two descriptors give different values, which was kept, and where both stand."""

    field: str
    kept: str
    kept_path: str
    kept_line: int
    other: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Descriptors:
    """The words beside an entity's fields. `files` is empty where one descriptor of Backstage's made it."""

    format: str | None = None
    lifecycle: str | None = None
    tier: str | None = None
    tier_means: str | None = None
    contacts: str | None = None
    product: str | None = None
    files: tuple[File, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()


def descriptors_of(document: Mapping[str, Any] | None) -> Descriptors:
    """What a stored document tells of the descriptors that it was made of."""
    notes = annotations_of(document)
    labels = ((document or {}).get("metadata") or {}).get("labels")
    tier = labels.get("tier") if isinstance(labels, dict) else None
    told = (document or {}).get(_KEY)
    told = told if isinstance(told, dict) else {}
    return Descriptors(
        format=_name(str(told.get("format"))) if told else None,
        lifecycle=notes.get("handrail.dev/lifecycle"),
        tier=str(tier)[:80] if tier is not None else None,
        tier_means=notes.get("handrail.dev/tier"),
        contacts=notes.get("handrail.dev/contacts"),
        product=notes.get("handrail.dev/product"),
        files=_files(told.get("sources") or ()),
        contradictions=tuple(_contradiction(c) for c in (told.get("contradictions") or ())[:_MOST]),
    )


def _files(sources: Any) -> tuple[File, ...]:
    found: dict[tuple[str, str], dict[str, int]] = {}
    for source in sources:
        field = str(source["field"])
        if field.startswith("metadata.annotations.handrail.dev/"):
            continue
        label = _FIELDS.get(field) or field.partition("[")[0].rpartition(".")[2]
        found.setdefault((source["path"], source["form"]), {}).setdefault(label, source["line"])
    return tuple(
        File(path, _name(form), tuple(list(fields.items())[:_MOST])) for (path, form), fields in found.items()
    )


def _contradiction(told: Mapping[str, Any]) -> Contradiction:
    field = str(told["field"])
    return Contradiction(**{**told, "field": _FIELDS.get(field, field)})


def _name(form: str) -> str:
    known = formats().get(form)
    return known.NAME if known else form
