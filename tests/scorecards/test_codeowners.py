"""CODEOWNERS: which rule covers a folder, and what is an owner."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.snapshot import Snapshot
from scorecards.reading.codeowners import Owners, codeowners, covers, is_owner, owning_rule, parse

Tree = Callable[[dict[str, str]], Snapshot]


@pytest.mark.parametrize(
    ("pattern", "folder", "covered"),
    [
        ("*", "", True),
        ("*", "services/pay", True),
        ("**", "services/pay", True),
        ("/", "services/pay", True),
        ("/*", "", True),
        ("/*", "services/pay", False),
        ("/services/pay/", "services/pay", True),
        ("/services/pay", "services/pay", True),
        ("services/pay/**", "services/pay", True),
        ("/services/", "services/pay", True),
        ("/services/*/", "services/pay", True),
        ("/services/*", "services/pay", True),
        ("**/pay/", "services/pay", True),
        ("pay/", "services/pay", True),
        ("/pay/", "services/pay", False),
        ("/services/pay/src/", "services/pay", False),
        ("/services/orders/", "services/pay", False),
        ("/services/pa", "services/pay", False),
        ("/services/pa*", "services/pay", True),
        ("*.go", "services/pay", False),
        ("*.go", "", False),
        ("/docs/", "", False),
    ],
)
def test_patterns_cover_whole_folders(pattern: str, folder: str, covered: bool) -> None:
    assert covers(pattern, folder) is covered


@pytest.mark.parametrize("owner", ["@acme/payments", "@ada", "ada@acme.io", "@group/sub/team", "@@developer"])
def test_owners(owner: str) -> None:
    assert is_owner(owner)


@pytest.mark.parametrize(
    "owner",
    [
        "acme",
        "@your-org/team",
        "@octocat",
        "@example/team",
        "@org/team-name",
        "docs@example.com",
        "@",
        "a@localhost",
        "@<team>",
        "@TODO",
        "@global-owner1",
        "@my-org/x",
    ],
)
def test_no_owners(owner: str) -> None:
    assert not is_owner(owner)


def _owner(text: str, folder: str) -> tuple[str, ...] | None:
    rule = owning_rule(Owners("CODEOWNERS", parse(text)), folder)
    return None if rule is None else rule.owners


def test_the_last_rule_that_matches_counts() -> None:
    text = "# all\n* @acme/all\n/services/pay/ @acme/pay # the team\n*.md @acme/docs\n"
    assert _owner(text, "services/pay") == ("@acme/pay",)
    assert _owner(text, "services/orders") == ("@acme/all",)
    assert _owner(text + "/services/pay/\n", "services/pay") == ()
    assert _owner("/docs/ @acme/docs\n", "services/pay") is None


def test_sections_of_gitlab_have_owners_of_their_own() -> None:
    text = "[Payments][2] @acme/pay\n/services/pay/\n\n^[Docs] @acme/docs\n*.md\n"
    assert _owner(text, "services/pay") == ("@acme/pay",)
    assert parse(text)[0].line == 2


def test_a_path_may_hold_spaces() -> None:
    assert parse("/my\\ service/ @acme/x\n")[0].pattern == "/my service/"


def test_the_first_place_that_the_forge_looks_at_counts(tree: Tree) -> None:
    owners = codeowners(tree({"docs/CODEOWNERS": "* @acme/b\n", ".github/CODEOWNERS": "* @acme/a\n"}))
    assert owners is not None
    assert owners.path == ".github/CODEOWNERS"
    assert codeowners(tree({"src/CODEOWNERS": "* @acme/a\n"})) is None


@given(st.text(), st.text(alphabet="abc/*?.[]\\ ", max_size=30), st.text(alphabet="abc/", max_size=30))
def test_any_text_and_pattern_is_read(text: str, pattern: str, folder: str) -> None:
    owning_rule(Owners("CODEOWNERS", parse(text)), folder.strip("/"))
    covers(pattern, folder.strip("/"))


def test_a_hostile_pattern_is_matched_in_bounded_work() -> None:
    assert not covers("/" + "**/a" * 500 + "/b", "a/" * 60 + "c")
    assert not covers("/" + "*a" * 1_000 + "b", "a" * 200)
