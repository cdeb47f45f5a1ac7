"""References in other formats, which name things by alias or identifier, resolved in one repository."""

from collections.abc import Iterable, Mapping

from catalog.document import Seq
from catalog.entity import Entity
from catalog.ref import is_name, slug
from catalog.translation import DOMAIN, PARTS, copied, with_field, with_spec

_FIELDS = ("dependsOn", "dependencyOf", "system", DOMAIN, PARTS, "subdomainOf")


def link(entities: Mapping[str, Entity]) -> dict[str, Entity]:
    """The same entities, their references naming refs; what is in no descriptor here stays as it is named."""
    if all(e.form == "backstage" and not e.sources for e in entities.values()):
        return dict(entities)
    known = _names(entities.values())
    linked = {ref: _linked(entity, known) for ref, entity in entities.items()}
    for entity in entities.values():
        for part, line in _parts(linked[str(entity.ref)]):
            held = linked.get(part)
            if entity.ref.kind == "system" and held is not None and "system" not in held.spec:
                linked[part] = with_field(
                    held, "system", f"system:{entity.ref.namespace}/{entity.ref.name}", line
                )
    return linked


def _names(entities: Iterable[Entity]) -> dict[tuple[str, str], str]:
    """By kind and name or alias the ref that is meant; a name counts before an alias."""
    found: dict[tuple[str, str], str] = {}
    listed = list(entities)
    for entity in listed:
        found.setdefault((entity.ref.kind, entity.ref.name.lower()), str(entity.ref))
    for entity in listed:
        for alias in entity.aliases:
            found.setdefault((entity.ref.kind, alias.lower()), str(entity.ref))
    return found


def _parts(entity: Entity) -> list[tuple[str, int]]:
    listed = entity.spec.get(PARTS)
    return list(zip(listed, listed.lines, strict=True)) if isinstance(listed, Seq) else []


def _linked(entity: Entity, known: Mapping[tuple[str, str], str]) -> Entity:
    spec = entity.spec
    changed = copied(spec)
    for key in _FIELDS:
        value = spec.get(key)
        if isinstance(value, str):
            changed[key] = _resolved(value, known)
        elif isinstance(value, Seq):
            listed = Seq(value.line)
            listed.extend(_resolved(item, known) if isinstance(item, str) else item for item in value)
            listed.lines = value.lines
            changed[key] = listed
    return entity if changed == spec else with_spec(entity, changed)


def _resolved(written: str, known: Mapping[tuple[str, str], str]) -> str:
    kind, _, name = written.partition(":")
    meant = known.get((kind.lower(), name.lower()))
    if meant is not None:
        return meant
    if not name or kind.lower() not in _KINDS or _is_ref(name):
        return written
    # An identifier of another repository's component ends with what tells it from others.
    usable = slug(name.rpartition("/")[2]) if name.startswith("ari:") else slug(name)
    return f"{kind}:default/{usable}" if usable else written


_KINDS = frozenset({"component", "system", "domain", "resource", "api"})


def _is_ref(name: str) -> bool:
    return is_name(name) or (name.count("/") == 1 and all(is_name(part) for part in name.split("/")))
