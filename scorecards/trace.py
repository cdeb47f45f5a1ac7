"""The whole decision of one check for one service: what was read and found, and how the verdict follows.

A trace is made by deciding once more over the same files with everything noted. Ordinary evaluation notes
nothing, so it costs nothing there.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from catalog.service import UNDEPLOYED, Service
from catalog.snapshot import Snapshot
from catalog.watched import Read, WatchedSnapshot
from scorecards.check import Check
from scorecards.evaluation import decide, several
from scorecards.facts import Answer, Facts
from scorecards.result import Findings, NotCounted, Result, Status, watch_findings
from scorecards.scorecard import Criterion, Scorecard
from scorecards.standing import CheckResult

_CREDIT = {Status.PASS: "all", Status.PARTIAL: "half"}


@dataclass(frozen=True, slots=True)
class Trace:
    """One check, one service.

    `named` is whether the scorecard names the check; where not, the check's own defaults were taken. `read`
    are the files of the service's repository; of other repositories they begin with the repository's name and
    a colon. `shared` are the readings that checks have in common, by module. `answers` are all that were
    found, the best first; they are empty for a check that weighs what it read as a whole. `not_counted` is
    everything that was looked at and not counted. `asked` are the questions asked of the facts, with what was
    answered. `steps` say how the verdict follows.
    """

    service: Service
    scorecard: Scorecard
    named: bool
    check: CheckResult
    read: tuple[Read, ...]
    shared: tuple[str, ...]
    answers: tuple[Result, ...]
    not_counted: tuple[NotCounted, ...]
    asked: Mapping[str, Answer]
    steps: tuple[str, ...]


def trace(
    snapshot: Snapshot,
    service: Service,
    facts: Facts,
    scorecard: Scorecard,
    check: Check,
    *,
    as_type: str | None = None,
) -> Trace:
    """Decide once more, noting everything. `as_type` is the type that was asked for, if one was."""
    criterion, named = criterion_of(scorecard, check)
    watched = WatchedSnapshot(snapshot)
    others = _Others(facts.repositories)
    if service.descriptor is not None:
        watched.parsed(service.descriptor)  # what the service says of itself, read while finding it
    asking = replace(facts, repositories=others, asked={})
    with watch_findings() as findings:
        decided = decide(criterion, watched, service, asking)
    read = [*watched.read]
    read += [r._replace(path=f"{name}:{r.path}") for name, other in others.asked.items() for r in other.read]
    shared = {*watched.shared, *(module for other in others.asked.values() for module in other.shared)}
    return Trace(
        service=service,
        scorecard=scorecard,
        named=named,
        check=decided,
        read=tuple(read),
        shared=tuple(sorted(shared)),
        answers=_answers(findings),
        not_counted=_not_counted(findings, decided.result),
        asked=asking.asked,
        steps=tuple(_steps(service, scorecard, named, decided, findings, facts, as_type)),
    )


class _Others(Mapping[str, Snapshot]):
    """The other repositories, each watched from when it is asked for."""

    def __init__(self, repositories: Mapping[str, Snapshot]) -> None:
        self._repositories = repositories
        self.asked: dict[str, WatchedSnapshot] = {}

    def __getitem__(self, name: str) -> Snapshot:
        if name not in self.asked:
            self.asked[name] = WatchedSnapshot(self._repositories[name])
        return self.asked[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._repositories)

    def __len__(self) -> int:
        return len(self._repositories)


def criterion_of(scorecard: Scorecard, check: Check) -> tuple[Criterion, bool]:
    """A check as a scorecard asks for it and True; where it does not, by the check's defaults, and False."""
    named = scorecard.criterion(check.id)
    if named is not None:
        return named, True
    return Criterion(check, check.stage, check.required, check.weight, check.params), False


def _answers(findings: Iterable[Findings]) -> tuple[Result, ...]:
    found = (answer for each in findings for answer in each.answers)
    return tuple(sorted(found, key=lambda answer: -answer.status.rank))


def _not_counted(findings: Iterable[Findings], result: Result) -> tuple[NotCounted, ...]:
    """All of it, also what a result that is stored leaves out."""
    every = (skipped for each in findings for skipped in each.not_counted)
    return tuple(dict.fromkeys((*every, *result.not_counted)))


def _steps(
    service: Service,
    scorecard: Scorecard,
    named: bool,
    decided: CheckResult,
    findings: list[Findings],
    facts: Facts,
    as_type: str | None,
) -> Iterator[str]:
    criterion, result = decided.criterion, decided.result
    yield _applicability(service, criterion.check, as_type)
    if criterion.check.applies_to(service):
        yield from _verdict(decided, findings)
    yield from _waiver(decided)
    yield _standing(service, scorecard, named, decided)
    if result.valid_until is None:
        yield "Nothing of it ends with time: it holds while files, rules and answers stay the same."
    else:
        yield (f"Judged as on {facts.as_of}; it holds until {result.valid_until} without looking again.")


def _applicability(service: Service, check: Check, as_type: str | None) -> str:
    if as_type is not None:
        why = "as was asked for"
    elif service.document is not None and service.declared_type:
        why = f"`{service.document.path}` says `{service.declared_type}`"
    elif service.document is not None:
        why = f"`{service.document.path}` does not say, so by what its files tell"
    else:
        why = "no descriptor says so, but its files do"
    kind = service.type.replace("-", " ")
    if check.applies_to(service):
        excepted = ", ".join(several(t) for t in sorted(check.excepted))
        rest = f"the check applies to all but {excepted}" if excepted else "the check applies to every type"
        return f"Judged as a {kind} ({why}): {rest}."
    return f"Judged as a {kind} ({why}): the check does not apply to {several(service.type)}."


def _verdict(decided: CheckResult, findings: list[Findings]) -> Iterator[str]:
    result = decided.result
    count = sum(len(each.answers) for each in findings)
    if decided.broken is not None:
        yield f"The check could not be completed ({decided.broken}), which is never held against the service."
    elif not findings:
        yield "The check weighs what it read as a whole."
    elif count:
        kinds = [answer.status for each in findings for answer in each.answers]
        best_first = sorted(Status, key=lambda s: -s.rank)
        told = ", ".join(f"{kinds.count(s)} {s.value}" for s in best_first if s in kinds)
        what = "One answer was found" if count == 1 else f"{count} answers were found"
        order = " The best counts: pass before partial before unknown before fail." if count > 1 else ""
        yield f"{what}: {told}.{order}"
    else:
        yield "No answer was found in what was read."
    yield f"So it is {result.status.value}: {result.message}"


def _waiver(decided: CheckResult) -> Iterator[str]:
    waiver = decided.waiver
    if waiver is not None:
        yield (
            f"`{waiver.path}` line {waiver.line} waives it until {waiver.until}: {waiver.reason} "
            f"({waiver.owner} answers for that)."
        )
    elif not decided.holds:
        yield "No waiver in force excuses it."


def _standing(service: Service, scorecard: Scorecard, named: bool, decided: CheckResult) -> str:
    if not named:
        return f"The scorecard `{scorecard.name}` does not name the check, so it counts for nothing there."
    criterion = decided.criterion
    if not decided.applies:
        return "So it holds for the stage, and is left out of the score."
    if decided.waiver is not None:
        return "Waived, it holds for the stage, and is left out of the score."
    credit = _CREDIT.get(decided.status, "none")
    score = f"In the score it counts {credit} of its weight, {criterion.weight:g}."
    if not criterion.required:
        return f"It is recommended, not required, for stage {criterion.stage}. {score}"
    if service.type in UNDEPLOYED:
        return f"No stage applies to {several(service.type)}. {score}"
    climb = "it holds" if decided.holds else f"while it does not hold the stage stays below {criterion.stage}"
    return f"It is required for stage {criterion.stage}: {climb}. {score}"
