"""`handrail validate`: whether descriptors, scorecards and waivers are what they should be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from catalog.secrets import masked_deep
from handrail import options
from handrail.errors import Stop
from handrail.terminal import safe

if TYPE_CHECKING:
    from catalog.document import Document
    from catalog.problem import Problem
    from catalog.validation import Checked

EPILOG = """\b
Examples:
  handrail validate catalog-info.yaml             one file, all its documents
  handrail validate .                             every descriptor, scorecard and waiver of a folder
  handrail validate . --format json               the same, for a program
"""


@click.command("validate", epilog=EPILOG)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@options.output_format()
def command(paths: tuple[Path, ...], format_: str) -> int:
    """Validate descriptors, scorecards and waivers, in files and folders.

    The verdict on an entity is that of a Backstage catalog: valid, invalid, or unknown-kind, which is no
    error. Descriptors of OpsLevel, Compass, Datadog, Cortex and Port are known by their content.
    Exit status 1 if a document is invalid, 2 if a path cannot be read.
    """
    from catalog.snapshot import Unreadable
    from catalog.validation import validate_paths

    try:
        checked = list(validate_paths(paths, _ours))
    except Unreadable as error:
        raise Stop(f"{error}.", "Name a file or a folder that can be read.") from error
    if format_ == "json":
        rows = masked_deep([_row(c) for c in checked])
        click.echo(json.dumps({"schema": 1, "documents": rows}, indent=2))
    else:
        _tell(checked)
    return 1 if any(c.verdict == "invalid" for c in checked) else 0


def _ours(document: Document) -> tuple[Problem, ...] | None:
    if not str(document.get("apiVersion")).startswith("handrail.dev/"):
        return None
    from scorecards import scorecard, waivers

    known = {"Scorecard": scorecard.validate, waivers.KIND: waivers.validate}
    validate = known.get(str(document.get("kind")))
    return None if validate is None else validate(document)


def _row(checked: Checked) -> dict[str, Any]:
    errors = [{"line": f.line, "field": f.field, "message": f.message} for f in checked.faults]
    return {
        "path": checked.path,
        "index": checked.index,
        "verdict": checked.verdict,
        "kind": checked.kind,
        "format": checked.format,
        "errors": errors,
    }


def _tell(checked: list[Checked]) -> None:
    for document in checked:
        for fault in document.faults:
            where = document.path if fault.line is None else f"{document.path}:{fault.line}"
            click.echo(safe(f"{where}: {fault.message}"))
        if document.verdict == "unknown-kind":
            where = f"{document.path}:{document.line}"
            what = "blueprint" if document.format == "port" else "kind"
            click.echo(
                f"{where}: `{document.kind}` is a {what} of somebody else's: only its envelope was checked."
            )
    count = {v: sum(c.verdict == v for c in checked) for v in ("valid", "invalid", "unknown-kind")}
    if not checked:
        click.echo("No descriptor and no scorecard found.", err=True)
        return
    parts = [f"{n:,} {'of unknown kind' if v == 'unknown-kind' else v}" for v, n in count.items() if n]
    plural = "" if len(checked) == 1 else "s"
    click.echo(f"{len(checked):,} document{plural}: {', '.join(parts)}.", err=True)
