"""`handrail gate`: fail when a change makes a service less reliable."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from catalog.secrets import masked_deep
from handrail import options
from handrail.errors import Stop

if TYPE_CHECKING:
    from handrail.judging import Place
    from scorecards.assessment import Assessment
    from scorecards.facts import Facts
    from scorecards.gate import Comparison
    from scorecards.scorecard import Scorecard

EPILOG = """\b
Examples:
  handrail gate --base origin/main                     in a pull request's checkout
  handrail gate --base "$(git merge-base origin/main HEAD)"   where the branch is behind
  handrail gate services/payments --base HEAD~1        only the services in that folder
  handrail gate --base origin/main --min-stage 3 --require ci-tests

\b
Exit status: 0 it held; 1 a regression, or a demand that does not hold; 2 undecided, since one
of the two commits could not be read or judged.
"""


@click.command("gate", epilog=EPILOG)
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--base", required=True, metavar="REF", help="The commit to compare with: a branch, tag or id.")
@click.option("--as-of", metavar="DATE", help="Judge as on this day, today unless given.")
@options.repositories
@options.evidence
@options.demands
@options.output_format()
def command(
    path: Path,
    base: str,
    as_of: str | None,
    repositories: Path | None,
    evidence: tuple[str, ...],
    scorecard: str,
    min_stage: int | None,
    min_score: float | None,
    require: tuple[str, ...],
    format_: str,
) -> int:
    """Compare the HEAD of PATH with a base commit, check by check, by the same rules.

    Fails for what held at the base and does not at the head, and for that alone: a check that got worse, a
    service that vanished, a lower stage. What was missing before does not matter, unless it is demanded.
    """
    from handrail.judging import find_place, find_scorecard, read_day, read_demands, read_facts
    from scorecards.demands import meet
    from scorecards.gate import gate_report

    card = find_scorecard(scorecard)
    demands = read_demands(min_stage, min_score, require, card)
    place = find_place(path)
    if not place.versioned:
        raise Stop(f"`{path}` is not in a git repository.", "The gate compares two commits: name a checkout.")
    judged = _Judged(place, base, card, read_facts(place, read_day(as_of), repositories, evidence))
    comparison, head = judged.comparison, judged.head
    met = meet(head.services if head else (), demands, card.name)
    if demands and head is not None and not head.services:
        raise Stop(f"No service stands in `{path}`, so that no demand can be held against one.")
    if format_ == "json":
        report = gate_report(comparison, met, base=judged.base_commit, head=judged.head_commit)
        click.echo(json.dumps(masked_deep(report), indent=2, ensure_ascii=False))
    else:
        from handrail.gate_text import write_comparison

        write_comparison(comparison, met, judged.base_commit, judged.head_commit)
    if judged.differs:
        click.echo(
            "Note: the working folder differs from HEAD; what is not committed is not judged.", err=True
        )
    return _status(comparison.verdict, all(d.held for d in met))


def _status(verdict: str, met: bool) -> int:
    if verdict == "undecided":
        return 2
    return 0 if verdict == "held" and met else 1


class _Judged:
    """Both commits, judged by the same scorecard and facts, and how they compare."""

    def __init__(self, place: "Place", base: str, card: "Scorecard", facts: "Facts") -> None:
        from catalog.problem import Problem
        from catalog.snapshot import Unreadable
        from catalog.trees.repository import open_at
        from scorecards.gate import undecided

        self.place, self.card, self.facts = place, card, facts
        self.base_commit: str | None = None
        self.head_commit: str | None = None
        self.head: Assessment | None = None
        self.differs = False
        self.comparison: Comparison
        try:
            repository = open_at(place.root)
        except Unreadable as error:
            raise Stop(f"`{place.root}` cannot be opened: {error}.") from error
        self.head_commit = repository.head()
        if self.head_commit is None:
            message = "The head cannot be read: there is no commit yet. Commit something first."
            self.comparison = undecided(Problem("unreadable", message))
            return
        try:
            self.base_commit = repository.resolve(base)
            self.comparison = self._compare()
        except Unreadable as error:
            if self.base_commit is None:
                what = f"The base cannot be read: {error}.{_hint(base, place.root)}"
            else:
                what = f"One of the two commits cannot be read: {error}."
            self.comparison = undecided(Problem("unreadable", what))
        if not place.bare:
            self.differs = _differs(place.root)

    def _compare(self) -> "Comparison":
        from catalog.trees.commit import commit_snapshot
        from scorecards.assessment import assess
        from scorecards.gate import compare

        facts, within = self.facts, self.place.within
        old = commit_snapshot(self.place.root, commit=self.base_commit)
        new = commit_snapshot(self.place.root, commit=self.head_commit)
        before = assess(old, facts, (self.card,), within=within)
        self.head = assess(new, facts, (self.card,), within=within, before=before)
        return compare(before, self.head)


def _hint(base: str, root: Path) -> str:
    if Path(base).is_file():
        return " It is a file: name a commit, a branch or a tag."
    shallow = (root / ".git" / "shallow").exists() or (root / "shallow").exists()
    if shallow:
        return " This clone is shallow: fetch more of it, for example with `git fetch --unshallow`."
    return f" Fetch it first, for example with `git fetch origin {base.removeprefix('origin/')}`."


def _differs(root: Path) -> bool:
    from catalog.snapshot import Unreadable
    from catalog.trees.folder import folder_snapshot

    try:
        return folder_snapshot(root).commit is None
    except Unreadable:
        return False
