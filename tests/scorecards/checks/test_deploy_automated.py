"""Whether something deploys the service: sound, weak, hollow and hostile repositories, tool by tool."""

import json
import textwrap
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.checks import deploy_automated
from scorecards.facts import Facts
from scorecards.reading.deployments.commands import act
from scorecards.result import Result

# ruff: noqa: E501
Tree = Callable[[dict[str, str]], Snapshot]
CI = ".github/workflows/deploy.yml"


def judge(
    snapshot: Snapshot,
    path: str = "",
    neighbours: tuple[str, ...] = (),
    kind: str = "service",
    facts: Facts | None = None,
    annotations: dict[str, str] | None = None,
) -> Result:
    service = Service(
        Ref("component", "default", "payments"),
        kind,
        path,
        neighbours=neighbours,
        annotations=annotations or {},
    )
    return deploy_automated.evaluate(snapshot, service, facts or Facts(date(2026, 11, 24)), {})


def github(steps: str, on: str = "push", name: str = "deploy", job: str = "") -> dict[str, str]:
    body = textwrap.indent(textwrap.dedent(steps).strip("\n"), "      ")
    return {CI: f"on: {on}\njobs:\n  {name}:\n    runs-on: ubuntu-latest\n{job}    steps:\n{body}\n"}


def application(url: str = "https://github.com/acme/payments", path: str = "k8s", more: str = "") -> str:
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: app}\n"
        f"spec:\n  source: {{repoURL: {url}, path: {path}}}\n{more}"
    )


FLUX = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps}\nspec:\n  path: ./k8s\n"
RELEASE = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: payments}\nspec: {chart: {spec: {chart: x}}}\n"
GITLAB = "deploy:\n  stage: deploy\n  script: [helm upgrade --install payments ./chart]\n"
JENKINS = "pipeline { stages { stage('Deploy') { steps { sh 'kubectl apply -f k8s' } } } }"
CIRCLE = """
version: 2.1
orbs: {ecs: circleci/aws-ecs@4}
workflows: {main: {jobs: [{ecs/deploy_service_update: {cluster: x}}]}}
"""
AZURE = """
trigger: [main]
stages:
  - stage: Deploy
    jobs:
      - deployment: web
        strategy: {runOnce: {deploy: {steps: [{task: AzureWebApp@1, inputs: {appName: payments}}]}}}
"""
BITBUCKET = """
pipelines:
  branches:
    main:
      - step: {name: Deploy, script: [{pipe: "atlassian/aws-ecs-deploy:1.6.0", variables: {CLUSTER_NAME: x}}]}
"""
CODEPIPELINE = """
Resources:
  P:
    Type: AWS::CodePipeline::Pipeline
    Properties: {Stages: [{Actions: [{ActionTypeId: {Category: Deploy, Provider: ECS}}]}]}
"""
SET = """
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: services}
spec:
  generators: [{git: {repoURL: "https://github.com/acme/payments", directories: [{path: services/*}]}}]
  template: {spec: {source: {repoURL: "https://github.com/acme/payments", path: "{{path}}"}}}
"""
MANIFEST = {"k8s/deployment.yaml": "kind: Deployment\n"}

PASSES = {
    "kubectl": github("- run: kubectl apply -f k8s/"),
    "options first": github(
        "- run: kubectl --context prod -n pay set image deployment/payments payments=$TAG"
    ),
    "assigned": github("- run: OUT=$(aws ecs update-service --cluster c --service payments)"),
    "helm by make": {
        **github("- run: make deploy"),
        "Makefile": "deploy:\n\thelm upgrade --install p ./chart\n",
    },
    "npm run": {
        **github("- run: npm run deploy"),
        "package.json": '{"scripts": {"deploy": "sls deploy --stage prod"}}',
    },
    "script": {
        **github("- run: ./ops/release.sh"),
        "ops/release.sh": "#!/bin/sh\nflyctl deploy --remote-only\n",
    },
    "script named by a variable": {
        **github("- run: ./bin/${ENVIRONMENT}_deploy.sh"),
        "bin/staging_deploy.sh": "helm upgrade --install p \\\n  ./chart\n",
    },
    "azure by another name": {
        "azure/azure-release-pipeline.yml": "trigger: none\npool: {name: x}\nresources: {repositories: [{repository: common}]}\n"
        "extends: {template: azure/apigee-deployment.yml@common}\n"
    },
    "python program": {
        **github("- run: python ops/deploy.py"),
        "ops/deploy.py": "import boto3\nboto3.client('ecs').update_service()\n",
    },
    "by hand, in a pipeline": github("- run: sam deploy", on="workflow_dispatch"),
    "action": github("- uses: google-github-actions/deploy-cloudrun@v2\n  with: {service: payments}"),
    "ssh action": github("- uses: appleboy/ssh-action@v1\n  with: {script: docker compose up -d}"),
    "ssh heredoc": github(
        "- run: |\n    ssh me@host << EOF\n    cd app && git pull\n    pm2 restart payments\n    EOF"
    ),
    "own runner": {
        CI: "on: push\njobs:\n  deploy:\n    runs-on: self-hosted\n    steps: [{run: docker compose up -d}]\n"
    },
    "composite action": {
        **github("- uses: ./.github/actions/ship"),
        ".github/actions/ship/action.yml": "runs: {using: composite, steps: [{run: cf push, shell: bash}]}\n",
    },
    "reusable workflow": {
        CI: "on: push\njobs:\n  go: {uses: acme/shared/.github/workflows/deploy-ecs.yml@v1}\n"
    },
    "told by inputs": {
        CI: "on: push\njobs:\n  go:\n    uses: acme/shared/.github/workflows/ci-cd.yml@v1\n"
        "    with: {environment: production}\n"
    },
    "deploy hook": github('- run: curl -X POST "$RENDER_DEPLOY_HOOK_URL"'),
    "git push": github("- run: git push https://heroku:$KEY@git.heroku.com/payments.git HEAD:main"),
    "terraform": {
        **github("- run: terraform apply -auto-approve"),
        "main.tf": 'resource "aws_ecs_service" "p" {}\n',
    },
    "gitlab": {".gitlab-ci.yml": GITLAB},
    "auto devops": {".gitlab-ci.yml": "include: [{template: Auto-DevOps.gitlab-ci.yml}]\n"},
    "jenkins": {"Jenkinsfile": JENKINS},
    "jenkins plugin": {
        "Jenkinsfile": "node { sh 'make'\n stage('d') {\n ansiblePlaybook playbook: 'site.yml' } }"
    },
    "jenkins plugin alone": {
        "Jenkinsfile": "pipeline {\n stages { stage('d') { steps {\n kubernetesDeploy(configs: 'k.yaml')\n } } } }"
    },
    "circleci orb": {".circleci/config.yml": CIRCLE},
    "circleci values": {
        ".circleci/config.yml": "jobs:\n  deploy:\n    steps:\n      - run: |\n          export ID=<<pipeline.id>>\n"
        "          skaffold deploy\nworkflows: {main: {jobs: [deploy]}}\n"
    },
    "azure task": {"azure-pipelines.yml": AZURE},
    "bitbucket pipe": {"bitbucket-pipelines.yml": BITBUCKET},
    "travis provider": {".travis.yml": "script: make\ndeploy: {provider: elasticbeanstalk, app: payments}\n"},
    "cloud build": {
        "cloudbuild.yaml": "steps: [{name: gcr.io/google.com/cloudsdktool/cloud-sdk, entrypoint: gcloud,"
        " args: [run, deploy, payments]}]\n"
    },
    "argo cd": {"argocd/app.yaml": application(), **MANIFEST},
    "argo cd in a chart": {
        "apps/Chart.yaml": "name: apps\n",
        "apps/templates/a.yaml": application("{{ .Values.repo }}", "{{ .Values.path }}"),
    },
    "applicationset": {"argocd/set.yaml": SET, "services/a/x.yaml": "a: 1\n"},
    "flux": {"clusters/prod/apps.yaml": FLUX, **MANIFEST},
    "helm release": {"releases/payments.yaml": RELEASE, "go.mod": "module payments\n"},
    "codepipeline": {"infra/pipeline.yaml": CODEPIPELINE},
    "render says so": {"render.yaml": "services:\n  - type: web\n    autoDeploy: true\n"},
    "digitalocean says so": {
        ".do/app.yaml": "services:\n  - github: {repo: a/b}\n    deploy_on_push: true\n"
    },
}


@pytest.mark.parametrize("name", PASSES)
def test_passes(name: str, tree: Tree) -> None:
    result = judge(tree(PASSES[name]))
    assert result.status == "pass", result
    assert result.evidence
    assert not result.fix


PARTIALS = {
    "image": (github("- uses: docker/build-push-action@v6\n  with: {push: true}", name="build"), "image"),
    "docker push": (github("- run: docker push acme/payments", name="build"), "image"),
    "chart": (github("- run: helm push chart.tgz oci://x", name="build"), "chart"),
    "tag": (
        github(
            "- run: sed -i 's|newTag:.*|newTag:x|' k8s/kustomization.yaml\n- run: git commit -am x && git push"
        ),
        "commits the new tag",
    ),
    "script by hand": ({"deploy.sh": "kubectl apply -f k8s/\n"}, "by hand"),
    "target by hand": ({"Makefile": "deploy:\n\thelm upgrade --install p ./chart\n"}, "by hand"),
    "ignored failure": (github("- run: kubectl apply -f k8s/ || true"), "nobody notices"),
    "continue": (github("- run: sam deploy\n  continue-on-error: true"), "nobody notices"),
    "never called": (github("- run: sam deploy", on="workflow_call"), "no workflow calls"),
    "previews": (
        github("- run: npx vercel deploy --token x", on="pull_request", name="preview"),
        "previews of changes only",
    ),
    "terraform of alarms": (
        {**github("- run: terraform apply"), "a.tf": 'resource "aws_cloudwatch_metric_alarm" "p" {}\n'},
        "nothing runs the service",
    ),
}


@pytest.mark.parametrize("name", PARTIALS)
def test_is_weak(name: str, tree: Tree) -> None:
    files, message = PARTIALS[name]
    result = judge(tree(files))
    assert result.status == "partial", result
    assert message in result.message
    assert result.fix


KIND = "- uses: helm/kind-action@v1\n- run: kubectl apply -f k8s/"
FAILS = {
    "nothing": ({"README.md": "# Payments\nRun `kubectl apply -f k8s/`.\n"}, "Nothing deploys"),
    "tests only": (github("- run: pytest", name="test"), "Nothing deploys"),
    "if false": (github("- if: false\n  run: kubectl apply -f k8s/"), "never runs"),
    "job off": (github("- run: sam deploy", job="    if: false\n"), "never runs"),
    "echo": (github("- name: Deploy\n  run: echo deploying to production"), "only prints"),
    "dry run": (github("- run: kubectl apply --dry-run=server -f k8s/"), "Nothing deploys"),
    "package": (github("- run: npm publish", name="release"), "package"),
    "kind": (github(KIND, name="e2e"), "cluster that the pipeline makes"),
    "test only": (
        github("- run: helm upgrade --install p ./chart", name="integration-test").copy(),
        "Nothing",
    ),
    "tests of a deployment": (
        github("- run: kubectl apply -f k8s/", name="deployment-tests"),
        "for a test only",
    ),
    "compose for a test": (github("- run: docker compose up -d", name="build"), "Nothing deploys"),
    "lost script": (github("- run: ./scripts/deploy.sh"), "Nothing deploys"),
    "other charts": (github("- run: helm upgrade --install m prometheus-community/prometheus"), "Nothing"),
    "manifests alone": (MANIFEST, "Nothing deploys"),
    "placeholder": (
        {"a.yaml": application("https://github.com/your-org/payments"), **MANIFEST},
        "never filled in",
    ),
    "no folder": ({"a.yaml": application(path="gone")}, "is not in the repository"),
    "suspended": ({"clusters/a.yaml": FLUX + "  suspend: true\n", **MANIFEST}, "suspended"),
    "another's chart": (
        {
            "a.yaml": application("https://charts.jetstack.io", "x").replace(
                "path: x", "chart: cert-manager"
            ),
            "go.mod": "module x\n",
        },
        "something else",
    ),
    "example": ({"examples/app.yaml": application(), **MANIFEST}, "examples"),
    "outside the folder of the system": ({"ci/deploy.yml": github("- run: sam deploy")[CI]}, "Nothing"),
    "backup": (github("- run: aws s3 cp dump.sql s3://backups/", name="backup"), "Nothing deploys"),
    "data for an engine": (
        github(
            "- run: curl -X POST https://camunda/engine-rest/deployment/create -F deploy-changed-only=true"
        ),
        "Nothing deploys",
    ),
    "report": (github("- uses: acme/report-deploy-action@v1"), "Nothing deploys"),
    "closed preview": (
        github("- uses: Azure/static-web-apps-deploy@v1\n  with: {action: close}", name="close"),
        "Nothing deploys",
    ),
    "documentation": (github("- run: npx netlify deploy --prod", name="docs"), "documentation"),
    "notice": (github("- run: curl -X POST -d deployed https://hooks.slack.com/x"), "Nothing deploys"),
    "pages of documentation": (
        {**github("- uses: actions/deploy-pages@v4", name="docs"), "Dockerfile": "FROM x\n"},
        "pages beside",
    ),
    "render off": ({"render.yaml": "services:\n  - autoDeploy: false\n"}, "does not deploy by itself"),
}


@pytest.mark.parametrize("name", FAILS)
def test_fails(name: str, tree: Tree) -> None:
    files, message = FAILS[name]
    if name == "test only":
        files = {".github/workflows/ci.yml": files[CI]}
    result = judge(tree(files))
    assert result.status == "fail", result
    assert message in result.message
    assert result.fix


UNKNOWNS = {
    "heroku": {"Procfile": "web: gunicorn app\n"},
    "vercel": {"vercel.json": "{}"},
    "netlify": {"netlify.toml": "[build]\n"},
    "render": {"render.yaml": "services:\n  - type: web\n    name: payments\n"},
    "workflow elsewhere": {CI: "on: push\njobs:\n  go: {uses: acme/x/.github/workflows/release.yml@v1}\n"},
    "shared library": {"Jenkinsfile": "@Library('acme') _\nstandardPipeline(name: 'payments')\n"},
    "script elsewhere": github('- run: "$TOOLS/deploy.sh production"'),
    "broken pipeline": {CI: "on: push\njobs:\n  deploy: [\n"},
}


@pytest.mark.parametrize("name", UNKNOWNS)
def test_cannot_be_told(name: str, tree: Tree) -> None:
    result = judge(tree(UNKNOWNS[name]))
    assert result.status == "unknown", result
    assert result.fix


def test_what_others_deploy_is_not_this_service(tree: Tree) -> None:
    files = {
        **github("- run: kubectl rollout restart deployment/orders", name="deploy-orders"),
        "services/payments/go.mod": "module payments\n",
        "services/orders/go.mod": "module orders\n",
    }
    result = judge(tree(files), "services/payments", ("services/orders",))
    assert result.status == "fail"
    assert "another service" in result.not_counted[0].why
    shared = github("- run: kubectl apply -f k8s/")
    assert judge(tree(shared), "services/payments", ("services/orders",)).status == "pass"


def test_an_application_of_a_neighbour_is_none(tree: Tree) -> None:
    files = {
        "argocd/orders.yaml": application(path="services/orders/k8s"),
        "services/orders/k8s/a.yaml": "a: 1\n",
    }
    assert judge(tree(files), "services/payments", ("services/orders",)).status == "fail"
    files = {
        "argocd/x.yaml": application(path="services/payments/k8s"),
        "services/payments/k8s/a.yaml": "a: 1\n",
    }
    assert judge(tree(files), "services/payments", ("services/orders",)).status == "pass"


def test_a_store_is_where_an_app_is_deployed(tree: Tree) -> None:
    files = github("- run: bundle exec fastlane beta")
    assert judge(tree(files), kind="mobile-app").status == "pass"
    assert judge(tree({**files, "Dockerfile": "FROM x\n"})).status == "fail"


def test_a_site_is_published_to_its_host(tree: Tree) -> None:
    pages = github("- uses: actions/deploy-pages@v4")
    assert judge(tree({**pages, "mkdocs.yml": "a: 1\n"}), kind="static-site").status == "pass"
    copied = github("- run: aws s3 sync dist s3://site", name="publish")
    assert judge(tree(copied), kind="static-site").status == "pass"
    assert judge(tree({"_config.yml": "a: 1\n"}), kind="static-site").status == "unknown"


def test_a_named_repository_may_deploy_it(tree: Tree) -> None:
    there = tree({"apps/payments.yaml": application(path="apps").replace("name: app", "name: payments")})
    facts = Facts(date(2026, 11, 24), repositories={"gitops": there})
    said = {"handrail.dev/evidence": "gitops:apps"}
    result = judge(tree({"go.mod": "module x\n"}), facts=facts, annotations=said)
    assert result.status == "pass"
    assert result.evidence[0].path == "gitops:apps/payments.yaml"
    absent = judge(tree({"go.mod": "module x\n"}), annotations=said)
    assert absent.status == "unknown"
    assert "not at hand" in absent.message


def test_evidence_has_the_line(tree: Tree) -> None:
    files = {**github("- run: make deploy"), "Makefile": "x:\n\ttrue\n\ndeploy:\n\tkubectl apply -f k8s/\n"}
    evidence = judge(tree(files)).evidence[0]
    assert (evidence.path, evidence.line) == ("Makefile", 5)


HOSTILE = {
    "scalars": {
        CI: "on: push\njobs: 3\n",
        "argocd/a.yaml": "apiVersion: argoproj.io/v1\nkind: Application\nspec: 4\n",
    },
    "nulls": {
        "a.yaml": "apiVersion: argoproj.io/v1\nkind: Application\nmetadata:\nspec: {source: , sources: [null, 3]}\n"
    },
    "lists": {"a.yaml": "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: [1, 2]\n"},
    "huge": {"a.yaml": "apiVersion: argoproj.io/v1\nkind: Application\nx:\n" + "  - {a: 1}\n" * 20_000},
    "long line": github("- run: " + "kubectl " * 20_000),
    "broken json": {"vercel.json": "{", "app.json": "[", "render.yaml": "]: ["},
    "travis": {".travis.yml": "deploy: [null, 3, {provider: [1]}, {provider: script, script: {a: 1}}]\n"},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_bad_input_is_no_deployment(name: str, tree: Tree) -> None:
    assert judge(tree(HOSTILE[name])).status in ("fail", "unknown")


_WORDS = st.sampled_from(
    [
        *[
            "kubectl",
            "helm",
            "apply",
            "-f",
            "upgrade",
            "deploy",
            "$(X)",
            "&&",
            "||",
            ";",
            "'",
            '"',
            "\\",
            "|",
            "<<",
            "EOF",
            "aws",
            "s3",
            "sync",
            "${{",
            "x",
            "}}",
            ":",
            ">",
            "docker",
            "up",
        ]
    ]
)


@settings(max_examples=200)
@given(st.lists(_WORDS | st.text(max_size=8), max_size=14))
def test_no_command_raises(parts: list[str]) -> None:
    found = act(" ".join(parts))
    assert found is None or found.what


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    spec=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=12),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=12,
    )
)
def test_no_object_raises(spec: object, tree: Tree) -> None:
    head = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": spec, "spec": spec}
    files = {"a.yaml": json.dumps(head), CI: json.dumps({"on": spec, "jobs": {"deploy": spec}})}
    assert judge(tree(files)).status in ("pass", "fail", "unknown", "partial")
