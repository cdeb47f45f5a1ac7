"""What is a record of an incident, what is a template, and what is to be done by whom."""

from collections.abc import Callable
from datetime import date
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.snapshot import Snapshot
from scorecards.reading.action_items import ActionItem, owner_of, state_of
from scorecards.reading.postmortem import PARTS, Postmortem
from scorecards.reading.postmortems import postmortems

Tree = Callable[[dict[str, str]], Snapshot]

RECORD = """\
# Postmortem: cards declined

**Date:** 2026-05-12
**Status:** Final

## Impact
4,100 customers could not pay for 38 minutes.

## Timeline
| Time (UTC) | Event |
|---|---|
| 09:02 | Version 4.1 is rolled out |
| 09:05 | PaymentsErrorRateHigh fires |
| 09:40 | Rolled back |

## Root cause
The new client opened a connection for every request and used up the pool.

## Action items
| Action | Owner | Due | Status |
|---|---|---|---|
| Bound the pool and alert on its use | Ada | 2026-05-20 | Done |
| Load-test the client before a release | @shop/payments | 2026-06-30 | Open |

---
"""


def one(tree: Tree, text: str, path: str = "docs/postmortems/2026-05-12-cards.md") -> Postmortem:
    (found,) = postmortems(tree({path: dedent(text)})).found
    return found


def items(tree: Tree, text: str) -> tuple[ActionItem, ...]:
    head = (
        "# Postmortem: cards declined\n\n## Impact\nCustomers could not pay for an hour.\n\n## Action items\n"
    )
    return one(tree, head + dedent(text)).actions


def test_a_record_has_its_date_and_its_parts_with_lines(tree: Tree) -> None:
    found = one(tree, RECORD)
    assert (found.kind, found.when, found.lacking) == ("record", date(2026, 5, 12), ())
    assert [found.parts[part].line for part in PARTS] == [6, 9, 16, 19]


def test_action_items_of_a_table_have_owner_date_and_state(tree: Tree) -> None:
    first, second = one(tree, RECORD).actions
    assert (first.owner, first.state, first.due, first.line) == ("Ada", "done", date(2026, 5, 20), 22)
    assert (second.owner, second.state) == ("@shop/payments", "open")


LISTS = {
    "check boxes": (
        """\
        - [x] Bound the pool (@ada)
        - [ ] Alert on it, owner: Grace, due: 2026-06-30
        """,
        [("@ada", "done", None), ("Grace", "open", date(2026, 6, 30))],
    ),
    "labels below": (
        """\
        1. **Bound the pool**
           - Owner: Ada
           - Due: 30 June 2026
           - Status: in progress
        2. **Alert on it**
           - Owner: Payments team
        """,
        [("Ada", "open", date(2026, 6, 30)), ("Payments team", "", None)],
    ),
    "headings": (
        """\
        ### Bound the pool
        **Owner:** Ada
        **Due:** 2026-06-30

        ### Alert on it
        **Owner:** Grace
        """,
        [("Ada", "", date(2026, 6, 30)), ("Grace", "", None)],
    ),
    "a team in brackets": (
        """\
        - Bound the pool (payments team)
        - ~~Alert on it~~ (platform team)
        """,
        [("payments team", "", None), ("platform team", "done", None)],
    ),
    "a name with a date": (
        "- Bound the pool — Ada Byron, 2026-06-30\n",
        [("Ada Byron", "", date(2026, 6, 30))],
    ),
    "nobody": (
        """\
        - Bound the pool (high)
        - [ ] Alert on it. Owner: TBD
        - Document the commands that end it in Grafana Cloud (Grafana Cloud)
        """,
        [("", "", None), ("", "open", None), ("", "", None)],
    ),
    "the owner first": (
        """\
        | Owner | Task | Deadline |
        |---|---|---|
        | Ada | Bound the pool | next sprint |
        """,
        [("Ada", "", None)],
    ),
    "Japanese": (
        """\
        | 対策 | 担当 | 期限 | 状態 |
        |---|---|---|---|
        | 接続プールの上限を設定する | 佐藤 | 2026年6月30日 | 未完了 |
        """,
        [("佐藤", "open", date(2026, 6, 30))],
    ),
    "German": (
        """\
        | Maßnahme | Verantwortlich | Frist | Status |
        |---|---|---|---|
        | Verbindungen begrenzen | Team Zahlung | 30.06.2026 | erledigt |
        """,
        [("Team Zahlung", "done", date(2026, 6, 30))],
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_action_items_are_read_in_every_form(tree: Tree, name: str) -> None:
    text, expected = LISTS[name]
    assert [(i.owner, i.state, i.due) for i in items(tree, text)] == expected


def test_what_was_done_during_the_incident_is_no_action_item(tree: Tree) -> None:
    assert not items(tree, "") or one(tree, RECORD).actions
    found = one(
        tree,
        """\
        # Incident report: cards declined 2026-05-12
        ## Impact
        Customers could not pay.
        ## Timeline
        | Time | Event | Action | Responsible |
        |---|---|---|---|
        | 09:02 | Alert | Acknowledged | Ada |
        | 09:12 | Cause found | Rolled back | Ada |
        ## Actions taken
        - Rolled back (@ada)
        """,
    )
    assert found.actions == ()
    assert found.lacking == ("cause", "actions")


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Done", "done"),
        ("✅", "done"),
        ("not done", "open"),
        ("Not started", "open"),
        ("In progress", "open"),
        ("won't fix", "dropped"),
        ("未完成", "open"),
        ("已完成", "done"),
        ("выполнено", "done"),
        ("erledigt", "done"),
        ("terminé", "done"),
        ("", ""),
    ],
)
def test_a_state_is_told_by_its_words(text: str, state: str) -> None:
    assert state_of(text) == state


@pytest.mark.parametrize(
    "text", ["", "-", "TBD", "N/A", "[Name]", "<owner>", "?", "unassigned", "Owner", "{{ who }}"]
)
def test_a_placeholder_owns_nothing(text: str) -> None:
    assert owner_of(text) == ""


LANGUAGES = {
    "de": ("Auswirkung", "Zeitverlauf", "Ursache", "Maßnahmen"),
    "fr": ("Impact", "Chronologie", "Cause racine", "Actions correctives"),
    "es": ("Impacto", "Línea de tiempo", "Causa raíz", "Acciones"),
    "pt": ("Impacto", "Linha do tempo", "Causa raiz", "Plano de ação"),
    "it": ("Impatto", "Cronologia", "Causa", "Azioni correttive"),
    "nl": ("Gevolgen", "Tijdlijn", "Oorzaak", "Vervolgacties"),
    "pl": ("Wpływ", "Oś czasu", "Przyczyna", "Działania"),
    "ru": ("Влияние", "Хронология", "Причина", "Действия"),
    "ja": ("影響", "タイムライン", "根本原因", "再発防止策"),
    "zh": ("影响范围", "时间线", "根本原因", "改进措施"),
    "ko": ("영향", "타임라인", "원인", "재발 방지"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_parts_are_known_in_many_languages(tree: Tree, language: str) -> None:
    impact, timeline, cause, actions = LANGUAGES[language]
    text = (
        f"# 2026-05-12\n\n## {impact}\nxxx yyy zzz qqq\n\n## {timeline}\nxxx yyy zzz qqq\n\n"
        f"## {cause}\nxxx yyy zzz qqq\n\n## {actions}\n- qqq yyy (@ada)\n"
    )
    found = one(tree, text.replace("xxx", "Lorem99"))
    assert (found.kind, found.lacking, found.actions[0].owner) == ("record", (), "@ada")


def test_a_language_that_is_not_known_is_said_to_be_unread(tree: Tree) -> None:
    found = one(
        tree,
        """\
        # بطاقات مرفوضة
        ## ماذا حدث
        لم يتمكن العملاء من الدفع
        ## متى
        في الصباح الباكر من اليوم
        ## لماذا
        بسبب الاتصال بقاعدة البيانات
        ## ماذا سنفعل
        سنغير الإعدادات غدا
        """,
        "docs/postmortems/cards.md",
    )
    assert found.kind == "unread"


TEMPLATE = """\
# Postmortem: [Incident title]

**Date:** YYYY-MM-DD

## Impact
Describe who was affected.

## Timeline
| Time | Event |
|---|---|
| HH:MM | Alert fired |

## Root cause
What caused the incident?

## Action items
| Action | Owner | Due |
|---|---|---|
| Add an alert | [Name] | YYYY-MM-DD |
"""


@pytest.mark.parametrize("path", ["docs/postmortem-template.md", "docs/postmortems/0000.md"])
def test_a_template_is_no_record(tree: Tree, path: str) -> None:
    found = one(tree, TEMPLATE, path)
    assert (found.kind, found.lacking, found.owners) == ("template", (), True)


def test_a_template_in_a_code_block_is_found(tree: Tree) -> None:
    text = f"# Incident response\n\nAfter each write a postmortem:\n\n```markdown\n{TEMPLATE}```\n"
    found = one(tree, text, "docs/incident-response.md")
    assert (found.kind, found.parts["impact"].line, found.owners) == ("template", 10, True)


def test_an_issue_form_is_a_template(tree: Tree) -> None:
    form = "name: Postmortem\nbody:\n" + "".join(
        f"  - type: textarea\n    attributes:\n      label: {label}\n"
        for label in ("Impact", "Timeline", "Root cause", "Action items", "Owners")
    )
    found = one(tree, form, ".github/ISSUE_TEMPLATE/postmortem.yml")
    assert (found.kind, found.lacking, found.owners) == ("template", (), True)


def test_a_log_of_incidents_gives_one_record_each(tree: Tree) -> None:
    text = """\
    # Incidents

    ## 2026-05-12 Cards declined
    **Impact:** customers could not pay.
    **Cause:** the pool was used up.

    ## 2026-07-01 Slow search
    **Impact:** search took ten seconds.
    **Cause:** a missing index.
    **Follow-ups:**
    - [x] Add the index (@ada)
    """
    first, second = postmortems(tree({"docs/incidents.md": dedent(text)})).records
    assert (first.when, second.when) == (date(2026, 5, 12), date(2026, 7, 1))
    assert (first.line, second.line) == (3, 7)


def test_a_record_in_yaml_is_read(tree: Tree) -> None:
    text = """\
    title: Cards declined
    date: 2026-05-12
    impact: Customers could not pay.
    timeline:
      - "09:02 rolled out"
    root_cause: The pool was used up.
    action_items:
      - title: Bound the pool
        owner: Ada
        due: 2026-06-30
        status: done
    """
    found = one(tree, text, "incidents/2026-05-12.yaml")
    assert (found.kind, found.lacking, found.when) == ("record", (), date(2026, 5, 12))
    assert (found.actions[0].owner, found.actions[0].state) == ("Ada", "done")


PROCESS = "# Postmortem process\n## Timeline\nWritten within two days.\n## Actions\nEach has an owner.\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("docs/postmortem-process.md", PROCESS),
        ("docs/postmortems/README.md", "# Postmortems\nOur postmortems are listed here.\n"),
        ("agents/postmortem.md", RECORD),
        ("tests/data/postmortem-1.md", RECORD),
        ("docs/postmortem-training.md", f"{RECORD}\n## What you will learn\nTo write one.\n"),
    ],
)  # fmt: skip
def test_what_is_about_postmortems_is_none(tree: Tree, path: str, text: str) -> None:
    found = one(tree, text, path)
    assert (found.kind, bool(found.why)) == ("other", True)


def test_a_file_without_text_is_said_to_be_unreadable(tree: Tree) -> None:
    assert postmortems(tree({"docs/postmortem-2026.pdf": "%PDF"})).unreadable == ("docs/postmortem-2026.pdf",)


def test_ordinary_documents_are_not_looked_at(tree: Tree) -> None:
    assert (
        postmortems(tree({"README.md": "# payments\n## Impact\nNone.\n", "docs/a.md": "# a\n"})).found == ()
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from([*RECORD.split("\n"), "| |", "- [ ]", "## ", "**Owner:**", "```", "|||", "@", ": :"])
    )
)
def test_no_arrangement_of_lines_breaks_it(tree: Tree, lines: list[str]) -> None:
    postmortems(tree({"docs/postmortem.md": "\n".join(lines), "incidents/a.yaml": "\n".join(lines)}))


def test_a_huge_document_takes_little_time(tree: Tree) -> None:
    rows = "| 09:02 | x |\n" * 20_000 + "- " + "a:" * 50_000 + "\n" + "- [ ] " + "(" * 5_000
    assert postmortems(tree({"docs/postmortem.md": RECORD + rows})).found
