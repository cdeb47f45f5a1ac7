"""Entity refs as Backstage writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.ref import Ref, parse_ref, slug


@pytest.mark.parametrize(
    "text", ["payments", "group:payments", "group:default/payments", " default/payments "]
)
def test_parts_left_out_take_their_defaults(text: str) -> None:
    assert str(parse_ref(text, "group")) == "group:default/payments"


def test_refs_that_differ_in_case_are_the_same() -> None:
    assert Ref("Component", "default", "Payments") == Ref("component", "default", "payments")
    assert len({Ref("Component", "default", "Payments"), Ref("component", "default", "payments")}) == 1
    assert sorted([Ref("b", "d", "x"), Ref("A", "d", "y")])[0].kind == "A"


def test_a_name_keeps_the_case_it_is_written_in() -> None:
    assert Ref("component", "default", "PayMents").name == "PayMents"


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",
        "/",
        "a:b:c",
        "a/b/c",
        "group:",
        "group:default/",
        "-a",
        "a b",
        "a" * 64,
        None,
        7,
        ["a"],
        "a\n/b",
    ],
)
def test_what_is_no_ref_gives_none(text: object) -> None:
    assert parse_ref(text, "group") is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Payments API", "payments-api"),
        ("@org/web.ui", "org-web.ui"),
        ("--x--", "x"),
        ("日本", ""),
        ("a" * 62 + "-b", "a" * 62),
    ],
)
def test_a_slug_keeps_letters_digits_and_marks_within(text: str, name: str) -> None:
    assert slug(text) == name


@given(st.text())
def test_every_slug_is_empty_or_a_name(text: str) -> None:
    made = slug(text)
    assert made == "" or parse_ref(made, "component") == Ref("component", "default", made)
    assert slug(made) == made
