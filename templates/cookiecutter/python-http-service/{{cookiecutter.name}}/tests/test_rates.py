"""Against a real server on a real socket, which can be told to fail in each way."""

import json
import threading
import time
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.protection import Unavailable
from app.rates import Rates, UnknownCurrency
from app.settings import Settings


class Upstream(ThreadingHTTPServer):
    daemon_threads = True
    status = 200
    body: object = {"rate": "0.92"}
    wait = 0.0
    asked = 0

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked += 1
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
    with Upstream(("127.0.0.1", 0), Upstream.Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


def rates_of(upstream, clock=time.time, **settings):
    url = f"http://127.0.0.1:{upstream.server_port}"
    return Rates(Settings(rates_url=url, rates_timeout=0.2, **settings), clock)


def test_a_fresh_rate(upstream):
    rate = rates_of(upstream).rate("EUR")
    assert (rate.value, rate.age, rate.stale) == (Decimal("0.92"), 0.0, False)


def test_the_last_known_rate_stands_in(upstream):
    clock = Clock()
    rates = rates_of(upstream, clock)
    rates.rate("EUR")
    upstream.status = 500
    clock.now += 60
    rate = rates.rate("EUR")
    assert (rate.value, rate.age, rate.stale) == (Decimal("0.92"), 60.0, True)


def test_a_rate_that_is_too_old_does_not(upstream):
    clock = Clock()
    rates = rates_of(upstream, clock, stale_rate_limit=60)
    rates.rate("EUR")
    upstream.status = 500
    clock.now += 61
    with pytest.raises(Unavailable):
        rates.rate("EUR")


def test_a_currency_never_seen_has_nothing_to_stand_in(upstream):
    upstream.status = 503
    with pytest.raises(Unavailable):
        rates_of(upstream).rate("EUR")


def test_a_slow_answer_is_not_waited_for(upstream):
    rates = rates_of(upstream)
    rates.rate("EUR")
    upstream.wait = 3.0
    began = time.monotonic()
    assert rates.rate("EUR").stale
    assert time.monotonic() - began < 1.5


def test_an_unknown_currency_is_an_answer_and_no_failure(upstream):
    upstream.status = 404
    rates = rates_of(upstream, breaker_failures=1)
    for _ in range(3):
        with pytest.raises(UnknownCurrency):
            rates.rate("XXX")
    assert upstream.asked == 3


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"rate": null}', '{"rate": "-1"}', '{"rate": "NaN"}', "<html>"])
def test_an_answer_that_is_no_rate_counts_as_none(upstream, body):
    upstream.body = body
    with pytest.raises(Unavailable):
        rates_of(upstream).rate("EUR")


def test_it_recovers_when_the_rates_service_does(upstream):
    rates = rates_of(upstream, breaker_failures=2, breaker_pause=0.1)
    rates.rate("EUR")
    upstream.status = 500
    assert rates.rate("EUR").stale
    upstream.status = 200
    time.sleep(0.15)
    assert not rates.rate("EUR").stale
