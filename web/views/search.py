"""Search: services, teams and other entities, and checks, by any word of theirs."""

from flask import Blueprint, Response, request

from web.documentation import documentation
from web.filters import read_filters
from web.partials import page
from web.queries.search import search_entities
from web.reading import database

blueprint = Blueprint("search", __name__)
_MOST = 50


@blueprint.get("/search")
def index() -> Response:
    """What was found, best first."""
    filters = read_filters(request.args)
    words = filters.words
    checks = [
        doc
        for doc in documentation().values()
        if words and all(word in f"{doc.id} {doc.title}".lower() for word in words)
    ]
    hits = search_entities(database(), words, _MOST) if words else []
    return page("search.html", q=filters.q, hits=hits, checks=checks, most=_MOST)
