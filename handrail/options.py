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
