"""What the gate calls worse, better and undecided, check by check."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.assessment import Assessment
from scorecards.check import Check
from scorecards.evaluation import ScorecardResult
from scorecards.gate import Comparison, compare
from scorecards.result import Result, Status
from scorecards.scorecard import Criterion, Scorecard
from scorecards.standing import CheckResult, stand
from scorecards.waivers import Waiver

WAIVER = Waiver("x", None, "moving", "group:default/a", date(2027, 1, 1), ".handrail/waivers.yaml", 4)
SERVICE = Service(Ref("component", "default", "payments"), "service")


class Nothing:
    """A tree without files."""

    commit = None

    def entries(self) -> list[object]:
        return []

    def read(self, entry: object, limit: int) -> bytes:
        raise AssertionError


def assessed(*words: str, type_: str = "service", broken: bool = False) -> Assessment:
    """A service whose checks have these statuses, `waived` among them."""
    checks = []
    for number, word in enumerate(words):
        status = Status.FAIL if word == "waived" else Status(word)
        check = Check(f"c{number}", 2, True, 2.0, 2, frozenset(), {}, lambda *_: None, "")  # type: ignore[arg-type, return-value]
        checks.append(
            CheckResult(
                Criterion(check, 2 + number, True, 2.0, {}),
                Result(status, "Seen."),
                WAIVER if word == "waived" else None,
                "ValueError: x" if broken else None,
            )
        )
    card = Scorecard("reliability", "", "", tuple(c.criterion for c in checks))
    result = ScorecardResult(card, stand(checks, staged=type_ != "library"), tuple(checks))
    snapshot = Snapshot(Nothing(), "payments")  # type: ignore[arg-type]
    return Assessment(snapshot, ((replace(SERVICE, type=type_), (result,)),), ())


def changes(found: Comparison) -> tuple[list[str], list[str]]:
    worse = [f"{c.was} {c.now}" for c in found.regressions if c.check]
    return worse, [f"{c.was} {c.now}" for c in found.improvements]


WORSE = [
    ("pass", "partial"),
    ("pass", "fail"),
    ("pass", "unknown"),
    ("partial", "fail"),
    ("partial", "unknown"),
    ("waived", "fail"),
    ("waived", "partial"),
    ("not-applicable", "fail"),
    ("not-applicable", "unknown"),
]
NEITHER = [
    ("fail", "unknown"),
    ("unknown", "fail"),
    ("pass", "waived"),
    ("waived", "pass"),
    ("pass", "not-applicable"),
    ("fail", "not-applicable"),
    ("not-applicable", "not-applicable"),
]


@pytest.mark.parametrize(("was", "now"), WORSE)
def test_this_is_worse(was: str, now: str) -> None:
    found = compare(assessed(was), assessed(now))
    assert changes(found) == ([f"{was} {now}"], [])
    assert found.verdict == "regressed"


@pytest.mark.parametrize(("was", "now"), NEITHER)
def test_this_is_neither_worse_nor_better(was: str, now: str) -> None:
    assert changes(compare(assessed(was), assessed(now))) == ([], [])


def test_a_changed_type_takes_nothing_out_of_reach_unseen_and_brings_nothing_to_lose() -> None:
    out = compare(assessed("pass", "fail"), assessed("not-applicable", "not-applicable", type_="library"))
    assert changes(out) == (["pass not-applicable"], [])
    back = compare(assessed("not-applicable", type_="library"), assessed("fail"))
    assert (changes(back), back.verdict) == (([], []), "held")


def test_a_lower_stage_is_a_regression_of_its_own() -> None:
    found = compare(assessed("pass", "pass"), assessed("pass", "fail"))
    assert [(c.check, c.was, c.now) for c in found.regressions] == [
        ("c1", "pass", "fail"),
        (None, "stage 3", "stage 2"),
    ]


def test_a_check_that_could_not_be_completed_leaves_it_undecided() -> None:
    found = compare(assessed("pass"), assessed("unknown", broken=True))
    assert (found.verdict, found.regressions) == ("undecided", ())
    assert "`c0`" in found.undecided[0].message
    before = compare(assessed("unknown", broken=True), assessed("fail"))
    assert before.verdict == "undecided"
    assert compare(assessed("unknown", broken=True), assessed("pass")).verdict == "held"


def test_a_real_regression_beside_it_decides() -> None:
    base, head = assessed("pass", "pass"), assessed("fail", "unknown")
    (scored,) = head.services
    (result,) = scored[1]
    half = replace(result, checks=(result.checks[0], replace(result.checks[1], broken="ValueError: x")))
    found = compare(base, replace(head, services=((scored[0], (half,)),)))
    assert found.verdict == "regressed"
    assert len(found.undecided) == 1


words = st.lists(st.sampled_from([*(s.value for s in Status), "waived"]), min_size=1, max_size=3)


@given(words)
def test_nothing_differs_from_itself(found: list[str]) -> None:
    same = compare(assessed(*found), assessed(*found))
    assert (same.verdict, same.regressions, same.improvements) == ("held", (), ())


@given(
    st.lists(
        st.tuples(*[st.sampled_from(["pass", "partial", "fail", "unknown", "waived"])] * 2),
        min_size=1,
        max_size=3,
    )
)
def test_what_is_worse_one_way_is_better_the_other(pairs: list[tuple[str, str]]) -> None:
    old, new = assessed(*(p[0] for p in pairs)), assessed(*(p[1] for p in pairs))
    there, back = changes(compare(old, new)), changes(compare(new, old))
    turned = [sorted(" ".join(reversed(w.split())) for w in side) for side in back]
    assert [sorted(side) for side in there] == turned[::-1]
