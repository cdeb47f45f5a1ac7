"""Whether what a service needs is listed, and leads anywhere."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.document import parse_yaml
from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.checks import dependencies_declared
from scorecards.facts import Facts
from scorecards.result import Result

Tree = Callable[[dict[str, str]], Snapshot]
PAYMENTS = Service(Ref("component", "default", "payments"), "service")
TODAY = date(2026, 11, 24)
CATALOG = frozenset({"component:default/ledger", "api:default/bank", "resource:default/db"})


def listing(spec: str) -> str:
    return f"kind: Component\nmetadata:\n  name: payments\nspec:\n  type: service\n{spec}"


def judge(tree: Tree, text: str, refs: frozenset[str] | None = CATALOG, more: str = "") -> Result:
    documents = parse_yaml(text, "catalog-info.yaml").documents
    service = replace(PAYMENTS, document=documents[0] if documents else None)
    snapshot = tree({"catalog-info.yaml": text + more})
    return dependencies_declared.evaluate(snapshot, service, Facts(TODAY, refs), {})


SOUND = {
    "a component": "  dependsOn: [component:ledger]\n",
    "no kind is a component": "  dependsOn: [ledger]\n",
    "full refs": "  dependsOn:\n    - component:default/ledger\n    - resource:default/db\n",
    "an API": "  consumesApis:\n    - bank\n",
    "both": "  dependsOn: [resource:db]\n  consumesApis: [api:default/bank]\n",
    "one word": "  dependsOn: component:ledger\n",
    "other case": "  dependsOn: [Component:default/Ledger]\n",
}


@pytest.mark.parametrize("spec", SOUND.values(), ids=SOUND)
def test_dependencies_that_the_catalog_knows_pass(tree: Tree, spec: str) -> None:
    result = judge(tree, listing(spec))
    assert result.status == "pass", result
    assert result.evidence[0].path == "catalog-info.yaml"
    assert result.evidence[0].line >= 6
    assert judge(tree, listing(spec), None).status == "pass"


@pytest.mark.parametrize("spec", ["  dependsOn: []\n", "  consumesApis: []\n  dependsOn: []\n"])
def test_an_explicit_empty_list_passes(tree: Tree, spec: str) -> None:
    assert judge(tree, listing(spec)).status == "pass"


def test_an_empty_list_beside_a_full_one_is_no_answer(tree: Tree) -> None:
    result = judge(tree, listing("  dependsOn: []\n  consumesApis: [nowhere]\n"))
    assert result.status == "fail"


def test_some_that_lead_nowhere_are_partial(tree: Tree) -> None:
    result = judge(tree, listing("  dependsOn:\n    - component:ledger\n    - component:gone\n"))
    assert result.status == "partial"
    assert (result.not_counted[0].line, result.not_counted[0].path) == (8, "catalog-info.yaml")
    assert "component:default/gone" in result.fix


HOLLOW = {
    "unknown to the catalog": "  dependsOn: [component:gone, resource:lost]\n",
    "a placeholder": "  dependsOn: ['component:<name>']\n",
    "to be done": "  dependsOn: [TODO]\n",
    "a template's own": "  dependsOn: ['${{ values.dependency }}']\n",
    "no ref": "  dependsOn: ['the database in the cellar']\n",
    "no text": "  dependsOn: [1, {a: b}, null]\n",
    "itself": "  dependsOn: [component:payments]\n",
}


@pytest.mark.parametrize("spec", HOLLOW.values(), ids=HOLLOW)
def test_dependencies_that_all_lead_nowhere_fail(tree: Tree, spec: str) -> None:
    assert judge(tree, listing(spec)).status == "fail"


@pytest.mark.parametrize("spec", ["", "  dependsOn:\n", "  dependsOn: {}\n", "  providesApis: [a]\n"])
def test_a_descriptor_that_says_nothing_leaves_it_unknown(tree: Tree, spec: str) -> None:
    result = judge(tree, listing(spec))
    assert result.status == "unknown"
    assert "dependsOn: []" in result.fix


def test_without_a_descriptor_it_is_unknown(tree: Tree) -> None:
    result = dependencies_declared.evaluate(tree({"a": ""}), PAYMENTS, Facts(TODAY, CATALOG), {})
    assert result.status == "unknown"
    assert "catalog-info.yaml" in result.fix


def test_what_the_repository_declares_itself_resolves(tree: Tree) -> None:
    more = "---\nkind: Resource\nmetadata: {name: cache}\nspec: {type: redis}\n"
    assert judge(tree, listing("  dependsOn: [resource:cache]\n"), frozenset(), more).status == "pass"
    assert judge(tree, listing("  dependsOn: [resource:cache]\n"), frozenset()).status == "fail"


def test_what_was_asked_of_the_catalog_is_recorded(tree: Tree) -> None:
    text = listing("  dependsOn: [ledger]\n")
    service = replace(PAYMENTS, document=parse_yaml(text, "catalog-info.yaml").documents[0])
    facts = Facts(TODAY, CATALOG)
    dependencies_declared.evaluate(tree({"a": ""}), service, facts, {})
    assert facts.asked == {"resolves component:default/ledger": True}
    assert Facts(TODAY, frozenset()).answer("resolves component:default/ledger") is False


OTHER_FORMATS = {
    "OpsLevel": "service:\n  name: Payments\n  dependencies:\n    - alias: ledger\n",
    "Cortex": "info:\n  x-cortex-tag: payments\n  x-cortex-dependency:\n    - tag: ledger\n",
}


@pytest.mark.parametrize("text", OTHER_FORMATS.values(), ids=OTHER_FORMATS)
def test_other_formats_list_them_too(tree: Tree, text: str) -> None:
    assert judge(tree, text).status == "pass"
    assert judge(tree, text, frozenset()).status == "fail"


@given(st.text(max_size=200))
def test_whatever_is_listed_it_never_raises(written: str) -> None:
    text = listing(f"  dependsOn: [{written!r}]\n")
    documents = parse_yaml(text, "catalog-info.yaml").documents
    if documents:
        service = replace(PAYMENTS, document=documents[0])
        snapshot = Snapshot(_Nothing(), "payments")
        result = dependencies_declared.evaluate(snapshot, service, Facts(TODAY, CATALOG), {})
        assert result.status in ("pass", "partial", "fail", "unknown")


class _Nothing:
    commit = None

    def entries(self) -> tuple[()]:
        return ()

    def read(self, entry: object, limit: int) -> bytes:
        raise AssertionError(entry)


def test_the_example_of_the_documentation_passes(tree: Tree) -> None:
    _, _, example = (dependencies_declared.__doc__ or "").partition("## Example\n")
    text = dedent(example.partition("## Known limits")[0]).strip()
    refs = frozenset({"resource:default/payments-db", "api:default/bank-gateway"})
    assert judge(tree, text, refs).status == "pass"
