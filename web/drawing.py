"""Geometry of the drawings: small ladder, large ladder's rail, sparkline, history of a score."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

SPAN = timedelta(days=90)
YEAR = timedelta(days=365)
_LEAST = 40.0


@dataclass(frozen=True, slots=True)
class Point:
    """A score and a stage that began at a moment; None where there was none."""

    since: datetime
    score: float | None
    stage: int | None


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A stepped line in a box of 56 x 20, and the change over its time."""

    path: str
    end: tuple[float, float]
    change: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A change of stage on the history chart."""

    x: float
    stage: int


@dataclass(frozen=True, slots=True)
class History:
    """A stepped line in a box of 284 x 100 whose plot starts at x 28, with marks where the stage changed."""

    path: str
    end: tuple[float, float]
    marks: tuple[Mark, ...]
    first: Point
    last: Point
    change: float
    from_date: datetime
    to_date: datetime
    days: int


def _at(points: Sequence[Point], moment: datetime) -> Point | None:
    """The point in force at a moment, else the first that follows."""
    before = [p for p in points if p.since <= moment]
    return before[-1] if before else (points[0] if points else None)


def _scored(points: Sequence[Point]) -> list[Point]:
    return sorted((p for p in points if p.score is not None), key=lambda p: p.since)


def sparkline(points: Sequence[Point], now: datetime) -> Sparkline | None:
    """Ninety days of a score, at least 40 points high so that noise stays flat."""
    scored = _scored(points)
    start = now - SPAN
    first = _at(scored, start)
    if first is None:
        return None
    steps = [(max(first.since, start), first.score or 0.0)]
    steps += [(p.since, p.score or 0.0) for p in scored if p.since > steps[0][0]]
    values = [value for _, value in steps]
    low, high = min(values), max(values)
    middle, height = (low + high) / 2, max(high - low, _LEAST)

    def x(when: datetime) -> float:
        return round(2 + 49 * ((when - start) / SPAN), 1)

    def y(value: float) -> float:
        return round(10 - 14 * (value - middle) / height, 1)

    path = f"M2 {y(values[0])}" + "".join(f"H{x(w)}V{y(v)}" for w, v in steps[1:]) + "H51"
    return Sparkline(path, (51, y(values[-1])), values[-1] - values[0])


def history(points: Sequence[Point], now: datetime) -> History | None:
    """The history of a score over a year, or since it is known; None where it never had one."""
    scored = _scored(points)
    if not scored:
        return None
    start = max(scored[0].since, now - YEAR)
    span = max(now - start, timedelta(hours=1))
    first = _at(scored, start) or scored[0]
    steps = [first, *(p for p in scored if p.since > start)]

    def x(when: datetime) -> float:
        return round(28 + 250 * ((max(when, start) - start) / span), 1)

    def y(value: float) -> float:
        return round(8 + 62 * (1 - min(max(value, 0), 100) / 100), 1)

    path = f"M28 {y(steps[0].score or 0)}"
    path += "".join(f"H{x(p.since)}V{y(p.score or 0)}" for p in steps[1:]) + "H278"
    marks: list[Mark] = []
    for old, new in pairwise(steps):
        if new.stage is not None and new.stage != old.stage:
            mark = Mark(x(new.since), new.stage)
            if marks and mark.x - marks[-1].x < 46:  # two captions closer than that would overlap
                marks.pop()
            marks.append(mark)
    last = steps[-1]
    recent = _at(scored, now - SPAN) or first
    days = min(SPAN.days, max((now - scored[0].since).days, 0))
    return History(
        path,
        (278, y(last.score or 0)),
        tuple(marks),
        first,
        last,
        (last.score or 0) - (recent.score or 0),
        start,
        now,
        days,
    )
