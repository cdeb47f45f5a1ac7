"""The list of services: which services lack what?"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, request

from web.addresses import services_url
from web.drawing import sparkline
from web.filters import NONE, Chip, Filters, read_filters
from web.partials import htmx, page, wants_partial
from web.queries import crawls, moves
from web.queries import services as queries
from web.queries.services import PAGE, Facets, Row
from web.reading import database, now, scorecard
from web.untrusted import shown
from web.wording import STAGES, STATES, short_ref, stage_name

blueprint = Blueprint("services", __name__)
_SHORT = 5
_LABELS = {
    "stage": "Stage",
    "check": "Does not hold",
    "owner": "Owner",
    "state": "State",
    "type": "Type",
    "lifecycle": "Lifecycle",
    "tag": "Tag",
}
_MANY = {"check": "checks", "owner": "owners", "type": "types", "lifecycle": "lifecycles", "tag": "tags"}


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a filter, how many services it shows, and the address that shows them."""

    value: str
    label: str
    count: int
    url: str
    chosen: bool
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter with its values; `more_url` shows the rest of them."""

    name: str
    label: str
    values: list[FacetValue]
    more: str = ""
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A head of the table: its order's address, and how it is ordered now."""

    key: str
    label: str
    url: str
    sorted: str
    css: str


@dataclass(frozen=True, slots=True)
class Removal:
    """A filter to remove where nothing is found, and how many services that would show."""

    chip: Chip
    url: str
    count: int


@blueprint.get("/services")
def index() -> Response:
    """The page, or for htmx its results."""
    filters = read_filters(request.args)
    connection, name = database(), scorecard()
    counted = queries.facets(connection, filters, name, now())
    pages = max(1, -(-counted.total // PAGE))
    number = min(filters.page, pages)
    rows = queries.service_rows(connection, filters, name, now(), PAGE, (number - 1) * PAGE)
    points = queries.standings(connection, [row.id for row in rows], name, now())
    response = page(
        "services.html",
        "results",
        "count",
        "facets",
        "kept",
        target="results",
        filters=filters,
        total=counted.total,
        number=number,
        last_page=pages,
        rows=[(row, sparkline(points[row.id], now())) for row in rows],
        columns=_columns(filters),
        facets=list(_facets(filters, counted)),
        chips=[(chip, url(filters.without(chip.name))) for chip in filters.chosen()],
        removals=_removals(filters) if not counted.total else [],
        worse=moves.count_moves(connection, "worse", name, now())[1],
        crawl=None if counted.total else crawls.last_crawl(connection),
        url=url,
        pages_url=lambda number: url(filters, page=number),
    )
    if wants_partial("results") and not htmx.boosted:
        header = "HX-Replace-Url" if htmx.trigger == "q" else "HX-Push-Url"
        response.headers[header] = url(filters)
    return response


@blueprint.get("/services.csv")
def export() -> Response:
    """All services that the filters show, as comma-separated values."""
    rows = queries.all_service_rows(database(), read_filters(request.args), scorecard(), now())
    # The rows are read before the answer starts, since the connection ends with the request.
    response = Response("".join(_csv(rows)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="services.csv"'
    return response


def url(filters: Filters, **changes: str | int) -> str:
    """The address of the list with these filters."""
    return services_url(filters.query(**changes))


def _columns(filters: Filters) -> list[Column]:
    heads = (
        ("name", "Service", "c-name"),
        ("owner", "Owner", "c-owner"),
        ("stage", "Stage", "c-stage"),
        ("score", "Score", "c-score"),
        ("", "Holds it back", "c-back"),
        ("", "90 days", "c-trend"),
        ("changed", "Changed", "c-changed"),
    )
    columns = []
    for key, label, css in heads:
        now_sorted = key == filters.sort_key
        direction = ("descending" if filters.descending else "ascending") if key and now_sorted else ""
        turned = f"-{key}" if now_sorted and not filters.descending else key
        columns.append(Column(key, label, url(filters, sort=turned, page=1) if key else "", direction, css))
    return columns


def _facets(filters: Filters, counted: Facets) -> Iterator[Facet]:
    for name, label in _LABELS.items():
        counts = counted.values.get(name, Counter())
        chosen = getattr(filters, name)
        values = [
            FacetValue(
                value,
                _label(name, value),
                counts[value],
                url(filters.without(name) if value == chosen else filters.having(name, value)),
                value == chosen,
                name == "owner" and value == NONE,
            )
            for value in _values(name, counts, chosen)
        ]
        many = len(values) - _SHORT
        if many > 1 and name in _MANY and filters.more != name:
            more, more_url = f"All {len(values):,} {_MANY[name]}", url(filters, more=name)
            kept = values[:_SHORT] + [v for v in values[_SHORT:] if v.chosen or v.bad]
            yield Facet(name, label, kept, more, more_url)
        elif values:
            yield Facet(name, label, values)


def _values(name: str, counts: Counter[str], chosen: str) -> Iterable[str]:
    if name == "stage":
        return [*map(str, STAGES), *([NONE] if counts[NONE] or chosen == NONE else [])]
    if name == "state":
        return [state for state in STATES if counts[state] or state == chosen]
    found = {value for value, count in counts.items() if count} | ({chosen} if chosen else set())
    return sorted(found, key=lambda value: (value == NONE, -counts[value], value))


def _label(name: str, value: str) -> str:
    if name == "stage":
        return stage_name(None if value == NONE else int(value))
    if value == NONE:
        return f"No {_LABELS[name].lower()}"
    if name == "state":
        return STATES[value]
    return short_ref(value) if name == "owner" else value


def _removals(filters: Filters) -> list[Removal]:
    """Where several filters show nothing: what each would show if it were taken away."""
    return [
        Removal(
            chip,
            url(filters.without(chip.name)),
            queries.count_services(database(), filters.without(chip.name), scorecard(), now()),
        )
        for chip in filters.chosen()
    ]


def _csv(rows: Iterable[Row]) -> Iterator[str]:
    heads = (
        *("ref", "owner", "system", "type", "lifecycle", "state", "stage", "score"),
        *("holds_it_back", "status", "lacking", "repository", "changed", "tags"),
    )
    yield _line(heads)
    for row in rows:
        values = (
            *(row.ref, row.owner, row.system, row.type, row.lifecycle, row.state, row.stage, row.score),
            *(row.first_check, row.first_status, row.lacking, row.repository),
            *(row.committed_at and row.committed_at.isoformat(), " ".join(map(str, row.tags or []))),
        )
        yield _line(values)


def _line(values: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([_cell(value) for value in values])
    return buffer.getvalue()


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = shown(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
