"""`handrail new` makes a service from a golden path, or says why not and leaves nothing behind."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handrail.commands.new import command
from handrail.errors import Stop


def new(*arguments: str, answers: str | None = None) -> Result:
    return CliRunner().invoke(command, [str(a) for a in arguments], input=answers)


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_a_template_the_offer_is_shown():
    done = new()
    assert done.exit_code == 0
    assert "python-http-service" in done.stdout
    told = json.loads(new("--format", "json").stdout)
    (template,) = [t for t in told["templates"] if t["name"] == "python-http-service"]
    assert "name" in {q["name"] for q in template["questions"]}


def test_a_service_is_made_committed_and_scored(tmp_path):
    done = new("python-http-service", "ledger", "--defaults", "--set", "owner=group:payments")
    assert done.exit_code == 0, done.output
    assert "ledger" in (tmp_path / "ledger" / "catalog-info.yaml").read_text()
    log = subprocess.run(
        ["git", "-C", "ledger", "log", "--format=%s"], capture_output=True, text=True, check=True
    )
    assert log.stdout == "Begin from Python HTTP service\n"
    assert "Stage 4, Prediction" in done.stdout
    assert "read its README.md" in done.stderr


def test_its_scorecard_is_that_of_check(tmp_path):
    done = new("python-http-service", "ledger", "--defaults", "--format", "json")
    told = json.loads(done.stdout)
    (service,) = told["services"]
    assert service["ref"] == "component:default/ledger"
    (card,) = service["scorecards"]
    assert card["stage"] == 4
    lacking = {c["id"] for c in card["checks"] if c["stage"] <= 4 and c["status"] in ("fail", "unknown")}
    assert lacking <= {"game-days-held", "postmortems-kept", "progressive-delivery"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nothing-like-it", "x"), "python-http-service"),
        (("python-http-service", "x", "--defaults", "--set", "name=../up"), "name"),
        (("python-http-service", "x", "--defaults", "--set", "name={{ 7 * 7 }}"), "name"),
        (("python-http-service", "x", "--defaults", "--set", "description={{ 7 * 7 }}"), "code"),
        (("python-http-service", "x", "--defaults", "--set", "colour=red"), "does not ask"),
        (("python-http-service", "x", "--defaults", "--set", "name"), "no `=`"),
        (("python-http-service", "full", "--defaults"), "full"),
    ],
)
def test_what_cannot_be_made_is_said_and_nothing_is_left(tmp_path, arguments, says):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("keep")
    done = new(*arguments)
    assert isinstance(done.exception, Stop)
    assert says in str(done.exception)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["full"]
    assert [p.name for p in (tmp_path / "full").iterdir()] == ["mine.txt"]


def test_a_name_that_a_folder_cannot_give_is_left_to_the_default(tmp_path):
    done = new("python-http-service", "9 lives", "--defaults")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "9 lives" / "catalog-info.yaml").is_file()


def test_a_template_of_ones_own_is_rendered_from_its_folder(tmp_path):
    mine = tmp_path / "mine" / "{{ cookiecutter.name }}"
    mine.mkdir(parents=True)
    (mine / "README.md").write_text("# {{ cookiecutter.name }}\n")
    (tmp_path / "mine" / "cookiecutter.json").write_text('{"name": "thing"}')
    done = new(Path("mine"), "out", "--defaults")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out" / "README.md").read_text() == "# out\n"
