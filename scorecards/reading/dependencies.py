"""What a service's descriptor lists as its dependencies, whatever format it is in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from catalog.document import Document, Map, Seq
from catalog.ref import Ref, parse_ref
from catalog.service import Service

_MAX = 500


@dataclass(frozen=True, slots=True)
class Dependency:
    """One entry: as written, and the ref it means; None where it is none."""

    written: str
    ref: Ref | None
    field: str
    path: str
    line: int

    @property
    def shown(self) -> str:
        """As written, bounded."""
        return self.written[:100]


@dataclass(frozen=True, slots=True)
class Listing:
    """The lists of a descriptor: the first field that is there, its line, and every entry of all."""

    path: str
    field: str
    line: int
    dependencies: tuple[Dependency, ...]


# Where each format lists dependencies, the kind that a name without one has, and the key of an entry that
# names it: Backstage, Datadog v3, OpsLevel, Cortex, Compass.
_FIELDS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("spec", "dependsOn"), "component", ""),
    (("spec", "consumesApis"), "api", ""),
    (("service", "dependencies"), "component", "alias"),
    (("component", "dependencies"), "component", "alias"),
    (("info", "x-cortex-dependency"), "component", "tag"),
    (("info", "x-cortex-dependencies"), "component", "tag"),
    (("relationships", "DEPENDS_ON"), "component", ""),
)


def declared(service: Service) -> Listing | None:
    """What the descriptor lists, None where it says nothing of dependencies."""
    document = service.document
    if document is None or not isinstance(document.data, Map):
        return None
    first: tuple[str, int] | None = None
    found: list[Dependency] = []
    for keys, kind, name in _FIELDS:
        value = document.get(*keys)
        if isinstance(value, str) and value.strip():
            value_line = document.line_of(*keys)
            value = Seq(value_line)
            value.append(document.get(*keys))
            value.lines.append(value_line)
        if isinstance(value, Seq):
            first = first or (".".join(keys), document.line_of(*keys))
            found += _entries(value, document, keys[-1], kind, name, service.ref.namespace)
    if first is None:
        return None
    return Listing(document.path, first[0], first[1], tuple(found))


def _entries(
    listed: Seq, document: Document, field: str, kind: str, name: str, namespace: str
) -> Iterator[Dependency]:
    for number, item in enumerate(listed[:_MAX]):
        written = _written(item, name)
        line = listed.lines[number] if number < len(listed.lines) else document.line
        yield Dependency(written, parse_ref(written, kind, namespace), field, document.path, line)


def _written(item: Any, name: str) -> str:
    if isinstance(item, Map):
        item = item.get(name or "name")
    return item.strip() if isinstance(item, str) else ""
