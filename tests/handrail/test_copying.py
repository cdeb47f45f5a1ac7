"""A copy of the catalog holds one moment, and can be put back."""

import re
import threading

import pytest
from sqlalchemy import func, select, text

from catalog.tables import Entity, Repository, metadata
from handrail.copying import backup, restore
from handrail.crawl.run import crawl
from handrail.database import Database, existing, open_database
from handrail.errors import Stop
from tests.handrail.organisation import Organisation
from tests.handrail.running import handrail


@pytest.fixture
def organisation(tmp_path, git, database_url) -> Organisation:
    made = Organisation(tmp_path / "repositories", git, database_url)
    for name in ("payments", "ledger", "wörter"):
        made.service(name)
    made.crawl()
    made.service("payments", owner="group:others")
    made.crawl(days=1)
    return made


def contents(url: str):
    engine = open_database(url)
    with engine.connect() as connection:
        found = {
            t.name: connection.execute(select(t).order_by(*t.primary_key)).all()
            for t in metadata.sorted_tables
        }
    engine.dispose()
    return found


def test_a_copy_holds_every_row_and_opens_as_a_catalog(organisation, tmp_path):
    engine = existing(organisation.url)
    file = tmp_path / "copy.db"
    assert backup(engine, file)["entity"] == 3
    engine.dispose()
    assert contents(f"sqlite:///{file}") == contents(organisation.url)
    assert [f.name for f in tmp_path.iterdir() if "copy" in f.name and f != file] == []


def test_what_was_copied_can_be_put_into_an_empty_database_and_crawled_into(organisation, tmp_path, request):
    file = tmp_path / "copy.db"
    engine = existing(organisation.url)
    backup(engine, file)
    before = contents(organisation.url)
    tables = ", ".join(f'"{t.name}"' for t in metadata.sorted_tables)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        else:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
    source = open_database(f"sqlite:///{file}")
    restore(source, engine)
    assert contents(organisation.url) == before
    with pytest.raises(ValueError, match="already holds rows"):
        restore(source, engine)
    organisation.service("new")
    outcome = organisation.crawl(days=2)
    assert (outcome.changed, outcome.services) == (1, 4)
    source.dispose()
    engine.dispose()


def test_a_copy_made_during_a_crawl_holds_whole_repositories(tmp_path, git, database_url):
    organisation = Organisation(tmp_path / "repositories", git, database_url)
    for number in range(30):
        organisation.service(f"unit-{number}")
    open_database(database_url, create=True).dispose()
    crawling = threading.Thread(
        target=crawl, args=([organisation.folder], Database(database_url), lambda *_: None)
    )
    crawling.start()
    engine = existing(database_url)
    copies = 0
    while crawling.is_alive() or not copies:
        file = tmp_path / f"copy-{copies}.db"
        backup(engine, file)
        copy = open_database(f"sqlite:///{file}")
        with copy.connect() as connection:
            entities = connection.execute(select(func.count(Entity.id))).scalar_one()
            assert entities == connection.execute(select(func.count(Repository.id))).scalar_one()
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        copy.dispose()
        copies += 1
    crawling.join()
    engine.dispose()


def test_the_commands_copy_and_put_back_and_write_over_nothing(organisation, tmp_path):
    file, new = tmp_path / "monday.db", f"sqlite:///{tmp_path / 'new.db'}"
    done = handrail(tmp_path, "backup", str(file), "--db", organisation.url)
    assert (done.status, done.err) == (0, "")
    assert "3 entities" in done.out
    again = handrail(tmp_path, "backup", str(file), "--db", organisation.url)
    assert again.status == 2
    assert "writes over no copy" in again.err
    done = handrail(tmp_path, "restore", str(file), "--db", new)
    assert done.status == 0, done.err
    assert contents(new) == contents(organisation.url)
    again = handrail(tmp_path, "restore", str(file), "--db", new)
    assert again.status == 2
    assert "already holds rows" in again.err


def test_a_copy_that_fails_leaves_nothing_behind(organisation, tmp_path):
    engine = existing(organisation.url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE entity_tag"))
    folder = tmp_path / "copies"
    folder.mkdir()
    if engine.dialect.name == "sqlite":  # it copies whatever is there
        backup(engine, folder / "copy.db")
        assert [f.name for f in folder.iterdir()] == ["copy.db"]
    else:
        with pytest.raises(Exception, match="entity_tag"):
            backup(engine, folder / "copy.db")
        assert list(folder.iterdir()) == []
    engine.dispose()


def test_an_older_database_is_refused_with_the_command_that_upgrades_it(database_url):
    engine = open_database(database_url, create=True)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(Stop, match="written by an older Handrail") as refused:
        open_database(database_url)
    assert "handrail backup FILE" in str(refused.value)
    assert "handrail migrate" in str(refused.value)
    engine.dispose()


def test_migrate_says_when_there_is_nothing_to_do(organisation, tmp_path):
    done = handrail(tmp_path, "migrate", "--db", organisation.url)
    assert (done.status, re.sub(r"\d{4}", "N", done.out)) == (
        0,
        "Its tables are those of migration N, the newest. Nothing to do.\n",
    )


def test_commands_on_a_database_that_is_not_there_say_how_to_fill_one(tmp_path):
    url = f"sqlite:///{tmp_path / 'none.db'}"
    for command in (["backup", "x.db"], ["migrate"], ["catalog", "forget", "component:default/x"]):
        done = handrail(tmp_path, *command, "--db", url)
        assert done.status == 2
        assert "handrail crawl FOLDER" in done.err
    assert not (tmp_path / "none.db").exists()
