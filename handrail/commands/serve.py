"""`handrail serve`: the web application."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import click

from handrail import database, options
from handrail.configuration import load
from handrail.duration import Duration
from handrail.errors import Stop

EPILOG = """\b
Examples:
  handrail serve                        the catalog in your data folder
  handrail serve --db sqlite:///x.db    another database
  handrail serve --port 0               any free port
  handrail serve --crawl-every 15m      and keep it fresh, from the sources of handrail.toml
"""


@click.command("serve", epilog=EPILOG)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes a free one."
)
@click.option(
    "--crawl-every",
    type=Duration(),
    metavar="TIME",
    help="Crawl the sources of handrail.toml each 15m, 1h ... meanwhile, in a process of its own.",
)
@options.database
@options.configuration
def command(host: str, port: int, crawl_every: timedelta | None, db: str | None, config: Path | None) -> int:
    """Serve the web application until Ctrl-C.

    It has no accounts: listen on other addresses only behind a proxy that asks who is there.
    """
    settings = load(config)
    url = database.address(db, settings.database)
    if crawl_every is None:
        run(url, host, port)
        return 0
    if not settings.sources:
        raise Stop("There is nothing to crawl.", "List sources in handrail.toml, or name it with --config.")
    database.Database(url).open().dispose()  # there must be one to serve before the first crawl is done
    with _crawler(url, config, crawl_every):
        run(url, host, port)
    return 0


@contextmanager
def _crawler(url: str, config: Path | None, every: timedelta) -> Iterator[None]:
    """A process that crawls again and again, and ends with this one, however this one ends."""
    command = [sys.executable, "-P", "-c", "from start_handrail import main; main()", "crawl"]
    command += ["--every", f"{round(every.total_seconds())}s", "--while-open"]
    command += ["--config", str(config)] if config else []
    started = subprocess.Popen(
        command, stdin=subprocess.PIPE, env={**os.environ, "HANDRAIL_DATABASE_URL": url}
    )
    try:
        yield
    finally:
        started.terminate()
        started.wait()


def _end(number: int, frame: FrameType | None) -> None:
    """End as on Ctrl-C: requests that are under way are answered."""
    raise SystemExit(0)


def run(url: str, host: str, port: int) -> None:
    """Serve a database until interrupted; the address goes to standard output once it answers."""
    # A server's database may be empty before the first crawl; a file that is not there is a mistyped name.
    engine = database.open_database(url, create=not url.startswith("sqlite:"))
    from waitress import create_server

    from web import create_app
    from web.telemetry import configure_traces, log_as_json

    if not sys.stderr.isatty():
        log_as_json()
    app = create_app(engine)
    try:
        configure_traces(app, engine)
    except ImportError as error:
        raise Stop(
            "OTEL_EXPORTER_OTLP_ENDPOINT asks for traces, and OpenTelemetry is not installed.",
            "Install handrail[traces], or unset it.",
        ) from error
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
