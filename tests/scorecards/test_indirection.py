"""What a pipeline runs is found however many calls away, and whatever a file says it says however it is held."""

# ruff: noqa: E501
from collections.abc import Callable
from datetime import date

import pytest

from catalog.discovery import discover
from catalog.snapshot import Snapshot
from catalog.trees.memory import MemoryTree
from scorecards.check import all_checks, check_ids
from scorecards.evaluation import run_check
from scorecards.facts import Facts
from scorecards.result import Result, Status
from tests.scorecards.hollow.signals import openslo
from tests.scorecards.sound import ALERT, COMMANDS, MESH, Files, component

FACTS = Facts(date(2026, 11, 24))
RUN = sorted(set(COMMANDS) & check_ids())


def judge(check: str, files: Files, others: dict[str, Files] | None = None) -> Result:
    base = {
        "catalog-info.yaml": component(),
        "Dockerfile": 'FROM alpine\nCMD ["/payments"]\n',
        "main.go": "package main\n",
    }
    snapshot = Snapshot(MemoryTree({**base, **files}), "payments")
    (service,) = discover(snapshot).services
    held = {name: Snapshot(MemoryTree(each), name) for name, each in (others or {}).items()}
    result, broken = run_check(all_checks()[check], snapshot, service, Facts(FACTS.as_of, repositories=held))
    assert broken is None
    return result


def github(*steps: str, on: str = "[push, pull_request]") -> str:
    return f"on: {on}\njobs:\n  job:\n    runs-on: x\n    steps:\n" + "".join(f"      - {s}\n" for s in steps)


CI = ".github/workflows/ci.yml"
CALLED = f"on: {{workflow_call: {{}}}}\n{github('run: COMMAND').partition(chr(10))[2]}"
COMPOSITE = "runs:\n  using: composite\n  steps:\n    - {run: COMMAND, shell: bash}\n"

WAYS: dict[str, Files] = {
    "the step itself": {CI: github("run: COMMAND")},
    "a block of lines": {CI: github("run: |\n          set -eu\n          echo begin\n          COMMAND")},
    "an environment variable": {CI: f"env: {{WHAT: COMMAND}}\n{github('run: ${{ env.WHAT }}')}"},
    "a make target": {CI: github("run: make go"), "Makefile": "go:\n\tCOMMAND\n"},
    "a make target that needs another": {CI: github("run: make all"), "Makefile": "all: inner\ninner:\n\tCOMMAND\n"},
    "a make variable": {CI: github("run: make go"), "Makefile": "WHAT = COMMAND\ngo:\n\t$(WHAT)\n"},
    "a script": {CI: github("run: ./scripts/go.sh"), "scripts/go.sh": "#!/bin/sh\nset -e\nCOMMAND\n"},
    "a script called by bash": {CI: github("run: bash scripts/go.sh"), "scripts/go.sh": "#!/bin/sh\nset -e\nCOMMAND\n"},
    "a function of a script": {CI: github("run: ./go.sh"), "go.sh": "#!/bin/sh\nset -e\nrun() {\n  COMMAND\n}\nrun\n"},
    "a script that a script calls": {CI: github("run: ./a.sh"), "a.sh": "#!/bin/sh\nset -e\n./b.sh\n", "b.sh": "#!/bin/sh\nset -e\nCOMMAND\n"},
    "a make target that calls a script": {CI: github("run: make go"), "Makefile": "go:\n\t./b.sh\n", "b.sh": "#!/bin/sh\nset -e\nCOMMAND\n"},
    "a package script": {CI: github("run: npm run go"), "package.json": '{"name": "payments", "scripts": {"go": "COMMAND"}}'},
    "a recipe of just": {CI: github("run: just go"), "justfile": "go:\n  COMMAND\n"},
    "a task": {CI: github("run: task go"), "Taskfile.yml": "version: '3'\ntasks:\n  go:\n    cmds: ['COMMAND']\n"},
    "a composite action": {CI: github("uses: ./.github/actions/go"), ".github/actions/go/action.yml": COMPOSITE},
    "a local reusable workflow": {CI: "on: [push, pull_request]\njobs: {a: {uses: ./.github/workflows/go.yml}}\n", ".github/workflows/go.yml": CALLED},
    "GitLab": {".gitlab-ci.yml": "go:\n  script: ['COMMAND']\n"},
    "GitLab, by extends": {".gitlab-ci.yml": ".base:\n  script: ['COMMAND']\ngo:\n  extends: .base\n"},
    "GitLab, by a local include": {".gitlab-ci.yml": "include: /ci/go.yml\n", "ci/go.yml": "go:\n  script: ['COMMAND']\n"},
    "Jenkins": {"Jenkinsfile": "pipeline { agent any\n  stages { stage('Go') { steps { sh 'COMMAND' } } }\n}\n"},
    "CircleCI": {".circleci/config.yml": "version: 2.1\njobs:\n  go:\n    docker: [{image: x}]\n    steps: [checkout, {run: COMMAND}]\nworkflows: {all: {jobs: [go]}}\n"},
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("check", RUN)
def test_what_a_pipeline_runs_is_found_however_it_is_called(check: str, way: str) -> None:
    command, needed = COMMANDS[check]
    files = {path: text.replace("COMMAND", command) for path, text in WAYS[way].items()}
    result = judge(check, {**needed, **files})
    assert result.status is Status.PASS, result.message


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("check", RUN)
def test_what_it_only_prints_is_not_run(check: str, way: str) -> None:
    command, needed = COMMANDS[check]
    files = {path: text.replace("COMMAND", f"echo {command}") for path, text in WAYS[way].items()}
    assert judge(check, {**needed, **files}).status is not Status.PASS


@pytest.mark.parametrize("way", [w for w, files in WAYS.items() if len(files) > 1])
@pytest.mark.parametrize("check", RUN)
def test_what_is_called_and_is_not_there_does_not_pass(check: str, way: str) -> None:
    command, needed = COMMANDS[check]
    (path, text), *_ = WAYS[way].items()
    assert judge(check, {**needed, path: text.replace("COMMAND", command)}).status is not Status.PASS


@pytest.mark.parametrize("check", RUN)
def test_a_workflow_of_a_repository_that_the_catalog_has_is_read(check: str) -> None:
    command, needed = COMMANDS[check]
    calls = "on: [push, pull_request]\njobs: {a: {uses: acme/shared/.github/workflows/all.yml@v1}}\n"
    shared = {".github/workflows/all.yml": CALLED.replace("COMMAND", command)}
    assert judge(check, {**needed, CI: calls}, {"acme/shared": shared}).status is Status.PASS
    assert judge(check, {**needed, CI: calls}).status is not Status.PASS


def block(text: str, indent: int) -> str:
    return "".join(f"{' ' * indent}{line}\n" if line else "\n" for line in text.splitlines())


SLO = openslo()["slo/payments.yaml"]
RULE = f"apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {{name: payments}}\nspec:\n{block(ALERT, 2)}"
HELD: dict[str, Callable[[str], Files]] = {
    "a file of its own": lambda text: {"ops/it.yaml": text},
    "one document of several": lambda text: {"ops/it.yaml": f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: a}}\n---\n{text}"},
    "a List": lambda text: {"ops/it.yaml": f"apiVersion: v1\nkind: List\nitems:\n  -\n{block(text, 4)}"},
    "a ConfigMap": lambda text: {"ops/it.yaml": f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  it.yaml: |\n{block(text, 4)}"},
    "a chart's template": lambda text: {"chart/Chart.yaml": "name: payments\nversion: 1.0.0\napiVersion: v2\n", "chart/values.yaml": "on: true\n", "chart/templates/it.yaml": f"{{{{- if .Values.on }}}}\n{text}{{{{- end }}}}\n"},
}  # fmt: skip
CONTENTS = {"slo-defined": SLO, "alerts-defined": RULE, "chaos-test-exists": MESH}


@pytest.mark.parametrize("how", HELD)
@pytest.mark.parametrize("check", CONTENTS)
def test_a_document_counts_however_it_is_held(check: str, how: str) -> None:
    result = judge(check, HELD[how](CONTENTS[check]))
    assert result.status is Status.PASS, result.message


@pytest.mark.parametrize("check", CONTENTS)
def test_a_template_that_the_default_values_switch_off_does_not_pass(check: str) -> None:
    files = HELD["a chart's template"](CONTENTS[check])
    assert judge(check, {**files, "chart/values.yaml": "on: false\n"}).status is not Status.PASS


BASE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: payments}
spec:
  template:
    metadata: {labels: {app: payments}}
    spec: {containers: [{name: payments, image: registry.acme.io/payments:1}]}
"""
PATCH = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: payments}
spec:
  template:
    spec:
      containers:
        - name: payments
          readinessProbe: {httpGet: {path: /ready, port: 80}}
          livenessProbe: {httpGet: {path: /live, port: 80}}
"""
KUSTOMIZATION = "resources: [../../base]\nPATCHES\n"
PATCHED: dict[str, str] = {
    "a file": "patches: [{path: probes.yaml}]",
    "a strategic merge": "patchesStrategicMerge: [probes.yaml]",
    "inline": f"patches:\n  - patch: |-\n{block(PATCH, 6)}",
}


@pytest.mark.parametrize("how", PATCHED)
def test_a_patch_of_kustomize_belongs_to_what_it_patches(how: str) -> None:
    files = {
        "base/deployment.yaml": BASE,
        "base/kustomization.yaml": "resources: [deployment.yaml]\n",
        "overlays/production/kustomization.yaml": KUSTOMIZATION.replace("PATCHES", PATCHED[how]),
    }
    assert judge("health-probed", files).status is not Status.PASS or how == "inline"
    assert judge("health-probed", {**files, "overlays/production/probes.yaml": PATCH}).status is Status.PASS


CHART = {
    "chart/Chart.yaml": "name: payments\nversion: 1.0.0\napiVersion: v2\n",
    "chart/templates/deployment.yaml": BASE.replace(
        "{name: payments}", "{name: {{ .Chart.Name }}}", 1
    ).replace(
        "spec: {containers: [{name: payments, image: registry.acme.io/payments:1}]}\n",
        "spec:\n      containers:\n        - name: payments\n          image: {{ .Values.image }}\n"
        "          {{- with .Values.readiness }}\n          readinessProbe:\n            {{- toYaml . | nindent 12 }}\n          {{- end }}\n"
        "          {{- with .Values.liveness }}\n          livenessProbe:\n            {{- toYaml . | nindent 12 }}\n          {{- end }}\n",
    ),
}


def test_a_charts_default_values_decide() -> None:
    probe = "{httpGet: {path: /x, port: 80}}"
    values = f"image: a/payments:1\nreadiness: {probe}\nliveness: {probe}\n"
    assert judge("health-probed", {**CHART, "chart/values.yaml": values}).status is Status.PASS
    none = "image: a/payments:1\nreadiness: {}\nliveness: {}\n"
    assert judge("health-probed", {**CHART, "chart/values.yaml": none}).status is not Status.PASS


DATADOG = """\
resource "datadog_service_level_objective" "payments" {
  name = "payments"
  type = "metric"
  query {
    numerator   = "sum:requests.ok{service:payments}.as_count()"
    denominator = "sum:requests.all{service:payments}.as_count()"
  }
  thresholds {
    timeframe = "30d"
    target    = TARGET
  }
}
"""
TARGETS = {
    "a number": ("99.9", ""),
    "a local": ("local.target", "locals {\n  target = 99.9\n}\n"),
    "a variable's default": ("var.target", 'variable "target" {\n  default = 99.9\n}\n'),
}


@pytest.mark.parametrize("how", TARGETS)
def test_terraform_follows_locals_and_variables(how: str) -> None:
    value, given = TARGETS[how]
    files = {"ops/slo.tf": DATADOG.replace("TARGET", value), "ops/values.tf": given}
    assert judge("slo-defined", files).status is Status.PASS
    hundred = {**files, "ops/values.tf": given.replace("99.9", "100")}
    if given:
        assert judge("slo-defined", hundred).status is not Status.PASS


def test_a_variable_without_a_default_is_unknown_or_a_reference() -> None:
    files = {
        "ops/slo.tf": DATADOG.replace("TARGET", "var.target") + 'variable "target" {\n  type = number\n}\n'
    }
    assert judge("slo-defined", files).status in (Status.PASS, Status.UNKNOWN)


BREAKER = """\
resource "aws_ecs_service" "payments" {
  name = "payments"
  deployment_circuit_breaker {
    enable   = true
    rollback = ROLLBACK
  }
}
"""


@pytest.mark.parametrize(("value", "status"), [("true", Status.PASS), ("false", Status.PARTIAL)])
@pytest.mark.parametrize("how", ["local", "var"])
def test_a_switch_in_terraform_is_followed(how: str, value: str, status: Status) -> None:
    given = (
        f"locals {{\n  back = {value}\n}}\n"
        if how == "local"
        else f'variable "back" {{\n  default = {value}\n}}\n'
    )
    files = {"ops/ecs.tf": BREAKER.replace("ROLLBACK", f"{how}.back"), "ops/values.tf": given}
    assert judge("rollback-configured", files).status is status
