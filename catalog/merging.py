"""Several descriptors of one service in one repository, in different formats: they become one entity.

Each field is from the first of them that has it, in the order of the formats' ranks, and knows which; where
they give different values, that is told.
"""

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from catalog import normal
from catalog.descriptors import formats
from catalog.document import Map, Seq
from catalog.entity import Contradiction, Entity, Source
from catalog.folders import of_descriptor
from catalog.problem import Problem
from catalog.ref import Ref, parse_ref, slug
from catalog.service_type import type_of_word
from catalog.translation import ALIASES, ASSUMED, LIFECYCLE, OWNER, TIER, TYPE, copied

_MAX_SOURCES = 300
_DERIVED = frozenset({ALIASES, ASSUMED, LIFECYCLE, OWNER, TIER, TYPE})


class Merged(NamedTuple):
    """The entities of a repository by their refs, and what is wrong between their descriptors."""

    entities: dict[str, Entity]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()


@dataclass
class _Group:
    """Descriptors of one entity, one a format."""

    members: list[Entity] = field(default_factory=list)

    @property
    def forms(self) -> frozenset[str]:
        return frozenset(e.form for e in self.members)

    @property
    def makers(self) -> frozenset[str]:
        """Whose formats they are in: two versions of one maker's are meant to stand side by side."""
        return frozenset(formats()[form].NAME for form in self.forms)

    @property
    def component(self) -> bool:
        return self.members[0].ref.kind == "component"

    def names(self) -> frozenset[str]:
        """All names that mean it, in lower case."""
        found = set()
        for e in self.members:
            found |= {e.ref.name.lower(), *(a.lower() for a in e.aliases)}
            found.add(slug(e.title or "") or e.ref.name.lower())
        return frozenset(found)

    def folders(self) -> frozenset[str]:
        """The folders that it speaks for, as far as its files are folders' own descriptors."""
        own = {name for form in formats().values() for name in form.FILES}
        return frozenset(of_descriptor(e.path) for e in self.members if posixpath.basename(e.path) in own)


def merge(entities: Sequence[Entity], whole: Sequence[Entity], repository: str) -> Merged:
    """Unite what is one. `whole` are components that speak of the repository, which has this name."""
    if not whole and all(e.form == "backstage" for e in entities) and not _repeated(entities):
        return Merged({str(e.ref): e for e in entities}, ())
    problems: list[Problem] = []
    groups = _by_ref(entities, problems)
    _unite(groups, lambda g: g.names(), alone=False)
    _unite(groups, lambda g: g.folders(), alone=True)
    notes = _whole(groups, whole, repository)
    made = [_merged(group) for group in groups]
    for entity in made:
        problems += _told(entity)
    return Merged({str(e.ref): e for e in made}, tuple(problems), tuple(notes))


def _repeated(entities: Sequence[Entity]) -> bool:
    return len({str(e.ref) for e in entities}) < len(entities)


def _by_ref(entities: Sequence[Entity], problems: list[Problem]) -> list[_Group]:
    groups: dict[str, _Group] = {}
    for entity in entities:
        group = groups.setdefault(str(entity.ref), _Group())
        first = next((e for e in group.members if e.form == entity.form), None)
        if first is None:
            group.members.append(entity)
        else:
            problems.append(_twice(entity, first))
    return list(groups.values())


def _twice(entity: Entity, first: Entity) -> Problem:
    names = {e.written or e.ref.name for e in (entity, first)}
    if len(names) > 1:
        one, other = (f"`{e.written or e.ref.name}`"[:100] for e in (entity, first))
        what = f"{one} is here, and {other} in `{first.path}` line {first.line}: both are `{entity.ref}`."
    else:
        what = f"`{entity.ref}` is declared here and in `{first.path}` line {first.line}."
    line = entity.document.line_of("metadata", "name")
    return Problem("conflict", f"{what} The first is kept: rename one of the two.", entity.path, line)


def _unite(groups: list[_Group], marks: Callable[[_Group], frozenset[str]], *, alone: bool) -> None:
    """Unite components in different formats that share a mark.

    `alone`: only where of each format no other component has that mark.
    """
    holders: dict[str, list[_Group]] = {}
    for group in groups:
        if group.component:
            for mark in marks(group):
                holders.setdefault(mark, []).append(group)
    gone: set[int] = set()
    for held in holders.values():
        parts = [g for g in held if id(g) not in gone]
        parts.sort(key=lambda g: min(_rank(e) for e in g.members))
        for other in parts[1:]:
            first = parts[0]
            makers = first.makers | other.makers
            several = any(len([g for g in held if maker in g.makers]) > 1 for maker in makers)
            if not (first.makers & other.makers) and not (alone and several):
                first.members += other.members
                gone.add(id(other))
    groups[:] = [g for g in groups if id(g) not in gone]


def _rank(entity: Entity) -> int:
    return formats()[entity.form].RANK


def _whole(
    groups: list[_Group], whole: Sequence[Entity], repository: str
) -> Iterator[Problem] | list[Problem]:
    """Add what speaks of the repository to the one service that it can mean, else make a service of it."""
    notes = []
    for entity in whole[:1]:
        folder = of_descriptor(entity.path)
        components = [g for g in groups if g.component]
        near = [g for g in components if folder in g.folders()]
        meant = near if len(near) == 1 else components
        if not components:
            groups.append(_Group([_renamed(entity, repository)]))
        elif len(meant) == 1 and entity.form not in meant[0].forms:
            meant[0].members.append(_renamed(entity, meant[0].members[0].ref.name))
        else:
            message = f"It speaks of the whole repository, which has {len(components)} services: not used."
            notes.append(Problem("note", message, entity.path, entity.line))
    return notes


def _renamed(entity: Entity, name: str) -> Entity:
    metadata = copied(entity.metadata)
    metadata["name"] = name
    data = copied(entity.document.mapping)
    data["metadata"] = metadata
    document = replace(entity.document, data=data)
    return replace(entity, ref=Ref("component", "default", name), metadata=metadata, document=document)


def _merged(group: _Group) -> Entity:
    if len(group.members) == 1:
        return group.members[0]
    members = sorted(group.members, key=_rank)
    union = _Union(members)
    first = members[0]
    data = copied(first.document.mapping)
    data.update(metadata=union.metadata, spec=union.spec)
    document = replace(first.document, data=data, origins=union.origins)
    aliases = tuple(dict.fromkeys(a for e in members for a in (*e.aliases, e.ref.name)))
    return replace(
        first,
        metadata=union.metadata,
        spec=union.spec,
        document=document,
        aliases=tuple(a for a in aliases if a != first.ref.name),
        sources=tuple(union.sources[:_MAX_SOURCES]),
        contradictions=tuple(_contradictions(members)),
    )


class _Union:
    """The fields of several descriptors, each from the first that has it, with where that is."""

    def __init__(self, members: Sequence[Entity]) -> None:
        first = members[0]
        self.origins: dict[tuple[str | int, ...], str] = {}
        self.sources: list[Source] = []
        self.metadata, self.spec = Map(first.metadata.line), Map(first.spec.line)
        # What a format takes for granted is worth less than what any other says.
        for assumed in (False, True):
            for entity in members:
                self._add(entity, self.metadata, entity.metadata, ("metadata",), assumed)
                self._add(entity, self.spec, entity.spec, ("spec",), assumed)
        self._derive(members)

    def _add(self, entity: Entity, into: Map, source: Map, way: tuple[str, ...], assumed: bool) -> None:
        for key, value in source.items():
            here, line = (*way, key), source.lines.get(key, source.line)
            if way == ("metadata", "annotations") and key in _DERIVED:
                continue
            if is_assumed(entity, ".".join(here)) and not assumed:
                continue
            if isinstance(value, Seq):
                self._extend(entity, into, key, value, here)
            elif way == ("metadata",) and isinstance(value, Map):
                self._add(entity, into.setdefault(key, Map(line)), value, here, assumed)
                into.lines.setdefault(key, line)
            elif key not in into:
                into[key], into.lines[key] = value, line
                self._from(entity, here, line)

    def _extend(self, entity: Entity, into: Map, key: str, value: Seq, way: tuple[str, ...]) -> None:
        held = into.setdefault(key, Seq(value.line))
        into.lines.setdefault(key, value.line)
        if not isinstance(held, Seq):
            return
        for item, line in zip(value, value.lines, strict=True):
            if not any(_same_item(item, known) for known in held):
                held.append(item)
                held.lines.append(line)
                self._from(entity, (*way, len(held) - 1), line)

    def _from(self, entity: Entity, way: tuple[str | int, ...], line: int) -> None:
        self.origins[way] = entity.path
        shown = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in way)
        self.sources.append(Source(shown[1:], entity.path, line, entity.form))

    def _derive(self, members: Sequence[Entity]) -> None:
        """The normal forms and the names, of what the fields are now."""
        notes = self.metadata.setdefault("annotations", Map(self.metadata.line))
        lines = self.spec.lines
        labels = self.metadata.get("labels", Map())
        named = {LIFECYCLE: normal.lifecycle(_text(self.spec.get("lifecycle")))}
        named[TIER] = normal.tier(_text(labels.get("tier")))
        owner = next((e for e in members if e.spec.get("owner") == self.spec.get("owner")), None)
        named[OWNER] = owner.annotations.get(OWNER) if owner else None
        typed = next((e for e in members if e.spec.get("type") == self.spec.get("type")), None)
        named[TYPE] = typed.annotations.get(TYPE) if typed else None
        others = dict.fromkeys(a for e in members for a in (*e.aliases, e.ref.name))
        named[ALIASES] = ", ".join(a for a in others if a != members[0].ref.name)[:2000] or None
        for key, value in named.items():
            if value is not None:
                notes[key], notes.lines[key] = value, lines.get("lifecycle", self.spec.line)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _same_item(one: Any, other: Any) -> bool:
    if isinstance(one, Map) and isinstance(other, Map) and "url" in one:
        return bool(one.get("url") == other.get("url"))
    if isinstance(one, str) and isinstance(other, str):
        refs = (parse_ref(one, "component"), parse_ref(other, "component"))
        return one == other or (refs[0] is not None and refs[0] == refs[1])
    return bool(one == other)


def is_assumed(entity: Entity, way: str) -> bool:
    """Whether a field's value is only what its format takes for granted."""
    if entity.annotations.get(ASSUMED) == way:
        return True
    # An owner that is no ref is one that nobody has resolved.
    return way == "spec.owner" and parse_ref(_text(entity.spec.get("owner")), "group") is None


def _tier(entity: Entity) -> str | None:
    written = entity.labels.get("tier")
    return normal.tier(written) or (written or "").lower() or None


_PROJECT = "github.com/project-slug"
_COMPARED: Mapping[str, Callable[[Entity], str | None]] = {
    "metadata.name": lambda e: e.ref.name.lower(),
    "spec.owner": lambda e: (e.owner or "").lower() or None,
    "spec.lifecycle": lambda e: normal.lifecycle(e.lifecycle) or (e.lifecycle or "").lower() or None,
    "spec.type": lambda e: type_of_word(e.annotations.get(TYPE) or e.type),
    "spec.system": lambda e: (e.system or "").lower() or None,
    "metadata.labels.tier": _tier,
    f"metadata.annotations.{_PROJECT}": lambda e: e.annotations.get(_PROJECT, "").lower() or None,
}


def _contradictions(members: Sequence[Entity]) -> Iterator[Contradiction]:
    for way, meaning in _COMPARED.items():
        said = [(e, m) for e in members if not is_assumed(e, way) and (m := meaning(e)) is not None]
        if way == "spec.type":
            said = [(e, m) for e, m in said if e.type != "repository"]
        for entity, meant in said[1:]:
            first, kept = said[0]
            if meant != kept:
                yield Contradiction(way, *_place(first, way), *_place(entity, way))


def _place(entity: Entity, way: str) -> tuple[str, str, int]:
    room, _, key = way.partition(".")
    keys = (room, *(key.split(".", 1) if key.startswith(("labels.", "annotations.")) else (key,)))
    written = entity.written or entity.ref.name if key == "name" else entity.document.get(*keys)
    return str(written)[:200], entity.path, entity.document.line_of(*keys)


def _told(entity: Entity) -> Iterator[Problem]:
    for c in entity.contradictions:
        message = (
            f"`{c.field}` is `{c.other}` here and `{c.kept}` in `{c.kept_path}` line {c.kept_line},"
            f" which is kept for `{entity.ref}`. Make them agree."
        )
        yield Problem("conflict", message, c.path, c.line)
