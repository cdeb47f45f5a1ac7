"""A crawl reads what changed, keeps what it cannot read, and leaves the database whole."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func

from catalog.tables import Crawl, Entity, EntityTag, Relation, Repository
from catalog.tables import Problem as ProblemRow
from handrail.crawl import worker
from handrail.crawl.run import crawl
from handrail.database import Database
from handrail.errors import Stop
from scorecards.tables import Score, Standing, Verdict
from tests.handrail.organisation import Organisation, described

GROUP = """apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: payments}
spec: {type: team, children: []}
"""


@pytest.fixture
def organisation(tmp_path, git, database_url) -> Organisation:
    return Organisation(tmp_path / "repositories", git, database_url)


def states(organisation: Organisation) -> dict[str, str]:
    return dict(organisation.rows(Entity.ref, Entity.state))


def owner_verdicts(organisation: Organisation) -> list[tuple[str, bool]]:
    rows = organisation.rows(Verdict.status, Verdict.until, Verdict.check, Verdict.since)
    found = [(r.since, r.status, r.until is None) for r in rows if r.check == "owner-set"]
    return [(status, is_open) for _, status, is_open in sorted(found)]


def test_what_is_read_is_stored(organisation):
    organisation.service("payments")
    outcome = organisation.crawl()
    assert (outcome.repositories, outcome.changed, outcome.services) == (1, 1, 1)
    (entity,) = organisation.rows(Entity)
    assert entity.ref == "component:default/payments"
    assert entity.owner == "group:default/payments"
    assert (entity.state, entity.scored, entity.tags) == ("declared", True, ["python", "tier-1"])
    assert {r.tag for r in organisation.rows(EntityTag)} == {"python", "tier-1"}
    relations = {(r.type, r.target) for r in organisation.rows(Relation)}
    assert relations == {("ownedBy", "group:default/payments"), ("dependsOn", "component:default/ledger")}
    (score,) = organisation.rows(Score)
    assert {c["id"] for c in score.checks} >= {"owner-set"}
    assert all(c["status"] for c in score.checks)


def test_nothing_changed_reads_nothing_and_adds_no_history(organisation):
    organisation.service("payments")
    organisation.crawl()
    before = organisation.rows(func.count(Verdict.id)), organisation.rows(func.count(Standing.id))
    outcome = organisation.crawl(days=1)
    assert (outcome.repositories, outcome.changed, outcome.services) == (1, 0, 1)
    assert before == (organisation.rows(func.count(Verdict.id)), organisation.rows(func.count(Standing.id)))
    assert len(organisation.rows(Crawl)) == 2


def test_only_what_changed_is_read_again(organisation):
    organisation.service("payments")
    organisation.service("refunds")
    organisation.crawl()
    organisation.service("refunds", owner="unknown")
    outcome = organisation.crawl(days=1)
    assert outcome.changed == 1
    (refunds,) = [r for r in organisation.rows(Entity.ref, Entity.owner) if r.ref.endswith("refunds")]
    assert refunds.owner != "group:default/payments"


def test_a_group_that_appears_elsewhere_changes_the_verdict_of_services_that_name_another(organisation):
    organisation.service("payments", owner="group:phantoms")
    organisation.crawl()
    assert owner_verdicts(organisation) == [("pass", True)]
    organisation.commit("people", {"catalog-info.yaml": GROUP})
    organisation.crawl(days=1)
    assert owner_verdicts(organisation) == [("pass", False), ("partial", True)]
    because = [
        r.because for r in organisation.rows(Verdict.because, Verdict.check, Verdict.until) if r.until is None
    ]
    assert "facts" in because


def test_a_group_read_in_the_same_crawl_is_known_at_once(organisation):
    organisation.service("a-service", owner="group:payments")
    organisation.service("b-service", owner="group:phantoms")
    organisation.commit("z-people", {"catalog-info.yaml": GROUP})
    organisation.crawl()
    assert sorted(owner_verdicts(organisation)) == [("partial", True), ("pass", True)]


def test_a_repository_that_is_gone_is_kept_and_said(organisation):
    where = organisation.service("payments")
    organisation.service("refunds")
    organisation.crawl()
    where.rename(organisation.folder.parent / "elsewhere")
    outcome = organisation.crawl(days=1)
    assert outcome.services == 1
    assert states(organisation)["component:default/payments"] == "gone"
    (gone,) = [r for r in organisation.rows(Repository.name, Repository.gone_since) if r.name == "payments"]
    assert gone.gone_since is not None
    (organisation.folder.parent / "elsewhere").rename(where)
    assert organisation.crawl(days=2).services == 2
    assert states(organisation)["component:default/payments"] == "declared"


def test_an_entity_that_is_no_longer_declared_is_gone(organisation):
    two = described("one", "x") + "---\n" + described("two", "x")
    organisation.commit("both", {"catalog-info.yaml": two})
    organisation.crawl()
    organisation.commit("both", {"catalog-info.yaml": described("one", "x")})
    organisation.crawl(days=1)
    assert states(organisation) == {"component:default/one": "declared", "component:default/two": "gone"}
    open_periods = [r for r in organisation.rows(Standing.until) if r.until is None]
    assert len(open_periods) == 1


def test_a_repository_that_cannot_be_read_now_keeps_its_last_result(organisation):
    where = organisation.service("payments")
    organisation.crawl()
    organisation.service("payments", owner="group:other")
    objects = where / ".git" / "objects"
    objects.rename(where / "kept")
    objects.mkdir()
    outcome = organisation.crawl(days=1)
    assert outcome.unreadable == 1
    assert "could not be read" in str(outcome.problems[0][1])
    assert states(organisation) == {"component:default/payments": "declared"}
    assert organisation.rows(Repository.stale_since)[0].stale_since is not None
    objects.rmdir()
    (where / "kept").rename(objects)
    assert organisation.crawl(days=2).unreadable == 0
    assert organisation.rows(Entity.owner)[0].owner == "group:default/other"
    assert organisation.rows(Repository.stale_since)[0].stale_since is None


def test_two_repositories_that_claim_one_name_are_a_conflict_and_the_first_keeps_it(organisation):
    organisation.service("a/payments")
    organisation.commit("b/payments", {"catalog-info.yaml": described("payments", "other")})
    outcome = organisation.crawl()
    assert [p.kind for _, p in outcome.problems] == ["conflict"], outcome.problems
    assert "already claimed by a/payments" in str(outcome.problems[0][1])
    found = {(r.state, r.owner) for r in organisation.rows(Entity.state, Entity.owner)}
    assert found == {("declared", "group:default/payments"), ("conflict", "group:default/other")}
    again = organisation.crawl(days=1)
    assert [p.kind for _, p in again.problems] == ["conflict"]
    (organisation.folder / "a").rename(organisation.folder.parent / "away")
    organisation.crawl(days=2)
    assert sorted(r.state for r in organisation.rows(Entity.state)) == ["declared", "gone"]


def test_problems_stay_as_long_as_they_are_there(organisation):
    organisation.commit("broken", {"catalog-info.yaml": "kind: Component\nmetadata: [\n"})
    for day in range(2):
        outcome = organisation.crawl(days=day)
        ((name, problem),) = outcome.problems
        assert (name, problem.path) == ("broken", "catalog-info.yaml")
        assert problem.line is not None
    assert len(organisation.rows(ProblemRow)) == 2
    organisation.service("broken")
    assert organisation.crawl(days=2).problems == []


def test_an_empty_repository_and_one_that_is_none_are_reported(organisation, git):
    empty = organisation.folder / "empty.git"
    empty.mkdir()
    git(empty, "init", "-q", "--bare")
    (organisation.folder / "torn" / ".git").mkdir(parents=True)
    organisation.service("payments")
    outcome = organisation.crawl()
    assert {name for name, _ in outcome.problems} == {"empty", "torn"}
    assert outcome.services == 1


def test_hostile_text_is_stored_and_given_back(organisation):
    description = "\\0\\ud800 <script>alert(1)</script> \u202e x"
    content = described("odd", "x", f'"{description}"')
    organisation.commit("odd", {"catalog-info.yaml": content, "README.md": "a\0b \ud7ff"})
    organisation.crawl()
    assert organisation.rows(func.count(Entity.id))[0][0] >= 1


def test_a_source_that_is_no_folder_says_so(organisation):
    with pytest.raises(Stop, match="is not a folder"):
        crawl([organisation.folder / "nowhere"], Database(organisation.url), lambda *_: None)


def test_a_repository_that_ends_the_process_reading_it_is_the_only_one_lost(organisation, monkeypatch):
    for name in ("a", "deadly", "z"):
        organisation.service(name)
    read = worker._read

    def deadly(job):
        if job.name == "deadly":
            os.kill(os.getpid(), signal.SIGKILL)
        return read(job)

    monkeypatch.setattr(worker, "_read", deadly)
    outcome = organisation.crawl()
    assert outcome.services == 2
    assert [(name, "ended the process" in p.message) for name, p in outcome.problems] == [("deadly", True)]


def test_a_repository_that_takes_too_long_is_the_only_one_lost(organisation, monkeypatch):
    from handrail.crawl import reading

    for name in ("a", "endless", "z"):
        organisation.service(name)
    read = reading.read

    def endless(job):
        while job.name == "endless":
            time.sleep(0.05)
        return read(job)

    monkeypatch.setattr(reading, "read", endless)
    monkeypatch.setattr(worker, "LIMIT", 1)
    outcome = organisation.crawl()
    assert outcome.services == 2
    assert [(name, "took longer than 1 second" in p.message) for name, p in outcome.problems] == [
        ("endless", True)
    ]


def test_the_command_prints_json_and_its_status(tmp_path, git):
    organisation = Organisation(tmp_path / "repositories", git, f"sqlite:///{tmp_path / 'x.db'}")
    organisation.service("payments")
    (organisation.folder / "torn" / ".git").mkdir(parents=True)
    command = [sys.executable, "-m", "handrail", "crawl", str(organisation.folder), "--db", organisation.url]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [*command, "--format", "json"], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["schema"], told["repositories"], told["services"]) == (1, 2, 1)
    assert told["errors"][0]["repository"] == "torn"
    strict = subprocess.run([*command, "--strict"], env=env, capture_output=True, text=True, check=False)
    assert strict.returncode == 1
    assert "torn: It could not be read" in strict.stderr


def checks_of(organisation: Organisation, name: str) -> dict[str, str]:
    ids = {row.name: row.id for row in organisation.rows(Entity.name, Entity.id)}
    (checks,) = [
        r.checks for r in organisation.rows(Score.checks, Score.entity_id) if r.entity_id == ids[name]
    ]
    return {c["id"]: c["status"] for c in checks}


CALLER = "on: [push, pull_request]\njobs:\n  all: {uses: acme/shared/.github/workflows/all.yml@v1}\n"
SHARED = "on: {workflow_call: {}}\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: COMMAND\n"


def test_a_workflow_of_another_repository_is_read_and_a_change_of_it_tells(organisation):
    files = {"catalog-info.yaml": described("payments", "group:payments")}
    organisation.commit("payments", {**files, "main.go": "package main", ".github/workflows/ci.yml": CALLER})
    organisation.crawl()
    assert checks_of(organisation, "payments")["ci-tests"] == "unknown"
    shared = SHARED.replace("COMMAND", "go test ./...")
    organisation.commit("shared", {".github/workflows/all.yml": shared})
    organisation.crawl(days=1)
    assert checks_of(organisation, "payments")["ci-tests"] == "pass"
    unchanged = organisation.crawl(days=2)
    assert unchanged.changed == 0
    organisation.commit("shared", {".github/workflows/all.yml": SHARED.replace("COMMAND", "go build ./...")})
    organisation.crawl(days=3)
    assert checks_of(organisation, "payments")["ci-tests"] == "partial"


def test_evidence_in_another_repository_is_read(organisation):
    runbook = (
        "# Payments\n\n## Alert: Fails\n\nSymptom: 2 % of requests answer 5xx.\n\n## Diagnose\n\n"
        "`kubectl logs deploy/payments`\n\n## Mitigate\n\n`kubectl rollout undo deploy/payments`\n"
    )
    pointing = described("payments", "group:payments").replace(
        "  tags:", "  annotations: {handrail.dev/evidence: 'runbooks:payments'}\n  tags:"
    )
    organisation.commit("payments", {"catalog-info.yaml": pointing})
    organisation.commit("runbooks", {"payments/runbook.md": runbook})
    organisation.crawl()
    assert checks_of(organisation, "payments")["runbook-present"] == "pass"
