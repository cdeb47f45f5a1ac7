"""Whether a bad release can be taken back: sound, weak, hollow and hostile repositories, tool by tool."""

import textwrap
from collections.abc import Callable
from datetime import date

import pytest

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.checks import rollback_configured
from scorecards.facts import Facts
from scorecards.result import Result

Tree = Callable[[dict[str, str]], Snapshot]
CI = ".github/workflows/deploy.yml"


def judge(snapshot: Snapshot, path: str = "", neighbours: tuple[str, ...] = ()) -> Result:
    service = Service(Ref("component", "default", "payments"), "service", path, neighbours=neighbours)
    return rollback_configured.evaluate(snapshot, service, Facts(date(2026, 11, 24)), {})


def github(steps: str, on: str = "push", name: str = "deploy", job: str = "") -> dict[str, str]:
    body = textwrap.indent(textwrap.dedent(steps).strip("\n"), "      ")
    return {CI: f"on: {on}\njobs:\n  {name}:\n    runs-on: x\n{job}    steps:\n{body}\n"}


ROLLOUT = """
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: payments}
spec:
  strategy:
    canary:
      steps:
        - setWeight: 20
        - analysis: {templates: [{templateName: errors}]}
"""
BARE = "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n"
TEMPLATE = """
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: errors}
spec:
  metrics:
    - name: errors
      provider: {prometheus: {query: up}}
"""
CANARY = """
apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: payments}
spec:
  analysis:
    threshold: 5
    metrics: [{name: request-success-rate}]
"""
RELEASE = """
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: payments}
spec:
  upgrade:
    remediation: {retries: 3, strategy: rollback}
"""
FLUX_PATCH = """
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps}
spec:
  patches:
    - patch: |
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata: {name: all}
        spec:
          upgrade:
            remediation: {retries: 2}
      target: {kind: HelmRelease}
"""
SAM = """
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      DeploymentPreference:
        Type: Canary10Percent5Minutes
        Alarms: [!Ref Errors]
"""
ECS = """
Resources:
  S:
    Type: AWS::ECS::Service
    Properties:
      DeploymentConfiguration:
        DeploymentCircuitBreaker: {Enable: true, Rollback: true}
"""
TERRAFORM = """
resource "aws_ecs_service" "payments" {
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
}
"""
GITLAB = "back:\n  stage: deploy\n  when: on_failure\n  script: [helm rollback payments]\n"
JENKINS = """
pipeline {
  stages { stage('d') { steps { sh 'helm upgrade p c' } } }
  post { failure { sh 'helm rollback p' } }
}
"""

PASSES = {
    "undo": (
        github("- if: failure()\n  run: kubectl -n x rollout undo deployment/p"),
        "`kubectl rollout undo`",
    ),
    "helm rollback": (github("- run: helm rollback p 0"), "`helm rollback"),
    "atomic": (
        github("- run: |\n    helm upgrade --install p chart \\\n      --wait \\\n      --atomic"),
        "atomic Helm",
    ),
    "helm 4": (github("- run: helm upgrade p chart --rollback-on-failure"), "atomic Helm upgrade"),
    "argocd": (github("- run: argocd app rollback p"), "`argocd app rollback"),
    "captured image": (github("- run: kubectl set image deploy/p p=${PREVIOUS_IMAGE}"), "earlier version"),
    "named job": (github("- run: aws ecs update-service --service p", name="rollback"), "rolling back"),
    "dispatch": (
        github(
            "- run: helm upgrade p c --set tag=${{ inputs.version }} # any earlier version",
            "{workflow_dispatch: {inputs: {version: {description: redeploys an earlier one}}}}",
        ),
        "any version",
    ),
    "through make": (
        github("- run: make back") | {"Makefile": "back:\n\thelm rollback p\n"},
        "`helm rollback p`",
    ),
    "through a script": (github("- run: ./back.sh") | {"back.sh": "kubectl rollout undo deploy/p\n"}, "undo"),
    "input": (github("- uses: acme/helm-deploy@v1\n  with: {atomic: true}"), "atomic"),
    "action": (github("- uses: acme/rollback-action@v1"), "rollback-action"),
    "gitlab": ({".gitlab-ci.yml": GITLAB}, "in GitLab CI"),
    "jenkins": ({"Jenkinsfile": JENKINS}, "in Jenkins"),
    "rollout": ({"k8s/rollout.yaml": ROLLOUT, "k8s/analysis.yaml": TEMPLATE}, "Argo Rollout with analysis"),
    "flagger": ({"canary.yaml": CANARY}, "Flagger Canary with analysis"),
    "flux": ({"release.yaml": RELEASE}, "Flux remediation"),
    "flux patch in a string": ({"cluster.yaml": FLUX_PATCH}, "Flux remediation"),
    "helmfile": (
        github("- run: helmfile apply")
        | {"helmfile.yaml": "helmDefaults: {atomic: true}\nreleases: [{name: p}]\n"},
        "helmfile",
    ),
    "sam": ({"template.yaml": SAM}, "with alarms"),
    "serverless": (
        {"serverless.yml": "functions: {f: {deploymentSettings: {type: Linear, alarms: [A]}}}\n"},
        "alarms",
    ),
    "ecs": ({"service.yaml": ECS}, "circuit breaker with rollback"),
    "ecs json": ({"ecs.json": '{"deploymentCircuitBreaker": {"enable": true, "rollback": true}}'}, "circuit"),
    "terraform": ({"infra/main.tf": TERRAFORM}, "circuit breaker with rollback"),
    "terraform module": (
        {"a.tf": 'module "s" {\n  deployment_circuit_breaker = { enable = true, rollback = var.back }\n}\n'},
        "circuit breaker with rollback",
    ),
    "codedeploy": ({"a.tf": "auto_rollback_configuration {\n  enabled = true\n}\n"}, "CodeDeploy"),
    "own chart": (
        {"a.tf": 'resource "helm_release" "x" {\n chart = "./chart"\n atomic = true\n}\n'},
        "helm_release",
    ),
    "nomad": ({"p.nomad": 'job "p" {\n  update {\n    auto_revert = true\n  }\n}\n'}, "auto_revert"),
    "swarm": (
        {"stack.yml": "services: {p: {deploy: {update_config: {failure_action: rollback}}}}\n"},
        "failure_action: rollback",
    ),
    "spinnaker": ({"spin.json": '{"stages": [{"name": "b", "type": "undoRolloutManifest"}]}'}, "Spinnaker"),
    "keptn": (
        {"shipyard.yaml": "kind: Shipyard\nspec: {stages: [{sequences: [{name: rollback}]}]}\n"},
        "Keptn",
    ),
    "a runbook calls it": (
        {"scripts/rollback.sh": "helm rollback p\n", "docs/runbook.md": "Run `scripts/rollback.sh`.\n"},
        "docs/runbook.md",
    ),
    "deploy hook": (github('- run: curl --fail -X POST "$DEPLOY_URL"', name="rollback"), "rolling back"),
    "the readme tells how": (
        {"Makefile": "rollback:\n\thelm rollback p\n", "README.md": "## Rollback\n\n    make rollback\n"},
        "README.md",
    ),
    "slot swap": (github("- run: az webapp deployment slot swap -n p", name="rollback"), "rolling back"),
    "traffic": (github("- run: gcloud run services update-traffic p --to-revisions=r=100"), "gcloud"),
}


@pytest.mark.parametrize(("files", "phrase"), PASSES.values(), ids=PASSES)
def test_a_way_back_that_something_calls_passes(tree: Tree, files: dict[str, str], phrase: str) -> None:
    result = judge(tree(files))
    assert (result.status, result.fix) == ("pass", "")
    assert phrase in result.message
    assert result.evidence[0].line


WEAK = {
    "canary without analysis": (
        {"r.yaml": BARE + "spec: {strategy: {canary: {steps: []}}}\n"},
        "no analysis",
        "analysis",
    ),
    "blue-green": (
        {"r.yaml": BARE + "spec: {strategy: {blueGreen: {a: b}}}\n"},
        "blue-green",
        "analysis",
    ),
    "empty template": (
        {"r.yaml": ROLLOUT, "t.yaml": TEMPLATE.partition("spec:")[0] + "spec: {metrics: []}\n"},
        "measures nothing",
        "analysis",
    ),
    "no metric": ({"c.yaml": CANARY.replace("[{name: request-success-rate}]", "[]")}, "no metric", "metrics"),
    "uncalled target": ({"Makefile": "rollback:\n\tkubectl rollout undo deploy/p\n"}, "nothing", ""),
    "uncalled script": (
        {"rollback.sh": "helm rollback p\n"},
        "no pipeline and no runbook calls it",
        "Call it",
    ),
    "no alarm": ({"t.yaml": SAM.replace("Alarms: [!Ref Errors]", "")}, "no alarm", "Alarms"),
    "breaker alone": (
        {"a.tf": TERRAFORM.replace("rollback = true", "rollback = false")},
        "`rollback` is not on",
        "true",
    ),
    "swallowed": (github("- run: kubectl rollout undo deploy/p || true"), "nobody notices", ""),
    "uninstalls": ({"r.yaml": RELEASE.replace("rollback", "uninstall")}, "uninstalls", "strategy: rollback"),
    "helmfile alone": (
        {"helmfile.yaml": "helmDefaults: {atomic: true}\nreleases: []\n"},
        "no pipeline applies",
        "",
    ),
    "nothing calls the workflow": (
        github("- run: helm rollback p", "{workflow_call: }"),
        "no workflow calls",
        "",
    ),
}


@pytest.mark.parametrize(("files", "phrase", "fix"), WEAK.values(), ids=WEAK)
def test_a_weak_way_back_is_partial(tree: Tree, files: dict[str, str], phrase: str, fix: str) -> None:
    result = judge(tree(files))
    assert result.status == "partial"
    assert phrase in result.message or phrase == "nothing"
    assert fix in result.fix
    assert result.fix


HOLLOW = {
    "nothing": ({"app.py": ""}, "Nothing takes"),
    "echo": (github('- run: echo "kubectl rollout undo deployment/p"', name="rollback"), "only prints"),
    "never": (github("- run: helm rollback p\n  if: false"), "never runs"),
    "prose": ({"docs/runbook.md": "Run `kubectl rollout undo deployment/p`.\n"}, "Nothing takes"),
    "readme": ({"README.md": "## Rollback\nhelm rollback p\n"}, "Nothing takes"),
    "database": (github("- run: rake db:rollback", name="db-rollback"), "Nothing takes"),
    "database step": (github("- run: alembic downgrade -1", name="rollback"), "Nothing takes"),
    "migration file": ({"migrations/rollback.sh": "psql -c 'rollback'\n"}, "Nothing takes"),
    "chaos": (
        {"chaos/e.json": '{"title": "x", "method": [], "rollbacks": [{"type": "action"}]}'},
        "Nothing takes",
    ),
    "missing": (github("- run: ./rollback.sh", name="rollback"), "not in the repository"),
    "commented": (github("- run: |\n    # helm rollback p\n    helm upgrade p c"), "Nothing takes"),
    "not atomic": (github("- run: helm upgrade p c --atomic=false"), "Nothing takes"),
    "disabled": ({"a.tf": "auto_rollback_configuration {\n  enabled = false\n}\n"}, "Nothing takes"),
    "commented terraform": ({"a.tf": TERRAFORM.replace("  ", "  # ")}, "Nothing takes"),
    "another chart": (
        {"a.tf": 'resource "helm_release" "m" {\n  chart = "grafana"\n  atomic = true\n}\n'},
        "something else",
    ),
    "no history": (
        github("- run: kubectl rollout undo deploy/p") | {"k8s/d.yaml": "spec:\n  revisionHistoryLimit: 0\n"},
        "leaves nothing to go back to",
    ),
    "example": ({"examples/canary.yaml": CANARY}, "stands in `examples/`"),
    "synthetics": (
        {"a.tf": 'resource "aws_synthetics_canary" "p" {\n  name = "rollback"\n}\n'},
        "Nothing takes",
    ),
    "notification": (github("- run: curl -X POST $SLACK_WEBHOOK", name="rollback"), "Nothing takes"),
    "preview": (github("- run: vercel deploy --name $PREVIEW_NAME"), "Nothing takes"),
    "retry only": (
        {
            "r.yaml": RELEASE.replace(
                "remediation: {retries: 3, strategy: rollback}", "strategy: {name: RetryOnFailure}"
            )
        },
        "Nothing takes",
    ),
    "install only": ({"r.yaml": RELEASE.replace("upgrade", "install")}, "Nothing takes"),
    "version without a word of going back": (
        github("- run: helm upgrade p c --set t=${{ inputs.tag }}", "{workflow_dispatch: {inputs: {tag: }}}"),
        "Nothing takes",
    ),
    "outside the folder": ({"ci/deploy.yml": github("- run: helm rollback p")[CI]}, "Nothing takes"),
    "never called in jenkins": (
        {"Jenkinsfile": "node { sh 'x' }\ndef back() { sh 'helm rollback p' }\n"},
        "never",
    ),
}


@pytest.mark.parametrize(("files", "phrase"), HOLLOW.values(), ids=HOLLOW)
def test_what_takes_nothing_back_fails(tree: Tree, files: dict[str, str], phrase: str) -> None:
    result = judge(tree(files))
    assert result.status == "fail"
    assert phrase in result.message
    assert result.fix


def test_analysis_by_a_template_that_is_not_here_is_unknown(tree: Tree) -> None:
    result = judge(tree({"rollout.yaml": ROLLOUT}))
    assert result.status == "unknown"
    assert "`errors` is not in the repository" in result.message


def test_a_deployment_by_another_repository_is_unknown(tree: Tree) -> None:
    uses = "acme/ci/.github/workflows/deploy.yml@v1"
    result = judge(tree({CI: f"on: push\njobs:\n  d:\n    uses: {uses}\n"}))
    assert result.status == "unknown"
    assert uses in result.message


@pytest.mark.parametrize(
    ("annotation", "status"),
    [("gitops", "pass"), ("gitops:apps", "pass"), ("gitops:other", "fail"), ("absent", "unknown")],
)
def test_a_way_back_in_a_repository_that_the_descriptor_names_counts(
    tree: Tree, annotation: str, status: str
) -> None:
    there = tree({"apps/payments/release.yaml": RELEASE, "other/release.yaml": "a: b\n"})
    service = Service(
        Ref("component", "default", "payments"), "service", annotations={"handrail.dev/evidence": annotation}
    )
    facts = Facts(date(2026, 11, 24), repositories={"gitops": there})
    result = rollback_configured.evaluate(tree({"a.py": ""}), service, facts, {})
    assert result.status == status
    if status == "pass":
        assert result.evidence[0].path == "gitops:apps/payments/release.yaml"


def test_a_neighbours_way_back_is_not_the_services(tree: Tree) -> None:
    files = {"services/a/x.go": "", "services/b/canary.yaml": CANARY}
    assert judge(tree(files), "services/a", ("services/b",)).status == "fail"
    assert judge(tree(files), "services/b", ("services/a",)).status == "pass"


def test_a_shared_manifest_counts_where_it_names_the_service(tree: Tree) -> None:
    snapshot = tree({"a/x.go": "", "deploy/canary.yaml": CANARY})
    assert judge(snapshot, "a", ("b",)).status == "pass"
    other = Service(Ref("component", "default", "orders"), "service", "b", neighbours=("a",))
    assert rollback_configured.evaluate(snapshot, other, Facts(date(2026, 11, 24)), {}).status == "fail"


@pytest.mark.parametrize(
    ("files", "phrase"),
    [
        (github("- run: helm upgrade p chart"), "--atomic"),
        (github("- run: kubectl apply -f k8s"), "`if: failure()`"),
        ({".gitlab-ci.yml": "d: {script: kubectl apply -f k8s}\n"}, "when: on_failure"),
        (github("- run: aws ecs update-service --cluster c"), "deployment_circuit_breaker"),
        (github("- run: sam deploy"), "DeploymentPreference"),
        (github("- run: docker stack deploy -c a.yml p"), "failure_action: rollback"),
        (github("- run: gcloud run deploy payments"), "update-traffic payments"),
        ({"a.py": ""}, "handrail.dev/evidence"),
    ],
)
def test_the_fix_speaks_of_the_tool_that_deploys(tree: Tree, files: dict[str, str], phrase: str) -> None:
    assert phrase in judge(tree(files)).fix


def test_the_example_passes(tree: Tree) -> None:
    example = (rollback_configured.__doc__ or "").partition("## Example")[2].partition("##")[0]
    assert judge(tree({CI: textwrap.dedent(example.strip("\n"))})).status == "pass"
