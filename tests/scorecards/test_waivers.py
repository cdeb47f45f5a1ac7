"""Waivers are read with every mistake told by line, and their schema agrees."""

import json
from collections.abc import Callable

import pytest
from jsonschema import Draft202012Validator

from catalog.document import parse_yaml
from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.waivers import SCHEMA, validate, waivers

Tree = Callable[[dict[str, str]], Snapshot]
GOOD = """\
apiVersion: handrail.dev/v1
kind: Waivers
waivers:
  - check: owner-set
    service: payments
    reason: The team is being formed.
    owner: group:default/platform
    until: 2026-12-31
"""

MISTAKES = [
    ("kind: Waivers", "kind: Waiver", "2: `kind`: expected `Waivers`."),
    ("waivers:\n", "waivers:\n  owner: me\nothers:\n", "3: `waivers`: expected a list."),
    ("check: owner-set", "check: owner-st", "4: `waivers[0].check`: expected the id of a check. Did you"),
    ("    service: payments", "    service: [a]", "5: `waivers[0].service`: expected a service's name"),
    ("The team is being formed.", "TODO", "6: `waivers[0].reason`: say why"),
    ("    owner: group:default/platform\n", "", "4: `waivers[0].owner`: say who answers"),
    ("2026-12-31", "2026-13-31", "8: `waivers[0].until`: expected the last day as a date"),
    ("2026-12-31", "soon", "8: `waivers[0].until`:"),
    ("    until: 2026-12-31\n", "    untill: 2026-12-31\n", "8: `waivers[0].untill`: is not known. Did you"),
    ("  - check: owner-set", "  - 7\n  - check: owner-set", "4: `waivers[0]`: expected a mapping."),
    ("kind: Waivers", "kind: Waivers\nkind: Waivers", "3: `kind` is written twice."),
]


def problems(text: str) -> list[str]:
    (document,) = parse_yaml(text, ".handrail/waivers.yaml").documents
    return [f"{p.line}: {p.message}" for p in validate(document)]


def test_a_good_waiver_is_read_with_its_place(tree: Tree) -> None:
    assert problems(GOOD) == []
    (waiver,) = waivers(tree({".handrail/waivers.yaml": GOOD})).waivers
    assert (waiver.path, waiver.line, waiver.check) == (".handrail/waivers.yaml", 4, "owner-set")


@pytest.mark.parametrize(("old", "new", "expected"), MISTAKES)
def test_a_mistake_is_told_with_line_and_field(old: str, new: str, expected: str) -> None:
    assert old in GOOD
    found = problems(GOOD.replace(old, new))
    assert any(p.startswith(expected) for p in found), found


def test_one_bad_waiver_does_not_hide_the_next(tree: Tree) -> None:
    text = GOOD + "  - check: owner-set\n    reason: x y\n    owner: me\n    until: never\n"
    found = waivers(tree({".handrail/waivers.yaml": text}))
    assert len(found.waivers) == 1
    assert [p.line for p in found.problems] == [12]


def test_a_file_that_is_no_yaml_is_a_problem_with_its_line(tree: Tree) -> None:
    (problem,) = waivers(tree({".handrail/waivers.yaml": "a: 1\nb: [\n"})).problems
    assert (problem.path, problem.line) == (".handrail/waivers.yaml", 2)


def test_of_two_waivers_the_one_that_lasts_longest_counts(tree: Tree) -> None:
    longer = GOOD + GOOD.split("waivers:\n")[1].replace("2026-12-31", "2027-06-30")
    found = waivers(tree({".handrail/waivers.yaml": longer}))
    waiver = found.find("owner-set", Service(Ref("component", "default", "payments"), "service"))
    assert waiver is not None
    assert waiver.until.year == 2027


def test_the_schema_refuses_what_the_reader_refuses_by_form() -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert validator.is_valid(parse_yaml(GOOD, "x").documents[0].data)
    by_form = [m for m in MISTAKES if not any(w in m[1] for w in ("owner-st", "TODO", "13-31", "\nkind"))]
    assert len(by_form) >= 6
    for old, new, _ in by_form:
        assert not validator.is_valid(parse_yaml(GOOD.replace(old, new), "x").documents[0].data), new
