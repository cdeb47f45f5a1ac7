"""An entity that is no service: a team, a system, an API, a resource; and refs that lead nowhere."""

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalog.ref import parse_ref
from web.addresses import service_url
from web.descriptors import descriptors_of
from web.filters import Filters
from web.hosting import host_of
from web.oncall import links_of
from web.partials import page
from web.queries.entities import who_names
from web.queries.service import EntityRow, entities_of, relation_rows
from web.queries.services import facets, service_rows
from web.reading import database, now, scorecard
from web.relations import grouped
from web.views.service import Linking
from web.views.services import url

blueprint = Blueprint("entities", __name__)
_MOST = 50


@blueprint.get("/catalog/<kind>/<namespace>/<name>")
def show(kind: str, namespace: str, name: str) -> AnyResponse:
    """The page of an entity; for a ref that leads nowhere, who names it."""
    if kind.lower() == "component":
        return redirect(service_url(namespace, name))
    ref = f"{kind}:{namespace}/{name}"
    if ref != ref.lower():
        place = {"kind": kind.lower(), "namespace": namespace.lower(), "name": name.lower()}
        return redirect(url_for("entities.show", **place))  # type: ignore[arg-type]
    found = entities_of(database(), ref)
    return _page(found[0], found[1:]) if found else _nowhere(ref)


def _page(entity: EntityRow, claims: list[EntityRow]) -> Response:
    connection, name = database(), scorecard()
    filters = _services_of(entity)
    rows = service_rows(connection, filters, name, now(), _MOST) if filters else []
    counts = facets(connection, filters, name, now()) if filters else None
    relations = [
        row
        for row in relation_rows(connection, entity.id, entity.ref, name)
        # What it owns or holds is the table of services, not a list of names.
        if not (
            filters and not row.outgoing and row.type in ("ownedBy", "partOf") and row.kind == "Component"
        )
    ]
    return page(
        "entity.html",
        entity=entity,
        claims=claims,
        rows=rows,
        counts=counts,
        filters=filters,
        url=url,
        links=links_of(entity.document),
        descriptors=descriptors_of(entity.document),
        relations=grouped(relations),
        linking=Linking(entity, host_of(entity.url, entity.commit)),
    )


def _services_of(entity: EntityRow) -> Filters | None:
    """The list of services that belong to an entity, where its kind has them."""
    kind = entity.kind.lower()
    if kind in ("group", "user"):
        return Filters(owner=entity.ref, sort="stage")
    return Filters(system=entity.ref, sort="stage") if kind == "system" else None


def _nowhere(ref: str) -> Response:
    kind, _, rest = ref.partition(":")
    names = who_names(database(), ref, _MOST) if parse_ref(rest, kind) else []
    owned = service_rows(database(), Filters(owner=ref), scorecard(), now(), _MOST)
    response = make_response(
        render_template(
            "nowhere.html", ref=ref, names=names, owned=owned, kind=kind, url=url, filters=Filters()
        )
    )
    response.status_code = 404
    return response
