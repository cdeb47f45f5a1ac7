"""What the service does can be seen from outside: by metrics, structured logs and traces.

## What it looks for

Three signals. Metrics: a metrics library among the dependencies, code that makes them, a scrape
configuration (ServiceMonitor, PodMonitor, annotations, a job of Prometheus), or a dashboard as code.
Structured logs: a library or a formatter that writes fields rather than sentences. Traces: OpenTelemetry, an
agent of a monitoring vendor, X-Ray. With one or two of the three it is weak. Packages for development and
comments do not count.

## Why it matters

A failure that nobody foresaw is understood by asking new questions of what the service reports. Metrics tell
that something is wrong, traces where, logs why; without one of them the night is spent guessing.

## How to fix it

Add the missing signal with the usual library of the language. OpenTelemetry gives traces and metrics at once.

## Example

    # pyproject.toml
    [project]
    name = "payments"
    dependencies = [
        "opentelemetry-sdk>=1.30",
        "prometheus-client>=0.21",
        "structlog>=24.4",
    ]

## Known limits

Code is read only in files whose names speak of logs, metrics or traces, and where programs usually begin.
Whether the signals arrive anywhere is not asked. What a platform adds by itself (a service mesh, an agent on
every node) is not seen.
"""

import posixpath

from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.concerns import in_path, mentions, why_not
from scorecards.reading.scope import is_own
from scorecards.reading.signal import KINDS, Kind, Signal
from scorecards.reading.telemetry import telemetry
from scorecards.result import Evidence, NotCounted, Result, Status

STAGE = 3
REQUIRED = True
EFFORT = 3
EXCEPT: tuple[str, ...] = ("library", "infrastructure-module", "tool", "documentation")

_TESTS = ("test/", "tests/", "e2e/", "spec/")
_CALLED = {"metrics": "metrics", "logs": "structured logs", "traces": "traces"}
_ABOUT = frozenset(
    ["dashboard", "dashboards", "servicemonitor", "podmonitor", "monitor", "json", "yaml", "yml"]
)


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """Which of the three signals the service shows."""
    seen: dict[Kind, list[Signal]] = {}
    skipped: list[NotCounted] = []
    for signal in telemetry(snapshot):
        why = _why_not(signal, service)
        if why is None:
            seen.setdefault(signal.kind, []).append(signal)
        elif len(skipped) < 20:
            skipped.append(NotCounted(signal.path, f"{signal.how}, but {why}", signal.line))
    evidence = tuple(
        Evidence(s.path, s.line, f"{_CALLED[s.kind]}: {s.how}") for k in KINDS for s in seen.get(k, ())[:3]
    )
    has = [_CALLED[k] for k in KINDS if k in seen]
    lacks = [k for k in KINDS if k not in seen]
    if not lacks:
        return Result(Status.PASS, "Metrics, structured logs and traces are there.", evidence, tuple(skipped))
    missing = " and ".join(f"no {_CALLED[k]}" for k in lacks)
    fix = _fix(snapshot, service, lacks)
    if not has:
        message = "Nothing shows that the service reports metrics, structured logs or traces."
        return Result(Status.FAIL, message, (), tuple(skipped), fix)
    message = f"{' and '.join(has).capitalize()} are there, but {missing}."
    return Result(Status.PARTIAL, message, evidence, tuple(skipped), fix)


def _why_not(signal: Signal, service: Service) -> str | None:
    why = why_not(signal.path, service)
    if why is not None:
        return why
    within = signal.path.removeprefix(f"{service.path}/") if service.path else signal.path
    if within.startswith(_TESTS) or any(f"/{t}" in within for t in _TESTS):
        return "stands among tests"
    if service.alone or (service.path and is_own(signal.path, service)):
        return None
    if signal.code:
        folder = posixpath.dirname(signal.path)
        covers = not folder or service.path == folder or service.path.startswith(f"{folder}/")
        return None if covers else "is shared code that need not be the service's"
    if mentions(signal.about, service) or in_path(signal.path, service, _ABOUT):
        return None
    return "does not name the service"


_LIBRARIES: dict[str, dict[Kind, str]] = {
    "Python": {"metrics": "prometheus-client", "logs": "structlog", "traces": "opentelemetry-sdk"},
    "JavaScript": {"metrics": "prom-client", "logs": "pino", "traces": "@opentelemetry/sdk-node"},
    "Go": {
        "metrics": "github.com/prometheus/client_golang",
        "logs": "go.uber.org/zap",
        "traces": "go.opentelemetry.io/otel",
    },
    "Java": {
        "metrics": "micrometer-registry-prometheus",
        "logs": "logstash-logback-encoder",
        "traces": "micrometer-tracing-bridge-otel",
    },
    "Ruby": {"metrics": "yabeda-prometheus", "logs": "lograge", "traces": "opentelemetry-sdk"},
    "Rust": {
        "metrics": "metrics-exporter-prometheus",
        "logs": "tracing-subscriber",
        "traces": "tracing-opentelemetry",
    },
    "PHP": {
        "metrics": "promphp/prometheus_client_php",
        "logs": "monolog/monolog",
        "traces": "open-telemetry/sdk",
    },
}
_OTHER: dict[Kind, str] = {
    "metrics": "a Prometheus client",
    "logs": "a logger that writes JSON",
    "traces": "OpenTelemetry's SDK",
}
_MANIFESTS = {
    "pyproject.toml": "Python",
    "requirements.txt": "Python",
    "setup.py": "Python",
    "package.json": "JavaScript",
    "go.mod": "Go",
    "pom.xml": "Java",
    "build.gradle": "Java",
    "build.gradle.kts": "Java",
    "Gemfile": "Ruby",
    "Cargo.toml": "Rust",
    "composer.json": "PHP",
}


def _fix(snapshot: Snapshot, service: Service, lacks: list[Kind]) -> str:
    """The library for each signal that lacks, in the manifest that the service has."""
    for name, language in _MANIFESTS.items():
        path = service.file(name) if service.file(name) in snapshot else name
        if path in snapshot:
            names = _LIBRARIES[language]
            adds = "; ".join(f"`{names[k]}` for {_CALLED[k]}" for k in lacks)
            return f"Add to `{path}` {adds}, and switch it on where {service.name} starts."
    adds = "; ".join(f"{_OTHER[k]} for {_CALLED[k]}" for k in lacks)
    return f"Add to {service.name} {adds}."
