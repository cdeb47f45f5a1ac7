"""What the golden path python-http-service renders, as it lies there: read by the tools that will read it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from templates.gallery import find
from templates.render import render

# Long window, short window, factor: the SRE workbook's, for 2, 5 and 10 % of a 30 days' budget.
BURNS = {"Fast": ("1h", "5m", 14.4), "Steady": ("6h", "30m", 6.0), "Slow": ("3d", "6h", 1.0)}
TOOLS = Path(sys.executable).parent


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
        assert len(pinned) > 20
        assert all(
            "--hash=sha256:" in block for block in re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.M)[1:]
        )


def test_the_descriptor_says_what_was_answered(service: Path) -> None:
    (component,) = documents(service / "catalog-info.yaml")
    assert component["metadata"]["name"] == "price-quotes"
    assert component["metadata"]["description"] == 'Quotes "a price": in é and \\ other # currencies'
    assert component["spec"] == {
        "type": "service",
        "lifecycle": "experimental",
        "owner": "group:default/pricing",
        "system": "shop",
        "dependsOn": [],
    }
    assert "* @Example-Org/pricing\n" in (service / ".github/CODEOWNERS").read_text()


def test_a_service_may_belong_to_no_system_and_to_a_user(tmp_path: Path) -> None:
    made = render(
        find("python-http-service"), tmp_path / "x", {"owner": "user:jane", "name": "x"}
    ).destination
    (component,) = documents(made / "catalog-info.yaml")
    assert "system" not in component["spec"]
    assert "* @jane\n" in (made / ".github/CODEOWNERS").read_text()


def test_objectives_are_complete_openslo(service: Path) -> None:
    slos = [document for document in documents(service / "monitoring/slo.yaml") if document["kind"] == "SLO"]
    assert objectives(service) == {"availability": 0.995, "latency": 0.99}
    for slo in slos:
        assert slo["apiVersion"] == "openslo/v1"
        assert slo["spec"]["service"] == "price-quotes"
        assert slo["spec"]["timeWindow"] == [{"duration": "30d", "isRolling": True}]
        for part in ("good", "total"):
            query = slo["spec"]["indicator"]["spec"]["ratioMetric"][part]["metricSource"]["spec"]["query"]
            assert 'service="price-quotes"' in query


@pytest.mark.parametrize("target", ["0.999", "0.9995", "0.995", "0.99"])
def test_burn_rate_alerts_follow_from_the_objectives(target: str, tmp_path: Path) -> None:
    made = render(find("python-http-service"), tmp_path / "x", {"availability_target": target}).destination
    assert objectives(made)["availability"] == float(target)
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


def test_every_alert_has_a_severity_and_a_runbook_section(service: Path) -> None:
    known = anchors(service / "docs/runbook.md")
    for name, rule in alerts(service).items():
        url, _, anchor = rule["annotations"]["runbook_url"].partition("#")
        assert url == "https://github.com/Example-Org/price-quotes/blob/main/docs/runbook.md"
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
        for name in re.findall(r"`((?:app|deploy|monitoring|chaos|\.github)/[\w./-]*)`", page.read_text()):
            assert (service / name).exists(), name


def test_make_targets_that_are_named_exist(service: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (service / "Makefile").read_text(), re.MULTILINE))
    for name in ("README.md", ".github/workflows/pipeline.yml"):
        for line in re.findall(
            r"(?:`|run: |^    )make ([a-z ]+)", (service / name).read_text(), re.MULTILINE
        ):
            assert set(line.split()) - {"run", *targets} <= set(), line
            assert line.split()[0] in targets


def test_rules_pass_promtool_and_their_own_tests(service: Path) -> None:
    if not shutil.which("promtool"):
        assert not os.environ.get("CI"), "promtool is missing: install the package prometheus"
        pytest.skip("promtool is not installed")
    run("promtool", "check", "rules", "monitoring/rules.yml", cwd=service)
    tests = sorted((service / "monitoring").glob("*_test.yml"))
    assert len(tests) == 2
    run("promtool", "test", "rules", *tests, cwd=service)


@pytest.mark.parametrize("target", ["0.9995", "0.99"])
def test_rules_of_the_strictest_and_the_loosest_target_pass_their_own_tests(
    target: str, tmp_path: Path
) -> None:
    made = render(find("python-http-service"), tmp_path / "x", {"availability_target": target}).destination
    (made / "monitoring/rules_week_test.yml").write_text(
        "{rule_files: [rules.yml], tests: []}"
    )  # no target in it
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
    run(TOOLS / "kubernetes-validate", "--strict", *manifests, cwd=service)


def test_a_pod_has_time_to_drain_before_it_is_killed(service: Path) -> None:
    spec = documents(service / "deploy/deployment.yaml")[0]["spec"]["template"]["spec"]
    defaults = (service / "app/settings.py").read_text()
    seconds = [
        float(re.search(rf"{name}: float = ([\d.]+)", defaults)[1])
        for name in ("drain_seconds", "grace_seconds")
    ]  # type: ignore[index]
    assert spec["terminationGracePeriodSeconds"] > sum(seconds)


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("vendor.github-workflows", ".github/workflows/pipeline.yml"),
        ("vendor.compose-spec", "compose.yaml"),
    ],
)
def test_files_pass_the_schemas_of_who_reads_them(schema: str, path: str, service: Path) -> None:
    run(TOOLS / "check-jsonschema", "--builtin-schema", schema, path, cwd=service)


def test_the_pipeline_goes_back_by_itself(service: Path) -> None:
    workflow = documents(service / ".github/workflows/pipeline.yml")[0]
    steps = workflow["jobs"]["deploy"]["steps"]
    names = [step.get("name") for step in steps]
    assert names.index("Deploy") < names.index("Verify") < names.index("Roll back")
    back = steps[names.index("Roll back")]
    assert "failure()" in back["if"]
    assert 'rollout undo "deployment/$SERVICE"' in back["run"]
    assert workflow["jobs"]["deploy"]["needs"] == "image"
    assert set(workflow["jobs"]["image"]["needs"]) == {"test", "chaos", "load"}
    assert not any("continue-on-error" in step for job in workflow["jobs"].values() for step in job["steps"])
    ran = [step.get("run") for job in workflow["jobs"].values() for step in job["steps"]]
    assert {
        "make test",
        "make chaos",
        "make drill",
        "make load",
        "handrail gate . --base origin/main",
    } <= set(ran)


def test_every_script_of_the_pipeline_is_shell(service: Path, tmp_path: Path) -> None:
    workflow = documents(service / ".github/workflows/pipeline.yml")[0]
    for job in workflow["jobs"].values():
        for step in job["steps"]:
            script = re.sub(r"\$\{\{.*?\}\}", "x", step.get("run", ""))
            (tmp_path / "script").write_text(script)
            run("bash", "-n", tmp_path / "script", cwd=tmp_path)
