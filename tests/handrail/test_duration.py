"""Lengths of time as people write them."""

from datetime import timedelta

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handrail.duration import Duration, duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("15m", 900), ("1h", 3_600), ("36 h", 129_600), ("2d", 172_800), ("1w", 604_800)],
)
def test_a_number_and_a_unit_are_a_length_of_time(text, seconds):
    assert duration(text).total_seconds() == seconds


def test_a_year_is_365_days():
    assert duration("2y") == timedelta(days=730)


@pytest.mark.parametrize("text", ["", "15", "m", "0m", "-5m", "1.5h", "15 minutes", "9999999d", "15m\n1h"])
def test_anything_else_says_how_to_write_it(text):
    with pytest.raises(ValueError, match="as in 15m"):
        duration(text)
    with pytest.raises(click.BadParameter, match="as in 15m"):
        Duration().convert(text, None, None)


@given(st.text(max_size=20))
def test_no_text_brings_it_down(text):
    try:
        assert duration(text) > timedelta()
    except ValueError as error:
        assert "no length of time" in str(error)  # noqa: PT017 - most texts are none
