"""The whole service, as a process."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sandbox.processes import ROOT, running


@pytest.fixture(scope="module")
def both():
    with running() as processes:
        yield processes


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.status, answer.read()


def test_it_answers_with_rates_of_the_rates_service(both):
    status, body = get(f"{both.service_url}/quote?amount=100&currency=EUR")
    assert status == 200
    assert json.loads(body)["quote"] == "92.00"


def test_it_is_alive_and_ready(both):
    assert get(f"{both.service_url}/healthz")[0] == 200
    assert get(f"{both.service_url}/readyz")[0] == 200


def test_a_port_that_is_taken_is_said_so(both):
    port = both.service_url.rpartition(":")[2]
    environment = {**os.environ, "PORT": port, "RATES_URL": both.service_url}
    command = [sys.executable, "-m", "app"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1 port {port}" in json.loads(done.stdout)["message"]
    assert not done.stderr


def test_sigterm_ends_it_cleanly_and_what_is_under_way_is_answered():
    # The rates service hangs, so that the answer takes two tries of one second each.
    slow = {"RATES_TIMEOUT": "1", "RATES_ATTEMPTS": "2", "DRAIN_SECONDS": "0.1"}
    with running(**slow) as processes:
        get(f"{processes.service_url}/quote?amount=1&currency=EUR")
        processes.rates.send_signal(signal.SIGSTOP)
        answers = []
        asking = threading.Thread(
            target=lambda: answers.append(get(f"{processes.service_url}/quote?amount=1&currency=EUR"))
        )
        asking.start()
        time.sleep(0.3)
        processes.service.send_signal(signal.SIGTERM)
        assert processes.service.wait(15) == 0
        asking.join()
        processes.rates.send_signal(signal.SIGCONT)
    assert json.loads(answers[0][1])["stale"] is True


def test_while_it_drains_it_still_answers_but_is_not_ready():
    with running(DRAIN_SECONDS="2") as processes:
        processes.service.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        with pytest.raises(urllib.error.HTTPError, match="503"):
            get(f"{processes.service_url}/readyz")
        with urllib.request.urlopen(f"{processes.service_url}/quote?amount=1&currency=EUR", timeout=10) as answer:
            assert answer.status == 200
            assert answer.headers["Connection"] == "close"
        assert processes.service.wait(15) == 0


def test_stopping_under_load_loses_no_request():
    with running(DRAIN_SECONDS="1") as processes:
        address = processes.service_url.removeprefix("http://")
        going, lost, answered = threading.Event(), [], []

        def ask():
            # One kept connection, as a load balancer has; a new one only when told that this one closes.
            connection = http.client.HTTPConnection(address, timeout=10)
            while not going.is_set():
                try:
                    connection.request("GET", "/quote?amount=1&currency=EUR")
                    answer = connection.getresponse()
                    answer.read()
                except OSError as error:
                    lost.append(error)
                    return
                answered.append(answer.status)
                if answer.headers["Connection"] == "close":
                    return  # the balancer goes elsewhere now

        asking = [threading.Thread(target=ask) for _ in range(8)]
        for thread in asking:
            thread.start()
        time.sleep(0.5)
        processes.service.send_signal(signal.SIGTERM)
        assert processes.service.wait(15) == 0
        going.set()
        for thread in asking:
            thread.join()
    assert not lost
    assert len(answered) > 50
    assert set(answered) == {200}


def test_traces_go_where_the_environment_says():
    received = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self):
            received.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    trace = "0af7651916cd43dd8448eb211c80319c"
    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as collector:
        threading.Thread(target=collector.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        with running(OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{collector.server_port}") as processes:
            request = urllib.request.Request(
                f"{processes.service_url}/quote?amount=1&currency=EUR",
                headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"},
            )
            with urllib.request.urlopen(request, timeout=10) as answer:
                assert answer.status == 200
            # It sends what it has before it ends.
            processes.service.send_signal(signal.SIGTERM)
            assert processes.service.wait(15) == 0
        collector.shutdown()
    assert {path for path, _ in received} == {"/v1/traces"}
    sent = b"".join(body for _, body in received)
    for part in (b"GET /quote", b"GET rates", b"{{ cookiecutter.name }}", bytes.fromhex(trace)):
        assert part in sent


def test_in_a_surge_nobody_waits_for_long():
    with running(THREADS="1", RATES_TIMEOUT="1", LONGEST_WAIT="0.3") as processes:
        get(f"{processes.service_url}/quote?amount=1&currency=EUR")
        slow = urllib.request.Request(
            f"http://127.0.0.1:{processes.rates_port}/behaviour", data=b'{"delay": 0.2}', method="PUT"
        )
        urllib.request.urlopen(slow, timeout=5).close()
        outcomes = []

        def ask():
            began = time.monotonic()
            try:
                status = get(f"{processes.service_url}/quote?amount=1&currency=EUR")[0]
            except urllib.error.HTTPError as error:
                status = error.code
            outcomes.append((status, time.monotonic() - began))

        asking = [threading.Thread(target=ask) for _ in range(30)]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
    assert {status for status, _ in outcomes} == {200, 503}
    assert max(waited for _, waited in outcomes) < 2, "thirty, one after the other, would take six seconds"
