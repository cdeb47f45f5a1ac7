"""Words, figures and drawings."""

from datetime import UTC, datetime, timedelta

import pytest

from web.drawing import Point, history, sparkline
from web.filters import Filters, read_filters
from web.wording import age, change, exact_date, in_words, plural, short_age, short_ref, stage_name, whole

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "short", "long"),
    [
        (timedelta(seconds=5), "now", "just now"),
        (timedelta(minutes=59), "59 min", "59 min ago"),
        (timedelta(hours=23), "23 h", "23 h ago"),
        (timedelta(days=14), "14 d", "14 d ago"),
        (timedelta(days=15), "9 Nov", "on 9 Nov"),
        (timedelta(days=400), "20 Oct 2025", "on 20 Oct 2025"),
        (timedelta(seconds=-90), "now", "just now"),
    ],
)
def test_ages(ago: timedelta, short: str, long: str) -> None:
    assert short_age(NOW - ago, NOW) == short
    assert age(NOW - ago, NOW) == long


def test_figures() -> None:
    assert exact_date(NOW) == "24 Nov 2026, 09:00 UTC"
    assert [plural(n, "service") for n in (1, 2, 1000)] == ["1 service", "2 services", "1,000 services"]
    assert plural(3, "repository", "repositories") == "3 repositories"
    assert [change(x) for x in (13.4, -6.9, 0.4, -0.4)] == ["+13", "−6", "0", "0"]
    assert change(9.04, 1) == "+9.0"
    assert whole(99.96) == 99
    assert whole(100.0) == 100
    assert stage_name(3) == "3 Automation"
    assert short_ref("group:default/payments") == "payments"
    assert short_ref("group:team/payments") == "team/payments"
    assert in_words({"fail": 1, "partial": 2, "unknown": 1}) == "1 fails, 2 are partial, 1 is unknown"


def points(*values: tuple[int, float | None, int | None]) -> list[Point]:
    return [Point(NOW - timedelta(days=days), score, stage) for days, score, stage in values]


def test_a_sparkline_starts_with_what_was_in_force_ninety_days_ago() -> None:
    line = sparkline(points((200, 10, 1), (120, 40, 1), (30, 60, 2)), NOW)
    assert line is not None
    assert line.change == 20
    assert line.path.startswith("M2 ")
    assert line.path.endswith("H51")


def test_noise_stays_flat_and_nothing_leaves_the_box() -> None:
    flat = sparkline(points((80, 50, 1), (40, 51, 1)), NOW)
    steep = sparkline(points((80, 0, 1), (40, 100, 4)), NOW)
    assert flat is not None
    assert steep is not None
    assert abs(flat.end[1] - 10) < 1
    assert 2 < steep.end[1] < 18
    assert sparkline([], NOW) is None
    assert sparkline(points((80, None, None)), NOW) is None


def test_the_history_marks_changes_of_stage_and_never_writes_one_over_another() -> None:
    drawn = history(points((300, 20, 1), (200, 40, 2), (199, 45, 3), (10, 70, 4)), NOW)
    assert drawn is not None
    assert [mark.stage for mark in drawn.marks] == [3, 4]
    assert drawn.days == 90
    assert drawn.change == pytest.approx(25)
    new = history(points((0, 50, 2)), NOW)
    assert new is not None
    assert new.days == 0


def test_filters_survive_their_own_address() -> None:
    asked = Filters(
        q="a b&c", check="ci-tests", status="fail", owner="group:default/x", sort="-score", page=3
    )
    from urllib.parse import parse_qsl

    assert read_filters(dict(parse_qsl(asked.query()))) == asked
    assert Filters().query() == ""
    assert asked.without("check").status == ""
    assert asked.without("owner").page == 1
