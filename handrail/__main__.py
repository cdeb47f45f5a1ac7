"""The command line: one table of commands, each loaded only when it is called."""

import gc
import importlib
import os
import sys
from gettext import gettext

import click

import handrail
from handrail.errors import Stop

COMMANDS = {
    "demo": "Make a sample organisation, crawl it and serve it",
    "crawl": "Read repositories into the catalog",
    "services": "List what the catalog knows",
    "check": "Score a working folder; needs no database",
    "gate": "Fail when a change makes a service less reliable",
    "new": "Scaffold a service that has the practices from its first commit",
    "validate": "Validate descriptors and scorecards",
    "explain": "Show a check's documentation",
    "serve": "Serve the web application",
    "catalog": "Forget what is gone, decide who keeps a name",
    "backup": "Write a copy of the database while it is in use",
    "restore": "Put a copy into an empty database",
    "migrate": "Bring the database up to this version",
}
"""Name and summary of every command: `handrail --help` prints these and imports none."""

INTERRUPTED = 130
BUG = 3


class _Commands(click.Group):
    """The commands of the table; `--help` is answered from it alone."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The table's names, in its order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the one command that was called."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"handrail.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table."""
        with formatter.section(gettext("Commands")):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Begin with `handrail demo`, or `handrail check` in a checkout of a service.",
)
@click.version_option(handrail.__version__, "-V", "--version", message="%(prog)s %(version)s")
def cli() -> None:
    """Reliability you can hold on to: a catalog, a scorecard, golden paths and a gate.

    Data goes to standard output, progress and messages to standard error. Exit status: 0 done; 1 a demand
    that was made does not hold; 2 the command could not do its work, and one sentence says what to do.
    """


def main() -> None:
    """Run the command line and end the process with its status."""
    # Importing makes many objects that all stay: looking through them for garbage costs a sixth of the start.
    gc.set_threshold(50_000, 20, 50)
    try:
        status = cli.main(prog_name="handrail", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Interrupted.", err=True)
        status = INTERRUPTED
    except click.ClickException as error:
        error.show()
        status = 2
    except Stop as error:
        click.echo(f"handrail: {error}", err=True)
        status = 2
    except BrokenPipeError:
        # The reader of a pipe has gone; Python would complain once more while closing standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    except Exception as error:
        if os.environ.get("HANDRAIL_TRACEBACK"):
            raise
        click.echo(
            f"handrail: {type(error).__name__}: {error}\n"
            "This is a bug in Handrail. Set HANDRAIL_TRACEBACK=1 to see where, and please report it.",
            err=True,
        )
        status = BUG
    sys.exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    main()
