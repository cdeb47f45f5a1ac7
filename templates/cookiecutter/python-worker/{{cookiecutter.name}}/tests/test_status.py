import json
import threading
import time
import urllib.error
import urllib.request
from types import SimpleNamespace

import pytest

from app.status import Status, serve_status


@pytest.fixture
def served():
    slot = SimpleNamespace(number=3, alive_at=time.monotonic(), busy_since=None)
    stopping = threading.Event()
    status = Status([slot], stopping, stuck_after=1.0)
    server = serve_status(status, "127.0.0.1", 0)
    yield SimpleNamespace(slot=slot, stopping=stopping, status=status, url=f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_alive_as_long_as_each_slot_turns(served):
    assert get(f"{served.url}/healthz")[0] == 200
    served.slot.alive_at -= 2
    code, text = get(f"{served.url}/healthz")
    assert (code, json.loads(text)["status"]) == (503, "slots [3] are stuck")


def test_ready_while_the_queue_was_seen_lately_and_nothing_stops(served):
    assert get(f"{served.url}/readyz")[0] == 503
    served.status.saw_queue()
    assert get(f"{served.url}/readyz")[0] == 200
    served.status.lost_queue()
    assert get(f"{served.url}/readyz")[0] == 503
    served.status.saw_queue()
    served.stopping.set()
    assert json.loads(get(f"{served.url}/readyz")[1])["status"] == "stopping"
    assert get(f"{served.url}/healthz")[0] == 200


def test_how_long_a_slot_has_been_busy(served):
    served.slot.busy_since = time.monotonic() - 5
    assert 5 <= served.status.longest() < 6


def test_another_path_is_none(served):
    assert get(f"{served.url}/nothing")[0] == 404
