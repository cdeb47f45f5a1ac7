"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def output_format(*more: str) -> Callable[[F], F]:
    """`--format text|json`, and what else a command can write."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(["text", "json", *more]),
        default="text",
        show_default=True,
        help="Text for people, JSON for programs.",
    )


database = click.option(
    "--db",
    metavar="URL",
    help="The database: sqlite:///FILE or postgresql://USER@HOST/NAME. Else HANDRAIL_DATABASE_URL, else "
    "handrail.toml, else a SQLite file in your data folder.",
)

configuration = click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The configuration file; else handrail.toml in the working folder.",
)


repositories = click.option(
    "--repositories",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="A folder of git repositories in which evidence and reusable workflows may stand, as a crawl has "
    "them; else what stands in another repository is unknown.",
)


evidence = click.option(
    "--evidence",
    metavar="NAME=PATH",
    multiple=True,
    help="A repository that may hold evidence for the services here, such as alerts=../alerts; may be given "
    "several times.",
)


def demands(command: F) -> F:
    """What every service must reach: `--min-stage`, `--min-score`, `--require`, and on which scorecard."""
    for option in (
        click.option(
            "--require",
            metavar="CHECK",
            multiple=True,
            help="Demand that this check holds for every service; may be given several times.",
        ),
        click.option(
            "--min-score",
            type=click.FloatRange(0, 100),
            metavar="SCORE",
            help="Demand this score, 0 to 100, of every service.",
        ),
        click.option(
            "--min-stage",
            type=click.IntRange(1, 5),
            metavar="STAGE",
            help="Demand this stage, 1 to 5, of every service.",
        ),
        click.option(
            "--scorecard",
            metavar="NAME",
            default="reliability",
            show_default=True,
            help="The scorecard to judge by: a built-in one's name or a file's path.",
        ),
    ):
        command = option(command)
    return command
