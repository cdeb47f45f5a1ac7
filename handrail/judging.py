"""What `check` and `gate` share: the folder that is meant, the scorecard, the demands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from catalog.snapshot import Snapshot, Unreadable
from catalog.trees.folder import working_root
from handrail.errors import Stop
from scorecards.check import check_ids
from scorecards.demands import Demand, Demands
from scorecards.evidence import EvidenceRule
from scorecards.facts import Facts
from scorecards.scorecard import InvalidScorecard, Scorecard, named, near


@dataclass(frozen=True, slots=True)
class Place:
    """The folder that holds the repository, and the part of it that is meant, "" for all."""

    root: Path
    within: str
    bare: bool = False

    @property
    def versioned(self) -> bool:
        """Whether git keeps it."""
        return self.bare or (self.root / ".git").exists()


def find_place(path: Path) -> Place:
    """The repository that `path` stands in, or the folder itself where git is not used; `Stop` if none."""
    if not path.exists():
        raise Stop(f"There is no `{path}`.", "Name a folder that exists.")
    if not path.is_dir():
        raise Stop(f"`{path}` is a file.", "Name the folder of a service.")
    here = path.resolve()
    root = working_root(here)
    if root is not None:
        within = here.relative_to(root).as_posix()
        return Place(root, "" if within == "." else within)
    bare = all((here / name).exists() for name in ("HEAD", "objects", "refs"))
    return Place(here, "", bare)


def find_scorecard(name: str) -> Scorecard:
    """The scorecard of this name or path; `Stop` says what is wrong with it."""
    try:
        return named(name)
    except InvalidScorecard as error:
        raise Stop("\n".join(str(p) for p in error.problems)) from error


def read_demands(
    min_stage: int | None, min_score: float | None, require: Iterable[str], scorecard: Scorecard
) -> Demands:
    """The demands that were made; `Stop` where one names a check that the scorecard does not have."""
    wanted = tuple(dict.fromkeys(require))
    for name in wanted:
        if scorecard.criterion(name) is None:
            if name in check_ids():
                raise Stop(f"--require {name}: the scorecard `{scorecard.name}` does not name this check.")
            known = near(name, [c.id for c in scorecard.criteria])
            raise Stop(f"--require {name}: there is no such check.{known}")
    return Demands(min_stage, min_score, wanted)


def read_day(text: str | None) -> date:
    """The day of judgement, today in UTC unless given; `Stop` where it is no date."""
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Stop(f"--as-of {text}: not a date.", "Write it as 2026-11-24.") from error


def read_facts(place: Place, day: date, repositories: Path | None, evidence: Iterable[str] = ()) -> Facts:
    """What checks may know beside the snapshot.

    `repositories` is a folder of those that may be read too; `evidence` are single ones, as `NAME=PATH`, that
    may hold evidence for every service.
    """
    from templates.gallery import newest_versions

    others: Mapping[str, Snapshot] = {}
    if repositories is not None:
        from catalog.beside import Beside, Place
        from catalog.sources import find

        others = Beside(Place(found.name, found.location, found.head) for found in find(repositories))
    given = dict(_named(each) for each in evidence)
    if given:
        from catalog.beside import Named

        others = Named(given, others)
    rules = tuple(EvidenceRule(name, services=("*",)) for name in given)
    return Facts(day, None, others, newest_versions(), rules, place.root.name)


def _named(each: str) -> tuple[str, Snapshot]:
    name, _, path = each.partition("=")
    if not name.strip() or not path:
        raise Stop(f"--evidence {each}: not of the form NAME=PATH.", "Write it as alerts=../alerts.")
    return name.strip(), read_snapshot(find_place(Path(path)))


def read_snapshot(place: Place) -> Snapshot:
    """The files of a place: of a bare repository those of HEAD; `Stop` where they cannot be read."""
    try:
        if place.bare:
            from catalog.trees.commit import commit_snapshot

            return commit_snapshot(place.root)
        from catalog.trees.folder import folder_snapshot

        return folder_snapshot(place.root)
    except Unreadable as error:
        raise explain_unreadable(error, f"`{place.root}`") from error


def write_demands(demands: Iterable[Demand]) -> None:
    """The demands that do not hold, for a person."""
    from handrail.terminal import write

    missed = [d for d in demands if not d.held]
    if missed:
        write()
        write("Demanded, and does not hold:", "bold")
        for demand in missed:
            write(f"{demand.demand}  {demand.service}: {demand.message}", indent=2)


def explain_unreadable(error: Unreadable, what: str) -> Stop:
    """The same as the error that ends a command."""
    return Stop(f"{what} cannot be read: {error}.")
