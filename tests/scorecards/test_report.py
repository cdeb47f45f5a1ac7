"""A report holds what its schema says, whatever the results are."""

import json
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from catalog.problem import Problem
from catalog.ref import Ref
from catalog.service import Service
from scorecards.check import Check
from scorecards.evaluation import ScorecardResult
from scorecards.report import check_report
from scorecards.result import Evidence, NotCounted, Result, Status
from scorecards.scorecard import Criterion, Scorecard
from scorecards.standing import CheckResult, stand
from scorecards.waivers import Waiver

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "handrail" / "schemas" / "check.schema.json").read_text("utf-8")
)
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
lines = st.none() | st.integers(1, 10_000)
results = st.builds(
    Result,
    st.sampled_from(Status),
    st.text(min_size=1),
    st.lists(st.builds(Evidence, st.text(), lines, st.text()), max_size=2).map(tuple),
    st.lists(st.builds(NotCounted, st.text(), st.text(), lines), max_size=2).map(tuple),
    st.text(),
    st.none() | st.dates(),
)
waivers = st.none() | st.builds(
    Waiver, st.text(), st.none(), st.text(), st.text(), st.dates(), st.text(), st.integers(1, 99)
)


@given(
    st.lists(st.tuples(results, waivers, st.none() | st.text(min_size=1)), max_size=4),
    st.sampled_from(["service", "library"]),
    st.none() | st.text(min_size=1),
)
def test_every_report_keeps_its_schema(
    found: list[tuple[Result, Waiver | None, str | None]], type_: str, owner: str | None
) -> None:
    checks = []
    for number, (result, waiver, broken) in enumerate(found):
        check = Check(f"c{number}", 2 + number, True, 2.0, 2, frozenset(), {}, lambda *_: result, "")  # noqa: B023
        checks.append(CheckResult(Criterion(check, check.stage, True, 0.5, {}), result, waiver, broken))
    card = Scorecard("reliability", "", "", ())
    scored = ScorecardResult(card, stand(checks, staged=type_ == "service"), tuple(checks))
    service = Service(Ref("component", "default", "payments"), type_, owner=owner)
    report = check_report(
        [(service, (scored,))],
        [Problem("syntax", "Broken.", "a.yaml", 3), Problem("limit", "Too much.")],
        handrail="0.1.0",
        rules="0123",
        as_of=date(2026, 11, 24),
        commit=None,
    )
    VALIDATOR.validate(json.loads(json.dumps(report)))
    assert len(report["errors"]) == 2 + sum(1 for _, _, broken in found if broken)
