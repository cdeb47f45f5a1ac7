"""Evidence in other repositories: the mapping of handrail.toml, and `--evidence` of `check` and `gate`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from catalog.tables import Entity
from handrail.configuration import load
from handrail.crawl.run import crawl
from handrail.database import Database, open_database
from handrail.errors import Stop
from scorecards.evidence import EvidenceRule
from scorecards.organisation import Organisation
from scorecards.tables import Score

DESCRIPTOR = """apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: payments
spec:
  type: service
  lifecycle: production
  owner: group:payments
"""
RUNBOOK = (
    "# Payments\n\n## Alert: Fails\n\nSymptom: 2 % of requests answer 5xx.\n\n## Diagnose\n\n"
    "`kubectl logs deploy/payments`\n\n## Mitigate\n\n`kubectl rollout undo deploy/payments`\n"
)


@pytest.fixture
def commit(tmp_path, git):
    """Commit files to a repository in `tmp_path / "all"`."""

    def make(name: str, files: dict[str, str]) -> Path:
        where = tmp_path / "all" / name
        if not (where / ".git").exists():
            where.mkdir(parents=True)
            git(where, "init", "-q")
        for path, text in files.items():
            (where / path).parent.mkdir(parents=True, exist_ok=True)
            (where / path).write_text(text, "utf-8")
        git(where, "add", "-A")
        git(where, "commit", "-qm", "change")
        return where

    return make


def status_of(url: str, check: str) -> str:
    engine = open_database(url, create=False)
    with engine.connect() as connection:
        query = (
            select(Score.checks).join(Entity, Entity.id == Score.entity_id).where(Entity.name == "payments")
        )
        checks = connection.execute(query).scalar_one()
    engine.dispose()
    return next(c["status"] for c in checks if c["id"] == check)


def test_a_crawl_reads_what_the_mapping_names_and_judges_again_when_it_changes(tmp_path, commit):
    commit("shop/payments", {"catalog-info.yaml": DESCRIPTOR, "main.go": "package main\n"})
    commit("handbook", {"runbooks/payments/runbook.md": RUNBOOK})
    url = f"sqlite:///{tmp_path / 'handrail.db'}"
    start = datetime(2026, 11, 24, tzinfo=UTC)
    rules = (EvidenceRule("handbook", "runbooks/{name}", repositories=("shop/*",)),)

    def run(day: int, evidence: tuple[EvidenceRule, ...]):
        return crawl(
            [tmp_path / "all"],
            Database(url),
            lambda *_: None,
            start + timedelta(day),
            organisation=Organisation(evidence),
        )

    run(0, ())
    assert status_of(url, "runbook-present") == "fail"
    run(1, rules)
    assert status_of(url, "runbook-present") == "pass"
    assert run(2, rules).changed == 0
    commit("handbook", {"runbooks/payments/runbook.md": "# Payments\n"})
    run(3, rules)
    assert status_of(url, "runbook-present") == "fail"
    commit("handbook", {"runbooks/payments/runbook.md": RUNBOOK})
    run(4, rules)
    assert status_of(url, "runbook-present") == "pass"
    run(5, ())
    assert status_of(url, "runbook-present") == "fail"


def test_a_repository_of_the_mapping_that_no_source_has_is_told(tmp_path, commit):
    commit("payments", {"catalog-info.yaml": DESCRIPTOR})
    url = f"sqlite:///{tmp_path / 'handrail.db'}"
    rules = (EvidenceRule("hand-book", services=("*",)),)
    outcome = crawl([tmp_path / "all"], Database(url), lambda *_: None, organisation=Organisation(rules))
    assert [(name, p.kind) for name, p in outcome.problems] == [("handrail.toml", "reference")]
    assert "`hand-book`" in outcome.problems[0][1].message


def test_the_mapping_is_read_from_the_configuration(tmp_path):
    file = tmp_path / "handrail.toml"
    file.write_text(
        '[[evidence]]\nrepository = "alerts"\npath = "rules/{name}"\nservices = ["pay*"]\n'
        '[[evidence]]\nrepository = "gitops"\nrepositories = ["shop/*"]\n'
        '[[evidence]]\nrepository = "handbook"\n'
    )
    assert load(file).organisation.evidence == (
        EvidenceRule("alerts", "rules/{name}", ("pay*",)),
        EvidenceRule("gitops", "", (), ("shop/*",)),
        EvidenceRule("handbook", "", ("*",)),
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("evidence = 1", "`evidence` is not a list"),
        ("evidence = [1]", "evidence 1 is not a table"),
        ("[[evidence]]\nservices = ['*']", "evidence 1 has no `repository`"),
        ("[[evidence]]\nrepository = 'a'\nservices = 'b'", "`services` is not a list of globs"),
        ("[[evidence]]\nrepository = 'a'\nservice = ['b']", "`service` is not known"),
    ],
)
def test_what_is_wrong_with_it_is_said(tmp_path, content, message):
    file = tmp_path / "handrail.toml"
    file.write_text(content)
    with pytest.raises(Stop, match=message):
        load(file)


def checks_of(told: dict) -> dict[str, dict]:
    return {c["id"]: c for c in told["services"][0]["scorecards"][0]["checks"]}


def test_check_reads_a_repository_that_is_given(checkout, commit):
    checkout.commit({"catalog-info.yaml": DESCRIPTOR, "main.go": "package main\n"})
    where = commit("handbook", {"runbooks/payments/runbook.md": RUNBOOK})
    alone = checks_of(checkout.run("check", "--format", "json").json)["runbook-present"]
    assert alone["status"] == "fail"
    given = checkout.run("check", "--evidence", f"handbook={where}", "--format", "json").json
    found = checks_of(given)["runbook-present"]
    assert found["status"] == "pass"
    assert found["evidence"][0]["path"] == "handbook:runbooks/payments/runbook.md"


def test_gate_judges_both_commits_with_the_repository_that_is_given(checkout, commit):
    base = checkout.commit(
        {"catalog-info.yaml": DESCRIPTOR, "docs/runbook.md": RUNBOOK, "main.go": "package main\n"}
    )
    checkout.commit({"docs/runbook.md": None})
    where = commit("handbook", {"runbooks/payments/runbook.md": RUNBOOK})
    assert checkout.run("gate", "--base", base).status == 1
    assert checkout.run("gate", "--base", base, "--evidence", f"handbook={where}").status == 0


@pytest.mark.parametrize("value", ["handbook", "=x", "handbook=", "handbook=nowhere"])
def test_what_is_no_repository_is_an_error_that_says_so(checkout, value):
    checkout.commit({"catalog-info.yaml": DESCRIPTOR})
    done = checkout.run("check", "--evidence", value)
    assert done.status == 2
    assert "NAME=PATH" in done.err or "There is no `nowhere`" in done.err


COMPASS = "name: payments\nconfigVersion: 1\nownerId: ari:cloud:identity::team/5f2c\n"


def test_an_owner_that_another_catalog_s_identifier_names_is_resolved_by_the_table(tmp_path, commit):
    commit("payments", {"compass.yml": COMPASS, "main.go": "package main\n"})
    url = f"sqlite:///{tmp_path / 'handrail.db'}"
    file = tmp_path / "handrail.toml"

    def run(teams: str) -> int:
        file.write_text(teams)
        said = load(file).organisation
        return crawl([tmp_path / "all"], Database(url), lambda *_: None, organisation=said).changed

    run("")
    assert (owner_of(url), status_of(url, "owner-set")) == ("an unresolved Compass team", "partial")
    run('[teams]\n"ari:cloud:identity::team/5f2c" = "travel"\n')
    assert (owner_of(url), status_of(url, "owner-set")) == ("group:default/travel", "pass")
    assert run('[teams]\n"ari:cloud:identity::team/5f2c" = "group:travel"\n') == 0


def owner_of(url: str) -> str | None:
    engine = open_database(url, create=False)
    with engine.connect() as connection:
        owner = connection.execute(select(Entity.owner).where(Entity.name == "payments")).scalar_one()
    engine.dispose()
    return owner


@pytest.mark.parametrize("content", ["teams = 1", "[teams]\na = 1", "[teams]\na = 'b c'"])
def test_a_table_of_teams_that_is_none_is_said(tmp_path, content):
    file = tmp_path / "handrail.toml"
    file.write_text(content)
    with pytest.raises(Stop, match="teams"):
        load(file)
