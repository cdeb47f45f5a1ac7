"""What the server tells of itself: metrics at `/metrics`, a line of JSON for each request, and traces.

Names and units of metrics follow Prometheus' conventions. Traces are made where the environment names a place
to send them to (`OTEL_EXPORTER_OTLP_ENDPOINT`, as OpenTelemetry defines it), and need the extra `traces`.
"""

import logging
import os
import sys
import time
from collections.abc import Iterator

from flask import Flask, Response, current_app, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from pythonjsonlogger.json import JsonFormatter
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from catalog.database import trace_queries
from web.queries.crawls import CrawlRow, last_crawl

access = logging.getLogger("handrail.access")
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


def configure_telemetry(app: Flask, engine: Engine) -> None:
    """Count and time every request by its route, log it, and answer `/metrics`."""
    registry = CollectorRegistry()
    labels = ("method", "route", "status")
    requests = Counter("http_requests", "Requests that were answered.", labels, registry=registry)
    seconds = Histogram(
        "http_request_duration_seconds",
        "Time until a request was answered.",
        ("method", "route"),
        buckets=_SECONDS,
        registry=registry,
    )
    registry.register(_LastCrawl(engine))

    @app.before_request
    def begin() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def told(response: Response) -> Response:
        # The route, not the path: there are as many paths as services, and anybody may invent more.
        route = str(request.url_rule) if request.url_rule else "none"
        method = request.method if request.method in ("GET", "HEAD", "POST") else "other"
        taken = time.perf_counter() - g.get("started", time.perf_counter())
        requests.labels(method, route, response.status_code).inc()
        seconds.labels(method, route).observe(taken)
        access.info(
            "request",
            extra={
                "request_id": g.get("request_id", ""),
                "method": request.method,
                "path": request.path[:500],
                "route": route,
                "status": response.status_code,
                "seconds": round(taken, 4),
            },
        )
        return response

    @app.get("/metrics")
    def metrics() -> Response:
        return current_app.response_class(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _LastCrawl(Collector):
    """How fresh the catalog is, asked of the database when somebody wants to know."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing is asked of the database before somebody wants to know."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The last crawl's end, services and problems; nothing while the database does not answer."""
        crawl = self._last()
        if crawl is None or crawl.finished_at is None:
            return
        for name, text, value in (
            ("handrail_last_crawl_timestamp_seconds", "When it ended.", crawl.finished_at.timestamp()),
            ("handrail_last_crawl_duration_seconds", "How long it took.", crawl.seconds),
            ("handrail_last_crawl_problems", "What went wrong in it.", crawl.errors),
            ("handrail_services", "Services that were scored by the end of it.", crawl.services),
        ):
            yield GaugeMetricFamily(name, f"The last crawl. {text}", value=value)

    def _last(self) -> CrawlRow | None:
        try:
            with self._engine.connect() as connection:
                return last_crawl(connection)
        except SQLAlchemyError:
            return None


def log_as_json() -> None:
    """Write the process's log to standard error, a JSON object a line."""
    handler = logging.StreamHandler(sys.stderr)
    fields = {"asctime": "time", "levelname": "level", "name": "logger"}
    handler.setFormatter(
        JsonFormatter("{asctime}{levelname}{name}{message}", style="{", rename_fields=fields)
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)


def configure_traces(app: Flask, engine: Engine) -> bool:
    """Trace requests and queries where the environment says where to; whether it does.

    `ImportError` where it does and the extra `traces` is not installed.
    """
    if not os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or os.environ.get("OTEL_SDK_DISABLED") == "true":
        return False
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.flask import FlaskInstrumentor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    service = {} if os.environ.get("OTEL_SERVICE_NAME") else {"service.name": "handrail"}
    provider = TracerProvider(resource=Resource.create(service))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    FlaskInstrumentor().instrument_app(app, excluded_urls="healthz,readyz,metrics")  # type: ignore[no-untyped-call]
    trace_queries(engine, trace.get_tracer("handrail"))
    return True
