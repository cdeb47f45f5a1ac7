"""`handrail check --trace`: the whole decision of one check, written out."""

import json

import click

import handrail
from catalog.secrets import masked_deep
from scorecards.assessment import Assessment
from scorecards.check import Check
from scorecards.facts import Facts
from scorecards.scorecard import Scorecard
from scorecards.trace import trace
from scorecards.trace_report import trace_report


def write_trace(
    assessment: Assessment, facts: Facts, card: Scorecard, check: Check, *, as_type: str | None, format_: str
) -> None:
    """Decide the check for every service of the assessment once more, and show how."""
    traces = [
        trace(assessment.snapshot, service, facts, card, check, as_type=as_type)
        for service, _ in assessment.services
    ]
    if format_ == "json":
        report = trace_report(
            traces,
            assessment.problems,
            check=check.id,
            scorecard=card,
            handrail=handrail.__version__,
            as_of=facts.as_of,
            commit=assessment.snapshot.commit,
        )
        click.echo(json.dumps(masked_deep(report), indent=2, ensure_ascii=False))
    else:
        from handrail.trace_text import write_traces

        write_traces(traces)
