"""Pages of services that other formats, or several descriptors, declare: as a crawl stores them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from handrail.crawl.run import crawl
from handrail.database import Database, open_database
from tests.web.conftest import git_repository
from web import create_app
from web.descriptors import descriptors_of

BACKSTAGE = (
    "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: fares}\n"
    "spec:\n  type: service\n  owner: group:pricing\n  lifecycle: production\n"
)
OPSLEVEL = (
    "version: 1\nservice:\n  name: fares\n  owner: travel\n  tier: tier_1\n  product: Tickets\n"
    "  tools:\n  - {name: Graphs, category: metrics, url: 'https://grafana.example.com/d/1'}\n"
)
HOOK = "https://hooks.slack.com/services/T1/B2/verysecret"
DATADOG = (
    "schema-version: v2.2\ndd-service: seats\nteam: travel\nlifecycle: beta\ncontacts:\n"
    f"- {{type: slack, contact: '{HOOK}'}}\n- {{type: slack, contact: '#seats'}}\n"
    "links:\n- {name: Book, type: runbook, url: 'https://ada:verysecret@wiki.example.com/seats'}\n"
)
COMPASS = "name: routes\nconfigVersion: 1\nownerId: ari:cloud:identity::team/5555-uuid\n"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("several")
    for name, files in {
        "fares": {"catalog-info.yaml": BACKSTAGE, "opslevel.yml": OPSLEVEL},
        "seats": {"service.datadog.yaml": DATADOG},
        "routes": {"compass.yml": COMPASS},
    }.items():
        (folder / "all" / name).mkdir(parents=True)
        git_repository(folder / "all" / name, {**files, "main.go": "package main\n"})
    url = f"sqlite:///{folder / 'handrail.db'}"
    crawl([Path(folder / "all")], Database(url), lambda *_: None, datetime.now(UTC))
    engine = open_database(url, create=False)
    yield create_app(engine).test_client()
    engine.dispose()


def test_the_page_shows_which_descriptor_each_field_is_from(pages: FlaskClient) -> None:
    page = pages.get("/services/default/fares").text
    panel = page[page.index('id="descriptors"') :]
    panel = panel[: panel.index("</section>")]
    assert "catalog-info.yaml" in panel
    assert "OpsLevel" in panel
    assert '/files/catalog-info.yaml#L6"><bdi>Owner' in panel
    assert '/files/opslevel.yml#L5"><bdi>Tier' in panel


def test_the_page_shows_a_contradiction_with_both_places(pages: FlaskClient) -> None:
    page = pages.get("/services/default/fares").text
    note = page[page.index("contradict one another") :]
    note = note[: note.index("</p>")]
    assert "Owner" in note
    assert "group:pricing" in note
    assert "/files/catalog-info.yaml#L6" in note
    assert "group:default/travel" in note
    assert "/files/opslevel.yml#L4" in note


def test_each_descriptor_can_be_read_there(pages: FlaskClient) -> None:
    for path, words in (("catalog-info.yaml", "group:pricing"), ("opslevel.yml", "tier_1")):
        answer = pages.get(f"/services/default/fares/files/{path}")
        assert answer.status_code == 200
        assert words in answer.text
    assert pages.get("/services/default/fares/files/main.go").status_code == 404
    shown = pages.get("/services/default/seats/files/service.datadog.yaml").text
    assert "verysecret" not in shown


def test_words_of_other_formats_stand_beside_their_meaning(pages: FlaskClient) -> None:
    fares = pages.get("/services/default/fares").text
    assert 'tier_1</bdi> <span class="quiet">(that is <bdi>1</bdi>)' in fares
    assert "<dt>Product</dt><dd><bdi>Tickets" in fares
    seats = pages.get("/services/default/seats").text
    assert 'beta</bdi> <span class="quiet">(that is <bdi>experimental</bdi>)' in seats
    assert "slack: #seats" in seats
    assert "(<bdi>Datadog</bdi>)" in seats
    assert "contradict" not in seats


def test_credentials_in_contacts_are_shown_nowhere(pages: FlaskClient) -> None:
    for address in ("/services/default/seats", "/api/v1/services", "/api/v1/services/seats", "/crawls"):
        answer = pages.get(address)
        assert answer.status_code == 200
        assert "verysecret" not in answer.text, address


def test_a_team_of_which_only_the_identifier_is_known_is_not_shown_as_one(pages: FlaskClient) -> None:
    page = pages.get("/services/default/routes").text
    head = page[page.index("service-head") : page.index('<dl class="strip">')]
    assert "an unresolved Compass team</bdi>," in head
    about = page[page.index('id="about"') :]
    assert "5555-uuid" not in head + about


def test_a_document_of_no_known_shape_tells_nothing() -> None:
    for document in (None, {}, {"metadata": None}, {"metadata": {"labels": []}}):
        assert descriptors_of(document).files == ()
