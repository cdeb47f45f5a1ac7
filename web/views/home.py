"""Home: what changed, and where to push?"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response

from web.drawing import SPAN
from web.filters import Filters
from web.partials import page
from web.queries.checks import only_lacking, status_counts
from web.queries.crawls import last_crawl, problem_kinds
from web.queries.home import count_new, first_standing, stages_at, stages_now
from web.queries.moves import WINDOW, count_moves, moves
from web.queries.teams import teams_standing_still
from web.reading import database, now, scorecard
from web.views.checks import lacking_url
from web.views.services import url
from web.wording import LACKING, STAGES

blueprint = Blueprint("home", __name__)
_FEW = 6


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage: how many services stand on it, their share in percent, and the change since some days ago."""

    number: int
    count: int
    percent: int
    change: int | None


@dataclass(frozen=True, slots=True)
class Repair:
    """A check: how many services lack it, and how many would rise a stage if it alone were repaired."""

    check: str
    lacking: int
    would_rise: int


@blueprint.get("/")
def index() -> Response:
    """What got worse and better, the stages, and what to repair first."""
    connection, name = database(), scorecard()
    counts = stages_now(connection, name)
    crawl = last_crawl(connection)
    if not counts:
        return page("services.html", **_nothing(), crawl=crawl)
    since = first_standing(connection, name)
    days = min(SPAN.days, (now() - since).days) if since else 0
    before = stages_at(connection, name, now() - timedelta(days=days)) if days else Counter()
    return page(
        "home.html",
        worse=moves(connection, "worse", name, now(), _FEW),
        worse_count=count_moves(connection, "worse", name, now()),
        better=moves(connection, "better", name, now(), _FEW),
        better_count=count_moves(connection, "better", name, now()),
        new=count_new(connection, now() - WINDOW) if since and now() - since > WINDOW else 0,
        total=counts.total(),
        stages=_stages(counts, before if days else None),
        days=days,
        repairs=_repairs(),
        still=teams_standing_still(connection, name, now() - timedelta(days=30), 5),
        crawl=crawl,
        unread=problem_kinds(connection, crawl.id).get("unreadable", (0, 0))[1] if crawl else 0,
        url=url,
        lacking_url=lacking_url,
        filters=Filters(),
    )


def _nothing() -> dict[str, Any]:
    names = ("rows", "columns", "facets", "chips", "removals")
    empty: dict[str, Any] = {name: [] for name in names}
    return empty | {"filters": Filters(), "total": 0, "worse": 0, "url": url}


def _stages(counts: Counter[int], before: Counter[int] | None) -> list[StageRow]:
    staged = sum(count for stage, count in counts.items() if stage)
    return [
        StageRow(
            number,
            counts[number],
            round(100 * counts[number] / staged) if staged else 0,
            counts[number] - before[number] if before is not None else None,
        )
        for number in STAGES
    ]


def _repairs() -> list[Repair]:
    rise = only_lacking(database(), scorecard())
    found = [
        Repair(check, sum(counts[status] for status in LACKING), rise[check])
        for check, counts in status_counts(database(), scorecard()).items()
    ]
    wanted = [repair for repair in found if repair.lacking]
    return sorted(wanted, key=lambda r: (-r.would_rise, -r.lacking, r.check))[:5]
