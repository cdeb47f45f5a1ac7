"""The laws of stage and score, and the order of what to do next."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from scorecards.check import Check
from scorecards.result import Result, Status
from scorecards.scorecard import Criterion
from scorecards.standing import CheckResult, Standing, stand
from scorecards.waivers import Waiver

WAIVER = Waiver("x", None, "moving", "group:default/a", date(2027, 1, 1), ".handrail/waivers.yaml", 4)


def result(
    name: str,
    stage: int,
    status: str,
    *,
    required: bool = True,
    weight: float | None = None,
    effort: int = 2,
    waived: bool = False,
) -> CheckResult:
    weight = weight or (2 if required else 1)
    found = Result(Status(status), "seen")
    check = Check(name, stage, required, weight, effort, frozenset(), {}, lambda *_: found, "")
    criterion = Criterion(check, stage, required, weight, {})
    return CheckResult(criterion, found, WAIVER if waived else None)


def standing(*checks: CheckResult, staged: bool = True) -> Standing:
    return stand(checks, staged=staged)


def test_the_stage_is_the_last_whose_required_checks_all_hold() -> None:
    checks = [result("a", 2, "pass"), result("b", 3, "partial"), result("c", 4, "pass")]
    assert standing(*checks).stage == 2
    assert standing(result("a", 2, "fail"), result("b", 3, "pass")).stage == 1
    assert standing(result("a", 2, "pass"), result("b", 3, "pass"), result("c", 4, "pass")).stage == 4


def test_a_stage_without_a_required_check_that_applies_ends_the_climb() -> None:
    assert standing(result("a", 2, "pass"), result("c", 4, "pass")).stage == 2
    assert (
        standing(result("a", 2, "pass"), result("b", 3, "not-applicable"), result("c", 4, "pass")).stage == 2
    )
    assert standing(result("a", 2, "pass"), result("b", 3, "pass", required=False)).stage == 2


def test_the_scorecards_own_highest_stage_is_the_ceiling() -> None:
    assert standing(result("a", 2, "pass")).stage == 2


def test_waived_counts_as_held_and_is_left_out_of_the_score() -> None:
    found = standing(result("a", 2, "pass"), result("b", 3, "fail", waived=True))
    assert (found.stage, found.score, found.score_possible, found.next) == (3, 100.0, 100.0, ())


def test_a_waived_check_still_applies_so_its_stage_is_no_gap() -> None:
    checks = [result("a", 2, "fail", waived=True), result("b", 3, "pass")]
    assert standing(*checks).stage == 3


def test_what_is_recommended_counts_for_the_score_only() -> None:
    found = standing(result("a", 2, "pass"), result("b", 2, "fail", required=False))
    assert (found.stage, found.score) == (2, 66.7)


def test_partial_counts_one_half_and_unknown_nothing() -> None:
    found = standing(result("a", 2, "partial"), result("b", 2, "unknown"), result("c", 2, "pass"))
    assert (found.score, found.score_possible) == (50.0, 83.3)


def test_beside_both_stands_what_would_be_if_every_unknown_passed() -> None:
    found = standing(result("a", 2, "pass"), result("b", 3, "unknown"), result("c", 4, "fail"))
    assert (found.stage, found.stage_possible) == (2, 3)


def test_nothing_that_applies_has_no_score_and_an_unstaged_type_no_stage() -> None:
    nothing = standing(result("a", 2, "not-applicable"))
    assert (nothing.score, nothing.stage, nothing.stage_possible) == (None, None, None)
    library = standing(result("a", 2, "pass"), staged=False)
    assert (library.stage, library.stage_possible, library.score) == (None, None, 100.0)


def test_all_waived_has_no_score_but_a_stage() -> None:
    found = standing(result("a", 2, "fail", waived=True))
    assert (found.stage, found.score) == (2, None)


def test_next_is_the_stage_being_climbed_required_first_then_partial_then_little_effort() -> None:
    found = standing(
        result("held", 2, "pass"),
        result("later", 4, "fail"),
        result("lower-recommended", 2, "fail", required=False),
        result("recommended", 3, "partial", required=False),
        result("unknown", 3, "unknown"),
        result("dear", 3, "fail", effort=3),
        result("cheap", 3, "fail", effort=1),
        result("partial", 3, "partial", effort=3),
    )
    assert found.next == ("partial", "cheap", "dear", "unknown", "recommended", "lower-recommended")
    assert found.lacking == 4


def test_next_at_the_top_is_all_that_is_left_by_stage() -> None:
    found = standing(
        result("a", 2, "pass"),
        result("beyond", 4, "fail"),
        result("b", 3, "fail", required=False),
        result("c", 2, "fail", required=False),
    )
    assert (found.stage, found.next, found.lacking) == (2, ("beyond", "c", "b"), 0)


checks = st.lists(
    st.builds(
        lambda n, stage, status, required, weight, waived: result(
            f"c{n}", stage, status, required=required, weight=weight, waived=waived
        ),
        st.integers(0, 1000),
        st.integers(2, 5),
        st.sampled_from([s.value for s in Status]),
        st.booleans(),
        st.sampled_from([0.5, 1, 2, 3.25]),
        st.booleans(),
    ),
    max_size=12,
)


def with_status(check: CheckResult, status: Status) -> CheckResult:
    return replace(check, result=Result(status, "seen"))


def below(one: float | None, other: float | None) -> bool:
    """Whether `one` is at most `other`, None below all."""
    return (-1 if one is None else one) <= (-1 if other is None else other)


@given(checks)
def test_score_and_stage_stay_within_their_bounds(found: Sequence[CheckResult]) -> None:
    s = stand(found, staged=True)
    if s.stage is not None:
        assert s.stage_possible is not None
        assert 1 <= s.stage <= s.stage_possible <= 5
    if s.score is not None:
        assert s.score_possible is not None
        assert 0 <= s.score <= s.score_possible <= 100
        assert s.score == round(s.score, 1)
    assert (s.stage is None) == (s.stage_possible is None)
    assert (s.score is None) == (s.score_possible is None)


@given(checks)
def test_unknown_never_helps_and_is_never_worse_than_fail(found: Sequence[CheckResult]) -> None:
    failed = [with_status(c, Status.FAIL) if c.status is Status.UNKNOWN else c for c in found]
    s, f = stand(found, staged=True), stand(failed, staged=True)
    assert (s.stage, s.score, s.lacking) == (f.stage, f.score, f.lacking)


@given(checks)
def test_possible_is_what_comes_out_when_every_unknown_passes(found: Sequence[CheckResult]) -> None:
    passed = [
        replace(with_status(c, Status.PASS), waiver=c.waiver) if c.status is Status.UNKNOWN else c
        for c in found
    ]
    s, p = stand(found, staged=True), stand(passed, staged=True)
    assert (s.stage_possible, s.score_possible) == (p.stage, p.score)


@given(checks, st.data())
def test_one_more_pass_never_lowers(found: Sequence[CheckResult], data: st.DataObject) -> None:
    if not found:
        return
    index = data.draw(st.integers(0, len(found) - 1))
    # A check that holds needs no waiver: evaluation leaves it off.
    passed = replace(with_status(found[index], Status.PASS), waiver=None)
    better = [*found[:index], passed, *found[index + 1 :]]
    s, b = stand(found, staged=True), stand(better, staged=True)
    assert below(s.score, b.score)
    assert below(s.stage, b.stage)


@given(checks)
def test_next_names_only_what_does_not_hold_and_leads_to_the_next_stage(found: Sequence[CheckResult]) -> None:
    named = {c.id: c for c in found}
    unique = list(named.values())
    s = stand(unique, staged=True)
    assert len(set(s.next)) == len(s.next)
    assert all(not named[name].holds for name in s.next)
    if s.lacking:
        mended = [with_status(c, Status.PASS) if c.id in s.next[: s.lacking] else c for c in unique]
        after = stand(mended, staged=True)
        assert s.stage is not None
        assert after.stage is not None
        assert after.stage > s.stage
