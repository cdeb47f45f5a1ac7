"""The same files give the same result as a bare repository, a working copy and a plain folder."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from catalog.snapshot import Snapshot
from catalog.trees.commit import commit_snapshot
from catalog.trees.folder import folder_snapshot
from scorecards.assessment import assess
from scorecards.facts import Facts
from scorecards.report import check_report
from scorecards.scorecard import built_in

Git = Callable[..., str]

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: payments}
spec:
  template:
    spec:
      containers:
        - name: payments
          image: registry.example.com/payments:1
          readinessProbe: {httpGet: {path: /ready, port: 8080}}
"""
# ruff: noqa: E501
CHOICES: dict[str, list[str]] = {
    "catalog-info.yaml": [
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: payments\n"
        "  description: Takes card payments.\nspec:\n  type: service\n  lifecycle: production\n  owner: payments\n",
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: Payments!\nspec: {}\n",
        "apiVersion: [\n",
    ],
    "services/ledger/catalog-info.yaml": [
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ledger\n"
        "spec:\n  type: worker\n  lifecycle: production\n  owner: group:default/finance\n",
    ],
    "README.md": ["# Payments\n\nTakes card payments for the shop.\n\n## Run\n\n    make run\n", "\ufeff# TODO\r\n"],
    "Dockerfile": ["FROM x\nHEALTHCHECK CMD curl -f localhost/health\nCMD [\"/payments\"]\n"],
    "k8s/deployment.yaml": [DEPLOYMENT, DEPLOYMENT.replace("\n", "\r\n"), "a: [\n", "{{ .x }}: {{\n"],
    "docs/runbook.md": ["# Runbook\n\n## Symptoms\n\nErrors.\n\n## Mitigation\n\n    kubectl rollout undo\n"],
    "slo/openslo.yaml": ["apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: a}\nspec: {}\n", "\0\0"],
    ".github/workflows/ci.yml": ["on: push\njobs:\n  test:\n    runs-on: x\n    steps:\n      - run: make test\n"],
    "Makefile": ["test:\n\tpytest\n"],
    ".handrail/waivers.yaml": [
        "apiVersion: handrail.dev/v1\nkind: Waivers\nwaivers:\n  - check: health-probed\n"
        "    reason: Moving.\n    owner: payments\n    until: 2027-01-31\n",
    ],
    "chaos/experiment.json": ['{"title": "x", "method": []}', "{"],
    "größe & name.yaml": ["a: 1\n"],
}  # fmt: skip
repositories = st.fixed_dictionaries(
    {}, optional={path: st.sampled_from(texts) for path, texts in CHOICES.items()}
)


def judged(snapshot: Snapshot) -> Any:
    found = assess(snapshot, Facts(date(2026, 11, 24)), tuple(built_in().values()))
    return check_report(
        found.services, found.problems, handrail="", rules="", as_of=date(2026, 11, 24), commit=None
    )


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(repositories)
@example({path: texts[0] for path, texts in CHOICES.items()})
def test_the_same_files_are_judged_the_same(git: Git, files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        work = Path(name) / "work" / "payments"
        work.mkdir(parents=True)
        for path, content in files.items():
            (work / path).parent.mkdir(parents=True, exist_ok=True)
            (work / path).write_bytes(content.encode())
        git(work, "init", "-q")
        git(work, "add", "-A")
        git(work, "commit", "-q", "--allow-empty", "-m", "all")
        bare = Path(name) / "bare" / "payments.git"
        shutil.copytree(work / ".git", bare)
        git(bare, "config", "core.bare", "true")
        plain = Path(name) / "plain" / "payments"
        shutil.copytree(work, plain, ignore=shutil.ignore_patterns(".git"))
        working = folder_snapshot(work)
        assert working.commit == git(work, "rev-parse", "HEAD")
        first = judged(working)
        assert first["services"]
        assert judged(commit_snapshot(work)) == first
        assert judged(commit_snapshot(bare)) == first
        assert judged(folder_snapshot(plain)) == first
