"""`handrail migrate`: bring a database up to this program."""

from pathlib import Path

import click

from handrail import database, options
from handrail.configuration import load
from handrail.errors import Stop

EPILOG = """\b
Examples:
  handrail backup before.db    a copy first
  handrail migrate             then the upgrade, of the database of your configuration

The upgrade is one transaction: it happens whole or not at all. Stop `handrail serve` of the older version
before it, and start the newer one after it. There is no way back but the copy.
"""


@click.command("migrate", epilog=EPILOG)
@options.database
@options.configuration
def command(db: str | None, config: Path | None) -> int:
    """Bring the tables of a database up to this version of Handrail."""
    from handrail.crawl.alone import file_lock, server_lock
    from handrail.migrations import upgrade

    url = database.address(db, load(config).database)
    with file_lock(url):
        engine = database.existing(url)
        try:
            found, newest = database.revision_of(engine), database.head_revision()
            if found is None:
                database.open_database(url, create=True).dispose()
                click.echo(f"It was empty; its tables are now those of migration {newest}.")
                return 0
            if found > newest:
                raise Stop("It was written by a newer Handrail.", "Install that version, or newer.")
            if found == newest:
                click.echo(f"Its tables are those of migration {newest}, the newest. Nothing to do.")
                return 0
            with server_lock(engine):
                upgrade(engine)
            click.echo(f"Upgraded from migration {found} to {newest}.")
        finally:
            engine.dispose()
    return 0
