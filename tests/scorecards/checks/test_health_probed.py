"""What counts as being asked for one's health, and what only looks like it."""

from collections.abc import Callable
from datetime import date
from textwrap import dedent, indent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import all_checks
from scorecards.checks import health_probed
from scorecards.documentation import EXAMPLE, sections
from scorecards.facts import Facts
from scorecards.reading.workload import command_hollow
from scorecards.reading.workloads import workloads
from scorecards.result import Result

Tree = Callable[[dict[str, str]], Snapshot]
# ruff: noqa: E501
FACTS = Facts(date(2026, 11, 24))
ALONE = Service(Ref("component", "default", "payments"), "service")
WORKER = Service(Ref("component", "default", "payments"), "worker")
AMONG = Service(
    Ref("component", "default", "payments"), "service", "services/payments", neighbours=("services/ledger",)
)

READY = "readinessProbe: {httpGet: {path: /ready, port: 8080}}"
LIVE = "livenessProbe: {httpGet: {path: /live, port: 8080}}"


def judge(snapshot: Snapshot, service: Service = ALONE) -> Result:
    return health_probed.evaluate(snapshot, service, FACTS, {})


def text(source: str) -> str:
    return dedent(source).lstrip("\n")


def deployment(*probes: str, name: str = "payments", image: str = "registry.example.com/payments:1") -> str:
    head = f"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {{name: {name}}}
        spec:
          template:
            spec:
              containers:
                - name: {name}
                  image: {image}
        """
    return text(head).rstrip() + "\n" + indent("\n".join(dedent(p) for p in probes), " " * 10) + "\n"


def compose(test: str, *, build: str = "build: .", name: str = "payments") -> str:
    return (
        f"services:\n  {name}:\n    {build}\n    healthcheck:\n      test: {test}\n"
        "  db:\n    image: postgres:16\n    healthcheck:\n      test: pg_isready\n"
    )


def chart(template: str, values: str) -> dict[str, str]:
    return {
        "chart/Chart.yaml": "apiVersion: v2\nname: payments\nversion: 1.0.0\n",
        "chart/values.yaml": text(values),
        "chart/templates/deployment.yaml": deployment(template, image='"{{ .Values.image }}"'),
    }


NAIS = """
    apiVersion: nais.io/v1alpha1
    kind: Application
    metadata: {name: payments}
    spec:
      image: x
"""
PASS: dict[str, dict[str, str]] = {
    "readiness and liveness by HTTP": {"k8s/d.yaml": deployment(READY, LIVE)},
    "by TCP and gRPC": {
        "k8s/d.yaml": deployment(
            "readinessProbe: {tcpSocket: {port: 80}}", "livenessProbe: {grpc: {port: 81}}"
        )
    },
    "readiness and startup, by a command": {
        "k8s/d.yaml": deployment(READY, "startupProbe: {exec: {command: [/app/healthy, --quick]}}")
    },
    "in JSON": {
        "k8s/deployment.json": '{"kind": "Deployment", "apiVersion": "apps/v1", "spec": {"template": {"spec": '
        '{"containers": [{"name": "payments", "readinessProbe": {"tcpSocket": {"port": 1}}, '
        '"livenessProbe": {"tcpSocket": {"port": 1}}}]}}}}'
    },
    "in an OpenShift template": {
        "openshift.yml": "kind: Template\napiVersion: template.openshift.io/v1\nobjects:\n"
        + indent("- " + indent(deployment(READY, LIVE), "  ").lstrip(), "  ")
    },
    "in the second document of a file": {"k8s/all.yaml": "kind: Service\n---\n" + deployment(READY, LIVE)},
    "in a document beside a broken one": {"k8s/all.yaml": "a: [\n---\n" + deployment(READY, LIVE)},
    "where a placeholder breaks the YAML": {
        "k8s/d.yaml": deployment(READY, LIVE, image="{dockerHubUsername}/payments:1")
    },
    "added by a JSON patch of Kustomize": {
        "k8s/kustomization.yaml": text("""
            kind: Kustomization
            apiVersion: kustomize.config.k8s.io/v1beta1
            patches:
              - target: {kind: Deployment}
                patch: |-
                  - op: add
                    path: /spec/template/spec/containers/0/readinessProbe
                    value: {httpGet: {path: /ready, port: 1}}
                  - op: add
                    path: /spec/template/spec/containers/0/livenessProbe
                    value: {httpGet: {path: /live, port: 1}}
            """)
    },
    "given to a chart by a HelmRelease": {
        "flux/release.yaml": text("""
            apiVersion: helm.toolkit.fluxcd.io/v2
            kind: HelmRelease
            metadata: {name: payments}
            spec:
              values:
                controllers:
                  main:
                    containers:
                      app:
                        probes:
                          liveness: {enabled: true}
                          readiness: {enabled: true, custom: true, spec: {httpGet: {path: /r, port: 1}}}
            """)
    },
    "a chart's template": chart(READY + "\n" + LIVE, "image: x\n"),
    "a chart's default values": chart(
        "livenessProbe:\n  {{- toYaml .Values.live | nindent 12 }}\n"
        "readinessProbe:\n  {{- toYaml .Values.ready | nindent 12 }}",
        """
        live: {httpGet: {path: /live, port: http}}
        ready: {httpGet: {path: /ready, port: http}}
        """,
    ),
    "a chart's values spread into the container": chart(
        "{{- toYaml .Values.probes | nindent 10 }}",
        """
        probes:
          livenessProbe: {httpGet: {path: /live, port: http}}
          readinessProbe: {httpGet: {path: /ready, port: http}}
        """,
    ),
    "a chart's condition that holds by default": chart(
        "{{- if .Values.probes.enabled }}\n" + READY + "\n" + LIVE + "\n{{- end }}",
        "probes: {enabled: true}\n",
    ),
    "the other branch of a condition": chart(
        "{{- with .Values.probes }}\n{{- toYaml . | nindent 10 }}\n{{- else }}\n"
        + READY
        + "\n"
        + LIVE
        + "\n{{- end }}",
        "probes: {}\n",
    ),
    "compose, built here": {
        "docker-compose.yml": compose('["CMD", "curl", "-f", "http://localhost/health"]')
    },
    "compose, by a shell": {"compose.yaml": compose("curl -fsS localhost/health || exit 1")},
    "a load balancer's target group": {
        "infra/lb.tf": 'resource "aws_lb_target_group" "main" {\n  port = 80\n'
        '  health_check {\n    path = "/health"\n  }\n}\n'
    },
    "a module's health check": {
        "infra/main.tf": 'module "service" {\n  source = "./service"\n  health_check_path = "/health"\n}\n'
    },
    "Cloud Run": {
        "run.tf": 'resource "google_cloud_run_v2_service" "x" {\n template {\n  containers {\n'
        '   startup_probe {\n    http_get { path = "/" }\n   }\n'
        '   liveness_probe {\n    http_get { path = "/" }\n   }\n  }\n }\n}\n'
    },
    "CloudFormation": {
        "template.yaml": "Resources:\n  Group:\n    Type: AWS::ElasticLoadBalancingV2::TargetGroup\n"
        "    Properties:\n      HealthCheckPath: /health\n"
    },
    "ECS": {
        "ecs/task-definition.json": '{"containerDefinitions": [{"name": "payments", "image": "x/payments", '
        '"healthCheck": {"command": ["CMD-SHELL", "curl -f http://localhost/health || exit 1"]}}]}'
    },
    "Nomad": {
        "payments.nomad": 'job "payments" {\n  service {\n    check {\n      type = "http"\n'
        '      path = "/health"\n    }\n  }\n}\n'
    },
    "nais": {".nais/app.yaml": text(NAIS) + "  liveness: {path: /live}\n  readiness: {path: /ready}\n"},
    "Render": {"render.yaml": "services:\n  - type: web\n    healthCheckPath: /healthz\n"},
    "Fly": {"fly.toml": '[http_service]\n[[http_service.checks]]\npath = "/health"\n'},
    "Cloud Foundry": {
        "manifest.yml": "applications:\n- name: x\n  health-check-type: http\n"
        "  health-check-http-endpoint: /health\n"
    },
}
PASS |= {
    "a module's probe path": {"m.tf": 'module "web" {\n  source = "./x"\n  probe_path = var.path\n}\n'},
    "nais, with Handlebars": {
        ".deploy/naiserator.yaml": text(NAIS).replace(
            "image: x",
            "image: {{image}}\n  ingresses:\n  {{#each ingresses as |url|}}\n    - {{url}}\n  {{/each}}",
        )
        + "  liveness: {path: /live}\n  readiness: {path: /ready}\n"
    },
    "a connection opened by Bash": {"compose.yaml": compose("echo > /dev/tcp/localhost/8080")},
    "a load balancer's check before an Ingress": {
        "k8s/ingress.yaml": "kind: Ingress\napiVersion: networking.k8s.io/v1\nmetadata:\n  name: payments\n"
        "  annotations:\n    alb.ingress.kubernetes.io/healthcheck-path: /health\n"
    },
    "Google's BackendConfig": {
        "k8s/backend.yaml": "kind: BackendConfig\napiVersion: cloud.google.com/v1\nmetadata: {name: payments}\n"
        "spec: {healthCheck: {type: HTTP, requestPath: /health}}\n"
    },
    "a list of containers for Terraform": {
        "infra/task.json.tpl": '[{"name": "payments", "image": "${image}", "healthCheck": '
        '{"command": ["CMD-SHELL", "curl -f localhost/health"]}}]'
    },
    "a manifest in ERB": {
        "config/deploy/web.yml.erb": deployment(READY, LIVE, image="<%= image %>") + "  <% if x %>\n"
    },
    "Traefik's label in compose": {
        "compose.yaml": "services:\n  payments:\n    build: .\n    labels:\n"
        "      - traefik.http.services.p.loadbalancer.healthcheck.path=/health\n"
    },
    "Caddy": {"Caddyfile": ":80 {\n  reverse_proxy app:80 {\n    health_uri /health\n  }\n}\n"},
    "HAProxy": {"haproxy.cfg": "backend app\n  option httpchk GET /health\n"},
    "Bicep": {"infra/app.bicep": "resource x 'y' = {\n  properties: { healthCheckPath: '/health' }\n}\n"},
    "CDK with a literal path": {
        "cdk.json": "{}",
        "lib/stack.ts": 'service.targetGroup.configureHealthCheck({ interval: x, path: "/health" });\n',
    },
}
PARTIAL: dict[str, dict[str, str]] = {
    "readiness alone": {"k8s/d.yaml": deployment(READY)},
    "liveness alone": {"k8s/d.yaml": deployment(LIVE)},
    "liveness and startup, no readiness": {
        "k8s/d.yaml": deployment(LIVE, "startupProbe: {tcpSocket: {port: 1}}")
    },
    "readiness beside a liveness that is always healthy": {
        "k8s/d.yaml": deployment(READY, "livenessProbe: {exec: {command: [sh, -c, 'true']}}")
    },
    "HEALTHCHECK alone": {"Dockerfile": "FROM x\nHEALTHCHECK --interval=5s \\\n  CMD curl -f localhost/h\n"},
    "HEALTHCHECK beside a Deployment without": {
        "Dockerfile": 'FROM x\nHEALTHCHECK CMD ["/health"]\n',
        "k8s/d.yaml": deployment(),
    },
}
FAIL: dict[str, dict[str, str]] = {
    "nothing": {"README.md": "readinessProbe and livenessProbe are planned.\n"},
    "no probe": {"k8s/d.yaml": deployment()},
    "in comments only": {"k8s/d.yaml": deployment("# " + READY, "# " + LIVE)},
    "in comments of a template": chart("# " + READY + "\n# " + LIVE, "image: x\n"),
    "switched off by default": chart(
        "{{- if .Values.probes.enabled }}\n" + READY + "\n" + LIVE + "\n{{- end }}",
        "probes: {enabled: false}\n",
    ),
    "values that are empty": chart(
        "{{- with .Values.live }}\nlivenessProbe:\n  {{- toYaml . | nindent 12 }}\n{{- end }}", "live: {}\n"
    ),
    "values that no template uses": chart(
        "args: [x]",
        "livenessProbe: {httpGet: {path: /, port: 1}}\nreadinessProbe: {httpGet: {path: /, port: 1}}\n",
    ),
    "empty probes": {"k8s/d.yaml": deployment("readinessProbe: {}", "livenessProbe: {}")},
    "commands that are always healthy": {
        "k8s/d.yaml": deployment(
            "readinessProbe: {exec: {command: ['true']}}", "livenessProbe: {exec: {command: [echo, ok]}}"
        )
    },
    "a database's Deployment": {"k8s/d.yaml": deployment(READY, LIVE, name="postgres", image="postgres:16")},
    "an init container's": {
        "k8s/d.yaml": deployment().replace("containers:", "initContainers:") + " " * 10 + READY + "\n"
    },
    "compose: a database's": {"docker-compose.yml": compose("NONE")},
    "compose: true": {"docker-compose.yml": compose('["CMD", "true"]')},
    "compose: || true": {"docker-compose.yml": compose("curl -f localhost/health || true")},
    "compose: switched off": {
        "docker-compose.yml": compose("curl x").replace("test: curl", "disable: true # ")
    },
    "compose: an image that everybody uses": {
        "docker-compose.yml": compose("curl -f localhost", build="image: nginx:alpine", name="proxy")
    },
    "compose for tests": {"tests/docker-compose.yml": compose("curl -f localhost/health")},
    "an example": {"examples/k8s/d.yaml": deployment(READY, LIVE)},
    "HEALTHCHECK NONE": {"Dockerfile": "FROM x\nHEALTHCHECK NONE\n"},
    "HEALTHCHECK true": {"Dockerfile": "FROM x\nHEALTHCHECK CMD exit 0\n"},
    "HEALTHCHECK of an earlier stage": {"Dockerfile": "FROM x\nHEALTHCHECK CMD curl x\nFROM y\n"},
    "HEALTHCHECK in a comment": {"Dockerfile": "FROM x\n# HEALTHCHECK CMD curl x\n"},
    "a commented-out target group": {
        "lb.tf": '# resource "aws_lb_target_group" "m" {\n#  health_check { path = "/h" }\n# }\n'
    },
    "a health check of DNS": {"dns.tf": 'resource "aws_route53_health_check" "x" {\n  fqdn = "x"\n}\n'},
    "a target group's, switched off": {
        "lb.tf": 'resource "aws_lb_target_group" "m" {\n health_check {\n  enabled = false\n  path = "/h"\n }\n}\n'
    },
    "nais without paths": {".nais/app.yaml": text(NAIS)},
    "a chaos experiment's probe": {
        "chaos.yaml": "kind: ChaosEngine\napiVersion: litmuschaos.io/v1alpha1\nspec:\n  probes:\n"
        "    - {type: Liveness, httpGet: {path: /}}\n"
    },
    "a broken file": {"k8s/d.yaml": "a: [\n"},
    "a custom resource's definition": {
        "crd.yaml": "kind: CustomResourceDefinition\napiVersion: x/v1\nspec:\n  properties:\n"
        "    livenessProbe: {httpGet: {path: /}}\n    readinessProbe: {httpGet: {path: /}}\n"
    },
}
FAIL |= {
    "an emulator in compose": {
        "compose.yaml": compose("echo > /dev/tcp/localhost/1", build="image: google/sdk:1", name="bigtable")
    },
    "a path that was never filled in": {
        "k8s/d.yaml": deployment(
            "readinessProbe: {httpGet: {path: /<path>, port: 1}}",
            "livenessProbe: {httpGet: {path: TODO, port: 1}}",
        )
    },
    "Caddy, commented out": {"Caddyfile": ":80 {\n  # health_uri /health\n}\n"},
    "Bicep's parameter": {"infra/app.bicep": "param healthCheckPath string = ''\n"},
}
UNKNOWN: dict[str, dict[str, str]] = {
    "Jsonnet": {"deploy/app.jsonnet": "{ containers: [{ readinessProbe+: {}, livenessProbe: p }] }\n"},
    "Pulumi": {
        "Pulumi.yaml": "name: x\n",
        "index.ts": "const c = { readinessProbe: probe(), livenessProbe: p };\n",
    },
    "a probe that a named template brings": chart(
        'readinessProbe:\n  {{- include "probe" . | nindent 12 }}', "image: x\n"
    ),
    "a condition that defaults do not decide": chart(
        '{{- if eq .Values.mode "web" }}\n' + READY + "\n" + LIVE + "\n{{- end }}", "mode: web\n"
    ),
    "a value without a default": {
        "k8s/d.yaml": deployment(
            "readinessProbe:\n  {{ toYaml .probe }}", "livenessProbe: {{ .live }}", image="{{ .image }}"
        )
    },
}


@pytest.mark.parametrize(
    ("status", "files"),
    [
        pytest.param(status, files, id=f"{status}: {name}")
        for status, cases in (("pass", PASS), ("partial", PARTIAL), ("fail", FAIL), ("unknown", UNKNOWN))
        for name, files in cases.items()
    ],
)
def test_each_case_is_judged_right(tree: Tree, status: str, files: dict[str, str]) -> None:
    result = judge(tree(files))
    assert result.status.value == status, result
    assert result.message.endswith(".")
    assert bool(result.evidence) == (status != "fail")
    assert bool(result.fix) == (status != "pass")
    assert all(e.path in files and e.line for e in result.evidence)


def test_evidence_stands_on_the_probes_own_lines(tree: Tree) -> None:
    result = judge(tree({"k8s/d.yaml": deployment(READY, LIVE)}))
    assert [(e.line, e.note) for e in result.evidence] == [
        (10, "readiness HTTP /ready"),
        (11, "liveness HTTP /live"),
    ]


def test_a_platforms_file_is_cited_by_line_in_toml_too(tree: Tree) -> None:
    (seen,) = judge(tree({"fly.toml": 'app = "x"\n\n[[http_service.checks]]\npath = "/health"\n'})).evidence
    assert (seen.path, seen.line) == ("fly.toml", 3)


def test_liveness_alone_is_enough_for_a_worker(tree: Tree) -> None:
    assert judge(tree({"k8s/d.yaml": deployment(LIVE)}), WORKER).status.value == "pass"
    assert judge(tree({"k8s/d.yaml": deployment(READY)}), WORKER).status.value == "partial"


def test_what_was_not_counted_is_said(tree: Tree) -> None:
    result = judge(
        tree(
            {
                "docker-compose.yml": compose('["CMD", "true"]'),
                "tests/compose.yaml": compose("curl localhost"),
                "examples/d.yaml": deployment(READY, LIVE),
            }
        )
    )
    said = {(n.path, n.why) for n in result.not_counted}
    assert ("docker-compose.yml", "service `payments`: `true` is always healthy.") in said
    assert ("tests/compose.yaml", "service `payments`: is run for tests, not to serve.") in said
    assert ("examples/d.yaml", "Deployment `payments`: stands in `examples/`.") in said
    assert ("docker-compose.yml", "service `db`: is `postgres:16`, not the service.") in said


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({"services/payments/k8s/d.yaml": deployment(READY, LIVE)}, "pass"),
        ({"services/ledger/k8s/d.yaml": deployment(READY, LIVE, name="ledger")}, "fail"),
        ({"deploy/payments.yaml": deployment(READY, LIVE)}, "pass"),
        ({"deploy/all.yaml": deployment(READY, LIVE, name="ledger", image="x/ledger")}, "fail"),
        ({"compose.yaml": compose("curl -f x", build="build: services/payments", name="web")}, "pass"),
        ({"compose.yaml": compose("curl -f x", build="build: services/ledger", name="web")}, "fail"),
    ],
)
def test_a_neighbours_probes_do_not_count(tree: Tree, files: dict[str, str], status: str) -> None:
    assert judge(tree(files), AMONG).status.value == status


def test_the_fix_names_the_file_that_runs_the_service(tree: Tree) -> None:
    fix = judge(tree({"deploy/web.yaml": deployment()})).fix
    assert fix.startswith("Add to Deployment `payments` in `deploy/web.yaml`:")
    assert "readinessProbe" in fix
    half = judge(tree({"deploy/web.yaml": deployment(READY)})).fix
    assert "livenessProbe" in half
    assert "readinessProbe" not in half
    assert "`healthcheck`" in judge(tree({"compose.yaml": "services:\n  payments:\n    build: .\n"})).fix


def test_the_documented_example_passes(tree: Tree) -> None:
    example = dedent(sections(all_checks()["health-probed"])[EXAMPLE])
    path = example.split("\n")[0].removeprefix("# ")
    assert judge(tree({path: example})).status.value == "pass"


@pytest.mark.parametrize(
    ("command", "hollow"),
    [
        (["CMD-SHELL", "curl -f http://localhost/ || exit 1"], False),
        ("pg_isready && curl localhost", False),
        (["/bin/sh", "-c", "test -f /tmp/ready"], False),
        ("true", True),
        (["sh", "-c", "exit 0"], True),
        ("curl localhost || true", True),
        ("curl localhost; exit 0", True),
        (["CMD", "echo", "ok"], True),
        ("sleep 5", True),
        ("", True),
        (None, True),
        (["NONE"], True),
    ],
)
def test_a_command_that_is_always_healthy_is_seen_through(command: object, hollow: bool) -> None:
    assert bool(command_hollow(command)) is hollow


pieces = st.sampled_from(
    [
        "containers:", "  - name: a", "    livenessProbe:", "      httpGet:", "    readinessProbe: {{ x }}",
        "{{- if .Values.a }}", "{{- end }}", "{{- else }}", "{{ with .b }}", "{{ toYaml . | nindent 2 }}",
        "{{- range $k, $v := .Values.c }}", "---", "kind: Deployment", "  x: [", "HEALTHCHECK CMD a", "}",
        "resource \"aws_lb_target_group\" \"a\" {", "health_check {", "{{", "}}", "- op: add", "\u202e", "\t-",
        "services:", "healthcheck: 3", "test: [1, {}]", "{{- define \"x\" }}", "initContainers:",
    ]
)  # fmt: skip
names = st.sampled_from(
    ["chart/templates/a.yaml", "compose.yaml", "Dockerfile", "a.tf", "a.nomad", "fly.toml", "k8s/task.json",
     "values.yaml", "manifest.yml", ".nais/a.yaml", "chart/templates/_a.tpl"]
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(names, st.lists(pieces, max_size=25).map("\n".join), max_size=3))
def test_no_text_makes_it_fall(tree: Tree, files: dict[str, str]) -> None:
    snapshot = tree({"chart/Chart.yaml": "name: a\n", "chart/values.yaml": "a: {b: 1}\nc: [1]\n", **files})
    for workload in workloads(snapshot):
        lines = (snapshot.text(workload.path) or "").count("\n") + 1
        assert all(1 <= p.line <= lines for p in workload.probes)
    assert judge(snapshot).message
