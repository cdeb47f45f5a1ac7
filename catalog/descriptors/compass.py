"""Atlassian Compass's `compass.yml`: one component a file.

See https://developer.atlassian.com/cloud/compass/config-as-code/structure-and-contents-of-a-compass-yml-file.
"""

import re
from collections.abc import Iterator

from catalog.descriptors import Judgement, Nameless, Reading
from catalog.document import Document, Map, Parsed
from catalog.entity import Entity
from catalog.regex import regex
from catalog.translation import TEAM_ID, Draft, document_faults, items, maps, translated, word

NAME = "Compass"
RANK = 4
FILES = frozenset({"compass.yml", "compass.yaml"})
FOLDERS = frozenset({".compass"})
CERTAIN = False
MARK = regex(r"ari:cloud:compass:|\b(?:typeId|configVersion)[\"']?[ \t]*:")

COMPONENT_ID = "compass.atlassian.com/id"
"""The annotation that keeps a component's own identifier, by which others name it."""

UNRESOLVED_TEAM = "an unresolved Compass team"
"""What stands for an owner of which only the identifier is in the file."""

IMPORTED_TIER = "compass.atlassian.com/imported-tier"
_WRITTEN = regex(r"^name[ \t]*:[ \t]*(\S.{0,99})", re.MULTILINE)
_PREFIX = "ari:cloud:compass:"


def claims(document: Document) -> bool:
    """Whether there is a name with an identifier, a type or a version of Compass's."""
    top = document.mapping
    if "name" not in top or "apiVersion" in top:
        return False
    return str(top.get("id")).startswith(_PREFIX) or "typeId" in top or "configVersion" in top


def judge(document: Document) -> Judgement:
    """The verdict on a document."""
    faults = document_faults(document, "compass")
    return Judgement("invalid" if faults else "valid", "Component", faults)


def read(parsed: Parsed, text: str, path: str, *, certain: bool) -> Reading:
    """The component of a file."""
    return translated(parsed, path, "compass", claims, _translate, (text, _WRITTEN))


def _translate(document: Document) -> Iterator[Entity | Nameless]:
    top = document.mapping
    fields = top.get("fields")
    fields = fields if isinstance(fields, Map) else Map(document.line)
    line = document.line_of
    made = Draft(document, "Component", "compass")
    kind = word(top.get("typeId"))
    made.put("spec.type", kind.lower().replace("_", "-") if kind else None, line("typeId"))
    made.assume("spec.type", "service", document.line)
    made.put("metadata.description", top.get("description"), line("description"))
    _owner(made, word(top.get("ownerId")), line("ownerId"))
    made.lifecycle(fields.get("lifecycle"), line("fields", "lifecycle"))
    labels = [(label, at) for item, at in items(top.get("labels")) if (label := word(item))]
    tier, tier_line = word(fields.get("tier")), line("fields", "tier")
    if tier == "4" and any(label.startswith("source:") for label, _ in labels):
        # What an importer writes everywhere is nobody's decision.
        made.note(IMPORTED_TIER, tier, tier_line)
    else:
        made.tier(tier, tier_line)
    for label, at in labels:
        made.tag(label, at)
    identifier = word(top.get("id"))
    if identifier:
        made.note(COMPONENT_ID, identifier, line("id"))
        made.aliases.append(identifier)
    _links(made, top)
    relations = top.get("relationships")
    if isinstance(relations, Map):
        for item, at in items(relations.get("DEPENDS_ON")):
            named = word(item)
            made.append("spec.dependsOn", f"component:{named}" if named else None, at)
    yield made.named(top.get("name"), line("name"))


def _owner(made: Draft, identifier: str | None, line: int) -> None:
    if identifier is None:
        return
    if identifier.startswith("ari:") or identifier.count("-") == 4:
        made.put("spec.owner", UNRESOLVED_TEAM, line)
        made.note(TEAM_ID, identifier, line)
    else:
        made.owner(identifier, line)


def _links(made: Draft, top: Map) -> None:
    for link, at in maps(top.get("links")):
        kind, address = (word(link.get("type")) or "").upper(), link.get("url")
        if kind == "REPOSITORY":
            made.located(address, None, at)
        if kind == "ON_CALL" and "pagerduty.com/" in str(address):
            made.pager("pagerduty", address, at)
        else:
            made.link(address, link.get("name"), kind.lower().replace("_", "-"), at)
