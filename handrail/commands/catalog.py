"""`handrail catalog`: what a person decides about the catalog."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handrail import database, options
from handrail.configuration import load
from handrail.errors import Stop

if TYPE_CHECKING:
    from sqlalchemy import Connection

EPILOG = """\b
Examples:
  handrail catalog forget component:default/payments               it is gone, and so may its history be
  handrail catalog give component:default/payments shop/payments   this repository keeps the name
"""


@click.group("catalog", epilog=EPILOG)
def command() -> None:
    """Decide what no crawl can: forget what is gone, say who keeps a name."""


@command.command("forget")
@click.argument("ref")
@options.database
@options.configuration
def forget(ref: str, db: str | None, config: Path | None) -> int:
    """Delete an entity that is gone, with its history.

    REF is as pages show it: component:default/payments. What is still declared is not forgotten, since the
    next crawl would find it again: remove its descriptor first.
    """
    from catalog import decisions

    _decide(db, config, lambda connection: decisions.forget(connection, ref))
    click.echo(f"{ref} is forgotten.")
    return 0


@command.command("give")
@click.argument("ref")
@click.argument("repository")
@options.database
@options.configuration
def give(ref: str, repository: str, db: str | None, config: Path | None) -> int:
    """Give a name that two repositories claim to one of them.

    Of two that declare the same REF the first known keeps it and the other is shown in conflict. This gives
    it to REPOSITORY, named as its source names it; the next crawl keeps to that.
    """
    from catalog import decisions

    _decide(db, config, lambda connection: decisions.give(connection, ref, repository))
    click.echo(f"{ref} belongs to {repository}.")
    return 0


def _decide(db: str | None, config: Path | None, decision: Callable[["Connection"], None]) -> None:
    """Carry a decision out in one transaction, while no crawl is writing."""
    from handrail.crawl.alone import file_lock, server_lock

    url = database.address(db, load(config).database)
    with file_lock(url):
        engine = database.open_database(url)
        try:
            with server_lock(engine), engine.begin() as connection:
                decision(connection)
        except LookupError as error:
            raise Stop(str(error.args[0])) from error
        finally:
            engine.dispose()
