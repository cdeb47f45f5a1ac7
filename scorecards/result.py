"""What a check says: a status, the evidence for it, what was not counted, and the fix."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Status(StrEnum):
    """How a practice stands in a service."""

    PASS = "pass"
    PARTIAL = "partial"
    FAIL = "fail"
    NOT_APPLICABLE = "not-applicable"
    UNKNOWN = "unknown"

    @property
    def rank(self) -> int:
        """Order from worst to best, to choose the best of several answers; `unknown` is above `fail`."""
        return _WORST_TO_BEST.index(self.value)


_WORST_TO_BEST = ("not-applicable", "fail", "unknown", "partial", "pass")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place that was read, and what was seen there. `line` counts from 1; None means the whole file."""

    path: str
    line: int | None
    note: str


@dataclass(frozen=True, slots=True)
class NotCounted:
    """A place that looked like the practice and was not counted, and why."""

    path: str
    why: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The verdict of one check on one service.

    `message` says what was seen and then what lacks; `fix` is what to change, empty where nothing is to be
    done; `valid_until` is the last day on which the verdict holds without looking again.
    """

    status: Status
    message: str
    evidence: tuple[Evidence, ...] = ()
    not_counted: tuple[NotCounted, ...] = ()
    fix: str = ""
    valid_until: date | None = None

    def with_fix(self, fix: str) -> "Result":
        """The same verdict with this fix, none where the practice holds."""
        fix = "" if self.status in (Status.PASS, Status.NOT_APPLICABLE) else fix
        if fix == self.fix:
            return self
        return Result(self.status, self.message, self.evidence, self.not_counted, fix, self.valid_until)


_watching: ContextVar["list[Findings] | None"] = ContextVar("watching", default=None)


@contextmanager
def watch_findings() -> Iterator["list[Findings]"]:
    """Collect what every check within the block finds, in the order in which it decides: for a trace."""
    seen: list[Findings] = []
    token = _watching.set(seen)
    try:
        yield seen
    finally:
        _watching.reset(token)


@dataclass(slots=True)
class Findings:
    """Collects a check's answers: the best real one counts, the rest is listed as not counted."""

    answers: list[Result] = field(default_factory=list)
    not_counted: list[NotCounted] = field(default_factory=list)

    def add(self, status: Status, message: str, *evidence: Evidence) -> None:
        """One answer found in the service's own files."""
        self.answers.append(Result(status, message, evidence))

    def skip(self, path: str, why: str, line: int | None = None) -> None:
        """One place looked at and not counted."""
        self.not_counted.append(NotCounted(path, why, line))

    def best(self, absent: str, fix: str) -> Result:
        """The best answer, or `fail` with `absent` where there is none."""
        if (watching := _watching.get()) is not None:
            watching.append(self)
        skipped = list(self.not_counted)
        if not self.answers:
            return Result(Status.FAIL, absent, (), tuple(skipped), fix)
        ranked = sorted(self.answers, key=lambda a: -a.status.rank)
        best = ranked[0]
        evidence: list[Evidence] = []
        for answer in ranked:
            if answer.status is best.status:
                evidence += answer.evidence
            else:
                skipped += [NotCounted(e.path, answer.message, e.line) for e in answer.evidence]
        found = Result(best.status, best.message, tuple(evidence[:20]), tuple(skipped[:20]))
        return found.with_fix(fix)
