"""`handrail validate` as people and programs call it."""

import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

import handrail
from handrail.commands.validate import command
from tests.handrail.running import Checkout

GOOD = "apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata:\n  name: shop\nspec:\n  owner: pay\n"
BAD = GOOD.replace("pay", '""')
WIDGET = "apiVersion: example.org/v1\nkind: Widget\nmetadata:\n  name: w\n"
CARD = (
    "apiVersion: handrail.dev/v1\nkind: Scorecard\nmetadata:\n  name: own\nspec:\n  checks:\n    - id: {}\n"
)


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, standalone_mode=False)


def test_a_valid_file_says_nothing_but_the_count(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD)
    done = run("a.yaml")
    assert (done.return_value, done.stdout, done.stderr) == (0, "", "1 document: 1 valid.\n")


def test_an_invalid_file_names_file_line_field_and_what_to_write(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"{GOOD}---\n{BAD}")
    done = run("a.yaml")
    assert done.return_value == 1
    assert done.stdout == "a.yaml:13: `spec.owner` is empty. Name a group, for example `group:payments`.\n"
    assert done.stderr == "2 documents: 1 valid, 1 invalid.\n"


def test_an_unknown_kind_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(WIDGET)
    done = run("a.yaml")
    assert done.return_value == 0
    assert "a.yaml:1: `Widget` is a kind of somebody else's" in done.stdout


def test_scorecards_are_validated_too(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(CARD.format("owner-set"))
    (tmp_path / "bad.yaml").write_text(CARD.format("owner-sat"))
    assert run("good.yaml").return_value == 0
    done = run(".")
    assert done.return_value == 1
    assert done.stdout.startswith("bad.yaml:7: ")
    assert "owner-set" in done.stdout


def test_json_is_as_its_schema_says(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"{GOOD}---\n{BAD}---\n{WIDGET}---\na: [\n")
    done = run("a.yaml", "--format", "json")
    schema = json.loads((Path(handrail.__file__).parent / "schemas/validate.schema.json").read_text("utf-8"))
    answer = json.loads(done.stdout)
    jsonschema.validate(answer, schema)
    assert done.return_value == 1
    assert [(d["index"], d["verdict"], d["kind"]) for d in answer["documents"]] == [
        (0, "valid", "System"),
        (1, "invalid", "System"),
        (2, "unknown-kind", "Widget"),
        (3, "invalid", None),
    ]
    assert answer["documents"][1]["errors"] == [
        {
            "line": 13,
            "field": "spec.owner",
            "message": "`spec.owner` is empty. Name a group, for example `group:payments`.",
        }
    ]


def test_a_path_that_is_not_there_stops_in_a_sentence(tmp_path: Path) -> None:
    done = run("gone.yaml")
    assert str(done.exception) == "`gone.yaml` is not there. Name a file or a folder that can be read."


def test_a_folder_without_any_says_so(tmp_path: Path) -> None:
    done = run(".")
    assert (done.return_value, done.stderr) == (0, "No descriptor and no scorecard found.\n")


def test_waivers_are_validated_too(tmp_path: Path) -> None:
    waivers = tmp_path / ".handrail" / "waivers.yaml"
    waivers.parent.mkdir()
    text = (
        "apiVersion: handrail.dev/v1\nkind: Waivers\nwaivers:\n  - check: owner-set\n"
        "    reason: The team is being formed.\n    owner: group:default/platform\n    until: {}\n"
    )
    waivers.write_text(text.format("2026-12-31"))
    assert run(".").return_value == 0
    waivers.write_text(text.format("soon"))
    done = run(".")
    assert done.return_value == 1
    assert "waivers.yaml:7: `waivers[0].until`: expected the last day as a date" in done.stdout


def test_descriptors_of_other_formats_are_validated_by_their_content(checkout: Checkout) -> None:
    checkout.commit(
        {
            "opslevel.yml": "version: 1\nservice:\n  name: a\n  tags: x\n",
            "service.datadog.yaml": "schema-version: v2.2\ndd-service: a\n---\n"
            "apiVersion: v3\nkind: bench\nmetadata: {name: b}\n",
            "cortex.yaml": "tasks: []\n",
            "port.yml": "- {identifier: a, blueprint: mine}\n",
        }
    )
    done = checkout.run("validate", ".", "--format", "json")
    assert done.status == 1
    assert [(d["path"], d["format"], d["kind"], d["verdict"]) for d in done.json["documents"]] == [
        ("opslevel.yml", "opslevel", "Component", "invalid"),
        ("port.yml", "port", "mine", "unknown-kind"),
        ("service.datadog.yaml", "datadog", "Component", "valid"),
        ("service.datadog.yaml", "datadog_entities", "bench", "unknown-kind"),
    ]
    (error,) = done.json["documents"][0]["errors"]
    assert (error["line"], error["field"]) == (4, "service.tags")
    assert error["message"].startswith("`service.tags` is text, not a list.")
    assert "blueprint of somebody else's" in checkout.run("validate", "port.yml").out


def test_no_credential_of_a_descriptor_is_printed(checkout: Checkout) -> None:
    hook = "https://hooks.slack.com/services/T/B/verysecret"
    checkout.commit(
        {"opslevel.yml": f"version: 1\nservice:\n  name: a\n  tags: {hook}\n  lifecycle: [{hook}]\n"}
    )
    for arguments in (
        ("validate", "."),
        ("validate", ".", "--format", "json"),
        ("check",),
        ("check", "--format", "json"),
    ):
        done = checkout.run(*arguments)
        assert "verysecret" not in done.out + done.err
