"""Port's `port.yml`: one entity or a list of them.

Blueprints are each customer's own: those named `service` and `component` are read, others only recognised.
"""

from collections.abc import Iterator
from dataclasses import replace

from catalog.descriptors import Judgement, Nameless, Reading
from catalog.document import Document, Map, Parsed, Seq
from catalog.entity import Entity
from catalog.problem import Problem
from catalog.regex import regex
from catalog.translation import DOMAIN, Draft, document_faults, items, translated, word

NAME = "Port"
RANK = 5
FILES = frozenset({"port.yml", "port.yaml"})
FOLDERS = frozenset({".port"})
CERTAIN = False
MARK = regex(r"\bblueprint[\"']?[ \t]*:")

_READ = frozenset({"service", "component"})


def claims(document: Document) -> bool:
    """Whether each entity has an identifier and a blueprint."""
    listed = document.data if isinstance(document.data, Seq) else [document.data]
    return bool(listed) and all(
        isinstance(i, Map) and {"identifier", "blueprint"} <= i.keys() for i in listed
    )


def judge(document: Document) -> Judgement:
    """The verdict on a document; of a customer's own blueprint only the frame is known."""
    faults = document_faults(document, "port")
    kinds = {_blueprint(entity) for entity in _entities(document)}
    known = kinds <= _READ
    kind = "Component" if known else ", ".join(sorted(kinds - _READ))[:120]
    return Judgement("invalid" if faults else "valid" if known else "unknown-kind", kind, faults)


def read(parsed: Parsed, text: str, path: str, *, certain: bool) -> Reading:
    """The services and components of a file."""
    reading = translated(parsed, path, "port", claims, _translate)
    notes = tuple(
        Problem(
            "note", f"The blueprint `{kind[:60]}` is the organisation's own: not read.", path, entity.line
        )
        for document in parsed.documents
        if claims(document)
        for entity in _entities(document)
        if (kind := _blueprint(entity)) not in _READ
    )
    return reading._replace(notes=notes)


def _entities(document: Document) -> list[Map]:
    listed = document.data if isinstance(document.data, Seq) else [document.data]
    return [item for item in listed if isinstance(item, Map)]


def _blueprint(entity: Map) -> str:
    return (word(entity.get("blueprint")) or "").lower()


def _translate(document: Document) -> Iterator[Entity | Nameless]:
    for entity in _entities(document):
        if _blueprint(entity) in _READ:
            yield _entity(replace(document, data=entity, line=entity.line))


def _entity(document: Document) -> Entity | Nameless:
    get, line = document.get, document.line_of
    made = Draft(document, "Component", "port")
    made.put("spec.type", get("properties", "type"), line("properties", "type"))
    made.assume("spec.type", "service", document.line)
    made.put("metadata.description", get("properties", "description"), line("properties", "description"))
    made.lifecycle(get("properties", "lifecycle"), line("properties", "lifecycle"))
    team = get("team")
    for owner, at in items(team) if isinstance(team, Seq) else [(team, line("team"))]:
        made.owner(owner, at)
    for field, way in (("domain", f"spec.{DOMAIN}"), ("system", "spec.system")):
        named = get("relations", field)
        written = word(named[0] if isinstance(named, Seq) and named else named)
        made.put(way, f"{field}:{written}" if written else None, line("relations", field))
    return made.named(get("identifier"), line("identifier"), get("title"))
