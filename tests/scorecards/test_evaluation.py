"""Checks are run once each, a broken one harms no other, and waivers are applied."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Check, Params
from scorecards.evaluation import evaluate
from scorecards.facts import Facts
from scorecards.result import Result, Status
from scorecards.scorecard import Criterion, Scorecard

Tree = Callable[[dict[str, str]], Snapshot]
FACTS = Facts(date(2026, 11, 24))
SERVICE = Service(Ref("component", "default", "payments"), "service")


def scorecard(name: str, *checks: Check) -> Scorecard:
    criteria = tuple(Criterion(c, c.stage, c.required, c.weight, c.params) for c in checks)
    return Scorecard(name, name, "", criteria)


def check(
    name: str, evaluate: Callable[..., Result], *, stage: int = 2, excepted: tuple[str, ...] = ()
) -> Check:
    return Check(name, stage, True, 2.0, 2, frozenset(excepted), {}, evaluate, "A sentence.")


def test_a_check_runs_once_though_two_scorecards_name_it(tree: Tree) -> None:
    calls: list[Params] = []

    def count(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
        calls.append(params)
        return Result(Status.PASS, "Seen.")

    counted = check("counted", count)
    other = replace(scorecard("c", counted), criteria=(Criterion(counted, 3, False, 1.0, {"days": 90}),))
    found = evaluate(tree({}), SERVICE, FACTS, [scorecard("a", counted), scorecard("b", counted), other])
    assert [r.name for r in found] == ["a", "b", "c"]
    assert calls == [{}, {"days": 90}]


def test_a_check_that_raises_is_unknown_and_the_others_go_on(tree: Tree) -> None:
    def fall(*_: object) -> Result:
        raise RecursionError("deep")

    good = check("good", lambda *_: Result(Status.PASS, "Seen."))
    (found,) = evaluate(tree({}), SERVICE, FACTS, [scorecard("a", check("bad", fall), good)])
    bad = found.check("bad")
    assert bad is not None
    assert bad.status is Status.UNKNOWN
    assert "`bad`" in bad.result.message
    assert "Traceback" not in bad.result.message
    assert "RecursionError" not in bad.result.message
    assert bad.broken is not None
    assert bad.broken.startswith("RecursionError: deep (test_evaluation.py line ")
    assert found.check("good").status is Status.PASS  # type: ignore[union-attr]
    assert (found.standing.stage, found.standing.stage_possible) == (1, 2)


def test_a_check_does_not_run_for_a_type_it_does_not_apply_to(tree: Tree) -> None:
    def never(*_: object) -> Result:
        raise AssertionError

    probed = check("probed", never, excepted=("infrastructure-module",))
    module = replace(SERVICE, type="infrastructure-module")
    (found,) = evaluate(tree({}), module, FACTS, [scorecard("a", probed)])
    (result,) = found.checks
    assert (result.status, result.broken) == (Status.NOT_APPLICABLE, None)
    assert result.result.message == "Does not apply to infrastructure modules."
    assert (found.standing.stage, found.standing.score) == (None, None)


WAIVER = """\
apiVersion: handrail.dev/v1
kind: Waivers
waivers:
  - check: owner-set
    reason: The team is being formed.
    owner: group:default/platform
    until: 2026-12-31
"""


def standing_with(
    tree: Tree, waivers: str, status: Status = Status.FAIL, valid_until: date | None = None
) -> tuple[Status, bool, date | None, tuple[str, ...]]:
    failing = check("owner-set", lambda *_: Result(status, "Seen.", valid_until=valid_until))
    snapshot = tree({".handrail/waivers.yaml": waivers})
    (found,) = evaluate(snapshot, SERVICE, FACTS, [scorecard("a", failing)])
    (result,) = found.checks
    why = tuple(n.why for n in result.result.not_counted)
    return result.status, result.waiver is not None, result.result.valid_until, why


def test_a_waiver_in_force_excuses_the_check_and_ages(tree: Tree) -> None:
    assert standing_with(tree, WAIVER) == (Status.FAIL, True, date(2026, 12, 31), ())
    earlier = date(2026, 12, 1)
    assert standing_with(tree, WAIVER, valid_until=earlier) == (Status.FAIL, True, earlier, ())


def test_a_waiver_counts_on_its_last_day_and_not_after(tree: Tree) -> None:
    last = WAIVER.replace("2026-12-31", "2026-11-24")
    assert standing_with(tree, last)[1]
    over = WAIVER.replace("2026-12-31", "2026-11-23")
    ended = "A waiver that ended on 2026-11-23."
    assert standing_with(tree, over) == (Status.FAIL, False, None, (ended,))


def test_a_check_that_passes_needs_no_waiver(tree: Tree) -> None:
    assert standing_with(tree, WAIVER, Status.PASS) == (Status.PASS, False, None, ())


def test_a_waiver_for_another_service_does_not_count(tree: Tree) -> None:
    named = WAIVER.replace("    reason", "    service: {}\n    reason")
    assert standing_with(tree, named.format("payments"))[1]
    assert standing_with(tree, named.format("component:default/Payments"))[1]
    assert not standing_with(tree, named.format("ledger"))[1]


def test_a_broken_waiver_excuses_nothing(tree: Tree) -> None:
    assert not standing_with(tree, WAIVER.replace("2026-12-31", "soon"))[1]
    assert not standing_with(tree, "waivers: [\n")[1]
