"""Datadog's entities, version 3: services, systems, datastores, queues and others, several a file.

See https://github.com/DataDog/schema/tree/main/service-catalog/v3 for what each may hold.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from catalog.descriptors import Judgement, Nameless, Reading
from catalog.descriptors.datadog import TYPES
from catalog.document import Document, Map, Parsed
from catalog.entity import Entity
from catalog.problem import Problem
from catalog.regex import regex
from catalog.translation import PARTS, TYPE, Draft, document_faults, items, maps, translated, word

NAME = "Datadog"
RANK = 3
FILES = frozenset(
    {"service.datadog.yaml", "service.datadog.yml", "entity.datadog.yaml", "entity.datadog.yml"}
)
FOLDERS = frozenset({".datadog"})
CERTAIN = False
MARK = regex(r"\bapiVersion[\"']?[ \t]*:[ \t]*[\"']?v3\b")

_KINDS = {
    "service": "Component",
    "system": "System",
    "application": "System",
    "datastore": "Resource",
    "queue": "Resource",
    "api": "API",
    "repository": "Component",
}


def claims(document: Document) -> bool:
    """Whether `apiVersion` is `v3` and there is a kind."""
    version, kind = word(document.get("apiVersion")), word(document.get("kind"))
    return version is not None and version.partition(".")[0] == "v3" and kind is not None


def judge(document: Document) -> Judgement:
    """The verdict on a document; of a kind that is an organisation's own only the frame is known."""
    faults = document_faults(document, "datadog-v3")
    kind = (word(document.get("kind")) or "").lower()
    known = _KINDS.get(kind)
    return Judgement("invalid" if faults else "valid" if known else "unknown-kind", known or kind, faults)


def read(parsed: Parsed, text: str, path: str, *, certain: bool) -> Reading:
    """Every entity of a file; what one leaves out it has from the one that it inherits from."""
    inherited = tuple(replace(d, data=_inherited(d, parsed.documents)) for d in parsed.documents)
    reading = translated(replace(parsed, documents=inherited), path, "datadog-v3", claims, _translate)
    notes = tuple(
        Problem(
            "note",
            f"`{kind[:60]}` is a kind of the organisation's own: read as a Component of that type.",
            path,
            document.line_of("kind"),
        )
        for document in parsed.documents
        if claims(document) and (kind := word(document.get("kind")) or "").lower() not in _KINDS
    )
    return reading._replace(notes=notes)


def _inherited(document: Document, others: tuple[Document, ...], depth: int = 5) -> Any:
    """The document's data, with what is absent filled from the entity that `inheritFrom` names."""
    named = word(document.get("inheritFrom")) or word(document.get("metadata", "inheritFrom"))
    if named is None or not claims(document) or depth == 0:
        return document.data
    kind, _, name = named.rpartition(":")
    for other in others:
        same = word(other.get("metadata", "name")) == name and kind in ("", word(other.get("kind")))
        if other is not document and same and claims(other):
            return _filled(document.data, _inherited(other, others, depth - 1), top=True)
    return document.data


def _filled(data: Any, base: Any, *, top: bool = False) -> Any:
    """`data` with the keys of `base` that it lacks; a kind and a name are each one's own."""
    if not (isinstance(data, Map) and isinstance(base, Map)):
        return base if data is None else data
    made = Map(data.line)
    made.update(data)
    made.lines = {**base.lines, **data.lines}
    for key, value in base.items():
        if not (top and key == "kind") and key not in ("name", "displayName", "inheritFrom"):
            made[key] = _filled(data.get(key), value)
    return made


def _translate(document: Document) -> Iterator[Entity | Nameless]:
    metadata, spec = (_map(document, key) for key in ("metadata", "spec"))
    kind = (word(document.get("kind")) or "").lower()
    made = Draft(document, _KINDS.get(kind, "Component"), "datadog_entities")

    def at(key: str) -> int:
        return document.line_of("spec", key) if key in spec else document.line_of("metadata", key)

    made.put("spec.type", spec.get("type"), at("type"))
    if made.kind == "Component":
        made.note(TYPE, TYPES.get((word(spec.get("type")) or "").lower()), at("type"))
    if made.kind not in ("System", "API"):
        made.assume("spec.type", kind, document.line_of("kind"))
    made.put("metadata.description", metadata.get("description"), at("description"))
    made.owner(metadata.get("owner"), at("owner"))
    for owner, line in maps(metadata.get("additionalOwners")):
        made.owner(owner.get("name"), line)
    made.lifecycle(spec.get("lifecycle"), at("lifecycle"))
    made.tier(spec.get("tier"), at("tier"))
    for tag, line in (*items(metadata.get("tags")), *items(spec.get("languages"))):
        made.tag(tag, line)
    for link, line in maps(metadata.get("links")):
        if (word(link.get("type")) or "").lower() == "repo":
            made.located(link.get("url"), None, line)
        made.link(link.get("url"), link.get("name"), link.get("type"), line)
    for contact, line in maps(metadata.get("contacts")):
        made.contact(contact.get("type"), contact.get("contact"), contact.get("name"), line)
    _relations(made, spec)
    _integrations(made, document)
    if made.kind == "API":
        _interface(made, spec, at("interface"))
    yield made.named(metadata.get("name"), at("name"), metadata.get("displayName"))


def _map(document: Document, key: str) -> Map:
    found = document.mapping.get(key)
    return found if isinstance(found, Map) else Map(document.line)


def _relations(made: Draft, spec: Map) -> None:
    for field in ("dependsOn", "dependencyOf"):
        for item, line in items(spec.get(field)):
            made.append(f"spec.{field}", _ref(item), line)
    for item, line in items(spec.get("components")):
        made.append(f"spec.{PARTS}", _ref(item), line)
    above = spec.get("componentOf")
    line = spec.lines.get("componentOf", spec.line)
    first = next(iter(items(above)), (above, line)) if above is not None else (None, line)
    made.put("spec.system", _ref(first[0], "system"), first[1])


def _ref(item: object, kind: str = "service") -> str | None:
    """The ref in Backstage's words of what is named as `kind:name`."""
    written = word(item)
    if written is None:
        return None
    named, _, name = written.rpartition(":")
    made = _KINDS.get((named or kind).lower(), "Component").lower()
    return f"{made}:{name}" if name else None


def _integrations(made: Draft, document: Document) -> None:
    held = document.get("integrations")
    if isinstance(held, Map):
        for provider in ("pagerduty", "opsgenie"):
            one, line = held.get(provider), held.lines.get(provider, held.line)
            address = one.get("serviceURL") or one.get("service-url") if isinstance(one, Map) else one
            made.pager(provider, address, line)
    for place, line in maps(document.get("datadog", "codeLocations")):
        paths = [w for item, _ in items(place.get("paths")) if (w := word(item))]
        folder = paths[0].removesuffix("**").removesuffix("*").rstrip("/") if len(paths) == 1 else None
        made.located(place.get("repositoryURL"), folder if folder and "*" not in folder else None, line)


def _interface(made: Draft, spec: Map, line: int) -> None:
    interface = spec.get("interface")
    made.assume("spec.type", "openapi", line)
    if isinstance(interface, Map):
        definition = interface.get("definition") or interface.get("fileRef")
        shown = definition if isinstance(definition, str) else None
        made.put("spec.definition", shown, line)
