"""A golden path has what the scorecard asks for: nothing fails, is unknown or is pretended."""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from catalog.discovery import discover
from catalog.snapshot import Snapshot
from catalog.trees.folder import FolderTree
from scorecards.check import all_checks
from scorecards.evaluation import evaluate, run_check
from scorecards.facts import Facts
from scorecards.result import Status
from scorecards.scorecard import built_in as scorecards
from templates.gallery import Template, built_in, newest_versions
from templates.render import render

# What only time or the systems around a service can give, and what is an option.
NOT_FROM_THE_START = {
    *("postmortems-kept", "game-days-held", "actions-closed"),
    *("progressive-delivery", "remediation-declared"),
}
FACTS = Facts(date(2026, 1, 1), templates=newest_versions())
HOLDS = {Status.PASS, Status.PARTIAL, Status.NOT_APPLICABLE}


def status(folder: Path, check: str) -> Status:
    snapshot = Snapshot(FolderTree(folder, None), folder.name)
    (service,) = discover(snapshot).services
    result, error = run_check(all_checks()[check], snapshot, service, FACTS)
    assert error is None
    return result.status


def _change(path: str, pattern: str, replacement: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        text, count = re.subn(
            pattern, replacement, (folder / path).read_text(), flags=re.MULTILINE | re.DOTALL
        )
        assert count, f"{path} holds nothing like {pattern}"
        (folder / path).write_text(text)

    return change


def _change_all(
    pattern_of_paths: str, pattern: str, replacement: str, *, some: bool = False
) -> Callable[[Path], None]:
    """Change each of these files; with `some` it is enough that one of them has what is to be changed."""

    def change(folder: Path) -> None:
        paths = sorted(folder.glob(pattern_of_paths))
        if some:
            paths = [path for path in paths if re.search(pattern, path.read_text(), re.MULTILINE | re.DOTALL)]
        assert paths
        for path in paths:
            _change(str(path.relative_to(folder)), pattern, replacement)(folder)

    return change


def _remove(pattern_of_paths: str) -> Callable[[Path], None]:
    def remove(folder: Path) -> None:
        paths = sorted(folder.glob(pattern_of_paths))
        assert paths
        for path in paths:
            path.unlink()

    return remove


PIPELINE = ".github/workflows/pipeline.yml"
PROBES = r"^ +(startup|readiness|liveness)Probe:.*?(?=^ +resources:)"

# Each takes the practice out, or leaves only its shell.
WITHOUT: dict[tuple[str, str], list[Callable[[Path], None]]] = {
    ("owner-set", "nobody"): [_change("catalog-info.yaml", r"owner: .*?$", "owner: unknown")],
    ("described", "heading only"): [_change("README.md", r"\A(# [^\n]*\n).*\Z", r"\1")],
    ("runbook-present", "none"): [_remove("docs/runbook.md")],
    ("runbook-present", "headings only"): [_change("docs/runbook.md", r"^(?!#).*?$", "")],
    ("slo-defined", "none"): [_remove("monitoring/slo.yaml")],
    ("slo-defined", "everything"): [_change("monitoring/slo.yaml", r"target: [\d.]+", "target: 1")],
    ("ci-tests", "neutralised"): [
        _change(PIPELINE, r"run: make test$", "run: true"),
        _change(PIPELINE, r"docker run --rm --volume.*?_test\.yml'$", "true"),
    ],
    ("health-probed", "none"): [
        _change("deploy/deployment.yaml", PROBES, ""),
        _change("compose.yaml", r"^    healthcheck:.*?retries: 5$", ""),
        _change("Dockerfile", r"^HEALTHCHECK.*?\]$", ""),
    ],
    ("rollback-configured", "told only"): [
        _change(
            PIPELINE,
            r"(- name: Roll back.*?run: \|\n).*?(?=\n      - name)",
            r"\1          echo roll back by hand",
        )
    ],
    ("chaos-test-exists", "no action"): [
        _change_all("chaos/*.yaml", r"^method:.*?(?=^[a-z#])(?!method)", "method: []\n")
    ],
    ("dependencies-declared", "said nowhere"): [
        _change("catalog-info.yaml", r"^  # docs/dep.*?(?=^---|\Z)", "")
    ],
    ("template-current", "behind"): [_change(".handrail/template.yaml", r"version: .*?$", "version: '0'")],
    ("chaos-test-exists", "none"): [_remove("chaos/*.yaml")],
    ("alerts-defined", "none"): [_remove("monitoring/rules.yml")],
    ("slo-alerted", "no burn rate"): [
        _change("monitoring/rules.yml", r"^  - name: [\w-]+-objectives$.*?(?=^  (- name|#))", "")
    ],
    ("anomaly-watched", "none"): [
        _change(
            "monitoring/rules.yml", r"^      - alert: (TrafficUnusual|QueueGrows)$.*?(?=^      - |\Z)", ""
        )
    ],
    ("observable", "nothing to see"): [
        _remove("app/telemetry.py"),
        _remove("monitoring/prometheus.yml"),
        _change("pyproject.toml", r'^    "(opentelemetry|prometheus)[^\n]*\n', ""),
        _change_all("*.lock", r"^(opentelemetry|prometheus)[^\n]*\n( [^\n]*\n)*", ""),
        _change_all("app/*.py", r"^from (prometheus_client|opentelemetry)[^\n]*\n", "", some=True),
        _change("deploy/deployment.yaml", r"^ +prometheus\.io[^\n]*\n", ""),
    ],
    ("deploy-automated", "told only"): [
        _change(PIPELINE, r"kubectl [^\n]*apply[^\n]*", "echo apply it by hand")
    ],
    ("error-budget-policy", "none"): [_remove("docs/error-budget.md")],
    ("error-budget-policy", "headings only"): [_change("docs/error-budget.md", r"^(?!#).*?$", "")],
    ("escalation-known", "nobody"): [
        _remove("docs/escalation.md"),
        _change("monitoring/alertmanager.yml", r"^    pagerduty_configs:.*?(?=^  - name)", ""),
    ],
    ("failure-modes-known", "neither told nor configured"): [
        _remove("docs/dependencies.md"),
        _change_all(
            "**/*.py", r"(?i)timeout|breaker|retry|retries|attempt|fall_?back|put_back", "x", some=True
        ),
    ],
    ("surge-tested", "without thresholds"): [
        _change("load/locustfile.py", r"^    environment\.process_exit_code[^\n]*\n", "")
    ],
    ("resources-bounded", "nothing"): [
        _change("deploy/deployment.yaml", r"^ +resources:$.*?limits:[^\n]*\n", ""),
        _change("compose.yaml", r"^    mem_limit[^\n]*\n", ""),
    ],
    ("rollback-automated", "by hand"): [
        _change(
            PIPELINE,
            r"\(failure\(\) \|\| cancelled\(\)\) && [^\n]*\n[^\n]*",
            "github.event_name == 'workflow_dispatch'",
        )
    ],
}

NOT_FOR_ALL = {"surge-tested"}

# An alert on an objective is only as good as the objective and the runbook that it links; what goes back by
# itself is a way back; how dependencies fail is asked of those that are declared.
STANDS_ON = {
    "alerts-defined": {"slo-alerted", "anomaly-watched"},
    "runbook-present": {"slo-alerted"},
    "slo-defined": {"slo-alerted"},
    "rollback-configured": {"rollback-automated"},
    "dependencies-declared": {"failure-modes-known"},
}


def choices(template: Template) -> list[dict[str, str]]:
    """Each combination of a template's options."""
    asked = [each for each in template.questions if each.name in {"forge", "progressive_delivery"}]
    return [
        dict(zip((question.name for question in asked), chosen, strict=True))
        for chosen in itertools.product(*(question.choices for question in asked))
    ]


COMBINATIONS = [(template, options) for template in built_in() for options in choices(template)]


@pytest.fixture(scope="module", params=built_in(), ids=lambda template: template.name)
def golden(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    answers: Callable[[str], dict[str, str]],
) -> Path:
    destination = tmp_path_factory.mktemp("golden") / "price-quotes"
    return render(request.param, destination, answers(request.param.name)).destination


@pytest.mark.parametrize("check", sorted(set(all_checks()) - NOT_FROM_THE_START))
def test_nothing_fails_and_nothing_is_unknown(check: str, golden: Path) -> None:
    assert status(golden, check) in HOLDS


@pytest.mark.parametrize(
    ("template", "options"),
    COMBINATIONS,
    ids=["-".join([template.name, *options.values()]) for template, options in COMBINATIONS],
)
def test_defaults_with_each_option_are_no_worse(
    template: Template, options: dict[str, str], tmp_path: Path
) -> None:
    name = template.question("name").default
    made = render(template, tmp_path / name, options).destination
    without = NOT_FROM_THE_START - (
        {"progressive-delivery"} if "argo-rollouts" in options.values() else set()
    )
    found = {check: status(made, check) for check in set(all_checks()) - without}
    assert {check: each for check, each in found.items() if each not in HOLDS} == {}
    # What is weak from the start could be sound from the start.
    assert [check for check, each in found.items() if each is Status.PARTIAL] == []


@pytest.mark.parametrize(
    ("template", "options"),
    COMBINATIONS,
    ids=["-".join([template.name, *options.values()]) for template, options in COMBINATIONS],
)
def test_the_scorecard_of_reliability_says_stage_four(
    template: Template, options: dict[str, str], tmp_path: Path
) -> None:
    name = template.question("name").default
    snapshot = Snapshot(FolderTree(render(template, tmp_path / name, options).destination, None), name)
    (service,) = discover(snapshot).services
    (result,) = evaluate(snapshot, service, FACTS, [scorecards()["reliability"]])
    assert result.standing.stage == 4
    declined = set() if "argo-rollouts" in options.values() else {"progressive-delivery"}
    early = {each.id: each.status for each in result.checks if each.criterion.stage <= 4}
    assert {check for check, each in early.items() if each not in HOLDS} <= declined
    # What only time can give is begun: a template for postmortems, a planned game day.
    assert {check for check, each in early.items() if each is Status.PARTIAL} <= NOT_FROM_THE_START
    assert not any(each.waiver for each in result.checks)


@pytest.mark.parametrize(("check", "how"), [each for each in WITHOUT if each[0] in all_checks()])
def test_without_the_practice_its_check_and_no_other_turns(
    check: str, how: str, golden: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(golden, tmp_path / golden.name)
    before = {each: status(copy, each) for each in all_checks()}
    if before[check] is Status.NOT_APPLICABLE:
        assert check in NOT_FOR_ALL
        return
    assert before[check] is Status.PASS
    for change in WITHOUT[check, how]:
        change(copy)
    after = {each: status(copy, each) for each in all_checks()}
    assert after[check] is not Status.PASS
    turned = [each for each in after if after[each] is not before[each]]
    assert [each for each in turned if each not in STANDS_ON.get(check, ())] == [check]
