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
from prometheus_client import Counter, Gauge, Histogram

SERVICE = "{{ cookiecutter.name }}"

_TIMES = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0)

FINISHED = Counter("jobs_finished", "Notices that are delivered or dead", ["service", "outcome"])
ATTEMPTS = Counter("job_attempts", "Times that a notice was tried, by how that went", ["service", "outcome"])
AGE = Histogram("job_age_seconds", "Time from when a notice was wanted to its delivery", ["service"], buckets=_TIMES)
DELIVERY_SECONDS = Histogram("job_delivery_seconds", "Time that the gateway took", ["service"], buckets=_TIMES)
OVERTAKEN = Counter("jobs_overtaken", "Notices that took longer than their lease", ["service"])
FAILED_CALLS = Counter("dependency_failures", "Calls that a dependency did not answer", ["service", "dependency"])

# The same from each instance, since there is one queue: take the largest of them.
QUEUE_UP = Gauge("queue_up", "Whether the queue can be seen", ["service"])
READY = Gauge("jobs_ready", "Notices that could be taken now", ["service"])
OPEN = Gauge("jobs_open", "Notices that are neither delivered nor dead", ["service"])
OLDEST = Gauge("jobs_oldest_seconds", "How long the oldest open notice has been wanted", ["service"])
DEAD = Gauge("jobs_dead", "Dead letters in the queue", ["service"])
LONGEST = Gauge("job_longest_seconds", "How long a slot has been busy with one notice", ["service"])

for _outcome in ("done", "dead"):  # so that the first of them is an increase
    FINISHED.labels(SERVICE, _outcome)

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
def job_span(name: str, headers: dict[str, str], **attributes: str) -> Iterator[trace.Span]:
    """Trace the work on a job, as part of the trace in which it was put into the queue."""
    context = propagate.extract(headers)
    kind = trace.SpanKind.CONSUMER
    with _tracer.start_as_current_span(name, context=context, kind=kind, attributes=attributes) as current:
        yield current


def trace_headers() -> dict[str, str]:
    """Return the headers that carry the current trace to whom we call."""
    headers: dict[str, str] = {}
    propagate.inject(headers)
    return headers


def flush() -> None:
    """Send the traces that wait to be sent."""
    shut_down = getattr(trace.get_tracer_provider(), "shutdown", None)
    if shut_down:
        shut_down()
