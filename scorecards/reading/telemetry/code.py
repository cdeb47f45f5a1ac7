"""Instrumentation in code and in the settings of logging, in files whose names speak of it."""

import re
from collections.abc import Iterator

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.paths import paths
from scorecards.reading.signal import LOGS, METRICS, TRACES, Kind, Signal, made

_ENDINGS = (
    "py",
    "go",
    "ts",
    "js",
    "mjs",
    "java",
    "kt",
    "cs",
    "rb",
    "rs",
    "php",
    "ex",
    "exs",
    "scala",
    "xml",
    "config",
)
_NAMED = ("log", "metric", "telemetr", "trac", "observ", "instrument", "monitor", "otel", "apm")
_STARTS = frozenset(
    [
        *("main.py", "app.py", "main.go", "server.go", "program.cs", "startup.cs", "settings.py", "main.rs"),
        *("index.js", "server.js", "app.js", "app.ts", "server.ts", "index.ts", "main.ts", "extensions.cs"),
        *("application.yml", "application.yaml", "application.properties", "appsettings.json"),
        *("production.rb", "log4j2.xml"),
    ]
)
_ORDERED = tuple(sorted(_STARTS))
_SHOWS: tuple[tuple[tuple[Kind, ...], re.Pattern[str], str], ...] = (
    (
        METRICS,
        regex(
            r"promhttp\.Handler|promauto\.New|prometheus\.MustRegister|from prometheus_client import"
            r"|\bMeterRegistry\b|\.AddMeter\(|\.WithMetrics\(|UseHttpMetrics\(|UseAzureMonitor\(|get_meter\("
            r"|otel\.Meter\(|collectDefaultMetrics\(|put_metric_data\(|\bPutMetricData\b"
            r"|new client\.(?:Counter|Histogram|Gauge)\("
        ),
        "metrics are made",
    ),
    (
        TRACES,
        regex(
            r"\.WithTracing\(|\.AddOpenTelemetry\w*\(|\bTracerProvider\b|get_tracer\(|otel\.Tracer\("
            r"|new NodeSDK\(|tracing_opentelemetry|management\.otlp\.tracing|trace\.SpanFromContext"
            r"|new ActivitySource\("
        ),
        "traces are made",
    ),
    (
        LOGS,
        regex(
            r"slog\.NewJSONHandler|zap\.NewProduction|log/zap\"|zerolog\.New|\bJSONFormatter\b|\bJsonFormatter\b"
            r"|JsonConsole\b|winston\.createLogger|\bpino\(|LogstashEncoder|EcsEncoder|JsonTemplateLayout"
            r"|JsonLayout|JsonEncoder\b|logging\.structured\.format|structlog\.(?:get_logger|configure)"
            r"|quarkus\.log\.console\.json|fmt\(\)\s{0,80}\.json\(|semantic_logger|lograge\.enabled"
            r"|[Ll]ogging\.AddOpenTelemetry\(|OTLPLogExporter|\bLoggerProvider\("
        ),
        "logs are structured",
    ),
)
_OWN_JSON = regex(r"\(logging\.Formatter\)|\(Formatter\)")
_TESTS = regex(
    r"(?:^|/)(?:tests?|spec|e2e|docs?|migrations?)/|[._-](?:test|spec)s?\.|(?:^|/)test_", re.IGNORECASE
)
_COMMENTS = regex(r"^[ \t]{0,200}(?:#|//|--|\*)[^\n]*$", re.MULTILINE)
_MAX_FILES = 40
_MAX = 200_000


def find(snapshot: Snapshot) -> Iterator[Signal]:
    """What each such file shows, comments left out."""
    read = 0
    for path in _candidates(snapshot):
        text = snapshot.text(path)
        if not text or len(text) > _MAX:
            continue
        read += 1
        if read > _MAX_FILES:
            return
        yield from _shown(path, text)


def _candidates(snapshot: Snapshot) -> Iterator[str]:
    known = paths(snapshot)
    for path in known.named(*_ORDERED):
        if not _TESTS.search(path):
            yield path
    held = list(known.ending(*_ENDINGS))
    together = "\n".join(held).lower()  # asked once for all paths
    words = [word for word in _NAMED if word in together]
    for path in held if words else ():
        name = path[path.rfind("/", 0, max(path.rfind("/"), 0)) + 1 :].lower()  # the file and its folder
        named = any(word in name for word in words) and not _TESTS.search(path)
        if named and path[path.rfind("/") + 1 :].lower() not in _STARTS:
            yield path


def _shown(path: str, text: str) -> Iterator[Signal]:
    plain = None
    for kinds, pattern, how in _SHOWS:
        if pattern.search(text):
            plain = _plain(text) if plain is None else plain
            found = pattern.search(plain)
            if found:
                line = plain.count("\n", 0, found.start()) + 1
                yield from made(kinds, f"{how} (`{' '.join(found[0].split())[:60]}`)", path, line)
    own = _OWN_JSON.search(text)
    if own and "json.dumps(" in text:
        line = text.count("\n", 0, own.start()) + 1
        yield from made(LOGS, "logs are JSON, by a formatter of its own", path, line)


def _plain(text: str) -> str:
    """The text without comments, its lines where they were."""
    text = _COMMENTS.sub("", text)
    start = text.find("<!--")
    while start >= 0:
        end = text.find("-->", start)
        end = len(text) if end < 0 else end + 3
        text = text[:start] + "\n" * text.count("\n", start, end) + text[end:]
        start = text.find("<!--", start)
    return text
