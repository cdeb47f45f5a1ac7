"""Load tests of every tool: scripts, plans, objects of a cluster, commands that are a test by themselves."""

import posixpath
from collections.abc import Iterator
from fnmatch import fnmatch
from typing import NamedTuple

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.flaw import Flaw
from scorecards.reading.invocation import join
from scorecards.reading.load import Load, Start, named
from scorecards.reading.loads import cluster, code, plans
from scorecards.reading.loads.starts import starts
from scorecards.reading.loads.tools import SCRIPTS
from scorecards.reading.paths import paths
from scorecards.result import Status

_VARIABLE = regex(r"^[\"']?\$\{?\w+\}?[\"']?/")
_MAX = 500
_MAX_FILES = 400
_CODE = ("js", "ts", "mjs", "py", "scala", "java", "kt", "cs", "fs", "go")
_PLANS = ("jmx", "yml", "yaml", "json")


class Tested(NamedTuple):
    """A load test with everything that starts it."""

    load: Load
    starts: tuple[Start, ...]


def tests(snapshot: Snapshot) -> tuple[Tested, ...]:
    """Every load test of the repository, sound, weak and hollow; made once a snapshot."""
    return snapshot.derive(_read)


def _read(snapshot: Snapshot) -> tuple[Tested, ...]:
    begun = starts(snapshot)
    found = list(_scripts(snapshot, begun))
    by_path: dict[str, list[Load]] = {}
    for load in found:
        by_path.setdefault(load.path, []).append(load)
    made: dict[int, list[Start]] = {}
    alone: list[Tested] = []
    for start in begun:
        meant = _meant(snapshot, start, found, by_path)
        for load in meant:
            made.setdefault(id(load), []).append(start)
        if not meant and not start.lost:
            alone.append(Tested(_of_start(start), (start,)))
    together = [Tested(load, tuple(made.get(id(load), ()))) for load in found]
    return tuple((together + alone)[:_MAX])


def _scripts(snapshot: Snapshot, begun: tuple[Start, ...]) -> Iterator[Load]:
    seen: set[str] = set()
    called = [p for start in begun for p in _called(snapshot, start)]
    for path in (*called, *named(snapshot, *_CODE, *_PLANS)):
        if path in seen or len(seen) > _MAX_FILES:
            continue
        seen.add(path)
        if path.endswith((".yml", ".yaml")):
            yield from cluster.read(snapshot, path)
        yield from plans.read(snapshot, path) if path.endswith(_PLANS) else code.read(snapshot, path)


def _called(snapshot: Snapshot, start: Start) -> Iterator[str]:
    """Files of the repository that a start names: from its folder, else by the name alone (a mount)."""
    for name in start.names:
        if "*" in name and "$" not in name:
            pattern = posixpath.normpath(posixpath.join(start.folder or "", name)).replace("**/", "*")
            yield from [p for p in _ending(snapshot, name) if fnmatch(p, pattern)][:50]
            continue
        path = join(start.folder, name)
        if path is not None and path in snapshot:
            yield path
            continue
        alike = paths(snapshot).by_name.get(posixpath.basename(name).lower(), ())
        rest = _VARIABLE.sub("", name)  # `$HERE/load/pay.js`
        if "$" in name and "$" not in rest:
            alike = [p for p in alike if p == rest or p.endswith(f"/{rest}")]
        if "$" not in rest and len(alike) == 1:
            yield alike[0]


def _ending(snapshot: Snapshot, name: str) -> Iterator[str]:
    return paths(snapshot).ending(name.rpartition(".")[2].lower())


def _meant(snapshot: Snapshot, start: Start, found: list[Load], by_path: dict[str, list[Load]]) -> list[Load]:
    """The load tests that a start is for: those it names, else all of its tool below where it runs."""
    exact = [x for p in _called(snapshot, start) for x in by_path.get(p, ()) if x.tool == start.tool]
    bases = {posixpath.basename(n) for n in start.names}
    if not exact and start.folder is None and bases:  # a script in a ConfigMap
        exact = [x for x in found if x.tool == start.tool and x.path.endswith((".yml", ".yaml"))]
    plain = [n for n in start.names if n.endswith(SCRIPTS.get(start.tool, ("\n",))) and "$" not in n]
    if exact or (plain and start.tool != "Gatling") or start.lost:
        return exact
    folder = f"{start.folder}/" if start.folder else ""
    alike = [x for x in found if x.tool == start.tool]
    if start.tool == "Gatling":  # it names classes
        alike = [x for x in alike if posixpath.basename(x.path).partition(".")[0] in start.text] or alike
    return [x for x in alike if x.path.startswith(folder)] or alike


def _of_start(start: Start) -> Load:
    """A start whose script is not at hand: for some tools the command is the whole test."""
    flaws: tuple[Flaw, ...] = ()
    if start.tool in SCRIPTS and not start.by_hand:
        flaws = (Flaw(Status.UNKNOWN, "the script that it runs is not here"),)
    return Load(start.tool, start.path, start.line, None, start.text, flaws)
