"""History keeps a period for each thing a check said, and tells what it was at any date."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, insert, select

from catalog.tables import Entity, Repository
from scorecards import history
from scorecards.tables import Score, Standing, Verdict

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def days(count: int) -> datetime:
    return NOW + timedelta(days=count)


@pytest.fixture
def entity(engine: Engine) -> int:
    with engine.begin() as connection:
        row: dict[str, Any] = {"name": "x", "location": "/x", "asked": {}, "problems": []}
        row |= {"first_seen": NOW, "changed_at": NOW}
        made = connection.execute(insert(Repository), row)
        (repository,) = made.inserted_primary_key or (0,)
        row = {"repository_id": repository, "ref": "component:default/x", "kind": "Component", "path": ""}
        row |= {"namespace": "default", "name": "x", "state": "declared", "scored": True, "tags": []}
        made = connection.execute(insert(Entity), row | {"search": "x", "first_seen": NOW})
        (id_,) = made.inserted_primary_key or (0,)
    return int(id_)


def result(entity: int, stage: int = 2, score: float = 50.0, **statuses: str) -> dict[str, Any]:
    return {
        "entity_id": entity,
        "scorecard": "reliability",
        "stage": stage,
        "stage_possible": stage,
        "score": score,
        "score_possible": score,
        "next": [],
        "first_check": None,
        "first_status": None,
        "lacking": 0,
        "checks": [],
        "verdicts": [(check, status, f"It is {status}.") for check, status in statuses.items()],
        "commit": "a" * 40,
        "because": "commit",
    }


def count(engine: Engine, table: Any) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_the_same_result_adds_no_row(engine, entity):
    for day in range(3):
        with engine.begin() as connection:
            history.save(connection, [result(entity, slo="fail", ci="pass")], day == 0, days(day))
    assert count(engine, Verdict) == 2
    assert count(engine, Standing) == 1
    assert count(engine, Score) == 1


def test_what_it_was_at_any_date_is_known(engine, entity):
    for day, (status, score) in enumerate([("fail", 10.0), ("partial", 20.0), ("pass", 30.0)]):
        with engine.begin() as connection:
            history.save(connection, [result(entity, score=score, slo=status)], day == 0, days(day * 10))
    with engine.connect() as connection:
        seen = [
            history.verdicts_at(connection, entity, "reliability", days(d)).get("slo")
            for d in (-1, 0, 9, 10, 15, 20, 99)
        ]
        assert seen == [None, "fail", "fail", "partial", "partial", "pass", "pass"]
        assert history.standing_at(connection, entity, "reliability", days(-1)) is None
        at = history.standing_at(connection, entity, "reliability", days(12))
        assert at is not None
        assert (at["score"], at["since"]) == (20.0, days(10))


def test_two_savings_at_one_moment_leave_the_last(engine, entity):
    with engine.begin() as connection:
        history.save(connection, [result(entity, slo="pass")], True, days(0))
    with engine.begin() as connection:
        history.save(connection, [result(entity, slo="partial")], False, days(1))
    with engine.begin() as connection:
        history.save(connection, [result(entity, slo="pass")], False, days(1))
    assert count(engine, Verdict) == 1
    with engine.connect() as connection:
        assert history.verdicts_at(connection, entity, "reliability", days(1)) == {"slo": "pass"}


def test_a_check_that_is_no_longer_asked_ends(engine, entity):
    with engine.begin() as connection:
        history.save(connection, [result(entity, slo="pass", ci="pass")], True, days(0))
    with engine.begin() as connection:
        history.save(connection, [result(entity, ci="pass")], False, days(5))
    with engine.connect() as connection:
        assert set(history.verdicts_at(connection, entity, "reliability", days(4))) == {"slo", "ci"}
        assert set(history.verdicts_at(connection, entity, "reliability", days(6))) == {"ci"}


def test_a_service_that_is_gone_has_no_open_period(engine, entity):
    with engine.begin() as connection:
        history.save(connection, [result(entity, slo="pass")], True, days(0))
        history.end(connection, [entity], days(3))
    with engine.connect() as connection:
        assert history.verdicts_at(connection, entity, "reliability", days(2)) == {"slo": "pass"}
        assert history.verdicts_at(connection, entity, "reliability", days(4)) == {}
    assert count(engine, Score) == 0


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    statuses=st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(["pass", "partial", "fail", "unknown"])),
        min_size=1,
        max_size=8,
    )
)
def test_history_answers_as_a_list_of_all_savings_would(engine, entity, statuses):
    with engine.begin() as connection:
        connection.execute(Verdict.__table__.delete())
        connection.execute(Standing.__table__.delete())
        connection.execute(Score.__table__.delete())
    told: dict[int, str] = {}
    day = 0
    for step, status in statuses:
        day += step
        with engine.begin() as connection:
            history.save(connection, [result(entity, slo=status)], False, days(day))
        told[day] = status
    with engine.connect() as connection:
        for at in range(day + 2):
            expected = next((told[d] for d in sorted(told, reverse=True) if d <= at), None)
            assert history.verdicts_at(connection, entity, "reliability", days(at)).get("slo") == expected
        changes = [s for i, s in enumerate(told.values()) if i == 0 or list(told.values())[i - 1] != s]
        assert count(engine, Verdict) == len(changes)
