"""`handrail backup`: a consistent copy of the database, while it is in use."""

from pathlib import Path

import click

from handrail import database, options
from handrail.configuration import load
from handrail.errors import Stop

EPILOG = """\b
Examples:
  handrail backup monday.db                              a copy of the catalog, as a SQLite file
  handrail serve --db sqlite:///monday.db                look at it
  handrail restore monday.db --db postgresql://h@db/new  put it into an empty database

The copy holds one moment, whatever is crawled or served meanwhile. It is written beside its place and moved
there when it is whole.
"""


@click.command("backup", epilog=EPILOG)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@options.database
@options.configuration
def command(file: Path, db: str | None, config: Path | None) -> int:
    """Write a copy of the database to FILE, a SQLite database, also while it is crawled and served."""
    from handrail.copying import backup

    if file.exists():
        raise Stop(f"{file} is there already.", "Name a new file; Handrail writes over no copy.")
    if not file.absolute().parent.is_dir():
        raise Stop(f"The folder of {file} does not exist.", "Make it first.")
    engine = database.existing(database.address(db, load(config).database))
    try:
        rows = backup(engine, file)
    finally:
        engine.dispose()
    click.echo(f"{file}: {file.stat().st_size:,} bytes, {rows['entity']:,} entities.")
    return 0
