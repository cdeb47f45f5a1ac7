"""`handrail check` scores a working folder, for people and for programs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.handrail.running import ROOT, SCHEMAS, Checkout, descriptor, handrail, process, validate

MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: payments}
spec:
  template:
    spec:
      containers:
        - name: payments
          image: registry.example.com/payments:1
          readinessProbe: {httpGet: {path: /ready, port: 8080}}
          livenessProbe: {httpGet: {path: /live, port: 8080}}
"""


def statuses(report: dict[str, object]) -> dict[str, str]:
    (service,) = report["services"]  # type: ignore[misc]
    return {c["id"]: c["status"] for c in service["scorecards"][0]["checks"]}  # type: ignore[index]


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda p: p.name)
def test_each_schema_is_one(path: Path) -> None:
    Draft202012Validator.check_schema(json.loads(path.read_text("utf-8")))


def test_the_report_is_as_its_schema_says_and_names_the_commit(checkout: Checkout) -> None:
    commit = checkout.commit({"catalog-info.yaml": descriptor(), "k8s/deployment.yaml": MANIFEST})
    done = checkout.run("check", "--format", "json", "--as-of", "2026-11-24")
    assert done.status == 0, done.err
    report = done.json
    validate("check", report)
    assert (report["commit"], report["as_of"], report["errors"]) == (commit, "2026-11-24", [])
    (service,) = report["services"]
    assert service["ref"] == "component:default/payments"
    assert (service["path"], service["owner"], service["state"]) == (
        ".",
        "group:default/payments",
        "declared",
    )
    card = service["scorecards"][0]
    probed = next(c for c in card["checks"] if c["id"] == "health-probed")
    assert probed["status"] == "pass"
    assert [(e["path"], e["line"]) for e in probed["evidence"]] == [
        ("k8s/deployment.yaml", 10),
        ("k8s/deployment.yaml", 11),
    ]
    assert probed["fix"] == ""


def test_what_is_not_committed_is_judged_and_has_no_commit(checkout: Checkout) -> None:
    checkout.commit({"catalog-info.yaml": descriptor()})
    (checkout.path / "k8s.yaml").write_text(MANIFEST)
    report = checkout.run("check", "--format", "json").json
    assert report["commit"] is None
    assert statuses(report)["health-probed"] == "pass"


def test_what_git_ignores_is_not_read(checkout: Checkout) -> None:
    checkout.commit({"catalog-info.yaml": descriptor(), ".gitignore": "k8s.yaml\n"})
    (checkout.path / "k8s.yaml").write_text(MANIFEST)
    report = checkout.run("check", "--format", "json").json
    assert report["commit"] is not None
    assert statuses(report)["health-probed"] == "fail"


def test_a_folder_without_git_is_judged_too(tmp_path: Path) -> None:
    (tmp_path / "catalog-info.yaml").write_text(descriptor())
    report = handrail(tmp_path, "check", "--format", "json").json
    assert report["commit"] is None
    assert report["services"][0]["ref"] == "component:default/payments"


def test_text_says_stage_score_next_and_the_fix(checkout: Checkout) -> None:
    checkout.commit({"catalog-info.yaml": descriptor(owner="TODO")})
    done = checkout.run("check")
    assert done.status == 0
    assert done.out.startswith("payments  production service")
    assert "Stage 1, Chaos" in done.out
    assert "To reach stage 2, Firefighting: " in done.out
    assert "✗ Fail" in done.out
    assert "Fix: " in done.out
    assert not any(line != line.rstrip() for line in done.out.splitlines())


def test_what_to_do_first_is_the_same_in_text_and_json(checkout: Checkout) -> None:
    weak = "# Runbook\n\n## Alert: PaymentsFail\n\nSymptom: more than 2 % of requests answer 5xx.\n\n"
    weak += "## Diagnose\n\n"
    weak += "Look at the logs: `kubectl logs deploy/payments`.\n"
    checkout.commit({"catalog-info.yaml": descriptor(owner="unknown"), "docs/runbook.md": weak})
    report = checkout.run("check", "--format", "json").json
    found = {c["id"]: c["status"] for c in report["services"][0]["scorecards"][0]["checks"]}
    assert (found["described"], found["runbook-present"], found["owner-set"]) == (
        "partial",
        "partial",
        "fail",
    )
    first = report["services"][0]["scorecards"][0]["next"]
    assert first[:4] == [
        "described",
        "runbook-present",
        "owner-set",
        "alerts-defined",
    ]  # partial, little effort first; then fail
    text = checkout.run("check").out
    assert "To reach stage 2, Firefighting: described, runbook-present, owner-set, alerts-defined.\n" in text
    told = [line.split()[0] for line in text.splitlines() if ", required" in line or ", recommended" in line]
    assert told[: len(first)] == first


def test_a_folder_within_the_repository_narrows_the_services(checkout: Checkout) -> None:
    checkout.commit(
        {
            "services/payments/catalog-info.yaml": descriptor(),
            "services/ledger/catalog-info.yaml": descriptor("ledger"),
        }
    )
    both = checkout.run("check", "--format", "json").json
    assert {s["path"] for s in both["services"]} == {"services/payments", "services/ledger"}
    one = checkout.run("check", "services/ledger", "--format", "json").json
    assert [s["ref"] for s in one["services"]] == ["component:default/ledger"]
    none = checkout.run("check", ".git/..", "--format", "json")
    assert none.status == 0
    (checkout.path / "docs").mkdir()
    nowhere = checkout.run("check", "docs")
    assert nowhere.status == 2
    assert "`services/ledger`, `services/payments`" in nowhere.err


def test_demands_decide_the_exit_status(checkout: Checkout) -> None:
    checkout.commit({"catalog-info.yaml": descriptor()})
    assert checkout.run("check", "--require", "owner-set").status == 0
    missed = checkout.run("check", "--require", "health-probed", "--min-score", "99", "--min-stage", "5")
    assert missed.status == 1
    for demand in ("--require health-probed", "--min-score 99", "--min-stage 5"):
        assert demand in missed.out
    as_json = checkout.run("check", "--require", "health-probed", "--format", "json")
    assert as_json.status == 1
    validate("check", as_json.json)
    assert "--require health-probed does not hold" in as_json.err


def test_a_library_meets_a_demand_for_a_stage_that_it_has_not(checkout: Checkout) -> None:
    checkout.commit({"catalog-info.yaml": descriptor(type="library")})
    assert checkout.run("check", "--min-stage", "5").status == 0
    report = checkout.run("check", "--format", "json").json
    assert report["services"][0]["scorecards"][0]["stage"] is None
    assert statuses(report)["health-probed"] == "not-applicable"


def test_type_overrides_what_the_service_says(checkout: Checkout) -> None:
    checkout.commit({"catalog-info.yaml": descriptor(type="library")})
    report = checkout.run("check", "--type", "service", "--format", "json").json
    assert report["services"][0]["type"] == "service"
    assert statuses(report)["health-probed"] == "fail"


def test_a_waiver_shows_beside_the_real_status(checkout: Checkout) -> None:
    waiver = (
        "apiVersion: handrail.dev/v1\nkind: Waivers\nwaivers:\n  - check: health-probed\n"
        "    reason: Runs on a platform that probes by itself.\n    owner: group:default/platform\n"
        "    until: 2026-12-31\n"
    )
    checkout.commit({"catalog-info.yaml": descriptor(), ".handrail/waivers.yaml": waiver})
    held = checkout.run("check", "--require", "health-probed", "--as-of", "2026-12-31", "--format", "json")
    assert held.status == 0
    check = next(c for c in held.json["services"][0]["scorecards"][0]["checks"] if c["id"] == "health-probed")
    assert (check["status"], check["valid_until"]) == ("fail", "2026-12-31")
    assert check["waiver"]["owner"] == "group:default/platform"
    over = checkout.run("check", "--require", "health-probed", "--as-of", "2027-01-01")
    assert over.status == 1
    assert "A waiver that ended on 2026-12-31." in over.out


def test_a_broken_file_is_an_error_and_the_rest_is_judged(checkout: Checkout) -> None:
    checkout.commit({"catalog-info.yaml": "apiVersion: [\n", ".handrail/waivers.yaml": "waivers: 3\n"})
    report = checkout.run("check", "--format", "json").json
    validate("check", report)
    assert {e["path"] for e in report["errors"]} == {"catalog-info.yaml", ".handrail/waivers.yaml"}
    assert len(report["services"]) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "There is no `nowhere`."),
        (["catalog-info.yaml"], "is a file"),
        (["--scorecard", "nope"], "There is no scorecard `nope`. Name `reliability`"),
        (["--require", "owner-st"], "Did you mean `owner-set`?"),
        (["--as-of", "tomorrow"], "Write it as 2026-11-24."),
        (["--type", "thing"], "is not one of"),
        (["--min-stage", "6"], "6 is not in the range"),
    ],
)
def test_a_wrong_argument_ends_with_one_sentence(checkout: Checkout, arguments: list[str], said: str) -> None:
    checkout.commit({"catalog-info.yaml": descriptor()})
    done = checkout.run("check", *arguments)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err


def test_a_scorecard_of_ones_own_is_taken_by_path(checkout: Checkout) -> None:
    own = (
        "apiVersion: handrail.dev/v1\nkind: Scorecard\nmetadata: {name: own}\n"
        "spec:\n  checks:\n    - id: owner-set\n"
    )
    checkout.commit({"catalog-info.yaml": descriptor(), "own.yaml": own})
    report = checkout.run("check", "--scorecard", "own.yaml", "--min-stage", "2", "--format", "json").json
    assert report["services"][0]["scorecards"][0]["name"] == "own"
    checkout.commit({"own.yaml": own.replace("owner-set", "owner-st")})
    broken = checkout.run("check", "--scorecard", "own.yaml")
    assert broken.status == 2
    assert "own.yaml:6: `spec.checks[0].id`: there is no check `owner-st`" in broken.err


def test_text_from_a_repository_cannot_steer_the_terminal(checkout: Checkout) -> None:
    checkout.commit({"catalog-info.yaml": descriptor(owner='"group:default/\\e[31m\\u202Eevil"')})
    out = checkout.run("check").out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_check_imports_neither_database_nor_web(checkout: Checkout) -> None:
    checkout.commit({"catalog-info.yaml": descriptor()})
    code = (
        "import sys; from handrail.__main__ import cli\n"
        "for a in (['check'], ['explain'], ['gate', '--base', 'HEAD']): cli.main(a, standalone_mode=False)\n"
        "bad = {'sqlmodel', 'sqlalchemy', 'flask', 'alembic', 'git', 'cookiecutter'} & set(sys.modules)\n"
        "sys.exit(', '.join(bad) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=checkout.path,
        check=False,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(checkout.path)},
    )
    assert done.returncode == 0, done.stderr


def test_a_process_of_its_own_does_the_same(checkout: Checkout) -> None:
    checkout.commit({"catalog-info.yaml": descriptor(), "k8s.yaml": MANIFEST})
    here = checkout.run("check", "--format", "json", "--as-of", "2026-11-24")
    apart = process(checkout.path, "check", "--format", "json", "--as-of", "2026-11-24")
    assert (apart.status, apart.json) == (here.status, here.json)
    text = process(checkout.path, "check", "--as-of", "2026-11-24")
    assert text.out == checkout.run("check", "--as-of", "2026-11-24").out


def test_other_repositories_are_read_where_they_are_named(checkout: Checkout, tmp_path: Path) -> None:
    calls = "on: [push, pull_request]\njobs:\n  all: {uses: acme/shared/.github/workflows/all.yml@v1}\n"
    files = {
        "catalog-info.yaml": descriptor(),
        "main.go": "package main\n",
        ".github/workflows/ci.yml": calls,
    }
    checkout.commit(files)
    base = checkout.commit({}, "more")
    assert statuses(checkout.run("check", "--format", "json").json)["ci-tests"] == "unknown"
    shared = Checkout(tmp_path / "organisation" / "shared", checkout.git)
    shared.path.mkdir(parents=True)
    shared.git(shared.path, "init", "-q")
    steps = "on: {workflow_call: {}}\njobs: {a: {runs-on: x, steps: [{run: go test ./...}]}}\n"
    shared.commit({".github/workflows/all.yml": steps})
    beside = ("--repositories", str(tmp_path / "organisation"))
    assert statuses(checkout.run("check", *beside, "--format", "json").json)["ci-tests"] == "pass"
    traced = checkout.run("check", *beside, "--trace", "ci-tests")
    assert "acme/shared:.github/workflows/all.yml" in traced.out
    checkout.commit({".github/workflows/ci.yml": calls.replace("push, pull_request", "workflow_dispatch")})
    gate = checkout.run("gate", "--base", base, *beside, "--format", "json").json
    assert [(r["check"], r["from"], r["to"]) for r in gate["regressions"]] == [
        ("ci-tests", "pass", "partial")
    ]
    missing = checkout.run("check", "--repositories", "nowhere")
    assert missing.status == 2
