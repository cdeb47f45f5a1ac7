"""Logs, metrics and traces.

Logs are one JSON object a line on standard output. Metrics are Prometheus's, at /metrics. Traces go where
OTEL_EXPORTER_OTLP_ENDPOINT says, and nowhere if it is not set.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import propagate, trace
from prometheus_client import Counter, Histogram

SERVICE = "{{ cookiecutter.name }}"

REQUESTS = Counter("http_requests", "Requests answered, by outcome", ["service", "method", "route", "code"])
DURATION = Histogram(
    "http_request_duration_seconds",
    "Time from the request's arrival to its answer",
    ["service", "method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0),
)
SHED = Counter("requests_shed", "Requests turned away because they waited for too long", ["service"])
FAILED_CALLS = Counter("dependency_failures", "Calls that a dependency did not answer", ["service", "dependency"])
FALLBACKS = Counter("dependency_fallbacks", "Answers given without a dependency", ["service", "dependency"])

_tracer = trace.get_tracer(SERVICE)


class JsonLines(logging.Formatter):
    """One JSON object a line, with the id of the trace that it belongs to."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "service": SERVICE,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        context = trace.get_current_span().get_span_context()
        if context.is_valid:
            entry["trace"] = trace.format_trace_id(context.trace_id)
        if record.exc_info:
            entry["error"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def set_up() -> None:
    """Send logs to standard output and, if the environment says where to, traces."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=os.environ.get("LOG_LEVEL", "INFO").upper(), handlers=[handler], force=True)
    logging.getLogger("waitress.queue").setLevel("ERROR")  # it warns of each request that waits for a thread
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        _export_traces()


def _export_traces() -> None:
    # Imported here, because they take longer to load than the rest of the service.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


@contextmanager
def span(name: str, **attributes: str) -> Iterator[trace.Span]:
    """Trace what happens within."""
    with _tracer.start_as_current_span(name, attributes=attributes) as current:
        yield current


@contextmanager
def request_span(name: str, headers: dict[str, str]) -> Iterator[trace.Span]:
    """Trace the answer to a request, as part of the trace that its headers name."""
    context = propagate.extract({key.lower(): value for key, value in headers.items()})
    with _tracer.start_as_current_span(name, context=context, kind=trace.SpanKind.SERVER) as current:
        yield current


def trace_headers() -> dict[str, str]:
    """Return the headers that carry the current trace to whom we call."""
    headers: dict[str, str] = {}
    propagate.inject(headers)
    return headers
