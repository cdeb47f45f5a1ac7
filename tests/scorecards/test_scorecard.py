"""Scorecards are read, checked and digested."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from catalog.document import parse_yaml
from scorecards.check import all_checks
from scorecards.scorecard import (
    DEFINITIONS,
    SCHEMA,
    InvalidScorecard,
    Scorecard,
    built_in,
    load,
    named,
    validate,
)

HEAD = "apiVersion: handrail.dev/v1\nkind: Scorecard\nmetadata:\n  name: mine\nspec:\n  checks:\n"


def written(folder: Path, checks: str) -> Path:
    path = folder / "mine.yaml"
    path.write_text(HEAD + checks, "utf-8")
    return path


def problems(folder: Path, checks: str) -> list[str]:
    with pytest.raises(InvalidScorecard) as caught:
        load(written(folder, checks))
    return [f"{p.line}: {p.message}" for p in caught.value.problems]


def test_the_reliability_scorecard_takes_each_default_from_the_check() -> None:
    scorecard = built_in()["reliability"]
    for criterion in scorecard.criteria:
        check = all_checks()[criterion.id]
        assert (criterion.stage, criterion.required, criterion.weight) == (
            check.stage,
            check.required,
            check.weight,
        )
        assert dict(criterion.params) == dict(check.params)


def test_the_built_in_definitions_keep_their_schema() -> None:
    for path in DEFINITIONS.glob("*.yaml"):
        document = parse_yaml(path.read_text("utf-8"), path.name).documents[0]
        assert validate(document) == ()


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json.loads(SCHEMA.read_text("utf-8")))


def test_all_takes_every_check_and_entries_still_override(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    head = HEAD.replace("  checks:\n", "  all: true\n")
    path.write_text(head, "utf-8")
    assert {c.id for c in load(path).criteria} == set(all_checks())
    path.write_text(head + "  checks:\n    - {id: owner-set, weight: 7.5}\n", "utf-8")
    overridden = load(path)
    assert {c.id for c in overridden.criteria} == set(all_checks())
    assert overridden.criterion("owner-set").weight == 7.5  # type: ignore[union-attr]
    path.write_text(head.replace("true", "false"), "utf-8")
    with pytest.raises(InvalidScorecard, match=r"spec\.all"):
        load(path)


def test_an_entry_overrides_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    scorecard = load(written(tmp_path, "    - {id: owner-set, stage: 4, weight: 7.5}\n"))
    (criterion,) = scorecard.criteria
    assert (criterion.stage, criterion.required, criterion.weight) == (4, True, 7.5)
    assert scorecard.title == "mine"
    assert scorecard.criterion("owner-set") is criterion
    assert scorecard.criterion("slo-defined") is None


def test_a_check_no_longer_required_weighs_as_a_recommended_one(tmp_path: Path) -> None:
    (criterion,) = load(written(tmp_path, "    - {id: owner-set, required: false}\n")).criteria
    assert criterion.weight == 1


def test_an_unknown_check_is_named_with_its_line_and_what_was_meant(tmp_path: Path) -> None:
    assert problems(tmp_path, "    - id: owner-set\n    - id: owner-sett\n") == [
        "8: `spec.checks[1].id`: there is no check `owner-sett`. Did you mean `owner-set`?"
    ]


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ("    - {id: owner-set, stage: 1}\n", "7: `spec.checks[0].stage`: 1 is less than"),
        ("    - {id: owner-set, stage: two}\n", "7: `spec.checks[0].stage`:"),
        ("    - {id: owner-set, weight: 0}\n", "7: `spec.checks[0].weight`:"),
        ("    - {id: owner-set, colour: red}\n", "7: `spec.checks[0]`: Additional properties"),
        ("    - {id: owner-set, params: {depth: 3}}\n", "has no parameter `depth`"),
        ("    - id: owner-set\n    - id: owner-set\n", "8: `spec.checks[1].id`: `owner-set` is named twice."),
        ("    - 7\n", "7: `spec.checks[0]`:"),
        ("    []\n", "`spec.checks`:"),
        ("    - id: [\n", "not valid YAML"),
        ("    - {id: owner-set, id: owner-set}\n", "`id` is written twice"),
    ],
)
def test_a_mistake_is_told_with_line_and_field(tmp_path: Path, checks: str, expected: str) -> None:
    assert any(expected in p for p in problems(tmp_path, checks)), problems(tmp_path, checks)


def test_a_file_that_is_no_scorecard_is_refused(tmp_path: Path) -> None:
    for text in ("", "just words\n", "a: 1\n---\nb: 2\n", "kind: Component\n"):
        path = tmp_path / "other.yaml"
        path.write_text(text, "utf-8")
        with pytest.raises(InvalidScorecard):
            load(path)
    with pytest.raises(InvalidScorecard, match="cannot be read"):
        load(tmp_path / "missing.yaml")


def test_a_scorecard_is_found_by_name_or_by_path(tmp_path: Path) -> None:
    assert named("reliability").name == "reliability"
    assert isinstance(named(str(written(tmp_path, "    - id: owner-set\n"))), Scorecard)
    with pytest.raises(InvalidScorecard, match=r"There is no scorecard `reliabilty`\. Name `reliability`"):
        named("reliabilty")


def test_the_reliability_scorecard_asks_every_check_in_the_order_of_the_stages() -> None:
    scorecard = built_in()["reliability"]
    assert [c.id for c in scorecard.criteria] == list(all_checks())
    stages = [c.stage for c in scorecard.criteria]
    assert stages == sorted(stages)
