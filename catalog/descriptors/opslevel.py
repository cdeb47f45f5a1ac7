"""OpsLevel's `opslevel.yml`: a `service`, a `component` or a `repository`, one document a file.

See https://docs.opslevel.com/docs/opslevel-yml for what it may hold.
"""

import re
from collections.abc import Iterator

from catalog.descriptors import Judgement, Nameless, Reading
from catalog.document import Document, Map, Parsed
from catalog.entity import Entity
from catalog.regex import regex
from catalog.translation import DOMAIN, PRODUCT, Draft, document_faults, items, maps, translated, word

NAME = "OpsLevel"
RANK = 1
FILES = frozenset({"opslevel.yml", "opslevel.yaml"})
FOLDERS = frozenset({".opslevel"})
CERTAIN = False
MARK = regex(r"\b(?:service|component|repository)[\"']?[ \t]*:")

_WRITTEN = regex(
    r"^(?:service|component)[ \t]*:[ \t]*\n(?:[ \t].*\n)*?[ \t]+name[ \t]*:[ \t]*(\S.{0,99})", re.MULTILINE
)
_FORMS = ("service", "component", "repository")
_PAGERS = frozenset({"pagerduty", "opsgenie", "victorops"})
# OpsLevel reads YAML 1.1, in which these words are booleans.
_TRUTH = {"yes": "true", "on": "true", "no": "false", "off": "false"}


def _form(document: Document) -> str | None:
    return next((form for form in _FORMS if isinstance(document.mapping.get(form), Map)), None)


def claims(document: Document) -> bool:
    """Whether one of the three forms stands at the top, and nothing that other tools write beside it."""
    top = document.mapping
    return _form(document) is not None and top.keys() <= {"version", *_FORMS}


def judge(document: Document) -> Judgement:
    """The verdict on a document."""
    faults = document_faults(document, "opslevel")
    return Judgement("invalid" if faults else "valid", "Component", faults)


def read(parsed: Parsed, text: str, path: str, *, certain: bool) -> Reading:
    """The component of a file. A `repository` speaks of whatever its repository holds."""
    reading = translated(parsed, path, "opslevel", claims, _translate, (text, _WRITTEN))
    whole = {d.index for d in parsed.documents if _form(d) == "repository"}
    return reading._replace(
        entities=tuple(e for e in reading.entities if e.document.index not in whole),
        whole=tuple(e for e in reading.entities if e.document.index in whole),
    )


def _translate(document: Document) -> Iterator[Entity | Nameless]:
    form = _form(document)
    if form is None:
        return
    body: Map = document.mapping[form]

    def line(key: str) -> int:
        return body.lines.get(key, body.line)

    made = Draft(document, "Component", "opslevel")
    if form == "component":
        made.put("spec.type", body.get("type"), line("type"))
    if form == "repository":
        made.put("spec.type", "repository", body.line)
    else:
        made.assume("spec.type", "service", body.line)
    made.put("metadata.description", body.get("description"), line("description"))
    made.owner(body.get("owner"), line("owner"))
    made.lifecycle(body.get("lifecycle"), line("lifecycle"))
    made.tier(body.get("tier"), line("tier"))
    made.put("spec.system", _ref("system", body.get("system")), line("system"))
    made.put(f"spec.{DOMAIN}", _ref("domain", body.get("domain")), line("domain"))
    made.note(PRODUCT, body.get("product"), line("product"))
    for key in ("language", "framework"):
        made.tag(body.get(key), line(key))
    made.aliases += (alias for item, _ in items(body.get("aliases")) if (alias := word(item)))
    for tag, at in maps(body.get("tags")):
        made.tag(_tag(tag), at)
    _tools(made, body)
    for dependency, at in items(body.get("dependencies")):
        made.append("spec.dependsOn", _alias(dependency), at)
    for repository, at in list(maps(body.get("repositories")))[:1]:
        made.repository(repository.get("provider"), repository.get("name"), repository.get("path"), at)
    if form == "repository":
        yield made.named("repository", body.line)
    else:
        yield made.named(body.get("name"), line("name"))


def _tools(made: Draft, body: Map) -> None:
    for source, at in maps(body.get("alert_sources")):
        provider = (word(source.get("type")) or "").lower()
        if provider in _PAGERS:
            made.pager(provider, source.get("external_id"), at)
    for tool, at in maps(body.get("tools")):
        names = [w for w in (word(tool.get("name")), word(tool.get("environment"))) if w]
        made.link(tool.get("url"), " ".join(names), tool.get("category"), at)


def _tag(tag: Map) -> str | None:
    key, value = word(tag.get("key")), word(tag.get("value"))
    return f"{key}:{_TRUTH.get(value.lower(), value)}" if key and value else key


def _alias(item: object) -> str | None:
    written = word(item.get("alias")) if isinstance(item, Map) else word(item)
    return f"component:{written}" if written else None


def _ref(kind: str, value: object) -> str | None:
    written = word(value)
    return f"{kind}:{written}" if written else None
