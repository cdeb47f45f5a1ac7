"""The JSON API: one shape for services, one for errors."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine

import handrail
from web import create_app

SCHEMA = json.loads((Path(handrail.__file__).parent / "schemas" / "services.schema.json").read_text())


def valid(service: dict[str, Any]) -> None:
    """Complain of a service that has not the shape that `handrail services` promises."""
    jsonschema.Draft202012Validator({"$ref": "#/$defs/service", "$defs": SCHEMA["$defs"]}).validate(service)


def test_services_have_the_shape_of_the_command(client: FlaskClient) -> None:
    answer = client.get("/api/v1/services").get_json()
    assert answer["schema"] == 1
    assert answer["total"] == len(answer["services"]) == 22
    assert answer["next"] is None
    for service in answer["services"]:
        valid(service)


def test_the_filters_of_the_page_filter_the_api(client: FlaskClient) -> None:
    answer = client.get("/api/v1/services?stage=4").get_json()
    assert [service["ref"] for service in answer["services"]] == ["component:default/fraud-scores"]


@pytest.mark.parametrize("ref", ["component:default/payments", "default/payments", "payments", "Payments"])
def test_one_service_by_its_ref_however_short(client: FlaskClient, ref: str) -> None:
    service = client.get(f"/api/v1/services/{ref}").get_json()["service"]
    valid(service)
    assert service["ref"] == "component:default/payments"
    assert service["scorecards"][0]["next"] == ["slo-defined", "health-probed"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/api/v1/services/nope", 404),
        ("get", "/api/v1/services/group:default/payments", 404),
        ("get", "/api/v1/services/%00", 404),
        ("get", "/api/v1/", 404),
        ("get", "/api/v1/other/thing", 404),
        ("post", "/api/v1/services", 405),
    ],
)
def test_every_error_has_one_shape(client: FlaskClient, method: str, path: str, status: int) -> None:
    response = getattr(client, method)(path)
    assert response.status_code == status
    assert response.content_type == "application/json"
    body = response.get_json()
    assert set(body) == {"schema", "error"}
    assert set(body["error"]) == {"status", "title", "detail", "request_id"}
    assert body["error"]["status"] == status


def test_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"schema": 1, "status": "ok"}
    assert client.get("/readyz").get_json()["status"] == "ready"


def test_without_tables_it_lives_but_is_not_ready(tmp_path: Path) -> None:
    client = create_app(create_engine(f"sqlite:///{tmp_path / 'none.db'}")).test_client()
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.get_json()["error"]["status"] == 503
    page = client.get("/services")
    assert page.status_code == 503
    assert "The database cannot be read" in page.text
    assert client.get("/api/v1/services").get_json()["error"]["status"] == 503
