import psycopg
import pytest

from app import schema
from app.jobs import Queue
from app.settings import Settings
from sandbox.database import database


@pytest.fixture(scope="session")
def server():
    with database() as running:
        yield running


@pytest.fixture
def settings(server):
    """Settings for a queue that is empty."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    made = Settings(database_url=server.url, gateway_url="http://127.0.0.1:9", gateway_timeout=0.3)
    schema.migrate(made)
    return made


@pytest.fixture
def queue(settings):
    with Queue.connect(settings) as connected:
        yield connected


@pytest.fixture
def other(settings):
    """The queue, as another worker sees it."""
    with Queue.connect(settings) as connected:
        yield connected
