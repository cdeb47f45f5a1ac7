"""One crawl of a catalog at a time, by a lock that dies with its holder."""

import contextlib
import signal
import subprocess
import sys
import time

import pytest

from handrail.crawl.alone import Busy, file_lock, server_lock
from handrail.database import open_database
from tests.handrail.organisation import Organisation
from tests.handrail.running import ROOT

HOLDS = """
import sys, time
from handrail.crawl.alone import file_lock, server_lock
from handrail.database import open_database
url = sys.argv[1]
with file_lock(url), server_lock(open_database(url, create=True)):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def organisation(tmp_path, git, database_url) -> Organisation:
    made = Organisation(tmp_path / "repositories", git, database_url)
    made.service("payments")
    return made


@contextlib.contextmanager
def holder(url: str):
    command = [sys.executable, "-c", HOLDS, url]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert started.stdout is not None
    assert started.stdout.readline() == "held\n"
    try:
        yield started
    finally:
        started.kill()
        started.communicate()


def test_a_second_crawl_is_refused_and_says_what_to_do(organisation):
    with holder(organisation.url) as other:
        second = organisation.start()
        _, said = second.communicate(timeout=30)
        assert second.returncode == 2
        assert "Another crawl is writing to this catalog" in said
        assert "Wait for it to end" in said
        if organisation.url.startswith("sqlite"):
            assert f"process {other.pid}" in said


def test_a_killed_crawl_holds_nothing_up(organisation):
    with holder(organisation.url) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
        until = time.monotonic() + 10
        while True:  # a server notices that a client is gone a moment later
            try:
                assert organisation.crawl().services == 1
                break
            except Busy:
                assert time.monotonic() < until
                time.sleep(0.1)


def test_looking_for_the_lock_does_not_wipe_out_who_holds_it(tmp_path):
    url = f"sqlite:///{tmp_path / 'x.db'}"
    with holder(url) as other:
        for _ in range(2):
            with pytest.raises(Busy, match=f"process {other.pid}"), file_lock(url):
                pass


def test_crawls_that_begin_at_once_on_an_empty_database_end_with_one_catalog(organisation):
    started = [organisation.start() for _ in range(4)]
    ended = [(one.communicate(timeout=60)[1], one.returncode) for one in started]
    assert {status for _, status in ended} <= {0, 2}
    assert 0 in {status for _, status in ended}
    assert all("Another crawl" in said for said, status in ended if status == 2)
    assert organisation.crawl().services == 1


def test_the_lock_of_a_database_in_memory_is_nobodys_business():
    with file_lock("sqlite://"), file_lock("sqlite://"):
        engine = open_database("sqlite://", create=True)
        with server_lock(engine), server_lock(engine):
            pass
