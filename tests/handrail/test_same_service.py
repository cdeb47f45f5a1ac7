"""The same service gets the same result from crawl, `check`, `gate` and `new` when the facts are the same."""

# ruff: noqa: E501
import json
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from catalog.tables import Entity, Repository
from catalog.trees.folder import folder_snapshot
from handrail.crawl.run import crawl
from handrail.database import Database, open_database
from scorecards.assessment import assess
from scorecards.facts import Facts
from scorecards.report import check_report
from scorecards.scorecard import built_in
from scorecards.tables import Score
from templates.gallery import newest_versions
from tests.handrail.running import handrail

Git = Callable[..., str]

COMPONENT = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {{name: {name}, description: {description}}}
spec: {{type: {type}, lifecycle: production, owner: {owner}{more}}}
"""
GROUP = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: payments}\nspec: {type: team, children: []}\n"


def component(
    type_: str, owner: str, name: str = "NAME", more: str = "", description: str = "Takes payments."
) -> str:
    """A descriptor; NAME becomes the repository's."""
    return COMPONENT.format(name=name, type=type_, owner=owner, more=more, description=description)


CHOICES: dict[str, list[str]] = {
    "catalog-info.yaml": [
        component("service", "group:default/payments"),
        component("worker", "user:default/ada", more=", dependsOn: ['component:default/NAME-ledger']"),
        component("library", "nobody-we-know", description="TODO"),
        component("function", "unknown", more=", dependsOn: []"),
        "apiVersion: [\n",
    ],
    "services/ledger/catalog-info.yaml": [component("service", "payments", name="NAME-ledger")],
    "README.md": ["# NAME\n\nTakes card payments for the shop.\n\n## Run\n\n    make run\n", "# TODO\r\n"],
    "Dockerfile": ['FROM x\nHEALTHCHECK CMD curl -f localhost/health\nCMD ["/payments"]\n'],
    "k8s/deployment.yaml": [
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: NAME}\nspec:\n  template:\n    spec:\n      containers:\n"
        "        - name: NAME\n          image: registry.acme.io/NAME:1\n          readinessProbe: {httpGet: {path: /r, port: 80}}\n"
        "          livenessProbe: {httpGet: {path: /l, port: 80}}\n",
        "a: [\n",
        "{{ .x }}: {{\n",
    ],
    "docs/runbook.md": [
        "# Runbook: NAME\n\n## Alert: Fails\n\nSymptom: 2 % of requests answer 5xx.\n\n## Diagnose\n\n`kubectl logs deploy/NAME`\n\n"
        "## Mitigate\n\n`kubectl rollout undo deploy/NAME`\n",
        "# Runbook\n\nTBD\n",
    ],
    "slo/NAME.yaml": [
        "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: NAME}\nspec:\n  service: NAME\n  indicator: {spec: {ratioMetric: "
        "{good: {metricSource: {spec: {query: 'sum(rate(ok_total[5m]))'}}}, total: {metricSource: {spec: {query: 'sum(rate(all_total[5m]))'}}}}}}\n"
        "  objectives: [{target: 0.99}]\n  timeWindow: [{duration: 28d, isRolling: true}]\n",
        "\0\0",
    ],
    "monitoring/alerts.yaml": [
        "groups:\n  - name: NAME\n    rules:\n      - alert: Fails\n        expr: ok_total < 1\n        labels: {severity: page, service: NAME}\n"
    ],
    ".github/workflows/ci.yml": [
        "on: push\njobs:\n  test:\n    runs-on: x\n    steps:\n      - run: make test\n      - run: helm upgrade --install NAME ./chart --atomic\n",
        "on: push\njobs: {test: {uses: acme/shared/.github/workflows/test.yml@v1}}\n",
    ],
    "Makefile": ["test:\n\tpytest\n", "test:\n\t@echo fine\n"],
    ".handrail/waivers.yaml": [
        "apiVersion: handrail.dev/v1\nkind: Waivers\nwaivers:\n  - check: health-probed\n    reason: Moving.\n    owner: payments\n    until: 2199-01-31\n"
    ],
    ".handrail/template.yaml": ["schema: 1\ntemplate: {name: python-http-service, version: '0'}\n"],
    "chaos/experiment.json": ['{"title": "x", "method": []}', "{"],
    "größe & name.yaml": ["a: 1\n"],
    "CODEOWNERS": ["* @acme/payments\n"],
}
repositories = st.fixed_dictionaries(
    {}, optional={path: st.sampled_from(texts) for path, texts in CHOICES.items()}
)
Row = dict[str, Any]


def write(folder: Path, files: dict[str, str], name: str) -> None:
    """The files of a repository called `name`."""
    for path, text in files.items():
        file = folder / path.replace("NAME", name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.replace("NAME", name).encode())


def commit(git: Git, folder: Path, message: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)


def crawled(url: str) -> tuple[dict[str, dict[str, list[Row]]], frozenset[str]]:
    """The results that are stored, by repository and ref, and the refs that the catalog knows."""
    engine = open_database(url)
    with engine.connect() as connection:
        refs = frozenset(connection.execute(select(Entity.ref)).scalars())
        rows = connection.execute(
            select(Repository.name, Entity.ref, Score.checks, Score.next, Score.stage, Score.score)
            .join(Entity, Entity.repository_id == Repository.id)
            .join(Score, Score.entity_id == Entity.id)
        ).all()
    engine.dispose()
    found: dict[str, dict[str, list[Row]]] = {}
    for name, ref, checks, next_, stage, score in rows:
        found.setdefault(name, {})[ref] = [{"checks": checks, "next": next_, "stage": stage, "score": score}]
    return found, refs


def judged(folder: Path, name: str, facts: Facts) -> dict[str, list[Row]]:
    """What an evaluation of the folder itself gives, in the same form."""
    found = assess(folder_snapshot(folder, name), facts, tuple(built_in().values()))
    return by_ref(check_report(found.services, handrail="", rules="", as_of=facts.as_of, commit=None))


def by_ref(report: Row) -> dict[str, list[Row]]:
    keys = ("checks", "next", "stage", "score")
    return {s["ref"]: [{k: card[k] for k in keys} for card in s["scorecards"]] for s in report["services"]}


def as_template(folder: Path, files: dict[str, str], name: str) -> None:
    """A cookiecutter template that makes these files and changes nothing in them."""
    inside = folder / "{{ cookiecutter.name }}"
    inside.mkdir(parents=True)
    write(inside, files, name)
    (folder / "cookiecutter.json").write_text(json.dumps({"name": name, "_copy_without_render": ["*"]}))


def check_gate(folder: Path, checked: dict[str, list[Row]]) -> None:
    """The gate holds a commit against itself, and says of the head what `check` says."""
    same = handrail(folder, "gate", "--base", "HEAD", "--format", "json")
    assert same.json["verdict"] == "held", same.json
    assert (same.json["regressions"], same.json["improvements"]) == ([], [])
    grown = handrail(folder, "gate", "--base", "HEAD~1", "--format", "json").json
    for change in [*grown["regressions"], *grown["improvements"]]:
        if change["check"] is None or change["service"] not in checked:
            continue
        (row,) = [c for c in checked[change["service"]][0]["checks"] if c["id"] == change["check"]]
        assert change["to"] == ("waived" if row["waiver"] else row["status"])
        assert change["message"] == row["message"]


@settings(
    max_examples=3,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.large_base_example,
    ],
)
@given(st.lists(repositories, min_size=5, max_size=8))
def test_the_same_service_is_judged_the_same_everywhere(git: Git, generated: list[dict[str, str]]) -> None:
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as room:
        organisation = Path(room) / "organisation"
        people = organisation / "people"
        people.mkdir(parents=True)
        git(people, "init", "-q")
        write(people, {"catalog-info.yaml": GROUP}, "people")
        commit(git, people, "people")
        for number, files in enumerate(generated):
            folder = organisation / f"shop{number}"
            folder.mkdir()
            git(folder, "init", "-q")
            write(
                folder,
                {"catalog-info.yaml": component("service", "unknown"), "main.go": "package main\n"},
                folder.name,
            )
            commit(git, folder, "begin")
            write(folder, files, folder.name)
            commit(git, folder, "all")
        template = Path(room) / "template"
        as_template(template, generated[0], "made")
        new = handrail(organisation, "new", str(template), "made", "--defaults", "--format", "json")
        url = f"sqlite:///{room}/handrail.db"
        crawl([organisation], Database(url), lambda *_: None, now)
        stored, refs = crawled(url)
        with_catalog = Facts(now.date(), refs, templates=newest_versions())
        for number in range(len(generated)):
            folder = organisation / f"shop{number}"
            assert stored.get(folder.name, {}) == judged(folder, folder.name, with_catalog)
            done = handrail(folder, "check", "--format", "json")
            checked = by_ref(done.json) if done.status == 0 else {}
            assert checked == judged(folder, folder.name, Facts(now.date(), templates=newest_versions()))
            check_gate(folder, checked)
        made = organisation / "made"
        if new.status == 0:
            assert by_ref(new.json) == by_ref(handrail(made, "check", "--format", "json").json)
        assert stored.get("made", {}) == judged(made, "made", with_catalog)
