"""Migrations of the database, in the order of their numbers; run by Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for a connection that is already open."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """Bring every table up to the newest migration, in one transaction."""
    with engine.begin() as connection:
        command.upgrade(configuration(connection), "head")
