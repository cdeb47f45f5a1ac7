"""The platform's mapping of services to the repositories that may hold evidence for them."""

from collections.abc import Callable
from datetime import date

import pytest

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.evidence import EvidenceRule, covering, digest
from scorecards.facts import Facts
from scorecards.reading.elsewhere import elsewhere

Tree = Callable[[dict[str, str]], Snapshot]
PAY = "component:default/payments"


@pytest.mark.parametrize(
    ("rule", "covered"),
    [
        (EvidenceRule("alerts", services=("*",)), True),
        (EvidenceRule("alerts", services=("component:default/*",)), True),
        (EvidenceRule("alerts", services=("Component:Default/Pay*",)), True),
        (EvidenceRule("alerts", services=("pay*",)), True),
        (EvidenceRule("alerts", services=("refunds", "component:other/*")), False),
        (EvidenceRule("alerts", repositories=("shop/*",)), True),
        (EvidenceRule("alerts", repositories=("pay-*",)), True),
        (EvidenceRule("alerts", repositories=("other/*",)), False),
        (EvidenceRule("alerts"), False),
    ],
)
def test_a_rule_covers_services_by_ref_by_name_or_by_repository(rule: EvidenceRule, covered: bool) -> None:
    assert rule.covers(PAY, "shop/pay-backend") is covered


def test_a_path_may_hold_the_names_of_the_service() -> None:
    rule = EvidenceRule("alerts", "/teams/{namespace}/{name}/{repository}/", ("*",))
    assert list(covering([rule], PAY, "shop/pay-backend")) == [
        ("alerts", "teams/default/payments/pay-backend")
    ]


@pytest.mark.parametrize("home", ["alerts", "shop/Alerts"])
def test_a_service_s_own_repository_is_no_other(home: str) -> None:
    assert list(covering([EvidenceRule("alerts", services=("*",))], PAY, home)) == []


def test_a_mapping_is_told_from_another_and_from_none() -> None:
    one, other = EvidenceRule("a", services=("*",)), EvidenceRule("b", services=("*",))
    assert digest([]) is None
    assert len({digest([one]), digest([other]), digest([one, other]), None}) == 4


def service(**annotations: str) -> Service:
    """A service with the evidence annotation, if given."""
    said = {"handrail.dev/evidence": annotations["said"]} if annotations else {}
    return Service(Ref("component", "default", "payments"), "service", annotations=said)


def test_the_descriptor_s_places_come_first_and_the_mapping_adds_others(tree: Tree) -> None:
    alerts, books = tree({"a.md": "x"}), tree({"b.md": "x"})
    rules = (EvidenceRule("alerts", services=("*",)), EvidenceRule("books", "{name}", ("*",)))
    facts = Facts(date(2026, 11, 24), None, {"alerts": alerts, "books": books}, {}, rules, "payments")
    found = list(elsewhere(service(said="alerts:mine"), facts))
    assert [(p.repository, p.path, p.snapshot) for p in found] == [
        ("alerts", "mine", alerts),
        ("books", "payments", books),
    ]
    assert facts.asked["evidence mapping"] == digest(rules)
    assert facts.asked["commit of repository books"] == "none that is committed"
    assert facts.answer("evidence mapping") == digest(rules)


def test_a_repository_that_is_not_at_hand_is_unknown_only_where_the_descriptor_names_it() -> None:
    rules = (EvidenceRule("books", services=("*",)),)
    facts = Facts(date(2026, 11, 24), evidence=rules)
    assert list(elsewhere(service(), facts)) == []
    (named,) = elsewhere(service(said="alerts"), facts)
    assert named.snapshot is None
