"""Checks: what is each, and who lacks it?"""

from collections import Counter
from dataclasses import dataclass

from flask import Blueprint, Response, abort

from web.addresses import services_url
from web.documentation import Documentation, documentation
from web.filters import Filters
from web.partials import page
from web.queries.checks import lacking_services, only_lacking, status_counts
from web.reading import database, scorecard
from web.wording import LACKING, STATUSES

blueprint = Blueprint("checks", __name__)
_MOST = 50


@dataclass(frozen=True, slots=True)
class Tally:
    """How many services stand under each status of a check."""

    counts: Counter[str]

    @property
    def applicable(self) -> int:
        """How many services it applies to."""
        return self.counts.total() - self.counts["not-applicable"]

    @property
    def lacking(self) -> int:
        """Of how many services it does not hold."""
        return sum(self.counts[status] for status in LACKING)

    @property
    def percent(self) -> int | None:
        """The share that passes of those it applies to, in whole percent, rounded down."""
        return 100 * self.counts["pass"] // self.applicable if self.applicable else None


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check in the list of all."""

    doc: Documentation
    tally: Tally
    would_rise: int


def lacking_url(check: str, status: str = "") -> str:
    """The list of services of which the check has a status, or does not hold."""
    return services_url(Filters(check=check, status=status).query())


@blueprint.get("/checks")
def index() -> Response:
    """All checks in order of stage."""
    counts = status_counts(database(), scorecard())
    rise = only_lacking(database(), scorecard())
    rows = [
        CheckRow(doc, Tally(counts.get(doc.id, Counter())), rise[doc.id]) for doc in documentation().values()
    ]
    return page("checks.html", rows=rows, statuses=[*STATUSES], lacking_url=lacking_url)


@blueprint.get("/checks/<check>")
def show(check: str) -> Response:
    """One check: its documentation, and the services of which it does not hold."""
    doc = documentation().get(check)
    if doc is None:
        abort(404, f"There is no check {check}.")
    tally = Tally(status_counts(database(), scorecard(), check).get(check, Counter()))
    return page(
        "check.html",
        doc=doc,
        tally=tally,
        rows=lacking_services(database(), scorecard(), check, _MOST),
        most=_MOST,
        would_rise=only_lacking(database(), scorecard())[check],
        statuses=[status for status in STATUSES if tally.counts[status]],
        lacking_url=lacking_url,
        only_url=services_url(Filters(only=check).query()),
    )
