"""`handrail serve`: the web application."""

import signal
from pathlib import Path
from types import FrameType
from typing import Any

import click

from handrail import database, options
from handrail.configuration import load
from handrail.errors import Stop

EPILOG = """\b
Examples:
  handrail serve                        the catalog in your data folder
  handrail serve --db sqlite:///x.db    another database
  handrail serve --port 0               any free port
"""


@click.command("serve", epilog=EPILOG)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes a free one."
)
@options.database
@options.configuration
def command(host: str, port: int, db: str | None, config: Path | None) -> int:
    """Serve the web application until Ctrl-C.

    It has no accounts: listen on other addresses only behind a proxy that asks who is there.
    """
    settings = load(config)
    run(database.address(db, settings.database), host, port)
    return 0


def _end(number: int, frame: FrameType | None) -> None:
    """End as on Ctrl-C: requests that are under way are answered."""
    raise SystemExit(0)


def run(url: str, host: str, port: int) -> None:
    """Serve a database until interrupted; the address goes to standard output once it answers."""
    engine = database.open_database(url)
    from waitress import create_server

    from web import create_app

    app = create_app(engine)
    try:
        server: Any = create_server(app, host=host, port=port, threads=8, ident="handrail")
    except OSError as error:
        raise Stop(
            f"Cannot listen on {host} port {port}: {error.strerror}.", "Choose another with --port."
        ) from error
    signal.signal(signal.SIGTERM, _end)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Handrail is at http://{shown}:{server.effective_port}/ (Ctrl-C ends it)")
    try:
        server.run()
    finally:
        server.close()
        engine.dispose()
