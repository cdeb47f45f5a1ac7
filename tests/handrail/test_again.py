"""Crawling again and again: what changed is seen, what fails is told, and it ends when it is told to."""

import json
import re
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

from catalog.tables import Crawl, Entity
from tests.handrail.organisation import Organisation
from tests.handrail.running import ROOT


@pytest.fixture
def organisation(tmp_path, git) -> Organisation:
    made = Organisation(tmp_path / "repositories", git, f"sqlite:///{tmp_path / 'x.db'}")
    made.service("payments")
    return made


def eventually(holds, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_each_pass_sees_what_changed_and_sigterm_ends_it(organisation):
    crawling = organisation.start("--every", "1s")
    assert crawling.stdout is not None
    assert "1 services" in crawling.stdout.readline()
    organisation.service("ledger")
    eventually(lambda: len(organisation.rows(Entity.ref)) == 2)
    crawling.send_signal(signal.SIGTERM)
    crawling.communicate(timeout=20)
    assert crawling.returncode == 0


def test_what_is_wrong_from_the_start_stops_it(organisation, tmp_path):
    organisation.folder = tmp_path / "nowhere"
    crawling = organisation.start("--every", "1h")
    _, said = crawling.communicate(timeout=20)
    assert crawling.returncode == 2
    assert "is not a folder" in said


def test_what_goes_wrong_later_is_told_and_tried_again(organisation, tmp_path):
    crawling = organisation.start("--every", "1s")
    assert crawling.stdout is not None
    assert crawling.stderr is not None
    crawling.stdout.readline()
    moved = organisation.folder.rename(tmp_path / "moved")
    assert "is not a folder" in (said := crawling.stderr.readline())
    assert "The next try is in" in said
    moved.rename(organisation.folder)
    organisation.service("ledger")
    eventually(lambda: len(organisation.rows(Entity.ref)) == 2)
    crawling.terminate()
    crawling.communicate(timeout=20)


def test_a_server_keeps_its_catalog_fresh_and_takes_its_crawler_with_it(organisation, tmp_path):
    configuration = tmp_path / "handrail.toml"
    configuration.write_text(
        f'[database]\nurl = "{organisation.url}"\n[[sources]]\npath = "{organisation.folder}"\n'
    )
    command = [sys.executable, "-m", "handrail", "serve", "--port", "0", "--crawl-every", "1s"]
    serving = subprocess.Popen(
        [*command, "--config", str(configuration)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert serving.stdout is not None
    found = re.search(r"http://[\d.]+:\d+/", serving.stdout.readline())
    assert found is not None

    def served() -> set[str]:
        with urllib.request.urlopen(found[0] + "api/v1/services") as answer:
            return {service["ref"] for service in json.load(answer)["services"]}

    eventually(lambda: served() == {"component:default/payments"})
    organisation.service("ledger")
    eventually(lambda: len(served()) == 2)
    serving.kill()  # the hard way: nothing that it would do at its end is done
    serving.communicate()
    time.sleep(2.5)
    count = len(organisation.rows(Crawl.id))
    time.sleep(2.5)
    assert len(organisation.rows(Crawl.id)) == count


def test_a_server_with_nothing_to_crawl_says_so(tmp_path):
    configuration = tmp_path / "handrail.toml"
    configuration.write_text("")
    command = [sys.executable, "-m", "handrail", "serve", "--crawl-every", "1m", "--config"]
    done = subprocess.run(
        [*command, str(configuration)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "List sources in handrail.toml" in done.stderr
