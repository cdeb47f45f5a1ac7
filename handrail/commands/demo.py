"""`handrail demo`: a sample organisation, crawled and served."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import click

from handrail import database
from handrail.errors import Stop
from handrail.progress import Counted

_MARK, _DONE = "made-by-handrail-demo", "complete"

EPILOG = """\b
Examples:
  handrail demo              make it, crawl it, serve it
  handrail demo --no-serve   only make and crawl it
  handrail demo --again      from nothing

The second run finds everything there and only looks for changes: edit a sample repository, commit, and
start the demo again to see its scorecard move.
"""


@click.command("demo", epilog=EPILOG)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to keep it; else in your cache folder.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes a free one."
)
@click.option("--serve/--no-serve", default=True, show_default=True, help="Serve it until Ctrl-C.")
@click.option("--again", is_flag=True, help="Delete it and make it from nothing.")
def command(folder: Path | None, host: str, port: int, serve: bool, again: bool) -> int:
    """Make a sample organisation, crawl it and serve it.

    Seventeen repositories of a ferry company: a monorepo, hollow files, a broken descriptor, refs that lead
    nowhere, two repositories that claim one name, and a service from a golden path.
    """
    home = folder or _home()
    _claim(home)
    if again:
        _empty(home)
    url = f"sqlite:///{home / 'handrail.db'}"
    _prepare(home, url)
    if serve:
        from handrail.commands.serve import run

        run(url, host, port)
    return 0


def _home() -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("handrail", appauthor=False)) / "demo"


def _claim(home: Path) -> None:
    """Make the folder ours; `Stop` where it holds what no demo has put there."""
    if home.is_dir() and any(home.iterdir()) and not (home / _MARK).exists():
        raise Stop(f"{home} is not empty, and no demo made it.", "Name a new folder with --folder.")
    home.mkdir(parents=True, exist_ok=True)
    (home / _MARK).write_text("handrail demo may delete what is in this folder.\n")


def _empty(home: Path) -> None:
    for left in home.iterdir():
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        elif left.name != _MARK:
            left.unlink()


def _prepare(home: Path, url: str) -> None:
    from handrail.crawl.run import crawl

    repositories = home / "repositories"
    if not (home / _DONE).exists():
        _make(home, repositories, url)
    with Counted("Reading repositories") as progress:
        outcome = crawl([repositories], database.Database(url), progress)
    for name, problem in outcome.problems:
        click.echo(f"{name}: {problem}", err=True)
    click.echo(
        f"{outcome.repositories} repositories, {outcome.changed} read, {outcome.services} services. "
        f"They are in {repositories}",
        err=True,
    )


def _make(home: Path, repositories: Path, url: str) -> None:
    """Replay the organisation's past, crawling at each moment of it, so that there is a history to see."""
    from handrail.crawl.run import crawl
    from handrail.demo.organisation import MOMENTS, make

    _empty(home)  # what an interrupted run left would be half an organisation
    repositories.mkdir()
    now = datetime.now(UTC)
    for moment in MOMENTS:
        click.echo(f"Making the sample organisation, {moment.days_ago} days ago: {moment.subject}", err=True)
        make(repositories, moment, now)
        with Counted("Reading repositories") as progress:
            crawl(
                [repositories],
                database.Database(url),
                progress,
                now=moment.when(now),
            )
    (home / _DONE).touch()
