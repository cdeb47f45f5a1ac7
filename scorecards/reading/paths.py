"""A repository's paths sorted once by what their names end with, so that each reader looks at few."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from catalog.snapshot import Snapshot

_NEVER = ("node_modules/", "bower_components/", "site-packages/", "/.terraform/", ".venv/", ".m2/")


class Paths(NamedTuple):
    """Paths by their last extension and by their file's name, both in lower case, each in git's order."""

    by_ending: Mapping[str, list[str]]
    by_name: Mapping[str, list[str]]

    def ending(self, *endings: str) -> Iterator[str]:
        """Paths with one of these extensions, one extension after the other."""
        for ending in endings:
            yield from self.by_ending.get(ending, ())

    def named(self, *names: str) -> Iterator[str]:
        """Paths whose file has one of these names."""
        for name in names:
            yield from self.by_name.get(name, ())

    def holding(self, word: str) -> Iterator[str]:
        """Paths whose file has a name that holds this word."""
        for name, found in self.by_name.items():
            if word in name:
                yield from found


def paths(snapshot: Snapshot) -> Paths:
    """All paths but those of installed packages; made once a snapshot."""
    return snapshot.derive(_sort)


def _sort(snapshot: Snapshot) -> Paths:
    by_ending: dict[str, list[str]] = defaultdict(list)
    by_name: dict[str, list[str]] = defaultdict(list)
    for path in snapshot.files:
        # The usual path has none of these parts, and is not searched for each of the folders.
        odd = "_modules/" in path or "components/" in path or "packages/" in path or "/." in path
        if odd and any(folder in path for folder in _NEVER):
            continue
        name = path[path.rfind("/") + 1 :].lower()
        by_name[name].append(path)
        by_ending[name[name.rfind(".") + 1 :]].append(path)
    return Paths(dict(by_ending), dict(by_name))
