"""What is a record of an incident with everything in it, and what only looks like one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from catalog.trees.folder import FolderTree
from scorecards.checks import postmortems_kept
from scorecards.facts import Facts
from scorecards.result import Result

Tree = Callable[[dict[str, str]], Snapshot]
FACTS = Facts(date(2026, 11, 24))
ALONE = Service(Ref("component", "default", "payments"), "service")
AMONG = Service(
    Ref("component", "default", "payments"), "service", "services/payments", neighbours=("services/cart",)
)
PATH = "docs/postmortems/2026-05-12-cards.md"

IMPACT = "## Impact\n4,100 customers of payments could not pay for 38 minutes.\n"
TIMELINE = (
    "## Timeline (UTC)\n- 09:02 Version 4.1 is rolled out.\n- 09:05 The alert fires.\n- 09:40 Rolled back.\n"
)
CAUSE = "## Root cause\nThe new client opened a connection for every request and used up the pool.\n"
ACTIONS = """\
## Action items
| Action | Owner | Due | Status |
|---|---|---|---|
| Bound the pool and alert on its use | Ada | 2026-05-20 | done |
"""
TITLE = "# Postmortem: cards declined\n\n"
RECORD = TITLE + IMPACT + TIMELINE + CAUSE + ACTIONS


def judge(snapshot: Snapshot, service: Service = ALONE) -> Result:
    return postmortems_kept.evaluate(snapshot, service, FACTS, {})


def told(tree: Tree, text: str, path: str = PATH) -> Result:
    return judge(tree({path: dedent(text)}))


def test_a_complete_record_passes_and_is_shown(tree: Tree) -> None:
    result = told(tree, RECORD)
    assert result.status == "pass", result
    assert (result.evidence[0].path, result.evidence[0].line) == (PATH, 1)
    assert "1 of 1 action items with an owner" in result.evidence[0].note


SOUND = {
    "labels instead of headings": """\
        # INC-2041 Cards declined, 12 May 2026
        **Impact:** customers could not pay for 38 minutes.
        **Root cause:** the pool of connections was used up.

        **09:02** rolled out
        **09:05** alert
        **09:40** rolled back

        **Follow-ups**

        ## Follow-ups
        - [x] Bound the pool (@ada)
        """,
    "what was told in the summary": """\
        # Outage of 12 May 2026
        ## Summary
        Customers could not pay for 38 minutes: all requests failed.
        ## What happened when
        | Time | Event |
        |---|---|
        | 09:02 | rolled out |
        | 09:05 | alert |
        | 09:40 | rolled back |
        ## Contributing factors
        - The pool was bounded nowhere.
        ## Preventing recurrence
        1. Bound the pool, owner: payments team.
        """,
    "de": """\
        # Störungsbericht 12.05.2026
        ## Auswirkung
        Kunden konnten 38 Minuten lang nicht bezahlen.
        ## Zeitverlauf
        - 09:02 Auslieferung der Version 4.1
        ## Ursache
        Der Verbindungspool war erschöpft.
        ## Maßnahmen
        | Maßnahme | Verantwortlich | Frist |
        |---|---|---|
        | Pool begrenzen | Ada | 20.05.2026 |
        """,
    "ja": """\
        # 障害報告 2026年5月12日
        ## 影響
        38分間、利用者は決済できなかった。
        ## タイムライン
        - 09:02 バージョン4.1を展開
        ## 根本原因
        接続プールが枯渇した。
        ## 再発防止策
        | 対策 | 担当 | 期限 |
        |---|---|---|
        | 接続数に上限を設ける | 佐藤 | 2026年5月20日 |
        """,
}


@pytest.mark.parametrize("name", SOUND)
def test_a_record_passes_in_every_form(tree: Tree, name: str) -> None:
    result = told(tree, SOUND[name], "docs/incidents/cards.md")
    assert result.status == "pass", result


def test_one_complete_record_among_weak_ones_suffices(tree: Tree) -> None:
    weak = TITLE + IMPACT + TIMELINE + CAUSE
    result = judge(tree({PATH: RECORD, "docs/postmortems/2026-01-01-slow.md": weak}))
    assert result.status == "pass"
    assert [n.path for n in result.not_counted] == ["docs/postmortems/2026-01-01-slow.md"]


WEAK = {
    "no impact": (TIMELINE + CAUSE + ACTIONS, "what it meant for users"),
    "no timeline": (IMPACT + CAUSE + ACTIONS, "when what happened"),
    "no cause": (IMPACT + TIMELINE + ACTIONS, "why it happened"),
    "no action items": (IMPACT + TIMELINE + CAUSE, "what is done"),
    "no owners": (IMPACT + TIMELINE + CAUSE + ACTIONS.replace("Ada", "TBD"), "who does what"),
    "owners in a form": (IMPACT + TIMELINE + CAUSE + ACTIONS.replace("Ada", "[Name]"), "who does what"),
}


@pytest.mark.parametrize("name", WEAK)
def test_a_record_that_lacks_one_thing_is_weak(tree: Tree, name: str) -> None:
    text, what = WEAK[name]
    result = told(tree, TITLE + text)
    assert (result.status, what in result.message, what in result.fix) == ("partial", True, True), result


def test_a_record_without_any_date_or_time_is_weak(tree: Tree) -> None:
    text = RECORD.replace("2026-05-20", "soon").replace("09:", "")
    result = told(tree, text, "docs/postmortems/cards.md")
    assert (result.status, "its date" in result.message) == ("partial", True), result


TEMPLATE = """\
# Postmortem: what failed, in one line

Copy this file and fill it in within five working days.

## Impact
From when to when; how many users; what it meant for them.
## Timeline
In UTC: first symptom, alert, each attempt, end.
## Cause
What made it fail, and why that was possible.
## Action items
| action | owner | due |
|---|---|---|
"""


def test_a_complete_template_without_a_record_is_weak(tree: Tree) -> None:
    result = told(tree, TEMPLATE, "docs/postmortems/template.md")
    assert (result.status, "template" in result.message) == ("partial", True), result


def test_a_template_that_asks_for_no_owners_is_none(tree: Tree) -> None:
    result = told(tree, TEMPLATE.replace(" owner |", ""), "docs/postmortems/template.md")
    assert result.status == "fail"
    assert "who does it" in result.not_counted[0].why


NOTHING = {
    "nothing": {"README.md": "# payments\n"},
    "an empty folder": {"docs/postmortems/.gitkeep": ""},
    "an index": {"docs/postmortems/README.md": "# Postmortems\nNone yet.\n"},
    "a process": {
        "docs/postmortem-process.md": "# Postmortem process\n## Timeline\nIn two days.\n" + ACTIONS + CAUSE
    },
    "headings only": {PATH: TITLE + "## Impact\n## Timeline\n## Root cause\n## Action items\n"},
    "to-do marks": {PATH: TITLE + "## Impact\nTODO\n## Timeline\nTBD\n## Cause\nTODO\n## Actions\n- TODO\n"},
    "a release note": {"docs/postmortems/2026-05-12.md": "# 2026-05-12\nFixed a bug in the client.\n"},
    "a sample": {"docs/incidents/sample-pir.md": RECORD},
    "a process, with a dash": {"docs/postmortems/p.md": "# Process: postmortem - x\n" + ACTIONS + IMPACT},
    "test data": {"tests/data/postmortem-1.md": RECORD},
    "an example": {"examples/postmortems/2026-05-12.md": RECORD},
    "instructions for an agent": {"agents/postmortem.md": RECORD, ".claude/skills/postmortem.md": RECORD},
    "a lesson": {"docs/postmortem.md": RECORD + "## What you will learn\nTo write one.\n"},
    "a meeting": {"docs/meeting-2026-05-12.md": f"# Meeting\n{ACTIONS}"},
}  # fmt: skip


@pytest.mark.parametrize("name", NOTHING)
def test_what_records_no_incident_fails(tree: Tree, name: str) -> None:
    result = judge(tree(NOTHING[name]))
    assert result.status == "fail", result
    assert "docs/postmortems" in result.fix


def test_what_cannot_be_read_or_stands_elsewhere_is_unknown(tree: Tree) -> None:
    assert judge(tree({"docs/postmortem-2026-05-12.pdf": "%PDF"})).status == "unknown"
    link = "# payments\nPostmortems are kept in [the wiki](https://wiki.acme.io/postmortems).\n"
    result = told(tree, link, "README.md")
    assert (result.status, "wiki.acme.io" in result.message) == ("unknown", True), result
    book = "# payments\nRead [about postmortems](https://sre.google/sre-book/postmortem-culture/).\n"
    assert told(tree, book, "README.md").status == "fail"


def test_a_neighbours_record_does_not_count_and_a_shared_one_does(tree: Tree) -> None:
    assert judge(tree({"services/cart/docs/postmortems/2026-05-12.md": RECORD}), AMONG).status == "fail"
    assert judge(tree({PATH: RECORD}), AMONG).status == "pass"
    assert judge(tree({PATH: RECORD.replace("payments", "cart")}), AMONG).status == "fail"


def test_a_record_in_the_repository_that_the_descriptor_names_counts(tree: Tree, tmp_path: Path) -> None:
    (tmp_path / "sre" / "postmortems").mkdir(parents=True)
    (tmp_path / "sre" / "postmortems" / "2026-05-12.md").write_text(RECORD, "utf-8")
    there = Snapshot(FolderTree(tmp_path / "sre", None), "sre")
    service = replace(ALONE, annotations={"handrail.dev/evidence": "sre"})
    facts = Facts(date(2026, 11, 24), repositories={"sre": there})
    assert postmortems_kept.evaluate(tree({}), service, facts, {}).status == "pass"
    assert postmortems_kept.evaluate(tree({}), service, FACTS, {}).status == "unknown"


def test_the_start_is_a_template(tree: Tree) -> None:
    begun = postmortems_kept.start(tree({}), ALONE, judge(tree({})))
    assert begun is not None
    assert judge(tree({begun.path: begun.text})).status == "partial"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from([*RECORD.split("\n"), *TEMPLATE.split("\n"), "| |", "- [ ]", "```", "](http://x"])
    )
)
def test_no_arrangement_of_lines_breaks_it(tree: Tree, lines: list[str]) -> None:
    text = "\n".join(lines)
    judge(tree({PATH: text, "README.md": text, "incidents/a.yaml": text, "docs/postmortem.pdf": text}))
