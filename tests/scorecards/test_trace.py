"""A trace tells the whole decision, and decides as ordinary evaluation does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from catalog.discovery import discover
from catalog.service import Service
from catalog.snapshot import Snapshot
from catalog.trees.folder import folder_snapshot
from scorecards.check import Check, all_checks
from scorecards.evaluation import run_check
from scorecards.facts import Facts
from scorecards.result import Evidence, Findings, Result, Status
from scorecards.scorecard import Criterion, Scorecard, built_in
from scorecards.trace import Trace, trace

Tree = Callable[[dict[str, str]], Snapshot]
FACTS = Facts(date(2026, 11, 24))
SAMPLES = Path(__file__).parents[2] / "handrail" / "demo" / "samples"
DESCRIPTOR = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: payments
  annotations: {handrail.dev/evidence: "alerts:payments"}
spec: {type: service, lifecycle: production, owner: group:default/payments}
"""
SLO = """\
apiVersion: openslo/v1
kind: SLO
metadata: {name: payments}
spec:
  service: payments
  indicator: {spec: {ratioMetric: {good: {metricSource: {spec: {query: 'sum(rate(ok_total[5m]))'}}},
    total: {metricSource: {spec: {query: 'sum(rate(all_total[5m]))'}}}}}}
  objectives: [{target: TARGET}]
  timeWindow: [{duration: 28d, isRolling: true}]
"""


def traced(snapshot: Snapshot, check: str, facts: Facts = FACTS) -> Trace:
    (service,) = discover(snapshot).services
    return trace(snapshot, service, facts, built_in()["reliability"], all_checks()[check])


def made(evaluate: Callable[..., Result], **params: object) -> tuple[Check, Scorecard]:
    check = Check("made", 3, True, 2.0, 2, frozenset(["library"]), {"days": 90}, evaluate, "A sentence.")
    criterion = Criterion(check, 3, True, 2.0, {"days": 90, **params})
    return check, Scorecard("own", "own", "", (criterion,))


@pytest.mark.parametrize("sample", sorted(p.name for p in SAMPLES.iterdir()))
def test_a_trace_decides_as_evaluation_does(sample: str) -> None:
    snapshot = folder_snapshot(min((SAMPLES / sample).iterdir()), sample)
    for service in discover(snapshot).services:
        for check in all_checks().values():
            expected, broken = run_check(check, snapshot, service, FACTS)
            told = trace(snapshot, service, FACTS, built_in()["reliability"], check)
            assert broken is None
            assert replace(told.check.result, valid_until=expected.valid_until) == expected


def test_every_answer_is_told_and_all_that_was_not_counted(tree: Tree) -> None:
    files = {f"slo/{n}.yaml": SLO.replace("TARGET", "1").replace("name: p", f"name: p{n}") for n in range(30)}
    files |= {f"examples/{n}.yaml": SLO.replace("TARGET", "0.9") for n in range(30)}
    snapshot = tree({"catalog-info.yaml": DESCRIPTOR.replace('"alerts:payments"', '""'), **files})
    told = traced(snapshot, "slo-defined")
    assert told.check.status is Status.FAIL
    assert [answer.status for answer in told.answers] == [Status.FAIL] * 30
    assert len([n for n in told.not_counted if n.path.startswith("examples/")]) == 30
    assert len(told.check.result.not_counted) <= 20
    assert "30 answers were found: 30 fail. The best counts" in told.steps[1]


def test_what_was_read_names_documents_and_what_could_not_be_read(tree: Tree) -> None:
    broken = {"slo/broken.yaml": "slo: [\n", "slo/two.yaml": f"{SLO}---\n{SLO}".replace("TARGET", "0.9")}
    told = traced(tree({"catalog-info.yaml": DESCRIPTOR, "main.go": "package main", **broken}), "slo-defined")
    read = {r.path: r for r in told.read}
    assert read["slo/two.yaml"].documents == 2
    assert read["slo/broken.yaml"].problem is not None
    assert "line" in read["slo/broken.yaml"].problem
    assert read["catalog-info.yaml"].documents == 1
    assert "main.go" not in read
    assert "scorecards.reading.objectives" in told.shared


def test_another_repository_that_was_read_and_what_was_asked_are_named(tree: Tree) -> None:
    other = tree({"payments/slo.yaml": SLO.replace("TARGET", "0.999"), "ledger/slo.yaml": "slo: 1\n"})
    here = tree({"catalog-info.yaml": DESCRIPTOR})
    with_it = traced(here, "slo-defined", replace(FACTS, repositories={"alerts": other}))
    assert with_it.check.status is Status.PASS
    assert with_it.asked["commit of repository alerts"] == "none that is committed"
    assert "alerts:payments/slo.yaml" in {r.path for r in with_it.read}
    without = traced(here, "slo-defined")
    assert without.check.status is Status.UNKNOWN
    assert without.asked["commit of repository alerts"] is None


def test_questions_of_an_earlier_evaluation_are_not_taken_for_its_own(tree: Tree) -> None:
    facts = Facts(date(2026, 11, 24), frozenset(["group:default/payments"]))
    facts.resolves("component:default/elsewhere")
    told = traced(tree({"catalog-info.yaml": DESCRIPTOR}), "owner-set", facts)
    assert told.asked["resolves group:default/payments"] is True
    assert "resolves component:default/elsewhere" not in told.asked
    assert "resolves group:default/payments" not in facts.asked


def test_parameters_of_the_scorecard_are_taken_and_an_unnamed_check_has_its_own(tree: Tree) -> None:
    def show(_: object, __: object, ___: object, params: dict[str, int]) -> Result:
        return Result(Status.FAIL, f"Older than {params['days']} days.")

    snapshot, (check, card) = tree({"catalog-info.yaml": DESCRIPTOR}), made(show, days=30)
    (service,) = discover(snapshot).services
    told = trace(snapshot, service, FACTS, card, check)
    assert told.check.result.message == "Older than 30 days."
    assert told.named
    apart = trace(snapshot, service, FACTS, built_in()["reliability"], check)
    assert apart.check.result.message == "Older than 90 days."
    assert not apart.named
    assert any("does not name the check" in step for step in apart.steps)


def test_type_and_applicability_begin_the_decision(tree: Tree) -> None:
    snapshot = tree({"catalog-info.yaml": DESCRIPTOR.replace("type: service", "type: library")})
    told = traced(snapshot, "slo-defined")
    assert told.check.status is Status.NOT_APPLICABLE
    assert told.steps[0] == (
        "Judged as a library (`catalog-info.yaml` says `library`): the check does not apply to libraries."
    )
    (service,) = discover(snapshot).services
    forced = trace(
        snapshot,
        replace(service, type="worker"),
        FACTS,
        built_in()["reliability"],
        all_checks()["slo-defined"],
        as_type="worker",
    )
    assert forced.steps[0].startswith("Judged as a worker (as was asked for): the check applies to all but ")


def test_an_undeclared_service_is_told_to_be_inferred(tree: Tree) -> None:
    told = traced(tree({"Procfile": "web: ./run\n"}), "slo-defined")
    assert told.steps[0].startswith("Judged as a service (no descriptor says so, but its files do): ")


def waived(until: str) -> str:
    return (
        "apiVersion: handrail.dev/v1\nkind: Waivers\nwaivers:\n  - check: slo-defined\n"
        f"    reason: Moving.\n    owner: group:default/platform\n    until: {until}\n"
    )


def test_a_waiver_and_when_it_ends_are_part_of_the_decision(tree: Tree) -> None:
    files = {"catalog-info.yaml": DESCRIPTOR.replace('"alerts:payments"', '""')}
    held = traced(tree({**files, ".handrail/waivers.yaml": waived("2026-12-31")}), "slo-defined")
    assert held.check.waiver is not None
    assert any("waives it until 2026-12-31: Moving." in step for step in held.steps)
    assert "holds until 2026-12-31" in held.steps[-1]
    over = traced(tree({**files, ".handrail/waivers.yaml": waived("2026-11-23")}), "slo-defined")
    assert over.check.waiver is None
    assert any(n.why == "A waiver that ended on 2026-11-23." for n in over.not_counted)
    assert any(step == "No waiver in force excuses it." for step in over.steps)


def test_a_check_that_raises_says_what_it_raised(tree: Tree) -> None:
    def fall(*_: object) -> Result:
        Findings().skip("a.yaml", "never told")
        raise KeyError("deep")

    snapshot, (check, card) = tree({"catalog-info.yaml": DESCRIPTOR}), made(fall)
    (service,) = discover(snapshot).services
    told = trace(snapshot, service, FACTS, card, check)
    assert told.check.status is Status.UNKNOWN
    assert any("KeyError" in step for step in told.steps)


def test_answers_come_best_first(tree: Tree) -> None:
    def two(snapshot: Snapshot, service: Service, facts: Facts, params: object) -> Result:
        findings = Findings()
        findings.add(Status.FAIL, "Hollow.", Evidence("a.yaml", 1, "a"))
        findings.add(Status.PARTIAL, "Weak.", Evidence("b.yaml", 2, "b"))
        return findings.best("None.", "Mend it.")

    snapshot, (check, card) = tree({"catalog-info.yaml": DESCRIPTOR}), made(two)
    (service,) = discover(snapshot).services
    told = trace(snapshot, service, FACTS, card, check)
    assert [a.message for a in told.answers] == ["Weak.", "Hollow."]
    assert "2 answers were found: 1 partial, 1 fail." in told.steps[1]
    assert "while it does not hold the stage stays below 3" in told.steps[-2]
