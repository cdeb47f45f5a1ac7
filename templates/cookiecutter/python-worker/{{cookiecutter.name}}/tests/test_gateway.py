"""Against a real server on a real socket, which can be told to fail in each way."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.gateway import Gateway, Refused
from app.protection import Unavailable
from app.settings import Settings

NOTICE = {"to": "somebody@example.com", "text": "Hello"}


class Upstream(ThreadingHTTPServer):
    daemon_threads = True
    status = 201
    body: object = {"receipt": "r-1"}
    wait = 0.0

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.Handler)
        self.keys = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.server.keys.append(self.headers["Idempotency-Key"])
            time.sleep(self.server.wait)
            body = self.server.body if isinstance(self.server.body, str) else json.dumps(self.server.body)
            self.send_response(self.server.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body.encode())
            except OSError:
                pass

        def log_message(self, *args):
            pass


@pytest.fixture
def upstream():
    with Upstream() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def gateway_of(upstream, **settings):
    url = f"http://127.0.0.1:{upstream.server_port}"
    return Gateway(Settings(database_url="postgresql://", gateway_url=url, gateway_timeout=0.2, **settings))


def test_a_notice_has_a_receipt(upstream):
    assert gateway_of(upstream).deliver("a", NOTICE) == "r-1"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503])
def test_what_may_pass_is_tried_again_under_the_same_key(upstream, status):
    upstream.status = status
    with pytest.raises(Unavailable):
        gateway_of(upstream).deliver("a", NOTICE)
    assert upstream.keys == ["a", "a"]


@pytest.mark.parametrize("status", [400, 401, 404, 422])
def test_a_refusal_is_final_and_no_failure_of_the_gateway(upstream, status):
    upstream.status = status
    gateway = gateway_of(upstream, breaker_failures=1)
    for _ in range(3):
        with pytest.raises(Refused, match=str(status)):
            gateway.deliver("a", NOTICE)
    assert len(upstream.keys) == 3
    assert not gateway.breaker.open


def test_a_slow_answer_is_not_waited_for(upstream):
    upstream.wait = 3.0
    began = time.monotonic()
    with pytest.raises(Unavailable):
        gateway_of(upstream).deliver("a", NOTICE)
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"receipt": null}', '{"receipt": ""}', "<html>"])
def test_an_answer_without_a_receipt_counts_as_none(upstream, body):
    upstream.body = body
    with pytest.raises(Unavailable):
        gateway_of(upstream).deliver("a", NOTICE)


@pytest.mark.parametrize("payload", [None, [], "x", {}, {"to": "a@b"}, {"to": "", "text": "x"}, {"to": 1, "text": "x"}])
def test_what_is_no_notice_is_refused_without_asking(upstream, payload):
    with pytest.raises(Refused):
        gateway_of(upstream).deliver("a", payload)
    assert not upstream.keys


def test_what_keeps_failing_is_left_alone_and_tried_again_later(upstream):
    upstream.status = 503
    gateway = gateway_of(upstream, breaker_failures=2, breaker_pause=0.2)
    for _ in range(5):
        with pytest.raises(Unavailable):
            gateway.deliver("a", NOTICE)
    assert len(upstream.keys) == 2
    assert gateway.breaker.resting
    upstream.status = 201
    time.sleep(0.25)
    assert not gateway.breaker.resting
    assert gateway.deliver("a", NOTICE) == "r-1"
