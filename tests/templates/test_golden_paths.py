"""What each golden path renders, with each choice of its options: read by the tools that will read it."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest
import yaml

from templates.gallery import Template, built_in, find
from templates.render import render

# Long window, short window, factor: the SRE workbook's, for 2, 5 and 10 % of a 30 days' budget.
BURNS = {"Fast": ("1h", "5m", 14.4), "Steady": ("6h", "30m", 6.0), "Slow": ("3d", "6h", 1.0)}
TOOLS = Path(sys.executable).parent
SCHEMAS = Path(__file__).parent / "schemas"
OPTIONS = ("forge", "progressive_delivery")
# Of each golden path, the question that is its first objective, and the names of both.
TARGETS = {"python-http-service": "availability_target", "python-worker": "delivery_target"}
OBJECTIVES = {"python-http-service": ("availability", "latency"), "python-worker": ("delivery", "timeliness")}
TYPES = {"python-http-service": "service", "python-worker": "worker"}


class Made(NamedTuple):
    """A golden path and what it came to with some options."""

    name: str
    options: dict[str, str]
    folder: Path

    @property
    def repository(self) -> str:
        return f"https://{self.options.get('forge', 'github')}.com/Example-Org/price-quotes"

    @property
    def pipeline(self) -> str:
        return ".gitlab-ci.yml" if self.options.get("forge") == "gitlab" else ".github/workflows/pipeline.yml"


def choices(template: Template) -> list[dict[str, str]]:
    """Each combination of a template's options."""
    asked = [question for question in template.questions if question.name in OPTIONS]
    return [
        dict(zip((question.name for question in asked), chosen, strict=True))
        for chosen in itertools.product(*(question.choices for question in asked))
    ]


COMBINATIONS = [(template.name, options) for template in built_in() for options in choices(template)]
NAMES = sorted({name for name, _ in COMBINATIONS})


@pytest.fixture(scope="session", params=COMBINATIONS, ids=lambda each: "-".join([each[0], *each[1].values()]))
def made(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    answers: Callable[[str], dict[str, str]],
) -> Made:
    name, options = request.param
    destination = tmp_path_factory.mktemp("golden") / "price-quotes"
    return Made(name, options, render(find(name), destination, {**answers(name), **options}).destination)


@pytest.fixture(scope="session")
def service(made: Made) -> Path:
    return made.folder


def documents(path: Path) -> list[Any]:
    return [document for document in yaml.safe_load_all(path.read_text()) if document is not None]


def objectives(service: Path) -> dict[str, float]:
    return {
        document["metadata"]["name"].rpartition("-")[2]: document["spec"]["objectives"][0]["target"]
        for document in documents(service / "monitoring/slo.yaml")
        if document["kind"] == "SLO"
    }


def alerts(service: Path) -> dict[str, dict[str, Any]]:
    groups = documents(service / "monitoring/rules.yml")[0]["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"] if "alert" in rule}


def anchors(markdown: Path) -> set[str]:
    """The anchors that GitHub gives to headings."""
    headings = re.findall(r"^#+ (.*)$", markdown.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def run(*command: str | Path, cwd: Path) -> None:
    done = subprocess.run([*map(str, command)], check=False, cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_is_hollow_or_has_a_placeholder(service: Path) -> None:
    for path in service.rglob("*"):
        if path.is_file():
            text = path.read_text()
            assert text.strip(), path
            found = re.search(
                r"\b(TODO|FIXME|TBD|lorem ipsum|changeme|coming soon)\b|cookiecutter|\{%|YOUR_|your-org",
                text,
                re.IGNORECASE,
            )
            assert not found or path.name == "template.yaml", f"{path}: {found}"


def test_no_lock_names_where_packages_come_from(service: Path) -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (service / name).read_text()
        assert "://" not in text
        assert "--index" not in text
        assert "--find-links" not in text
        pinned = re.findall(r"^[a-z0-9-]+==\S+ .*\\$", text, re.MULTILINE)
        assert len(pinned) > 15
        assert all(
            "--hash=sha256:" in block for block in re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.M)[1:]
        )


def test_the_descriptor_says_what_was_answered(made: Made) -> None:
    component, *resources = documents(made.folder / "catalog-info.yaml")
    assert component["metadata"]["name"] == "price-quotes"
    assert component["metadata"]["description"] == 'Quotes "a price": in é and \\ other # currencies'
    slug = {f"{made.options.get('forge', 'github')}.com/project-slug": "Example-Org/price-quotes"}
    assert component["metadata"]["annotations"] == slug
    needs = component["spec"].pop("dependsOn")
    assert component["spec"] == {
        "type": TYPES[made.name],
        "lifecycle": "experimental",
        "owner": "group:default/pricing",
        "system": "shop",
    }
    assert needs == [f"resource:default/{each['metadata']['name']}" for each in resources]
    assert "* @Example-Org/pricing\n" in next(made.folder.rglob("CODEOWNERS")).read_text()


@pytest.mark.parametrize("name", NAMES)
def test_a_service_may_belong_to_no_system_and_to_a_user(name: str, tmp_path: Path) -> None:
    made = render(find(name), tmp_path / "x", {"owner": "user:jane", "name": "x"}).destination
    for entity in documents(made / "catalog-info.yaml"):
        assert "system" not in entity["spec"]
        assert entity["spec"]["owner"] == "user:jane"
    assert "* @jane\n" in next(made.rglob("CODEOWNERS")).read_text()


def test_objectives_are_complete_openslo(made: Made) -> None:
    slos = [each for each in documents(made.folder / "monitoring/slo.yaml") if each["kind"] == "SLO"]
    assert objectives(made.folder) == dict(zip(OBJECTIVES[made.name], (0.995, 0.99), strict=True))
    for slo in slos:
        assert slo["apiVersion"] == "openslo/v1"
        assert slo["spec"]["service"] == "price-quotes"
        assert slo["spec"]["timeWindow"] == [{"duration": "30d", "isRolling": True}]
        for part in ("good", "total"):
            query = slo["spec"]["indicator"]["spec"]["ratioMetric"][part]["metricSource"]["spec"]["query"]
            assert 'service="price-quotes"' in query


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("target", ["0.999", "0.9995", "0.995", "0.99"])
def test_burn_rate_alerts_follow_from_the_objectives(target: str, name: str, tmp_path: Path) -> None:
    made = render(find(name), tmp_path / "x", {TARGETS[name]: target}).destination
    assert objectives(made)[OBJECTIVES[name][0]] == float(target)
    rules = alerts(made)
    for objective, goal in objectives(made).items():
        for speed, (long, short, factor) in BURNS.items():
            rule = rules[f"{objective.capitalize()}BudgetBurns{speed}"]
            compared = re.findall(
                r"ratio_rate(\w+)\{[^}]*\} > \(([\d.]+) \* \(1 - ([\d.]+)\)\)", rule["expr"]
            )
            assert [(window, float(f), float(t)) for window, f, t in compared] == [
                (long, factor, goal),
                (short, factor, goal),
            ]
            assert " and " in rule["expr"]
            assert rule["labels"]["severity"] == ("ticket" if speed == "Slow" else "page")


def test_alerts_are_made_of_metrics_that_are_recorded(service: Path) -> None:
    groups = documents(service / "monitoring/rules.yml")[0]["groups"]
    recorded = {rule["record"] for group in groups for rule in group["rules"] if "record" in rule}
    used = set(re.findall(r"service:\w+:\w+", "".join(rule["expr"] for rule in alerts(service).values())))
    assert used == recorded


def test_every_alert_has_a_severity_and_a_runbook_section(made: Made) -> None:
    known = anchors(made.folder / "docs/runbook.md")
    files = "/-/blob/main" if made.options.get("forge") == "gitlab" else "/blob/main"
    for name, rule in alerts(made.folder).items():
        url, _, anchor = rule["annotations"]["runbook_url"].partition("#")
        assert url == f"{made.repository}{files}/docs/runbook.md"
        assert anchor in known, name
        assert rule["labels"]["severity"] in {"page", "ticket"}


def test_every_section_for_an_alert_tells_to_recognise_diagnose_and_mitigate(service: Path) -> None:
    sections = re.split(r"^## ", (service / "docs/runbook.md").read_text(), flags=re.MULTILINE)[1:]
    for_alerts = [section for section in sections if re.search(r"^Alerts? `", section, re.MULTILINE)]
    named = {name for section in for_alerts for name in re.findall(r"`(\w+)`", section.split("**")[0])}
    assert named == set(alerts(service))
    for section in for_alerts:
        assert all(f"**{word}.**" in section for word in ("Recognise", "Diagnose", "Mitigate"))


def test_links_between_documents_lead_somewhere(service: Path) -> None:
    pages = [*service.glob("*.md"), *service.glob("docs/**/*.md")]
    for page in pages:
        for link in re.findall(r"\]\(([^)]+)\)", page.read_text()):
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            assert target.exists(), f"{page}: {link}"
            assert not anchor or anchor in anchors(target), f"{page}: {link}"


def test_paths_that_the_readme_names_exist(service: Path) -> None:
    for page in (service / "README.md", service / "docs/runbook.md"):
        for name in re.findall(
            r"`((?:app|contracts|deploy|monitoring|chaos|\.git)[\w-]*[/.][\w./-]*)`", page.read_text()
        ):
            assert (service / name).exists(), name


def test_make_targets_that_are_named_exist(made: Made) -> None:
    service = made.folder
    targets = set(re.findall(r"^([a-z]+):", (service / "Makefile").read_text(), re.MULTILINE))
    for name in ("README.md", made.pipeline):
        for line in re.findall(
            r"(?:`|run: |- |^    )make ([a-z ]+)", (service / name).read_text(), re.MULTILINE
        ):
            assert set(line.split()) - {"run", *targets} <= set(), line
            assert line.split()[0] in targets


def test_rules_pass_promtool_and_their_own_tests(service: Path) -> None:
    if not shutil.which("promtool"):
        assert not os.environ.get("CI"), "promtool is missing: install the package prometheus"
        pytest.skip("promtool is not installed")
    run("promtool", "check", "rules", "monitoring/rules.yml", cwd=service)
    tests = sorted((service / "monitoring").glob("*_test.yml"))
    assert tests
    run("promtool", "test", "rules", *tests, cwd=service)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("target", ["0.9995", "0.99"])
def test_rules_of_the_strictest_and_the_loosest_target_pass_their_own_tests(
    target: str, name: str, tmp_path: Path
) -> None:
    made = render(find(name), tmp_path / "x", {TARGETS[name]: target}).destination
    (made / "monitoring/rules_week_test.yml").unlink(missing_ok=True)  # no target in it
    test_rules_pass_promtool_and_their_own_tests(made)


def test_every_expression_is_promql(service: Path) -> None:
    import promql_parser

    groups = documents(service / "monitoring/rules.yml")[0]["groups"]
    for rule in (rule for group in groups for rule in group["rules"]):
        promql_parser.parse(rule["expr"])


def test_manifests_pass_the_schemas_of_kubernetes(service: Path) -> None:
    manifests = [
        path for path in sorted((service / "deploy").glob("*.yaml")) if path.name != "kustomization.yaml"
    ]
    listed = documents(service / "deploy/kustomization.yaml")[0]["resources"]
    assert sorted(listed) == [path.name for path in manifests]
    own = {path.stem for path in SCHEMAS.glob("*.json")}
    known = [path for path in manifests if documents(path)[0]["kind"] not in own]
    run(TOOLS / "kubernetes-validate", "--strict", *known, cwd=service)
    for path in set(manifests) - set(known):
        (manifest,) = documents(path)
        jsonschema.validate(manifest, json.loads((SCHEMAS / f"{manifest['kind']}.json").read_text()))


def test_a_canary_is_the_deployments_template_judged_by_an_analysis(made: Made) -> None:
    if made.options.get("progressive_delivery") != "argo-rollouts":
        assert not (made.folder / "deploy/rollout.yaml").exists()
        assert not (made.folder / "deploy/analysis.yaml").exists()
        return
    (rollout,) = documents(made.folder / "deploy/rollout.yaml")
    (analysis,) = documents(made.folder / "deploy/analysis.yaml")
    (deployment,) = documents(made.folder / "deploy/deployment.yaml")
    (scaler,) = documents(made.folder / "deploy/autoscaling.yaml")
    assert rollout["spec"]["workloadRef"]["name"] == deployment["metadata"]["name"]
    assert rollout["spec"]["selector"] == deployment["spec"]["selector"]
    assert scaler["spec"]["scaleTargetRef"] == {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Rollout",
        "name": rollout["metadata"]["name"],
    }
    steps = rollout["spec"]["strategy"]["canary"]["steps"]
    named = {each["templateName"] for step in steps for each in step.get("analysis", {}).get("templates", [])}
    assert named == {analysis["metadata"]["name"]}
    import promql_parser

    recorded = (made.folder / "monitoring/rules.yml").read_text()
    for metric in analysis["spec"]["metrics"]:
        query = metric["provider"]["prometheus"]["query"]
        promql_parser.parse(query)
        for used in re.findall(r"service:\w+:\w+", query):
            assert f"record: {used}\n" in recorded


def test_a_pod_has_time_to_drain_before_it_is_killed(service: Path) -> None:
    spec = documents(service / "deploy/deployment.yaml")[0]["spec"]["template"]["spec"]
    defaults = (service / "app/settings.py").read_text()
    seconds = re.findall(r"(?:drain|grace)_seconds: float = ([\d.]+)", defaults)
    assert seconds
    assert spec["terminationGracePeriodSeconds"] > sum(map(float, seconds))


def test_files_pass_the_schemas_of_who_reads_them(made: Made) -> None:
    pipeline = "vendor.gitlab-ci" if made.pipeline == ".gitlab-ci.yml" else "vendor.github-workflows"
    for schema, path in ((pipeline, made.pipeline), ("vendor.compose-spec", "compose.yaml")):
        run(TOOLS / "check-jsonschema", "--builtin-schema", schema, path, cwd=made.folder)
    other = ".github/workflows/pipeline.yml" if made.pipeline == ".gitlab-ci.yml" else ".gitlab-ci.yml"
    assert not (made.folder / other).exists()


def test_the_pipeline_goes_back_by_itself(made: Made) -> None:
    workflow = documents(made.folder / made.pipeline)[0]
    ran = {"make test", "make chaos", "make drill", "make load"}
    if made.pipeline == ".gitlab-ci.yml":
        stages = workflow["stages"]
        deploy, back = workflow["deploy"], workflow["roll-back"]
        assert stages.index(deploy["stage"]) < stages.index(back["stage"])
        assert [rule["when"] for rule in back["rules"]] == ["on_failure"]
        assert back["needs"] == ["deploy"]
        assert any('rollout undo "deployment/$SERVICE"' in line for line in back["script"])
        assert any("deploy/verify.py" in line for line in deploy["script"])
        jobs = [job for job in workflow.values() if isinstance(job, dict) and "script" in job]
        assert not any(job.get("allow_failure") for job in jobs)
        lines = {line for job in jobs for line in job["script"]}
        assert {*ran, "handrail gate . --base FETCH_HEAD"} <= lines
        return
    steps = workflow["jobs"]["deploy"]["steps"]
    names = [step.get("name") for step in steps]
    assert names.index("Deploy") < names.index("Verify") < names.index("Roll back")
    back = steps[names.index("Roll back")]
    assert "failure()" in back["if"]
    assert 'rollout undo "deployment/$SERVICE"' in back["run"]
    assert workflow["jobs"]["deploy"]["needs"] == "image"
    assert set(workflow["jobs"]["image"]["needs"]) == {"test", "chaos", "load"}
    assert not any("continue-on-error" in step for job in workflow["jobs"].values() for step in job["steps"])
    lines = {step.get("run") for job in workflow["jobs"].values() for step in job["steps"]}
    assert {*ran, "handrail gate . --base origin/main"} <= lines


def test_every_script_of_the_pipeline_is_shell(made: Made, tmp_path: Path) -> None:
    workflow = documents(made.folder / made.pipeline)[0]
    if made.pipeline == ".gitlab-ci.yml":
        jobs = [job for job in workflow.values() if isinstance(job, dict)]
        scripts = ["\n".join(job.get("before_script", []) + job.get("script", [])) for job in jobs]
    else:
        scripts = [step.get("run", "") for job in workflow["jobs"].values() for step in job["steps"]]
    assert len([script for script in scripts if script]) > 5
    for script in scripts:
        (tmp_path / "script").write_text(re.sub(r"\$\{\{.*?\}\}", "x", script))
        run("bash", "-n", tmp_path / "script", cwd=tmp_path)


def test_every_experiment_is_run_by_make_chaos(service: Path) -> None:
    makefile = (service / "Makefile").read_text()
    experiments = sorted((service / "chaos").glob("*.yaml"))
    assert experiments
    for path in experiments:
        assert f"chaos run chaos/{path.name}\n" in makefile


KUBECTL = """#!/bin/sh
case "$*" in
  *"get deployment"*) echo '{"metadata": {"generation": 7}}' ;;
  *"get rollout"*) cat "$ROLLOUT" ;;
  *) exit 1 ;;
esac
"""


@pytest.mark.parametrize(
    ("status", "good"),
    [
        ({"phase": "Healthy", "observedGeneration": "3", "workloadObservedGeneration": "7"}, True),
        ({"phase": "Degraded", "observedGeneration": "3", "workloadObservedGeneration": "7"}, False),
        ({"phase": "Progressing", "observedGeneration": "3", "workloadObservedGeneration": "7"}, False),
        ({"phase": "Healthy", "observedGeneration": "3", "workloadObservedGeneration": "6"}, False),
        ({"phase": "Healthy", "observedGeneration": "2", "workloadObservedGeneration": "7"}, False),
        ({}, False),
    ],
    ids=["healthy", "aborted", "going on", "release not seen", "change not seen", "nothing known"],
)
def test_waiting_for_a_canary_tells_whether_it_came_through(
    status: dict[str, str], good: bool, tmp_path: Path
) -> None:
    options = {"progressive_delivery": "argo-rollouts"}
    made = render(find("python-worker"), tmp_path / "x", options).destination
    (tmp_path / "kubectl").write_text(KUBECTL)
    (tmp_path / "kubectl").chmod(0o755)
    (tmp_path / "rollout").write_text(json.dumps({"metadata": {"generation": 3}, "status": status}))
    done = subprocess.run(
        [sys.executable, "deploy/await_rollout.py", "namespace", "x", "0.3"],
        cwd=made,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "ROLLOUT": str(tmp_path / "rollout")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == (0 if good else 1), done.stdout + done.stderr
