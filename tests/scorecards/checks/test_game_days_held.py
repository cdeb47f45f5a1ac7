"""Game days in the forms people write them down, and what only looks like one."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.checks import game_days_held
from scorecards.facts import Facts
from scorecards.result import Result

# ruff: noqa: E501
Tree = Callable[[dict[str, str]], Snapshot]
TODAY = date(2026, 11, 24)
ALONE = Service(Ref("component", "default", "payments"), "service")
AMONG = Service(
    Ref("component", "default", "payments"), "service", "services/payments", neighbours=("services/cart",)
)


def judge(
    snapshot: Snapshot, service: Service = ALONE, facts: Facts | None = None, **params: object
) -> Result:
    return game_days_held.evaluate(snapshot, service, facts or Facts(TODAY), params)


RECORD = """\
# Game day 2026-10-14: the provider hangs

## Scenario
The provider answers after 30 seconds; we expect the breaker to open within a minute.

## Findings
- The breaker opened after six minutes: its window counted errors, not slowness.
- The alert linked a runbook that named a dashboard which no longer exists.
"""
BODY = RECORD.partition("\n")[2]
LOG = """\
# Drills

| Date | Scenario | Result | Notes |
|------|----------|--------|-------|
| 2026-10-14 | Failover of the database | Passed after 4 minutes | The alert fired late, the replica lagged |
| 2025-03-01 | Restore from backup | Failed | The key was missing in the vault |
"""
DATED = {
    "in the heading": {"docs/game-days/provider.md": RECORD},
    "in the file's name": {"docs/gameday-2026-10-14.md": f"# Provider outage\n{BODY}"},
    "packed in the file's name": {"docs/game-days/20261014-provider.md": f"# Provider outage\n{BODY}"},
    "in the front matter": {
        "docs/drills/provider.md": f"---\ntitle: Drill of the provider\ndate: 2026-10-14\n---\n{BODY}"
    },
    "in a label": {"docs/dr-drill.md": f"# DR drill\n\n**Date:** October 14, 2026\n{BODY}"},
    "in a table of two cells": {
        "docs/dr-test.md": f"# Disaster recovery test\n\n| Field | Value |\n|---|---|\n| Date | 14 Oct 2026 |\n{BODY}"
    },
    "in a section of a log": {
        "docs/game-days.md": f"# Game days\n\n## 2026-10-14 Provider outage\n{BODY.replace('## ', '### ')}\n## 2025-01-10 Old one\n### Scenario\nThe database fails over.\n### Findings\nIt took too long to notice the outage.\n"
    },
    "in a row of a log": {"docs/drills.md": LOG},
    "in a section of another document": {
        "docs/operations.md": f"# Operations\n\nHow we run it.\n\n## Game day 2026-10-14\n{BODY.replace('## ', '### ')}"
    },
    "in a point of a list": {
        "docs/game-day.md": "# Game day report: the probe fails\n\n- Date: 2026-10-14\n- Scenario: the probe calls a host that is not there\n\n## What happened\nThe alert fired after 15 seconds, nobody was on call.\n"
    },
    "in a row of two cells, findings in a table": {
        "docs/dr-drill-report.md": "# DR drill report\n\n| Field | Value |\n|---|---|\n| **Drill Date** | 2026-10-14 |\n| **Drill Type** | Failover without notice |\n\n## Gaps\n\n| # | Gap | Owner |\n|---|---|---|\n| 1 | Step 4 of the runbook is wrong | Jamie |\n"
    },
    "in AsciiDoc": {
        "docs/game-days/provider.adoc": "= Game day\n\nDate: 2026-10-14\n\n== Scenario\nThe provider is down for an hour.\n\n== Observations\nThe alert came late, the fallback failed.\n"
    },
    "in YAML": {
        "docs/game-days/provider.yaml": "date: 2026-10-14\nscenario: The provider hangs for ten minutes\nfindings:\n  - the breaker opened late\n"
    },
    "in JSON": {
        "evidence/drills/DRILL-7.json": json.dumps(
            {"date": "2026-10-14", "scenario": "Rollback of a deployment", "runbook_gaps_found": ["no canary gate"]}
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("where", DATED)
def test_a_recent_game_day_passes_wherever_its_date_stands(where: str, tree: Tree) -> None:
    result = judge(tree(DATED[where]))
    assert result.status == "pass", result.message
    assert result.valid_until == date(2026, 10, 14) + timedelta(180)
    assert {e.note.partition(":")[0] for e in result.evidence} == {"scenario", "findings"}
    assert all(e.line for e in result.evidence)


LANGUAGES = {
    "de": "# Notfallübung\n\nDatum: 14.10.2026\n\n## Szenario\nDie Datenbank fällt aus, der Dienst ist nicht erreichbar.\n\n## Erkenntnisse\nDer Alarm kam zu spät, das Runbook war veraltet.\n",
    "fr": "# Exercice de crise\n\nDate : 14/10/2026\n\n## Scénario\nLa base de données est indisponible pendant une heure.\n\n## Constats\nL'alerte est arrivée trop tard, la bascule a échoué.\n",
    "es": "# Simulacro\n\nFecha: 14/10/2026\n\n## Escenario\nLa base de datos no está disponible durante una hora.\n\n## Hallazgos\nLa alerta llegó tarde y el error no se registró.\n",
    "pt": "# Simulado\n\nData: 14/10/2026\n\n## Cenário\nO banco de dados fica indisponível por uma hora.\n\n## Aprendizados\nO alerta chegou tarde e a falha não foi registrada.\n",
    "nl": "# Uitwijktest\n\nDatum: 14-10-2026\n\n## Scenario\nDe database is een uur onbereikbaar, de dienst valt uit.\n\n## Bevindingen\nDe alarmering kwam te laat, de storing bleef onopgemerkt.\n",
    "ru": "# Учения\n\nДата: 14.10.2026\n\n## Сценарий\nБаза данных недоступна, сервис отвечает ошибками.\n\n## Выводы\nАлерт пришёл поздно, сбой заметили пользователи.\n",
    "ja": "# 障害訓練\n\n実施日: 2026年10月14日\n\n## シナリオ\nデータベースが停止し、サービスでエラーが発生する。\n\n## 気づき\nアラートの検知が遅れ、障害の復旧に時間がかかった。\n",
    "zh": "# 故障演练\n\n日期：2026-10-14\n\n## 场景\n数据库故障，服务不可用。\n\n## 发现\n告警延迟，恢复时间过长。\n",
    "ko": "# 장애 훈련\n\n날짜: 2026-10-14\n\n## 시나리오\n데이터베이스 장애로 서비스가 중단된다.\n\n## 교훈\n알림이 늦게 도착했고 복구가 오래 걸렸다.\n",
}  # fmt: skip
NAMES = {"de": "notfallübung", "fr": "exercice-de-crise", "es": "simulacro", "pt": "simulado", "nl": "oefening",
         "ru": "учения", "ja": "障害訓練", "zh": "演练", "ko": "모의훈련"}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_game_day_in_another_language_passes(language: str, tree: Tree) -> None:
    assert judge(tree({f"docs/{NAMES[language]}.md": LANGUAGES[language]})).status == "pass"


def test_the_newest_one_decides_and_is_named_first(tree: Tree) -> None:
    files = {"docs/game-days/a.md": RECORD.replace("2026-10-14", "2026-07-01"), "docs/game-days/b.md": RECORD}
    result = judge(tree(files))
    assert result.status == "pass"
    assert result.evidence[0].path == "docs/game-days/b.md"
    assert result.valid_until == date(2026, 10, 14) + timedelta(180)


def test_the_last_day_counts_and_the_next_one_does_not(tree: Tree) -> None:
    snapshot = tree({"docs/game-days/a.md": RECORD})
    ends = date(2026, 10, 14) + timedelta(180)
    assert judge(snapshot, facts=Facts(ends)).status == "pass"
    late = judge(snapshot, facts=Facts(ends + timedelta(1)))
    assert late.status == "partial"
    assert "more than 180" in late.message
    assert judge(snapshot, days=30).status == "partial"


WEAK = {
    "an old one": {"docs/game-days/a.md": RECORD.replace("2026-10-14", "2025-10-14")},
    "no date": {"docs/game-days/a.md": RECORD.replace(" 2026-10-14", "")},
    "no findings": {"docs/game-days/2026-10-14.md": RECORD.partition("## Findings")[0]},
    "a date to come": {"docs/game-days/a.md": RECORD.replace("2026-10-14", "2027-02-01")},
    "a state that says planned": {"docs/game-days/a.md": RECORD.replace("\n\n## Sc", "\n\n**Status:** planned\n\n## Sc")},
    "a row that is planned": {
        "docs/drills.md": LOG.partition("| 2026")[0] + "| Planned: 2027-01-01 | Failover of the database | — | Not yet conducted |\n"
    },
    "a row whose state is planned": {
        "docs/ops.md": "# Operations\n\n## Failover drills\n\n| Date | Test Type | Status | Notes |\n|---|---|---|---|\n| 2026-09-15 | Failover of the region | Scheduled | the team of payments joins us |\n"
    },
    "results to be filled in": {
        "docs/game-days/2026-10-14.md": RECORD.partition("## Findings")[0] + "## Results\n\n| Metric | Observed |\n|---|---|\n| Error rate of the gateway | TBD |\n"
    },
    "predictions only": {
        "docs/game-days/2026-10-14.md": RECORD.partition("## Findings")[0] + "**What would be a surprise:** the other replicas fail too.\n"
    },
    "a log that tells no findings apart": {
        "docs/restore-test-log.md": "# Restore test log\n\n## 2026-10-14\n\nRestored the nightly dump into staging.\n\n- Took 42 minutes.\n\n## 2026-06-01\n\nRestored to staging.\n"
    },
    "a plan": {
        "docs/game-day-plan.md": "# Game day plan\n\n## Scenarios\n- The database fails over while users pay.\n- The queue is down.\n\n## Steps\n1. Stop the replica\n"
    },
}  # fmt: skip


@pytest.mark.parametrize("name", WEAK)
def test_a_plan_or_half_a_record_is_weak(name: str, tree: Tree) -> None:
    result = judge(tree(WEAK[name]))
    assert result.status == "partial", result.message
    assert result.evidence[0].path in result.fix


def test_a_record_dated_ahead_counts_from_its_day_on(tree: Tree) -> None:
    assert judge(tree(WEAK["a date to come"])).valid_until == date(2027, 1, 31)


def test_a_record_of_this_month_has_been_held(tree: Tree) -> None:
    assert judge(tree({"docs/game-days/2026-11/provider.md": f"# Game day\n{BODY}"})).status == "pass"


NONE = {
    "nothing": {"README.md": "# Payments\n"},
    "a template": {
        "docs/game-days/template.md": "# Game day: [name]\n\n**Date:** YYYY-MM-DD\n\n## Scenario\n[describe the failure]\n\n## Findings\n- [finding]\n"
    },
    "headings only": {"docs/game-days/2026-10-14.md": "# Game day\n\n## Scenario\n\n## Findings\nTBD\n"},
    "a guide": {
        "docs/game-day-guide.md": "# Game day guide\n\nWhy we practise failures and outages, and who decides.\n\n## Roles\nA facilitator leads, the on-call engineer responds to alerts.\n"
    },
    "a page that tells what a game day is": {
        "docs/practices/game-days.md": "# Game days: failures of the database are practised twice a year\n\n## What counts\nA record with its date. A failover that nobody wrote down was none.\n\n## Why\nA fallback that nobody tried works by chance.\n"
    },
    "a match": {
        "docs/gameday.md": "# Gameday 2026-10-14\n\n## Scenario\nHome team plays at seven.\n\n## Results\nTwo to one, a late goal decided it.\n"
    },
    "a drill-down": {"docs/drill-down.md": "# Drill-down\n\n## Scenario\nOpen the dashboard.\n\n## Results\nErrors by service.\n"},
    "an agent's command": {".cursor/commands/incident-drill.md": RECORD},
    "an example": {"examples/game-days/a.md": RECORD},
    "a test's data": {"tests/game-days/a.md": RECORD},
    "a dashboard of a game day's panel": {"docs/game-days/a.json": '{"panels": [{"title": "failures", "type": "graph"}]}'},
}  # fmt: skip


@pytest.mark.parametrize("name", NONE)
def test_what_records_no_exercise_fails(name: str, tree: Tree) -> None:
    result = judge(tree(NONE[name]))
    assert result.status == "fail", result.message
    assert "docs/game-days/2026-11-24.md" in result.fix


def test_a_record_that_is_no_text_is_unknown(tree: Tree) -> None:
    result = judge(tree({"docs/game-days/2026-10-14.pdf": "%PDF"}))
    assert result.status == "unknown"
    assert "as text" in result.fix


def test_a_neighbours_game_day_does_not_count(tree: Tree) -> None:
    own = {"services/payments/a.py": "", "services/cart/a.py": ""}
    result = judge(tree({**own, "services/cart/docs/game-days/a.md": RECORD}), AMONG)
    assert result.status == "fail"
    shared = {**own, "docs/game-days/a.md": RECORD.replace("provider", "cart")}
    result = judge(tree(shared), AMONG)
    assert result.status == "fail"
    assert result.not_counted[0].why == "of another service"


def test_a_shared_game_day_counts_for_whom_it_names_and_for_all(tree: Tree) -> None:
    own = {"services/payments/a.py": "", "services/cart/a.py": ""}
    assert judge(tree({**own, "docs/game-days/a.md": RECORD}), AMONG).status == "pass"
    named = RECORD.replace("The provider answers", "In payments and cart the provider answers")
    assert judge(tree({**own, "docs/game-days/a.md": named}), AMONG).status == "pass"


def test_a_named_repository_is_read_too(tree: Tree) -> None:
    other = tree({"payments/game-days/a.md": RECORD})
    service = Service(ALONE.ref, "service", annotations={"handrail.dev/evidence": "acme/ops:payments"})
    found = judge(tree({"a.py": ""}), service, Facts(TODAY, repositories={"acme/ops": other}))
    assert found.status == "pass"
    assert found.evidence[0].path == "acme/ops:payments/game-days/a.md"
    assert judge(tree({"a.py": ""}), service).status == "unknown"


HOSTILE = {
    "huge": {"docs/game-days/a.md": RECORD + "| a | b |\n" * 100_000},
    "a table without end": {"docs/drills.md": "# Drills\n|" + " Date | Scenario | Result |" * 3000 + "\n|---|\n| 2026-13-45 | | |\n"},
    "wrong types": {"docs/game-days/a.yaml": "- date: [1]\n  scenario: {a: null}\n  findings: 3\n- null\n- date: 2026-10-14\n"},
    "broken": {"docs/game-days/a.json": '{"date": "2026-10-14", "scenario": ', "docs/game-days/b.html": "<h1>Game day<table><tr>"},
    "impossible dates": {"docs/game-days/2026-99-99.md": RECORD.replace("2026-10-14", "0000-00-00")},
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_raise_nothing(name: str, tree: Tree) -> None:
    assert judge(tree(HOSTILE[name])).status in ("fail", "partial", "pass")


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["# Game day", "## Scenario", "## Findings", "Date: 2026-10-14", "| Date | Scenario | Result |", "|---|---|---|",
             "| 2026-10-14 | x | y |", "the outage failed", "```", "- [ ] x", "**Status:** planned", "", "---", "Date:", "::"]
        )
        | st.text(max_size=30),
        max_size=25,
    )
)  # fmt: skip
def test_any_text_is_read_without_raising(tree: Tree, lines: list[str]) -> None:
    text = "\n".join(lines)
    result = judge(tree({"docs/game-days/a.md": text, "docs/drills.rst": text, "b.md": f"# drill\n{text}"}))
    assert result.status in ("fail", "partial", "pass")
