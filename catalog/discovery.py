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
from catalog.descriptors import Format, Nameless, Reading, Target, format_of, formats
from catalog.document import Parsed
from catalog.entity import Entity
from catalog.inference import infer, inferred_type
from catalog.linking import link
from catalog.merging import merge
from catalog.problem import Problem
from catalog.ref import Ref, slug
from catalog.regex import regex
from catalog.service import UNDEPLOYED, Service
from catalog.service_type import type_of_word
from catalog.snapshot import Snapshot
from catalog.translation import TYPE

MAX_DESCRIPTORS = 500
MAX_ENTITIES = 5_000
_ENDINGS = (".yaml", ".yml")
NATIVE = "backstage"
_FOR_THE_WHOLE = frozenset({"repository", "repo"})
"""Words for a component that say only that it has a repository."""
_GLOB = regex(r"[*?\[{]")


class Discovery(NamedTuple):
    """What a repository declares; `services` is never empty unless it declares only other entities."""

    entities: tuple[Entity, ...]
    services: tuple[Service, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()
    """What is worth knowing of its descriptors and is no mistake."""


def discover(snapshot: Snapshot) -> Discovery:
    """Read every descriptor of a repository. Never raises for what the repository holds."""
    search = _Search(snapshot)
    search.run(_descriptors(snapshot))
    merged = merge(search.declared, search.whole, undeclared_name(snapshot))
    entities = link(merged.entities)
    problems = [*search.problems, *merged.problems]
    foreign = (e for e in entities.values() if e.sources or e.form != NATIVE)
    problems += (p for e in foreign for p in e.problems if p not in problems)
    services = list(_services(snapshot, entities))
    taken = {str(service.ref) for service in services}
    for service in _broken(snapshot, search):
        if str(service.ref) not in taken and service.path not in {s.path for s in services}:
            taken.add(str(service.ref))
            services.append(service)
    if not services:
        services += _undeclared(snapshot, declares=bool(entities))
    notes = (*search.notes, *merged.notes)
    return Discovery(tuple(entities.values()), _with_neighbours(services), tuple(problems), notes)


def descriptor_paths(snapshot: Snapshot) -> tuple[str, ...]:
    """The files that `discover` reads, in its order."""
    search = _Search(snapshot)
    search.run(_descriptors(snapshot))
    return tuple(search.read)


class _Candidate(NamedTuple):
    """A file to look at; `format` is None where its content decides which one it is in."""

    path: str
    format: Format | None

    @property
    def certain(self) -> bool:
        return self.format is not None


@cache
def _by_file() -> dict[str, Format | None]:
    """By name the format that such a file is certainly in, None where it may be in several or none."""
    return {
        name: form if form.CERTAIN else None for form in formats().values() for name in sorted(form.FILES)
    }


@cache
def _in_folder() -> frozenset[str]:
    return frozenset(name for form in formats().values() for name in form.FOLDERS)


def _descriptors(snapshot: Snapshot) -> list[_Candidate]:
    """Files that are descriptors by their names, those nearest to the root first."""
    by_file, in_folder = _by_file(), _in_folder()
    found = []
    for path in snapshot.files:
        if not path.endswith(_ENDINGS):
            continue
        folder, _, name = path.rpartition("/")
        if name in by_file:
            found.append(_Candidate(path, by_file[name]))
        elif "." in folder and not in_folder.isdisjoint(folder.split("/")):
            found.append(_Candidate(path, None))
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
    declared: list[Entity] = field(default_factory=list)
    whole: list[Entity] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    broken: list[tuple[str, Nameless]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def run(self, queue: list[_Candidate]) -> None:
        """Read these files and all that they lead to."""
        for candidate in queue:
            if len(self._seen) >= MAX_DESCRIPTORS or len(self.declared) >= MAX_ENTITIES:
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
        text = self.snapshot.text(path)
        if text is None and candidate.certain:
            reason = self.snapshot.problems.get(path, "not there")
            self.problems.append(Problem("unreadable", f"The descriptor cannot be read: {reason}.", path))
            self.broken.append((path, Nameless(None, 1)))
            self.read.append(path)
            return Reading()
        readings = self._readings(candidate, text or "")
        if readings:
            self.read.append(path)
        else:
            self.notes.append(Problem("note", "No descriptor: it has the marks of no known format.", path))
        for reading in readings:
            self.problems += reading.problems
            self.notes += reading.notes
            self.broken += ((path, nameless) for nameless in reading.broken)
            self.declared += reading.entities
            self.whole += reading.whole
            if candidate.certain and not (reading.entities or reading.broken or reading.problems):
                message = "The descriptor declares nothing. Write an entity."
                self.problems.append(Problem("schema", message, path, 1))
        return readings[0] if len(readings) == 1 else Reading()

    def _readings(self, candidate: _Candidate, text: str) -> list[Reading]:
        """What a file declares in each format that it has documents in."""
        path, parsed = candidate.path, self.snapshot.parsed
        if candidate.format is not None:
            return [candidate.format.read(parsed(path), text, path, certain=True)]
        marked = [form for form in formats().values() if form.MARK.search(text)]
        if not marked:
            return []
        whole = parsed(path)
        claimed = [(format_of(document), document) for document in whole.documents]
        forms = [form for form in formats().values() if any(form is f for f, _ in claimed)]
        if not forms and whole.errors:
            # Of a text that is no YAML the name tells what it was meant as.
            name = path.rpartition("/")[2]
            forms = [form for form in marked if name in form.FILES or name not in _by_file()][:1]
        readings = []
        for form in forms:
            own = tuple(document for f, document in claimed if f is form)
            errors = whole.errors if form is forms[0] else ()
            readings.append(form.read(Parsed(own, errors), text, path, certain=False))
        return readings

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
            yield _Candidate(file, source.format or formats()[NATIVE])


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
        alone = beside == 1 and entity.path.rpartition("/")[2] in _by_file()
        path = folders.of_component(snapshot, entity, alone=alone)
        said = entity.description
        if said is None and entity.type in _FOR_THE_WHOLE:
            said = infer(snapshot, path).description
        yield Service(
            ref=entity.ref,
            type=_type(snapshot, entity, path),
            path=path,
            declared_type=entity.type,
            title=entity.title,
            description=said,
            lifecycle=entity.lifecycle,
            owner=entity.owner,
            system=entity.system,
            tags=entity.tags,
            annotations=entity.annotations,
            links=entity.links,
            document=entity.document,
        )


def _type(snapshot: Snapshot, entity: Entity, path: str) -> str:
    if entity.type in _FOR_THE_WHOLE:
        return inferred_type(snapshot, path)
    known = type_of_word(entity.annotations.get(TYPE) or entity.type)
    if known is not None:
        return known
    inferred = inferred_type(snapshot, path)
    if entity.type is None:
        return inferred
    return "service" if inferred in ("service", "worker") else "static-site"


def _broken(snapshot: Snapshot, search: _Search) -> Iterator[Service]:
    """A service for each descriptor that means to declare one and cannot be used, by the name it has."""
    made: dict[str, Service] = {}  # a file may hold thousands, all in one folder
    for path, nameless in search.broken:
        folder = folders.of_descriptor(path)
        name = nameless.name or slug(folder.rpartition("/")[2]) or undeclared_name(snapshot)
        if folder not in made:
            made[folder] = _inferred(snapshot, name, folder)
        yield replace(made[folder], ref=Ref("component", "default", name))


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
