"""The gate: what held at the base and does not at the head, judged by the same rules and the same facts.

A regression is a check that got worse, a service that vanished, or a lower stage:

- `pass` or waived is better than `partial`, `partial` better than `fail` and `unknown`, which are equal:
  nothing held that could be lost.
- From `pass` or `partial` to `not-applicable` is one only if the service's type changed: then the change took
  the service out of reach of the check. A check that begins to apply because the type changed is none, since
  nothing was judged before; one that begins to apply for another reason, and does not hold, is.
- A check that could not be completed decides nothing: the gate is undecided where it would have mattered.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from catalog.problem import Problem
from catalog.service import Service
from scorecards.assessment import Assessment, Scored
from scorecards.demands import Demand
from scorecards.evaluation import ScorecardResult, several
from scorecards.report import SCHEMA, broken_check, error_row
from scorecards.result import Status
from scorecards.standing import CheckResult

_LEVEL = {Status.PASS: 2, Status.PARTIAL: 1, Status.FAIL: 0, Status.UNKNOWN: 0}
HELD, REGRESSED, UNDECIDED = "held", "regressed", "undecided"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that differs between base and head.

    `scorecard` is None for a service that vanished, `check` for that and for a stage. `was` and `now` are
    statuses, `waived`, `stage 3`, `present` or `absent`. `base` and `head` are the check's two results.
    """

    service: str
    scorecard: str | None
    check: str | None
    was: str
    now: str
    path: str | None
    line: int | None
    message: str
    fix: str
    base: CheckResult | None = None
    head: CheckResult | None = None


@dataclass(frozen=True)
class Comparison:
    """What changed between two commits, and whether it is a regression."""

    regressions: tuple[Change, ...] = ()
    improvements: tuple[Change, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    undecided: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = field(default=())

    @property
    def verdict(self) -> str:
        """`regressed` where anything got worse, else `undecided` where something could not be judged."""
        if self.regressions:
            return REGRESSED
        return UNDECIDED if self.undecided else HELD


def compare(base: Assessment, head: Assessment) -> Comparison:
    """Hold the head against the base, service by service and check by check.

    Judge the head with `before=base`, so that a descriptor that broke does not look like another service.
    """
    pairs, renamed, removed, added = _pair(base, head)
    regressions = [_vanished(service, head) for service in removed]
    improvements: list[Change] = []
    undecided: list[Problem] = []
    for old, new in pairs:
        for before, after in _same_scorecards(old[1], new[1]):
            worse, better, open_ = _differences(old[0], new[0], before, after)
            regressions += worse
            improvements += better
            undecided += open_
    for assessment, what in ((base, "base"), (head, "head")):
        if assessment.snapshot.truncated:
            undecided.append(Problem("limit", f"Not all files of the {what} were read."))
    return Comparison(
        tuple(regressions),
        tuple(improvements),
        tuple(str(s.ref) for s in added),
        tuple(str(s.ref) for s in removed),
        tuple(renamed),
        tuple(undecided),
        head.problems,
    )


_Pairs = list[tuple[Scored, Scored]]


def _pair(
    base: Assessment, head: Assessment
) -> tuple[_Pairs, list[tuple[str, str]], list[Service], list[Service]]:
    """Services of both sides that are the same one: by ref, else renamed in their folder."""
    after = {str(s.ref): (s, r) for s, r in head.services}
    before = {str(s.ref): (s, r) for s, r in base.services}
    pairs = [(old, after[ref]) for ref, old in before.items() if ref in after]
    gone = [old for ref, old in before.items() if ref not in after]
    new = [scored for ref, scored in after.items() if ref not in before]
    renamed = []
    for old in list(gone):
        in_old = [s for s in gone if s[0].path == old[0].path]
        in_new = [s for s in new if s[0].path == old[0].path]
        # A descriptor that was deleted leaves an undeclared service behind: that is no new name.
        lost = old[0].document is not None and any(s[0].document is None for s in in_new)
        if len(in_old) == len(in_new) == 1 and not lost:
            pairs.append((old, in_new[0]))
            renamed.append((str(old[0].ref), str(in_new[0][0].ref)))
            gone.remove(old)
            new.remove(in_new[0])
    return pairs, renamed, [s for s, _ in gone], [s for s, _ in new]


def _same_scorecards(
    before: Iterable[ScorecardResult], after: Iterable[ScorecardResult]
) -> Iterator[tuple[ScorecardResult, ScorecardResult]]:
    named = {result.name: result for result in after}
    for result in before:
        if result.name in named:
            yield result, named[result.name]


def _differences(
    old: Service, new: Service, before: ScorecardResult, after: ScorecardResult
) -> tuple[list[Change], list[Change], list[Problem]]:
    worse: list[Change] = []
    better: list[Change] = []
    undecided: list[Problem] = []
    retyped = old.type != new.type
    checks = {c.id: c for c in before.checks}
    for check in after.checks:
        earlier = checks.get(check.id)
        if earlier is None:
            continue
        direction = _direction(earlier, check, retyped)
        if direction < 0 and (earlier.broken or check.broken):
            undecided.append(broken_check(new, check if check.broken else earlier))
        elif direction:
            (worse if direction < 0 else better).append(_change(new, after.name, earlier, check))
    stage = _stage(new, before, after)
    if stage is not None and not (undecided and not worse):
        worse.append(stage)
    return worse, better, undecided


def _direction(base: CheckResult, head: CheckResult, retyped: bool) -> int:
    """-1 for worse, 1 for better, 0 for neither."""
    if not base.applies and not head.applies:
        return 0
    if not head.applies:
        return -1 if retyped and base.status in (Status.PASS, Status.PARTIAL) else 0
    now = 2 if head.waiver else _LEVEL[head.status]
    if not base.applies:
        return (1 if now else 0) if retyped or now else -1
    was = 2 if base.waiver else _LEVEL[base.status]
    if base.broken and was == now == 0:
        return -1  # it may have held: nobody knows
    return (now > was) - (now < was)


def _word(check: CheckResult) -> str:
    return "waived" if check.waiver else check.status.value


def _change(service: Service, scorecard: str, base: CheckResult, head: CheckResult) -> Change:
    path, line = _place(service, base, head)
    return Change(
        str(service.ref),
        scorecard,
        head.id,
        _word(base),
        _word(head),
        path,
        line,
        head.result.message,
        head.result.fix,
        base,
        head,
    )


def _place(service: Service, base: CheckResult, head: CheckResult) -> tuple[str | None, int | None]:
    """Where the head shows it; else where the base did; else the descriptor."""
    found: list[Any] = [*head.result.evidence, *head.result.not_counted]
    if found:
        return found[0].path, found[0].line
    for evidence in base.result.evidence:
        return evidence.path, evidence.line
    return service.descriptor, None if service.document is None else service.document.line


def _stage(service: Service, before: ScorecardResult, after: ScorecardResult) -> Change | None:
    was, now = before.standing.stage, after.standing.stage
    if was is None or (now is not None and now >= was):
        return None
    held_back = [c.id for c in after.checks if c.id in after.standing.next and c.criterion.required]
    because = f" Held back by {', '.join(f'`{name}`' for name in held_back)}." if held_back else ""
    if now is None:
        message = f"No stage applies any more, as none does to {several(service.type)}."
    else:
        message = f"Was stage {was}, is stage {now}.{because}"
    return Change(
        str(service.ref),
        after.name,
        None,
        f"stage {was}",
        "no stage" if now is None else f"stage {now}",
        service.descriptor,
        None if service.document is None else service.document.line,
        message,
        f"Mend {', '.join(f'`{name}`' for name in held_back)}." if held_back else "",
    )


def _vanished(service: Service, head: Assessment) -> Change:
    path = service.descriptor or (service.path or None)
    if path is not None and path in head.snapshot:
        message = f"`{path}` declares it no more."
    elif path is not None:
        message = f"`{path}` is gone, and no descriptor declares it."
    else:
        message = "The service is gone."
    line = None if service.document is None else service.document.line
    fix = "Declare it again. If it was retired on purpose, merge this change over the gate."
    return Change(str(service.ref), None, None, "present", "absent", path, line, message, fix)


def undecided(*problems: Problem) -> Comparison:
    """The comparison that could not be made."""
    return Comparison(undecided=problems)


def gate_report(
    comparison: Comparison, demands: Iterable[Demand], *, base: str | None, head: str | None
) -> dict[str, Any]:
    """The report of `handrail gate --format json`; see `handrail/schemas/gate.schema.json`."""
    return {
        "schema": SCHEMA,
        "verdict": comparison.verdict,
        "base": base,
        "head": head,
        "regressions": [_row(change) for change in comparison.regressions],
        "improvements": [_row(change) for change in comparison.improvements],
        "services": {
            "added": list(comparison.added),
            "removed": list(comparison.removed),
            "renamed": [{"from": old, "to": new} for old, new in comparison.renamed],
        },
        "demands": [
            {"service": d.service, "demand": d.demand, "held": d.held, "message": d.message} for d in demands
        ],
        "errors": [error_row(p) for p in (*comparison.undecided, *comparison.problems)],
    }


def _row(change: Change) -> dict[str, Any]:
    return {
        "service": change.service,
        "scorecard": change.scorecard,
        "check": change.check,
        "from": change.was,
        "to": change.now,
        "path": change.path,
        "line": change.line,
        "message": change.message,
        "fix": change.fix,
    }
