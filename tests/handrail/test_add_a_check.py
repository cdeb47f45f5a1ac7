"""Adding a check is adding one file: everything that shows checks shows the new one."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog.gitcommand import environment
from tests.handrail.running import ROOT, descriptor

NEW = '''\
"""Somebody left the lights on.

## What it looks for

A file `lights.txt` that says `on`.

## Why it matters

In the dark nobody finds the handrail.

## How to fix it

Write `on` into `lights.txt`.

## Example

    # lights.txt
    on

## Known limits

Whether there is a bulb is not checked.
"""

from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.result import Evidence, Findings, Result, Status
from scorecards.start import Start

STAGE = 2
REQUIRED = False
EXCEPT = ("library",)
PARAMS = {"word": "on"}


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """Read the one file."""
    findings, path = Findings(), service.file("lights.txt")
    if (snapshot.text(path) or "").strip() == params["word"]:
        findings.add(Status.PASS, "The lights are on.", Evidence(path, 1, "on"))
    return findings.best("It is dark.", f"Write `on` into `{path}`.")


def start(snapshot: Snapshot, service: Service, result: Result) -> Start | None:
    """The file, to be switched on."""
    return Start(service.file("lights.txt"), "TODO: on\\n", ("whether the lights are on",))
'''
EVERY = (
    "apiVersion: handrail.dev/v1\nkind: Scorecard\nmetadata: {name: every}\n"
    "spec:\n  all: true\n  checks:\n    - {id: lights-on, weight: 3}\n"
)
FILE = "scorecards/checks/lights_on.py"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of Handrail with one file more."""
    copy = tmp_path_factory.mktemp("house")
    skipped = shutil.ignore_patterns("__pycache__", "*.pyc", "cookiecutter", "samples")
    for room in ("handrail", "web", "scorecards", "templates", "catalog"):
        shutil.copytree(ROOT / room, copy / room, ignore=skipped)
    (copy / "templates" / "cookiecutter").mkdir()
    (copy / FILE).write_text(NEW, "utf-8")
    return copy


@pytest.fixture
def service(tmp_path: Path) -> Path:
    """A folder that the new check is asked about."""
    (tmp_path / "catalog-info.yaml").write_text(descriptor(), "utf-8")
    (tmp_path / "every.yaml").write_text(EVERY, "utf-8")
    return tmp_path


Run = Callable[..., str]


@pytest.fixture
def run(house: Path, service: Path) -> Run:
    """Run a module of the copy in the service's folder."""

    def call(module: str, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=service,
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
            env={**environment(), "PATH": "/usr/bin:/bin", "HOME": str(service), "PYTHONPATH": str(house)},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return call


def test_it_is_explained_and_listed(run: Run) -> None:
    assert "lights-on" in run("handrail", "explain")
    told = run("handrail", "explain", "lights-on")
    assert "In the dark nobody finds the handrail." in told
    assert "Does not apply to: library." in told
    assert "word = 'on'" in told


def test_it_is_judged_on_a_scorecard_and_counts(run: Run, service: Path) -> None:
    def row() -> dict[str, object]:
        report = json.loads(run("handrail", "check", "--scorecard", "every.yaml", "--format", "json"))
        card = report["services"][0]["scorecards"][0]
        return next(c for c in card["checks"] if c["id"] == "lights-on") | {"score": card["score"]}

    dark = row()
    assert (dark["status"], dark["weight"], dark["message"]) == ("fail", 3, "It is dark.")
    (service / "lights.txt").write_text("on\n", "utf-8")
    light = row()
    assert (light["status"], light["evidence"]) == (
        "pass",
        [{"path": "lights.txt", "line": 1, "note": "on"}],
    )
    assert float(str(light["score"])) > float(str(dark["score"]))


def test_it_is_traced_started_and_waived(run: Run, service: Path) -> None:
    traced = run("handrail", "check", "--trace", "lights-on")
    assert "word = 'on' (the default)" in traced
    assert "Wrote lights.txt." in run("handrail", "check", "--fix", "lights-on")
    assert (service / "lights.txt").read_text("utf-8") == "TODO: on\n"
    (service / ".handrail").mkdir()
    (service / ".handrail" / "waivers.yaml").write_text(
        "apiVersion: handrail.dev/v1\nkind: Waivers\nwaivers:\n  - check: lights-on\n"
        "    reason: Moving.\n    owner: group:default/a\n    until: 2099-01-01\n",
        "utf-8",
    )
    assert "waives it until 2099-01-01" in run("handrail", "check", "--trace", "lights-on")


def test_it_is_in_the_reference_and_on_the_pages(run: Run, house: Path, service: Path) -> None:
    run("handrail.reference", str(service / "docs"))
    assert "Somebody left the lights on." in (service / "docs/checks/README.md").read_text("utf-8")
    page = (service / "docs/checks/lights-on.md").read_text("utf-8")
    assert "## What `--fix` starts" in page
    code = (
        "from web.documentation import documentation\n"
        "print(documentation()['lights-on'].title, documentation()['lights-on'].starts)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=house,
        check=True,
        capture_output=True,
        text=True,
        env={**environment(), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(house)},
    )
    assert done.stdout == "Somebody left the lights on. True\n"


def test_nothing_else_names_a_check_that_is_there() -> None:
    """What knows checks by name would have to be changed with each: only what builds on one may."""
    names = {p.stem.replace("_", "-") for p in (ROOT / "scorecards/checks").glob("*.py")} - {"--init--"}
    framework = [*(ROOT / "scorecards").glob("*.py"), *(ROOT / "handrail").glob("*.py")]
    named = {
        (path.name, name)
        for path in framework
        for name in names
        if f'"{name}"' in path.read_text("utf-8") or f"'{name}'" in path.read_text("utf-8")
    }
    assert named == set()
