"""How the service is run: scrape configuration, agents, exporters, and dashboards as code."""

import re
from collections.abc import Iterator

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.paths import paths
from scorecards.reading.signal import BOTH, LOGS, METRICS, TRACES, Kind, Signal, made

_ON = r"(?:\{ ?enabled: ?true|\n {1,40}enabled: ?true)"
_LINE = r"^[^#\n]{0,400}"
"""What may stand before the mark on its line: no comment."""
_RULES: tuple[tuple[str, tuple[Kind, ...], str, str], ...] = (
    (
        "io/scrape",
        METRICS,
        "Prometheus scrapes it",
        _LINE + r"prometheus\.io/scrape[\"']?[ \t]{0,20}[:=][ \t]{0,20}[\"']?true",
    ),
    (
        "Monitor",
        METRICS,
        "Prometheus scrapes it",
        r"^[ \t]{0,80}kind:[ \t]{0,20}[\"']?(?:ServiceMonitor|PodMonitor\b)",
    ),
    (
        "PodMonitoring",
        METRICS,
        "Google's Prometheus scrapes it",
        r"^[ \t]{0,80}kind:[ \t]{0,20}PodMonitoring",
    ),
    ("Scrape", METRICS, "VictoriaMetrics scrapes it", r"^[ \t]{0,80}kind:[ \t]{0,20}VM(?:Service|Pod)Scrape"),
    (
        "scrape_configs",
        METRICS,
        "Prometheus scrapes it",
        r"^[ \t]{0,80}-[ \t]{0,20}job_name:[ \t]{0,20}[\"']?"
        r"(?!prometheus\b|node|cadvisor|alertmanager|grafana)[\w{]",
    ),
    ("nais.io/", METRICS, "nais scrapes it", r"^  prometheus:[ \t]{0,20}" + _ON),
    ("autoInstrumentation", BOTH, "nais instruments it", r"autoInstrumentation:[ \t]{0,20}" + _ON),
    (
        "OTEL_",
        TRACES,
        "OpenTelemetry exports",
        _LINE + r"\bOTEL_EXPORTER_(?:OTLP|JAEGER|ZIPKIN)_\w*ENDPOINT\b",
    ),
    (
        "opentelemetry",
        BOTH,
        "OpenTelemetry instruments it",
        _LINE + r"(?:instrumentation\.opentelemetry\.io/inject-|-javaagent:\S{0,200}opentelemetry"
        r"|\bopentelemetry-instrument\b)",
    ),
    (
        "datadoghq",
        BOTH,
        "Datadog instruments it",
        _LINE + r"admission\.datadoghq\.com/(?:enabled[\"']?:[ \t]{0,20}[\"']?true|\w+-lib)",
    ),
    (
        "agent",
        BOTH,
        "an agent instruments it",
        _LINE + r"(?:dd-java-agent|applicationinsights-agent|elastic-apm-agent|newrelic)[\w.*-]{0,60}\.jar",
    ),
    ("ddtrace-run", BOTH, "Datadog instruments it", _LINE + r"\bddtrace-run\b"),
    ("newrelic", BOTH, "New Relic instruments it", _LINE + r"\bnewrelic-admin run-program\b"),
    (
        "racing",
        TRACES,
        "X-Ray traces it",
        r"^[ \t]{0,80}Tracing(?:Enabled)?:[ \t]{0,20}[\"']?(?:Active|true)"
        r"|^  tracing:[ \t]{0,20}\n {1,40}(?:lambda|apiGateway):[ \t]{0,20}true",
    ),
    (
        "LOG_FORMAT",
        LOGS,
        "logs are JSON",
        _LINE + r"\bLOG_FORMAT(?:[\"']?[ \t]{0,20}[:=][ \t]{0,20}|[ \t]{0,20}\n[ \t]{0,80}value:[ \t]{0,20})"
        r"[\"']?(?:json|JSON)\b",
    ),
    ("log-format", LOGS, "logs are JSON", _LINE + r"--log-format[= ](?:json|JSON)\b"),
    (
        "structured",
        LOGS,
        "logs are structured",
        _LINE + r"logging\.structured\.format\.\w+[ \t]{0,20}[:=][ \t]{0,20}\w",
    ),
    (
        "Dashboard",
        METRICS,
        "a dashboard shows it",
        r"^[ \t]{0,80}(?:kind:[ \t]{0,20}GrafanaDashboard|Type:[ \t]{0,20}[\"']?AWS::CloudWatch::Dashboard)",
    ),
)
_MARKS = tuple((mark, kinds, how, regex(p, re.MULTILINE)) for mark, kinds, how, p in _RULES)
_ENDINGS = ("yaml", "yml", "tpl", "toml", "properties", "env", "dockerfile")
_TERRAFORM = regex(
    r"^resource[ \t]{1,20}\"(aws_cloudwatch_dashboard|google_monitoring_dashboard|datadog_dashboard(?:_json)?"
    r"|grafana_dashboard|newrelic_one_dashboard(?:_json)?|azurerm_portal_dashboard|dynatrace_json_dashboard)\"",
    re.MULTILINE,
)
_XRAY = regex(
    r"^[ \t]{0,80}tracing_config[ \t]{0,20}\{[^}]{0,300}mode[ \t]{0,20}=[ \t]{0,20}\"Active\""
    r"|^[ \t]{0,80}tracing_mode[ \t]{0,20}=[ \t]{0,20}\"Active\"",
    re.MULTILINE,
)
_IN_TERRAFORM = ((_TERRAFORM, METRICS, "a dashboard shows it"), (_XRAY, TRACES, "X-Ray traces it"))
_QUERIES = regex(r"\"(?:expr|query|metricName|rawSql|target)\"\s*:\s*\"[^\"]")
_MAX = 300_000


def find(snapshot: Snapshot) -> Iterator[Signal]:
    """What manifests, container files, Terraform and dashboards show."""
    known = paths(snapshot)
    files = (*known.ending(*_ENDINGS), *known.named("dockerfile", "containerfile", "procfile"))
    texts = [
        (p, t) for p in files if not p.startswith(".github/") and (t := snapshot.text(p)) and len(t) < _MAX
    ]
    together = "\n".join([t for _, t in texts])  # asked once for all files
    marks = [m for m in _MARKS if m[0] in together]
    for path, text in texts if marks else ():
        for mark, kinds, how, pattern in marks:
            found = pattern.search(text) if mark in text else None
            if found:
                line = text.count("\n", 0, found.end()) + 1
                yield from made(kinds, how, path, line, about=text, code=False)
    for path in known.ending("tf"):
        text = snapshot.text(path) or ""
        for pattern, kind, how in _IN_TERRAFORM:
            found = pattern.search(text) if "dashboard" in text or "racing" in text else None
            if found:
                line = text.count("\n", 0, found.start()) + 1
                yield from made(kind, how, path, line, about=text, code=False)
    yield from _dashboards(snapshot)


def _dashboards(snapshot: Snapshot) -> Iterator[Signal]:
    """Grafana's dashboards: panels that ask something."""
    for path in paths(snapshot).ending("json"):
        low = path.lower()
        if "dashboard" in low or "grafana" in low:
            text = snapshot.text(path) or ""
            if '"panels"' in text and _QUERIES.search(text):
                yield from made(METRICS, "a dashboard shows it", path, 1, about=text, code=False)
