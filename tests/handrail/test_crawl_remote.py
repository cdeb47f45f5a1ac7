"""A crawl of repositories elsewhere: by their addresses, and as an organisation's host lists them."""

import os
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from catalog.hosts import Group
from catalog.remotes.access import Access, Host
from catalog.remotes.address import parse
from catalog.remotes.mirror import Limits, Mirrors
from catalog.tables import Entity, Repository
from handrail.crawl import gathering
from handrail.crawl.outcome import Outcome
from handrail.crawl.run import crawl
from handrail.database import Database, open_database
from tests.catalog.remotes.serving import LONG_AGO, Forge
from tests.handrail.running import descriptor

TOKEN = "tok_3n7-secret"


class Elsewhere:
    """Repositories on a host, and the catalog that they are crawled into."""

    def __init__(self, folder: Path, forge: Forge, git) -> None:
        self.folder, self.forge, self.git = folder, forge, git
        self.database = f"sqlite:///{folder / 'handrail.db'}"
        self.access = Access()
        self.kind = "github"
        self.group: dict[str, bool] = {}

    @property
    def mirrors(self) -> Mirrors:
        return Mirrors(self.folder / "mirrors", self.access, Limits(seconds=20, attempts=1))

    def push(self, name: str, service: str | None = None, **spec: str) -> str:
        bare = self.forge.bare(name)
        work = bare.with_name(bare.name + ".work")
        if not bare.exists():
            bare.mkdir(parents=True)
            self.git(bare, "init", "-q", "--bare")
            self.git(bare.parent, "init", "-q", str(work))
        if service:
            (work / "catalog-info.yaml").write_text(descriptor(service, **spec))
        self.git(work, "add", "-A")
        self.git(work, "commit", "-qm", "Change", "--allow-empty")
        self.git(work, "push", "-q", "--force", str(bare), "HEAD:main")
        return str(self.git(work, "rev-parse", "HEAD"))

    def crawl(self, *names: str, groups: tuple[str, ...] = (), days: int = 0) -> Outcome:
        self.forge.requests.clear()
        sources = [
            *(parse(self.forge.address(name)) for name in names),
            *(Group(self.kind, group, self.forge.url, **self.group) for group in groups),
        ]
        now = datetime.now(UTC) + timedelta(days=days)
        return crawl(sources, Database(self.database), lambda *_: None, now, mirrors=self.mirrors)

    def rows(self, *columns):
        engine = open_database(self.database)
        with engine.connect() as connection:
            found = connection.execute(select(*columns)).all()
        engine.dispose()
        return found

    def states(self) -> dict[str, str]:
        return {ref.rpartition("/")[2]: state for ref, state in self.rows(Entity.ref, Entity.state)}


@pytest.fixture
def elsewhere(tmp_path, forge, git) -> Elsewhere:
    return Elsewhere(tmp_path, forge, git)


def test_addresses_are_mirrored_and_read(elsewhere):
    elsewhere.push("shop/payments", "payments")
    elsewhere.push("shop/refunds")
    outcome = elsewhere.crawl("shop/payments", "shop/refunds")
    assert (outcome.repositories, outcome.changed, outcome.services) == (2, 2, 2), outcome.problems
    assert set(elsewhere.states()) == {"payments", "refunds"}
    assert {r.name for r in elsewhere.rows(Repository.name)} == {
        "git/shop/payments",
        "git/shop/refunds",
    }
    assert elsewhere.rows(Repository.url)[0].url.startswith("http://127.0.0.1")
    again = elsewhere.crawl("shop/payments", "shop/refunds")
    assert (again.repositories, again.changed, again.services) == (2, 0, 2)
    elsewhere.push("shop/refunds", "refunds", owner="group:other")
    assert elsewhere.crawl("shop/payments", "shop/refunds").changed == 1


def test_one_that_cannot_be_fetched_keeps_its_last_result_and_is_said_to_be_stale(elsewhere):
    elsewhere.push("payments", "payments")
    elsewhere.push("refunds", "refunds")
    elsewhere.crawl("payments", "refunds")
    shutil.rmtree(elsewhere.forge.bare("payments"))
    outcome = elsewhere.crawl("payments", "refunds", "never")
    assert outcome.unreadable == 2
    assert {name for name, p in outcome.problems if "no repository is there" in p.message} == {
        "git/payments",
        "git/never",
    }
    assert elsewhere.states() == {"payments": "declared", "refunds": "declared"}
    stale = {r.name: r.stale_since for r in elsewhere.rows(Repository.name, Repository.stale_since)}
    assert {name for name, since in stale.items() if since} == {"git/payments", "git/never"}
    elsewhere.push("payments", "payments")
    assert elsewhere.crawl("payments", "refunds").unreadable == 0


def test_damaged_objects_are_fetched_again_in_the_same_crawl(elsewhere):
    elsewhere.push("payments", "payments")
    elsewhere.push("refunds", "refunds")
    elsewhere.crawl("payments", "refunds")
    elsewhere.push("payments", "payments")
    for pack in (elsewhere.folder / "mirrors").rglob("*.pack"):
        pack.chmod(0o644)
        pack.write_bytes(pack.read_bytes()[:-40] + b"\0" * 40)
        pack.with_suffix(".idx").unlink()
    engine = open_database(elsewhere.database)
    with engine.begin() as connection:
        connection.execute(Repository.__table__.update().values(rules="older"))
    engine.dispose()
    outcome = elsewhere.crawl("payments", "refunds")
    assert outcome.problems == []
    assert (outcome.changed, outcome.services) == (2, 2)
    assert elsewhere.crawl("payments", "refunds").changed == 0


@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_an_organisation_is_read_and_when_nothing_changed_git_is_asked_for_nothing(elsewhere, kind):
    elsewhere.kind = kind
    for number in range(7):
        elsewhere.push(f"shop/s{number}", f"s{number}")
        elsewhere.forge.has("shop", number, f"shop/s{number}")
    elsewhere.push("shop/empty", None)
    elsewhere.git(elsewhere.forge.bare("shop/empty"), "symbolic-ref", "HEAD", "refs/heads/none")
    elsewhere.forge.has("shop", 77, "shop/empty")
    elsewhere.forge.page = 3
    outcome = elsewhere.crawl(groups=("shop",))
    assert (outcome.repositories, outcome.services) == (8, 7)
    assert [p.message for _, p in outcome.problems] == [
        "It could not be read: no commit yet on its default branch."
    ]
    again = elsewhere.crawl(groups=("shop",))
    assert elsewhere.forge.asked_of_git() == []
    assert again.services == 7
    elsewhere.push("shop/s3", "s3")
    elsewhere.forge.groups["shop"][3]["pushed"] = "2025-05-01T10:00:00Z"
    assert elsewhere.crawl(groups=("shop",)).changed == 2  # and the empty one, which has nothing to compare
    assert {path.split("/")[3] for path in elsewhere.forge.asked_of_git()} == {"s3.git"}


@pytest.mark.parametrize(("kind", "seconds"), [("github", 60), ("gitlab", 3600), ("gitea", 60)])
def test_a_push_so_late_that_the_host_may_not_tell_of_the_next_is_asked_of_git(elsewhere, kind, seconds):
    elsewhere.kind = kind
    elsewhere.push("shop/payments", "payments")
    pushed = (datetime.now(UTC) - timedelta(seconds=seconds / 2)).isoformat()
    elsewhere.forge.has("shop", 1, "shop/payments", pushed=pushed)
    elsewhere.crawl(groups=("shop",))
    elsewhere.push("shop/payments", "payments", owner="group:other")
    assert elsewhere.crawl(groups=("shop",)).changed == 1
    elsewhere.forge.ahead = 4 * 3600
    elsewhere.crawl(groups=("shop",))
    assert elsewhere.forge.asked_of_git()
    elsewhere.crawl(groups=("shop",))
    assert elsewhere.forge.asked_of_git() == [], "by the host's clock it is long ago"


def test_archived_ones_and_forks_are_read_by_choice(elsewhere):
    for number, more in enumerate(({}, {"archived": True}, {"fork": True})):
        elsewhere.push(f"shop/s{number}", f"s{number}")
        elsewhere.forge.has("shop", number, f"shop/s{number}", **more)
    elsewhere.crawl(groups=("shop",))
    assert elsewhere.states() == {"s0": "declared"}
    elsewhere.group = {"archived": True, "forks": True}
    elsewhere.crawl(groups=("shop",))
    assert list(elsewhere.states().values()) == ["declared"] * 3
    elsewhere.group = {"archived": True}
    elsewhere.crawl(groups=("shop",))
    assert elsewhere.states()["s2"] == "gone"


def test_a_repository_that_is_renamed_or_transferred_is_the_same_one(elsewhere):
    elsewhere.push("shop/payments", "payments")
    item = elsewhere.forge.has("shop", 7, "shop/payments")
    elsewhere.forge.groups["bank"] = []
    elsewhere.crawl(groups=("shop", "bank"))
    before = elsewhere.rows(Repository.id, Repository.first_seen)
    elsewhere.forge.bare("bank").mkdir()
    elsewhere.forge.bare("shop/payments").rename(elsewhere.folder / "forge/git/money.git")
    item["name"] = "money"
    assert elsewhere.crawl(groups=("shop", "bank")).problems == []
    assert elsewhere.forge.asked_of_git() == []
    elsewhere.forge.groups["bank"].append(elsewhere.forge.groups["shop"].pop())
    assert elsewhere.crawl(groups=("shop", "bank")).problems == []
    assert elsewhere.rows(Repository.id, Repository.first_seen) == before
    ((name, url, gone),) = elsewhere.rows(Repository.name, Repository.url, Repository.gone_since)
    assert (name, gone) == ("money", None)
    assert url.endswith("/git/money")


def test_one_that_its_host_no_longer_lists_is_gone_and_may_come_back(elsewhere):
    for number in range(2):
        elsewhere.push(f"shop/s{number}", f"s{number}")
        elsewhere.forge.has("shop", number, f"shop/s{number}")
    elsewhere.crawl(groups=("shop",))
    item = elsewhere.forge.groups["shop"].pop()
    elsewhere.crawl(groups=("shop",))
    assert elsewhere.states() == {"s0": "declared", "s1": "gone"}
    elsewhere.forge.groups["shop"].append(item)
    elsewhere.crawl(groups=("shop",))
    assert elsewhere.states() == {"s0": "declared", "s1": "declared"}


def test_a_host_that_does_not_answer_loses_nothing(elsewhere, monkeypatch):
    for number in range(2):
        elsewhere.push(f"shop/s{number}", f"s{number}")
        elsewhere.forge.has("shop", number, f"shop/s{number}")
    elsewhere.crawl(groups=("shop",))
    elsewhere.forge.rules["/orgs/"] = lambda handler: handler.reply(404, b"{}")
    outcome = elsewhere.crawl(groups=("shop",))
    (problem,) = outcome.problems
    assert problem[0].startswith("github:shop at http://127.0.0.1")
    assert "knows no `shop`" in problem[1].message
    assert elsewhere.states() == {"s0": "declared", "s1": "declared"}
    assert outcome.repositories == 2, "what was listed the last time is fetched all the same"


def test_a_token_is_neither_in_the_database_nor_in_a_mirror_nor_said(elsewhere, monkeypatch):
    elsewhere.forge.token = TOKEN
    monkeypatch.setenv("MY_TOKEN", TOKEN)
    elsewhere.access = Access({elsewhere.forge.host: Host(token_env="MY_TOKEN")})
    elsewhere.push("shop/payments", "payments")
    elsewhere.forge.has("shop", 1, "shop/payments")
    elsewhere.forge.has("shop", 2, "shop/none")
    outcome = elsewhere.crawl("shop/payments", groups=("shop",))
    assert outcome.services == 1
    for file in elsewhere.folder.rglob("*"):
        if file.is_file() and "forge" not in file.parts:
            assert TOKEN.encode() not in file.read_bytes(), file
    assert TOKEN not in str(outcome.as_json())
    assert all(oct(p.stat().st_mode)[-2:] == "00" for p in [elsewhere.folder / "mirrors"])


def test_a_late_repository_does_not_keep_the_others_from_the_catalog(elsewhere, monkeypatch):
    monkeypatch.setattr(gathering, "_PATIENCE", 0.3)
    for name in ("a", "b", "c"):
        elsewhere.push(name, name)
    seen = []

    def slow(handler):
        time.sleep(6)
        seen.append(set(elsewhere.states()) if Path(elsewhere.database[10:]).exists() else set())
        del elsewhere.forge.rules["/git/a.git"]
        handler._answer()

    elsewhere.forge.rules["/git/a.git"] = slow
    assert elsewhere.crawl("a", "b", "c").services == 3
    assert seen == [{"b", "c"}]


def test_one_listed_and_named_by_its_address_is_one_repository(elsewhere):
    elsewhere.push("shop/payments", "payments")
    elsewhere.forge.has("shop", 1, "git/shop/payments", url=elsewhere.forge.address("shop/payments"))
    outcome = elsewhere.crawl("shop/payments", groups=("shop",))
    assert (outcome.repositories, outcome.problems) == (1, [])


@pytest.mark.parametrize(
    "url", ["file:///etc", "ext::sh -c id", "https://x:y@host/z", "-oProxyCommand=x", ""]
)
def test_a_host_that_gives_a_hostile_address_is_not_followed(elsewhere, url):
    elsewhere.push("shop/payments", "payments")
    elsewhere.forge.has("shop", 1, "shop/payments")
    elsewhere.forge.has("shop", 2, "shop/evil", url=url)
    outcome = elsewhere.crawl(groups=("shop",))
    assert outcome.services == 1
    assert all("y@host" not in p.message for _, p in outcome.problems)
    assert os.listdir(elsewhere.folder / "mirrors" / elsewhere.forge.host.replace(":", "_"))


def test_what_is_dated_is_from_long_ago():
    assert datetime.now(UTC).isoformat() > LONG_AGO
