"""Home, teams, checks, crawls, entities, search: what each says, and that its numbers open their lists."""

import re

import pytest
from flask.testing import FlaskClient


def test_home_says_what_got_worse_and_where_to_push(client: FlaskClient) -> None:
    page = client.get("/").text
    worse = page[page.index('id="worse"') : page.index('id="better"')]
    assert re.findall(r"<b><bdi>([^<]+)</bdi></b> ([a-z-]+)", worse) == [
        ("checkout", "slo-defined"),
        ("media-uploads", "runbook-present"),
    ]
    assert re.search(r"was pass\. <bdi>Its target was removed\.", worse)
    assert "fraud-scores" in page[page.index('id="better"') : page.index('id="fix"')]
    assert "22 services" in page
    assert "1 could not be read" in page
    assert "Teams standing still" in page


def test_every_number_of_home_is_that_of_its_list(client: FlaskClient) -> None:
    page = client.get("/").text
    links = re.findall(r'<td class="num"><a href="(/services\?[^"]+)">([\d,]+)</a>', page)
    assert len(links) > 8
    for href, count in links:
        shown = client.get(href.replace("&amp;", "&")).text
        assert len(re.findall(r'scope="row" class="c-name"', shown)) == int(count), href


def test_teams_have_their_services_by_stage(client: FlaskClient) -> None:
    page = client.get("/teams").text
    assert "6 teams" in page
    for href, count in re.findall(r'class="num c-(?:all|at)">.*?<a href="([^"]+)">(\d+)', page):
        shown = client.get(href.replace("&amp;", "&")).text
        assert len(re.findall(r'scope="row" class="c-name"', shown)) == int(count), href
    assert "No owner" in page


def test_a_check_has_its_documentation_and_who_lacks_it(client: FlaskClient) -> None:
    page = client.get("/checks/owner-set").text
    assert "A team is named that answers for the service." in page
    assert "<h2>Why it matters</h2>" in page
    assert "owner: group:default/payments" in page
    statuses = re.findall(r'class="l-st"><span class="st (\w+)"', page)
    assert statuses == sorted(statuses, key=["fail", "partial", "unknown"].index)
    for href, count in re.findall(r'<li><a href="([^"]+)">.*?</span> ([\d,]+)</a>', page):
        shown = client.get(href.replace("&amp;", "&")).text
        assert len(re.findall(r'scope="row" class="c-name"', shown)) == int(count), href
    assert client.get("/checks/none-such").status_code == 404


def test_the_checks_stand_in_order_of_stage_with_a_share(client: FlaskClient) -> None:
    page = client.get("/checks").text
    assert re.search(r">owner-set</a>", page)
    assert re.search(r'class="num c-all">\d+%', page)


def test_a_crawl_groups_what_went_wrong_and_says_what_to_do(client: FlaskClient) -> None:
    page = client.get("/crawls/1").text
    assert "23 of 24 repositories read, 1 could not be" in page
    titles = re.findall(r"<summary><h3><bdi>([^<]+)", page)
    assert titles == ["Could not be read", "Not well formed", "A field is wrong"]
    assert "<code>handrail validate FILE</code>" in page
    assert "catalog-info.yaml</bdi>:12" in page
    only = client.get("/crawls/1?kind=syntax").text
    assert re.findall(r"<summary><h3><bdi>([^<]+)", only) == ["Not well formed"]
    assert client.get("/crawls").text.count("/crawls/1") >= 1
    for path in ("/crawls/99", "/crawls/99999999999999999999"):
        assert client.get(path).status_code == 404


def test_a_team_has_its_services_and_a_system_its_parts(client: FlaskClient) -> None:
    team = client.get("/catalog/group/default/payments").text
    count = re.search(r">(\d+) services</a>", team)
    assert count
    assert len(re.findall(r'scope="row" class="c-name"', team)) == int(count[1])
    assert "web-shop" in team
    system = client.get("/catalog/system/default/web-shop").text
    assert "checkout" in system


def test_a_ref_that_leads_nowhere_says_who_names_it(client: FlaskClient) -> None:
    response = client.get("/services/default/nowhere")
    assert response.status_code == 404
    moved = client.get("/catalog/component/default/payments")
    assert moved.location == "/services/default/payments"
    other = client.get("/catalog/group/default/nobody")
    assert other.status_code == 404
    assert "is not in the catalog" in other.text
    assert client.get("/catalog/Group/default/Payments").location == "/catalog/group/default/payments"


def test_search_finds_services_teams_and_checks(client: FlaskClient) -> None:
    page = client.get("/search?q=payments").text
    first = re.search(r'<ul class="hits">\s*<li><a href="([^"]+)"', page)
    assert first
    assert first[1] == "/services/default/payments"
    assert "/catalog/group/default/payments" in page
    assert "/checks/owner-set" in client.get("/search?q=owner").text
    assert "Nothing has all of these words" in client.get("/search?q=zzzz").text
    assert client.get("/search?q=%25").status_code == 200


@pytest.mark.parametrize(
    "back",
    [
        "//evil.example/",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=1",
    ],
)
def test_the_choice_of_theme_goes_back_only_within_the_site(client: FlaskClient, back: str) -> None:
    response = client.post("/theme", data={"theme": "dark", "back": back})
    assert response.status_code == 303
    assert response.location == "/"


def test_a_chosen_theme_comes_with_the_page(client: FlaskClient) -> None:
    response = client.post("/theme", data={"theme": "dark", "back": "/services?q=a"})
    assert response.location == "/services?q=a"
    assert "HttpOnly" in response.headers["Set-Cookie"]
    assert "SameSite=Lax" in response.headers["Set-Cookie"]
    assert 'data-theme="dark"' in client.get("/services").text
    client.post("/theme", data={"theme": "system", "back": "/"})
    assert "data-theme" not in client.get("/services").text.partition(">")[2][:60]
