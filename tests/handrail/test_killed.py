"""A crawl that is killed, at whatever moment, leaves the database whole and nothing running."""

import os
import random
import signal
import time

import pytest
from sqlalchemy import func, select, text

from catalog.tables import Entity, Repository
from handrail.database import open_database
from scorecards.tables import Score, Standing
from tests.handrail.organisation import Organisation

_SERVICES = 8
_MOMENTS = int(os.environ.get("HANDRAIL_KILLS", "20"))


@pytest.fixture
def organisation(tmp_path, git, database_url) -> Organisation:
    return Organisation(tmp_path / "repositories", git, database_url)


def whole(organisation: Organisation) -> None:
    """The database opens, and each service in it is as it was at one commit, all of it."""
    if organisation.url.startswith("sqlite") and not os.path.exists(organisation.url[len("sqlite:///") :]):
        return
    engine = open_database(organisation.url, create=True)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        rows = connection.execute(
            select(Entity.description, Repository.subject, Entity.state, func.count(Score.id))
            .join(Repository, Repository.id == Entity.repository_id)
            .outerjoin(Score, Score.entity_id == Entity.id)
            .group_by(Entity.id, Entity.description, Repository.subject, Entity.state)
        ).all()
        assert all(row.description == row.subject for row in rows)
        assert {(row.state, row.count) for row in rows} <= {("declared", 1)}
        open_periods = select(func.count()).select_from(Standing).where(Standing.until.is_(None))
        assert connection.execute(open_periods).scalar_one() == len(rows)
    engine.dispose()


def change(organisation: Organisation, version: int) -> None:
    for number in range(_SERVICES):
        where = organisation.service(f"unit-{number}", description=f"Version {version}")
        organisation.git(where, "commit", "-q", "--amend", "-m", f"Version {version}")


def test_killed_at_any_moment_a_crawl_leaves_each_service_as_before_or_as_after(organisation):
    moments = random.Random(7)
    for version in range(_MOMENTS):
        change(organisation, version)
        crawling = organisation.start()
        time.sleep(moments.uniform(0.05, 1.2))
        crawling.kill()
        crawling.communicate()
        whole(organisation)
    assert organisation.crawl().services == _SERVICES
    whole(organisation)
    assert {row.description for row in organisation.rows(Entity.description)} == {f"Version {version}"}


def test_no_process_of_a_killed_crawl_lives_on(organisation):
    for number in range(_SERVICES):
        organisation.service(f"unit-{number}")
    crawling = organisation.start("--every", "1h")
    assert crawling.stdout is not None
    crawling.stdout.readline()  # it has crawled and waits
    organisation.service("unit-0", owner="group:others")
    crawling.kill()
    crawling.communicate()
    again = organisation.start()
    time.sleep(0.5)
    again.send_signal(signal.SIGSTOP)
    children = _children(again.pid)
    again.kill()
    again.communicate()
    until = time.monotonic() + 10
    while any(os.path.exists(f"/proc/{child}") for child in children) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [child for child in children if os.path.exists(f"/proc/{child}")]


def _children(pid: int) -> list[str]:
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return file.read().split()
