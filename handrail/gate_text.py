"""How two commits compare, as text for a person: the verdict first, then what, where, why, and the fix."""

from collections.abc import Iterable, Sequence

from rich.text import Text

from handrail.judging import write_demands
from handrail.terminal import place, safe, status, write
from scorecards.demands import Demand
from scorecards.documentation import why
from scorecards.gate import HELD, REGRESSED, Change, Comparison

_STATUSES = ("pass", "partial", "fail", "not-applicable", "unknown", "waived")


def write_comparison(
    comparison: Comparison, demands: Sequence[Demand], base: str | None, head: str | None
) -> None:
    """The verdict, then everything that it rests on."""
    write(verdict_line(comparison, demands, base, head), "bold")
    for problem in comparison.undecided:
        write(f"{place(problem.path, problem.line)}  {problem.message}".strip(), indent=2)
    for service in dict.fromkeys(change.service for change in comparison.regressions):
        write()
        write(service, "bold")
        for change in comparison.regressions:
            if change.service == service:
                _write_regression(change)
    _write_services(comparison)
    if comparison.improvements:
        write()
        write("Better:", "bold")
        for change in comparison.improvements:
            write(
                f"{change.service}  {change.check}: {change.was} before, {change.now} now  "
                f"{place(change.path, change.line)}",
                indent=2,
            )
    if comparison.problems:
        write()
        write("Could not be read at the head, or not as it is written:", "bold")
        for problem in comparison.problems:
            write(f"{place(problem.path, problem.line)}  {problem.message}".strip(), indent=2)
    write_demands(demands)


def verdict_line(
    comparison: Comparison, demands: Iterable[Demand], base: str | None, head: str | None
) -> str:
    """One sentence: did it hold, and if not, what got worse."""
    between = f" from {base[:10]} to {head[:10]}" if base and head else ""
    if comparison.verdict == REGRESSED:
        return f"Regressed{between}: {_count(comparison.regressions)}."
    if comparison.verdict != HELD:
        return f"Undecided{between}: this could not be judged."
    missed = sum(1 for d in demands if not d.held)
    if missed:
        return f"Held{between}, but {missed} demand{'' if missed == 1 else 's'} not."
    return f"Held{between}: nothing got worse."


def _count(changes: Sequence[Change]) -> str:
    checks = sum(1 for c in changes if c.check is not None)
    stages = sum(1 for c in changes if c.check is None and c.scorecard is not None)
    services = sum(1 for c in changes if c.scorecard is None)
    parts = (
        (services, "service vanished", "services vanished"),
        (checks, "check got worse", "checks got worse"),
        (stages, "stage lower", "stages lower"),
    )
    return ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in parts if n)


def _write_regression(change: Change) -> None:
    what = change.check or ("stage" if change.scorecard else "service")
    write(
        Text.assemble(
            (what, "bold"),
            "  ",
            _status(change.was),
            " before, ",
            _status(change.now),
            " now  ",
            safe(place(change.path, change.line)),
        ),
        indent=2,
    )
    write(change.message, indent=4)
    if change.base is not None and change.base.result.evidence:
        seen = change.base.result.evidence[0]
        write(f"Before: {place(seen.path, seen.line)}  {seen.note}", indent=4)
    if change.head is not None:
        reason = why(change.head.criterion.check)
        if reason:
            write(f"Why it matters: {reason}", indent=4)
    if change.fix:
        write(f"Fix: {change.fix}", indent=4)


def _status(word: str) -> Text:
    return status(word) if word in _STATUSES else Text(word)


def _write_services(comparison: Comparison) -> None:
    lines = [f"{ref} is new." for ref in comparison.added]
    lines += [f"{old} is now {new}." for old, new in comparison.renamed]
    if lines:
        write()
        for line in lines:
            write(line)
