"""What a repository declares: its entities, and the services among them, each with its folder.

Descriptors are found by name in any folder, and followed through `Location` targets inside the repository.
A repository without a usable one still is a service, undeclared, as far as its files tell what it is.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from typing import NamedTuple

from catalog import folders
from catalog.aside import aside_folder, in_skeleton
from catalog.descriptors import Format, Nameless, Reading, Target, formats
from catalog.entity import Entity
from catalog.inference import infer, inferred_type
from catalog.problem import Problem
from catalog.ref import Ref, slug
from catalog.regex import regex
from catalog.service import UNDEPLOYED, Service
from catalog.service_type import type_of_word
from catalog.snapshot import Snapshot

MAX_DESCRIPTORS = 500
MAX_ENTITIES = 5_000
_ENDINGS = (".yaml", ".yml")
_GLOB = regex(r"[*?\[{]")


class Discovery(NamedTuple):
    """What a repository declares; `services` is never empty unless it declares only other entities."""

    entities: tuple[Entity, ...]
    services: tuple[Service, ...]
    problems: tuple[Problem, ...]


def discover(snapshot: Snapshot) -> Discovery:
    """Read every descriptor of a repository. Never raises for what the repository holds."""
    search = _Search(snapshot)
    search.run(_descriptors(snapshot))
    services = list(_services(snapshot, search.entities))
    taken = {str(service.ref) for service in services}
    for service in _broken(snapshot, search):
        if str(service.ref) not in taken and service.path not in {s.path for s in services}:
            taken.add(str(service.ref))
            services.append(service)
    if not services:
        services += _undeclared(snapshot, declares=bool(search.entities))
    return Discovery(tuple(search.entities.values()), _with_neighbours(services), tuple(search.problems))


def descriptor_paths(snapshot: Snapshot) -> tuple[str, ...]:
    """The files that `discover` reads, in its order."""
    search = _Search(snapshot)
    search.run(_descriptors(snapshot))
    return tuple(search.read)


class _Candidate(NamedTuple):
    path: str
    format: Format
    certain: bool


@cache
def _by_file() -> dict[str, Format]:
    return {name: form for form in formats().values() for name in form.FILES}


@cache
def _by_folder() -> dict[str, Format]:
    return {name: form for form in formats().values() for name in form.FOLDERS}


def _descriptors(snapshot: Snapshot) -> list[_Candidate]:
    """Files that are descriptors by their names, those nearest to the root first."""
    by_file, by_folder = _by_file(), _by_folder()
    found = []
    for path in snapshot.files:
        if not path.endswith(_ENDINGS):
            continue
        folder, _, name = path.rpartition("/")
        if name in by_file:
            found.append(_Candidate(path, by_file[name], True))
        elif (holder := folder.rpartition("/")[2]) in by_folder:
            found.append(_Candidate(path, by_folder[holder], False))
    own = [c for c in found if aside_folder(c.path) is None and not _of_template(snapshot, c.path)]
    if not own and found and _only_examples(snapshot):
        own = [c for c in found if not in_skeleton(c.path) and not _of_template(snapshot, c.path)]
    return sorted(own, key=lambda c: (c.path.count("/"), not c.certain, c.path))


def _only_examples(snapshot: Snapshot) -> bool:
    """Whether the repository is made of examples, so that they are what it has to declare."""
    return all("/" not in path or path[0] == "." or aside_folder(path) for path in snapshot.files)


def _of_template(snapshot: Snapshot, path: str) -> bool:
    """Whether a file stands below a Backstage template's own file, so that it is part of what is rendered."""
    folder = posixpath.dirname(posixpath.dirname(path))
    while True:
        for name in ("template.yaml", "template.yml"):
            candidate = posixpath.join(folder, name)
            if candidate in snapshot and "/" in path and posixpath.dirname(path) != folder:
                data = snapshot.parsed(candidate).documents
                if any(
                    d.get("kind") == "Template" and "scaffolder" in str(d.get("apiVersion")) for d in data
                ):
                    return True
        if not folder:
            return False
        folder = posixpath.dirname(folder)


@dataclass
class _Search:
    """The state of one search: files are read once each, in order, targets after what named them."""

    snapshot: Snapshot
    entities: dict[str, Entity] = field(default_factory=dict)
    broken: list[tuple[str, Nameless]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def run(self, queue: list[_Candidate]) -> None:
        """Read these files and all that they lead to."""
        for candidate in queue:
            if len(self._seen) >= MAX_DESCRIPTORS or len(self.entities) >= MAX_ENTITIES:
                message = (
                    f"More than {MAX_DESCRIPTORS} descriptors or {MAX_ENTITIES:,} entities, not all read."
                )
                self.problems.append(Problem("limit", message, candidate.path))
                return
            path = self.snapshot.resolve(candidate.path) or candidate.path
            if path in self._seen:
                continue
            self._seen.add(path)
            reading = self._read(candidate)
            for target in reading.targets:
                # The queue grows while it is walked: targets are read after what is already in it.
                queue.extend(self._follow(candidate, target))

    def _read(self, candidate: _Candidate) -> Reading:
        path = candidate.path
        self.read.append(path)
        text = self.snapshot.text(path)
        if text is None:
            reason = self.snapshot.problems.get(path, "not there")
            self.problems.append(Problem("unreadable", f"The descriptor cannot be read: {reason}.", path))
            self.broken.append((path, Nameless(None, 1)))
            return Reading()
        reading = candidate.format.read(self.snapshot.parsed(path), text, path, certain=candidate.certain)
        self.problems += reading.problems
        self.broken += ((path, nameless) for nameless in reading.broken)
        if candidate.certain and not (reading.entities or reading.broken or reading.problems):
            self.problems.append(
                Problem("schema", "The descriptor declares nothing. Write an entity.", path, 1)
            )
        for entity in reading.entities:
            first = self.entities.setdefault(str(entity.ref), entity)
            if first is not entity:
                message = (
                    f"`{entity.ref}` is declared here and in `{first.path}` line {first.line}."
                    " The first is kept: rename one of the two."
                )
                line = entity.document.line_of("metadata", "name")
                self.problems.append(Problem("conflict", message, path, line))
        return reading

    def _follow(self, source: _Candidate, target: Target) -> Iterator[_Candidate]:
        path = _inside(self.snapshot, target.target)
        if path is None and "://" in target.target:
            return  # another repository, or none
        if path is None:
            path = posixpath.normpath(posixpath.join(posixpath.dirname(source.path), target.target))
        if path.startswith(("..", "/")):
            message = f"`{target.target}` leads out of the repository. Name a file in it."
            self.problems.append(Problem("reference", message, source.path, target.line))
            return
        if _GLOB.search(path) and path not in self.snapshot:
            found = folders.matching(self.snapshot, path)
        else:
            found = [path] if path in self.snapshot else []
        if not found and target.required:
            message = f"`{target.target}` leads to no file of this repository. Name one that is there."
            self.problems.append(Problem("reference", message, source.path, target.line))
        for file in found:
            yield _Candidate(file, source.format, True)


def _inside(snapshot: Snapshot, address: str) -> str | None:
    """The path of a file in this repository that an address on a code host names."""
    found = re.match(
        r"https?://[^/]+/(?P<repository>.+?)/(?:-/)?(?:blob|raw|tree|src)/(?P<rest>.+)\Z", address
    )
    if found is None or not _same_name(found["repository"], snapshot.name):
        return None
    parts = found["rest"].split("?")[0].split("/")
    paths = ("/".join(parts[start:]) for start in range(1, len(parts)))
    return next((path for path in paths if path in snapshot), None)


def _same_name(one: str, other: str) -> bool:
    return _last(one).lower() == _last(other).lower()


def _last(name: str) -> str:
    return name.rstrip("/").rpartition("/")[2].removesuffix(".git")


def _services(snapshot: Snapshot, entities: dict[str, Entity]) -> Iterator[Service]:
    components = [e for e in entities.values() if e.ref.kind == "component"]
    for entity in components:
        beside = sum(1 for e in components if e.path == entity.path)
        path = folders.of_component(snapshot, entity, alone=beside == 1)
        yield Service(
            ref=entity.ref,
            type=_type(snapshot, entity, path),
            path=path,
            declared_type=entity.type,
            title=entity.title,
            description=entity.description,
            lifecycle=entity.lifecycle,
            owner=entity.owner,
            system=entity.system,
            tags=entity.tags,
            annotations=entity.annotations,
            links=entity.links,
            document=entity.document,
        )


def _type(snapshot: Snapshot, entity: Entity, path: str) -> str:
    known = type_of_word(entity.type)
    if known is not None:
        return known
    inferred = inferred_type(snapshot, path)
    if entity.type is None:
        return inferred
    return "service" if inferred in ("service", "worker") else "static-site"


def _broken(snapshot: Snapshot, search: _Search) -> Iterator[Service]:
    """A service for each descriptor that means to declare one and cannot be used, by the name it has."""
    for path, nameless in search.broken:
        folder = folders.of_descriptor(path)
        name = nameless.name or slug(folder.rpartition("/")[2]) or undeclared_name(snapshot)
        yield _inferred(snapshot, name, folder)


def _undeclared(snapshot: Snapshot, *, declares: bool) -> Iterator[Service]:
    service = _inferred(snapshot, undeclared_name(snapshot), "")
    if not declares or service.type not in UNDEPLOYED:
        yield service


def _inferred(snapshot: Snapshot, name: str, folder: str) -> Service:
    found = infer(snapshot, folder)
    return Service(
        ref=Ref("component", "default", name),
        type=found.type,
        path=folder,
        title=found.title,
        description=found.description,
        language=found.language,
        state="undeclared",
    )


def undeclared_name(snapshot: Snapshot) -> str:
    """The name of an undeclared repository: the last part of its name in its source, without `.git`."""
    last = _last(snapshot.name)
    return slug(last) or f"repository-{sha256(last.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _with_neighbours(services: Iterable[Service]) -> tuple[Service, ...]:
    listed = tuple(services)
    if len(listed) < 2:
        return listed
    return tuple(
        replace(service, neighbours=tuple(sorted({s.path for s in listed if s is not service})))
        for service in listed
    )
