"""The JSON API: services as in `handrail check --format json`, with where and when they were read."""

from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request, url_for

from catalog.ref import parse_ref
from catalog.secrets import masked_deep
from web.filters import read_filters
from web.queries.entities import entities_by_id, scores_by_entity
from web.queries.service import EntityRow, ScoreRow, entities_of
from web.queries.services import count_services, service_rows
from web.reading import database, now, scorecard

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
_PAGE = 100


@blueprint.get("/services")
def services() -> Response:
    """Services, by the filters and in the order of the page, 100 at a time; `next` is the next hundred."""
    filters = read_filters(request.args)
    connection = database()
    rows = service_rows(connection, filters, scorecard(), now(), _PAGE, (filters.page - 1) * _PAGE)
    total = count_services(connection, filters, scorecard(), now())
    ids = [row.id for row in rows]
    scores = scores_by_entity(connection, ids)
    more = f"{url_for('api.services')}?{filters.query(page=filters.page + 1)}"
    return jsonify(
        {
            "schema": 1,
            "handrail": version("handrail"),
            "total": total,
            "next": more if filters.page * _PAGE < total else None,
            "services": [service_json(e, scores[e.id]) for e in entities_by_id(connection, ids)],
        }
    )


@blueprint.get("/services/<path:ref>")
def service(ref: str) -> Response:
    """One service by its ref; the kind `component` and the namespace `default` may be left out."""
    parsed = parse_ref(ref, "component")
    found = entities_of(database(), str(parsed)) if parsed else []
    entity = next((e for e in found if e.scored), None)
    if entity is None:
        abort(404, f"No service {ref} is in the catalog.")
    scores = scores_by_entity(database(), [entity.id])[entity.id]
    return jsonify({"schema": 1, "handrail": version("handrail"), "service": service_json(entity, scores)})


@blueprint.route("/", defaults={"_path": ""})
@blueprint.route("/<path:_path>")
def nothing(_path: str) -> Response:
    """Any other address of the API, so that its errors are JSON too."""
    abort(404, "The API has /api/v1/services and /api/v1/services/<ref>.")


def service_json(entity: EntityRow, scores: list[ScoreRow]) -> dict[str, Any]:
    """A service in the shape that `handrail services --format json` has."""
    found = {
        "ref": entity.ref,
        "path": entity.path or ".",
        "kind": entity.kind,
        "type": entity.type,
        "lifecycle": entity.lifecycle,
        "owner": entity.owner,
        "system": entity.system,
        "tags": entity.tags or [],
        "state": entity.state,
        "repository": entity.repository,
        "commit": entity.commit,
        "stale_since": entity.stale_since.isoformat() if entity.stale_since else None,
        "scorecards": [
            {
                "name": score.scorecard,
                "stage": score.stage,
                "stage_possible": score.stage_possible,
                "score": score.score,
                "score_possible": score.score_possible,
                "next": score.next,
                "checks": score.checks,
            }
            for score in scores
        ],
    }
    masked: dict[str, Any] = masked_deep(found)
    return masked
