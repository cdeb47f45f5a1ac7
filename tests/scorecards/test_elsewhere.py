"""Evidence in another repository counts where the descriptor points to it, and is unknown without it."""

from datetime import date

import pytest

from catalog.discovery import discover
from catalog.snapshot import Snapshot
from catalog.trees.memory import MemoryTree
from scorecards.check import all_checks, check_ids
from scorecards.evaluation import run_check
from scorecards.facts import Facts
from scorecards.result import Result, Status
from tests.scorecards.sound import STATIC, Files, component, static

# What only the service's own repository or descriptor can say.
OWN = {
    "owner-set",
    "described",
    "dependencies-declared",
    "observable",
    "health-probed",
    "resources-bounded",
    "failure-modes-known",
}
CHECKS = sorted((set(STATIC) & check_ids()) - OWN)


def judge(check: str, pointer: str, other: Files | None) -> Result:
    """What a check says of a service that points to a repository, which is at hand unless `other` is None."""
    files = {
        "catalog-info.yaml": component(annotations=f"handrail.dev/evidence: {pointer}" if pointer else ""),
        "Dockerfile": 'FROM alpine\nCMD ["/payments"]\n',
    }
    snapshot = Snapshot(MemoryTree(files), "payments")
    (service,) = discover(snapshot).services
    held = {path: text.replace("/acme/shop/", "/acme/evidence/") for path, text in (other or {}).items()}
    others = {} if other is None else {"evidence": Snapshot(MemoryTree(held), "evidence")}
    facts = Facts(date(2026, 11, 24), repositories=others)
    result, broken = run_check(all_checks()[check], snapshot, service, facts)
    assert broken is None
    return result


@pytest.mark.parametrize("check", CHECKS)
def test_what_stands_below_the_path_that_is_named_counts(check: str) -> None:
    result = judge(check, "'evidence:payments'", static(check, "payments"))
    assert result.status is Status.PASS, result.message
    assert any(e.path.startswith("evidence:payments/") for e in result.evidence)


@pytest.mark.parametrize("check", CHECKS)
def test_what_names_the_service_counts_in_the_whole_repository(check: str) -> None:
    assert judge(check, "evidence", static(check)).status is Status.PASS


@pytest.mark.parametrize("check", CHECKS)
def test_what_stands_below_another_path_does_not_count(check: str) -> None:
    result = judge(check, "'evidence:ledger'", static(check, "payments"))
    assert result.status not in (Status.PASS, Status.PARTIAL)


@pytest.mark.parametrize("check", CHECKS)
def test_a_repository_that_is_not_at_hand_leaves_it_unknown(check: str) -> None:
    assert judge(check, "evidence", None).status is Status.UNKNOWN


@pytest.mark.parametrize("check", CHECKS)
def test_without_a_pointer_another_repository_does_not_count(check: str) -> None:
    assert judge(check, "", static(check)).status not in (Status.PASS, Status.PARTIAL)


@pytest.mark.parametrize("check", CHECKS)
def test_an_empty_repository_has_nothing_that_counts(check: str) -> None:
    assert judge(check, "evidence", {}).status not in (Status.PASS, Status.PARTIAL)
