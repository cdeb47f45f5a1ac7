"""Bringing remote repositories here while others are read: listed, fetched or left as they are, then given.

They are given in the order of the list, so that the first of two claims to a name is always the same one; but
nobody waits for a late one for long.
"""

import queue
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self
from urllib.parse import urlsplit

from catalog.hosts import Group, Listed, host_of
from catalog.remotes import note
from catalog.remotes.address import Address, BadAddress, host_folder, parse
from catalog.remotes.fetching import Fetched, Fetching, Wanted
from catalog.remotes.mirror import Mirrors, point
from catalog.remotes.note import Note
from catalog.sources import Found, quick_head

if TYPE_CHECKING:
    from catalog.hosts.listing import Listing

_MOST = 250
"""Repositories given at a time."""
_PATIENCE = 5.0
"""Seconds without anything to give, after which what is here is given before what is late."""
_LOOK = 0.2


class Given(NamedTuple):
    """Repositories to read, and those that could not be brought here, each with the reason."""

    found: list[Found]
    failed: list[tuple[Found, str]]


class Gathering:
    """The remote sources of a crawl. `complete` are the groups whose list is of today."""

    def __init__(self, addresses: Sequence[Address], groups: Sequence[Group], mirrors: Mirrors) -> None:
        self.problems: list[tuple[str, str]] = []
        self.complete: set[str] = set()
        self._addresses, self._groups, self._mirrors = addresses, groups, mirrors
        self._fetching = Fetching(mirrors)
        self._listings: queue.SimpleQueue[tuple[Group, Listing]] = queue.SimpleQueue()
        self._unlisted = 0
        self._order: list[Path] = []
        self._here: dict[Path, Fetched] = {}
        self._keys: set[str] = set()
        self._of: dict[str, Wanted] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._fetching.close()

    def start(self) -> None:
        """Begin to list and to fetch, in threads of their own."""
        if self._addresses or self._groups:
            self._mirrors.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for group in self._groups:
            self._unlisted += 1
            Thread(target=self._list, args=(group,), daemon=True).start()
        for address in sorted({a.key: a for a in self._addresses}.values(), key=lambda a: (a.name, a.key)):
            self._keys.add(address.key.lower())
            self._want(Wanted(address.name, address, self._mirrors.root / address.folder))

    @property
    def known(self) -> int:
        """Of how many remote repositories it is known by now that they are wanted."""
        return len(self._of)

    def batches(self) -> Iterator[Given]:
        """Each remote repository once, when it is here or will not come."""
        given, last = 0, time.monotonic()
        while self._unlisted or given < len(self._order) or self._here:
            self._take(given)
            ready = 0
            while given + ready < len(self._order) and self._order[given + ready] in self._here:
                ready += 1
            late = time.monotonic() - last > _PATIENCE
            if ready >= _MOST or (ready and (late or self._complete(given))):
                folders = self._order[given : given + min(ready, _MOST)]
            elif self._here and late:
                folders = [f for f in self._order[given:] if f in self._here][:_MOST]
            else:
                continue
            chosen = set(folders)
            self._order[given:] = folders + [f for f in self._order[given:] if f not in chosen]
            given, last = given + len(folders), time.monotonic()
            yield self._give([self._here.pop(folder) for folder in folders])

    def again(self, locations: Sequence[str]) -> Given:
        """Make the mirrors at these locations anew, since what they hold is damaged."""
        for location in locations:
            self._fetching.add(self._of[location]._replace(anew=True))
        given = self._give([self._fetching.results.get() for _ in locations])
        failed = [(f, f"objects of its mirror are missing or broken, and {why}") for f, why in given.failed]
        return given._replace(failed=failed)

    def belongs(self, location: str) -> bool:
        """Whether the mirror there was listed before by a group whose list is of today."""
        held = note.read(Path(location)) if location.startswith(f"{self._mirrors.root}/") else None
        return held is not None and not self.complete.isdisjoint(held.groups)

    def _complete(self, given: int) -> bool:
        return not self._unlisted and len(self._here) == len(self._order) - given

    def _take(self, given: int) -> None:
        """Take what threads have ready, waiting for it a little."""
        try:
            while True:
                self._listed(*self._listings.get_nowait())
        except queue.Empty:
            pass
        try:
            fetched = self._fetching.results.get(timeout=0 if self._complete(given) else _LOOK)
            while True:
                self._here[fetched.wanted.folder] = fetched
                fetched = self._fetching.results.get_nowait()
        except queue.Empty:
            pass

    def _list(self, group: Group) -> None:
        from catalog.hosts.listing import Listing, listing

        try:
            found = listing(group, self._mirrors.root, self._mirrors.access, self._fetching.stop)
        except Exception as error:  # one host never stops the others; the crawl reports it as a bug
            found = Listing([], 0.0, f"Handrail failed, which is a bug: {type(error).__name__}: {error}")
        self._listings.put((group, found))

    def _listed(self, group: Group, found: "Listing") -> None:
        self._unlisted -= 1
        if found.problem is None:
            self.complete.add(str(group))
        else:
            self.problems.append((str(group), found.problem))
        for repository in found.repositories:
            self._add(group, repository, found)

    def _add(self, group: Group, listed: Listed, found: "Listing") -> None:
        host = host_folder(urlsplit(group.url).netloc.lower())
        folder = self._mirrors.root / host / f"id-{listed.id}.git"
        try:
            address = parse(listed.ssh if group.ssh else listed.https)
            if address.scheme not in ("https", "ssh", urlsplit(group.url).scheme):
                raise BadAddress(f"an address by `{address.scheme}`")
        except BadAddress as error:
            self.problems.append((f"{group}: {listed.name}", f"its host gives {error}"))
            return
        if address.key.lower() in self._keys or str(folder) in self._of:
            return
        settled = found.at - listed.changed > host_of(group).SETTLED_AFTER
        stamp = listed.stamp if settled and found.problem is None else None
        self._want(Wanted(listed.name, address, folder, (str(group),), stamp))

    def _want(self, wanted: Wanted) -> None:
        self._order.append(wanted.folder)
        self._of[str(wanted.folder)] = wanted
        held = note.read(wanted.folder) if wanted.stamp is not None else None
        head = quick_head(str(wanted.folder))
        if held is None or held.stamp != wanted.stamp or held.head != head:
            self._fetching.add(wanted)
            return
        if held.url != wanted.address.url:
            point(wanted.folder, wanted.address)
        self._here[wanted.folder] = Fetched(wanted, head)

    def _give(self, fetched: Sequence[Fetched]) -> Given:
        given = Given([], [])
        for one in fetched:
            wanted = one.wanted
            found = Found(wanted.name, str(wanted.folder), one.head)
            if one.problem is not None:
                given.failed.append((found, one.problem))
                continue
            given.found.append(found)
            told = Note(wanted.address.url, wanted.name, one.head, wanted.groups, wanted.stamp)
            if told != note.read(wanted.folder):
                note.write(wanted.folder, told)
        return given
