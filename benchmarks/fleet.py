"""Makes a fleet of bare repositories to crawl, the same at each call, with what each really has."""

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

from catalog.gitcommand import GIT, environment

FILES = 60
"""Files a repository, of which a crawl reads about nine."""

CHECKED = {
    "slo": "slo-defined",
    "runbook": "runbook-present",
    "rollback": "rollback-configured",
    "chaos": "chaos-test-exists",
}
"""The check that judges each practice of a fleet."""


def make_fleet(folder: Path, count: int, seed: int) -> list[dict[str, str]]:
    """Make `count` repositories below `folder`; gives, by repository, whether each practice is yes, hollow or no."""
    folder.mkdir(parents=True, exist_ok=True)
    truth = []
    for number in range(count):
        name = f"unit-{number:05d}"
        draw = random.Random(seed * 7_919 + number)
        has = {p: draw.choices(("yes", "hollow", "no"), (45, 15, 40))[0] for p in CHECKED}
        truth.append({"name": name, **has})
        _repository(folder / f"{name}.git", dict(_files(draw, name, has)))
    return truth


def _repository(path: Path, files: dict[str, str]) -> None:
    # The template folder of the machine's git would add a dozen sample hooks to each repository.
    init = [*GIT, "init", "-q", "--bare", "--template=", "--initial-branch=main", str(path)]
    subprocess.run(init, check=True, env=environment())
    stream = [
        b"commit refs/heads/main\ncommitter Fleet <fleet@example.org> 1760000000 +0000\ndata 6\nBegin\n\n"
    ]
    for name, text in files.items():
        data = text.encode()
        stream.append(b"M 100644 inline %s\ndata %d\n%s\n" % (name.encode(), len(data), data))
    load = [*GIT, "-C", str(path), "-c", "fastimport.unpackLimit=1", "fast-import", "--quiet"]
    subprocess.run(load, input=b"".join(stream), check=True, env=environment())


def _files(draw: random.Random, name: str, has: dict[str, str]) -> Iterator[tuple[str, str]]:
    made = 0
    for path, text in _practices(draw, name, has):
        made += 1
        yield path, text
    for number in range(FILES - made):
        body = "\n\n".join(f"def part_{i}(x):\n    return x * {draw.randrange(997)}" for i in range(16))
        yield f"src/package_{number % 6}/module_{number:03d}.py", f'"""Part of {name}."""\n\n{body}\n'


def _practices(draw: random.Random, name: str, has: dict[str, str]) -> Iterator[tuple[str, str]]:
    team = f"team-{draw.randrange(40):02d}"
    depends = "".join(f"\n    - component:unit-{draw.randrange(9999):05d}" for _ in range(draw.randrange(4)))
    yield (
        "catalog-info.yaml",
        f"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n"
        f"  description: Answers for {name}\n  tags: [python, tier-{draw.randrange(1, 4)}]\n"
        f"spec:\n  type: service\n  lifecycle: production\n  owner: group:{team}\n"
        f"  system: system-{draw.randrange(60):02d}\n" + (f"  dependsOn:{depends}\n" if depends else ""),
    )
    yield "README.md", f"# {name}\n\nAnswers for {name}.\n\n## Run it\n\n    make run\n"
    yield "CODEOWNERS", f"* @example/{team}\n"
    yield ".github/workflows/release.yml", _workflow(name, has["rollback"])
    yield "deploy/deployment.yaml", _deployment(name, draw.randrange(1, 5))
    yield (
        "deploy/service.yaml",
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{ports: [{{port: 80}}]}}\n",
    )
    if has["slo"] != "no":
        yield "slo/availability.yaml", _objective(name, "0.995" if has["slo"] == "yes" else "0")
    if has["runbook"] != "no":
        yield (
            "docs/runbook.md",
            _RUNBOOK.replace("NAME", name) if has["runbook"] == "yes" else "# Runbook\n\nTBD\n",
        )
    if has["chaos"] != "no":
        yield "chaos/lost-instance.yaml", _CHAOS.replace("NAME", name) if has["chaos"] == "yes" else _NO_CHAOS


def _workflow(name: str, rollback: str) -> str:
    back = {"yes": f"kubectl rollout undo deployment/{name}", "hollow": "echo rollback"}.get(rollback)
    return (
        "name: release\non:\n  push:\n    branches: [main]\n  pull_request:\njobs:\n  test:\n"
        "    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: python -m pytest\n"
        "  deploy:\n    needs: test\n    runs-on: ubuntu-latest\n    steps:\n"
        f"      - run: kubectl apply -f deploy/\n      - run: kubectl rollout status deployment/{name}\n"
        + (f"      - if: failure()\n        run: {back}\n" if back else "")
    )


def _deployment(name: str, replicas: int) -> str:
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  replicas: {replicas}\n"
        f"  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n"
        f"    spec:\n      containers:\n        - name: main\n          image: registry.example.org/{name}:7\n"
        "          readinessProbe: {httpGet: {path: /ready, port: 8080}}\n"
        "          livenessProbe: {httpGet: {path: /live, port: 8080}}\n"
    )


def _objective(name: str, target: str) -> str:
    query = f'sum(rate(http_server_requests_total{{job="{name}"'
    return (
        f"apiVersion: openslo/v1\nkind: SLO\nmetadata:\n  name: {name}-availability\nspec:\n  service: {name}\n"
        "  indicator:\n    metadata:\n      name: answered\n    spec:\n      ratioMetric:\n        counter: true\n"
        "        good:\n          metricSource:\n            type: Prometheus\n"
        f"            spec:\n              query: '{query},status!~\"5..\"}}[5m]))'\n"
        "        total:\n          metricSource:\n            type: Prometheus\n"
        f"            spec:\n              query: '{query}}}[5m]))'\n"
        "  timeWindow:\n    - duration: 30d\n      isRolling: true\n  budgetingMethod: Occurrences\n"
        f"  objectives:\n    - target: {target}\n"
    )


_RUNBOOK = """# Runbook: NAME

## NAMEErrorBudgetBurn

The alert fires when requests fail faster than the error budget allows; users see errors.

### Diagnose

1. `kubectl get pods -l app=NAME`: restarts, or pods that are not ready.
2. Compare the error ratio by version on the dashboard.

### Mitigate

Roll back: `kubectl rollout undo deployment/NAME`. Then tell the team.
"""

_CHAOS = """apiVersion: chaos-mesh.org/v1alpha1
kind: Schedule
metadata:
  name: NAME-lost-instance
spec:
  schedule: "0 9 * * 1"
  type: PodChaos
  podChaos:
    action: pod-kill
    mode: one
    selector:
      labelSelectors: {app: NAME}
"""

_NO_CHAOS = (
    "title: Survives a lost instance\nsteady-state-hypothesis: {title: Answers, probes: []}\nmethod: []\n"
)
