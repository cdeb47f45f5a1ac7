"""In a repository of several services a practice counts for the one that has it, and for no neighbour."""

from datetime import date

import pytest

from catalog.discovery import discover
from catalog.service import Service
from catalog.snapshot import Snapshot
from catalog.trees.memory import MemoryTree
from scorecards.check import all_checks, check_ids
from scorecards.evaluation import run_check
from scorecards.facts import Facts
from scorecards.result import Status
from tests.scorecards.sound import COMMANDS, STATIC, Files, component, pipeline, static

FACTS = Facts(date(2026, 11, 24))
PAYMENTS, LEDGER = "services/payments", "services/ledger"
HERE = sorted(set(STATIC) & check_ids())
RUN = sorted(set(COMMANDS) & check_ids())
# What each service's descriptor itself says: there is nothing that could stand at a neighbour's.
DECLARED = {"owner-set", "dependencies-declared"}


def shop(*more: Files, bare: bool = False) -> Snapshot:
    """A repository of two services, each with a descriptor and something that runs."""
    files: Files = {}
    for name in ("payments", "ledger"):
        text = component(name)
        if bare:
            text = text.partition("  owner:")[0]
        files[f"services/{name}/catalog-info.yaml"] = text
        files[f"services/{name}/Dockerfile"] = f'FROM alpine\nCMD ["/{name}"]\n'
        files[f"services/{name}/main.go"] = "package main\n"
    for each in more:
        files |= each
    return Snapshot(MemoryTree(files), "shop")


def service(snapshot: Snapshot, name: str) -> Service:
    return next(s for s in discover(snapshot).services if s.name == name)


def status(snapshot: Snapshot, name: str, check: str) -> Status:
    result, broken = run_check(all_checks()[check], snapshot, service(snapshot, name), FACTS)
    assert broken is None
    return result.status


@pytest.mark.parametrize("check", HERE)
def test_what_stands_in_a_services_folder_counts_for_it_alone(check: str) -> None:
    snapshot = shop(static(check, PAYMENTS))
    assert status(snapshot, "payments", check) is Status.PASS
    if check not in DECLARED:
        assert status(snapshot, "ledger", check) is not Status.PASS


@pytest.mark.parametrize("check", sorted(set(HERE) - DECLARED))
def test_what_names_a_service_in_a_shared_folder_counts_for_no_neighbour(check: str) -> None:
    shared = {f"shared/{path}" if "/" not in path else path: text for path, text in static(check).items()}
    snapshot = shop(shared)
    assert status(snapshot, "ledger", check) is not Status.PASS


# Of these a shared file that names the service is enough; others are the service's own, or its path tells.
NAMED = {
    "alerts-defined",
    "anomaly-watched",
    "chaos-test-exists",
    "deploy-automated",
    "error-budget-policy",
    "game-days-held",
    "health-probed",
    "progressive-delivery",
    "remediation-declared",
    "resources-bounded",
    "rollback-automated",
    "rollback-configured",
    "runbook-present",
    "slo-defined",
}


@pytest.mark.parametrize("check", sorted(NAMED & set(HERE)))
def test_what_names_a_service_in_a_shared_folder_counts_for_it(check: str) -> None:
    assert status(shop(static(check)), "payments", check) is Status.PASS


@pytest.mark.parametrize("check", sorted(DECLARED & check_ids()))
def test_what_one_descriptor_says_is_not_said_of_the_other(check: str) -> None:
    snapshot = shop({f"{LEDGER}/catalog-info.yaml": component("ledger").partition("  owner:")[0]})
    assert status(snapshot, "payments", check) is Status.PASS
    assert status(snapshot, "ledger", check) is not Status.PASS


@pytest.mark.parametrize("check", RUN)
def test_a_pipeline_for_the_paths_of_one_service_counts_for_it_alone(check: str) -> None:
    command, needed = COMMANDS[check]
    files = {f"{PAYMENTS}/{path}": text for path, text in needed.items()}
    snapshot = shop(files, pipeline(command, PAYMENTS, f"{PAYMENTS}/**"))
    assert status(snapshot, "payments", check) is Status.PASS
    assert status(snapshot, "ledger", check) is not Status.PASS


ON_CHANGE = sorted({"ci-tests", "deploy-automated", "rollback-configured", "rollback-automated"} & set(RUN))


@pytest.mark.parametrize("check", ON_CHANGE)
def test_a_pipeline_that_excludes_a_service_does_not_count_for_it(check: str) -> None:
    command, needed = COMMANDS[check]
    files = {f"{PAYMENTS}/{path}": text for path, text in needed.items()}
    (path, text), *_ = pipeline(command, PAYMENTS).items()
    but = f"{{paths-ignore: ['{PAYMENTS}/**']}}"
    ignoring = text.replace("on: [push, pull_request]", f"on: {{push: {but}, pull_request: {but}}}")
    assert ignoring != text
    assert status(shop(files, {path: ignoring}), "payments", check) is not Status.PASS


def test_an_unfiltered_pipeline_at_the_root_covers_every_service_below_it() -> None:
    snapshot = shop({"go.mod": "module shop\n"}, pipeline("go test ./..."))
    assert status(snapshot, "payments", "ci-tests") is Status.PASS
    assert status(snapshot, "ledger", "ci-tests") is Status.PASS


def test_a_pipeline_in_a_neighbours_folder_is_the_neighbours() -> None:
    snapshot = shop({"services/ledger/.gitlab-ci.yml": "test:\n  script: [go test ./...]\n"})
    assert status(snapshot, "payments", "ci-tests") is not Status.PASS


@pytest.mark.parametrize("check", sorted(set(HERE) - DECLARED))
def test_what_stands_under_examples_counts_for_nobody(check: str) -> None:
    files = static(check, f"{PAYMENTS}/examples")
    assert status(shop(files), "payments", check) is not Status.PASS
