"""Workflows and pipelines that stand in repositories of the catalog are read there."""

from collections.abc import Callable
from datetime import date

import pytest

from catalog.discovery import discover
from catalog.snapshot import Snapshot
from scorecards.check import all_checks
from scorecards.evaluation import run_check
from scorecards.facts import Facts
from scorecards.result import Result, Status

Tree = Callable[[dict[str, str]], Snapshot]
DESCRIPTOR = (
    "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: payments}\n"
    "spec: {type: service, lifecycle: production, owner: payments}\n"
)
CODE = {"catalog-info.yaml": DESCRIPTOR, "main.go": "package main\n", "Makefile": "check:\n\tgo test ./...\n"}


def caller(uses: str, given: str = "") -> dict[str, str]:
    text = f"on: [push, pull_request]\njobs:\n  build:\n    uses: {uses}\n{given}"
    return {**CODE, ".github/workflows/ci.yml": text}


def called(steps: str, inputs: str = "") -> dict[str, str]:
    text = f"on:\n  workflow_call:\n{inputs}jobs:\n  inner:\n    runs-on: x\n    steps:\n{steps}"
    return {".github/workflows/ours.yml": text}


def judge(tree: Tree, files: dict[str, str], others: dict[str, dict[str, str]], check: str) -> Result:
    snapshot = tree(files)
    facts = Facts(date(2026, 11, 24), repositories={name: tree(held) for name, held in others.items()})
    (service,) = discover(snapshot).services
    result, broken = run_check(all_checks()[check], snapshot, service, facts)
    assert broken is None
    return result


USES = "acme/shared/.github/workflows/ours.yml@v1"


def test_without_the_repository_it_is_unknown_what_is_called(tree: Tree) -> None:
    assert judge(tree, caller(USES), {}, "ci-tests").status is Status.UNKNOWN
    others = {"acme/other": called("      - run: go test ./...\n")}
    assert judge(tree, caller(USES), others, "ci-tests").status is Status.UNKNOWN


def test_with_it_the_called_workflow_is_read_and_runs_in_the_callers_checkout(tree: Tree) -> None:
    others = {"acme/shared": {**called("      - run: make check\n"), "Makefile": "check:\n\techo shared\n"}}
    result = judge(tree, caller(USES), others, "ci-tests")
    assert result.status is Status.PASS
    assert result.evidence[0].path == "Makefile"
    direct = judge(tree, caller(USES), {"acme/shared": called("      - run: go test ./...\n")}, "ci-tests")
    assert (direct.status, direct.evidence[0].path) == (
        Status.PASS,
        "acme/shared:.github/workflows/ours.yml",
    )
    assert direct.evidence[0].line == 7


def test_one_that_does_not_test_is_known_not_to(tree: Tree) -> None:
    for steps in (
        "      - run: go build ./...\n",
        "      - run: go test ./... || true\n",
        "      - run: echo\n",
    ):
        result = judge(tree, caller(USES), {"acme/shared": called(steps)}, "ci-tests")
        assert result.status in (Status.FAIL, Status.PARTIAL)


def test_inputs_reach_it_and_defaults_hold_without_them(tree: Tree) -> None:
    inputs = "    inputs:\n      command: {type: string, default: echo nothing}\n"
    others = {"acme/shared": called("      - run: ${{ inputs.command }}\n", inputs)}
    assert judge(tree, caller(USES), others, "ci-tests").status is Status.FAIL
    given = "    with:\n      command: go test ./...\n"
    assert judge(tree, caller(USES, given), others, "ci-tests").status is Status.PASS


def test_what_a_called_workflow_calls_beside_itself_is_read_where_it_stands(tree: Tree) -> None:
    nested = "on: {workflow_call: {}}\njobs:\n  more: {uses: ./.github/workflows/ours.yml}\n"
    shared = {**called("      - run: go test ./...\n"), ".github/workflows/all.yml": nested}
    uses = "acme/shared/.github/workflows/all.yml@main"
    assert judge(tree, caller(uses), {"acme/shared": shared}, "ci-tests").status is Status.PASS


def test_workflows_that_call_each_other_in_circles_end(tree: Tree) -> None:
    circle = {".github/workflows/ours.yml": f"on: {{workflow_call: {{}}}}\njobs: {{a: {{uses: {USES}}}}}\n"}
    assert judge(tree, caller(USES), {"acme/shared": circle}, "ci-tests").status is not Status.PASS


@pytest.mark.parametrize("text", ["", "[\n", "jobs: 3\n", "on: push\njobs: {a: null}\n"])
def test_a_broken_one_does_not_pass(tree: Tree, text: str) -> None:
    others = {"acme/shared": {".github/workflows/ours.yml": text}}
    assert judge(tree, caller(USES), others, "ci-tests").status is not Status.PASS


def test_a_file_that_the_repository_does_not_have_stays_unknown(tree: Tree) -> None:
    assert judge(tree, caller(USES), {"acme/shared": {"README.md": ""}}, "ci-tests").status is Status.UNKNOWN


def test_a_rollback_in_a_called_workflow_is_one(tree: Tree) -> None:
    steps = "      - run: helm upgrade --install payments ./chart --atomic\n"
    result = judge(tree, caller(USES), {"acme/shared": called(steps)}, "rollback-configured")
    assert result.status is Status.PASS
    assert result.evidence[0].path == "acme/shared:.github/workflows/ours.yml"


def test_what_a_pipeline_of_gitlab_includes_from_another_project_is_read(tree: Tree) -> None:
    including = {**CODE, ".gitlab-ci.yml": "include:\n  - {project: acme/ci, ref: main, file: [/go.yml]}\n"}
    assert judge(tree, including, {}, "ci-tests").status is Status.UNKNOWN
    shared = {"go.yml": "include: /base.yml\n", "base.yml": "test:\n  script: [go test ./...]\n"}
    result = judge(tree, including, {"acme/ci": shared}, "ci-tests")
    assert (result.status, result.evidence[0].path) == (Status.PASS, "acme/ci:base.yml")
    absent = judge(tree, including, {"acme/ci": {"other.yml": ""}}, "ci-tests")
    assert absent.status is Status.UNKNOWN


def test_a_deployment_and_its_way_back_are_read_in_a_called_workflow(tree: Tree) -> None:
    steps = (
        "      - run: kubectl apply -f k8s/\n"
        "      - run: kubectl rollout status deployment/p || kubectl rollout undo deployment/p\n"
    )
    others = {"acme/shared": called(steps)}
    for check in ("deploy-automated", "rollback-automated"):
        assert judge(tree, caller(USES), {}, check).status is not Status.PASS
        result = judge(tree, caller(USES), others, check)
        assert result.status is Status.PASS
        assert result.evidence[0].path == "acme/shared:.github/workflows/ours.yml"
