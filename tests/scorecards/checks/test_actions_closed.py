"""How the action items of recent incidents stand, in the forms people keep them."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.checks import actions_closed
from scorecards.facts import Facts
from scorecards.result import Result

# ruff: noqa: E501
Tree = Callable[[dict[str, str]], Snapshot]
TODAY = date(2026, 11, 24)
ALONE = Service(Ref("component", "default", "payments"), "service")
AMONG = Service(
    Ref("component", "default", "payments"), "service", "services/payments", neighbours=("services/cart",)
)
PATH = "docs/postmortems/2026-09-03-checkout.md"


def judge(snapshot: Snapshot, service: Service = ALONE, facts: Facts | None = None) -> Result:
    return actions_closed.evaluate(snapshot, service, facts or Facts(TODAY), {})


def record(items: str, heading: str = "Action items", when: str = "2026-09-03") -> str:
    return f"""\
# Postmortem: checkout was down

Date: {when}

## Impact
One in five users could not pay for 40 minutes.

## Root cause
The pool of connections was exhausted by a slow query.

## {heading}
{items}
"""


TABLE = """
| Action | Owner | Due | Status |
|---|---|---|---|
| Alert on the queue's age | @ada | 2026-09-10 | done |
| Give the provider a timeout of 2 s | payments team | 2026-12-01 | open |
"""
CLOSED = {
    "a table": TABLE,
    "boxes": "- [x] Alert on the queue's age\n- [x] Give the provider a timeout\n",
    "open, with a date": "- [ ] Alert on the queue's age (@ada, 2026-12-01)\n",
    "a date that has passed": "- [ ] Alert on the queue's age (@ada, 2026-10-01)\n",
    "decided against": TABLE.replace("2026-12-01 | open", "  | won't do"),
    "struck through": "- ~~Alert on the queue's age~~\n- [x] Give the provider a timeout\n",
    "marks": "- ✅ Alert on the queue's age\n- ✅ Give the provider a timeout\n",
    "a ticket that is done": "- [x] Alert on the queue's age (#42)\n",
}


@pytest.mark.parametrize("name", CLOSED)
def test_items_that_are_done_or_dated_pass(name: str, tree: Tree) -> None:
    result = judge(tree({PATH: record(CLOSED[name])}))
    assert result.status == "pass", result.message
    assert result.evidence[0].path == PATH
    assert result.valid_until == date(2026, 12, 31)


def test_a_date_that_has_passed_is_told(tree: Tree) -> None:
    assert "1 has passed" in judge(tree({PATH: record(CLOSED["a date that has passed"])})).message


LANGUAGES = {
    "de": ("Maßnahmen", "\n| Maßnahme | Verantwortlich | Frist | Stand |\n|---|---|---|---|\n| Alarm auf die Warteschlange | Ada | 2026-09-10 | erledigt |\n"),
    "fr": ("Plan d'action", "\n| Action | Responsable | Échéance | Statut |\n|---|---|---|---|\n| Alerte sur la file | Ada | 2026-09-10 | terminé |\n"),
    "es": ("Acciones", "- [x] Alerta sobre la cola (@ada)\n"),
    "ja": ("再発防止策", "- [x] キューの監視アラートを追加する\n"),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_items_in_other_languages_are_read(language: str, tree: Tree) -> None:
    heading, items = LANGUAGES[language]
    assert judge(tree({PATH: record(items, heading)})).status == "pass"


def test_some_open_and_undated_items_are_weak(tree: Tree) -> None:
    result = judge(
        tree({PATH: record("- [x] Alert on the queue's age\n- [ ] Give the provider a timeout\n")})
    )
    assert result.status == "partial"
    assert result.message.startswith("1 of 2 action items")
    assert f"`{PATH}` line 13" in result.fix


def test_mostly_open_and_undated_items_fail(tree: Tree) -> None:
    items = (
        "- [x] Alert on the queue's age\n- [ ] Give the provider a timeout\n- Add a bulkhead (next sprint)\n"
    )
    result = judge(tree({PATH: record(items)}))
    assert result.status == "fail"
    assert "2 of 3" in result.message


def test_the_items_of_all_recent_incidents_are_counted_together(tree: Tree) -> None:
    files = {
        PATH: record("- [x] Alert on the queue's age\n- [x] Give the provider a timeout\n"),
        "docs/postmortems/2026-05-20-login.md": record("- [ ] Add a bulkhead\n", when="2026-05-20"),
    }
    result = judge(tree(files))
    assert result.status == "partial"
    assert "1 of 3" in result.message


@pytest.mark.parametrize(
    ("when", "counts"),
    [("2026-04-01", True), ("2026-03-31", False), ("2026-11-24", True), ("2027-01-02", False)],
)
def test_two_quarters_and_the_one_that_runs_count(when: str, counts: bool, tree: Tree) -> None:
    result = judge(tree({f"docs/postmortems/{when}-x.md": record("- [x] Alert on it\n", when=when)}))
    assert result.status == ("pass" if counts else "unknown")
    if not counts:
        assert result.not_counted[0].path.startswith("docs/postmortems/")


def test_the_verdict_ends_with_the_quarter(tree: Tree) -> None:
    snapshot = tree({"docs/postmortems/2026-04-10-x.md": record("- [x] Alert on it\n", when="2026-04-10")})
    ends = judge(snapshot).valid_until
    assert ends == date(2026, 12, 31)
    assert judge(snapshot, facts=Facts(ends)).status == "pass"
    assert judge(snapshot, facts=Facts(ends + timedelta(1))).status == "unknown"


UNKNOWN = {
    "no postmortem": {"README.md": "# Payments\n"},
    "old ones only": {"docs/postmortems/2024-09-03.md": record(TABLE, when="2024-09-03")},
    "a template": {"docs/postmortems/template.md": "# Postmortem: [title]\n\n## Impact\n\n## Root cause\n\n## Action items\n"},
    "no items": {PATH: record("").partition("## Action")[0]},
    "tickets that know": {PATH: record("- Alert on the queue's age https://github.com/acme/payments/issues/42\n")},
    "no date at all": {"docs/postmortems/checkout.md": record(TABLE).replace("2026-09-03", "then").replace("2026-09-10", "").replace("2026-12-01", "")},
    "no text": {"docs/postmortems/2026-09-03.pdf": "%PDF"},
}  # fmt: skip


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_cannot_be_told_is_unknown(name: str, tree: Tree) -> None:
    result = judge(tree(UNKNOWN[name]))
    assert result.status == "unknown", result.message
    assert result.fix


def test_the_name_of_another_record_is_no_ticket(tree: Tree) -> None:
    assert judge(tree({PATH: record("- Alert on the queue's age, as in PM2025-009\n")})).status == "fail"


def test_a_neighbours_items_do_not_count(tree: Tree) -> None:
    own = {"services/payments/a.py": "", "services/cart/a.py": ""}
    loose = record("- [ ] Give the provider a timeout\n")
    assert judge(tree({**own, "services/cart/" + PATH: loose}), AMONG).status == "unknown"
    assert judge(tree({**own, PATH: loose.replace("checkout", "cart")}), AMONG).status == "unknown"
    assert judge(tree({**own, PATH: loose.replace("checkout", "cart and payments")}), AMONG).status == "fail"


def test_an_example_does_not_count(tree: Tree) -> None:
    result = judge(tree({f"examples/{PATH}": record(TABLE)}))
    assert result.status == "unknown"


def test_a_named_repository_is_read_too(tree: Tree) -> None:
    other = tree({f"payments/{PATH}": record(TABLE)})
    service = Service(ALONE.ref, "service", annotations={"handrail.dev/evidence": "acme/ops:payments"})
    found = judge(tree({"a.py": ""}), service, Facts(TODAY, repositories={"acme/ops": other}))
    assert found.status == "pass"
    assert found.evidence[0].path == f"acme/ops:payments/{PATH}"
    assert "not at hand" in judge(tree({"a.py": ""}), service).message


HOSTILE = {
    "huge": {PATH: record("- [ ] Do it\n" * 50_000)},
    "wide": {PATH: record("| Action | Owner |" + " x |" * 20_000 + "\n|---|---|\n| a |\n")},
    "wrong types": {"docs/postmortems/2026-09-03.yaml": "impact: [1]\ncause: {a: null}\nactions: [null, 3, {task: [x], due: {}}]\n"},
    "impossible dates": {"docs/postmortems/2026-99-99.md": record(TABLE, when="2026-13-45")},
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_raise_nothing(name: str, tree: Tree) -> None:
    assert judge(tree(HOSTILE[name])).status in ("fail", "unknown", "partial", "pass")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.sampled_from(["- [ ] x", "- [x] do it", "| Action | Owner | Due |", "|---|---|---|", "| a | b | 2026-12-01 |", "### Next", "Due:", "done"])
        | st.text(max_size=30),
        max_size=20,
    ),
    st.dates(),
)  # fmt: skip
def test_any_items_on_any_day_raise_nothing(tree: Tree, lines: list[str], today: date) -> None:
    today = min(max(today, date(2, 1, 1)), date(9998, 1, 1))
    result = judge(tree({PATH: record("\n".join(lines))}), facts=Facts(today))
    assert result.status in ("fail", "unknown", "partial", "pass")
