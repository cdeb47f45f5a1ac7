"""What a person decides about the catalog: what is forgotten, and who keeps a name."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select

from catalog import decisions
from catalog.tables import Entity, EntityTag, Repository

NOW = datetime(2026, 11, 24, tzinfo=UTC)
REF = "component:default/payments"


@pytest.fixture
def claims(engine):
    """Two repositories that declare one name, and a third that did until it went away."""

    def entity(repository: int, state: str, ref: str = REF) -> dict[str, object]:
        gone = NOW if state == "gone" else None
        return {
            "repository_id": repository,
            "ref": ref,
            "kind": "Component",
            "namespace": "default",
            "name": ref.rpartition("/")[2],
            "path": "",
            "descriptor": "catalog-info.yaml",
            "state": state,
            "scored": True,
            "tags": [],
            "search": "",
            "first_seen": NOW,
            "gone_since": gone,
        }

    with engine.begin() as connection:
        for name in ("shop/payments", "legacy/payments", "old"):
            gone = NOW if name == "old" else None
            connection.execute(
                insert(Repository).values(
                    name=name,
                    location=f"/srv/{name}",
                    asked={},
                    first_seen=NOW,
                    changed_at=NOW,
                    gone_since=gone,
                    problems=[],
                )
            )
        rows = [entity(1, "declared"), entity(2, "conflict"), entity(3, "gone", "component:default/old")]
        connection.execute(insert(Entity), rows)
        connection.execute(insert(EntityTag).values(entity_id=3, tag="python"))
    return engine


def states(engine):
    with engine.connect() as connection:
        rows = connection.execute(select(Repository.name, Entity.state).join(Entity).order_by(Entity.id))
        return dict(rows.all())


def test_a_name_is_given_to_the_one_that_a_person_chooses(claims):
    with claims.begin() as connection:
        decisions.give(connection, REF, "legacy/payments")
    assert states(claims) == {"shop/payments": "conflict", "legacy/payments": "declared", "old": "gone"}


def test_a_name_is_not_given_to_a_repository_that_does_not_claim_it(claims):
    with claims.begin() as connection, pytest.raises(LookupError, match="legacy/payments, shop/payments"):
        decisions.give(connection, REF, "old")
    assert states(claims)["shop/payments"] == "declared"


def test_what_is_gone_is_forgotten_with_its_repository_and_what_hung_on_it(claims):
    with claims.begin() as connection:
        decisions.forget(connection, "Component:default/old")
    assert states(claims) == {"shop/payments": "declared", "legacy/payments": "conflict"}
    with claims.connect() as connection:
        assert connection.execute(select(Repository.name).where(Repository.name == "old")).all() == []
        assert connection.execute(select(EntityTag)).all() == []


def test_what_is_still_declared_is_not_forgotten(claims):
    with (
        claims.begin() as connection,
        pytest.raises(LookupError, match=r"Remove catalog-info\.yaml there first"),
    ):
        decisions.forget(connection, REF)


def test_a_ref_that_nobody_has_says_what_refs_look_like(claims):
    with claims.begin() as connection, pytest.raises(LookupError, match="look like component:default"):
        decisions.forget(connection, "payments")
