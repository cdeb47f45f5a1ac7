"""Instrumentation among the packages that a service depends on; packages for development do not count."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice

from catalog.document import Map, dig
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.paths import paths
from scorecards.reading.signal import BOTH, KINDS, LOGS, METRICS, TRACES, Kind, Signal, made

_PACKAGES: dict[tuple[Kind, ...], str] = {
    METRICS: (
        "prometheus_client prometheus-client prom-client prometheus-flask-exporter prometheus_flask_exporter"
        " prometheus-fastapi-instrumentator starlette-prometheus starlette-exporter django-prometheus"
        " prometheus-net promphp/prometheus_client_php prometheus_exporter yabeda prometheus/client_golang"
        " micrometer-registry micrometer-core spring-boot-starter-actuator quarkus-micrometer"
        " quarkus-smallrye-metrics statsd hot-shots armon/go-metrics metrics-exporter-prometheus prom_ex"
        " telemetry_metrics aws-embedded-metrics express-prom-bundle express-prometheus-middleware"
        " fastify-metrics nestjs-prometheus kamon-prometheus axum-prometheus actix-web-prom prometheus-cpp"
        " simpleclient_hotspot opentelemetry-exporter-prometheus otel/sdk/metric @opentelemetry/sdk-metrics"
        " opentelemetry.instrumentation.runtime victoriametrics/metrics koa-prometheus django-statsd"
        " metrics-core @aws-lambda-powertools/metrics swagger-stats prometheus-api-metrics"
    ),
    TRACES: (
        "opentelemetry go.opentelemetry.io/otel jaeger-client jaegertracing zipkin brave-instrumentation"
        " spring-cloud-starter-sleuth spring-cloud-sleuth micrometer-tracing opentracing aws-xray-sdk"
        " aws-xray-recorder opencensus honeycomb-beeline @google-cloud/trace-agent"
        " @aws-lambda-powertools/tracer quarkus-opentelemetry tracing-opentelemetry open-telemetry"
        " axum-tracing-opentelemetry actix-web-opentelemetry"
    ),
    BOTH: (
        "ddtrace dd-trace newrelic newrelic_rpm elastic-apm elasticapm apm-agent-attach applicationinsights"
        " azure-monitor-opentelemetry azure.monitor.opentelemetry @azure/monitor-opentelemetry appsignal"
        " scout_apm instana @dynatrace/oneagent dynatrace-oneagent"
        " opentelemetry-javaagent opentelemetry-spring-boot-starter logfire"
    ),
    LOGS: (
        "structlog python-json-logger json-logging ecs-logging loguru pino bunyan winston go.uber.org/zap"
        " rs/zerolog sirupsen/logrus phuslu/log logstash-logback-encoder logback-json-classic"
        " log4j-layout-template-json log4j2-ecs-layout logback-ecs-encoder serilog lograge semantic_logger"
        " rails_semantic_logger ougai tracing-subscriber logger_json quarkus-logging-json"
        " google-cloud-logging @google-cloud/logging @aws-lambda-powertools/logger go-logr/zapr logback-gelf"
        " django-structlog go-kit/log hashicorp/go-hclog go-logr slog-json slog-mozlog-json nestjs-pino"
        " koa-pino-logger express-pino-logger @opentelemetry/sdk-logs otel/sdk/log otelzap otelslog"
    ),
    KINDS: "aws-lambda-powertools aws_lambda_powertools powertools-lambda @elastic/opentelemetry-node",
}
_SIGNALS = {name: kinds for kinds, names in _PACKAGES.items() for name in names.split()}
_STEMS = (
    *(
        "prom",
        "telemetry",
        "metric",
        "micrometer",
        "statsd",
        "actuator",
        "yabeda",
        "shots",
        "kamon",
        "swagger-stats",
    ),
    *(
        "otel",
        "jaeger",
        "zipkin",
        "brave",
        "sleuth",
        "tracing",
        "xray",
        "opencensus",
        "honeycomb",
        "trace",
        "simpleclient",
    ),
    *(
        "newrelic",
        "apm",
        "insights",
        "azure-monitor",
        "appsignal",
        "instana",
        "oneagent",
        "logfire",
        "log",
        "pino",
    ),
    *("winston", "bunyan", "zap", "ougai", "tracing-sub", "powertools"),
)
"""One of these stands in every name above: most manifests are done with after that."""
_NAME = regex(
    r"(?<![\w@/.-])(?:[\w@.-]+[/:]){0,4}@?("
    + "|".join(sorted(map(re.escape, _SIGNALS), key=len, reverse=True))
    + r")(?![a-zA-Z])",
    re.IGNORECASE,
)
_MANIFESTS = (
    *(
        "pyproject.toml",
        "setup.py",
        "setup.cfg",
        "pipfile",
        "package.json",
        "go.mod",
        "pom.xml",
        "build.gradle",
    ),
    *(
        "build.gradle.kts",
        "libs.versions.toml",
        "gemfile",
        "composer.json",
        "cargo.toml",
        "mix.exs",
        "build.sbt",
    ),
    *(
        "directory.packages.props",
        "environment.yml",
        "conanfile.txt",
        "deps.edn",
        "project.clj",
        "package.swift",
    ),
)
_TESTING = regex(r"dev|test|lint|docs|ci\b", re.IGNORECASE)
_SECTION = regex(r"^\[+([^\]\n]{1,120})\]+|^([\w-]{1,60})[ \t]{0,20}=[ \t]{0,20}\[", re.MULTILINE)
_GEM_GROUP = regex(r"^group[ \t]+([^\n]{1,100})\bdo\b|^end\b", re.MULTILINE)
_COMMENT = ("#", "//", "<!--", ";", "*", "--")
_MAX = 300_000
_MAX_NAMES = 2_000


def find(snapshot: Snapshot) -> Iterator[Signal]:
    """The packages of every manifest that make a signal."""
    known = paths(snapshot)
    for path in known.named(*_MANIFESTS):
        yield from _manifest(snapshot, path)
    for path in known.ending("txt", "in"):
        name = path.rpartition("/")[2].lower()
        if "requirements" in path.lower() and not _TESTING.search(name):
            yield from _manifest(snapshot, path)
    for path in known.ending("csproj", "fsproj", "gradle", "kts"):
        if path.rpartition("/")[2].lower() not in _MANIFESTS:
            yield from _manifest(snapshot, path)


def _manifest(snapshot: Snapshot, path: str) -> Iterator[Signal]:
    text = snapshot.text(path)
    if not text or len(text) > _MAX or not _may(text.lower()):
        return
    if path.endswith(".json"):
        yield from _json(snapshot, path)
        return
    seen = set()
    marks = _development(path.lower(), text)
    for found in islice(_NAME.finditer(text), _MAX_NAMES):
        name = found[1].lower()
        if name in seen or (marks and marks[bisect_right(marks, (found.start(), True)) - 1][1]):
            continue
        start = text.rfind("\n", 0, found.start()) + 1
        end = text.find("\n", found.end())
        line = text[start : end if end >= 0 else len(text)]
        if line.lstrip().startswith(_COMMENT) or _for_tests(path.lower(), text, found.start(), line):
            continue
        seen.add(name)
        number = text.count("\n", 0, start) + 1
        yield from made(_SIGNALS[name], f"the package `{found[0]}`", path, number)


def _may(text: str) -> bool:
    for stem in _STEMS:  # noqa: SIM110 - a generator for each file costs more than the search
        if stem in text:
            return True
    return False


def _json(snapshot: Snapshot, path: str) -> Iterator[Signal]:
    documents = snapshot.parsed(path).documents
    for key in ("dependencies", "optionalDependencies", "require"):
        held = dig(documents[0].data, key) if documents else None
        for name in held if isinstance(held, Map) else ():
            found = None if name.startswith("@types/") else _NAME.match(name)
            if found:
                line = held.lines.get(name, 1) if isinstance(held, Map) else 1
                yield from made(_SIGNALS[found[1].lower()], f"the package `{name}`", path, line)


def _development(path: str, text: str) -> list[tuple[int, bool]]:
    """Where parts of a manifest begin, and whether each is for development only."""
    if path.endswith("gemfile"):
        events = [(0, False)]
        for found in _GEM_GROUP.finditer(text):
            events.append((found.start(), bool(found[1]) and ":production" not in found[1]))
        return events
    if path.endswith((".toml", "pipfile", ".cfg")):
        named = ((m.start(), m[1] or m[2]) for m in _SECTION.finditer(text))
        return [(0, False), *((start, _TESTING.search(name) is not None) for start, name in named)]
    return []


def _for_tests(path: str, text: str, position: int, line: str) -> bool:
    """Whether one package is marked as being there for development only."""
    if path.endswith("go.mod"):
        return "// indirect" in line
    if path.endswith("pom.xml"):
        end = text.find("</dependency>", position, position + 1000)
        return "<scope>test</scope>" in text[position : end if end >= 0 else position]
    if path.endswith((".gradle", ".kts")):
        return line.lstrip().startswith(("test", "androidTest", "integrationTest"))
    return path.endswith("gemfile") and "group: :test" in line
