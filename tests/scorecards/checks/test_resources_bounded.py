"""What bounds a service on each platform, what lacks, and what bounds nothing."""

from collections.abc import Callable
from datetime import date
from textwrap import indent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.checks import resources_bounded
from scorecards.facts import Facts
from scorecards.result import Result

# ruff: noqa: E501
Tree = Callable[[dict[str, str]], Snapshot]
FACTS = Facts(date(2026, 11, 24))
ALONE = Service(Ref("component", "default", "payments"), "service")
AMONG = Service(
    Ref("component", "default", "payments"), "service", "services/payments", neighbours=("services/cart",)
)


def judge(snapshot: Snapshot, service: Service = ALONE) -> Result:
    return resources_bounded.evaluate(snapshot, service, FACTS, {})


BOTH = "resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}"


def deployment(
    replicas: str = "replicas: 3", bounds: str = BOTH, name: str = "payments", more: str = ""
) -> str:
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}}}
spec:
  {replicas}
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}, tier: web}}}}
    spec:
      initContainers: [{{name: migrate, image: acme/{name}}}]
      containers:
        - name: {name}
          image: acme/{name}:1
          {bounds}
{indent(more, "        ")}"""


def budget(rule: str = "maxUnavailable: 1", app: str = "payments") -> str:
    return (
        f"apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{name: {app}}}\n"
        f"spec: {{{rule}, selector: {{matchLabels: {{app: {app}}}}}}}\n"
    )


HPA = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: payments}
spec: {scaleTargetRef: {kind: Deployment, name: payments}, minReplicas: 1, maxReplicas: 5}
"""
KEDA = """\
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: payments}
spec: {scaleTargetRef: {name: payments}, triggers: [{type: cpu}]}
"""
CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: payments\n",
    "chart/values.yaml": (
        "replicaCount: 2\nautoscaling: {enabled: false, maxReplicas: 9}\n"
        "resources:\n  limits: {memory: 256Mi}\n  requests: {memory: 128Mi}\npodDisruptionBudget: {enabled: true, minAvailable: 1}\n"
    ),
    "chart/templates/_helpers.tpl": '{{- define "p.labels" -}}\napp.kubernetes.io/name: {{ .Chart.Name }}\n{{- end }}\n',
    "chart/templates/deployment.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  {{- if not .Values.autoscaling.enabled }}
  replicas: {{ .Values.replicaCount }}
  {{- end }}
  template:
    metadata:
      labels:
        {{- include "p.labels" . | nindent 8 }}
    spec:
      containers:
        - name: {{ .Chart.Name }}
          image: acme/payments
          {{- with .Values.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
""",
    "chart/templates/pdb.yaml": """\
{{- if .Values.podDisruptionBudget.enabled }}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: {{ .Release.Name }}}
spec:
  minAvailable: {{ .Values.podDisruptionBudget.minAvailable }}
  selector:
    matchLabels:
      {{- include "p.labels" . | nindent 6 }}
{{- end }}
""",
}
BARE_VALUES = (
    "replicaCount: 1\nautoscaling: {enabled: false}\nresources: {}\npodDisruptionBudget: {enabled: false}\n"
)
TASK = '{"family": "payments", "cpu": "256", "memory": "512", "containerDefinitions": [{"name": "payments", "image": "acme/payments"}]}'
ECS = """\
resource "aws_ecs_task_definition" "payments" {
  family = "payments"
  cpu    = 256
  memory = 512
  container_definitions = jsonencode([])
}
resource "aws_ecs_service" "payments" {
  name            = "payments"
  task_definition = aws_ecs_task_definition.payments.arn
  desired_count   = 2
}
"""
GROUP = 'resource "aws_autoscaling_group" "payments" {\n  min_size = 1\n  max_size = 4\n}\n'
CLOUDFORMATION = """\
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties: {Cpu: 256, Memory: 512, ContainerDefinitions: [{Name: payments, Image: acme/payments}]}
  Service:
    Type: AWS::ECS::Service
    Properties: {TaskDefinition: !Ref Task, DesiredCount: 2}
"""
COMPOSE = """\
services:
  payments:
    build: .
    deploy: {replicas: 2, resources: {limits: {memory: 256M}, reservations: {memory: 128M}}}
  db: {image: 'postgres:17'}
"""
NOMAD = """\
job "payments" {
  group "web" {
    count = 3
    task "web" {
      driver = "docker"
      config { image = "acme/payments" }
      resources {
        cpu    = 200
        memory = 256
      }
    }
  }
}
"""
NAIS = """\
apiVersion: nais.io/v1alpha1
kind: Application
metadata: {name: payments}
spec: {image: 'x', replicas: {min: 2, max: 4}, resources: {limits: {memory: 512Mi}, requests: {cpu: 50m}}}
"""
KNATIVE = """\
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: payments}
spec: {template: {spec: {containers: [{image: acme/payments, resources: {limits: {memory: 512Mi}}}]}}}
"""
RENDER = "services:\n  - {type: web, name: payments, plan: standard, numInstances: 2}\n"
FLY = 'app = "payments"\n[http_service]\nmin_machines_running = 2\n[[vm]]\nmemory = "512mb"\n'

SOUND: dict[str, dict[str, str]] = {
    "replicas": {"k8s/a.yaml": deployment() + "---\n" + budget()},
    "limits alone": {"k8s/a.yaml": deployment(bounds="resources: {limits: {cpu: 1, memory: 1Gi}}"), "k8s/b.yaml": budget()},
    "an autoscaler": {"k8s/a.yaml": deployment("revisionHistoryLimit: 3"), "k8s/b.yaml": budget(), "k8s/c.yaml": HPA},
    "KEDA": {"k8s/a.yaml": deployment("replicas: 1"), "k8s/b.yaml": budget("minAvailable: 50%"), "k8s/c.yaml": KEDA},
    "a sidecar with bounds": {
        "k8s/a.yaml": deployment(more=f"- name: proxy\n  image: envoy\n  {BOTH}") + "\n---\n" + budget()
    },
    "a LimitRange": {
        "k8s/a.yaml": deployment(bounds="tty: false") + "---\n" + budget(),
        "k8s/r.yaml": "apiVersion: v1\nkind: LimitRange\nmetadata: {name: all}\nspec:\n  limits: [{type: Container, default: {memory: 1Gi}, defaultRequest: {memory: 1Gi}}]\n",
    },
    "an overlay": {
        "k8s/base/a.yaml": deployment("replicas: 1", "tty: false"),
        "k8s/base/pdb.yaml": budget(),
        "k8s/prod/kustomization.yaml": "resources: [../base]\nkind: Kustomization\nreplicas: [{name: payments, count: 3}]\npatches: [{path: r.yaml}]\n",
        "k8s/prod/r.yaml": f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: payments}}\nspec: {{template: {{spec: {{containers: [{{name: payments, {BOTH}}}]}}}}}}\n",
    },
    "a JSON patch": {
        "k8s/base/a.yaml": deployment("replicas: 1", "tty: false"),
        "k8s/base/pdb.yaml": budget(),
        "k8s/prod/kustomization.yaml": (
            "kind: Kustomization\nresources: [../base]\npatches:\n  - target: {kind: Deployment, name: payments}\n    patch: |-\n"
            "      - {op: replace, path: /spec/replicas, value: 3}\n"
            "      - {op: add, path: /spec/template/spec/containers/0/resources, value: {limits: {memory: 1Gi}}}\n"
        ),
    },
    "a chart": CHART,
    "a chart with the values of an environment": {
        **CHART,
        "chart/values.yaml": BARE_VALUES,
        "chart/values-prod.yaml": CHART["chart/values.yaml"],
    },
    "values of a chart elsewhere": {
        "apps/payments.yaml": (
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: payments}\nspec:\n  values:\n"
            f"    replicaCount: 3\n    {BOTH}\n    podDisruptionBudget: {{minAvailable: 1}}\n"
        )
    },
    "OpenShift": {
        "openshift/t.yaml": "apiVersion: template.openshift.io/v1\nkind: Template\nparameters: [{name: N, value: '3'}]\nobjects:\n  -\n"
        + indent(deployment("replicas: ${{N}}"), "    ") + "\n  -\n" + indent(budget(), "    ")
    },
    "a Rollout": {"k8s/a.yaml": deployment().replace("kind: Deployment", "kind: Rollout") + "---\n" + budget()},
    "ECS in Terraform": {"infra/main.tf": ECS},
    "machines that scale": {"main.tf": GROUP},
    "ECS in CloudFormation": {"infra/stack.yaml": CLOUDFORMATION},
    "Compose": {"compose.yaml": COMPOSE},
    "Nomad": {"payments.nomad": NOMAD},
    "nais": {".nais/prod.yaml": NAIS},
    "nais with what is filled in": {
        ".nais/app.yaml": NAIS.replace("{min: 2, max: 4}", "{min: {{min}}, max: {{max}}}") + "{{#if x}}\nother: {{x}}\n{{/if}}\n"
    },
    "manifests that ERB fills in": {
        "config/deploy/web.yaml.erb": deployment("replicas: <%= count %>") + "---\n<% if pdb %>\n" + budget() + "<% end %>\n"
    },
    "flat values of a chart elsewhere": {
        "charts/payments/Chart.yaml": "name: payments\n",
        "charts/payments/values.yaml": "java:\n  memoryRequests: 1Gi\n  memoryLimits: 2Gi\n  replicas: 2\n  pdb: {enabled: true}\n",
    },
    "Cloud Foundry": {"manifests/app.yml": "applications:\n  - {name: payments, memory: 512M, instances: ((instances))}\n"},
    "Cloud Run by Pulumi": {
        "infra/Pulumi.yaml": "name: payments\n",
        "infra/index.ts": "new gcp.cloudrunv2.Service('p', {limits: {memory: '512Mi'}, maxInstanceCount: 4});\n",
    },
    "Knative": {"service.yaml": KNATIVE},
    "Render": {"render.yaml": RENDER},
    "Fly": {"fly.toml": FLY},
    "App Engine": {"app.yaml": "runtime: python312\ninstance_class: F2\nautomatic_scaling: {max_instances: 5}\n"},
    "CDK": {
        "cdk.json": "{}",
        "lib/stack.ts": "new ecs.FargateTaskDefinition(this, 'T', {memoryLimitMiB: 512});\nnew ecs.FargateService(this, 'S', {desiredCount: 2});\n",
    },
    "Kubernetes in Terraform": {
        "main.tf": """\
resource "kubernetes_deployment_v1" "payments" {
  metadata { name = "payments" }
  spec {
    replicas = 2
    template {
      spec {
        container {
          image = "acme/payments"
          resources {
            limits = { memory = "256Mi" }
            requests = { memory = "128Mi" }
          }
        }
      }
    }
  }
}
resource "kubernetes_pod_disruption_budget_v1" "payments" {
  spec { max_unavailable = "1" }
}
"""
    },
}  # fmt: skip
WEAK: dict[str, tuple[dict[str, str], str]] = {
    "no budget": ({"k8s/a.yaml": deployment()}, "disruption budget"),
    "a budget of nothing": ({"k8s/a.yaml": deployment() + "---\n" + budget("minAvailable: 0")}, "disruption budget"),
    "a budget that lets all go": (
        {"k8s/a.yaml": deployment() + "---\n" + budget("maxUnavailable: 100%")},
        "disruption budget",
    ),
    "another's budget": ({"k8s/a.yaml": deployment() + "---\n" + budget(app="cart")}, "disruption budget"),
    "one replica": ({"k8s/a.yaml": deployment("replicas: 1") + "---\n" + budget()}, "second replica"),
    "no replicas said": ({"k8s/a.yaml": deployment("paused: false") + "---\n" + budget()}, "second replica"),
    "an autoscaler up to one": (
        {"k8s/a.yaml": deployment("paused: false") + "---\n" + budget(), "k8s/h.yaml": HPA.replace("5", "1")},
        "second replica",
    ),
    "another's autoscaler": (
        {
            "k8s/a.yaml": deployment("paused: false") + "---\n" + budget(),
            "k8s/h.yaml": HPA.replace("name: payments}, min", "name: cart}, min"),
        },
        "second replica",
    ),
    "requests only": (
        {"k8s/a.yaml": deployment(bounds="resources: {requests: {cpu: 100m}}") + "---\n" + budget()},
        "limits of `payments`",
    ),
    "a bare sidecar": (
        {"k8s/a.yaml": deployment(more="- name: proxy\n  image: envoy") + "\n---\n" + budget()},
        "limits of `proxy`",
    ),
    "a bare second workload": (
        {"k8s/a.yaml": deployment() + "---\n" + budget() + "---\n" + deployment(bounds="tty: false", name="payments-worker")},
        "payments-worker",
    ),
    "a chart whose values switch it off": ({**CHART, "chart/values.yaml": CHART["chart/values.yaml"].replace("enabled: true", "enabled: false")}, "disruption budget"),
    "an ECS service of one": ({"main.tf": ECS.replace("= 2", "= 1")}, "second replica"),
    "a task definition": ({"task-definition.json": TASK}, "second replica"),
    "machines below a bare deployment": (
        {"main.tf": GROUP, "k8s/a.yaml": deployment("replicas: 1", "tty: false")},
        "requests and limits",
    ),
    "Compose with a limit": ({"compose.yaml": "services: {payments: {build: ., mem_limit: 256m}}"}, "second replica"),
    "Nomad without resources": ({"payments.nomad": NOMAD.replace("resources", "restart")}, "requests"),
    "Knative of one": (
        {"s.yaml": KNATIVE.replace("template: {", "template: {metadata: {annotations: {autoscaling.knative.dev/maxScale: '1'}}, ")},
        "second replica",
    ),
}  # fmt: skip
NONE: dict[str, dict[str, str]] = {
    "nothing": {"README.md": "# Payments\n"},
    "a bare deployment": {"k8s/a.yaml": deployment("replicas: 1", "tty: false")},
    "empty resources": {"k8s/a.yaml": deployment("replicas: 1", "resources: {limits: {}, requests: null}")},
    "zero": {"k8s/a.yaml": deployment("replicas: 1", "resources: {limits: {cpu: 0, memory: 0}}")},
    "only storage": {"k8s/a.yaml": deployment("replicas: 1", "resources: {requests: {storage: 1Gi}}")},
    "a chart that bounds nothing": {**CHART, "chart/values.yaml": BARE_VALUES},
    "a database": {"k8s/db.yaml": deployment(name="postgres").replace("acme/postgres", "postgres")},
    "an example": {"examples/k8s/a.yaml": deployment() + "---\n" + budget()},
    "a chart's test": {"tests/e2e/k8s/a.yaml": deployment() + "---\n" + budget()},
    "only a database in Compose": {"compose.yaml": "services: {db: {image: 'postgres:17', mem_limit: 1g}}"},
    "some other app.yaml": {"app.yaml": "server: {instances: 3, memory: 5}\n"},
    "values of a release of something else": {
        "apps/redis.yaml": f"apiVersion: x/v2\nkind: HelmRelease\nmetadata: {{name: redis}}\nspec: {{values: {{{BOTH}}}}}\n"
    },
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_what_is_bounded_and_more_than_one_is_sound(tree: Tree, name: str):
    result = judge(tree(SOUND[name]))
    assert (result.status, result.fix) == ("pass", ""), result
    assert result.evidence
    assert all(e.line for e in result.evidence)


@pytest.mark.parametrize("name", WEAK)
def test_what_lacks_makes_it_weak_and_is_said(tree: Tree, name: str):
    files, word = WEAK[name]
    result = judge(tree(files))
    assert result.status == "partial", result
    assert word in result.message.partition("it lacks")[2]
    assert result.fix


@pytest.mark.parametrize("name", NONE)
def test_what_bounds_nothing_counts_for_nothing(tree: Tree, name: str):
    result = judge(tree(NONE[name]))
    assert result.status == "fail", result
    assert "payments" in result.fix


def test_evidence_names_the_lines(tree: Tree):
    result = judge(tree({"k8s/a.yaml": deployment() + "---\n" + budget()}))
    assert [(e.path, e.line) for e in result.evidence] == [
        ("k8s/a.yaml", 14),
        ("k8s/a.yaml", 14),
        ("k8s/a.yaml", 5),
        ("k8s/a.yaml", 19),
    ]


def test_a_chart_that_cannot_be_rendered_is_unknown(tree: Tree):
    broken = {
        **CHART,
        "chart/templates/deployment.yaml": CHART["chart/templates/deployment.yaml"] + "  - ]\n",
    }
    result = judge(tree(broken))
    assert result.status == "unknown"
    assert "payments" in result.fix


def test_a_job_on_a_schedule_needs_bounds_only(tree: Tree):
    job = f"apiVersion: batch/v1\nkind: CronJob\nmetadata: {{name: payments}}\nspec: {{jobTemplate: {{spec: {{template: {{spec: {{containers: [{{name: a, image: b, {BOTH}}}]}}}}}}}}}}\n"
    assert judge(tree({"job.yaml": job})).status == "pass"
    both = {"job.yaml": job, "web.yaml": deployment("replicas: 1", "tty: false")}
    assert judge(tree(both)).status == "fail"


def test_bounds_of_a_neighbour_do_not_count(tree: Tree):
    files = {"services/cart/k8s/a.yaml": deployment(name="cart") + "---\n" + budget(app="cart")}
    assert judge(tree(files), AMONG).status == "fail"
    shared = {
        "deploy/a.yaml": deployment()
        + "---\n"
        + budget()
        + "---\n"
        + deployment("replicas: 1", "tty: false", "cart")
    }
    assert judge(tree(shared), AMONG).status == "pass"


def test_another_repository_counts_where_the_descriptor_names_it(tree: Tree):
    there = tree({"apps/payments/a.yaml": deployment() + "---\n" + budget()})
    service = Service(ALONE.ref, "service", annotations={"handrail.dev/evidence": "gitops:apps/payments"})
    facts = Facts(date(2026, 11, 24), repositories={"gitops": there})
    result = resources_bounded.evaluate(tree({"README.md": "#"}), service, facts, {})
    assert result.status == "pass"
    assert result.evidence[0].path == "gitops:apps/payments/a.yaml"
    assert resources_bounded.evaluate(tree({"README.md": "#"}), service, FACTS, {}).status == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "kind: Deployment\nspec: [1]\n",
        "kind: Deployment\nmetadata: 3\nspec: {template: {spec: {containers: [null, 1, {resources: [1]}]}}}\n",
        "kind: Deployment\nspec: {replicas: .nan, template: {metadata: {labels: [a]}, spec: {containers: {a: 1}}}}\n",
        "kind: PodDisruptionBudget\nspec: {minAvailable: [1], selector: {matchLabels: 3}}\n",
        "kind: HorizontalPodAutoscaler\nspec: {maxReplicas: {a: 1}, scaleTargetRef: [x]}\n",
        "kind: LimitRange\nspec: {limits: [null, {default: 1, type: Container}]}\n",
        "kind: Kustomization\nreplicas: {a: 1}\npatches: [1, {patch: '[', target: 3}, {path: [1]}, {patch: '- {op: add, path: /spec/replicas}'}]\n",
        "kind: List\nitems: [null, {kind: Deployment}]\n",
        "kind: Template\nparameters: [null, 1]\nobjects: [{kind: Deployment, spec: {replicas: '${X}'}}]\n",
        "kind: ClowdApp\nspec: {deployments: [1, {podSpec: 3, minReplicas: [1]}]}\n",
        "kind: HelmRelease\nspec: {values: [1, {resources: 3}]}\n",
        "apiVersion: nais.io/v1\nkind: Application\nspec: {resources: [], replicas: {min: x}}\n",
        "apiVersion: serving.knative.dev/v1\nkind: Service\nspec: {template: {metadata: {annotations: {autoscaling.knative.dev/maxScale: [1]}}}}\n",
        "Resources: {A: {Type: 'AWS::ECS::Service', Properties: [1]}, B: 3, C: {Type: 'AWS::ECS::TaskDefinition'}}\n",
        "kind: Deployment\n" + "a: {" * 3000,
    ],
)
def test_hostile_files_are_read_in_peace(tree: Tree, text: str):
    assert judge(
        tree(
            {
                "k8s/a.yaml": text,
                "compose.yaml": "services: {a: {deploy: [1], scale: x, build: {context: [1]}}, b: 1}\n",
            }
        )
    ).status in ("fail", "partial", "pass")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(
            [deployment(), budget(), HPA, KEDA, NAIS, KNATIVE, CLOUDFORMATION, COMPOSE, ECS, NOMAD, TASK, FLY]
        ),
        max_size=3,
    ),
    st.data(),
)
def test_any_damage_to_a_file_leads_to_a_verdict(tree: Tree, texts: list[str], data: st.DataObject):
    files = {}
    for number, text in enumerate(texts):
        cut = data.draw(st.integers(0, len(text)))
        more = data.draw(st.text("{}[]:-'\"\n <>*&!%x1", max_size=12))
        end = data.draw(
            st.sampled_from(
                ["k8s/{}.yaml", "{}.tf", "compose.{}.yaml", "{}.nomad", "x{}/task.json", "fly.{}.toml"]
            )
        )
        files[end.format(number)] = text[:cut] + more + text[cut:]
    assert judge(tree({"README.md": "#", **files})).status in ("pass", "partial", "fail", "unknown")
