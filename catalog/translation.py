"""Making entities in Backstage's model of descriptors in other formats.

What is made is a document of its own in which every value has the line that it was written on, so that who
reads an entity need not know what format it came from.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from catalog import normal
from catalog.descriptors import Nameless, Reading
from catalog.document import Document, Map, Parsed, Seq
from catalog.entity import Entity
from catalog.problem import Problem
from catalog.ref import Ref, is_name, slug
from catalog.regex import regex
from catalog.schema import Fault, format_faults

ALIASES = "handrail.dev/aliases"
ASSUMED = "handrail.dev/assumed"
CONTACTS = "handrail.dev/contacts"
LIFECYCLE = "handrail.dev/lifecycle"
OWNER = "handrail.dev/owner"
PRODUCT = "handrail.dev/product"
TEAM_ID = "handrail.dev/team-id"
TIER = "handrail.dev/tier"
TYPE = "handrail.dev/type"
DOMAIN, OWNERS, PARTS = "handrail.dev/domain", "handrail.dev/owners", "handrail.dev/parts"
_MAX_ITEMS = 500

_UNFILLED = regex(r"\$\{\{|\{\{|\{%|<%")
_HOSTS = {
    "github": "github.com/project-slug",
    "gitlab": "gitlab.com/project-slug",
    "bitbucket": "bitbucket.org/project-slug",
    "azure": "dev.azure.com/project-repo",
}


def word(value: object) -> str | None:
    """A scalar as text without space around it: numbers and booleans are words; None where it is none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    return (value.strip() or None) if isinstance(value, str) else None


def present(data: Any) -> Any:
    """`data` without what is null: exporters write every key and leave it empty. Lines are kept."""
    if isinstance(data, Map):
        kept = Map(data.line)
        for key, value in data.items():
            if value is not None:
                kept[key] = present(value)
        kept.lines = data.lines
        return kept
    if isinstance(data, Seq):
        listed = Seq(data.line)
        for item, line in zip(data, data.lines, strict=True):
            if item is not None:
                listed.append(present(item))
                listed.lines.append(line)
        return listed
    return data


def items(value: object) -> Iterator[tuple[Any, int]]:
    """The items of a list with their lines; one value that is no list is a list of it."""
    if isinstance(value, Seq):
        yield from zip(value[:_MAX_ITEMS], value.lines, strict=False)


def maps(value: object) -> Iterator[tuple[Map, int]]:
    """The mappings among the items of a list, with their lines."""
    return ((item, line) for item, line in items(value) if isinstance(item, Map))


class Draft:
    """An entity in the making: fields are put one by one, each with its line."""

    def __init__(self, document: Document, kind: str, form: str) -> None:
        self.document, self.kind, self.form = document, kind, form
        self.metadata, self.spec = Map(document.line), Map(document.line)
        self.aliases: list[str] = []

    def put(self, way: str, value: object, line: int) -> None:
        """Set `metadata.title`, `spec.owner` and the like, where there is a value and none was set before."""
        text = word(value)
        room, _, key = way.partition(".")
        holder = self.metadata if room == "metadata" else self.spec
        if text is not None and key not in holder:
            holder[key], holder.lines[key] = text, line

    def note(self, key: str, value: object, line: int, room: str = "annotations") -> None:
        """Set an annotation, or a label, where there is a value and none was set before."""
        text = word(value)
        if text is not None:
            holder = self.metadata.setdefault(room, Map(line))
            self.metadata.lines.setdefault(room, line)
            if key not in holder:
                holder[key], holder.lines[key] = text, line

    def append(self, way: str, item: object, line: int) -> None:
        """Add to a list such as `spec.dependsOn` what it does not hold yet."""
        room, _, key = way.partition(".")
        holder = self.metadata if room == "metadata" else self.spec
        if item in (None, ""):
            return
        listed = holder.setdefault(key, Seq(line))
        holder.lines.setdefault(key, line)
        if item not in listed and len(listed) < _MAX_ITEMS:
            listed.append(item)
            listed.lines.append(line)

    def owner(self, value: object, line: int, kind: str = "group") -> None:
        """The owner; the first is the owner, all others are further owners. The written word is kept."""
        text = word(value)
        if text is None:
            return
        ref = ref_of(text, kind)
        if ref is None or "owner" in self.spec:
            if ref is not None and ref != self.spec.get("owner"):
                self.append(f"spec.{OWNERS}", ref, line)
            return
        self.put("spec.owner", ref, line)
        if ref.partition("/")[2] != text:
            self.note(OWNER, text, line)

    def lifecycle(self, value: object, line: int) -> None:
        """The lifecycle as written, with its normal form beside it."""
        self.put("spec.lifecycle", value, line)
        self.note(LIFECYCLE, normal.lifecycle(word(value)), line)

    def tier(self, value: object, line: int) -> None:
        """How critical it is as written, with its normal form beside it."""
        self.note("tier", value, line, "labels")
        self.note(TIER, normal.tier(word(value)), line)

    def tag(self, value: object, line: int) -> None:
        """A tag as it is written."""
        self.append("metadata.tags", word(value), line)

    def link(self, url: object, title: object, type_: object, line: int) -> None:
        """A link, where there is an address."""
        address = word(url)
        if address is None:
            return
        made = Map(line)
        for key, text in (("url", address), ("title", word(title)), ("type", word(type_))):
            if text is not None:
                made[key], made.lines[key] = text, line
        self.append("metadata.links", made, line)

    def contact(self, type_: object, address: object, title: object, line: int) -> None:
        """Whom to reach: a link where the address is one, else an annotation."""
        text, kind = word(address), (word(type_) or "contact").lower()
        if text is None:
            return
        if "://" in text or text.startswith("mailto:"):
            self.link(text, title, kind, line)
        elif kind == "email" or ("@" in text and " " not in text and not text.startswith(("@", "#"))):
            self.link(f"mailto:{text}", word(title) or text, "email", line)
        else:
            known = self.metadata.get("annotations", {}).get(CONTACTS)
            shown = f"{kind}: {text}"
            if known is None:
                self.note(CONTACTS, shown, line)
            elif shown not in known and len(known) < 2000:
                self.metadata["annotations"][CONTACTS] = f"{known}, {shown}"

    def pager(self, provider: str, value: object, line: int, key: str = "service-id") -> None:
        """The on-call service of `pagerduty`, `opsgenie` or `victorops`: an id, or its page's address."""
        text = word(value)
        if text is None:
            return
        if "://" in text:
            self.link(text, {"pagerduty": "PagerDuty"}.get(provider, provider.capitalize()), "on-call", line)
            text = text.rstrip("/").rpartition("/")[2].partition("?")[0] or text
            if "." in text or ":" in text:
                return
        self.note(f"{provider}.com/{key}", text, line)

    def repository(self, provider: object, name: object, path: object, line: int) -> None:
        """The repository that it lives in, and its folder there."""
        host, slug_of = (word(provider) or "github").lower(), word(name)
        if slug_of is None:
            return
        host = next((known for known in _HOSTS if known in host), host)
        self.note(_HOSTS.get(host, "handrail.dev/repository"), slug_of, line)
        folder = (word(path) or "").strip("/. ").removesuffix("/*").removesuffix("/**")
        if folder and ".." not in folder and host in ("github", "gitlab", "bitbucket"):
            address = f"https://{_HOSTS[host].partition('/')[0]}/{slug_of}/tree/HEAD/{folder}"
            self.note("backstage.io/source-location", f"url:{address}", line)

    def located(self, address: object, path: object, line: int) -> None:
        """The same from a repository's address."""
        text = (word(address) or "").removesuffix("/").removesuffix(".git")
        rest = text.partition("://")[2] or text.partition("@")[2].replace(":", "/", 1)
        host, _, name = rest.rpartition("@")[2].partition("/")
        if host and name:
            self.repository(host, "/".join(name.split("/")[:8]), path, line)

    def assume(self, way: str, value: str, line: int) -> None:
        """Set what the format leaves out and takes for granted, and say so."""
        room, _, key = way.partition(".")
        if key not in (self.metadata if room == "metadata" else self.spec):
            self.put(way, value, line)
            self.note(ASSUMED, way, line)

    def named(self, name: object, line: int, title: object = None) -> "Entity | Nameless":
        """The finished entity; what of it stands where no name can be made."""
        written = word(name)
        usable = written if written is not None and is_name(written) else slug(written or "")
        if not usable or (written is not None and _UNFILLED.search(written)):
            return Nameless(None, self.document.line)
        if word(title) != usable:
            self.put("metadata.title", title, line)
        if usable != written:
            self.put("metadata.title", written, line)
        metadata = Map(self.metadata.line)
        metadata.update({"name": usable, **self.metadata})
        metadata.lines = {"name": line, **self.metadata.lines}
        aliases = tuple(dict.fromkeys(a for a in (written, *self.aliases) if a and a != usable))
        if aliases:
            kept = metadata.setdefault("annotations", Map(line))
            metadata.lines.setdefault("annotations", line)
            kept[ALIASES], kept.lines[ALIASES] = ", ".join(aliases)[:2000], line
        made = Map(self.document.line)
        made.update(apiVersion="backstage.io/v1alpha1", kind=self.kind, metadata=metadata, spec=self.spec)
        made.lines = {"apiVersion": made.line, "kind": made.line, "metadata": line, "spec": made.line}
        document = replace(self.document, data=made, duplicates=())
        ref = Ref(self.kind.lower(), "default", usable)
        said = written or usable
        return Entity(ref, self.kind, metadata, self.spec, document, "valid", self.form, said, aliases)


def ref_of(text: str, kind: str) -> str | None:
    """The ref that a name in another format stands for; None where nothing of it can be a name."""
    name = text.strip().rstrip("/")
    if kind == "group" and "/" in name and "://" not in name:
        name = name.rpartition("/")[2]
    elif kind == "user":
        name = name.partition("@")[0]
    usable = name if is_name(name) else slug(name)
    return f"{kind}:default/{usable}" if usable else None


Translate = Callable[[Document], Iterator["Entity | Nameless"]]


def translated(
    parsed: Parsed,
    path: str,
    schema: str | Callable[[Document], tuple[Fault, ...]],
    claims: Callable[[Document], bool],
    translate: Translate,
    rescue: tuple[str, re.Pattern[str]] | None = None,
) -> Reading:
    """The entities of a file's documents that have the format's marks, and what is wrong with them.

    `schema` is the name of one in `catalog/schemas/descriptors/`, or tells what is wrong with a document.
    `rescue` is the file's text and what a name stands after, for a file that is no YAML.
    """
    entities: list[Entity] = []
    broken: list[Nameless] = []
    problems: list[Problem] = []
    for document in parsed.documents:
        if not claims(document):
            continue
        wrong = document_faults(document, schema) if isinstance(schema, str) else schema(document)
        problems += (Problem("schema", fault.message, path, fault.line) for fault in wrong)
        for made in translate(replace(document, data=present(document.data))):
            if isinstance(made, Entity):
                entities.append(replace(made, verdict="invalid") if wrong else made)
            else:
                broken.append(made)
    for error in parsed.errors:
        problems.append(
            Problem("syntax", f"{error.message[:1].upper()}{error.message[1:]}.", path, error.line)
        )
    if parsed.errors and not entities and not broken and rescue is not None:
        found = rescue[1].search(rescue[0])
        name = slug(found[1]) if found else ""
        broken += [Nameless(name, parsed.errors[0].line or 1)] if name else []
    return Reading(tuple(entities), (), tuple(broken), tuple(problems))


def document_faults(document: Document, schema: str) -> tuple[Fault, ...]:
    """What makes a document invalid by a schema of `catalog/schemas/descriptors/`: null is absent."""
    return format_faults(replace(document, data=present(document.data)), schema)


def copied(source: Map) -> Map:
    """The same mapping once more, with its lines."""
    made = Map(source.line)
    made.update(source)
    made.lines = dict(source.lines)
    return made


def with_field(entity: Entity, key: str, value: str, line: int | None = None) -> Entity:
    """The entity with one field of `spec` set; `line` is that of what it had, unless given."""
    spec = copied(entity.spec)
    spec[key] = value
    if line is not None:
        spec.lines[key] = line
    return with_spec(entity, spec)


def with_spec(entity: Entity, spec: Map) -> Entity:
    """The entity with another `spec`, in its document too."""
    data = copied(entity.document.mapping)
    data["spec"] = spec
    return replace(entity, spec=spec, document=replace(entity.document, data=data))
