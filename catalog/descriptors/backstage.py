"""Backstage's `catalog-info.yaml`: the native format.

See https://backstage.io/docs/features/software-catalog/descriptor-format for what it may hold.
"""

import re
from collections.abc import Iterator

from catalog.descriptors import Judgement, Nameless, Reading, Target
from catalog.document import Document, DocumentError, Map, Parsed, Seq
from catalog.entity import Entity, text
from catalog.problem import Problem
from catalog.ref import Ref, slug
from catalog.regex import regex
from catalog.schema import KINDS, Verdict, faults, verdict

FILES = frozenset({"catalog-info.yaml", "catalog-info.yml"})
FOLDERS = frozenset({".backstage"})
NAME = "Backstage"
RANK = 0
CERTAIN = True
MARK = regex(r"backstage\.io/")

_BUILT_IN = {kind.lower(): kind for kind in KINDS}
_UNFILLED = regex(r"\$\{\{|\{\{|\{%")
_NAME = regex(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?\Z")
_NAMESPACE = regex(r"[a-z0-9]+(?:-+[a-z0-9]+)*\Z")
_SEPARATOR = regex(r"^---(?:\s|$)", re.MULTILINE)
_WRITTEN_KIND = regex(r"^[\"']?kind[\"']?\s*:\s*[\"']?([A-Za-z]+)", re.MULTILINE)
_WRITTEN_NAME = regex(
    r"^metadata[ \t]*:[ \t]*\n(?:(?:[ \t][^\n]*)?\n)*?[ \t]+name[ \t]*:[ \t]*[\"']?([A-Za-z0-9][\w.-]*)",
    re.MULTILINE,
)


def claims(document: Document) -> bool:
    """Whether `apiVersion` is one of Backstage's."""
    version = document.mapping.get("apiVersion")
    return isinstance(version, str) and version.startswith(("backstage.io/", "scaffolder.backstage.io/"))


def judge(document: Document) -> Judgement:
    """The verdict that a Backstage catalog gives on a document, whatever it is."""
    kind = document.get("kind")
    said = "invalid" if document.duplicates else verdict(document.data)
    return Judgement(
        said, kind if isinstance(kind, str) else None, faults(document) if said == "invalid" else ()
    )


def read(parsed: Parsed, text: str, path: str, *, certain: bool) -> Reading:
    """Every entity of a file, each with its verdict; one broken document does not hide the others."""
    entities: list[Entity] = []
    targets: list[Target] = []
    broken: list[Nameless] = []
    problems: list[Problem] = []
    for document in parsed.documents:
        if document.data is None or not (certain or claims(document)):
            continue
        said = verdict(document.data)
        problems += _problems(document, said)
        entity = _entity(document, said)
        if isinstance(entity, Entity):
            entities.append(entity)
            problems += entity.problems
            if entity.ref.kind == "location":
                targets += _targets(entity)
        elif entity is not None:
            broken.append(entity)
    for error in parsed.errors:
        problems.append(Problem("syntax", f"{_capital(error.message)}.", path, error.line))
        found = _rescued(text, error)
        if certain and found is not None:
            broken.append(found)
    return Reading(tuple(entities), tuple(targets), tuple(broken), tuple(problems))


def _problems(document: Document, said: Verdict) -> Iterator[Problem]:
    name = document.get("metadata", "name")
    if isinstance(name, str) and _UNFILLED.search(name):
        message = (
            f"`metadata.name` is `{name[:60]}`, a template's place that nobody has filled in. Write the name."
        )
        yield Problem("schema", message, document.path, document.line_of("metadata", "name"))
        return
    if document.duplicates or said == "invalid":
        for fault in faults(document):
            yield Problem("schema", fault.message, document.path, fault.line)
        return
    kind = document.get("kind")
    near = _BUILT_IN.get(str(kind).lower()) if said == "unknown-kind" else None
    if near is not None:
        if kind != near:
            message = f"`kind` is `{kind}`, which Backstage does not know. Write `{near}`."
            yield Problem("schema", message, document.path, document.line_of("kind"))
        else:
            version = "scaffolder.backstage.io/v1beta3" if near == "Template" else "backstage.io/v1alpha1"
            written = document.get("apiVersion")
            message = f"`apiVersion` is `{written}`, in which there is no `{near}`. Write `{version}`."
            yield Problem("schema", message, document.path, document.line_of("apiVersion"))


def _entity(document: Document, said: Verdict) -> Entity | Nameless | None:
    """The entity, however incomplete, as long as its kind and name can be used."""
    data = document.mapping
    metadata, spec = data.get("metadata"), data.get("spec")
    metadata = metadata if isinstance(metadata, Map) else Map(document.line)
    spec = spec if isinstance(spec, Map) else Map(document.line)
    written, kind = text(metadata.get("name")), text(data.get("kind"))
    if written is not None and _UNFILLED.search(written):
        return None
    name = written if written is None or _NAME.match(written) else slug(written)
    if kind is None or not kind.isalnum() or not name:
        meant = kind is None or kind.lower() == "component"
        return Nameless(name or None, document.line) if meant else None
    if name != written and "title" not in metadata:
        kept = Map(metadata.line)
        kept.update(metadata, title=written)
        kept.lines = {**metadata.lines, "title": metadata.lines.get("name", metadata.line)}
        metadata = kept
    space = metadata.get("namespace")
    namespace = (
        space if isinstance(space, str) and len(space) <= 63 and _NAMESPACE.match(space) else "default"
    )
    ref = Ref(kind.lower(), namespace, name)
    return Entity(ref, kind, metadata, spec, document, said)


def _targets(entity: Entity) -> Iterator[Target]:
    required = entity.spec.get("presence") != "optional"
    one, many = entity.spec.get("target"), entity.spec.get("targets")
    if isinstance(one, str) and one:
        yield Target(one, required, entity.spec.lines.get("target", entity.line))
    if isinstance(many, Seq):
        for item, line in zip(many, many.lines, strict=True):
            if isinstance(item, str) and item:
                yield Target(item, required, line)


def _rescued(text: str, error: DocumentError) -> Nameless | None:
    """The name in a document that is no YAML, where it means to be a Component."""
    begin, line = 0, error.line or 1
    for separator in _SEPARATOR.finditer(text):
        if text.count("\n", 0, separator.start()) + 1 > line:
            text = text[: separator.start()]
            break
        begin = separator.start()
    part = text[begin:]
    kind, name = _WRITTEN_KIND.search(part), _WRITTEN_NAME.search(part)
    if kind is not None and kind[1].lower() != "component":
        return None
    return Nameless(slug(name[1]) or None if name else None, line)


def _capital(message: str) -> str:
    return message[:1].upper() + message[1:]
