"""What shows that a service can be observed, and what only looks like it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import product
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.checks import observable
from scorecards.facts import Facts
from scorecards.reading.telemetry import telemetry
from scorecards.result import Result

# ruff: noqa: E501
Tree = Callable[[dict[str, str]], Snapshot]
FACTS = Facts(date(2026, 11, 24))
ALONE = Service(Ref("component", "default", "payments"), "service")
AMONG = Service(
    Ref("component", "default", "payments"), "service", "services/payments", neighbours=("services/cart",)
)


def judge(snapshot: Snapshot, service: Service = ALONE) -> Result:
    return observable.evaluate(snapshot, service, FACTS, {})


def gradle(*packages: str) -> str:
    return "dependencies {\n" + "".join(f'  implementation("{p}")\n' for p in packages) + "}\n"


WHOLE = {
    "Python": {
        "pyproject.toml": '[project]\ndependencies = [\n  "prometheus-client>=0.2",\n  "structlog",\n  "opentelemetry-sdk",\n]\n'
    },
    "requirements": {"requirements.txt": "prometheus_client==0.2\nstructlog==24\nopentelemetry-api==1\n"},
    "Node": {
        "package.json": '{"dependencies": {"prom-client": "1", "pino": "9", "@opentelemetry/sdk-node": "1"}}'
    },
    "Go": {
        "go.mod": "module x\nrequire (\n\tgithub.com/prometheus/client_golang v1\n\tgo.uber.org/zap v1\n\tgo.opentelemetry.io/otel v1\n)\n"
    },
    "Maven": {
        "pom.xml": "<dependencies>"
        + "".join(
            f"<dependency><artifactId>{a}</artifactId></dependency>\n"
            for a in (
                "micrometer-registry-prometheus",
                "logstash-logback-encoder",
                "micrometer-tracing-bridge-otel",
            )
        )
        + "</dependencies>"
    },
    "Gradle": {
        "build.gradle.kts": gradle(
            "io.micrometer:micrometer-core",
            "net.logstash.logback:logstash-logback-encoder:7",
            "io.opentelemetry:opentelemetry-api",
        )
    },
    ".NET": {
        "src/App.csproj": '<PackageReference Include="prometheus-net" />\n<PackageReference Include="Serilog.AspNetCore" />\n<PackageReference Include="OpenTelemetry.Extensions.Hosting" />\n'
    },
    "Ruby": {"Gemfile": 'gem "yabeda-prometheus"\ngem "lograge"\ngem "opentelemetry-sdk"\n'},
    "Rust": {
        "Cargo.toml": '[dependencies]\nmetrics-exporter-prometheus = "0.1"\ntracing-subscriber = "0.3"\ntracing-opentelemetry = "0.2"\n'
    },
    "one agent and a formatter": {
        "requirements.txt": "ddtrace\n",
        "app/logging_setup.py": "import json, logging\nclass Lines(logging.Formatter):\n    def format(self, r):\n        return json.dumps({'m': r.msg})\n",
    },
    "Powertools": {"requirements.txt": "aws-lambda-powertools==3\n"},
    "code alone": {
        "main.go": 'package main\nfunc main() {\n\tlog := slog.New(slog.NewJSONHandler(os.Stdout, nil))\n\thttp.Handle("/metrics", promhttp.Handler())\n\ttracer := otel.Tracer("payments")\n}\n'
    },
    "the platform": {
        "deploy/monitor.yaml": "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: payments}\n",
        "deploy/app.yaml": "spec:\n  env:\n    - name: LOG_FORMAT\n      value: json\n    - {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: 'http://otel:4317'}\n",
    },
    "an agent in the image": {
        "Dockerfile": "FROM eclipse-temurin\nCOPY applicationinsights-agent-3.jar /agent.jar\n",
        "src/main/resources/logback-spring.xml": '<encoder class="net.logstash.logback.encoder.LogstashEncoder"/>\n',
    },
    "dashboards and X-Ray": {
        "dash.tf": 'resource "aws_cloudwatch_dashboard" "x" {}\n',
        "template.yaml": "Globals:\n  Function:\n    Tracing: Active\n",
        "requirements.txt": "python-json-logger\n",
    },
}
SOME = {
    "metrics": ({"requirements.txt": "prometheus-client\n"}, ("structured logs", "traces")),
    "scraped by an annotation": (
        {"k8s/app.yaml": 'metadata:\n  annotations:\n    prometheus.io/scrape: "true"\n'},
        ("structured logs", "traces"),
    ),
    "a dashboard": (
        {"grafana/payments.json": '{"panels": [{"targets": [{"expr": "up"}]}]}'},
        ("structured logs", "traces"),
    ),
    "logs": ({"package.json": '{"dependencies": {"winston": "3"}}'}, ("metrics", "traces")),
    "an agent": ({"requirements.txt": "newrelic\n"}, ("structured logs",)),
    "nais": (
        {".nais/app.yaml": "apiVersion: nais.io/v1alpha1\nspec:\n  prometheus:\n    enabled: true\n"},
        ("structured logs", "traces"),
    ),
}
ABSENT = {
    "nothing": {"README.md": "# Payments\n"},
    "commented out": {"requirements.txt": "# prometheus-client\n#structlog\nflask\n"},
    "for development": {
        "pyproject.toml": '[project]\ndependencies = ["flask"]\n[dependency-groups]\ndev = [\n  "structlog",\n  "opentelemetry-sdk",\n]\n',
        "requirements-dev.txt": "prometheus-client\n",
        "package.json": '{"devDependencies": {"pino": "9", "prom-client": "1"}, "dependencies": {"@types/pino": "1"}}',
        "Gemfile": 'group :development, :test do\n  gem "lograge"\nend\n',
    },
    "for tests": {
        "build.gradle": 'dependencies {\n  testImplementation "io.micrometer:micrometer-core"\n}\n',
        "pom.xml": "<dependency><artifactId>micrometer-core</artifactId><scope>test</scope></dependency>\n",
    },
    "needed by others only": {
        "go.mod": "module x\nrequire github.com/prometheus/client_golang v1 // indirect\n"
    },
    "another package of a like name": {"package.json": '{"dependencies": {"pinot": "1", "statsdx": "1"}}'},
    "scraping switched off": {
        "k8s/app.yaml": 'metadata:\n  annotations:\n    prometheus.io/scrape: "false"\n'
    },
    "scraping commented out": {
        "k8s/app.yaml": 'metadata:\n  annotations:\n    # prometheus.io/scrape: "true"\n'
    },
    "scraping of Prometheus itself": {"prometheus.yml": "scrape_configs:\n  - job_name: prometheus\n"},
    "commented code": {"main.go": "package main\n// promhttp.Handler()\n// slog.NewJSONHandler\n"},
    "commented settings": {"logback.xml": "<!-- <encoder class='LogstashEncoder'/> -->\n"},
    "in prose": {"docs/metrics.md": "We use prometheus-client, structlog and OpenTelemetry.\n"},
    "in examples": {"examples/requirements.txt": "prometheus-client\nstructlog\nopentelemetry-sdk\n"},
    "a dashboard that asks nothing": {"grafana/x.json": '{"panels": []}'},
}


@pytest.mark.parametrize("files", WHOLE.values(), ids=WHOLE.keys())
def test_all_three_signals_pass(tree: Tree, files: dict[str, str]) -> None:
    result = judge(tree(files))
    assert result.status == "pass", result
    assert {e.note.partition(":")[0] for e in result.evidence} == {"metrics", "structured logs", "traces"}
    assert {e.path for e in result.evidence} <= set(files)


@pytest.mark.parametrize(("files", "lacks"), SOME.values(), ids=SOME.keys())
def test_one_or_two_of_three_are_weak_and_the_rest_is_named(
    tree: Tree, files: dict[str, str], lacks: tuple[str, ...]
) -> None:
    result = judge(tree(files))
    assert result.status == "partial", result
    assert result.message.endswith("but " + " and ".join(f"no {each}" for each in lacks) + ".")
    assert all(f"for {each}" in result.fix for each in lacks)


@pytest.mark.parametrize("files", ABSENT.values(), ids=ABSENT.keys())
def test_what_only_looks_like_it_fails(tree: Tree, files: dict[str, str]) -> None:
    result = judge(tree(files))
    assert result.status == "fail", result
    assert "payments" in result.fix


def test_a_neighbours_signals_do_not_count(tree: Tree) -> None:
    theirs = {f"services/cart/{p}": t for p, t in WHOLE["requirements"].items()}
    assert judge(tree(theirs | {"services/payments/main.py": ""}), AMONG).status == "fail"
    ours = {f"services/payments/{p}": t for p, t in WHOLE["requirements"].items()}
    assert judge(tree(ours), AMONG).status == "pass"


def test_a_manifest_at_the_root_covers_the_services_below_it(tree: Tree) -> None:
    assert judge(tree(WHOLE["requirements"] | {"services/payments/main.py": ""}), AMONG).status == "pass"


def test_a_shared_manifest_counts_for_the_service_that_it_names(tree: Tree) -> None:
    monitor = "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: NAME}\n"
    named = {"deploy/monitor.yaml": monitor.replace("NAME", "payments"), "services/payments/main.py": ""}
    assert judge(tree(named), AMONG).status == "partial"
    other = {"deploy/monitor.yaml": monitor.replace("NAME", "cart"), "services/payments/main.py": ""}
    assert judge(tree(other), AMONG).status == "fail"


def test_the_fix_names_the_manifest_and_the_usual_library(tree: Tree) -> None:
    assert "`go.mod` `github.com/prometheus/client_golang`" in judge(tree({"go.mod": "module x\n"})).fix
    assert (
        "`services/payments/package.json`" in judge(tree({"services/payments/package.json": "{}"}), AMONG).fix
    )
    only = judge(tree({"requirements.txt": "structlog\nopentelemetry-sdk\n"})).fix
    assert "prometheus-client" in only
    assert "structlog" not in only


def test_a_service_in_a_folder_of_examples_counts_its_own(tree: Tree) -> None:
    inside = replace(AMONG, path="examples/payments", neighbours=())
    files = {f"examples/payments/{p}": t for p, t in WHOLE["requirements"].items()}
    assert judge(tree(files), inside).status == "pass"


_LONG = 60_000
_BOMBS = (
    "\n",
    "-javaagent:",
    "<!--",
    '"pino" ',
    "  prometheus:\n",
    "dev = [\n",
    "prometheus.io/scrape: ",
    "group :x do\n",
    "tracing_config {",
)


@pytest.mark.parametrize(
    ("path", "bomb"), list(product(("app.yaml", "pyproject.toml", "logging.xml", "Gemfile", "x.tf"), _BOMBS))
)
def test_no_repetition_takes_long(tree: Tree, path: str, bomb: str) -> None:
    text = "dev = [\nLOG_FORMAT scrape_configs nais.io/ agent dashboard LogstashEncoder racing\n" + bomb * (
        _LONG // len(bomb) * 4
    )
    snapshot = tree({path: text})
    begun = process_time()
    telemetry(snapshot)
    assert process_time() - begun < 3


_PATHS = st.sampled_from(
    [
        "requirements.txt",
        "package.json",
        "go.mod",
        "pom.xml",
        "Gemfile",
        "app.yaml",
        "logging.py",
        "a.tf",
        "grafana/x.json",
    ]
)
_PIECES = st.sampled_from(
    [
        *"{}[]:-\n\"'*>()<#/ ",
        "pino",
        "dependencies",
        "prometheus_client",
        "io/scrape: true",
        "scrape_configs",
        "kind: ServiceMonitor",
        "<!--",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=_PATHS, text=st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=60).map("".join)))
def test_arbitrary_content_never_raises(tree: Tree, path: str, text: str) -> None:
    encoded = text.encode("utf-8", "replace").decode()
    assert judge(tree({path: encoded})).status in ("pass", "partial", "fail")
