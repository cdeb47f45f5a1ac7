"""Dates as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecards.reading.dates import dates, first_date, path_date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Date: 2026-05-12", date(2026, 5, 12)),
        ("2026/5/2 at night", date(2026, 5, 2)),
        ("12.05.2026", date(2026, 5, 12)),
        ("12/05/2026", date(2026, 5, 12)),
        ("05/12/2026", date(2026, 12, 5)),
        ("05/28/2026", date(2026, 5, 28)),
        ("12 May 2026", date(2026, 5, 12)),
        ("on the 1st of March 2026", date(2026, 3, 1)),
        ("May 12, 2026", date(2026, 5, 12)),
        ("Sept. 3rd, 2026", date(2026, 9, 3)),
        ("3. März 2026", date(2026, 3, 3)),
        ("le 14 août 2026", date(2026, 8, 14)),
        ("14 de diciembre de 2026", date(2026, 12, 14)),
        ("7 февраля 2026", date(2026, 2, 7)),
        ("2026年5月12日", date(2026, 5, 12)),
        ("2026년 5월 12일", date(2026, 5, 12)),
        ("2026-02", date(2026, 2, 28)),
        ("May 2026", date(2026, 5, 31)),
        ("Q3 2026", date(2026, 9, 30)),
        ("INC-2026-01-30-CORS", date(2026, 1, 30)),
    ],
)
def test_a_date_is_read_as_it_is_written(text: str, day: date) -> None:
    assert first_date(text) == day


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-40", "version 1.2.2026a", "INC-2026-4711", "32 May 20"]
)
def test_what_is_no_date_gives_none(text: str) -> None:
    assert first_date(text) is None


def test_all_dates_of_a_line_are_given_in_order() -> None:
    assert list(dates("from 2026-05-12 to 14 May 2026")) == [date(2026, 5, 12), date(2026, 5, 14)]


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("docs/postmortems/20260512-outage.md", date(2026, 5, 12)),
        ("incidents/2026/05/12-outage.md", date(2026, 5, 12)),
        ("incidents/2026_05_12_outage.md", date(2026, 5, 12)),
        ("postmortems/jan-2026-dns.md", date(2026, 1, 31)),
        ("docs/postmortems/dns.md", None),
    ],
)
def test_the_name_of_a_file_tells_its_date(path: str, day: date | None) -> None:
    assert path_date(path) == day


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    assert all(2000 <= day.year < 2100 for day in dates(text))
    path_date(text)
