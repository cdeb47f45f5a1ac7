"""Several hosts at once: a slow one, one that fails for a while, one that is gone."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.remotes import fetching, mirror
from catalog.remotes.address import parse
from catalog.remotes.fetching import Fetching, Wanted, pause
from catalog.remotes.mirror import Limits, Mirrors
from tests.catalog.remotes.serving import Forge
from tests.catalog.remotes.test_safety import fill


def wanted(folder: Path, url: str) -> Wanted:
    address = parse(url)
    return Wanted(address.name, address, folder / address.folder)


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(fetching, "_FIRST_PAUSE", 0.05)


def test_a_slow_host_does_not_hold_up_another(forge, tmp_path, git, quick):
    slow = Forge(tmp_path / "slow")
    slow.rules["/"] = lambda handler: time.sleep(30)
    fetch = Fetching(Mirrors(tmp_path / "mirrors", limits=Limits(seconds=8, attempts=1, at_once=2)))
    for number in range(12):
        fetch.add(wanted(tmp_path / "mirrors", slow.address(f"s{number}")))
    for number in range(6):
        fill(forge.bare(f"q{number}"), git)
        fetch.add(wanted(tmp_path / "mirrors", forge.address(f"q{number}")))
    first = [fetch.results.get(timeout=60) for _ in range(6)]
    assert sum(r.problem is None for r in first) >= 5, first
    rest = [fetch.results.get(timeout=60) for _ in range(12)]
    assert sum(r.problem is None for r in first + rest) == 6
    told = [r.problem for r in rest if r.problem]
    assert any("took longer than 8 seconds" in problem for problem in told)
    assert any("left alone for now" in problem for problem in told), (
        "a host that is gone is not asked 12 times"
    )
    fetch.close()
    slow.close()


def test_what_fails_for_a_while_is_tried_again(forge, tmp_path, git, quick):
    head = fill(forge.bare("a"), git)
    failures = [503, 500]

    def sometimes(handler):
        if failures:
            handler.reply(failures.pop(), b"")
        else:
            del forge.rules["/git/"]
            handler._answer()

    forge.rules["/git/"] = sometimes
    fetch = Fetching(Mirrors(tmp_path / "mirrors", limits=Limits(seconds=20, attempts=3)))
    fetch.add(wanted(tmp_path / "mirrors", forge.address("a")))
    assert fetch.results.get(timeout=60).head == head
    fetch.close()


def test_what_does_not_pass_is_not_tried_again(forge, tmp_path, quick):
    fetch = Fetching(Mirrors(tmp_path / "mirrors", limits=Limits(seconds=20, attempts=3)))
    fetch.add(wanted(tmp_path / "mirrors", forge.address("none")))
    assert "no repository is there" in (fetch.results.get(timeout=60).problem or "")
    assert len(forge.requests) == 1
    fetch.close()


def test_closing_ends_what_is_under_way(forge, tmp_path):
    forge.rules["/"] = lambda handler: time.sleep(30)
    fetch = Fetching(Mirrors(tmp_path / "mirrors"))
    for number in range(9):
        fetch.add(wanted(tmp_path / "mirrors", forge.address(f"s{number}")))
    time.sleep(0.3)
    started = time.monotonic()
    fetch.close()
    assert time.monotonic() - started < 10


def test_a_mirror_that_cannot_be_written_is_a_problem_of_its_repository(forge, tmp_path, monkeypatch):
    def full(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(mirror, "_skeleton", full)
    fetch = Fetching(Mirrors(tmp_path / "mirrors"))
    fetch.add(wanted(tmp_path / "mirrors", forge.address("a")))
    assert fetch.results.get(timeout=60).problem == "its mirror cannot be written: No space left on device"
    fetch.close()


@given(st.integers(1, 40))
def test_a_pause_is_drawn_from_a_span_that_doubles_up_to_half_a_minute(attempt):
    assert 0 <= pause(attempt) <= min(30, 2**attempt)
