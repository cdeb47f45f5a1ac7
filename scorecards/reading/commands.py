"""Shell text followed to what it runs: make targets, package scripts, tox, nox, just, task, scripts, images.

Depth and number of commands are bounded; what is called and does not exist is recorded.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.calls import Calls
from scorecards.reading.found import Found, Image, Inline, Lost, Script
from scorecards.reading.invocation import join, unwrapped
from scorecards.reading.pipeline import Command
from scorecards.reading.shell import ends_well, split
from scorecards.reading.shell_scanner import Simple
from scorecards.reading.targets import Target, Targets
from scorecards.reading.words import words

MAX_DEPTH = 6
MAX_COMMANDS = 400
"""In one step."""
MAX_TOTAL = 20_000
"""In all pipelines of a repository."""


@dataclass(slots=True)
class Run:
    """What one step has led to so far: its commands, and the names that lead nowhere."""

    commands: list[Command] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    before: str = ""
    """Shell text of the job that ran before: what it fetches or writes is not missing."""
    calls: int = 0


class _Place(NamedTuple):
    """Where a shell text stands and runs. `fixed`: all of it has this one line. `image`: in an image
    that is built, whose files may come from anywhere.
    """

    path: str
    line: int
    folder: str | None
    via: tuple[str, ...]
    enforced: bool = True
    depth: int = 0
    fixed: bool = False
    image: bool = False


class Commands:
    """Follows the calls in one snapshot; made once a snapshot with `snapshot.derive(Commands)`."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.calls = snapshot.derive(Calls)
        self._left = MAX_TOTAL

    def follow(
        self, run: Run, text: str, path: str, line: int, folder: str | None = "", enforced: bool = True
    ) -> None:
        """Add to `run` the commands of a shell text that stands at `line` of `path` and runs in `folder`."""
        self._text(run, text, _Place(path, line, folder, (), enforced))

    def _text(self, run: Run, text: str, place: _Place, arguments: tuple[str, ...] | None = None) -> None:
        script = split(text)
        if script.functions or arguments is not None:
            self._script(run, script.commands, dict(script.functions), place, arguments or ())
        else:
            for simple in script.commands:
                place = self._simple(run, simple, place)

    def _script(
        self,
        run: Run,
        commands: Sequence[Simple],
        functions: dict[str, tuple[Simple, ...]],
        place: _Place,
        arguments: tuple[str, ...],
    ) -> None:
        """Commands of a script: functions run where they are called, `case` branches where they are meant."""
        for simple in commands:
            self._left -= 1
            if self._left < 0:
                return
            if not _chosen(simple, arguments):
                continue
            called = _function_called(simple.text, functions, arguments)
            if called and place.depth < MAX_DEPTH:
                rest = {k: v for k, v in functions.items() if k not in called}
                inner = place._replace(
                    via=(*place.via, f"{called[0]}()"),
                    enforced=place.enforced and simple.enforced,
                    depth=place.depth + 1,
                )
                for name in called:
                    self._script(run, functions[name], rest, inner, arguments)
            else:
                place = self._simple(run, simple, place)

    def _simple(self, run: Run, simple: Simple, place: _Place) -> _Place:
        self._left -= 1
        if len(run.commands) >= MAX_COMMANDS or self._left < 0:
            return place
        text, line = simple.text, place.line + (0 if place.fixed else simple.line)
        parts = unwrapped(words(text))
        if parts and parts[0] in ("cd", "pushd"):
            target = next((p for p in parts[1:] if not p.startswith("-")), "")
            return place._replace(folder=join(place.folder, target))
        enforced = place.enforced and simple.enforced
        if parts and parts[0] in ("make", "gmake") and ("-i" in parts or "--ignore-errors" in parts):
            enforced = False
        if simple.guards and simple.live and self._shut(run, simple.guards, place.folder):
            simple = simple._replace(live=False)
        found: Found = None
        if parts and simple.live and place.depth < MAX_DEPTH and run.calls < MAX_COMMANDS:
            run.calls += 1
            found = self.calls.find(parts, place.folder, run.before)
            if place.image and isinstance(found, Lost):
                found = None
        opened, lost = found is not None and not isinstance(found, Lost), isinstance(found, Lost)
        run.commands.append(
            Command(
                text,
                place.path,
                line,
                place.via,
                place.folder,
                simple.body,
                enforced,
                simple.live,
                opened,
                lost,
            )
        )
        if (
            parts
            and not lost
            and (">" in text or parts[0] not in _MAKES_NOTHING)
            and len(run.before) < 50_000
        ):
            run.before += text[:2000] + "\n"
        if isinstance(found, Lost):
            run.missing.append(found.message)
        elif found is not None:
            self._enter(run, found, place, text, line, enforced)
        return place

    def _shut(self, run: Run, guards: tuple[str, ...], folder: str | None) -> bool:
        """Whether a block waits for a file that the repository does not have and nothing makes."""
        for guard in guards:
            found = _FILE_TEST.fullmatch(guard.strip())
            if found is None or "$" in found.group(1) or "*" in found.group(1):
                continue
            path = join(folder, found.group(1).strip("\"'"))
            if path is None or path in self.calls.snapshot.files or self.calls.has_folder(path):
                continue
            if found.group(1).rpartition("/")[2] not in run.before:
                return True
        return False

    def _enter(self, run: Run, found: Found, place: _Place, text: str, line: int, enforced: bool) -> None:
        via = (*place.via, _short(text))
        if isinstance(found, Script):
            inner = self.calls.snapshot.text(found.path) or ""
            enforced = enforced and not (ends_well(inner) and " -e" not in text)
            where = _Place(found.path, 1, place.folder, via, enforced, place.depth + 1)
            self._text(run, inner, where, found.arguments)
        elif isinstance(found, Inline):
            enforced = enforced and not (ends_well(found.text) and " -e" not in text)
            self._text(
                run, found.text, _Place(place.path, line, place.folder, via, enforced, place.depth + 1, True)
            )
        elif isinstance(found, Image):
            for piece in found.target.pieces:
                where = _Place(
                    found.target.path, piece.line, found.context, via, enforced, place.depth + 1, True, True
                )
                self._text(run, piece.text, where)
        elif found is not None and not isinstance(found, Lost):
            for targets, target in found:
                self._target(run, targets, target, place, via, enforced, set())

    def _target(
        self,
        run: Run,
        targets: Targets,
        target: Target,
        place: _Place,
        via: tuple[str, ...],
        enforced: bool,
        seen: set[str],
    ) -> None:
        for name in target.needs:
            needed = targets.find(name)
            if needed is not None and name not in seen and len(seen) < 50:
                seen.add(name)
                self._target(run, targets, needed, place, via, enforced, seen)
        base = targets.path.rpartition("/")[0] if targets.path == target.path else place.folder
        for piece in target.pieces:
            inner = _Place(
                target.path, piece.line, base, via, enforced and piece.enforced, place.depth + 1, True
            )
            self._text(run, piece.text, inner)


_FILE_TEST = regex(r"(?:test|\[\[?) +-[efdsxr] +([^ \]]{1,200})(?: +\]\]?)?")


def _chosen(simple: Simple, arguments: tuple[str, ...]) -> bool:
    """Whether a command in a `case` over the script's own arguments runs for these."""
    if not simple.labels or not simple.subject:
        return True
    if not re.search(r"\$\{?[1-9@*]", simple.subject):
        return True
    given = [a for a in arguments if not a.startswith("-")]
    if any("$" in a for a in given):
        return True
    return any(label in arguments or label in ("*", "") for label in simple.labels)


def _function_called(
    text: str, functions: dict[str, tuple[Simple, ...]], arguments: tuple[str, ...]
) -> list[str]:
    if not functions:
        return []
    parts = words(text)
    head = parts[0] if parts else ""
    if head in functions:
        return [head]
    if head == "trap":
        return [f for f in functions if re.search(rf"\b{re.escape(f)}\b", text)][:3]
    if re.match(r"\$\{?[1@*]", head):
        return [a for a in arguments[:1] if a in functions]
    inner = re.search(r"\$\(\s*([\w-]+)", text)
    return [inner.group(1)] if inner and inner.group(1) in functions else []


_MAKES_NOTHING = frozenset(("chmod", "ls", "cat", "test", "[", "[[", "echo", "stat", "file", "bash", "sh"))


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
