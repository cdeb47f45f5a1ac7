"""`handrail restore`: put a copy into an empty database."""

from pathlib import Path

import click

from handrail import database, options
from handrail.configuration import load
from handrail.errors import Stop

EPILOG = """\b
Examples:
  handrail restore monday.db --db sqlite:///new.db
  handrail restore monday.db --db postgresql://handrail@db/handrail

This is also the way from SQLite to PostgreSQL.
"""


@click.command("restore", epilog=EPILOG)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@options.database
@options.configuration
def command(file: Path, db: str | None, config: Path | None) -> int:
    """Put FILE, written by `handrail backup`, into an empty database, all of it or nothing."""
    from handrail.copying import restore
    from handrail.crawl.alone import file_lock, server_lock

    url = database.address(db, load(config).database)
    source = database.open_database(f"sqlite:///{file}")
    try:
        with file_lock(url):
            target = database.open_database(url, create=True)
            with server_lock(target):
                rows = restore(source, target)
            target.dispose()
    except ValueError as error:
        raise Stop(f"{error}.", "Name an empty database with --db.") from error
    finally:
        source.dispose()
    click.echo(f"{sum(rows.values()):,} rows, {rows['entity']:,} entities.")
    return 0
