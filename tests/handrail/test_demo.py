"""The sample organisation has what a newcomer should see, and is quick to start again."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from handrail.commands.demo import command
from handrail.commands.services import command as services
from handrail.database import open_database
from handrail.errors import Stop
from scorecards.tables import Standing


def demo(folder: Path, *more: str) -> Result:
    return CliRunner().invoke(command, ["--folder", str(folder), "--no-serve", *more], catch_exceptions=False)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "home"
    done = demo(folder)
    assert done.exit_code == 0, done.output
    return folder


def listed(home: Path) -> dict[tuple[str, str], dict]:
    url = f"sqlite:///{home / 'handrail.db'}"
    done = CliRunner().invoke(services, ["--db", url, "--format", "json"], catch_exceptions=False)
    return {(s["ref"].rpartition("/")[2], s["state"]): s for s in json.loads(done.stdout)["services"]}


def statuses(service: dict) -> dict[str, str]:
    return {c["id"]: c["status"] for c in service["scorecards"][0]["checks"]}


def test_there_are_services_on_every_stage_of_the_scorecard(home):
    found = listed(home)
    assert len(list((home / "repositories").iterdir())) >= 12
    assert {s["scorecards"][0]["stage"] for s in found.values()} >= {None, 1, 2, 3, 4, 5}
    assert {s["type"] for s in found.values()} >= {
        "service",
        "worker",
        "function",
        "library",
        "documentation",
    }
    assert {s["state"] for s in found.values()} == {"declared", "undeclared", "conflict"}


def test_the_service_from_the_golden_path_lacks_only_what_time_gives(home):
    (card,) = listed(home)["booking-api", "declared"]["scorecards"]
    assert card["stage"] == 4
    lacking = {c["id"] for c in card["checks"] if c["stage"] <= 4 and c["status"] in ("fail", "unknown")}
    assert lacking <= {"game-days-held", "postmortems-kept", "progressive-delivery"}


def test_hollow_files_pass_nothing(home):
    found = statuses(listed(home)["timetable", "declared"])
    hollow = (
        "runbook-present",
        "slo-defined",
        "ci-tests",
        "rollback-configured",
        "health-probed",
        "chaos-test-exists",
    )
    assert {found[check] for check in hollow} == {"fail"}


def test_practices_are_those_of_the_service_that_has_them(home):
    found = listed(home)
    assert statuses(found["cart", "declared"])["slo-defined"] == "pass"
    assert statuses(found["web-shop", "declared"])["slo-defined"] == "fail"
    assert statuses(found["search", "declared"])["ci-tests"] == "pass"


def test_what_cannot_be_seen_is_unknown(home):
    assert statuses(listed(home)["refunds", "declared"])["ci-tests"] == "unknown"


def test_an_owner_that_nobody_knows_is_partial(home):
    assert statuses(listed(home)["refunds", "declared"])["owner-set"] == "partial"


def test_there_is_a_history_to_see(home):
    engine = open_database(f"sqlite:///{home / 'handrail.db'}")
    with engine.connect() as connection:
        closed = select(func.count()).select_from(Standing).where(Standing.until.is_not(None))
        assert connection.execute(closed).scalar_one() >= 3
    engine.dispose()


def test_the_second_run_makes_nothing_again(home):
    done = demo(home)
    assert "Making" not in done.stderr
    assert "17 repositories, 1 read" in done.stderr


def test_a_run_that_was_interrupted_is_made_anew(tmp_path):
    folder = tmp_path / "home"
    (folder / "repositories" / "half").mkdir(parents=True)
    (folder / "made-by-handrail-demo").touch()
    assert "Making" in demo(folder).stderr
    assert not (folder / "repositories" / "half").exists()


def test_a_folder_of_somebody_elses_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    (tmp_path / "repositories").mkdir()
    done = CliRunner().invoke(command, ["--folder", str(tmp_path), "--no-serve", "--again"])
    assert isinstance(done.exception, Stop)
    assert (tmp_path / "mine.txt").read_text() == "keep"
