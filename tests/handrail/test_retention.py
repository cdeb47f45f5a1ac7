"""Records of crawls and of history are kept as long as the configuration says."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func

from catalog.tables import Crawl, Problem
from handrail.configuration import Kept, load
from handrail.crawl.run import crawl
from handrail.database import Database
from handrail.errors import Stop
from scorecards.tables import Standing, Verdict
from tests.handrail.organisation import Organisation


@pytest.fixture
def organisation(tmp_path, git, database_url) -> Organisation:
    """Three crawls, a hundred days apart, with a change of an owner before each and a broken repository."""
    made = Organisation(tmp_path / "repositories", git, database_url)
    (made.folder / "torn" / ".git").mkdir(parents=True)
    for number, owner in enumerate(("group:a", "unknown", "group:b")):
        made.service("payments", owner=owner)
        made.crawl(days=100 * number)
    return made


def count(organisation: Organisation, column) -> int:
    return organisation.rows(func.count(column))[0][0]


def again(organisation: Organisation, kept: Kept | None, days: int = 210) -> None:
    now = datetime.now(UTC) + timedelta(days=days)
    crawl([organisation.folder], Database(organisation.url), lambda *_: None, now, kept)


def test_all_is_kept_where_nothing_is_said(organisation):
    again(organisation, None)
    assert count(organisation, Crawl.id) == 4
    assert count(organisation, Problem.id) == 4


def test_old_crawls_go_with_their_problems_and_the_last_one_stays(organisation):
    again(organisation, Kept(timedelta(days=50)))
    assert count(organisation, Crawl.id) == 2
    assert count(organisation, Problem.id) == 2
    again(organisation, Kept(timedelta(seconds=1)), days=500)
    assert count(organisation, Crawl.id) == 1


def test_old_history_goes_and_what_holds_now_stays(organisation):
    before = count(organisation, Verdict.id), count(organisation, Standing.id)
    again(organisation, Kept(timedelta(days=1000), timedelta(days=50)))
    rows = organisation.rows(Verdict.check, Verdict.until, Verdict.since)
    now = {row.check for row in rows if row.until is None}
    assert len(now) == len([row for row in rows if row.until is None]) > 0
    ended = [row for row in rows if row.until is not None and row.check == "owner-set"]
    assert len(ended) == 1  # that of 200 days ago ended 110 days ago; that of 100 days ago 10 days ago
    assert (count(organisation, Verdict.id), count(organisation, Standing.id)) < before


def test_the_configuration_says_how_long(tmp_path):
    file = tmp_path / "handrail.toml"
    file.write_text('[retention]\ncrawls = "30d"\nhistory = "2y"\n')
    assert load(file).kept == Kept(timedelta(days=30), timedelta(days=730))
    file.write_text("")
    assert load(file).kept == Kept(timedelta(days=90), None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[retention]\ncrawls = "often"', "as in 15m"),
        ("[retention]\nservices = '1d'", "is not known"),
        ("retention = 3", "is not known"),
    ],
)
def test_a_wrong_configuration_says_what_is_known(tmp_path, text, message):
    file = tmp_path / "handrail.toml"
    file.write_text(text)
    with pytest.raises(Stop, match=message):
        load(file)
