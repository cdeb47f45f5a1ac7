"""The other repositories of a catalog, each opened when it is asked for first.

Evidence may stand in another repository, and so may the workflow that a pipeline calls. A name is that of the
catalog (`shop/alerts`), its last part alone, or owner and name at the host where the repository comes from.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from catalog.regex import regex
from catalog.snapshot import Snapshot, Unreadable

_MOST_OPEN = 16
_PARTS = regex(r"[/:\\]")


class Place(NamedTuple):
    """A repository that may be opened; `commit` is None where HEAD has to be looked up."""

    name: str
    location: str
    commit: str | None


class Beside(Mapping[str, Snapshot]):
    """Snapshots by name; one that cannot be opened, or that a name does not mean alone, is not there."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = tuple(places)
        self._by_last: dict[str, list[Place]] = {}
        for place in self._places:
            self._by_last.setdefault(_last(place.name), []).append(place)
        self._open: dict[str, Snapshot | None] = {}

    def __getitem__(self, name: str) -> Snapshot:
        found = self._find(_plain(name))
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return (place.name for place in self._places)

    def __len__(self) -> int:
        return len(self._places)

    def _find(self, name: str) -> Snapshot | None:
        candidates = self._by_last.get(_last(name), [])
        exact = [place for place in candidates if place.name.lower() == name]
        if len(exact) == 1:
            return self._opened(exact[0])
        meant = [place for place in candidates if "/" not in name or _may_be(place, name)]
        return self._opened(meant[0]) if len(meant) == 1 else None

    def _opened(self, place: Place) -> Snapshot | None:
        from catalog.trees.commit import commit_snapshot

        if place.location not in self._open:
            if len(self._open) >= _MOST_OPEN:
                del self._open[next(iter(self._open))]
            try:
                opened = commit_snapshot(Path(place.location), place.name, place.commit)
            except (Unreadable, KeyError, ValueError):
                opened = None
            self._open[place.location] = opened
        return self._open[place.location]


class Named(Mapping[str, Snapshot]):
    """Snapshots that were given by name, and what is beside them."""

    def __init__(self, given: Mapping[str, Snapshot], others: Mapping[str, Snapshot]) -> None:
        self._given = {_plain(name): snapshot for name, snapshot in given.items()}
        self._others = others

    def __getitem__(self, name: str) -> Snapshot:
        plain = _plain(name)
        if plain in self._given:
            return self._given[plain]
        meant = [s for known, s in self._given.items() if _last(known) == _last(plain)]
        alone = len(meant) == 1 and ("/" not in plain or not any("/" in known for known in self._given))
        return meant[0] if alone else self._others[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._given
        yield from (name for name in self._others if _plain(name) not in self._given)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _plain(name: str) -> str:
    return name.strip().removesuffix(".git").lower()


def _last(name: str) -> str:
    return name.lower().rpartition("/")[2]


def _may_be(place: Place, name: str) -> bool:
    """Whether a repository is `owner/name`: its origin says so, or nothing tells whose it is."""
    from catalog.trees.commit import open_repository, origin_of

    if "/" in place.name:
        return place.name.lower().endswith(f"/{name}")
    try:
        origin = origin_of(open_repository(Path(place.location)))
    except Unreadable:
        return False
    if origin is None:
        return True
    parts = _PARTS.split(origin.strip().rstrip("/").removesuffix(".git").lower())
    return "/".join(parts).endswith(f"/{name}")
