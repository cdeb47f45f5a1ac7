"""What a slot makes of each outcome, on a real queue."""

import threading
import time
from dataclasses import replace

import pytest

from app.gateway import Refused
from app.protection import Breaker, Unavailable
from app.slot import Slot

NOTICE = {"to": "somebody@example.com", "text": "Hello"}


class Scripted:
    """A gateway that does what it is told, in turn; the last for ever."""

    def __init__(self, *outcomes):
        self.outcomes = list(outcomes)
        self.breaker = Breaker(5, 5.0)
        self.delivered = []

    def deliver(self, key, payload):
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        self.delivered.append(key)
        return outcome


@pytest.fixture
def work(settings, queue):
    """Let a slot work with a gateway until nothing is open, or so long; give what the database then says."""

    def run(gateway, seconds=5.0, queue_breaker=None, **changes):
        stopping = threading.Event()
        quick = replace(settings, poll_pause=0.02, backoff=0.02, longest_backoff=0.1, **changes)
        slot = Slot(0, quick, gateway, queue_breaker or Breaker(5, 5.0), stopping)
        working = threading.Thread(target=slot.run)
        working.start()
        end = time.monotonic() + seconds
        while queue.state().open and time.monotonic() < end:
            time.sleep(0.02)
        stopping.set()
        working.join(10)
        assert not working.is_alive()
        rows = queue._connection.execute("SELECT key, state, taken, receipt, error FROM jobs ORDER BY id").fetchall()
        return {row[0]: row[1:] for row in rows}

    return run


def test_what_is_delivered_is_done_and_has_its_receipt(queue, work):
    queue.put("a", NOTICE)
    assert work(Scripted("r-1")) == {"a": ("done", 1, "r-1", None)}


def test_what_is_refused_is_a_dead_letter_at_once(queue, work):
    queue.put("a", NOTICE)
    assert work(Scripted(Refused("nobody lives there"))) == {"a": ("dead", 1, None, "nobody lives there")}


def test_an_outage_of_the_gateway_makes_no_dead_letters(queue, work):
    queue.put("a", NOTICE)
    down = [Unavailable("down")] * 8
    assert work(Scripted(*down, "r-1"), max_attempts=3) == {"a": ("done", 9, "r-1", None)}


def test_what_waits_for_the_gateway_for_too_long_is_given_up(queue, work):
    queue.put("a", NOTICE)
    state, _, _, error = work(Scripted(Unavailable("down")), give_up_after=0.2)["a"]
    assert (state, error) == ("dead", "the gateway is not available: down")


def test_an_error_of_our_own_is_tried_again_a_few_times(queue, work):
    queue.put("a", NOTICE)
    queue.put("b", NOTICE)
    state, taken, _, error = work(Scripted(RuntimeError("bug")), max_attempts=3)["a"]
    assert (state, taken, error) == ("dead", 3, "RuntimeError: bug")


def test_a_job_that_kills_whoever_takes_it_does_not_do_so_for_ever(queue, work):
    queue.put("a", NOTICE)
    for _ in range(3):  # taken, and never heard of again
        queue.take(0.01)
        time.sleep(0.02)
    gateway = Scripted("r-1")
    state, _, _, error = work(gateway, max_attempts=3)["a"]
    assert (state, error) == ("dead", "taken 4 times and never finished")
    assert not gateway.delivered


def test_while_the_breaker_rests_nothing_is_taken(queue, work):
    gateway = Scripted("r-1")
    for _ in range(5):
        gateway.breaker.failed()
    queue.put("a", NOTICE)
    assert work(gateway, seconds=0.5) == {"a": ("waiting", 0, None, None)}


def test_while_the_queues_breaker_rests_it_is_not_asked(queue, work):
    queue.put("a", NOTICE)
    breaker = Breaker(1, 0.4)
    breaker.failed()
    began = time.monotonic()
    assert work(Scripted("r-1"), queue_breaker=breaker)["a"][0] == "done"
    assert time.monotonic() - began > 0.3
    assert not breaker.open, "an answer closes it"


def test_a_lost_connection_is_made_anew(settings, queue, work):
    for key in "abcdefghij":
        queue.put(key, NOTICE)

    class Cutting(Scripted):
        def deliver(self, key, payload):
            if key == "c" and key not in self.delivered:
                queue._connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid != pg_backend_pid() AND backend_type = 'client backend'"
                )
            return super().deliver(key, payload)

    gateway = Cutting("r-1")
    found = work(gateway, lease=0.5)
    assert {each[0] for each in found.values()} == {"done"}
    # Delivered, not noted, and so delivered again: under the same key, by which the gateway knows it.
    assert gateway.delivered.count("c") == 2
