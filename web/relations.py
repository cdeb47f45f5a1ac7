"""Relations as people say them, each from both its ends."""

from collections.abc import Iterable
from dataclasses import dataclass

from web.queries.service import RelationRow

_WORDS = {
    "ownedBy": ("Owner", "Owns"),
    "ownerOf": ("Owns", "Owner"),
    "dependsOn": ("Needs", "Needed by"),
    "dependencyOf": ("Needed by", "Needs"),
    "consumesApi": ("Uses API", "Used by"),
    "apiConsumedBy": ("Used by", "Uses API"),
    "providesApi": ("Provides API", "Provided by"),
    "apiProvidedBy": ("Provided by", "Provides API"),
    "partOf": ("Part of", "Parts"),
    "hasPart": ("Parts", "Part of"),
    "memberOf": ("Member of", "Members"),
    "hasMember": ("Members", "Member of"),
    "parentOf": ("Children", "Child of"),
    "childOf": ("Child of", "Children"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """All relations of one kind in one direction; `weakest` is the need of the lowest stage."""

    label: str
    rows: list[RelationRow]
    weakest: RelationRow | None = None


def label_of(row: RelationRow) -> str:
    """What a relation is called at the end it is seen from."""
    here, there = _WORDS.get(row.type, (row.type, f"{row.type}, said by"))
    return here if row.outgoing else there


def grouped(rows: Iterable[RelationRow]) -> list[Group]:
    """Relations by what they are called, each other end once; what is said at both ends is one."""
    groups: dict[str, dict[str, RelationRow]] = {}
    for row in rows:
        groups.setdefault(label_of(row), {}).setdefault(row.ref, row)
    return [
        Group(label, [*found.values()], _weakest(label, found.values())) for label, found in groups.items()
    ]


def _weakest(label: str, rows: Iterable[RelationRow]) -> RelationRow | None:
    staged = [row for row in rows if row.stage is not None]
    if label != "Needs" or len(staged) < 2:
        return None
    return min(staged, key=lambda row: (row.stage or 0, row.ref))
