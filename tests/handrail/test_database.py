"""A database is made, kept up to date, and refused where it is not ours."""

import socket
import sqlite3
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError

import scorecards.tables  # noqa: F401 - its tables belong to the metadata
from catalog.database import open_engine
from catalog.tables import metadata
from handrail.database import address, head_revision, open_database
from handrail.errors import Stop
from handrail.migrations import upgrade


def _schema(engine):
    found = inspect(engine)
    tables = {}
    for name in found.get_table_names():
        columns = {(c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(name)}
        indexes = {(i["name"], tuple(i["column_names"])) for i in found.get_indexes(name)}
        keys = {k["name"] for k in (*found.get_unique_constraints(name), *found.get_foreign_keys(name))}
        tables[name] = columns, indexes, keys
    return tables


def test_migrations_and_the_short_way_make_the_same_tables(database_url, tmp_path):
    made = open_database(database_url, create=True)
    short = _schema(made)
    with made.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(text(f'DROP TABLE "{table.name}"'))
        connection.execute(text("DROP TABLE alembic_version"))
    upgrade(made)
    short.pop("alembic_version")
    long = _schema(made)
    long.pop("alembic_version")
    assert long == short
    made.dispose()


def test_migrations_make_the_tables_that_the_code_names(database_url):
    engine = open_engine(database_url)
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == head_revision()


def test_sqlite_writes_ahead_and_keeps_references(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'x.db'}", create=True)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_opening_again_changes_nothing(database_url):
    for _ in range(2):
        open_database(database_url, create=True).dispose()
    open_database(database_url).dispose()


def test_a_database_from_a_newer_handrail_is_refused(engine, database_url):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Stop, match="written by a newer Handrail"):
        open_database(database_url)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nonsense", "not a database address"),
        ("mysql://x/y", "not supported"),
        ("sqlite:////nowhere/at/all/x.db", "folder does not exist"),
        ("postgresql://nobody@127.0.0.1:1/x?connect_timeout=2", "cannot be opened"),
    ],
)
def test_a_bad_address_says_what_to_do(url, message):
    with pytest.raises(Stop, match=message):
        open_database(url, create=True)


def test_reading_from_a_database_that_is_not_there_says_how_to_fill_one(tmp_path):
    with pytest.raises(Stop, match="handrail crawl FOLDER"):
        open_database(f"sqlite:///{tmp_path / 'x.db'}")
    assert not (tmp_path / "x.db").exists()


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path):
    file = tmp_path / "x.db"
    file.write_text("a shopping list, long enough to be looked at as a database file\n" * 20)
    with pytest.raises(Stop, match="cannot be opened"):
        open_database(f"sqlite:///{file}", create=True)
    assert file.read_text().startswith("a shopping list")


def test_the_address_comes_from_option_environment_configuration_and_home(monkeypatch):
    assert Path(address(None).removeprefix("sqlite:///")).parent.is_dir()
    assert address(None, "sqlite:///configured.db") == "sqlite:///configured.db"
    monkeypatch.setenv("HANDRAIL_DATABASE_URL", "sqlite:///environment.db")
    assert address(None, "sqlite:///configured.db") == "sqlite:///environment.db"
    assert address("sqlite:///option.db", "sqlite:///configured.db") == "sqlite:///option.db"


def test_a_writer_that_is_cut_off_leaves_the_database_whole(tmp_path):
    url = f"sqlite:///{tmp_path / 'x.db'}"
    engine = open_database(url, create=True)
    connection = engine.connect()
    connection.execute(text("INSERT INTO crawl (started_at, sources, rules, repositories, changed, services, errors, seconds) VALUES ('2026-01-01', '[]', 'x', 0, 0, 0, 0, 0)"))  # fmt: skip  # noqa: E501
    connection.invalidate()
    with sqlite3.connect(tmp_path / "x.db") as other:
        assert other.execute("SELECT count(*) FROM crawl").fetchone() == (0,)
        assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_server_that_never_answers_is_not_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert open_engine(f"postgresql://127.0.0.1:{port}/x").url.query["connect_timeout"] == "5"
        engine = open_engine(f"postgresql://127.0.0.1:{port}/x?connect_timeout=2")
        started = time.monotonic()
        with pytest.raises(OperationalError):
            engine.connect()
        assert time.monotonic() - started < 10


def test_a_connection_that_broke_in_the_pool_is_replaced(postgresql):
    engine = open_engine(postgresql)
    other = open_engine(postgresql)
    with engine.connect() as connection:
        number = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with other.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    engine.dispose()
    other.dispose()
