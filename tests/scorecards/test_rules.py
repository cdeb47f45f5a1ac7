"""The digest changes with what decides a result, and with nothing else."""

import time
from dataclasses import replace
from pathlib import Path

from scorecards.rules import _APART, _ROOT, rules
from scorecards.scorecard import built_in, load


def test_the_digest_follows_definitions_and_parameters(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        "apiVersion: handrail.dev/v1\nkind: Scorecard\nmetadata: {name: s}\n"
        "spec:\n  checks: [{id: owner-set}]\n"
    )
    scorecard = load(tmp_path / "s.yaml")
    (criterion,) = scorecard.criteria
    digests = {
        rules([scorecard]),
        rules([]),
        rules([replace(scorecard, criteria=(replace(criterion, stage=5),))]),
        rules([replace(scorecard, criteria=(replace(criterion, required=False),))]),
        rules([replace(scorecard, criteria=(replace(criterion, weight=9.0),))]),
        rules([replace(scorecard, criteria=(replace(criterion, params={"days": 90}),))]),
    }
    assert len(digests) == 6


def test_words_for_people_leave_the_digest_alone() -> None:
    scorecard = built_in()["reliability"]
    assert rules([scorecard]) == rules([replace(scorecard, title="Other", description="Other")])


def test_what_is_set_apart_exists_or_is_still_to_come() -> None:
    assert "scorecards/tables.py" in _APART
    assert all(name.split("/")[0] in ("catalog", "scorecards") for name in _APART)
    assert (_ROOT / "scorecards" / "result.py").exists()


def test_a_second_digest_is_cheap() -> None:
    scorecards = list(built_in().values())
    rules(scorecards)
    began = time.process_time()
    for _ in range(100):
        rules(scorecards)
    assert time.process_time() - began < 1
