"""Credentials in addresses are masked, and nothing else."""

import pytest

from catalog.secrets import masked, masked_deep


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("see https://hooks.slack.com/services/T/B/s now", "see https://hooks.slack.com/… now"),
        ("https://ada:pw@example.com/x", "https://…@example.com/x"),
        ("https://example.com/a@b", "https://example.com/a@b"),
        ("ada@example.com", "ada@example.com"),
        ("mailto:ada@example.com", "mailto:ada@example.com"),
    ],
)
def test_what_is_a_credential_is_left_out(written: str, shown: str) -> None:
    assert masked(written) == shown
    assert masked_deep({"a": [written], "n": 1, "z": None}) == {"a": [shown], "n": 1, "z": None}
