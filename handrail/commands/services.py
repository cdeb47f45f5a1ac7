"""`handrail services`: what the catalog knows."""

import json
from pathlib import Path
from typing import Any

import click

from catalog.secrets import masked_deep
from handrail import database, options
from handrail.configuration import load

EPILOG = """\b
Examples:
  handrail services --owner payments              one team's services
  handrail services --failing slo-defined         who lacks an SLO (fail or partial)
  handrail services --stage 2 --format json       what stands on stage 2, for a program
"""


@click.command("services", epilog=EPILOG)
@click.option(
    "--owner", metavar="REF", help="Only services of this owner: `payments` or `group:default/payments`."
)
@click.option("--failing", metavar="CHECK", help="Only services where this check is fail or partial.")
@click.option("--stage", type=click.IntRange(1, 5), help="Only services on this stage.")
@click.option("--scorecard", default="reliability", show_default=True, help="The scorecard to show.")
@options.database
@options.configuration
@options.output_format()
def command(
    owner: str | None,
    failing: str | None,
    stage: int | None,
    scorecard: str,
    db: str | None,
    config: Path | None,
    format_: str,
) -> int:
    """List the services of the catalog with owner, stage, score and what holds them back."""
    from handrail.listing import Filter, list_services

    engine = database.open_database(database.address(db, load(config).database))
    found = list_services(engine, Filter(owner, failing, stage, scorecard))
    if format_ == "json":
        click.echo(json.dumps(masked_deep({"schema": 1, "services": found}), indent=2))
    else:
        _tell(found, scorecard)
    return 0


def _tell(services: list[dict[str, Any]], scorecard: str) -> None:
    from handrail.terminal import table

    rows = []
    for service in services:
        card = next((c for c in service["scorecards"] if c["name"] == scorecard), None)
        rows.append(
            (
                service["ref"].removeprefix("component:default/"),
                service["owner"] or "no owner",
                "" if card is None or card["stage"] is None else str(card["stage"]),
                "" if card is None or card["score"] is None else f"{card['score']:.1f}",
                ", ".join(card["next"]) if card else "",
                service["state"] if service["state"] != "declared" else "",
            )
        )
    if rows:
        table(("Service", "Owner", "Stage", "Score", "Holds it back", "State"), rows)
    count = len(rows)
    click.echo(f"{count:,} service{'' if count == 1 else 's'}.", err=True)
