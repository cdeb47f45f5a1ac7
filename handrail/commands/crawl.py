"""`handrail crawl`: read repositories into the catalog."""

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from catalog.secrets import masked_deep
from handrail import database, options
from handrail.configuration import load
from handrail.duration import Duration
from handrail.errors import Stop
from handrail.progress import Counted
from handrail.sources import source
from handrail.terminal import safe

if TYPE_CHECKING:
    from handrail.crawl.outcome import Outcome

_SHOWN = 20

EPILOG = """\b
Examples:
  handrail crawl ~/src                 every repository below ~/src
  handrail crawl                       the sources of handrail.toml
  handrail crawl https://git.example.org/shop/payments.git git@git.example.org:shop/refunds.git
  handrail crawl github:acme           what an organisation has; gitlab:GROUP, gitea:NAME@HOST
  handrail crawl ~/src --format json   counts and problems for a program
  handrail crawl --every 15m           again and again, until it is ended

\b
A repository is read again only when its commit, the checks, or what its verdicts rest on has changed.
One that cannot be read keeps its last result, marked stale; it does not stop the others.

\b
A token for a host is read from HANDRAIL_TOKEN_ and the host's name, such as HANDRAIL_TOKEN_GITHUB_COM,
or from where handrail.toml says. Never write one into an address.
"""


@click.command("crawl", epilog=EPILOG)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--strict", is_flag=True, help="Exit with 1 where a repository could not be read.")
@click.option(
    "--every", type=Duration(), metavar="TIME", help="Crawl again each 15m, 1h ... until Ctrl-C or SIGTERM."
)
@click.option("--while-open", is_flag=True, hidden=True, help="End when standard input is closed.")
@options.database
@options.configuration
@options.output_format()
def command(
    sources: tuple[str, ...],
    strict: bool,
    every: timedelta | None,
    while_open: bool,
    db: str | None,
    config: Path | None,
    format_: str,
) -> int:
    """Read repositories into the catalog and score every service.

    SOURCE is a folder that holds git repositories, bare ones or working copies, however deep; the address of
    a repository (file, https or ssh); or an organisation, a group or a user of a host.
    """
    settings = load(config)
    chosen = tuple(source(word) for word in sources) or settings.sources
    if not chosen:
        raise Stop(
            "There is nothing to read.", "Name a folder of repositories, or list sources in handrail.toml."
        )
    url = database.address(db, settings.database)

    def once() -> int:
        from handrail.crawl.run import crawl

        with Counted("Reading repositories") as progress:
            outcome = crawl(
                chosen,
                database.Database(url),
                progress,
                kept=settings.kept,
                organisation=settings.organisation,
                mirrors=settings.remotes.mirrors(),
            )
        if format_ == "json":
            click.echo(json.dumps(masked_deep(outcome.as_json()), indent=2))
        else:
            _tell(outcome, url)
        return 1 if strict and outcome.unreadable else 0

    if every is None:
        return once()
    from handrail.crawl.again import repeat

    repeat(once, every, while_open=while_open)
    return 0


def _tell(outcome: "Outcome", url: str) -> None:
    for name, problem in outcome.problems[:_SHOWN]:
        click.echo(safe(f"{name}: {problem}"), err=True)
    if len(outcome.problems) > _SHOWN:
        click.echo(f"... and {len(outcome.problems) - _SHOWN:,} more: see the crawl's page.", err=True)
    unread = f", {outcome.unreadable:,} could not be read" if outcome.unreadable else ""
    click.echo(
        f"{outcome.repositories:,} repositories, {outcome.changed:,} read{unread}; "
        f"{outcome.services:,} services; {outcome.seconds:.1f} s."
    )
    if sys.stderr.isatty():
        shown = f" --db {url}" if not url.endswith("/handrail.db") else ""
        click.echo(f"Look at them with: handrail serve{shown}", err=True)
