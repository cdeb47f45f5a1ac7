"""`handrail check`: score a working folder."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

import handrail
from catalog.secrets import masked_deep
from catalog.service import TYPES
from handrail import options
from handrail.errors import Stop

if TYPE_CHECKING:
    from scorecards.assessment import Assessment
    from scorecards.check import Check
    from scorecards.demands import Demands

EPILOG = """\b
Examples:
  handrail check                          what this checkout lacks, why it matters, how to mend it
  handrail check services/payments        only the services in that folder
  handrail check --min-stage 3            exit with 1 while a service stands below stage 3
  handrail check --require slo-defined --format json
  handrail check --as-of 2027-01-31       as it will be judged on that day
  handrail check --trace slo-defined      how that check decided: what was read, what was found, why
  handrail check --fix slo-defined        write the start of what is missing, to fill in and review

Reads what git tracks and what it does not ignore. Needs no database and no network.
`handrail explain CHECK` tells what a check looks for. A check is excused for a while by
.handrail/waivers.yaml.
"""


@click.command("check", epilog=EPILOG)
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option(
    "--type",
    "type_",
    type=click.Choice(TYPES),
    metavar="TYPE",
    help=f"Judge as a service of this type, whatever it says of itself: {', '.join(TYPES)}.",
)
@click.option("--as-of", metavar="DATE", help="Judge as on this day, today unless given.")
@click.option("--trace", "traced", metavar="CHECK", help="Show the whole decision of this one check.")
@click.option(
    "--fix",
    "fixed",
    metavar="CHECK",
    help="Write the start of what this check misses, for review; no file is written over.",
)
@options.repositories
@options.evidence
@options.demands
@options.output_format()
def command(
    path: Path,
    type_: str | None,
    as_of: str | None,
    traced: str | None,
    fixed: str | None,
    repositories: Path | None,
    evidence: tuple[str, ...],
    scorecard: str,
    min_stage: int | None,
    min_score: float | None,
    require: tuple[str, ...],
    format_: str,
) -> int:
    """Score the services in PATH, the working folder unless given.

    Shows the stage and score of each service, what to do next, every check with the file and line that was
    read, and the fix for each that does not hold.
    """
    from handrail.judging import (
        find_place,
        find_scorecard,
        read_day,
        read_demands,
        read_facts,
        read_snapshot,
        write_demands,
    )
    from scorecards.assessment import assess
    from scorecards.demands import meet
    from scorecards.report import check_report
    from scorecards.rules import rules

    card = find_scorecard(scorecard)
    demands = read_demands(min_stage, min_score, require, card)
    day = read_day(as_of)
    place = find_place(path)
    snapshot = read_snapshot(place)
    facts = read_facts(place, day, repositories, evidence)
    only = _one_check(traced, fixed, demands)
    cards = () if only else (card,)
    assessment = assess(snapshot, facts, cards, within=place.within, as_type=type_)
    if not assessment.services:
        raise _nothing(path, assessment)
    if only:
        if traced:
            from handrail.tracing import write_trace

            write_trace(assessment, facts, card, only, as_type=type_, format_=format_)
        else:
            from handrail.starting import fix

            if place.bare:
                raise Stop(f"`{path}` is a bare repository.", "Name a working folder to write in.")
            fix(place.root, assessment, facts, card, only, format_)
        return 0
    met = meet(assessment.services, demands, card.name)
    if format_ == "json":
        report = check_report(
            assessment.services,
            assessment.problems,
            handrail=handrail.__version__,
            rules=rules((card,)),
            as_of=day,
            commit=snapshot.commit,
        )
        click.echo(json.dumps(masked_deep(report), indent=2, ensure_ascii=False))
        for demand in (d for d in met if not d.held):
            click.echo(f"{demand.demand} does not hold for {demand.service}: {demand.message}", err=True)
    else:
        from handrail.scorecard_text import write_assessment

        write_assessment(assessment)
        write_demands(met)
    return 0 if all(d.held for d in met) else 1


def _one_check(traced: str | None, fixed: str | None, demands: "Demands") -> "Check | None":
    """The check that `--trace` or `--fix` names, None where neither is given."""
    from scorecards.check import check_ids, load_check
    from scorecards.scorecard import near

    name = traced or fixed
    if name is None:
        return None
    option = "--trace" if traced else "--fix"
    if demands or (traced and fixed):
        raise Stop(f"{option} is about one check, and goes with no other demand.", "Leave one of them out.")
    if name not in check_ids():
        raise Stop(f"{option} {name}: there is no such check.{near(name, check_ids())}")
    return load_check(name)


def _nothing(path: Path, assessment: "Assessment") -> Stop:
    if assessment.elsewhere:
        folders = sorted({f"`{s.path or '.'}`" for s in assessment.elsewhere})
        more = f" and {len(folders) - 8} more" if len(folders) > 8 else ""
        return Stop(
            f"No service stands in `{path}`.",
            f"The repository's services stand in {', '.join(folders[:8])}{more}.",
        )
    return Stop(
        f"No service was found in `{path}`: it declares other entities and holds nothing that runs.",
        "Declare one with a `catalog-info.yaml` of kind Component.",
    )
