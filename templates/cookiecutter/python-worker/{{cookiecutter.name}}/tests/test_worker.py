"""The whole worker, as processes: nothing is lost, and nothing is done twice."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sandbox.notices import behave, connect, put, settle
from sandbox.processes import ROOT, end, running, wait_for


@pytest.fixture
def around():
    with running(LOG_LEVEL="ERROR") as processes:
        yield processes


def command(around, *arguments):
    environment = {**os.environ, "DATABASE_URL": around.database.url, "GATEWAY_URL": around.gateway_url}
    done = subprocess.run(
        [sys.executable, "-m", "app", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_notices_are_delivered_dead_letters_listed_and_revived(around):
    assert command(around, "put", "a", "somebody@example.com", "Hello")[:2] == (0, "put\n")
    assert command(around, "put", "a", "somebody@example.com", "Hello")[:2] == (0, "was there already\n")
    command(around, "put", "b", "nobody", "Hello")
    settle(around.database.url, around.gateway_url, 10)
    letter = json.loads(command(around, "dead")[1])
    assert letter["key"] == "b"
    assert "422" in letter["error"]
    assert command(around, "revive", "b")[1] == "1 put back\n"
    assert command(around, "nonsense")[0] == 2


def test_stopping_under_load_loses_no_notice_and_tries_none_twice(around):
    behave(around.gateway_url, delay=0.1)
    put(around.database.url, 200)
    time.sleep(0.5)
    (worker,) = around.workers
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(15) == 0
    with connect(around.database.url) as queue:
        state = queue.state()
    assert state.open == state.ready, "something is still in hand"
    assert 0 < state.open < 200, "it was not stopped under load"
    second = around.begin(LOG_LEVEL="ERROR")
    try:
        found = settle(around.database.url, around.gateway_url, 20)
    finally:
        end(second.process)
    assert (found.done, found.again, found.twice) == (200, 0, 0)


def test_killing_it_under_load_loses_no_notice_and_delivers_none_twice(around):
    behave(around.gateway_url, delay=0.2)
    put(around.database.url, 60)
    time.sleep(0.5)
    (worker,) = around.workers
    worker.process.kill()
    worker.process.wait()
    behave(around.gateway_url, delay=0)
    second = around.begin(LOG_LEVEL="ERROR")
    try:
        found = settle(around.database.url, around.gateway_url, 20)
    finally:
        end(second.process)
    assert found.settled_once, found
    assert found.again > 0, "it had nothing in hand when it was killed"


def test_what_keeps_a_slot_from_ending_does_not_keep_the_process(around):
    put(around.database.url, 20)
    behave(around.gateway_url, delay=30)
    hasty = around.begin(LOG_LEVEL="ERROR", GRACE_SECONDS="0.5", GATEWAY_TIMEOUT="20", LEASE="60")
    try:
        wait_for(f"{hasty.url}/readyz", hasty.process)
        put(around.database.url, 20)
        time.sleep(1)
        hasty.process.send_signal(signal.SIGTERM)
        assert hasty.process.wait(5) == 0
    finally:
        end(hasty.process)


def test_a_port_that_is_taken_and_a_setting_that_is_wrong_are_said_so(around):
    port = around.workers[0].url.rpartition(":")[2]
    taken = around.begin(PORT=port)
    assert taken.process.wait(15) == 1
    environment = {key: value for key, value in os.environ.items() if not key.endswith("_URL")}
    done = subprocess.run(
        [sys.executable, "-m", "app"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "DATABASE_URL is not set" in done.stderr
    assert "Traceback" not in done.stderr


def test_traces_go_where_the_environment_says(around):
    received = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self):
            received.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as collector:
        threading.Thread(target=collector.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        end(around.workers[0].process)
        traced = around.begin(OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{collector.server_port}", LOG_LEVEL="ERROR")
        try:
            trace = "0af7651916cd43dd8448eb211c80319c"
            with connect(around.database.url) as queue:
                queue._connection.execute(
                    "INSERT INTO jobs (key, payload, trace) VALUES ('a', %s, %s)",
                    ['{"to": "a@b", "text": "x"}', json.dumps({"traceparent": f"00-{trace}-b7ad6b7169203331-01"})],
                )
            settle(around.database.url, around.gateway_url, 10)
        finally:
            end(traced.process)
        collector.shutdown()
    assert {path for path, _ in received} == {"/v1/traces"}
    sent = b"".join(body for _, body in received)
    for part in (b"deliver notice", b"POST notices", b"{{ cookiecutter.name }}", bytes.fromhex(trace)):
        assert part in sent


def test_metrics_tell_what_the_objectives_and_alerts_are_made_of(around):
    put(around.database.url, 5)
    settle(around.database.url, around.gateway_url, 10)
    time.sleep(2.5)  # until the queue is looked at again
    with urllib.request.urlopen(f"{around.workers[0].url}/metrics", timeout=5) as answer:
        text = answer.read().decode()
    labels = 'service="{{ cookiecutter.name }}"'
    for sample in (
        f'jobs_finished_total{% raw %}{{outcome="done",{labels}}}{% endraw %} 5.0',
        f'jobs_finished_total{% raw %}{{outcome="dead",{labels}}}{% endraw %} 0.0',
        f'job_age_seconds_bucket{% raw %}{{le="10.0",{labels}}}{% endraw %} 5.0',
        f"job_age_seconds_count{% raw %}{{{labels}}}{% endraw %} 5.0",
        f"jobs_oldest_seconds{% raw %}{{{labels}}}{% endraw %} 0.0",
        f"jobs_open{% raw %}{{{labels}}}{% endraw %} 0.0",
        f"jobs_dead{% raw %}{{{labels}}}{% endraw %} 0.0",
        f"queue_up{% raw %}{{{labels}}}{% endraw %} 1.0",
    ):
        assert f"\n{sample}\n" in text
