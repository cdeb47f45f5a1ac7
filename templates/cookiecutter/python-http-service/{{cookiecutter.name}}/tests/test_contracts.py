"""That both sides keep to the contracts: this service, and the stand-in, which every other test trusts."""

import json
import os
import subprocess
import sys
import threading
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jsonschema
import pytest
import urllib3
import yaml

from app.lifecycle import Lifecycle
from app.protection import Unavailable
from app.rates import Rate, Rates, UnknownCurrency
from app.settings import Settings
from app.web import create_app
from sandbox.processes import ROOT, end, free_port, wait_for

INTERACTIONS = yaml.safe_load((ROOT / "contracts/rates.yaml").read_text("utf-8"))["interactions"]
API = yaml.safe_load((ROOT / "contracts/api.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def rates_url():
    """The rates service that the environment names, else the stand-in."""
    if os.environ.get("CONTRACT_RATES_URL"):
        yield os.environ["CONTRACT_RATES_URL"].rstrip("/")
        return
    port = free_port()
    process = subprocess.Popen([sys.executable, "sandbox/rates.py", str(port)], cwd=ROOT)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        end(process)


@pytest.mark.parametrize(
    "interaction", [each for each in INTERACTIONS if "only" not in each], ids=lambda each: each["name"]
)
def test_the_rates_service_keeps_to_it(interaction, rates_url):
    asked, expected = interaction["request"], interaction["response"]
    answer = urllib3.request(asked["method"], f"{rates_url}{asked['path']}", headers=asked["headers"])
    assert answer.status == expected["status"]
    jsonschema.validate(answer.json(), expected["schema"])


@pytest.mark.parametrize("interaction", INTERACTIONS, ids=lambda each: each["name"])
def test_this_service_keeps_to_it_and_takes_each_answer_for_what_it_means(interaction):
    asked, expected = interaction["request"], interaction["response"]
    jsonschema.validate(expected["example"], expected["schema"])
    seen = []

    class Recorded(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append((self.command, self.path, {name: self.headers[name] for name in asked["headers"]}))
            answer = json.dumps(expected["example"]).encode()
            self.send_response(expected["status"])
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Recorded) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        rates = Rates(Settings(rates_url=f"http://127.0.0.1:{server.server_port}", rates_attempts=1))
        try:
            outcome = "a rate" if rates.rate(asked["path"].rpartition("/")[2]).value else "nothing"
        except UnknownCurrency:
            outcome = "no such currency"
        except Unavailable:
            outcome = "not available"
        server.shutdown()
    assert outcome == interaction["means"]
    assert seen == [(asked["method"], asked["path"], asked["headers"])]


class Fixed:
    """Rates that are known beforehand, or an error."""

    def __init__(self, outcome):
        self.outcome = outcome

    def rate(self, currency):
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


QUOTE = "/quote?amount=100&currency=EUR"
FRESH = Rate(Decimal("0.92"), 0.0, stale=False)
STALE = Rate(Decimal("151.40"), 61.5, stale=True)


@pytest.mark.parametrize(
    ("outcome", "asked", "waited", "status"),
    [
        (FRESH, QUOTE, 0.0, 200),
        (STALE, QUOTE, 0.0, 200),
        (FRESH, "/quote?amount=1e3&currency=EUR", 0.0, 200),
        (FRESH, "/quote?amount=x&currency=EUR", 0.0, 400),
        (FRESH, "/quote?amount=1&currency=euro", 0.0, 400),
        (UnknownCurrency("XXX"), QUOTE, 0.0, 404),
        (Unavailable("down"), QUOTE, 0.0, 503),
        (FRESH, QUOTE, 9.0, 503),
    ],
    ids=["fresh", "stale", "exponent", "amount", "currency", "unknown", "unavailable", "turned away"],
)
def test_callers_get_what_the_interface_says(outcome, asked, waited, status):
    client = create_app(Fixed(outcome), Lifecycle()).test_client()
    answer = client.get(asked, environ_base={"app.waited": waited})
    assert answer.status_code == status
    said = API["paths"]["/quote"]["get"]["responses"][str(status)]
    ((kind, content),) = said["content"].items()
    assert answer.content_type == kind
    jsonschema.validate(answer.json, {**content["schema"], "components": API["components"]})
    for header, about in said.get("headers", {}).items():
        jsonschema.validate(int(answer.headers[header]), about["schema"])
