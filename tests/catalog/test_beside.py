"""Repositories of a catalog are found by the names that others call them by."""

from collections.abc import Callable
from pathlib import Path

import pytest

from catalog.beside import Beside, Place
from catalog.sources import find

Git = Callable[..., str]


@pytest.fixture
def make(tmp_path: Path, git: Git) -> Callable[..., str]:
    """A repository with one file; its commit."""

    def commit(name: str, origin: str = "") -> str:
        folder = tmp_path / name
        folder.mkdir(parents=True)
        git(folder, "init", "-q")
        (folder / "who.txt").write_text(name)
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "one")
        if origin:
            git(folder, "remote", "add", "origin", origin)
        return git(folder, "rev-parse", "HEAD")

    return commit


def beside(folder: Path) -> Beside:
    return Beside(Place(f.name, f.location, f.head) for f in find(folder))


def test_a_name_is_the_catalogs_its_last_part_or_owner_and_name(make, tmp_path: Path) -> None:
    commit = make("shop/alerts")
    make("runbooks", "git@github.com:acme/runbooks.git")
    found = beside(tmp_path)
    for name in ("shop/alerts", "alerts", "Shop/Alerts", "shop/alerts.git"):
        assert found[name].commit == commit
        assert found[name].text("who.txt") == "shop/alerts"
    for name in ("runbooks", "acme/runbooks"):
        assert found[name].text("who.txt") == "runbooks"


@pytest.mark.parametrize("name", ["other/runbooks", "other/alerts", "nowhere", "", "/", "../alerts"])
def test_what_is_anothers_or_nobodys_is_not_there(make, tmp_path: Path, name: str) -> None:
    make("shop/alerts")
    make("runbooks", "https://github.com/acme/runbooks")
    found = beside(tmp_path)
    assert found.get(name) is None
    with pytest.raises(KeyError):
        found[name]


def test_a_name_that_means_two_is_not_there(make, tmp_path: Path) -> None:
    make("shop/alerts")
    make("bank/alerts")
    found = beside(tmp_path)
    assert found.get("alerts") is None
    assert found["bank/alerts"].text("who.txt") == "bank/alerts"


def test_a_repository_without_an_origin_may_be_anybodys(make, tmp_path: Path) -> None:
    make("shared")
    assert beside(tmp_path)["acme/shared"].text("who.txt") == "shared"


def test_one_that_cannot_be_opened_is_not_there(tmp_path: Path) -> None:
    gone = Beside([Place("gone", str(tmp_path / "gone"), None), Place("old", str(tmp_path), "a" * 40)])
    assert gone.get("gone") is None
    assert gone.get("acme/gone") is None
    assert gone.get("old") is None


def test_a_repository_is_opened_once_and_only_when_asked_for(make, tmp_path: Path) -> None:
    make("alerts")
    found = beside(tmp_path)
    assert (list(found), len(found)) == (["alerts"], 1)
    assert found["alerts"] is found["alerts"]
