"""The pages in a real browser: typing, choosing, going back, opening; and what it complains of."""

import os
import shutil
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser
PAGES = {
    "home": "/",
    "services": "/services",
    "filtered": "/services?lifecycle=production&stage=1",
    "nothing found": "/services?owner=none&stage=5",
    "service": "/services/default/payments",
    "hostile": "/services/default/webhooks",
    "library": "/services/default/tax-rules",
    "one check": "/services/default/payments/checks/slo-defined",
    "history": "/services/default/checkout/history",
    "runbook": "/services/default/payments/files/docs/runbook.md",
    "file": "/services/default/payments/files/catalog-info.yaml",
    "teams": "/teams",
    "team": "/catalog/group/default/payments",
    "nowhere": "/catalog/group/default/nobody",
    "checks": "/checks",
    "check": "/checks/owner-set",
    "crawls": "/crawls",
    "crawl": "/crawls/1",
    "search": "/search?q=pay",
    "error": "/nope",
}


@pytest.fixture(scope="session")
def executable() -> str:
    """A browser; without one these tests are skipped, but not in CI."""
    found = os.environ.get("HANDRAIL_CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))), None
    )
    if found:
        return found
    how = "no browser: install Debian's `chromium`, or name one with HANDRAIL_CHROMIUM"
    if os.environ.get("CI") == "true":
        pytest.fail(how)
    pytest.skip(how)


@pytest.fixture(scope="session")
def browser(executable: str) -> Iterator["Browser"]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


@pytest.fixture(scope="session")
def site(app: Flask) -> Iterator[str]:
    """The address of the application, served from a thread."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


class Window:
    """A page, and all that the browser complained of while it was open."""

    def __init__(self, context: "BrowserContext") -> None:
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None
        )


@pytest.fixture
def window(browser: "Browser") -> Iterator[Window]:
    """A window of 1440 px; the test fails where the browser complained."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    made = Window(context)
    yield made
    context.close()
    assert made.complaints == []


def names(page: "Page") -> list[str]:
    return page.locator("tbody th.c-name a").all_inner_texts()


def test_typing_filters_the_rows_and_the_address_and_keeps_the_focus(window: Window, site: str) -> None:
    page = window.page
    page.goto(f"{site}/services?lifecycle=production")
    page.keyboard.press("/")
    page.keyboard.type("pric", delay=20)
    page.wait_for_url("**/services?q=pric&lifecycle=production")
    page.locator("tbody tr").nth(1).wait_for(state="detached")
    assert names(page) == ["pricing"]
    assert page.locator("#count").inner_text().startswith("1 of all services")
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.locator('#kept input[name="lifecycle"]').get_attribute("value") == "production"
    for _ in range(4):
        page.keyboard.press("Backspace")
    page.wait_for_url("**/services?lifecycle=production")


def test_choosing_a_filter_pushes_the_address_and_back_takes_it_away(window: Window, site: str) -> None:
    page = window.page
    page.goto(f"{site}/services")
    before = names(page)
    page.locator("#facets").get_by_role("link", name="4 Prediction").click()
    page.wait_for_url("**/services?stage=4")
    page.locator(".chip").wait_for()
    assert names(page) == ["fraud-scores"]
    assert page.locator('#facets a[aria-current="true"] .what').inner_text() == "4 Prediction"
    page.go_back()
    page.wait_for_url("**/services")
    page.locator(".chip").wait_for(state="detached")
    assert names(page) == before
    page.go_forward()
    page.locator(".chip").wait_for()
    assert names(page) == ["fraud-scores"]


def test_an_order_is_turned_by_its_head_and_focus_stays_there(window: Window, site: str) -> None:
    page = window.page
    page.goto(f"{site}/services")
    page.locator("#by-score").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/services?sort=score")
    page.locator('th[aria-sort="ascending"] #by-score').wait_for()
    assert page.evaluate("document.activeElement.id") == "by-score"


def test_opening_a_check_that_holds_loads_what_was_seen_once(window: Window, site: str) -> None:
    page = window.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/checks/" in request.url else None)
    page.goto(f"{site}/services/default/payments")
    page.locator("#stage-2 > summary").click()
    check = page.locator("#runbook-present > summary")
    check.click()
    page.locator("#body-runbook-present .hit").wait_for()
    check.click()
    check.click()
    assert [url.rsplit("/", 1)[1] for url in asked] == ["runbook-present"]


def test_a_link_to_a_check_opens_it(window: Window, site: str) -> None:
    page = window.page
    page.goto(f"{site}/services")
    page.get_by_role("row", name="payments").get_by_role("link", name="slo-defined").click()
    page.wait_for_url("**/services/default/payments?open=slo-defined#slo-defined")
    assert page.locator("#slo-defined").get_attribute("open") is not None
    assert page.locator("#slo-defined .hit").is_visible()


def test_keys_move_through_rows_and_can_be_switched_off(window: Window, site: str) -> None:
    page = window.page
    page.goto(f"{site}/services")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "ab-assignments"
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/services/default/a-service-name*")
    page.keyboard.press("?")
    page.locator("#keys").wait_for()
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.goto(f"{site}/services")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement === document.body")


def test_the_first_stop_of_the_keyboard_skips_to_the_content(window: Window, site: str) -> None:
    page = window.page
    page.goto(f"{site}/services")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_theme_that_is_chosen_stays(window: Window, site: str) -> None:
    page = window.page
    page.goto(f"{site}/services?q=pay")
    page.get_by_role("button", name="Dark").click()
    page.wait_for_url("**/services?q=pay")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 19, 23)"
    assert page.get_by_role("button", name="Dark").get_attribute("aria-pressed") == "true"


def test_without_javascript_everything_can_be_reached(browser: "Browser", site: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{site}/services")
    page.locator("#q").fill("pricing")
    page.get_by_role("button", name="Apply filter").click()
    assert names(page) == ["pricing"]
    page.get_by_role("link", name="Clear").click()
    page.locator("#facets").get_by_role("link", name="4 Prediction").click()
    assert names(page) == ["fraud-scores"]
    page.goto(f"{site}/services/default/payments")
    page.locator("#stage-2 > summary").click()
    page.locator("#runbook-present > summary").click()
    page.locator("#runbook-present").get_by_role("link", name="See what was seen").click()
    assert page.locator(".hit").inner_text() == "# Runbook: payments"
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_no_page_hinders_anybody_moves_or_reaches_over_its_edge(
    browser: "Browser", site: str, width: int, theme: Any
) -> None:
    """Axe finds nothing, nothing shifts or is wider than the window, the browser complains of nothing."""
    from axe_playwright_python.sync_playwright import Axe

    axe, found = Axe(), []
    phone = width < 768
    context = browser.new_context(
        viewport={"width": width, "height": 740 if phone else 900},
        color_scheme=theme,
        is_mobile=phone,
        has_touch=phone,
    )
    context.add_init_script(
        "window.shifts = []; new PerformanceObserver(list => list.getEntries().forEach(entry => "
        "window.shifts.push(...entry.sources.map(s => s.node?.outerHTML?.slice(0, 120) ?? 'a text'))))"
        ".observe({type: 'layout-shift', buffered: true});"
    )
    window = Window(context)
    for name, path in PAGES.items():
        window.page.goto(site + path, wait_until="load")
        window.page.evaluate("new Promise(r => requestAnimationFrame(() => setTimeout(r, 100)))")
        found += [f"{name}: moves: {node}" for node in window.page.evaluate("window.shifts")]
        if window.page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{name}: wider than {width}")
        results = axe.run(window.page)  # last, since it moves things itself
        found += [f"{name}: {v['id']}: {v['nodes'][0]['html'][:160]}" for v in results.response["violations"]]
    context.close()
    complaints = [c for c in window.complaints if "404" not in c]
    assert found + complaints == []


def test_on_a_phone_what_is_needed_at_night_is_above_the_fold_and_large_enough(
    browser: "Browser", site: str
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    page = context.new_page()
    page.goto(f"{site}/services/default/payments")
    for label in ("Runbook", "Escalate", "Roll back"):
        cell = page.locator(".strip > div", has_text=label).first
        box = cell.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 740
        assert box["height"] >= 44
    page.locator(".menu > summary").click()
    assert page.get_by_role("navigation", name="Main").get_by_role("link", name="Crawls").is_visible()
    page.goto(f"{site}/services")
    rows = page.locator("tbody tr")
    fifth = rows.nth(4).bounding_box()
    assert fifth is not None
    assert fifth["y"] + fifth["height"] <= 740
    context.close()


def test_a_desk_shows_nineteen_services_of_one_line_each(window: Window, site: str) -> None:
    window.page.goto(f"{site}/services")
    rows = window.page.locator("tbody tr")
    heights = {rows.nth(n).bounding_box()["height"] for n in range(20)}  # type: ignore[index]
    assert max(heights) <= 37
    nineteenth = rows.nth(18).bounding_box()
    assert nineteenth is not None
    assert nineteenth["y"] + nineteenth["height"] <= 900


def test_the_first_of_several_looks_as_the_others(window: Window, site: str) -> None:
    window.page.goto(f"{site}/services/default/payments")
    for several in (".strip > div", ".verdict > section", ".next > li", ".periods > li"):
        sizes = window.page.locator(several).evaluate_all("all => all.map(e => getComputedStyle(e).fontSize)")
        assert len(sizes) > 1
        assert set(sizes) == {"14px"}, several


def test_on_paper_every_check_is_open_and_no_bar_is_left(window: Window, site: str) -> None:
    page = window.page
    page.goto(f"{site}/services/default/payments")
    page.emulate_media(media="print")
    assert not page.locator("header.bar").is_visible()
    assert page.locator("#owner-set .msg").is_visible()
