"""Which check is asked of which type of service, and what that means for stage and score."""

from datetime import date

import pytest

from catalog.discovery import discover
from catalog.service import TYPES, UNDEPLOYED
from catalog.snapshot import Snapshot
from catalog.trees.memory import MemoryTree
from scorecards.assessment import assess
from scorecards.check import all_checks
from scorecards.facts import Facts
from scorecards.result import Status
from scorecards.scorecard import Criterion, Scorecard
from tests.scorecards.sound import Files, component, pipeline

FACTS = Facts(date(2026, 11, 24))
NOT_RUN = {"health-probed", "resources-bounded"}
NOT_SERVED = NOT_RUN | {"surge-tested", "chaos-test-exists", "progressive-delivery"}
EXCEPT = {
    "service": set[str](),
    "worker": {"surge-tested"},
    "function": NOT_RUN,
    "static-site": NOT_SERVED,
    "mobile-app": NOT_SERVED,
    "data-pipeline": NOT_SERVED,
}
MODULE = "infrastructure-module"
OF_ALL = {"owner-set", "described", "ci-tests"}
EVERY = Scorecard(
    "every",
    "every",
    "",
    tuple(Criterion(c, c.stage, c.required, c.weight, c.params) for c in all_checks().values()),
)


def snapshot(files: Files) -> Snapshot:
    return Snapshot(MemoryTree(files), "payments")


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("check", all_checks().values(), ids=lambda check: check.id)
def test_each_type_is_asked_what_makes_sense_for_it(check, type_: str) -> None:
    excepted = type_ in check.excepted
    if type_ in UNDEPLOYED:
        assert excepted == (check.id not in OF_ALL)
    else:
        assert excepted == (check.id in EXCEPT[type_])


@pytest.mark.parametrize("type_", TYPES)
def test_stage_and_score_are_made_of_what_applies(type_: str) -> None:
    files = {"catalog-info.yaml": component(type_=type_), "main.go": "package main\n"}
    (scored,) = assess(snapshot(files), FACTS, (EVERY,), as_type=type_).services
    (result,) = scored[1]
    for each in result.checks:
        assert (each.status is Status.NOT_APPLICABLE) >= (type_ in each.criterion.check.excepted)
    assert (result.standing.stage is None) == (type_ in UNDEPLOYED)
    assert result.standing.score is not None
    applying = sum(c.criterion.weight for c in result.checks if c.applies)
    passing = sum(c.criterion.weight for c in result.checks if c.status is Status.PASS)
    half = sum(c.criterion.weight for c in result.checks if c.status is Status.PARTIAL)
    assert result.standing.score == round(100 * (passing + half / 2) / applying, 1)


UNDECLARED: dict[str, tuple[Files, str]] = {
    "a start command in a Dockerfile": ({"Dockerfile": 'FROM alpine\nCMD ["/payments"]\n'}, "service"),
    "a Procfile": ({"Procfile": "web: ./payments\n"}, "service"),
    "a workload": (
        {"k8s.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: payments}\nspec: {}\n"},
        "service",
    ),
    "a compose file that builds it": ({"compose.yaml": "services: {payments: {build: .}}\n"}, "service"),
    "app.json": ({"app.json": '{"name": "payments", "buildpacks": []}'}, "service"),
    "fly.toml": ({"fly.toml": 'app = "payments"\n[http_service]\ninternal_port = 80\n'}, "service"),
    "render.yaml": (
        {"render.yaml": "services: [{type: web, name: payments, startCommand: ./payments}]\n"},
        "service",
    ),
    "a module": (
        {"main.tf": 'variable "name" {}\nresource "aws_s3_bucket" "b" {}\n'},
        "infrastructure-module",
    ),
}


@pytest.mark.parametrize("how", UNDECLARED)
def test_an_undeclared_repository_is_what_its_files_tell(how: str) -> None:
    files, type_ = UNDECLARED[how]
    (service,) = discover(snapshot(files)).services
    assert (service.state, service.type) == ("undeclared", type_)
    (scored,) = assess(snapshot(files), FACTS, (EVERY,)).services
    asked = {c.id for c in scored[1][0].checks if c.status is not Status.NOT_APPLICABLE}
    expected = OF_ALL if type_ == MODULE else set(all_checks()) - {"template-current"}
    assert asked >= expected - {"ci-tests"}
    assert asked <= expected


def test_what_has_neither_code_nor_a_pipeline_need_not_be_tested() -> None:
    def of(files: Files) -> Status:
        (scored,) = assess(snapshot(files), FACTS, (EVERY,)).services
        found = scored[1][0].check("ci-tests")
        assert found is not None
        return found.status

    only = {"catalog-info.yaml": component()}
    assert of(only) is Status.NOT_APPLICABLE
    assert of({**only, "main.go": "package main\n"}) is Status.FAIL
    assert of({**only, **pipeline("helm lint chart")}) is Status.PARTIAL
