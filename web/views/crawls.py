"""Crawls: is what I see true?"""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, request, url_for

from web.filters import read_filters
from web.partials import page
from web.queries.crawls import (
    ProblemRow,
    crawl_row,
    crawl_rows,
    problem_kinds,
    problem_rows,
    repository_counts,
    repository_rows,
)
from web.reading import database

blueprint = Blueprint("crawls", __name__)
_PAGE = 50
_FEW = 20
_KINDS = {
    "unreadable": (
        "Could not be read",
        "See whether the address is right and Handrail may read it. What pages show of it is from before.",
    ),
    "syntax": (
        "Not well formed",
        "Correct the file at the line that is named. Until then it counts as absent.",
    ),
    "schema": (
        "A field is wrong",
        "Correct the field; `handrail validate FILE` says whether it is right now.",
    ),
    "reference": ("Leads nowhere", "Correct the name, or add what it names to the catalog."),
    "conflict": (
        "Declared twice",
        "Rename one of the two, or remove its descriptor. The first one that was known is shown.",
    ),
    "limit": ("Larger than what is read", "Split the file or the repository; the rest of it was read."),
    "check": (
        "A check failed by itself",
        "It is shown as unknown. Report it with the message to whoever wrote the check.",
    ),
}


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """All problems of one kind, with what to do; `rows` the first of them."""

    kind: str
    title: str
    action: str
    count: int
    repositories: int
    rows: list[ProblemRow]


@blueprint.get("/crawls")
def index() -> Response:
    """All crawls, the newest first."""
    number = read_filters(request.args).page
    rows = crawl_rows(database(), _PAGE + 1, (number - 1) * _PAGE)
    return page("crawls.html", rows=rows[:_PAGE], number=number, more=len(rows) > _PAGE)


@blueprint.get("/crawls/<int:id_>")
def show(id_: int) -> Response:
    """What one crawl read and what went wrong, by kind."""
    connection = database()
    crawl = crawl_row(connection, id_) if id_ < 2**31 else None
    if crawl is None:
        abort(404, f"There is no crawl {id_}.")
    kinds = problem_kinds(connection, id_)
    chosen = request.args.get("kind", "")
    chosen = chosen if chosen in kinds else ""
    groups = []
    for kind in sorted(kinds, key=lambda k: ([*_KINDS].index(k) if k in _KINDS else len(_KINDS), k)):
        title, action = _KINDS.get(kind, (kind, "See what the message says."))
        limit = 500 if chosen == kind else _FEW
        if not chosen or chosen == kind:
            rows = problem_rows(connection, id_, kind, limit)
            groups.append(ProblemGroup(kind, title, action, *kinds[kind], rows))
    total, stale = repository_counts(connection)
    number = min(read_filters(request.args).page, max(1, -(-total // _PAGE)))
    return page(
        "crawl.html",
        crawl=crawl,
        groups=groups,
        chosen=chosen,
        problems=sum(count for count, _ in kinds.values()),
        unread=kinds.get("unreadable", (0, 0))[1],
        total=total,
        stale=stale,
        repositories=repository_rows(connection, _PAGE, (number - 1) * _PAGE),
        number=number,
        last_page=max(1, -(-total // _PAGE)),
        pages_url=lambda page_: url_for("crawls.show", id_=id_, page=page_),
    )
