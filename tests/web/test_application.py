"""What holds for every page: the map of addresses, headers, errors, the number of queries."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, event

from catalog.tables import metadata
from web import addresses, create_app

ROUTES = Path(__file__).with_name("routes.txt")
PAGES = [
    "/",
    "/services",
    "/services?q=a&sort=-score",
    "/services/default/payments",
    "/services/default/webhooks",
    "/services/default/payments/checks/slo-defined",
    "/services/default/payments/history",
    "/services/default/payments/files/docs/runbook.md",
    "/teams",
    "/checks",
    "/checks/owner-set",
    "/crawls",
    "/crawls/1",
    "/catalog/group/default/payments",
    "/catalog/system/default/web-shop",
    "/catalog/group/default/nobody",
    "/search?q=pay",
    "/nope",
]


class _Attributes(HTMLParser):
    """Collects each tag with each of its attributes, as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(tag, name) for name, _ in attrs] or [(tag, "")]


def attributes(page: str) -> list[tuple[str, str]]:
    """Every tag with every attribute of a page."""
    parser = _Attributes()
    parser.feed(page)
    return parser.found


def test_the_map_of_addresses_is_as_it_is_written_down(app: Flask) -> None:
    found = sorted(f"{rule.rule} {','.join(sorted(rule.methods or ()))}" for rule in app.url_map.iter_rules())
    assert found == ROUTES.read_text().splitlines(), f"if that is meant, change {ROUTES.name}"


@pytest.mark.parametrize("path", [*PAGES, "/api/v1/services", "/static/handrail.css", "/healthz"])
def test_every_answer_has_the_headers_that_keep_a_browser_safe(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"].startswith(
        "default-src 'none'; script-src 'self'; style-src 'self'"
    )
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", PAGES)
def test_no_page_holds_inline_script_style_or_anything_of_another_host(
    client: FlaskClient, path: str
) -> None:
    page = client.get(path).text
    for tag, name in attributes(page):
        assert tag != "style"
        assert name != "style"
        assert not name.startswith(("on", "hx-on", "hx-vals")), (tag, name)
    for script in re.findall(r"<script[^>]*>[^<]*", page):
        assert re.fullmatch(r'<script src="/static/[^"]+" defer>', script)
    for address in re.findall(r'(?:src|<link[^>]*href)="([^"]*)"', page):
        assert address.startswith("/static/")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_well_formed_and_every_id_is_there_once(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))
    assert page.count("<h1") == 1
    for tag in (
        "div",
        "section",
        "ul",
        "ol",
        "table",
        "details",
        "dl",
        "form",
        "span",
        "bdi",
        "p",
        "a",
        "svg",
    ):
        assert len(re.findall(rf"<{tag}[\s>]", page)) == page.count(f"</{tag}>"), tag
    for used in re.findall(r'aria-labelledby="([^"]+)"|<use href="#([^"]+)"', page):
        assert (used[0] or used[1]) in ids


@pytest.mark.parametrize("path", PAGES)
def test_every_link_within_the_site_leads_somewhere(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    for href in sorted(set(re.findall(r'href="(/[^"]*)"', page)))[:80]:
        status = client.get(href.replace("&amp;", "&")).status_code
        assert status in (200, 302) or "nowhere" in href, href


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The same organisation with a hundred services more."""
    folder = tmp_path_factory.mktemp("larger")
    engine = create_engine(f"sqlite:///{folder / 'handrail.db'}")
    metadata.create_all(engine)
    fill = request.getfixturevalue("fill_organisation")
    with engine.begin() as connection:
        fill(connection, folder / "payments", 100)
    yield engine
    engine.dispose()


def queries(engine: Engine, path: str) -> int:
    """How many statements a page sends to the database."""
    client = create_app(engine).test_client()
    client.get(path)
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    event.listen(engine, "before_cursor_execute", counted)
    client.get(path)
    event.remove(engine, "before_cursor_execute", counted)
    return count


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_no_more_of_the_database_where_there_is_more_in_it(
    organisation: Engine, larger: Engine, path: str
) -> None:
    few, many = queries(organisation, path), queries(larger, path)
    assert many <= few
    assert few <= (14 if path == "/" else 9)


def test_a_fault_is_a_page_with_a_request_id_that_the_log_has(
    organisation: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(organisation)

    def fail() -> None:
        raise RuntimeError("a secret of the inside")

    app.add_url_rule("/fail", "fail", fail)
    app.add_url_rule("/api/fail", "api_fail", fail)
    client = app.test_client()
    response = client.get("/fail")
    assert response.status_code == 500
    assert "a secret" not in response.text
    found = re.search(r'request id <span class="mono">([0-9a-f]{16})</span>', response.text)
    assert found
    assert found[1] in caplog.text
    assert client.get("/api/fail").get_json()["error"]["title"] == "Handrail met a fault of its own"


def test_nothing_but_the_theme_is_posted(app: Flask) -> None:
    posted = [rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    assert posted == ["/theme"]


def test_too_large_a_request_is_refused(client: FlaskClient) -> None:
    assert client.post("/theme", data={"back": "x" * 100_000}).status_code == 413


def test_addresses_built_by_hand_are_those_of_the_routes(app: Flask) -> None:
    with app.test_request_context():
        name = {"namespace": "default", "name": "a.b-c_d"}
        assert addresses.services_url() == url_for("services.index")
        assert addresses.service_url("Default", "A.b-c_d") == url_for("service.show", **name)
        opened = url_for("service.show", **name, open="ci-tests", _anchor="ci-tests")
        assert addresses.service_url("default", "a.b-c_d", open="ci-tests") == opened
        assert addresses.entity_url("component:default/a.b-c_d") == url_for("service.show", **name)
        assert addresses.entity_url("Group:default/x y") == url_for(
            "entities.show", kind="group", namespace="default", name="x y"
        )
        for text in ("", "payments", "group:payments", "group:/x", "a:b/c/d"):
            assert addresses.entity_url(text) is None


def test_static_files_are_kept_by_browsers_for_as_long_as_they_are_the_same(client: FlaskClient) -> None:
    page = client.get("/services").text
    for address in re.findall(r'"(/static/[^"]+)"', page):
        response = client.get(address)
        assert response.status_code == 200
        assert "immutable" in response.headers["Cache-Control"]
        assert client.get(address, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
    assert "immutable" not in client.get("/static/handrail.css?v=old").headers["Cache-Control"]
    for path in ("/static/nope.js", "/static/../views/api.py", "/static/%2e%2e/__init__.py"):
        assert client.get(path).status_code == 404


def test_statements_stand_in_the_queries_alone() -> None:
    folder = Path(addresses.__file__).parent
    for path in folder.rglob("*.py"):
        if path.parent.name != "queries":
            imports = re.findall(r"from sqlalchemy\S* import (.*)", path.read_text())
            assert set(", ".join(imports).split(", ")) <= {"", "Connection", "Engine", "SQLAlchemyError"}, (
                path.name
            )
