"""Excerpts of evidence: a few lines around each place that a check names, grouped by file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.snapshot import Snapshot, Unreadable
from web.repository import named_snapshot
from web.untrusted import shown

_BEFORE, _AFTER = 2, 1
_WIDTH = 300
_MOST = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One numbered line; `hit` where a check points to it."""

    number: int
    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines of one file with what was seen there; `absent` says why there are none to show."""

    path: str
    line: int | None
    note: str
    lines: tuple[Line, ...] = ()
    absent: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """The repository and commit that excerpts are read from."""

    location: str
    name: str
    commit: str | None


def read_excerpts(source: Source, evidence: Iterable[Sequence[Mapping[str, Any]]]) -> list[list[Excerpt]]:
    """The excerpts of each group of evidence, each a `path`, `line` and `note` of a result."""
    groups = [[_place(e) for e in group][:_MOST] for group in evidence]
    paths = [path for group in groups for path, _, _ in group]
    if not paths:
        return [[] for _ in groups]
    try:
        snapshot = named_snapshot(source.location, source.name, source.commit, paths)
    except Unreadable as error:
        absent = f"The repository cannot be read at present: {error}."
        return [[Excerpt(path, line, note, absent=absent) for path, line, note in group] for group in groups]
    return [_excerpts(snapshot, group) for group in groups]


def _place(evidence: Mapping[str, Any]) -> tuple[str, int | None, str]:
    line = evidence.get("line")
    return (
        str(evidence.get("path", "")),
        line if isinstance(line, int) else None,
        str(evidence.get("note", "")),
    )


def _excerpts(snapshot: Snapshot, places: list[tuple[str, int | None, str]]) -> list[Excerpt]:
    found: list[Excerpt] = []
    for path in dict.fromkeys(path for path, _, _ in places):
        here = [(line, note) for other, line, note in places if other == path]
        lines = sorted({line for line, _ in here if line is not None})
        if not lines:
            found.append(_excerpt(snapshot, path, [], [note for _, note in here]))
        for run in _runs(lines):
            notes = [note for line, note in here if line in run or (line is None and run[0] == lines[0])]
            found.append(_excerpt(snapshot, path, run, notes))
    return found


def _runs(lines: list[int]) -> list[list[int]]:
    """Lines whose surroundings touch belong together."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line - runs[-1][-1] <= _BEFORE + _AFTER + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _excerpt(snapshot: Snapshot, path: str, hits: list[int], notes: list[str]) -> Excerpt:
    note = "; ".join(dict.fromkeys(note for note in notes if note))
    first = hits[0] if hits else None
    text = snapshot.text(path)
    if text is None:
        why = snapshot.problems.get(path, "it is not in this commit")
        return Excerpt(path, first, note, absent=f"The file cannot be shown: {why}.")
    all_lines = text.split("\n")
    if all_lines[-1:] == [""]:
        all_lines.pop()
    start, end = (hits[0] - _BEFORE, hits[-1] + _AFTER) if hits else (1, 4)
    numbers = range(max(1, start), min(end, len(all_lines)) + 1)
    lines = tuple(Line(n, cut(all_lines[n - 1]), n in hits) for n in numbers)
    return Excerpt(path, first, note, lines, "" if lines else "The file is empty or ends before that line.")


def cut(text: str) -> str:
    """A line as pages show it: bounded, masked, nothing invisible."""
    short = text if len(text) <= _WIDTH else text[:_WIDTH] + " …"
    return shown(short)
