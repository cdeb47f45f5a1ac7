"""Whether somebody is named who answers for a service."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.discovery import discover
from catalog.document import parse_yaml
from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.checks import described, owner_set
from scorecards.checks.owner_set import is_nobody
from scorecards.facts import Facts
from scorecards.result import Result

Tree = Callable[[dict[str, str]], Snapshot]
UNDECLARED = Service(Ref("component", "default", "payments"), "service")
TODAY = date(2026, 11, 24)
CATALOG = frozenset({"group:default/payments", "user:default/ada", "component:default/payments"})


def owned_by(owner: str) -> Service:
    text = f"kind: Component\nmetadata:\n  name: payments\nspec:\n  type: service\n  owner: {owner!r}\n"
    return replace(UNDECLARED, document=parse_yaml(text, "catalog-info.yaml").documents[0], owner=owner)


def judge(snapshot: Snapshot, service: Service, facts: Facts | None = None) -> Result:
    return owner_set.evaluate(snapshot, service, facts or Facts(TODAY), {})


@pytest.mark.parametrize(
    "owner", ["payments", "group:payments", "group:default/payments", "Group:default/Payments", "user:ada"]
)
def test_an_owner_in_the_catalog_passes(tree: Tree, owner: str) -> None:
    result = judge(tree({"a": ""}), owned_by(owner), Facts(TODAY, CATALOG))
    assert result.status == "pass", result
    assert (result.evidence[0].path, result.evidence[0].line) == ("catalog-info.yaml", 6)


@pytest.mark.parametrize("refs", [None, frozenset(), frozenset({"component:default/payments"})])
def test_without_groups_and_users_a_well_formed_owner_is_enough(
    tree: Tree, refs: frozenset[str] | None
) -> None:
    assert judge(tree({"a": ""}), owned_by("group:default/other"), Facts(TODAY, refs)).status == "pass"


def test_a_relative_owner_is_looked_for_in_the_namespace_of_the_service(tree: Tree) -> None:
    service = replace(owned_by("payments"), ref=Ref("component", "shop", "payments"))
    assert judge(tree({"a": ""}), service, Facts(TODAY, CATALOG)).status == "partial"
    facts = Facts(TODAY, CATALOG | {"group:shop/payments"})
    assert judge(tree({"a": ""}), service, facts).status == "pass"


def test_an_owner_that_the_catalog_does_not_know_is_partial(tree: Tree) -> None:
    result = judge(tree({"a": ""}), owned_by("group:default/other"), Facts(TODAY, CATALOG))
    assert result.status == "partial"
    assert "group:default/other" in result.message
    assert "catalog-info.yaml` line 6" in result.fix


def test_a_bare_name_that_is_a_user_is_said_to_be_one(tree: Tree) -> None:
    result = judge(tree({"a": ""}), owned_by("ada"), Facts(TODAY, CATALOG))
    assert result.status == "partial"
    assert "user:default/ada" in result.message


def test_an_owner_of_no_form_is_partial(tree: Tree) -> None:
    assert judge(tree({"a": ""}), owned_by("The Payments Team")).status == "partial"


@pytest.mark.parametrize(
    "owner",
    [
        "",
        " ",
        "unknown",
        "guests",
        "user:guest",
        "group:default/guests",
        "owner",
        "none",
        "TODO",
        "TBD",
        "n/a",
        "null",
        "your-team",
        "my-team",
        "team-name",
        "<team>",
        "{{ owner }}",
        "${{ values.owner }}",
        "changeme",
        "xxx",
        "-",
        "???",
        "no-one@localhost",
        "admin@example.com",
        "john@example.com",
        "user:development/guest",
        "Unassigned",
    ],
)
def test_nobody_is_no_owner(tree: Tree, owner: str) -> None:
    result = judge(tree({"a": ""}), owned_by(owner))
    assert result.status == "fail", result
    assert result.not_counted[0].path == "catalog-info.yaml"
    assert result.fix


@pytest.mark.parametrize(
    "owner", ["payments", "team-a", "guestbook", "owners-of-payments", "team", "group:default/web"]
)
def test_teams_are_somebody(owner: str) -> None:
    assert is_nobody(owner) is (owner == "team")


def test_an_owner_of_another_kind_is_none(tree: Tree) -> None:
    result = judge(tree({"a": ""}), owned_by("component:default/payments"), Facts(TODAY, CATALOG))
    assert result.status == "fail"
    assert "neither a Group nor a User" in result.not_counted[0].why


@pytest.mark.parametrize("owner", ["@acme/payments", "@ada", "payments@acme.io"])
def test_codeowners_alone_are_partial(tree: Tree, owner: str) -> None:
    result = judge(tree({".github/CODEOWNERS": f"# who\n* {owner}\n"}), UNDECLARED)
    assert result.status == "partial"
    assert (result.evidence[0].path, result.evidence[0].line) == (".github/CODEOWNERS", 2)
    assert "catalog-info.yaml" in result.fix


def test_codeowners_count_where_the_descriptor_names_nobody(tree: Tree) -> None:
    result = judge(tree({"CODEOWNERS": "* @acme/payments\n"}), owned_by("unknown"))
    assert result.status == "partial"
    assert result.not_counted[0].why == "`unknown` names nobody"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# * @acme/all\n",
        "*.md @acme/docs\n",
        "/docs/ @acme/docs\n",
        "* @your-org/team\n",
        "*\n",
        "* acme\n",
    ],
)
def test_codeowners_that_cover_nothing_or_name_nobody_fail(tree: Tree, text: str) -> None:
    assert judge(tree({"CODEOWNERS": text}), UNDECLARED).status == "fail"


def test_codeowners_have_a_rule_for_the_folder_of_each_service(tree: Tree) -> None:
    snapshot = tree({"CODEOWNERS": "/services/payments/ @acme/payments\n"})
    assert judge(snapshot, replace(UNDECLARED, path="services/payments")).status == "partial"
    assert judge(snapshot, replace(UNDECLARED, path="services/orders")).status == "fail"


def test_what_was_asked_of_the_catalog_is_recorded(tree: Tree) -> None:
    facts = Facts(TODAY, CATALOG)
    judge(tree({"a": ""}), owned_by("payments"), facts)
    assert facts.asked == {"knows owners": True, "resolves group:default/payments": True}


def test_the_example_of_the_documentation_passes(tree: Tree) -> None:
    _, _, example = owner_set.__doc__.partition("## Example\n")
    snapshot = tree({"catalog-info.yaml": dedent(example.partition("## Known limits")[0])})
    (service,) = discover(snapshot).services
    assert judge(snapshot, service).status == "pass"


@given(st.text())
def test_any_owner_is_judged(owner: str) -> None:
    is_nobody(owner)


def test_a_descriptor_that_is_broken_is_to_be_mended_not_added(tree: Tree) -> None:
    snapshot = tree({"catalog-info.yaml": "kind: Component\nmetadata: [\n", "README.md": "# Payments\n"})
    (service,) = discover(snapshot).services
    for check in (owner_set, described):
        fix = check.evaluate(snapshot, service, Facts(TODAY), {}).fix
        assert fix.startswith("Mend `catalog-info.yaml`")
