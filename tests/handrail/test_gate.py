"""`handrail gate` fails for what a change made worse, and for that alone."""

from pathlib import Path
from typing import Any

import pytest

from tests.handrail.running import Checkout, descriptor, handrail, validate

PROBES = (
    "          readinessProbe: {httpGet: {path: /ready, port: 8080}}\n"
    "          livenessProbe: {httpGet: {path: /live, port: 8080}}\n"
)
MANIFEST = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: payments}\nspec:\n  template:\n    spec:\n"
    "      containers:\n        - name: payments\n          image: registry.example.com/payments:1\n"
)
GOOD: dict[str, str | None] = {"catalog-info.yaml": descriptor(), "k8s.yaml": MANIFEST + PROBES}


def gate(checkout: Checkout, base: str, *arguments: str, status: int) -> Any:
    done = checkout.run("gate", "--base", base, "--format", "json", *arguments)
    assert done.status == status, (done.out, done.err)
    validate("gate", done.json)
    return done.json


def found(report: Any) -> list[tuple[str | None, str, str]]:
    return [
        (r["check"], r["from"], r["to"]) for r in report["regressions"] if r["check"] or not r["scorecard"]
    ]


def test_nothing_got_worse(checkout: Checkout) -> None:
    base = checkout.commit(GOOD)
    head = checkout.commit({"README.md": "More words."})
    report = gate(checkout, base, status=0)
    assert (report["verdict"], report["base"], report["head"]) == ("held", base, head)
    assert report["regressions"] == []


def test_what_was_missing_before_does_not_matter(checkout: Checkout) -> None:
    base = checkout.commit({"catalog-info.yaml": descriptor()})
    checkout.commit({"README.md": "More words."})
    assert gate(checkout, base, status=0)["verdict"] == "held"


@pytest.mark.parametrize(
    ("after", "to"),
    [
        (None, "fail"),
        (MANIFEST, "fail"),
        (MANIFEST + PROBES.splitlines()[0] + "\n", "partial"),
    ],
)
def test_a_check_that_got_worse_is_told_with_its_place_and_the_fix(
    checkout: Checkout, after: str | None, to: str
) -> None:
    base = checkout.commit(GOOD)
    checkout.commit({"k8s.yaml": after})
    report = gate(checkout, base, status=1)
    assert report["verdict"] == "regressed"
    assert found(report) == [("health-probed", "pass", to)]
    (change,) = [r for r in report["regressions"] if r["check"]]
    assert change["path"] == "k8s.yaml"
    assert change["line"] is not None
    assert change["message"]
    assert change["fix"]


def test_worse_to_unknown_is_a_regression(checkout: Checkout) -> None:
    chart: dict[str, str | None] = {
        "catalog-info.yaml": descriptor(),
        "chart/Chart.yaml": "name: payments\nversion: 1.0.0\n",
        "chart/values.yaml": "image: x\n",
        "chart/templates/deployment.yaml": MANIFEST + PROBES + "          args: [{{ .Values.image }}]\n",
    }
    base = checkout.commit(chart)
    hidden = PROBES.replace("{httpGet: {path: /ready, port: 8080}}", '{{ include "probe" . }}').replace(
        "{httpGet: {path: /live, port: 8080}}", '{{ include "probe" . }}'
    )
    checkout.commit({"chart/templates/deployment.yaml": MANIFEST + hidden})
    assert found(gate(checkout, base, status=1)) == [("health-probed", "pass", "unknown")]


def test_out_of_reach_by_a_new_type_is_a_regression(checkout: Checkout) -> None:
    base = checkout.commit(GOOD)
    checkout.commit({"catalog-info.yaml": descriptor(type="library")})
    report = gate(checkout, base, status=1)
    assert ("health-probed", "pass", "not-applicable") in found(report)


def test_saying_that_it_is_a_service_after_all_is_no_regression(checkout: Checkout) -> None:
    base = checkout.commit({"catalog-info.yaml": descriptor(type="library")})
    checkout.commit({"catalog-info.yaml": descriptor()})
    assert found(gate(checkout, base, status=0)) == []


def test_a_service_that_vanished_is_a_regression_and_a_new_one_is_not(checkout: Checkout) -> None:
    base = checkout.commit(
        {"a/catalog-info.yaml": descriptor("ledger"), "b/catalog-info.yaml": descriptor("payments")}
    )
    checkout.commit({"a/catalog-info.yaml": None, "c/catalog-info.yaml": descriptor("audit")})
    report = gate(checkout, base, status=1)
    assert found(report) == [(None, "present", "absent")]
    assert report["services"] == {
        "added": ["component:default/audit"],
        "removed": ["component:default/ledger"],
        "renamed": [],
    }
    assert report["regressions"][0]["path"] == "a/catalog-info.yaml"


def test_a_renamed_service_is_compared_with_what_it_was(checkout: Checkout) -> None:
    base = checkout.commit(GOOD)
    checkout.commit({"catalog-info.yaml": descriptor("billing", owner="TODO")})
    report = gate(checkout, base, status=1)
    assert report["services"]["renamed"] == [
        {"from": "component:default/payments", "to": "component:default/billing"}
    ]
    assert ("owner-set", "pass", "fail") in found(report)
    assert {r["service"] for r in report["regressions"]} == {"component:default/billing"}


def test_a_descriptor_that_breaks_keeps_its_ref(checkout: Checkout) -> None:
    base = checkout.commit({"catalog-info.yaml": descriptor("billing"), "k8s.yaml": MANIFEST + PROBES})
    checkout.commit({"catalog-info.yaml": "apiVersion: [\n"})
    report = gate(checkout, base, status=1)
    assert report["services"] == {"added": [], "removed": [], "renamed": []}
    assert {r["service"] for r in report["regressions"]} == {"component:default/billing"}
    assert ("owner-set", "pass", "fail") in found(report)
    assert any(e["path"] == "catalog-info.yaml" and e["line"] for e in report["errors"])


def test_a_lower_stage_is_told_beside_its_check(checkout: Checkout) -> None:
    own = (
        "apiVersion: handrail.dev/v1\nkind: Scorecard\nmetadata: {name: own}\nspec:\n  checks:\n"
        "    - id: owner-set\n"
    )
    base = checkout.commit({**GOOD, "own.yaml": own})
    checkout.commit({"catalog-info.yaml": descriptor(owner="TODO")})
    report = gate(checkout, base, "--scorecard", "own.yaml", status=1)
    assert [(r["check"], r["from"], r["to"]) for r in report["regressions"]] == [
        ("owner-set", "pass", "fail"),
        (None, "stage 2", "stage 1"),
    ]


def test_improvements_are_told_and_do_not_fail(checkout: Checkout) -> None:
    base = checkout.commit({"catalog-info.yaml": descriptor()})
    checkout.commit(GOOD)
    report = gate(checkout, base, status=0)
    assert ("health-probed", "fail", "pass") in [
        (r["check"], r["from"], r["to"]) for r in report["improvements"]
    ]


WAIVER = (
    "apiVersion: handrail.dev/v1\nkind: Waivers\nwaivers:\n  - check: health-probed\n"
    "    reason: The platform probes by itself from spring on.\n    owner: group:default/platform\n"
    "    until: 2027-03-31\n"
)


def test_a_waiver_excuses_a_loss_until_it_ends_and_its_removal_is_one(checkout: Checkout) -> None:
    base = checkout.commit(GOOD)
    head = checkout.commit({"k8s.yaml": MANIFEST, ".handrail/waivers.yaml": WAIVER})
    assert found(gate(checkout, base, "--as-of", "2027-03-31", status=0)) == []
    assert found(gate(checkout, base, "--as-of", "2027-04-01", status=1)) == [
        ("health-probed", "pass", "fail")
    ]
    checkout.commit({".handrail/waivers.yaml": None})
    assert found(gate(checkout, head, "--as-of", "2027-03-31", status=1)) == [
        ("health-probed", "waived", "fail")
    ]


def test_demands_hold_for_every_service_whatever_it_was(checkout: Checkout) -> None:
    base = checkout.commit(
        {"a/catalog-info.yaml": descriptor("ledger", owner="TODO"), "b/catalog-info.yaml": descriptor()}
    )
    checkout.commit({"README.md": "More words."})
    report = gate(checkout, base, "--require", "owner-set", "--min-stage", "1", status=1)
    assert report["verdict"] == "held"
    held = {(d["service"], d["demand"]): d["held"] for d in report["demands"]}
    assert held[("component:default/ledger", "--require owner-set")] is False
    assert held[("component:default/payments", "--require owner-set")] is True
    assert held[("component:default/ledger", "--min-stage 1")] is True


def test_a_base_that_cannot_be_read_leaves_it_undecided(checkout: Checkout) -> None:
    checkout.commit(GOOD)
    report = gate(checkout, "origin/main", status=2)
    assert (report["verdict"], report["base"]) == ("undecided", None)
    assert "`origin/main` names no commit here" in report["errors"][0]["message"]
    assert "git fetch origin main" in report["errors"][0]["message"]
    text = checkout.run("gate", "--base", "origin/main")
    assert text.status == 2
    assert text.out.startswith("Undecided")


def test_a_repository_without_a_commit_leaves_it_undecided(checkout: Checkout) -> None:
    report = gate(checkout, "HEAD", status=2)
    assert (report["verdict"], report["head"]) == ("undecided", None)
    assert "there is no commit yet" in report["errors"][0]["message"]


def test_the_first_line_of_text_is_the_verdict(checkout: Checkout) -> None:
    base = checkout.commit(GOOD)
    checkout.commit({"k8s.yaml": MANIFEST})
    done = checkout.run("gate", "--base", base)
    first, *rest = done.out.splitlines()
    assert done.status == 1
    assert first.startswith("Regressed from ")
    assert "1 check got worse" in first
    text = "\n".join(rest)
    for word in (
        "health-probed",
        "✓ Pass before, ✗ Fail now",
        "k8s.yaml:",
        "Before: k8s.yaml:10",
        "Why it matters: ",
        "Fix: Add to Deployment `payments` in `k8s.yaml`",
    ):
        assert word in text
    held = checkout.run("gate", "--base", "HEAD")
    assert held.out.startswith("Held from ")


def test_what_is_not_committed_is_not_judged_and_said(checkout: Checkout) -> None:
    base = checkout.commit(GOOD)
    (checkout.path / "k8s.yaml").write_text(MANIFEST)
    done = checkout.run("gate", "--base", base)
    assert done.status == 0
    assert "what is not committed is not judged" in done.err


def test_a_bare_repository_and_a_folder_within_one_can_be_gated(checkout: Checkout, tmp_path: Path) -> None:
    base = checkout.commit(
        {"a/catalog-info.yaml": descriptor("ledger"), "b/catalog-info.yaml": descriptor("payments")}
    )
    checkout.commit({"a/catalog-info.yaml": descriptor("ledger", owner="TODO")})
    checkout.git(checkout.path, "clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    bare = handrail(tmp_path, "gate", "bare.git", "--base", base, "--format", "json")
    assert bare.status == 1, bare.err
    assert found(gate(checkout, base, "b", status=0)) == []
    assert found(gate(checkout, base, "a", status=1)) == [("owner-set", "pass", "fail")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--base", "HEAD", "nowhere"], "There is no `nowhere`."),
        ([], "Missing option '--base'"),
        (["--base", "HEAD", "--require", "nothing-such"], "there is no such check"),
    ],
)
def test_a_wrong_argument_ends_with_one_sentence(checkout: Checkout, arguments: list[str], said: str) -> None:
    checkout.commit(GOOD)
    done = checkout.run("gate", *arguments)
    assert (done.status, done.out) == (2, "")
    assert said in done.err


def test_outside_of_git_there_is_nothing_to_compare(tmp_path: Path) -> None:
    done = handrail(tmp_path, "gate", "--base", "HEAD")
    assert done.status == 2
    assert "is not in a git repository" in done.err
