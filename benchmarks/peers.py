"""The peers that Handrail is measured against, each doing the same work in its own way."""

import json
import os
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

from benchmarks.measuring import seconds
from catalog.gitcommand import GIT, environment

_BIN = Path(sys.executable).parent
_REPOLINTER = "repolinter@0.12.0"
_CACHE = Path(__file__).parent.parent / ".cache" / "bench"


def read_with_git(fleet: Path) -> float:
    """Seconds in which `git ls-tree` and `git cat-file --batch` read what a crawl reads, one repository a time."""
    started = time.perf_counter()
    for repository in sorted(fleet.iterdir()):
        git = [*GIT, "-C", str(repository)]
        listed = subprocess.run(
            [*git, "ls-tree", "-r", "HEAD"], check=True, capture_output=True, env=environment()
        )
        wanted = [
            line.split()[2]
            for line in listed.stdout.splitlines()
            if not line.partition(b"\t")[2].startswith(b"src/")
        ]
        subprocess.run(
            [*git, "cat-file", "--batch"],
            input=b"\n".join(wanted) + b"\n",
            check=True,
            capture_output=True,
            env=environment(),
        )
    return time.perf_counter() - started


def clone(repositories: Path, into: Path) -> float:
    """Seconds for `git clone --bare --depth 1` of every repository below a folder, four at once."""
    names = "\n".join(sorted(file.name for file in repositories.iterdir()))
    script = f"git clone -q --bare --depth 1 file://{repositories}/$0 {into}/$0"
    started = time.perf_counter()
    subprocess.run(
        ["xargs", "-P4", "-n1", "sh", "-c", script],
        input=names,
        text=True,
        check=True,
        env=environment() | {"GIT_ALLOW_PROTOCOL": "file"},
    )
    return time.perf_counter() - started


def cookiecutter() -> float:
    """Seconds of `cookiecutter --version`."""
    return seconds([str(_BIN / "cookiecutter"), "--version"])


def repolinter(folder: Path) -> float:
    """Seconds in which repolinter judges a folder by eight rules of its own that come nearest to ours."""
    home = _install()
    rules = home / "rules.json"
    rules.write_text(json.dumps(_rules()))
    command = [
        str(_BIN / "node"),
        str(home / "node_modules/repolinter/bin/repolinter.js"),
        "lint",
        str(folder),
    ]
    command += ["--rulesetFile", str(rules)]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    took = time.perf_counter() - started
    if "Lint:" not in done.stdout:
        raise RuntimeError(f"repolinter did not run: {done.stderr or done.stdout}")
    return took


@cache
def _install() -> Path:
    home = _CACHE / "repolinter"
    if not (home / "node_modules/repolinter").is_dir():
        home.mkdir(parents=True, exist_ok=True)
        (home / "package.json").write_text('{"private": true}\n')
        path = f"{_BIN}{os.pathsep}{os.environ['PATH']}"
        npm = [
            str(_BIN / "npm"),
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            _REPOLINTER,
        ]
        subprocess.run(npm, cwd=home, check=True, env={**os.environ, "PATH": path})
    return home


def _rules() -> dict[str, object]:
    def rule(kind: str, **options: object) -> dict[str, object]:
        return {"level": "error", "rule": {"type": kind, "options": options}}

    def exists(*globs: str) -> dict[str, object]:
        return rule("file-existence", globsAny=list(globs))

    def contains(text: str, *globs: str) -> dict[str, object]:
        return rule("file-contents", globsAll=list(globs), content=text)

    return {
        "version": 2,
        "axioms": {},
        "rules": {
            "owner-set": contains("owner:", "catalog-info.yaml"),
            "described": contains("description:", "catalog-info.yaml"),
            "runbook-present": exists("docs/runbook.md", "RUNBOOK.md"),
            "slo-defined": exists("slo/*.yaml"),
            "ci-tests": contains("pytest", ".github/workflows/*.yml"),
            "health-probed": contains("readinessProbe", "deploy/*.yaml"),
            "rollback-configured": contains("rollout undo", ".github/workflows/*.yml"),
            "chaos-test-exists": exists("chaos/*"),
        },
    }
