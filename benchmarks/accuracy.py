"""How well the checks agree with repositories that people have judged.

    python -m benchmarks.accuracy LABELS.tsv REPOSITORIES.tsv [--check ID]... [--as-of DATE]

LABELS is a table with a header: `repository`, then one column a check, named by its id, and optionally
`evidence`, free text. A label is `yes`, `partial`, `no`, or `-` where it was not judged. REPOSITORIES has
the columns repository, git folder (relative to the table, or absolute) and commit (empty for HEAD).

A label speaks of the repository as a whole: judged as a `service`, the best verdict counts over the services
that Handrail finds in it and its root as a service of its own. The practice is said to be there by `pass` and
`partial`, and judged to be there by `yes` and `partial`; `unknown` agrees with `no`, and is counted apart. A
`pass` on a `no` is a false pass, the worst kind of error.
"""

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TextIO

from catalog.discovery import discover
from catalog.ref import Ref, slug
from catalog.service import Service
from catalog.snapshot import Snapshot, Unreadable
from catalog.trees.commit import CommitTree, open_repository, resolve
from scorecards.check import all_checks
from scorecards.evaluation import run_check
from scorecards.facts import Facts
from scorecards.result import Result, Status

LABELS = ("yes", "partial", "no", "-")
PRESENT = frozenset({Status.PASS, Status.PARTIAL})
_EXACT = {Status.PASS: "yes", Status.PARTIAL: "partial"}
_UNJUDGED = "-"


class InvalidTable(Exception):
    """A table that cannot be used; the message names file, line and what was expected."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A repository as people judged it: check id to label, and what they say they saw."""

    repository: str
    labels: Mapping[str, str]
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a repository is to be read, at which commit; "" for HEAD."""

    git: Path
    commit: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check says of a repository; `service` is the one the verdict was best for.

    `broken` says what the check raised, where it could not be completed for some service.
    """

    check: str
    result: Result
    service: Service
    broken: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A label and the verdict beside it."""

    repository: str
    commit: str
    label: str
    verdict: Verdict
    evidence: str = ""

    @property
    def labelled(self) -> bool:
        """Whether people judged the practice to be there."""
        return self.label in ("yes", "partial")

    @property
    def said(self) -> bool:
        """Whether the check says that it is there."""
        return self.verdict.result.status in PRESENT

    @property
    def exact(self) -> bool:
        """Whether even the strength is the same: `pass` for `yes`, `partial` for `partial`."""
        return _EXACT.get(self.verdict.result.status, "no") == self.label

    @property
    def error(self) -> str | None:
        """What kind of error it is, None where label and verdict agree on presence."""
        if self.said == self.labelled:
            return None
        status = self.verdict.result.status
        return f"missed ({status})" if self.labelled else f"false {status}"


@dataclass(frozen=True, slots=True)
class Figures:
    """How well one check does; shares are None where there is nothing to divide by.

    `agreement` is on presence, over all labels; `decided` is the same over `yes` and `no` alone.
    """

    n: int
    agreement: float | None
    decided: float | None
    exact: float | None
    precision: float | None
    recall: float | None
    false_passes: int
    unknown: float | None


def figures(comparisons: Iterable[Comparison]) -> Figures:
    """The figures over these comparisons."""
    seen = list(comparisons)
    decided = [c for c in seen if c.label != "partial"]
    both = sum(c.said and c.labelled for c in seen)
    return Figures(
        n=len(seen),
        agreement=_share(sum(c.error is None for c in seen), len(seen)),
        decided=_share(sum(c.error is None for c in decided), len(decided)),
        exact=_share(sum(c.exact for c in seen), len(seen)),
        precision=_share(both, sum(c.said for c in seen)),
        recall=_share(both, sum(c.labelled for c in seen)),
        false_passes=sum(c.label == "no" and c.verdict.result.status is Status.PASS for c in seen),
        unknown=_share(sum(c.verdict.result.status is Status.UNKNOWN for c in seen), len(seen)),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def read_labels(path: Path) -> list[Labelled]:
    """The repositories of a table of labels. Raises `InvalidTable`."""
    rows = _rows(path)
    _, header = next(rows, (1, []))
    if header[:1] != ["repository"] or len(header) < 2:
        raise InvalidTable(f"{path}:1: expected a header, `repository` and then the ids of checks")
    found = []
    for line, row in rows:
        cells = dict(zip(header, row, strict=False))
        labels = {name: cells.get(name, "") for name in header[1:] if name != "evidence"}
        for name, label in labels.items():
            if label not in LABELS:
                expected = ", ".join(f"`{known}`" for known in LABELS)
                raise InvalidTable(f"{path}:{line}: `{name}` is `{label}`, expected one of {expected}")
        found.append(Labelled(cells["repository"], labels, cells.get("evidence", "")))
    return found


def read_places(path: Path) -> dict[str, Place]:
    """Where each repository is to be read. Raises `InvalidTable`."""
    found = {}
    for line, row in _rows(path):
        if row[0] == "repository":
            continue
        if len(row) < 2:
            raise InvalidTable(f"{path}:{line}: expected repository, git folder and commit")
        if row[1]:
            found[row[0]] = Place(path.parent / row[1], row[2] if len(row) > 2 else "")
    return found


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for line, row in enumerate(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
                if row and not row[0].startswith("#"):
                    yield line, row
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidTable(f"{path}: {getattr(error, 'strerror', None) or 'not UTF-8 text'}") from error


def judge(repository: str, place: Place, checks: Sequence[str], as_of: date) -> tuple[str, list[Verdict]]:
    """The commit that was read, and each check's best verdict over the repository's services.

    Raises `Unreadable` where the commit cannot be read.
    """
    git = open_repository(place.git)
    commit = resolve(git, place.commit or "HEAD")
    snapshot = Snapshot(CommitTree(git, commit), repository.rpartition("/")[2])
    services = as_services(snapshot)
    return commit, [_best(check, snapshot, services, Facts(as_of)) for check in checks]


def as_services(snapshot: Snapshot) -> list[Service]:
    """The root as a service that nothing declares, then all that is found, each judged as a `service`."""
    root = Service(Ref("component", "default", slug(snapshot.name) or "root"), "service", state="undeclared")
    found = [replace(service, type="service") for service in discover(snapshot).services]
    return [root, *(s for s in found if s.state != "undeclared" or s.path)]


def _best(check: str, snapshot: Snapshot, services: Iterable[Service], facts: Facts) -> Verdict:
    answers = []
    broken = None
    for service in services:
        result, raised = run_check(all_checks()[check], snapshot, service, facts)
        broken = broken or raised
        answers.append(Verdict(check, result, service))
    return replace(max(answers, key=lambda v: v.result.status.rank), broken=broken)


def compare(labelled: Labelled, place: Place, checks: Sequence[str], as_of: date) -> list[Comparison]:
    """The labels of one repository beside the verdicts, those not judged left out. Raises `Unreadable`."""
    judged = [c for c in checks if labelled.labels.get(c, _UNJUDGED) != _UNJUDGED]
    commit, verdicts = judge(labelled.repository, place, judged, as_of)
    return [
        Comparison(labelled.repository, commit, labelled.labels[v.check], v, labelled.evidence)
        for v in verdicts
    ]


def _compare(labelled: Labelled, place: Place, checks: Sequence[str], as_of: date) -> list[Comparison] | str:
    try:
        return compare(labelled, place, checks, as_of)
    except Unreadable as error:
        return str(error)


def report(comparisons: Sequence[Comparison], checks: Iterable[str], out: TextIO) -> None:
    """Write the figures of each check, then every disagreement, as Markdown."""
    heads = ("check", "n", "agreement", "on yes and no", "exact", "precision", "recall")
    print(f"| {' | '.join(heads)} | false passes | unknown |", file=out)
    print("|---|---|---|---|---|---|---|---|---|", file=out)
    by_check = {check: [c for c in comparisons if c.verdict.check == check] for check in checks}
    for check, seen in (*by_check.items(), ("all", list(comparisons))):
        f = figures(seen)
        shares = " | ".join(map(_percent, (f.agreement, f.decided, f.exact, f.precision, f.recall)))
        print(f"| {check} | {f.n} | {shares} | {f.false_passes} | {_percent(f.unknown)} |", file=out)
    for check, seen in by_check.items():
        wrong = sorted((c for c in seen if c.error), key=lambda c: (c.error or "", c.repository.lower()))
        print(f"\n## {check}: {len(wrong)} of {len(seen)} disagree", file=out)
        for comparison in wrong:
            print("\n" + disagreement(comparison), file=out)
        _strengths([c for c in seen if c.error is None and not c.exact], out)
        for c in seen:
            if c.verdict.broken:
                print(f"\nBroken on {c.repository}: {c.verdict.broken}", file=out)


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def _strengths(comparisons: Sequence[Comparison], out: TextIO) -> None:
    if comparisons:
        print("\nPresent for both, but of another strength:\n", file=out)
    for c in comparisons:
        verdict = c.verdict.result
        print(f"- {c.repository}: labelled {c.label}, is {verdict.status}: {verdict.message}", file=out)


def disagreement(comparison: Comparison) -> str:
    """One disagreement with what the check read and what the label says."""
    verdict, result = comparison.verdict, comparison.verdict.result
    where = f", for {verdict.service.ref} in `{verdict.service.path}`" if verdict.service.path else ""
    lines = [
        f"### {comparison.error}: {comparison.repository}",
        "",
        f"At {comparison.commit[:10]}, labelled {comparison.label}, is {result.status}{where}:",
        result.message,
        "",
        *(f"- read {e.path}{f':{e.line}' if e.line else ''}: {e.note}" for e in result.evidence),
        *(f"- not counted {n.path}{f':{n.line}' if n.line else ''}: {n.why}" for n in result.not_counted),
    ]
    if comparison.evidence:
        lines.append(f"- the label says: {comparison.evidence}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement; 2 where a table cannot be read or nothing could be compared."""
    options = _options(arguments)
    try:
        labels, places = read_labels(options.labels), read_places(options.repositories)
    except InvalidTable as error:
        print(error, file=sys.stderr)
        return 2
    columns = list(dict.fromkeys(chain.from_iterable(row.labels for row in labels)))
    checks = [c for c in columns if c in all_checks() and (not options.check or c in options.check)]
    for column in [c for c in (*columns, *options.check) if c not in all_checks()]:
        print(f"There is no check `{column}`.", file=sys.stderr)
    here = [row for row in labels if row.repository in places]
    for row in labels:
        if row.repository not in places:
            print(f"{row.repository}: not in {options.repositories}, left out.", file=sys.stderr)
    comparisons: list[Comparison] = []
    with ProcessPoolExecutor(options.processes) as pool:
        waiting = [pool.submit(_compare, row, places[row.repository], checks, options.as_of) for row in here]
        for row, done in zip(here, waiting, strict=True):
            found = done.result()
            if isinstance(found, str):
                print(f"{row.repository}: left out, {found}.", file=sys.stderr)
            else:
                comparisons += found
    if not comparisons:
        print("There is nothing to compare.", file=sys.stderr)
        return 2
    report(comparisons, checks, sys.stdout)
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    text, _, rest = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        "python -m benchmarks.accuracy",
        description=text,
        epilog=rest.partition("\n\n")[2],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("labels", type=Path, metavar="LABELS")
    parser.add_argument("repositories", type=Path, metavar="REPOSITORIES")
    parser.add_argument("--check", action="append", default=[], metavar="ID", help="only this check")
    parser.add_argument("--as-of", type=date.fromisoformat, default=date.today(), metavar="DATE")
    parser.add_argument("--processes", type=int, default=1, metavar="N")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
