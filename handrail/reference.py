"""The reference pages of `docs/`, made from the code: `make docs` writes them, and a test compares.

python -m handrail.reference DOCS
"""

import importlib
import sys
from pathlib import Path
from typing import Any

import click

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from catalog.trees.memory import MemoryTree
from handrail.__main__ import COMMANDS, cli
from scorecards.check import Check, all_checks
from scorecards.result import Result, Status
from scorecards.scorecard import named
from scorecards.standing import STAGES

_MADE = "<!-- Made by `make docs` from the code; change it there. -->\n"
_WIDTH = 92
_BUILD = "on: push\njobs: {build: {runs-on: ubuntu-latest, steps: [{run: make}]}}\n"


def pages() -> dict[str, str]:
    """Every reference page by its path below `docs/`."""
    made = {f"checks/{check.id}.md": _check(check) for check in all_checks().values()}
    return made | {"checks/README.md": _checks(), "commands.md": _commands()}


def _check(check: Check) -> str:
    kind = "required" if check.required else "recommended"
    stands = f"Stage {check.stage}, {STAGES[check.stage]}; {kind}; weight {check.weight:g}."
    if check.excepted:
        stands += f" Does not apply to: {', '.join(t.replace('-', ' ') for t in sorted(check.excepted))}."
    title, _, rest = check.doc.partition("\n")
    start = _start(check)
    source = f"../../scorecards/checks/{check.id.replace('-', '_')}.py"
    rule = f"[The rule in code]({source})\n"
    return f"{_MADE}\n# `{check.id}`: {title}\n\n{stands}\n{rest.rstrip()}\n{start}\n{rule}"


def _start(check: Check) -> str:
    """What `--fix` writes in a new repository called `payments`, or in one that is built but no more."""
    if check.start is None:
        return ""
    absent = Result(Status.FAIL, "Nothing of it is here.")
    for files in ({}, {".github/workflows/build.yml": _BUILD}):
        snapshot = Snapshot(MemoryTree(files), "payments")
        start = check.start(snapshot, Service(Ref("component", "default", "payments"), "service"), absent)
        if start is not None:
            body = "".join(f"    {line}\n" if line else "\n" for line in start.text.splitlines())
            todo = "".join(f"- {what}\n" for what in start.fill)
            return (
                f"\n## What `--fix` starts\n\n`handrail check --fix {check.id}` writes `{start.path}`, with"
                f" your repository's names, where nothing\nof it is there yet:\n\n{body}\nTo fill in:\n\n"
                f"{todo}\nUntil then it counts for nothing.\n"
            )
    return ""


def _checks() -> str:
    reliability = named("reliability")
    rows = [
        f"| {check.stage} {STAGES[check.stage]} | [`{check.id}`]({check.id}.md) "
        f"| {'required' if check.required else 'recommended'} "
        f"| {'yes' if reliability.criterion(check.id) else ''} | {check.title} |"
        for check in all_checks().values()
    ]
    said = (
        "The scorecard `reliability` asks those marked so; a scorecard of your own may name any\n"
        "(see [how to](../how-to.md))."
    )
    head = "| stage | check | | in `reliability` | what holds |\n|---|---|---|---|---|"
    return f"{_MADE}\n# Checks\n\n{said}\n\n{head}\n" + "\n".join(rows) + "\n"


def _commands() -> str:
    parts = [f"{_MADE}\n# Commands\n\n```\n{_help(cli, 'handrail')}\n```\n"]
    for name in COMMANDS:
        command: click.Command = importlib.import_module(f"handrail.commands.{name}").command
        parts.append(f"\n## handrail {name}\n\n```\n{_help(command, f'handrail {name}')}\n```\n")
    return "".join(parts)


def _help(command: click.Command, name: str) -> str:
    settings: dict[str, Any] = dict(cli.context_settings) | {
        "max_content_width": _WIDTH,
        "terminal_width": _WIDTH,
    }
    context = click.Context(command, info_name=name, **settings)
    lines = command.get_help(context).splitlines()
    return "\n".join(line.rstrip() for line in lines)


def write(folder: Path) -> None:
    """Write every page below `folder`, and remove pages of checks that are no more."""
    made = pages()
    for old in (folder / "checks").glob("*.md"):
        if f"checks/{old.name}" not in made:
            old.unlink()
    for name, content in made.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
