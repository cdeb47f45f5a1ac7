"""Whether a bad release is taken back without anybody starting it, tool by tool."""

import textwrap
import time
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.checks import rollback_automated
from scorecards.facts import Facts
from scorecards.reading.on_failure import runs_on_failure
from scorecards.result import Result

# ruff: noqa: E501
Tree = Callable[[dict[str, str]], Snapshot]
CI = ".github/workflows/deploy.yml"


def judge(
    snapshot: Snapshot,
    path: str = "",
    neighbours: tuple[str, ...] = (),
    facts: Facts | None = None,
    annotations: dict[str, str] | None = None,
) -> Result:
    service = Service(
        Ref("component", "default", "payments"),
        "service",
        path,
        neighbours=neighbours,
        annotations=annotations or {},
    )
    return rollback_automated.evaluate(snapshot, service, facts or Facts(date(2026, 11, 24)), {})


def github(steps: str, on: str = "push", name: str = "deploy", job: str = "") -> dict[str, str]:
    body = textwrap.indent(textwrap.dedent(steps).strip("\n"), "      ")
    return {CI: f"on: {on}\njobs:\n  {name}:\n    runs-on: x\n{job}    steps:\n{body}\n"}


def run(script: str) -> dict[str, str]:
    return github("- run: |\n" + textwrap.indent(textwrap.dedent(script).strip("\n"), "    "))


ROLLOUT = """
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: payments}
spec: {strategy: {canary: {steps: [{setWeight: 20}, {analysis: {templates: [{templateName: errors}]}}]}}}
---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: errors}
spec: {metrics: [{name: errors, provider: {prometheus: {query: up}}}]}
"""
BARE = "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: p}\nspec: {strategy: {canary: {steps: [{setWeight: 20}]}}}\n"
CANARY = "apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: {name: p}\nspec: {analysis: {metrics: [{name: request-success-rate}]}}\n"
RELEASE = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: p}\nspec: {upgrade: {remediation: {retries: 3}}}\n"
ECS = 'resource "aws_ecs_service" "p" {\n  deployment_circuit_breaker {\n    enable = true\n    rollback = true\n  }\n}\n'
SAM = "Resources: {F: {Type: 'AWS::Serverless::Function', Properties: {DeploymentPreference: {Type: Linear, Alarms: [a]}}}}\n"
NOMAD = 'job "p" {\n  update {\n    auto_revert = true\n  }\n}\n'
SWARM = "services: {p: {image: p, deploy: {update_config: {failure_action: rollback}}}}\n"
JENKINS = "pipeline { stages { stage('d') { steps { sh 'helm upgrade p c' } } }\n post {\n  failure {\n   sh 'helm rollback p'\n  }\n } }"
CAUGHT = "node {\n  try {\n    sh 'helm upgrade p c'\n  } catch (e) {\n    sh 'helm rollback p'\n    throw e\n  }\n}\n"
METHOD = "def rollback(String image) {\n  sh 'helm rollback p'\n}\npipeline {\n  post {\n    failure {\n      rollback('x')\n    }\n  }\n}\n"
TRAP = "#!/bin/sh\nrollback() {\n  kubectl rollout undo deployment/p\n}\ntrap rollback ERR\nkubectl apply -f k8s/\n"
ELSE = "if curl -f https://p/healthz; then\n  echo fine\nelse\n  kubectl rollout undo deployment/p\nfi\n"

PASSES = {
    "analysis": {"k8s/rollout.yaml": ROLLOUT},
    "flagger": {"k8s/canary.yaml": CANARY},
    "flux": {"k8s/release.yaml": RELEASE},
    "circuit breaker": {"ecs.tf": ECS},
    "alarms": {"template.yaml": SAM},
    "nomad": {"payments.nomad": NOMAD},
    "swarm": {"stack.yml": SWARM},
    "atomic": github("- run: helm upgrade --install p ./chart --atomic"),
    "atomic input": github("- uses: acme/helm-deploy@v1\n  with: {atomic: true}"),
    "if failure": github(
        "- run: kubectl apply -f k8s/\n- if: failure()\n  run: kubectl rollout undo deployment/p"
    ),
    "job after a failure": {
        CI: "on: push\njobs:\n  deploy: {runs-on: x, steps: [{run: kubectl apply -f k8s}]}\n"
        "  rollback:\n    needs: deploy\n    if: always() && needs.deploy.result == 'failure'\n"
        "    runs-on: x\n    steps: [{run: kubectl rollout undo deployment/p}]\n"
    },
    "after another workflow": github(
        "- run: helm rollback p",
        on="{workflow_run: {workflows: [deploy], types: [completed]}}",
        name="rollback",
        job="    if: github.event.workflow_run.conclusion == 'failure'\n",
    ),
    "or": run("kubectl rollout status deployment/p || kubectl rollout undo deployment/p"),
    "or on the next line": run("kubectl rollout status deployment/p ||\n  kubectl rollout undo deployment/p"),
    "or in braces": run("./verify.sh || {\n  kubectl rollout undo deployment/p\n  exit 1\n}"),
    "if not": run(
        "if ! kubectl rollout status deployment/p; then\n  kubectl rollout undo deployment/p\n  exit 1\nfi"
    ),
    "else": run(ELSE),
    "status": run('code=$(curl -s x)\nif [ "$code" != 200 ]; then\n  kubectl rollout undo deployment/p\nfi'),
    "trap in a script": {**github("- run: ./deploy.sh"), "deploy.sh": TRAP},
    "script on failure": {
        **github("- if: failure()\n  run: ./rollback.sh"),
        "rollback.sh": "#!/bin/sh\nkubectl rollout undo deployment/p\n",
    },
    "target on failure": {
        **run("kubectl apply -f k8s/\nmake verify || make rollback"),
        "Makefile": "verify:\n\tcurl -f x\nrollback:\n\tkubectl rollout undo deployment/p\n",
    },
    "gitlab": {".gitlab-ci.yml": "back:\n  when: on_failure\n  script: [helm rollback payments]\n"},
    "gitlab rules": {
        ".gitlab-ci.yml": "back:\n  rules: [{when: on_failure}]\n  script: [helm rollback payments]\n"
    },
    "jenkins": {"Jenkinsfile": JENKINS},
    "jenkins catch": {"Jenkinsfile": CAUGHT},
    "jenkins method": {"Jenkinsfile": METHOD},
    "jenkins catch in blocks": {
        "Jenkinsfile": "node {\n  try {\n    sh 'make verify'\n  }catch(e){\n    withKubeConfig(credentialsId: 'x') {\n"
        "      sh 'kubectl rollout undo deployment p'\n    }\n  }\n}\n"
    },
    "shell without indentation": {
        **github("- run: bash check.sh"),
        "check.sh": '#!/bin/bash\nif [[ $(kubectl rollout status deploy p) != *"successfully rolled out"* ]];\nthen\n'
        "echo failed\nkubectl rollout undo deployment p\nelse\necho fine\nfi\n",
    },
    "azure": {
        "azure-pipelines.yml": "trigger: [main]\nsteps:\n  - script: kubectl apply -f k8s\n"
        "  - script: kubectl rollout undo deployment/p\n    condition: failed()\n"
    },
    "circleci": {
        ".circleci/config.yml": "jobs: {deploy: {steps: [{run: {command: helm rollback p, when: on_fail}}]}}\n"
        "workflows: {main: {jobs: [deploy]}}\n"
    },
    "production among others": {"envs/staging/a.yaml": BARE, "envs/prod/a.yaml": ROLLOUT},
    "started by hand, back by itself": github(
        "- run: sam deploy\n- if: failure()\n  run: helm rollback p", on="workflow_dispatch"
    ),
}


@pytest.mark.parametrize("name", PASSES)
def test_passes(name: str, tree: Tree) -> None:
    result = judge(tree(PASSES[name]))
    assert result.status == "pass", result
    assert result.evidence
    assert not result.fix


PARTIALS = {
    "staging's release": ({"clusters/staging/release.yaml": RELEASE}, "`staging` only"),
    "a staging job": (
        github("- if: failure()\n  run: kubectl rollout undo deployment/p", name="deploy-staging"),
        "`staging` only",
    ),
    "only for one environment": (
        run('if [ "$ENV" == "uat" ]; then\n  kubectl apply -f x || kubectl rollout undo deployment/p\nfi'),
        "`uat` only",
    ),
    "ignored": (
        github("- if: failure()\n  run: kubectl rollout undo deployment/p\n  continue-on-error: true"),
        "nobody notices",
    ),
    "helmfile": (
        {"helmfile.yaml": "helmDefaults: {atomic: true}\nreleases: [{name: p, chart: ./c}]\n"},
        "no pipeline",
    ),
}


@pytest.mark.parametrize("name", PARTIALS)
def test_is_weak(name: str, tree: Tree) -> None:
    files, message = PARTIALS[name]
    result = judge(tree(files))
    assert result.status == "partial", result
    assert message in result.message
    assert result.fix


FAILS = {
    "nothing": ({}, "Nothing takes"),
    "manual job": (
        github("- run: helm rollback p", on="workflow_dispatch", name="rollback"),
        "has to start it",
    ),
    "manual gitlab job": (
        {".gitlab-ci.yml": "back:\n  when: manual\n  script: [helm rollback p]\n"},
        "has to start it",
    ),
    "dispatch input": (
        github("- run: helm rollback p", name="rollback", job="    if: inputs.rollback == true\n"),
        "has to start it",
    ),
    "switch in a script": (
        {
            **github("- run: ./ops.sh rollback"),
            "ops.sh": 'if [ "$1" = "rollback" ]; then\n  helm rollback p\nfi\n',
        },
        "has to start it",
    ),
    "after a check": (
        run("if curl -f x; then\n  echo fine\nfi\nhelm rollback p"),
        "has to start it",
    ),
    "forward traffic": (
        run(
            'if [ "$PERCENT" -gt 0 ]; then\n  gcloud run services update-traffic p --to-revisions NEW=10\nfi'
        ),
        "Nothing takes",
    ),
    "no analysis": ({"k8s/rollout.yaml": BARE}, "no analysis"),
    "no rollback": ({"ecs.tf": ECS.replace("    rollback = true\n", "")}, "`rollback` is not on"),
    "echo": (github("- name: Roll back\n  if: failure()\n  run: echo roll back by hand"), "only prints"),
    "off": (github("- if: false\n  run: helm rollback p"), "never runs"),
    "prose": ({"docs/runbook.md": "Run `kubectl rollout undo deployment/p`.\n"}, "Nothing takes"),
    "target": ({"Makefile": "rollback:\n\thelm rollback p\n"}, "Nothing takes"),
    "only made ready": (
        github("- if: failure()\n  uses: azure/setup-kubectl@v4", name="rollback"),
        "Nothing takes",
    ),
    "database": (github("- if: failure()\n  run: alembic downgrade -1 # rollback"), "Nothing takes"),
    "example": ({"examples/release.yaml": RELEASE}, "examples"),
    "no history": (
        {
            **github("- if: failure()\n  run: kubectl rollout undo deployment/p"),
            "k8s/d.yaml": "kind: Deployment\nspec:\n  revisionHistoryLimit: 0\n",
        },
        "revisionHistoryLimit",
    ),
}


@pytest.mark.parametrize("name", FAILS)
def test_fails(name: str, tree: Tree) -> None:
    files, message = FAILS[name]
    result = judge(tree(files))
    assert result.status == "fail", result
    assert message in result.message
    assert result.fix


def test_a_manual_rollback_is_named_in_the_fix(tree: Tree) -> None:
    result = judge(tree(github("- run: helm rollback p", on="workflow_dispatch", name="rollback")))
    assert CI in result.fix
    assert result.not_counted[0].path == CI


def test_what_stands_elsewhere_is_unknown(tree: Tree) -> None:
    called = {CI: "on: push\njobs:\n  go: {uses: acme/x/.github/workflows/deploy.yml@v1}\n"}
    assert judge(tree(called)).status == "unknown"
    script = github('- run: sam deploy\n- name: Roll back\n  if: failure()\n  run: "$TOOLS/back.sh"')
    result = judge(tree(script))
    assert result.status == "unknown"
    assert "not in the repository" in result.message


def test_a_named_repository_is_read(tree: Tree) -> None:
    there = tree({"apps/payments.yaml": RELEASE})
    facts = Facts(date(2026, 11, 24), repositories={"gitops": there})
    result = judge(tree({}), facts=facts, annotations={"handrail.dev/evidence": "gitops:apps"})
    assert result.status == "pass"
    assert result.evidence[0].path == "gitops:apps/payments.yaml"
    assert judge(tree({}), annotations={"handrail.dev/evidence": "gitops"}).status == "unknown"


def test_a_neighbours_analysis_is_none(tree: Tree) -> None:
    files = {"services/orders/rollout.yaml": ROLLOUT, "services/payments/go.mod": "module p\n"}
    assert judge(tree(files), "services/payments", ("services/orders",)).status == "fail"


def test_a_script_full_of_calls_takes_little_time(tree: Tree) -> None:
    script = "".join(f"f{n}() {{\n  rollback\n  f{n + 1}\n}}\n" for n in range(3_000))
    snapshot = tree({"a.sh": f"rollback() {{\n  helm rollback p\n}}\n{script}"})
    begun = time.process_time()
    assert not runs_on_failure(snapshot, "a.sh", 2)
    assert time.process_time() - begun < 2


HOSTILE = {
    "scalars": {CI: "on: push\njobs: {deploy: {if: [1], steps: [{if: {a: 1}, run: helm rollback p}]}}\n"},
    "nulls": {
        "a.yaml": "kind: HelmRelease\nspec: {upgrade: {remediation: }}\n",
        ".gitlab-ci.yml": "a: {rules: [null, 3]}\n",
    },
    "long": run("if x; then\n" * 500 + "helm rollback p"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_bad_input_is_judged(name: str, tree: Tree) -> None:
    assert judge(tree(HOSTILE[name])).status in ("fail", "unknown", "pass")


_LINES = st.sampled_from(
    [
        "if ! a; then",
        "if a; then",
        "else",
        "fi",
        "  x",
        "rollback() {",
        "}",
        "trap rollback ERR",
        "a ||",
        "done",
        "",
        "catch {",
    ]
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(_LINES | st.text(max_size=10), max_size=20))
def test_no_script_raises(lines: list[str], tree: Tree) -> None:
    snapshot = tree({"a.sh": "\n".join(lines)})
    for number in range(len(lines) + 2):
        assert runs_on_failure(snapshot, "a.sh", number) in (True, False)
