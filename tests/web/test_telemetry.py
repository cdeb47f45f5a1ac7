"""What the server tells of itself: metrics, a line of JSON for each request, traces."""

import gzip
import http.server
import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import create_engine

from handrail.database import open_database
from web import create_app

ROOT = Path(__file__).parents[2]


def samples(client: FlaskClient) -> dict[tuple[str, ...], float]:
    """Values by the name and the labels in the order of their names: method, route, status."""
    text = client.get("/metrics").get_data(as_text=True)
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_are_counted_and_timed_by_route_and_never_by_path(client: FlaskClient) -> None:
    before = samples(client)
    for path in ("/services/default/payments", "/services/default/nobody", "/made-up-1", "/made-up-2"):
        client.get(path)
    found = samples(client)
    service = "/services/<namespace>/<name>"

    def more(*key: str) -> float:
        return found[key] - before.get(key, 0)

    assert more("http_requests_total", "GET", service, "200") == 1
    assert more("http_requests_total", "GET", service, "404") == 1
    assert more("http_requests_total", "GET", "none", "404") == 2
    assert more("http_request_duration_seconds_count", "GET", service) == 2
    assert not any("made-up" in label for key in found for label in key)


def test_methods_that_nobody_has_heard_of_share_one_label(client: FlaskClient) -> None:
    key = ("http_requests_total", "other", "none", "405")
    before = samples(client).get(key, 0)
    for method in ("BREW", "WHEN"):
        client.open("/", method=method)
    assert samples(client)[key] == before + 2


def test_metrics_tell_how_fresh_the_catalog_is(client: FlaskClient) -> None:
    found = samples(client)
    assert found["handrail_last_crawl_timestamp_seconds",] > 1_700_000_000
    assert found["handrail_services",] >= 1


def test_metrics_are_there_while_the_database_is_not(tmp_path: Path) -> None:
    app = create_app(create_engine(f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}"))
    found = samples(app.test_client())
    assert not any(name.startswith("handrail_") for name, *_ in found)


@contextmanager
def serving(folder: Path, **env: str) -> Iterator[tuple[str, Path]]:
    """A server on an empty catalog: its address, and the file that its log goes to."""
    url = f"sqlite:///{folder / 'x.db'}"
    open_database(url, create=True).dispose()
    command = [sys.executable, "-m", "handrail", "serve", "--port", "0", "--db", url]
    log = folder / "log"
    with log.open("w") as file:
        started = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **env}, stdout=subprocess.PIPE, stderr=file, text=True
        )
        assert started.stdout is not None
        found = re.search(r"http://\S+/", started.stdout.readline())
        try:
            assert found is not None, log.read_text()
            yield found[0], log
        finally:
            started.send_signal(signal.SIGTERM)
            started.communicate(timeout=30)


def test_each_request_is_a_line_of_json_with_the_id_that_an_error_page_shows(tmp_path: Path) -> None:
    with serving(tmp_path) as (address, log):
        with pytest.raises(urllib.error.HTTPError) as missing:
            urllib.request.urlopen(address + "api/v1/nothing%0Ahere")
        shown = json.load(missing.value)["error"]["request_id"]
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    (line,) = [line for line in lines if line.get("request_id") == shown]
    assert (line["message"], line["method"], line["status"]) == ("request", "GET", 404)
    assert line["path"] == "/api/v1/nothing\nhere"
    assert line["seconds"] >= 0


def test_requests_are_traced_to_where_the_environment_says(tmp_path: Path) -> None:
    received: list[ExportTraceServiceRequest] = []

    class Collector(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            if self.path == "/v1/traces":
                received.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector) as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        endpoint = f"http://127.0.0.1:{collector.server_address[1]}"
        with serving(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=endpoint) as (address, _):
            urllib.request.urlopen(address + "services").read()
            urllib.request.urlopen(address + "healthz").read()
        collector.shutdown()
    spans = [s for r in received for rs in r.resource_spans for ss in rs.scope_spans for s in ss.spans]
    assert any(span.name == "GET /services" for span in spans)
    requests = {span.span_id for span in spans if span.name == "GET /services"}
    assert {span.parent_span_id for span in spans if span.name == "SELECT"} == requests
    assert not any("healthz" in span.name for span in spans)
