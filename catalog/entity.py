"""Entities: what descriptors declare, in Backstage's model, and how they relate to one another."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from catalog.document import Document, Map, Seq
from catalog.problem import Problem
from catalog.ref import Ref, parse_ref
from catalog.schema import Verdict

# Field of `spec`, relation from the entity to what it names, kind that a ref without one has.
# As Backstage's processor of built-in kinds reads them; it knows no default kind for dependencies.
_OWNED = ("owner", "ownedBy", "group")
# What other formats say and Backstage's has no field for.
_FOREIGN: tuple[tuple[str, str, str | None], ...] = (
    ("handrail.dev/owners", "ownedBy", "group"),
    ("handrail.dev/domain", "partOf", "domain"),
    ("handrail.dev/parts", "hasPart", "component"),
)
_FIELDS: Mapping[str, tuple[tuple[str, str, str | None], ...]] = {
    "component": (
        _OWNED,
        ("subcomponentOf", "partOf", "component"),
        ("providesApis", "providesApi", "api"),
        ("consumesApis", "consumesApi", "api"),
        ("dependsOn", "dependsOn", None),
        ("dependencyOf", "dependencyOf", None),
        ("system", "partOf", "system"),
        *_FOREIGN,
    ),
    "api": (_OWNED, ("system", "partOf", "system"), *_FOREIGN),
    "resource": (
        _OWNED,
        ("dependsOn", "dependsOn", None),
        ("dependencyOf", "dependencyOf", None),
        ("system", "partOf", "system"),
        *_FOREIGN,
    ),
    "system": (_OWNED, ("domain", "partOf", "domain"), *_FOREIGN),
    "domain": (_OWNED, ("subdomainOf", "partOf", "domain"), *_FOREIGN),
    "group": (
        ("parent", "childOf", "group"),
        ("children", "parentOf", "group"),
        ("members", "hasMember", "user"),
    ),
    "user": (("memberOf", "memberOf", "group"),),
    "template": (_OWNED,),
}

_PAIRS = (
    ("ownedBy", "ownerOf"),
    ("dependsOn", "dependencyOf"),
    ("partOf", "hasPart"),
    ("providesApi", "apiProvidedBy"),
    ("consumesApi", "apiConsumedBy"),
    ("memberOf", "hasMember"),
    ("childOf", "parentOf"),
)
INVERSE: Mapping[str, str] = MappingProxyType(dict(_PAIRS) | {b: a for a, b in _PAIRS})
"""For each relation the one that its target has to its source."""


class Relation(NamedTuple):
    """A relation to the entity `target`, a ref in lower case, as `field` of a descriptor says."""

    type: str
    target: str
    field: str
    line: int


class Source(NamedTuple):
    """Which descriptor a field is from: `field` as `spec.owner`, `form` the format's name."""

    field: str
    path: str
    line: int
    form: str


class Contradiction(NamedTuple):
    """A field that two descriptors of one entity give different values; the first was kept."""

    field: str
    kept: str
    kept_path: str
    kept_line: int
    other: str
    path: str
    line: int


@dataclass(frozen=True, eq=False)
class Entity:
    """An entity in Backstage's model. `metadata` and `spec` keep the lines they have in `document`."""

    ref: Ref
    kind: str
    metadata: Map
    spec: Map
    document: Document
    verdict: Verdict = "valid"
    form: str = "backstage"
    """The format of its descriptor, by the module's name in `catalog/descriptors/`."""
    written: str | None = None
    """The name as another format's file writes it."""
    aliases: tuple[str, ...] = ()
    """Other names that references may use."""
    sources: tuple[Source, ...] = ()
    """Which descriptor each field is from, where several make the entity."""
    contradictions: tuple[Contradiction, ...] = ()
    """Where they contradict one another."""

    @property
    def path(self) -> str:
        """The file that declares it."""
        return self.document.path

    @property
    def line(self) -> int:
        """The line where it begins."""
        return self.document.line

    @property
    def title(self) -> str | None:
        """The name for people."""
        return text(self.metadata.get("title"))

    @property
    def description(self) -> str | None:
        """What it is."""
        return text(self.metadata.get("description"))

    @property
    def type(self) -> str | None:
        """`spec.type` as written."""
        return text(self.spec.get("type"))

    @property
    def lifecycle(self) -> str | None:
        """`spec.lifecycle` as written."""
        return text(self.spec.get("lifecycle"))

    @property
    def owner(self) -> str | None:
        """The owner's ref in lower case; the written words where they are no ref."""
        return self._named("owner", "group")

    @property
    def system(self) -> str | None:
        """The ref in lower case of the system it belongs to; the written words where they are no ref."""
        return self._named("system", "system")

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that are text."""
        found = self.metadata.get("tags")
        return tuple(t for t in found if isinstance(t, str) and t) if isinstance(found, Seq) else ()

    @property
    def annotations(self) -> Mapping[str, str]:
        """The annotations that are text."""
        return _texts(self.metadata.get("annotations"))

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels that are text."""
        return _texts(self.metadata.get("labels"))

    @property
    def links(self) -> tuple[Mapping[str, str], ...]:
        """The links that have a `url`."""
        found = self.metadata.get("links")
        links = (_texts(item) for item in found) if isinstance(found, Seq) else ()
        return tuple(link for link in links if link.get("url"))

    @property
    def relations(self) -> tuple[Relation, ...]:
        """What `spec` relates it to, in the order of the fields of its kind."""
        return self._read[0]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Refs in `spec` that are none, or that Backstage would not take."""
        return self._read[1]

    def _named(self, field: str, kind: str) -> str | None:
        written = text(self.spec.get(field))
        ref = parse_ref(written, kind, self.ref.namespace)
        return written if ref is None else str(ref)

    @cached_property
    def _read(self) -> tuple[tuple[Relation, ...], tuple[Problem, ...]]:
        relations: list[Relation] = []
        problems: list[Problem] = []
        for field, relation, kind in _FIELDS.get(self.ref.kind.lower(), ()):
            value = self.spec.get(field)
            if not value:
                continue
            if isinstance(value, Seq):
                written = [(f"spec.{field}[{i}]", v, value.lines[i]) for i, v in enumerate(value)]
            else:
                written = [(f"spec.{field}", value, self.spec.lines.get(field, self.line))]
            for number, (name, item, line) in enumerate(written):
                if not isinstance(item, str) or not item.strip():
                    continue  # the schema says so already
                path = self.document.path_of("spec", field, number)
                ref = parse_ref(item, kind or "component", self.ref.namespace)
                if ref is None and field == "owner" and self.form != "backstage":
                    continue  # only the other catalog knows who that is
                if ref is None:
                    problems.append(_no_ref(name, item, path, line, kind))
                    continue
                if kind is None and ":" not in item:
                    problems.append(_no_kind(name, item, path, line))
                relations.append(Relation(relation, str(ref), name, line))
        return tuple(relations), tuple(problems)


def _no_ref(field: str, item: str, path: str, line: int, kind: str | None) -> Problem:
    example = f"{kind or 'component'}:payments"
    message = f"`{field}` is `{item[:80]}`, which is no entity ref. Write one such as `{example}`."
    return Problem("reference", message, path, line)


def _no_kind(field: str, item: str, path: str, line: int) -> Problem:
    message = (
        f"`{field}` is `{item[:80]}`, without a kind: read as a component. Write `component:{item[:80]}`."
    )
    return Problem("reference", message, path, line)


def text(value: Any) -> str | None:
    """`value` without space around it if it is text and not empty, else None."""
    return (value.strip() or None) if isinstance(value, str) else None


def _texts(value: Any) -> Mapping[str, str]:
    if not isinstance(value, Map):
        return {}
    return {key: item for key, item in value.items() if isinstance(item, str)}
