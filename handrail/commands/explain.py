"""`handrail explain`: what a check looks for, why it matters, how to fix it."""

import json

import click

from handrail import options
from handrail.errors import Stop

EPILOG = """\b
Examples:
  handrail explain                list all checks
  handrail explain slo-defined    what it looks for, why it matters, how to fix it, an example
"""


@click.command("explain", epilog=EPILOG)
@click.argument("check", required=False)
@options.output_format()
def command(check: str | None, format_: str) -> int:
    """Show the documentation of CHECK; without it, list all checks."""
    from scorecards.check import all_checks
    from scorecards.documentation import sections
    from scorecards.scorecard import near

    checks = all_checks()
    if check is not None and check not in checks:
        raise Stop(f"There is no check `{check}`.{near(check, checks)}")
    wanted = list(checks.values()) if check is None else [checks[check]]
    if format_ == "json":
        rows = [
            {
                "id": c.id,
                "title": c.title,
                "stage": c.stage,
                "required": c.required,
                "weight": c.weight,
                "except": sorted(c.excepted),
                "params": dict(c.params),
                "sections": [{"heading": h, "text": t} for h, t in sections(c).items()],
            }
            for c in wanted
        ]
        click.echo(json.dumps({"schema": 1, "checks": rows}, indent=2, ensure_ascii=False))
    elif check is None:
        from handrail.terminal import table

        kinds = {True: "required", False: "recommended"}
        table(
            ("Stage", "Check", "Kind", "Holds when"),
            [(str(c.stage), c.id, kinds[c.required], c.title) for c in wanted],
        )
    else:
        from handrail.documentation_text import write_documentation

        write_documentation(wanted[0])
    return 0
