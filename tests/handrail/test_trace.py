"""`handrail check --trace` shows how one check decided, for people and for programs."""

import pytest

from tests.handrail.running import Checkout, descriptor, validate


def test_the_decision_is_told_in_text(checkout: Checkout) -> None:
    checkout.commit(
        {"catalog-info.yaml": descriptor(), "examples/slo.yaml": "slo: [\n", "slo.yaml": "slo: [\n"}
    )
    done = checkout.run("check", "--trace", "slo-defined")
    assert done.status == 0, done.err
    assert done.out.startswith("slo-defined  ✗ Fail  payments\n")
    for heading in (
        "How it was decided",
        "Parameters",
        "Answers found",
        "Evidence",
        "Looked at and not counted",
        "Asked of the catalog and of Handrail",
        "Read",
    ):
        assert f"\n{heading}\n" in done.out
    assert "slo.yaml  0 documents; not all could be read: line " in done.out
    assert "Fix: " in done.out


def test_the_decision_is_told_in_json_as_its_schema_says(checkout: Checkout) -> None:
    commit = checkout.commit(
        {
            "services/payments/catalog-info.yaml": descriptor(),
            "services/ledger/catalog-info.yaml": descriptor("ledger", type="library"),
        }
    )
    report = checkout.run("check", "--trace", "owner-set", "--format", "json").json
    validate("trace", report)
    assert (report["commit"], report["check"], report["scorecard"]) == (commit, "owner-set", "reliability")
    assert [t["ref"] for t in report["traces"]] == ["component:default/ledger", "component:default/payments"]
    assert [t["result"]["status"] for t in report["traces"]] == ["pass", "pass"]
    assert {"question": "knows owners", "answer": False} in report["traces"][0]["asked"]
    one = checkout.run("check", "services/payments", "--trace", "owner-set", "--format", "json").json
    assert [t["ref"] for t in one["traces"]] == ["component:default/payments"]


def test_it_says_what_check_says(checkout: Checkout) -> None:
    checkout.commit({"catalog-info.yaml": descriptor(), "README.md": "# Payments\n"})
    report = checkout.run("check", "--format", "json").json
    for row in report["services"][0]["scorecards"][0]["checks"]:
        told = checkout.run("check", "--trace", row["id"], "--format", "json").json
        assert told["traces"][0]["result"] == row


def test_a_scorecards_parameters_are_told_beside_the_defaults(checkout: Checkout) -> None:
    own = (
        "apiVersion: handrail.dev/v1\nkind: Scorecard\nmetadata: {name: own}\n"
        "spec:\n  checks:\n    - id: described\n      stage: 4\n"
    )
    checkout.commit({"catalog-info.yaml": descriptor(), "own.yaml": own})
    told = checkout.run("check", "--trace", "described", "--scorecard", "own.yaml")
    assert "required for stage 4" in told.out
    unnamed = checkout.run("check", "--trace", "owner-set", "--scorecard", "own.yaml")
    assert "The scorecard `own` does not name the check" in unnamed.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--trace", "slo-defind"],
            "--trace slo-defind: there is no such check. Did you mean `slo-defined` or",
        ),
        (["--trace", "slo-defined", "--min-stage", "2"], "Leave one of them out."),
    ],
)
def test_a_wrong_argument_ends_with_one_sentence(checkout: Checkout, arguments: list[str], said: str) -> None:
    checkout.commit({"catalog-info.yaml": descriptor()})
    done = checkout.run("check", *arguments)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
