"""What `--fix` starts speaks of this repository, and by itself turns no check to `pass`."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from catalog.discovery import discover
from catalog.document import parse_yaml
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import all_checks
from scorecards.evaluation import run_check
from scorecards.facts import Facts
from scorecards.reading.hollow import is_placeholder
from scorecards.result import Result, Status
from scorecards.start import Start

Tree = Callable[[dict[str, str]], Snapshot]
FACTS = Facts(date(2026, 11, 24))
STARTED = sorted(check.id for check in all_checks().values() if check.start)

DESCRIPTOR = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: NAME, description: Takes card payments for the shop.}
spec:
  {type: service, lifecycle: production, owner: payments-team, dependsOn: [resource:payments-db]}
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: payments}
spec: {template: {spec: {containers: [{name: payments, image: registry.acme.io/payments:1}]}}}
"""
BUILD = "on: push\njobs: {build: {runs-on: x, steps: [{run: go build ./...}]}}\n"
CODE = {"go.mod": "module payments\n", "main.go": "package main\n"}
SHAPES: dict[str, dict[str, str]] = {
    "undeclared": {"Dockerfile": 'FROM x\nCMD ["/payments"]\n', **CODE},
    "declared": {
        "catalog-info.yaml": DESCRIPTOR.replace("NAME", "payments"),
        "README.md": "# Payments\n\nTakes card payments.\n",
        "k8s/deployment.yaml": DEPLOYMENT,
        ".github/workflows/build.yml": BUILD,
        **CODE,
    },
    "on GitLab": {"Procfile": "web: ./payments\n", ".gitlab/agents/a.yaml": "a: 1\n", **CODE},
    "one of several": {
        "services/payments/catalog-info.yaml": DESCRIPTOR.replace("NAME", "payments"),
        "services/ledger/catalog-info.yaml": DESCRIPTOR.replace("NAME", "ledger"),
        **{f"services/payments/{path}": text for path, text in CODE.items()},
    },
}


def service_of(snapshot: Snapshot) -> Service:
    return next(s for s in discover(snapshot).services if s.name == "payments")


def judged(snapshot: Snapshot) -> dict[str, Result]:
    service = service_of(snapshot)
    return {c.id: run_check(c, snapshot, service, FACTS)[0] for c in all_checks().values()}


def started(snapshot: Snapshot, check: str) -> Start | None:
    begin = all_checks()[check].start
    assert begin is not None
    return begin(snapshot, service_of(snapshot), judged(snapshot)[check])


@pytest.mark.parametrize("check", STARTED)
def test_a_start_turns_no_check_to_pass(check: str, tree: Tree) -> None:
    for shape, files in SHAPES.items():
        start = started(tree(files), check)
        if start is None:
            continue  # something that is there is to be changed instead
        assert start.path not in files, shape
        before, after = judged(tree(files)), judged(tree({**files, start.path: start.text}))
        assert after[check].status is not Status.PASS, (shape, after[check].message)
        turned = [c for c in after if after[c].status is Status.PASS and before[c].status is not Status.PASS]
        assert turned == [], shape


@pytest.mark.parametrize("check", STARTED)
def test_a_start_holds_placeholders_and_the_names_of_this_service(check: str, tree: Tree) -> None:
    starts = [s for files in SHAPES.values() if (s := started(tree(files), check)) is not None]
    assert starts, "no shape of repository has a start for it"
    for start in starts:
        assert "payments" in start.text
        assert "@" not in start.path
        assert not any(f"@{word}@" in start.text for word in ("name", "Name", "team", "type", "path", "test"))
        assert any(is_placeholder(line.strip()) or "TODO" in line for line in start.text.split("\n"))
        assert start.fill
        assert start.text.endswith("\n")
        if start.path.endswith((".yaml", ".yml")):
            assert parse_yaml(start.text, start.path).errors == ()


def test_a_service_of_several_gets_its_start_in_its_own_folder(tree: Tree) -> None:
    for check in STARTED:
        start = started(tree(SHAPES["one of several"]), check)
        if start is not None:
            assert start.path.startswith(("services/payments/", ".github/"))


def test_a_start_speaks_the_language_of_the_repository(tree: Tree) -> None:
    mesh = started(tree(SHAPES["declared"]), "chaos-test-exists")
    assert mesh is not None
    assert "chaos-mesh.org" in mesh.text
    toolkit = started(tree(SHAPES["undeclared"]), "chaos-test-exists")
    assert toolkit is not None
    assert "steady-state-hypothesis" in toolkit.text
    tests = started(tree(SHAPES["one of several"]), "ci-tests")
    assert tests is not None
    assert "working-directory: services/payments" in tests.text
    assert "`go test ./...`" in tests.text
    assert started(tree(SHAPES["on GitLab"]), "ci-tests") is None


def test_a_runbook_starts_with_the_alerts_that_are_there(tree: Tree) -> None:
    rule = (
        "groups:\n  - name: payments\n    rules:\n      - alert: PaymentsFail\n        expr: up == 0\n"
        "        labels: {severity: page}\n"
    )
    start = started(tree({**SHAPES["declared"], "monitoring/alerts.yaml": rule}), "runbook-present")
    assert start is not None
    assert "## Alert: PaymentsFail\n" in start.text


def test_what_is_there_but_weak_is_to_be_changed_and_not_started_again(tree: Tree) -> None:
    hollow = {**SHAPES["declared"]}
    start = started(tree(hollow), "slo-defined")
    assert start is not None
    assert started(tree({**hollow, start.path: start.text}), "slo-defined") is None


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("check", sorted(all_checks()))
def test_a_fix_names_what_is_to_be_changed_here(check: str, shape: str, tree: Tree) -> None:
    result = judged(tree(SHAPES[shape]))[check]
    if result.status in (Status.PASS, Status.NOT_APPLICABLE):
        assert result.fix == ""
        return
    assert result.fix
    names_a_file = re.search(r"`[\w./-]+\.\w+`", result.fix) is not None
    assert "payments" in result.fix or names_a_file or any(path in result.fix for path in SHAPES[shape])
