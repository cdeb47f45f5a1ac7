"""Whether a new version reaches some users first and measures decide about the others, tool by tool."""

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
from scorecards.checks import progressive_delivery
from scorecards.facts import Facts
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
    return progressive_delivery.evaluate(snapshot, service, facts or Facts(date(2026, 11, 24)), {})


def github(steps: str, on: str = "push", name: str = "deploy") -> dict[str, str]:
    body = textwrap.indent(textwrap.dedent(steps).strip("\n"), "      ")
    return {CI: f"on: {on}\njobs:\n  {name}:\n    runs-on: x\n    steps:\n{body}\n"}


def rollout(strategy: str) -> str:
    return f"apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {{name: payments}}\nspec: {{strategy: {strategy}}}\n"


TEMPLATE = """
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: errors}
spec: {metrics: [{name: errors, provider: {prometheus: {query: up}}}]}
"""
CANARY = "{canary: {steps: [{setWeight: 20}, {analysis: {templates: [{templateName: errors}]}}]}}"
BLUE = "{blueGreen: {activeService: p, prePromotionAnalysis: {templates: [{templateName: errors}]}}}"
WEIGHTS = "{canary: {steps: [{setWeight: 20}, {pause: {}}]}}"
FLAGGER = "apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: {name: payments}\nspec: {analysis: {metrics: [{name: request-success-rate}]}}\n"
SAM = "Resources: {F: {Type: 'AWS::Serverless::Function', Properties: {DeploymentPreference: {Type: Canary10Percent5Minutes, Alarms: [!Ref A]}}}}\n"
GROUP = """
resource "aws_codedeploy_deployment_group" "payments" {
  deployment_config_name = "CodeDeployDefault.ECSCanary10Percent5Minutes"
  deployment_style {
    deployment_type = "BLUE_GREEN"
  }
  alarm_configuration {
    enabled = true
    alarms  = ["errors"]
  }
}
"""
ECS = """
resource "aws_ecs_service" "payments" {
  deployment_configuration {
    strategy = "BLUE_GREEN"
  }
  alarms {
    enable      = true
    alarm_names = ["errors"]
  }
}
"""
PIPELINE = "apiVersion: deploy.cloud.google.com/v1\nkind: DeliveryPipeline\nserialPipeline: {stages: [{strategy: {canary: {canaryDeployment: {percentages: [25], verify: true}}}}]}\n"
VIRTUAL = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: payments}
spec: {http: [{route: [{destination: {host: p, subset: stable}, weight: 90}, {destination: {host: p, subset: canary}, weight: 10}]}]}
"""
SHIFT = "- run: gcloud run services update-traffic payments --to-revisions $NEW=10\n"
CDK = "new codedeploy.LambdaDeploymentGroup(this, 'G', {\n  alias, deploymentConfig: X.CANARY_10PERCENT_5MINUTES,\n  alarms: [errors],\n});\n"

PASSES = {
    "rollout": {"k8s/rollout.yaml": rollout(CANARY) + "---" + TEMPLATE},
    "blue-green": {"k8s/rollout.yaml": rollout(BLUE), "k8s/analysis.yaml": TEMPLATE},
    "flagger": {"k8s/canary.yaml": FLAGGER},
    "flagger with a gate": {
        "k8s/canary.yaml": FLAGGER.replace(
            "metrics: [{name: request-success-rate}]", "webhooks: [{type: rollout, url: x}]"
        )
    },
    "sam": {"template.yaml": SAM},
    "serverless": {
        "serverless.yml": "functions: {f: {deploymentSettings: {type: Linear10PercentEvery1Minute, alarms: [x]}}}\n"
    },
    "codedeploy": {"deploy.tf": GROUP},
    "ecs": {"ecs.tf": ECS},
    "cloudformation": {
        "stack.yaml": "Resources: {G: {Type: 'AWS::CodeDeploy::DeploymentGroup', Properties: {DeploymentStyle: {DeploymentType: BLUE_GREEN},"
        " AlarmConfiguration: {Enabled: true, Alarms: [{Name: x}]}}}}\n"
    },
    "cloud deploy": {"clouddeploy.yaml": PIPELINE},
    "spinnaker": {"spinnaker/p.json": json.dumps({"stages": [{"type": "kayentaCanary", "name": "canary"}]})},
    "harness": {
        ".harness/p.yaml": "pipeline: {stages: [{stage: {type: Deployment, spec: {execution: {steps: [{step: {type: K8sCanaryDeploy}}, {step: {type: Verify}}]}}}}]}\n"
    },
    "pipecd": {
        "app.pipecd.yaml": "kind: KubernetesApp\nspec: {pipeline: {stages: [{name: K8S_CANARY_ROLLOUT}, {name: ANALYSIS}]}}\n"
    },
    "cdk": {"cdk.json": "{}", "lib/stack.ts": CDK},
    "pipeline with a query": github(
        SHIFT + "- run: ./wait.sh && curl -f 'http://prometheus/api/v1/query?query=up' | jq -e .ok"
    ),
    "pipeline with alarms": github(
        SHIFT + "- run: aws cloudwatch describe-alarms --state-value ALARM | grep -q x"
    ),
    "helm chart": {
        "chart/Chart.yaml": "name: p\n",
        "chart/values.yaml": "name: payments\n",
        "chart/templates/canary.yaml": FLAGGER.replace("name: payments", "name: {{ .Values.name }}"),
    },
}


@pytest.mark.parametrize("name", PASSES)
def test_passes(name: str, tree: Tree) -> None:
    result = judge(tree(PASSES[name]))
    assert result.status == "pass", result
    assert result.evidence
    assert not result.fix


PARTIALS = {
    "no analysis": ({"k8s/rollout.yaml": rollout(WEIGHTS)}, "nothing measures"),
    "hollow analysis": (
        {
            "k8s/rollout.yaml": rollout(CANARY)
            + "---"
            + TEMPLATE.replace(
                "metrics: [{name: errors, provider: {prometheus: {query: up}}}]", "metrics: []"
            )
        },
        "measures nothing",
    ),
    "skipped": ({"c.yaml": FLAGGER.replace("analysis:", "skipAnalysis: true, analysis:")}, "skipAnalysis"),
    "no metrics": (
        {"c.yaml": FLAGGER.replace("metrics: [{name: request-success-rate}]", "threshold: 5")},
        "nothing measures",
    ),
    "unreferenced": ({"k8s/analysis.yaml": TEMPLATE}, "nothing references it"),
    "unreferenced metric": (
        {
            "m.yaml": "apiVersion: flagger.app/v1beta1\nkind: MetricTemplate\nmetadata: {name: errors}\nspec: {query: up}\n"
        },
        "nothing references it",
    ),
    "no alarms": ({"template.yaml": SAM.replace(", Alarms: [!Ref A]", "")}, "no alarm"),
    "codedeploy": ({"deploy.tf": GROUP.replace("enabled = true", "enabled = false")}, "no alarm"),
    "mesh": ({"istio.yaml": VIRTUAL}, "splits"),
    "ingress": (
        {
            "i.yaml": "kind: Ingress\nmetadata: {name: p, annotations: {nginx.ingress.kubernetes.io/canary: 'true'}}\n"
        },
        "canary Ingress",
    ),
    "pair": (
        {
            "a.yaml": "kind: Deployment\nmetadata: {name: p}\n",
            "b.yaml": "kind: Deployment\nmetadata: {name: p-canary}\n",
        },
        "canary Deployment",
    ),
    "nomad": ({"p.nomad": 'job "p" {\n  update {\n    canary = 1\n  }\n}\n'}, "only health"),
    "cloud deploy": ({"clouddeploy.yaml": PIPELINE.replace(", verify: true", "")}, "verified"),
    "shift without a measure": (
        github(SHIFT + "- run: curl -f https://canary.payments/healthz"),
        "nothing measures",
    ),
    "measure that nobody heeds": (
        github(SHIFT + "- run: curl 'http://prometheus/api/v1/query?query=up' || true"),
        "nobody notices",
    ),
    "ignored": (github(SHIFT.rstrip() + "\n  continue-on-error: true"), "nobody notices"),
    "slots": (
        github("- run: az webapp deployment slot swap --name payments --slot staging"),
        "nothing measures",
    ),
}


@pytest.mark.parametrize("name", PARTIALS)
def test_is_weak(name: str, tree: Tree) -> None:
    files, message = PARTIALS[name]
    result = judge(tree(files))
    assert result.status == "partial", result
    assert message in result.message
    assert result.fix


SYNTHETIC = 'resource "aws_synthetics_canary" "uptime" {\n  name = "uptime"\n}\n'
FAILS = {
    "nothing": ({}, "all users at once"),
    "synthetic": ({"canary.tf": SYNTHETIC}, "delivers nothing"),
    "synthetic stack": (
        {"s.yaml": "Resources: {C: {Type: 'AWS::Synthetics::Canary'}}\n"},
        "delivers nothing",
    ),
    "no steps": ({"k8s/rollout.yaml": rollout("{canary: {maxSurge: 1}}")}, "no steps"),
    "at once": ({"template.yaml": SAM.replace("Canary10Percent5Minutes", "AllAtOnce")}, "at once"),
    "echo": (github("- name: Deploy canary\n  run: echo deploying the canary"), "only prints"),
    "never": (
        github("- if: false\n  run: gcloud run services update-traffic p --to-revisions X=10"),
        "never runs",
    ),
    "all of the traffic": (
        github("- run: gcloud run services update-traffic p --to-revisions PREV=100"),
        "at once",
    ),
    "only a name": (
        github("- name: Blue-Green Deploy\n  run: kubectl set image deployment/p p=$TAG"),
        "at once",
    ),
    "image tag": (github("- name: canary\n  run: docker push acme/payments:canary"), "at once"),
    "npm canary": (github("- run: npm publish --tag canary"), "at once"),
    "example": ({"examples/canary.yaml": FLAGGER}, "examples"),
    "rolling": (
        {"d.yaml": "kind: Deployment\nmetadata: {name: p}\nspec: {strategy: {type: RollingUpdate}}\n"},
        "at once",
    ),
    "weights of other hosts": (
        {
            "r.yaml": "kind: HTTPRoute\nspec: {rules: [{backendRefs: [{name: eu, weight: 1}, {name: us, weight: 1}]}]}\n"
        },
        "at once",
    ),
    "prose": ({"docs/deploy.md": "We deploy a canary with analysis.\n"}, "at once"),
    "the tool itself": (
        {"go.mod": "module github.com/fluxcd/flagger\n", "charts/p/canary.yaml": FLAGGER},
        "tool",
    ),
}


@pytest.mark.parametrize("name", FAILS)
def test_fails(name: str, tree: Tree) -> None:
    files, message = FAILS[name]
    result = judge(tree(files))
    assert result.status == "fail", result
    assert message in result.message
    assert result.fix


def test_an_analysis_that_is_not_here_is_unknown(tree: Tree) -> None:
    result = judge(tree({"k8s/rollout.yaml": rollout(CANARY)}))
    assert result.status == "unknown"
    assert "errors" in result.message
    assert "k8s/rollout.yaml" in result.fix


def test_a_neighbours_canary_is_none(tree: Tree) -> None:
    files = {
        "services/orders/canary.yaml": FLAGGER.replace("payments", "orders"),
        "services/payments/go.mod": "module p\n",
    }
    result = judge(tree(files), "services/payments", ("services/orders",))
    assert result.status == "fail"
    assert "another service" in result.not_counted[0].why
    shared = {"deploy/canaries.yaml": FLAGGER, "services/payments/go.mod": "module p\n"}
    assert judge(tree(shared), "services/payments", ("services/orders",)).status == "pass"


def test_a_named_repository_is_read(tree: Tree) -> None:
    there = tree({"apps/payments/canary.yaml": FLAGGER})
    facts = Facts(date(2026, 11, 24), repositories={"gitops": there})
    result = judge(tree({}), facts=facts, annotations={"handrail.dev/evidence": "gitops:apps"})
    assert result.status == "pass"
    assert result.evidence[0].path == "gitops:apps/payments/canary.yaml"
    assert judge(tree({}), annotations={"handrail.dev/evidence": "gitops"}).status == "unknown"


def test_evidence_has_the_line(tree: Tree) -> None:
    text = "apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata:\n  name: p\nspec:\n  analysis:\n    metrics:\n      - name: x\n"
    assert judge(tree({"c.yaml": text})).evidence[0].line == 6


HOSTILE = {
    "scalars": {
        "a.yaml": "apiVersion: argoproj.io/v1\nkind: Rollout\nspec: {strategy: {canary: [1], blueGreen: x}}\n"
    },
    "nulls": {
        "a.yaml": "apiVersion: flagger.app/v1\nkind: Canary\nmetadata:\nspec: {analysis: {metrics: , webhooks: [null]}}\n"
    },
    "wrong types": {
        "a.yaml": "kind: VirtualService\nspec: {http: [{route: [3, null, {weight: x}]}]}\ncanary: 1\n"
    },
    "terraform": {
        "a.tf": 'resource "aws_lb_listener" "x" {\n  weight = 1\n  default_action = 3\n}\nresource "aws_codedeploy_deployment_group" {\n'
    },
    "json": {"a.json": '{"stages": [{"type": ["kayentaCanary"]}, null], "canary": {'},
    "huge": {"a.yaml": "kind: Rollout\nx:\n" + "  - {canary: 1}\n" * 20_000},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_bad_input_is_none(name: str, tree: Tree) -> None:
    assert judge(tree(HOSTILE[name])).status in ("fail", "partial")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(
        [
            "Rollout",
            "Canary",
            "VirtualService",
            "DeliveryPipeline",
            "Ingress",
            "Deployment",
            "AnalysisTemplate",
            "X",
        ]
    ),
    spec=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "strategy",
                        "canary",
                        "blueGreen",
                        "analysis",
                        "templates",
                        "templateName",
                        "route",
                        "weight",
                        "steps",
                        "metrics",
                        "Type",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=14,
    ),
)
def test_no_object_raises(kind: str, spec: object, tree: Tree) -> None:
    for group in ("argoproj.io/v1alpha1", "flagger.app/v1beta1"):
        document = {
            "apiVersion": group,
            "kind": kind,
            "metadata": spec,
            "spec": spec,
            "x": "canary weight:",
            "stages": spec,
        }
        assert judge(tree({"a.json": json.dumps(document)})).status in ("pass", "fail", "unknown", "partial")


def test_the_fix_names_the_file_of_the_deployment_and_not_of_what_scales_it(tree: Tree) -> None:
    scaler = "kind: HorizontalPodAutoscaler\nmetadata: {name: payments}\nspec:\n  scaleTargetRef:\n    kind: Deployment\n"
    workload = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: payments}\n"
    result = judge(tree({"deploy/autoscaling.yaml": scaler, "deploy/deployment.yaml": workload}))
    assert "`deploy/deployment.yaml`" in result.fix
    assert "autoscaling" not in result.fix
