"""The queue, on a real PostgreSQL."""

import threading
import time
from dataclasses import replace

import psycopg
import pytest

from app.jobs import Queue

NOTICE = {"to": "somebody@example.com", "text": "Hello"}


def test_what_is_put_is_taken_in_the_order_of_its_coming(queue):
    for key in ("a", "b", "c"):
        assert queue.put(key, NOTICE)
    assert [queue.take(30).key for _ in range(3)] == ["a", "b", "c"]
    assert queue.take(30) is None


def test_the_same_key_is_one_job_also_after_it_was_done(queue):
    assert queue.put("a", NOTICE)
    assert not queue.put("a", NOTICE)
    assert queue.finish(queue.take(30), "receipt")
    assert not queue.put("a", NOTICE)
    assert queue.take(30) is None


def test_who_puts_can_do_so_in_the_transaction_of_what_it_is_about(settings, queue):
    with psycopg.connect(settings.database_url) as connection:
        connection.execute("""INSERT INTO jobs (key, payload) VALUES ('a', '{"to": "x@y", "text": "z"}')""")
        assert queue.take(30) is None
        connection.rollback()
    assert queue.state().open == 0


def test_a_job_that_is_taken_is_nobody_elses(queue, other):
    queue.put("a", NOTICE)
    assert queue.take(30)
    assert other.take(30) is None


def test_many_takers_never_get_the_same_job_and_do_not_wait_for_each_other(settings, queue):
    for number in range(200):
        queue.put(str(number), NOTICE)
    keys, lock = [], threading.Lock()

    def take_all():
        with Queue.connect(settings) as mine:
            while job := mine.take(30):
                with lock:
                    keys.append(job.key)

    takers = [threading.Thread(target=take_all) for _ in range(8)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    assert len(keys) == 200
    assert set(keys) == {str(number) for number in range(200)}


def test_a_row_that_somebody_locks_is_passed_over(settings, queue):
    queue.put("a", NOTICE)
    queue.put("b", NOTICE)
    with psycopg.connect(settings.database_url) as connection:
        connection.execute("SELECT * FROM jobs WHERE key = 'a' FOR UPDATE")
        assert queue.take(30).key == "b"


def test_after_its_lease_a_job_is_anybodys_and_who_had_it_can_say_nothing_more(queue, other):
    queue.put("a", NOTICE)
    slow = queue.take(0.1)
    time.sleep(0.15)
    again = other.take(30)
    assert (again.key, again.taken, again.failures) == ("a", 2, 1)
    assert not queue.finish(slow, "late")
    assert not queue.put_back(slow, 0, "late", excused=False)
    assert not queue.bury(slow, "late")
    assert other.finish(again, "receipt")
    assert not other.finish(again, "twice")


def test_what_is_put_back_waits_and_an_excused_failure_does_not_count(queue):
    queue.put("a", NOTICE)
    assert queue.put_back(queue.take(30), 0.1, "busy", excused=True)
    assert queue.take(30) is None
    time.sleep(0.15)
    job = queue.take(30)
    assert (job.taken, job.excused, job.failures) == (2, 1, 0)
    queue.put_back(job, 0, "bug", excused=False)
    assert queue.take(30).failures == 1


def test_a_dead_letter_is_listed_and_comes_back_when_revived(queue):
    queue.put("a", NOTICE)
    queue.put("b", NOTICE)
    for _ in range(2):
        queue.bury(queue.take(30), "nobody lives there")
    (newest, oldest) = queue.dead_letters()
    assert (newest["key"], oldest["key"], oldest["error"]) == ("b", "a", "nobody lives there")
    assert queue.take(30) is None
    assert queue.revive(["a", "unknown"]) == 1
    job = queue.take(30)
    assert (job.key, job.failures) == ("a", 0)
    assert queue.revive(None) == 1


def test_the_state_tells_what_waits_and_since_when(queue):
    for key in ("a", "b", "c", "d"):
        queue.put(key, NOTICE)
    queue.take(30)
    queue.bury(queue.take(30), "x")
    time.sleep(0.1)
    state = queue.state()
    assert (state.ready, state.open, state.dead) == (2, 3, 1)
    assert 0.1 <= state.oldest < 30


def test_what_is_done_for_long_is_forgotten_and_nothing_else(queue):
    for key in ("done", "dead", "waiting"):
        queue.put(key, NOTICE)
    queue.finish(queue.take(30), "receipt")
    queue.bury(queue.take(30), "x")
    assert queue.forget(3600) == 0
    time.sleep(0.01)
    assert queue.forget(0) == 1
    assert queue.state().open == 1
    assert len(queue.dead_letters()) == 1


def test_a_statement_that_takes_too_long_is_ended(settings):
    impatient = replace(settings, database_timeout=0.2)
    with Queue.connect(impatient) as queue, pytest.raises(psycopg.errors.QueryCanceled):
        queue._connection.execute("SELECT pg_sleep(5)")
