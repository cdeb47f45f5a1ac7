"""`handrail explain` shows each check's documentation."""

from pathlib import Path

import pytest

from scorecards.check import Check, all_checks
from scorecards.documentation import SECTIONS, sections
from tests.handrail.running import handrail, validate


@pytest.mark.parametrize("check", all_checks().values(), ids=lambda c: c.id)
def test_every_check_documents_itself_in_one_form(check: Check) -> None:
    assert check.title.endswith(".")
    assert tuple(sections(check)) == SECTIONS
    assert all(sections(check).values())


def test_without_a_check_all_are_listed(tmp_path: Path) -> None:
    done = handrail(tmp_path, "explain")
    assert done.status == 0
    assert all(name in done.out for name in all_checks())


def test_a_check_is_explained_in_text_and_json(tmp_path: Path) -> None:
    text = handrail(tmp_path, "explain", "health-probed").out
    assert [h for h in SECTIONS if f"\n{h}\n" in text] == list(SECTIONS)
    report = handrail(tmp_path, "explain", "health-probed", "--format", "json").json
    validate("explain", report)
    assert [s["heading"] for s in report["checks"][0]["sections"]] == list(SECTIONS)


def test_an_unknown_check_is_refused_with_what_was_meant(tmp_path: Path) -> None:
    done = handrail(tmp_path, "explain", "health-probe")
    assert (done.status, done.out) == (2, "")
    assert "Did you mean `health-probed`?" in done.err
