"""Handrail passes its own scorecard, and what runs it is what its tools accept."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLATFORM = ROOT / "platform"
BIN = Path(sys.executable).parent


def run(*command: str, **env: str) -> subprocess.CompletedProcess[str]:
    given = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", **env}
    return subprocess.run(
        command, cwd=ROOT, env=given, capture_output=True, text=True, timeout=240, check=False
    )


def test_no_python_file_shadows_the_standard_librarys_platform():
    assert list(PLATFORM.rglob("*.py")) == []


ONLY_TIME_GIVES = {"game-days-held", "postmortems-kept", "actions-closed"}
NOT_OURS_YET = {"surge-tested", "remediation-declared", "progressive-delivery"}


def test_handrail_passes_its_own_scorecard_up_to_prediction():
    from catalog.snapshot import Snapshot
    from catalog.trees.folder import FolderTree
    from scorecards.assessment import assess
    from scorecards.facts import Facts
    from scorecards.scorecard import named

    kept = ("platform", "docs", ".github", "handrail", "web", "scorecards", "catalog", "templates")
    files = [
        p for name in kept for p in (ROOT / name).rglob("*") if p.is_file() and "__pycache__" not in p.parts
    ]
    files += [p for p in ROOT.iterdir() if p.is_file()]
    paths = [os.fsencode(p.relative_to(ROOT)) for p in files]
    snapshot = Snapshot(FolderTree(ROOT, paths), "handrail")
    assessment = assess(snapshot, Facts(date(2026, 11, 24)), (named("reliability"),))
    ((service, (result,)),) = assessment.services
    assert service.name == "handrail"
    assert result.standing.stage == 4
    lacking = {c.id for c in result.checks if not c.holds}
    assert lacking <= ONLY_TIME_GIVES | NOT_OURS_YET
    assert assessment.problems == ()


def test_manifests_and_pipelines_pass_their_schemas():
    assert (
        run("kubernetes-validate", "--strict", str(PLATFORM / "kubernetes" / "deployment.yaml")).returncode
        == 0
    )
    for schema, path in (
        ("vendor.github-workflows", ".github/workflows/ci.yml"),
        ("vendor.github-workflows", ".github/workflows/deploy.yml"),
        ("vendor.github-actions", "platform/github/action.yml"),
        ("vendor.compose-spec", "platform/compose.yaml"),
        ("vendor.gitlab-ci", "platform/gitlab/handrail.gitlab-ci.yml"),
    ):
        done = run("check-jsonschema", "--builtin-schema", schema, path)
        assert done.returncode == 0, (path, done.stdout)


def test_alert_rules_pass_promtool():
    if shutil.which("promtool") is None and not os.environ.get("CI"):
        pytest.skip("promtool is missing: install Debian's package prometheus")
    done = run("promtool", "check", "rules", "platform/alerts.yaml")
    assert done.returncode == 0, done.stderr


def test_the_experiment_kills_a_crawl_and_finds_the_catalog_whole(tmp_path):
    home = tmp_path / "chaos"
    journal = tmp_path / "journal.json"
    done = run(
        "chaos",
        "--no-version-check",
        "--log-file",
        str(tmp_path / "chaos.log"),
        "run",
        "--journal-path",
        str(journal),
        "platform/chaos/killed-crawl.json",
        HANDRAIL_CHAOS_HOME=str(home),
        HOME=str(tmp_path),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(journal.read_text())
    assert (told["status"], told["deviated"]) == ("completed", False)
    assert [step["status"] for step in told["run"]] == ["succeeded"]


def test_the_experiment_fails_where_the_catalog_is_not_whole(tmp_path):
    home = tmp_path / "chaos"
    assert run("handrail", "demo", "--folder", str(home), "--no-serve").returncode == 0
    shutil.rmtree(home / "repositories" / "payments")
    for name in ("ui-kit", "refunds", "notifications"):
        shutil.rmtree(home / "repositories" / name)
    done = run("sh", "platform/chaos/whole.sh", str(home))
    assert done.returncode == 1
