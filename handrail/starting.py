"""`handrail check --fix`: writes the start of what is missing, or says what to change."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from catalog.service import Service
from handrail.errors import Stop
from scorecards.assessment import Assessment
from scorecards.check import Check
from scorecards.facts import Facts
from scorecards.scorecard import Scorecard
from scorecards.standing import CheckResult
from scorecards.start import Start
from scorecards.trace import criterion_of

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Fixed:
    """What was done for one service: a start that was written, or one whose file is there already."""

    service: Service
    check: CheckResult
    start: Start | None = None
    written: bool = False


def fix(
    root: Path, assessment: Assessment, facts: Facts, card: Scorecard, check: Check, format_: str
) -> None:
    """Write the start for every service for which the check does not hold, and tell what is left to do.

    A file that is there is never written over. Raises `Stop` where a file cannot be written.
    """
    done = list(_fix_all(root, assessment, facts, card, check))
    if format_ == "json":
        rows = [_row(fixed) for fixed in done]
        report = {"schema": SCHEMA, "check": check.id, "scorecard": card.name, "services": rows}
        click.echo(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        from handrail.terminal import write

        for number, fixed in enumerate(done):
            if number:
                write()
            _tell(fixed)


def _fix_all(
    root: Path, assessment: Assessment, facts: Facts, card: Scorecard, check: Check
) -> Iterator[Fixed]:
    from scorecards.evaluation import decide

    written: set[str] = set()
    criterion, _ = criterion_of(card, check)
    for service, _ in assessment.services:
        decided = decide(criterion, assessment.snapshot, service, facts)
        start = None
        if not decided.holds and check.start is not None:
            start = check.start(assessment.snapshot, service, decided.result)
        if start is None:
            yield Fixed(service, decided)
        else:
            new = start.path not in written and _write(root, start)
            written.add(start.path)
            yield Fixed(service, decided, start, new)


def _write(root: Path, start: Start) -> bool:
    """Write a new file; False where something of that name is there."""
    path = root / start.path
    there = next(each for each in path.parents if each.exists() or each.is_symlink())
    if not there.resolve().is_relative_to(root.resolve()):
        raise Stop(f"`{start.path}` would be written out of the repository, through a link.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(start.text)
    except FileExistsError:
        return False
    except OSError as error:
        raise Stop(f"`{start.path}` cannot be written: {error.strerror}.") from error
    return True


def _row(fixed: Fixed) -> dict[str, Any]:
    start, result = fixed.start, fixed.check.result
    return {
        "ref": str(fixed.service.ref),
        "status": result.status.value,
        "holds": fixed.check.holds,
        "message": result.message,
        "fix": result.fix,
        "start": None
        if start is None
        else {"path": start.path, "written": fixed.written, "text": start.text, "fill": list(start.fill)},
    }


def _tell(fixed: Fixed) -> None:
    from rich.text import Text

    from handrail.terminal import safe, status, write

    check, start = fixed.check, fixed.start
    word = "waived" if check.waiver else check.status.value
    write(Text.assemble((check.id, "bold"), "  ", status(word), f"  {safe(fixed.service.name)}"))
    write(check.result.message, indent=2)
    if check.holds:
        write("Nothing is to be done.", indent=2)
    elif start is None:
        write(
            f"Change what is there: {check.result.fix}" if check.result.fix else "Nothing can be started.",
            indent=2,
        )
    elif not fixed.written:
        write(f"`{start.path}` is there already, and was not written over.", indent=2)
        write(f"Fix: {check.result.fix}", indent=2)
    else:
        write(Text.assemble("Wrote ", (safe(start.path), "bold"), ". Fill in:"), indent=2)
        for what in start.fill:
            write(f"- {what}", indent=4)
        write("Until then it counts for nothing: it holds placeholders.", indent=2)
