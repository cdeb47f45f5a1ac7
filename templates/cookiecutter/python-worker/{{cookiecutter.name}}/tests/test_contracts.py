"""That both sides keep to the contracts: this worker, and the stand-in, which every other test trusts."""

import json
import os
import subprocess
import sys
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jsonschema
import pytest
import urllib3
import yaml

from app.gateway import Gateway, Refused
from app.protection import Unavailable
from app.settings import Settings
from sandbox.processes import ROOT, end, free_port, wait_for

INTERACTIONS = yaml.safe_load((ROOT / "contracts/gateway.yaml").read_text("utf-8"))["interactions"]
RUN = uuid.uuid4().hex[:8]  # a gateway remembers the keys of the run before
NOTICE = json.loads((ROOT / "contracts/notice.schema.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def gateway_url():
    """The gateway that the environment names, else the stand-in."""
    if os.environ.get("CONTRACT_GATEWAY_URL"):
        yield os.environ["CONTRACT_GATEWAY_URL"].rstrip("/")
        return
    port = free_port()
    process = subprocess.Popen([sys.executable, "sandbox/gateway.py", str(port)], cwd=ROOT)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        end(process)


@pytest.mark.parametrize("interaction", INTERACTIONS, ids=lambda each: each["name"])
def test_the_gateway_keeps_to_it(interaction, gateway_url):
    if "given" in interaction:
        if os.environ.get("CONTRACT_GATEWAY_URL"):
            pytest.skip("the real gateway is not told to misbehave")
        urllib3.request("PUT", f"{gateway_url}/behaviour", json=interaction["given"])
    asked, expected = interaction["request"], interaction["response"]
    headers = {**asked["headers"], "Idempotency-Key": f"{asked['headers']['Idempotency-Key']}-{RUN}"}
    answer = urllib3.request(
        asked["method"], f"{gateway_url}{asked['path']}", headers=headers, body=json.dumps(asked["body"])
    )
    assert answer.status == expected["status"]
    jsonschema.validate(answer.json(), expected["schema"])


@pytest.mark.parametrize("interaction", INTERACTIONS, ids=lambda each: each["name"])
def test_the_worker_keeps_to_it_and_takes_each_answer_for_what_it_means(interaction):
    asked, expected = interaction["request"], interaction["response"]
    jsonschema.validate(expected["example"], expected["schema"])
    seen = []

    class Recorded(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            seen.append((self.command, self.path, {name: self.headers[name] for name in asked["headers"]}, body))
            answer = json.dumps(expected["example"]).encode()
            self.send_response(expected["status"])
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Recorded) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        gateway = Gateway(Settings(database_url="postgresql://", gateway_url=url, gateway_attempts=1))
        try:
            outcome = "delivered" if gateway.deliver(asked["headers"]["Idempotency-Key"], asked["body"]) else "nothing"
        except Refused:
            outcome = "refused"
        except Unavailable:
            outcome = "unavailable"
        server.shutdown()
    assert outcome == interaction["means"]
    assert seen == [(asked["method"], asked["path"], asked["headers"], asked["body"])]


@pytest.mark.parametrize(
    "payload",
    [{"to": "a@b", "text": "x"}, {"to": "a@b", "text": "x", "more": 1}, {}, [], None, {"to": "a@b"}, {"to": " ", "text": "x"}],
)
def test_the_worker_takes_what_the_schema_of_a_notice_allows_and_nothing_else(payload, gateway_url):
    allowed = jsonschema.Draft202012Validator(NOTICE).is_valid(payload)
    gateway = Gateway(Settings(database_url="postgresql://", gateway_url="http://127.0.0.1:9", gateway_attempts=1))
    with pytest.raises(Unavailable if allowed else Refused):
        gateway.deliver("a", payload)
