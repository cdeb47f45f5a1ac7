"""The list of services: filters, order, pages, partials, export."""

import csv
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from web import create_app

HTMX = {"HX-Request": "true", "HX-Target": "results"}


def names(page: str) -> list[str]:
    """The names of the services that a page lists, in order."""
    return re.findall(r'scope="row" class="c-name"><a [^>]*title="([^"]*)"', page)


def test_every_service_that_is_not_gone_is_listed_by_name(client: FlaskClient) -> None:
    page = client.get("/services").text
    assert "22 services" in page
    assert names(page) == sorted(names(page))
    assert names(page).count("ledger") == 2  # one that holds the name, one in conflict
    assert "old-cart" not in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=SESSION", ["session-store"]),
        ("q=what+tax", ["tax-rules"]),
        ("q=pci+image", []),
        ("owner=none", ["ledger", "pricing"]),
        ("state=gone", ["old-cart"]),
        ("state=undeclared", ["reports"]),
        ("stage=none", ["ledger", "tax-rules"]),
        ("type=library", ["tax-rules"]),
        ("stage=4", ["fraud-scores"]),
        ("tag=pci&lifecycle=experimental", ["payments"]),
        ("moved=worse", ["checkout", "media-uploads"]),
        ("moved=better", ["fraud-scores"]),
        ("check=chaos-test-exists&status=fail&owner=group:default/payments", ["payments", "returns"]),
    ],
)
def test_filters_show_what_they_say(client: FlaskClient, query: str, expected: list[str]) -> None:
    assert names(client.get(f"/services?{query}").text) == expected


@pytest.mark.parametrize("text", ["100%", "a_b", "%", "_", "!", "'; drop table entity; --", "\\"])
def test_a_search_is_text_and_no_pattern(client: FlaskClient, text: str) -> None:
    response = client.get("/services", query_string={"q": text})
    assert response.status_code == 200
    assert names(response.text) == []


def test_a_control_character_in_a_search_is_as_if_it_were_not_there(client: FlaskClient) -> None:
    assert names(client.get("/services", query_string={"q": "pri\0cing\x1f"}).text) == ["pricing"]


def test_every_count_of_a_filter_is_what_its_link_shows(client: FlaskClient) -> None:
    for start in ("/services", "/services?lifecycle=production", "/services?owner=group:default/risk"):
        page = client.get(start).text
        links = re.findall(r'<a id="f-[^"]*" href="([^"]*)"[^>]*>.*?<span class="n">([\d,]+)</span>', page)
        assert len(links) > 15
        for href, count in links:
            shown = client.get(href.replace("&amp;", "&")).text
            if (
                'aria-current="true"'
                in re.search(rf'<a id="f-[^"]*" href="{re.escape(href)}"[^>]*>', page)[0]
            ):  # type: ignore[index]
                continue  # the chosen value's link takes it away
            assert len(names(shown)) == int(count), href


@pytest.mark.parametrize("key", ["name", "owner", "stage", "score", "changed"])
def test_an_order_and_its_reverse_hold_the_same_services(client: FlaskClient, key: str) -> None:
    up, down = (names(client.get(f"/services?sort={sign}{key}").text) for sign in ("", "-"))
    assert sorted(up) == sorted(down)
    assert up != down
    assert 'aria-sort="descending"' in client.get(f"/services?sort=-{key}").text


def test_what_has_no_score_stands_last_in_either_order(client: FlaskClient) -> None:
    for sort in ("score", "-score"):
        page = client.get(f"/services?sort={sort}").text
        assert "Not scored" in page.split("<tr")[-1]


def test_an_address_of_nonsense_shows_everything(client: FlaskClient) -> None:
    response = client.get(
        "/services?page=-3&sort=drop&stage=9&status=x&state=y&moved=z&page=99999999999999999999"
    )
    assert "22 services" in response.text


def test_a_page_past_the_last_is_the_last(client: FlaskClient) -> None:
    assert len(names(client.get("/services?page=999").text)) == 22


def test_htmx_gets_the_results_and_a_restored_page_is_whole(client: FlaskClient) -> None:
    part = client.get("/services?q=pay", headers=HTMX)
    assert "<html" not in part.text
    assert part.text.lstrip().startswith('<div id="results">')
    assert 'hx-swap-oob="innerHTML:#count"' in part.text
    assert 'id="facets" hx-swap-oob="true"' in part.text
    assert part.headers["HX-Push-Url"] == "/services?q=pay"
    restored = client.get("/services?q=pay", headers=HTMX | {"HX-History-Restore-Request": "true"})
    whole = client.get("/services?q=pay")
    assert restored.text.startswith("<!doctype html>")
    assert whole.text.startswith("<!doctype html>")
    for response in (part, restored, whole):
        assert "HX-Request" in response.headers["Vary"]


def test_typing_replaces_the_address_and_choosing_pushes_it(client: FlaskClient) -> None:
    typed = client.get("/services?q=pay&sort=name", headers=HTMX | {"HX-Trigger": "q"})
    assert typed.headers["HX-Replace-Url"] == "/services?q=pay"
    assert "HX-Push-Url" not in typed.headers
    boosted = client.get("/services?stage=1", headers=HTMX | {"HX-Boosted": "true"})
    assert "HX-Push-Url" not in boosted.headers  # htmx pushes a link's own address


def test_where_nothing_is_found_each_filter_says_what_it_hides(client: FlaskClient) -> None:
    page = client.get("/services?owner=none&stage=5").text
    assert "No service has all of these" in page
    assert re.search(r'href="/services\?owner=none">Without .*?</a>: 2 services', page)


def test_an_empty_catalog_says_how_to_fill_it(nothing: Engine) -> None:
    client = create_app(nothing).test_client()
    for path in ("/", "/services", "/teams", "/crawls"):
        page = client.get(path).text
        assert "handrail crawl FOLDER" in page, path
    assert "No services yet" in client.get("/services").text


def test_the_export_holds_the_filtered_list_and_no_formula(client: FlaskClient, app: Flask) -> None:
    response = client.get("/services.csv?owner=none")
    assert response.headers["Content-Disposition"] == 'attachment; filename="services.csv"'
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert [row["ref"] for row in rows] == ["component:default/ledger", "component:default/pricing"]
    from web.views.services import _cell

    for text in ("=1+1", "+1", "-1", "@x", "\tx"):
        assert _cell(text).startswith("'") or not _cell(text).startswith(("=", "+", "-", "@", "\t"))
