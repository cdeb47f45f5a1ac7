"""Datadog's service definitions, versions 1, 2, 2.1 and 2.2: a service a document, often several a file.

See https://github.com/DataDog/schema/tree/main/service-catalog. Entities of version 3 are another format.
"""

import re
from collections.abc import Iterator

from catalog.descriptors import Judgement, Nameless, Reading
from catalog.document import Document, Map, Parsed
from catalog.entity import Entity
from catalog.regex import regex
from catalog.schema import Fault
from catalog.translation import TYPE, Draft, document_faults, items, maps, translated, word

NAME = "Datadog"
RANK = 3
FILES = frozenset(
    {"service.datadog.yaml", "service.datadog.yml", "entity.datadog.yaml", "entity.datadog.yml"}
)
FOLDERS = frozenset({".datadog"})
CERTAIN = False
MARK = regex(r"\bschema-version[\"']?[ \t]*:")

_WRITTEN = regex(r"^[ {\t]*[\"']?dd-service[\"']?[ \t]*:[ \t]*[\"']?([\w.-]{1,99})", re.MULTILINE)
_VERSIONS = ("v1", "v2", "v2.1", "v2.2")

TYPES = {"web": "web-service", "browser": "static-site", "mobile": "mobile-app", "function": "function"}
"""What Datadog's words for a service's type mean in Handrail's."""


def _version(document: Document) -> str | None:
    written = word(document.get("schema-version"))
    if written is None and document.get("info", "dd-service") is not None:
        return "v1"
    return f"v{written.removeprefix('v')}" if written else None


def claims(document: Document) -> bool:
    """Whether there is a schema's version and a service, or what version 1 has in their place."""
    top = document.mapping
    return "schema-version" in top and ("dd-service" in top or isinstance(top.get("info"), Map))


def judge(document: Document) -> Judgement:
    """The verdict on a document."""
    faults = _faults(document)
    return Judgement("invalid" if faults else "valid", "Component", faults)


def _faults(document: Document) -> tuple[Fault, ...]:
    version = _version(document)
    if version not in _VERSIONS:
        message = f"`schema-version` is `{version}`, which is not known. Write `v2.2`."
        return (Fault("schema-version", document.line_of("schema-version"), message),)
    return document_faults(document, f"datadog-{version}")


def read(parsed: Parsed, text: str, path: str, *, certain: bool) -> Reading:
    """Every service of a file."""
    return translated(parsed, path, _faults, claims, _translate, (text, _WRITTEN))


def _translate(document: Document) -> Iterator[Entity | Nameless]:
    made = Draft(document, "Component", "datadog")
    yield _first(document, made) if isinstance(document.get("info"), Map) else _second(document, made)


def _first(document: Document, made: Draft) -> Entity | Nameless:
    get, line = document.get, document.line_of
    made.assume("spec.type", "service", document.line)
    made.put("metadata.description", get("info", "description"), line("info", "description"))
    made.owner(get("org", "team"), line("org", "team"))
    made.tier(get("info", "service-tier"), line("info", "service-tier"))
    made.put("spec.system", _system(get("org", "application")), line("org", "application"))
    for kind in ("email", "slack"):
        made.contact(kind, get("contact", kind), None, line("contact", kind))
    for link, at in maps(get("external-resources")):
        made.link(link.get("url"), link.get("name"), link.get("type"), at)
    _tags(made, get("tags"))
    _pagers(made, get("integrations"))
    name, title = get("info", "dd-service"), get("info", "display-name")
    return made.named(name, line("info", "dd-service"), title)


def _second(document: Document, made: Draft) -> Entity | Nameless:
    top, line = document.mapping, document.line_of
    made.put("spec.type", top.get("type"), line("type"))
    made.note(TYPE, TYPES.get((word(top.get("type")) or "").lower()), line("type"))
    made.assume("spec.type", "service", document.line)
    made.put("metadata.description", top.get("description"), line("description"))
    made.owner(top.get("team"), line("team"))
    if "owner" not in made.spec:
        made.owner(top.get("dd-team"), line("dd-team"))
    made.lifecycle(top.get("lifecycle"), line("lifecycle"))
    made.tier(top.get("tier"), line("tier"))
    made.put("spec.system", _system(top.get("application")), line("application"))
    for link, at in (*maps(top.get("links")), *maps(top.get("docs"))):
        if (word(link.get("type")) or "").lower() == "repo":
            made.located(link.get("url"), None, at)
        made.link(link.get("url"), link.get("name"), link.get("type"), at)
    for repository, at in maps(top.get("repos")):
        made.located(repository.get("url"), None, at)
        made.link(repository.get("url"), repository.get("name"), "repo", at)
    for contact, at in maps(top.get("contacts")):
        made.contact(contact.get("type"), contact.get("contact"), contact.get("name"), at)
    _tags(made, top.get("tags"))
    for language, at in items(top.get("languages")):
        made.tag(language, at)
    _pagers(made, top.get("integrations"))
    return made.named(top.get("dd-service"), line("dd-service"))


def _tags(made: Draft, tags: object) -> None:
    for tag, at in items(tags):
        made.tag(tag, at)


def _pagers(made: Draft, integrations: object) -> None:
    if not isinstance(integrations, Map):
        return
    for provider in ("pagerduty", "opsgenie"):
        held, at = integrations.get(provider), integrations.lines.get(provider, integrations.line)
        made.pager(provider, held.get("service-url") if isinstance(held, Map) else held, at)


def _system(value: object) -> str | None:
    written = word(value)
    return f"system:{written}" if written else None
