"""Whether a service follows the golden path that it came from."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.document import parse_yaml
from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.checks import template_current
from scorecards.facts import Facts
from scorecards.result import Result

Tree = Callable[[dict[str, str]], Snapshot]
PAYMENTS = Service(Ref("component", "default", "payments"), "service")
FACTS = Facts(date(2026, 11, 24), templates={"web": "3", "cli": "1.10.0"})
RECORD = ".handrail/template.yaml"


def judge(snapshot: Snapshot, service: Service = PAYMENTS, facts: Facts = FACTS) -> Result:
    return template_current.evaluate(snapshot, service, facts, {})


def record(name: str = "web", version: str = "'3'", more: str = "") -> dict[str, str]:
    return {RECORD: f"schema: 1\ntemplate:\n  name: {name}\n  version: {version}\n{more}answers: {{}}\n"}


def test_the_newest_version_passes(tree: Tree) -> None:
    result = judge(tree(record()))
    assert result.status == "pass"
    assert (result.evidence[0].path, result.evidence[0].line) == (RECORD, 4)
    assert judge(tree(record(version="3"))).status == "pass"


@pytest.mark.parametrize("version", ["'2'", "1", "2.9", "null", "''"])
def test_an_older_version_is_partial(tree: Tree, version: str) -> None:
    result = judge(tree(record(version=version)))
    assert result.status == "partial"
    assert "newest is 3" in result.message
    assert "handrail update" in result.fix


def test_versions_are_compared_by_their_numbers(tree: Tree) -> None:
    assert judge(tree(record("cli", "1.9.0"))).status == "partial"
    assert judge(tree(record("cli", "1.11.0"))).status == "unknown"


def test_off_with_a_reason_passes(tree: Tree) -> None:
    off = "  off:\n    reason: Serves gRPC since March, kept up by hand.\n"
    assert judge(tree(record(version="'1'", more=off))).status == "pass"
    assert judge(tree(record("unheard-of", more=off))).status == "pass"


@pytest.mark.parametrize("reason", ["TODO", "''", "<reason>", "null", "true", "n/a"])
def test_off_without_a_reason_is_behind(tree: Tree, reason: str) -> None:
    result = judge(tree(record(version="'1'", more=f"  off:\n    reason: {reason}\n")))
    assert result.status == "partial"
    assert result.not_counted[0].path == RECORD


def test_from_no_template_it_does_not_apply(tree: Tree) -> None:
    assert judge(tree({"README.md": "# payments"})).status == "not-applicable"


def test_a_template_that_is_not_at_hand_leaves_it_unknown(tree: Tree) -> None:
    assert judge(tree(record("ours"))).status == "unknown"
    assert judge(tree(record()), facts=Facts(date(2026, 11, 24))).status == "unknown"


OTHERS = {
    "cruft": {".cruft.json": '{"template": "https://git.acme.dev/paths/web", "commit": "1f2e"}'},
    "copier": {".copier-answers.yml": "_commit: v1.2\n_src_path: gh:acme/web\n"},
}


@pytest.mark.parametrize("files", OTHERS.values(), ids=OTHERS)
def test_other_scaffolders_leave_it_unknown(tree: Tree, files: dict[str, str]) -> None:
    assert judge(tree(files)).status == "unknown"


def test_a_backstage_template_leaves_it_unknown(tree: Tree) -> None:
    text = "metadata:\n  annotations:\n    backstage.io/source-template: template:default/web\n"
    documents = parse_yaml(text, "catalog-info.yaml").documents
    source = {"backstage.io/source-template": "template:default/web"}
    result = judge(tree({"a": ""}), replace(PAYMENTS, document=documents[0], annotations=source))
    assert result.status == "unknown"
    assert result.evidence[0].line == 3


@pytest.mark.parametrize("text", ["", "a: [", "template: web\n", "template: {name: }\n", "- 1\n", "\0"])
def test_a_broken_record_leaves_it_unknown(tree: Tree, text: str) -> None:
    result = judge(tree({RECORD: text}))
    assert result.status == "unknown"
    assert RECORD in result.message


def test_the_record_of_a_neighbour_does_not_count(tree: Tree) -> None:
    service = replace(PAYMENTS, path="services/payments", neighbours=("services/cart",))
    assert judge(tree(record()), service).status == "not-applicable"
    mine = {f"services/payments/{RECORD}": record()[RECORD]}
    assert judge(tree(mine), service).status == "pass"


def test_the_newest_version_is_recorded_as_asked(tree: Tree) -> None:
    facts = Facts(date(2026, 11, 24), templates={"web": "3"})
    judge(tree(record()), facts=facts)
    assert facts.asked == {"version of template web": "3"}
    later = Facts(date(2026, 11, 24), templates={"web": "4"})
    assert later.answer("version of template web") == "4"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="template: nmverso\n[]{}'\"-1&*", max_size=120))
def test_whatever_is_recorded_it_never_raises(tree: Tree, text: str) -> None:
    assert judge(tree({RECORD: text})).status != "pass"


def test_the_example_of_the_documentation_passes(tree: Tree) -> None:
    _, _, example = (template_current.__doc__ or "").partition("## Example\n")
    text = dedent(example.partition("## Known limits")[0]).strip()
    assert judge(tree({RECORD: text})).status == "pass"
