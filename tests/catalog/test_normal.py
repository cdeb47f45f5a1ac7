"""Words for lifecycles and tiers, and what they come to."""

import pytest

from catalog.normal import lifecycle, tier


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("pre_alpha", "experimental"),
        ("Pre Alpha", "experimental"),
        ("generally_available", "production"),
        ("Active", "production"),
        ("maintenance", "production"),
        ("End-of-life", "deprecated"),
        ("in-process", None),
        ("", None),
        (None, None),
    ],
)
def test_a_lifecycle_is_one_of_three_or_none(word: str | None, meant: str | None) -> None:
    assert lifecycle(word) == meant


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("tier_1", "1"),
        ("TIER_1", "1"),
        ("Tier 2", "2"),
        ("tier-4", "4"),
        ("0", "0"),
        ("1.0", "1"),
        ("one", "1"),
        ("Critical", "1"),
        ("low", "4"),
        ("12", None),
        ("shiny", None),
        (None, None),
    ],
)
def test_a_tier_is_a_digit_or_none(word: str | None, meant: str | None) -> None:
    assert tier(word) == meant
