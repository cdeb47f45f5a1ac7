"""Whether the application lives, and whether it can answer."""

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from web.errors import error_json
from web.queries.crawls import last_crawl
from web.reading import database

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    """The process answers; nothing else is asked."""
    return jsonify({"schema": 1, "status": "ok"})


@blueprint.get("/readyz")
def ready() -> Response:
    """The database answers and has its tables; else 503."""
    try:
        crawl = last_crawl(database())
    except SQLAlchemyError:
        return error_json(503, "Not ready", "The database cannot be read.")
    finished = crawl.finished_at.isoformat() if crawl and crawl.finished_at else None
    return jsonify({"schema": 1, "status": "ready", "last_crawl": finished})
