"""The page of a service: on call, verdict, evidence, relations, history; what is hostile stays harmless."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update

from catalog.tables import Entity
from scorecards.tables import Score
from tests.web.conftest import git_repository
from web.excerpts import Source
from web.results import CheckResult
from web.starts import start_of

TODAY = date(2026, 11, 24)
SERVICE = "/services/default/payments"


def test_what_is_needed_at_night_comes_first(client: FlaskClient) -> None:
    page = client.get(SERVICE).text
    strip = page[page.index('<dl class="strip">') : page.index('<div class="verdict">')]
    assert f'href="{SERVICE}/files/docs/runbook.md#L1"' in strip
    assert "PagerDuty, by the descriptor" in strip
    assert "helm upgrade --atomic" in strip
    assert "99.9 %, prose only" in strip
    assert "2 dashboards" in strip
    assert "Retry" in strip


def test_the_verdict_says_the_stage_and_what_holds_it_back(client: FlaskClient) -> None:
    page = client.get(SERVICE).text
    assert "Stage 2, Firefighting" in page
    assert "2 required checks of stage 3 do not hold: 1 is partial, 1 is unknown." in page
    assert "To reach stage 3, Automation" in page
    assert 'aria-current="step"' in page
    assert "76.0 if the unknown check passes" in page
    assert "up 21.5 in 80 days" in page


def test_what_to_do_first_stands_in_the_order_that_the_crawl_stored(client: FlaskClient) -> None:
    page = client.get(SERVICE).text
    steps = page[page.index('<ol class="next">') : page.index('id="score"')]
    stored = client.get(f"/api/v1{SERVICE}").json["service"]["scorecards"][0]["next"]
    assert len(stored) > 1
    assert re.findall(r"<b>([\w-]+)</b>", steps) == stored[:5]


def test_waived_is_counted_as_waived_alone(client: FlaskClient) -> None:
    page = client.get(SERVICE).text
    counts = page[page.index('<ul class="counts">') : page.index('id="stage-list"')]
    assert re.findall(r"</svg>(\w+)</span> (\d)", counts) == [
        ("Partial", "1"),
        ("Unknown", "1"),
        ("Pass", "5"),
        ("Waived", "1"),
    ]


def test_evidence_stands_in_the_page_with_its_line_marked(client: FlaskClient) -> None:
    page = client.get(SERVICE).text
    assert '<span data-n="7" class="hit">Target: 99.9 % of requests over 30 days.</span>' in page
    assert '<span data-n="5">## Availability</span>' in page
    assert re.search(r'href="https://github\.com/shop/payments/blob/[0-9a-f]{40}/docs/slo\.md#L7"', page)
    assert "Looked at and not counted: 1 place" in page
    assert "<code>slo/payments.yaml</code> in OpenSLO" in page


def test_the_worst_check_of_the_stage_being_climbed_is_open(client: FlaskClient) -> None:
    page = client.get(SERVICE).text
    assert re.search(r'<details class="check" id="slo-defined" open', page)
    asked = client.get(f"{SERVICE}?open=owner-set").text
    assert re.search(r'<details class="check" id="owner-set" open', asked)
    assert "apiVersion: backstage.io" in asked


def test_evidence_of_what_holds_is_loaded_when_it_is_opened(client: FlaskClient) -> None:
    page = client.get(SERVICE).text
    assert f'id="owner-set" hx-get="{SERVICE}/checks/owner-set" hx-trigger="toggle once"' in page
    whole = client.get(f"{SERVICE}/checks/owner-set")
    part = client.get(
        f"{SERVICE}/checks/owner-set", headers={"HX-Request": "true", "HX-Target": "body-owner-set"}
    )
    assert "<html" in whole.text
    assert "<html" not in part.text
    for text in (whole.text, part.text):
        assert "kind: Component" in text
    assert client.get(f"{SERVICE}/checks/nothing").status_code == 404


def test_relations_are_shown_both_ways_and_one_that_leads_nowhere_as_such(client: FlaskClient) -> None:
    page = client.get(SERVICE).text
    relations = page[page.index('id="relations"') :]
    assert re.search(r"<dt><bdi>Needs</bdi></dt>\s*<dd><a [^>]*>\s*<bdi>identity", relations)
    assert re.search(r"<dt><bdi>Needed by</bdi></dt>\s*<dd><a [^>]*><bdi>checkout", relations)
    assert relations.count("not in the catalog") == 1
    assert "Weakest need" in relations


def test_history_says_what_was_before(client: FlaskClient) -> None:
    for path in ("/services/default/checkout", "/services/default/checkout/history"):
        page = client.get(path).text
        assert "was pass" in page
        assert "Its target was removed." in page


def test_a_name_claimed_twice_is_said_on_both_pages(client: FlaskClient) -> None:
    first = client.get("/services/default/ledger").text
    assert "shop/ledger-fork</bdi> declares the same name" in first
    other = re.search(r'href="(/services/default/ledger\?in=\d+)"', first)
    assert other
    second = client.get(other[1]).text
    assert "Two repositories declare" in second
    assert "while another repository holds its name" in second


def test_what_is_stale_undeclared_gone_or_without_a_stage_is_said(client: FlaskClient) -> None:
    assert "could not be read since" in client.get("/services/default/webhooks").text
    assert "No descriptor declares it" in client.get("/services/default/reports").text
    assert "It is gone" in client.get("/services/default/old-cart").text
    library = client.get("/services/default/tax-rules").text
    assert "No stage" in library
    assert 'class="ladder"' not in library


def test_an_unreadable_repository_is_said_where_the_excerpt_would_be(client: FlaskClient) -> None:
    page = client.get("/services/default/payments?open=runbook-present").text
    assert "# Runbook: payments" in page
    # The others' repositories are nowhere; their page stands all the same.
    assert client.get("/services/default/checkout").status_code == 200


def test_addresses_are_lower_case_and_an_unknown_one_is_404(client: FlaskClient) -> None:
    response = client.get("/services/Default/Payments")
    assert response.status_code == 302
    assert response.location == SERVICE
    missing = client.get("/services/default/nope")
    assert missing.status_code == 404
    assert "There is no such page" in missing.text


def test_text_of_a_repository_cannot_act_on_the_page(client: FlaskClient) -> None:
    page = client.get("/services/default/webhooks").text
    assert "<img src=x" not in page
    assert "\u202e" not in page
    assert "\x07" not in page
    assert "[U+202E]\u2407&lt;img" in page
    assert "hooks.slack.com/services/T0" not in page
    assert 'href="javascript:' not in page
    assert 'Trap</bdi> <span class="quiet">(its address is no link that may be followed)' in page


def test_a_document_is_rendered_without_what_its_author_could_misuse(client: FlaskClient) -> None:
    page = client.get(f"{SERVICE}/files/docs/runbook.md").text
    assert "<h2>Runbook: payments</h2>" in page
    assert f'<a href="{SERVICE}/files/docs/slo.md">objectives</a>' in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "tracker.example" not in page
    assert "[image: graph]" in page
    assert "javascript:" not in page
    assert '<a href="https://example.com/help" rel="noreferrer nofollow">out</a>' in page
    assert "<th>Signal</th>" in page


def test_only_documents_and_evidence_are_shown(client: FlaskClient) -> None:
    assert client.get(f"{SERVICE}/files/.github/workflows/deploy.yml").status_code == 200
    assert client.get(f"{SERVICE}/files/catalog-info.yaml").status_code == 200
    for path in ("secret.env", "docs", "nope.md", "../../etc/passwd", "%2e%2e/x.md", ".git/config"):
        assert client.get(f"{SERVICE}/files/{path}").status_code == 404, path


def test_the_start_of_what_is_missing_can_be_copied(client: FlaskClient) -> None:
    page = client.get(f"{SERVICE}/checks/ci-tests").text
    assert "To begin with:" not in page  # it holds
    missing = client.get(f"{SERVICE}/checks/slo-defined").text
    assert "<code>handrail check --fix slo-defined</code> writes the" in missing


def test_a_start_is_read_from_the_repository_and_named_for_the_service(tmp_path: Path) -> None:
    descriptor = (
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: payments}\n"
        "spec: {type: service, lifecycle: production, owner: payments}\n"
    )
    commit = git_repository(tmp_path, {"catalog-info.yaml": descriptor, "main.go": "package main\n"})
    result = CheckResult("slo-defined", 3, True, "fail", "None.", (), (), "Add one.", None, None)
    start = start_of(Source(str(tmp_path), "payments", commit), "component:default/payments", result, TODAY)
    assert start is not None
    assert start.path == "slo/payments.yaml"
    ref = "component:default/payments"
    here = Source(str(tmp_path), "payments", commit)
    held = replace(result, status="pass")
    assert start_of(here, ref, held, TODAY) is None
    gone = Source(str(tmp_path / "nowhere"), "payments", commit)
    assert start_of(gone, ref, result, TODAY) is None
    assert start_of(Source(str(tmp_path), "payments", "b" * 40), ref, result, TODAY) is None
    assert start_of(here, "component:default/ledger", result, TODAY) is None


def test_at_the_top_what_is_left_raises_the_score_and_no_stage(
    client: FlaskClient, organisation: Engine
) -> None:
    with organisation.connect() as connection:
        query = select(Score.id, Score.checks, Score.stage, Score.stage_possible, Score.next, Score.lacking)
        before = dict(
            connection.execute(query.join(Entity).where(Entity.name == "payments")).first()._mapping
        )
    left, *held = [{**check, "status": "pass", "required": True} for check in before["checks"]]
    checks = [{**left, "status": "fail", "required": False}, *held]
    top = {"stage": 4, "stage_possible": 4, "next": [left["id"]], "lacking": 0}
    change = update(Score).where(Score.id == before.pop("id"))
    try:
        with organisation.begin() as connection:
            connection.execute(change.values(checks=checks, **top))
        page = client.get(SERVICE).text
    finally:
        with organisation.begin() as connection:
            connection.execute(change.values(before))
    assert "Every required check of this scorecard holds." in page
    assert "What would raise the score" in page
    assert "To reach stage" not in page
