"""A small organisation in a database, as a crawl writes it, and a real repository behind one service."""

import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, create_engine, insert

import scorecards.tables  # noqa: F401
from catalog.tables import metadata
from web import create_app

NOW = datetime.now(UTC)
SLO = """# Objectives

Measured weekly.

## Availability

Target: 99.9 % of requests over 30 days.
Measured at the load balancer.
"""
RUNBOOK = """# Runbook: payments

## Symptoms

- `PaymentsErrorBudgetBurn` fires.

## Diagnose

Look at the [objectives](slo.md) and at <script>alert(1)</script>.
![graph](https://tracker.example/pixel.png) [bad](javascript:alert(1)) [out](https://example.com/help)

## Mitigate

    kubectl rollout undo deploy/payments

| Signal | Means |
| --- | --- |
| 5xx | the acquirer is away |
"""
DEPLOY = "jobs:\n  deploy:\n    steps:\n      - run: helm upgrade --install payments chart --atomic\n"
DESCRIPTOR = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: payments\n"
HOSTILE = "evil\u202e\u0007<img src=x onerror=alert(1)>" + "x" * 200

CHECKS = {
    "owner-set": 2,
    "described": 2,
    "runbook-present": 2,
    "slo-defined": 3,
    "ci-tests": 3,
    "health-probed": 3,
    "rollback-configured": 3,
    "chaos-test-exists": 4,
}
OWNERS = ["payments", "growth", "discovery", "fulfilment", "identity", "risk"]
NAMES = [
    *("payments", "checkout", "ledger", "notifications", "catalog-search", "image-resizer", "identity"),
    *(
        "session-store",
        "pricing",
        "tax-rules",
        "warehouse-sync",
        "shipping-labels",
        "returns",
        "email-gateway",
    ),
    *(
        "ab-assignments",
        "media-uploads",
        "fraud-scores",
        "a-service-name-as-long-as-a-name-may-be-" + "x" * 23,
    ),
    *("webhooks", "feature-flags", "reports"),
]


def git_repository(path: Path, files: dict[str, str]) -> str:
    """A real repository with one commit; its id."""
    for name, text in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text, encoding="utf-8")
    env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    env |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    for words in (["init", "-q"], ["add", "-A"], [*author, "commit", "-qm", "Retry card tokens"]):
        subprocess.run(["git", *words], cwd=path, env=env, check=True, capture_output=True)
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=path, env=env, check=True, capture_output=True)
    return done.stdout.decode().strip()


def result(id_: str, status: str, **more: Any) -> dict[str, Any]:
    """A check's result as it is stored."""
    messages = {
        "pass": "It holds.",
        "partial": "Only half of it is there.",
        "fail": "Nothing of it was found.",
    }
    given = {
        "id": id_,
        "stage": CHECKS[id_],
        "required": True,
        "weight": 2,
        "status": status,
        "message": messages.get(status, "It could not be decided."),
        "evidence": [],
        "not_counted": [],
        "fix": "" if status in ("pass", "not-applicable") else f"Add what `{id_}` looks for.",
        "waiver": None,
        "valid_until": None,
    }
    return given | more


PAYMENTS = [
    result(
        "owner-set", "pass", evidence=[{"path": "catalog-info.yaml", "line": 2, "note": "group:payments"}]
    ),
    result("described", "pass"),
    result(
        "runbook-present", "pass", evidence=[{"path": "docs/runbook.md", "line": 1, "note": "3 sections"}]
    ),
    result(
        "slo-defined",
        "partial",
        message="A target is written down, but no machine can read it.",
        evidence=[{"path": "docs/slo.md", "line": 7, "note": "99.9 %, prose only"}],
        not_counted=[{"path": "examples/slo.yaml", "why": "an example", "line": None}],
        fix="Write the objective as `slo/payments.yaml` in OpenSLO.",
    ),
    result("ci-tests", "pass"),
    result("health-probed", "unknown", message="The chart's values stand elsewhere."),
    result(
        "rollback-configured",
        "pass",
        evidence=[{"path": ".github/workflows/deploy.yml", "line": 4, "note": "helm upgrade --atomic"}],
    ),
    result(
        "chaos-test-exists",
        "fail",
        waiver={
            "reason": "Frozen.",
            "owner": "group:default/risk",
            "until": "2027-01-31",
            "path": ".handrail/waivers.yaml",
            "line": 3,
        },
    ),
]


class Writer:
    """Writes rows; keeps what the next rows refer to."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def row(self, table: str, **values: Any) -> int:
        """One row; its id."""
        done = self.connection.execute(insert(metadata.tables[table]).values(**values))
        return int(done.inserted_primary_key[0]) if done.inserted_primary_key else 0

    def repository(self, name: str, **values: Any) -> int:
        """A repository as a crawl stores it."""
        given = {
            "name": name,
            "location": f"/nowhere/{name}",
            "url": f"https://github.com/{name}.git",
            "commit": "a" * 40,
            "committed_at": NOW - timedelta(hours=2),
            "subject": "Retry",
            "first_seen": NOW - timedelta(days=100),
            "changed_at": NOW,
        }
        return self.row("repository", **given | values)

    def entity(self, repository: int, kind: str, name: str, **values: Any) -> int:
        """An entity with its tags."""
        given = {
            "repository_id": repository,
            "ref": f"{kind}:default/{name}".lower(),
            "kind": kind,
            "namespace": "default",
            "name": name,
            "state": "declared",
            "first_seen": NOW - timedelta(days=100),
            "tags": [],
        } | values
        words = (name, given.get("title"), given.get("description"), given.get("owner"), *given["tags"])
        given["search"] = " ".join(str(w) for w in words if w).lower()
        entity = self.row("entity", **given)
        for tag in given["tags"]:
            self.row("entity_tag", entity_id=entity, tag=tag)
        return entity

    def score(
        self, entity: int, results: list[dict[str, Any]], history: tuple[float, ...] = (), **values: Any
    ) -> None:
        """A score, its verdicts, and the standings before it, 20 days each."""
        lacking = [r for r in results if r["status"] in ("fail", "partial", "unknown") and not r["waiver"]]
        climbing = min((r["stage"] for r in lacking), default=None)
        next_ = [r for r in lacking if r["stage"] == climbing]
        next_.sort(key=lambda r: ("fail", "partial", "unknown").index(r["status"]))
        points = {"pass": 2.0, "partial": 1.0}
        whole = 100 * sum(points.get(r["status"], 0) for r in results) / (2 * len(results))
        given = {
            "stage": 4 if climbing is None else climbing - 1,
            "score": round(whole, 1),
            "score_possible": round(whole, 1),
        } | values
        possible = {"stage_possible": given["stage"]} | given
        self.row(
            "score",
            entity_id=entity,
            scorecard="reliability",
            next=[r["id"] for r in next_],
            first_check=next_[0]["id"] if next_ else None,
            first_status=next_[0]["status"] if next_ else None,
            lacking=len(next_),
            checks=results,
            **possible,
        )
        begin = NOW - timedelta(days=80)
        for r in results:
            self.row(
                "verdict",
                entity_id=entity,
                scorecard="reliability",
                check=r["id"],
                status=r["status"],
                message=r["message"],
                because="first",
                since=begin,
            )
        steps = [*history, given["score"]]
        for place, value in enumerate(steps):
            last = place == len(steps) - 1
            self.row(
                "standing",
                entity_id=entity,
                scorecard="reliability",
                stage=given["stage"] if last else max(1, (given["stage"] or 1) - 1),
                score=value,
                because="first" if place == 0 else "commit",
                since=begin + timedelta(days=20 * place),
                until=None if last else begin + timedelta(days=20 * (place + 1)),
            )

    def move(self, entity: int, check: str, before: str, status: str, hours: int) -> None:
        """A verdict that changed some hours ago."""
        since = NOW - timedelta(hours=hours)
        verdict = metadata.tables["verdict"]
        where = (verdict.c.entity_id == entity, verdict.c.check == check)
        self.connection.execute(verdict.update().where(*where).values(status=before, until=since))
        self.row(
            "verdict",
            entity_id=entity,
            scorecard="reliability",
            check=check,
            status=status,
            message="Its target was removed.",
            commit="b" * 40,
            because="commit",
            since=since,
        )


def fill(connection: Connection, repository: Path, services: int = 0) -> None:
    """The organisation; `services` more of them where a page is to be long."""
    write = Writer(connection)
    commit = git_repository(
        repository,
        {
            "docs/slo.md": SLO,
            "docs/runbook.md": RUNBOOK,
            ".github/workflows/deploy.yml": DEPLOY,
            "catalog-info.yaml": DESCRIPTOR,
            "secret.env": "TOKEN=1\n",
        },
    )
    crawl = write.row(
        "crawl",
        started_at=NOW - timedelta(minutes=12),
        finished_at=NOW - timedelta(minutes=12),
        sources=["/srv/repositories"],
        rules="r1",
        repositories=len(NAMES) + 3,
        changed=12,
        services=len(NAMES),
        errors=3,
        seconds=2.1,
    )
    problems = (
        (
            "shop/broken",
            "catalog-info.yaml",
            12,
            "schema",
            "`spec.owner` is empty. Name a group, for example `group:payments`.",
        ),
        ("shop/garbled", "catalog-info.yml", 3, "syntax", "a tab cannot indent."),
        ("shop/away", None, None, "unreadable", "not a git repository that can be read"),
    )
    for name, path, line, kind, message in problems:
        write.row(
            "problem", crawl_id=crawl, repository=name, path=path, line=line, kind=kind, message=message
        )
    org = write.repository("shop/org")
    for owner in OWNERS:
        write.entity(
            org, "Group", owner, type="team", description=f"The {owner} team", descriptor="org.yaml", line=1
        )
    system = write.entity(org, "System", "web-shop", owner="group:default/payments", descriptor="org.yaml")
    write.row("relation", entity_id=system, type="ownedBy", target="group:default/payments")
    ids = {}
    for place, name in enumerate([*NAMES, *(f"service-{n:05}" for n in range(services))]):
        ids[name] = _service(write, place, name, repository if name == "payments" else None, commit)
    for target, type_ in (("ledger", "dependsOn"), ("identity", "dependsOn"), ("nowhere", "dependsOn")):
        write.row("relation", entity_id=ids["payments"], type=type_, target=f"component:default/{target}")
    write.row("relation", entity_id=ids["checkout"], type="dependsOn", target="component:default/payments")
    write.move(ids["checkout"], "slo-defined", "pass", "partial", 16)
    write.move(ids["media-uploads"], "runbook-present", "partial", "fail", 21)
    write.move(ids["fraud-scores"], "chaos-test-exists", "fail", "pass", 9)
    other = write.repository("shop/ledger-fork")
    write.entity(other, "Component", "ledger", state="conflict", type="service", scored=True)
    write.entity(
        other,
        "Component",
        "old-cart",
        state="gone",
        type="service",
        scored=True,
        gone_since=NOW - timedelta(days=3),
    )


def _service(write: Writer, place: int, name: str, repository: Path | None, commit: str) -> int:
    location = {"location": str(repository), "commit": commit} if repository else {}
    stale = {"stale_since": NOW - timedelta(days=1)} if name == "webhooks" else {}
    committed = NOW - timedelta(hours=2 + 17 * (place % 40))
    held = write.repository(f"shop/{name}", committed_at=committed, **location, **stale)
    owner = None if name == "pricing" else f"group:default/{OWNERS[place % len(OWNERS)]}"
    links = [
        {"url": "https://grafana.example/d/1", "title": "Latency", "type": "dashboard"},
        {"url": "https://grafana.example/d/2", "title": "Errors", "type": "dashboard"},
        {"url": "https://hooks.slack.com/services/T0/B0/secret", "title": "Alerts channel"},
        {"url": "javascript:alert(1)", "title": "Trap"},
    ]
    entity = write.entity(
        held,
        "Component",
        name,
        type="library" if name == "tax-rules" else "service",
        declared_type="service",
        lifecycle="production" if place % 5 else "experimental",
        owner=owner,
        system="system:default/web-shop" if place % 3 else None,
        state="undeclared" if name == "reports" else "declared",
        tags=["java" if place % 2 else "python", *(["pci"] if place % 7 == 0 else [])],
        description=HOSTILE if name == "webhooks" else f"What {name} does for the shop.",
        scored=True,
        descriptor=None if name == "reports" else "catalog-info.yaml",
        line=1,
        document={"metadata": {"links": links, "annotations": {"pagerduty.com/service-id": "P1"}}},
    )
    if owner:
        write.row("relation", entity_id=entity, type="ownedBy", target=owner)
    statuses = ("pass", "fail", "partial", "unknown", "pass", "pass")
    made = [result(id_, statuses[(place * 3 + n * (1 + place % 4)) % 6]) for n, id_ in enumerate(CHECKS)]
    if name == "fraud-scores":
        made = [result(id_, "pass") for id_ in CHECKS]
    if name == "payments":
        write.score(
            entity, PAYMENTS, (50.0, 62.5), stage=2, stage_possible=2, score=71.5, score_possible=76.0
        )
    elif name == "tax-rules":
        write.score(entity, made[:2], stage=None, stage_possible=None)
    else:
        write.score(entity, made, (30.0,))
    return entity


@pytest.fixture(scope="session")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A filled database."""
    folder = tmp_path_factory.mktemp("organisation")
    made = create_engine(f"sqlite:///{folder / 'handrail.db'}")
    metadata.create_all(made)
    with made.begin() as connection:
        fill(connection, folder / "payments")
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database with tables and nothing in them."""
    made = create_engine(f"sqlite:///{tmp_path_factory.mktemp('empty') / 'handrail.db'}")
    metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def app(organisation: Engine) -> Flask:
    """The application over the organisation."""
    return create_app(organisation)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of it."""
    return app.test_client()


@pytest.fixture(scope="session")
def fill_organisation() -> Any:
    """The function that fills a database."""
    return fill
