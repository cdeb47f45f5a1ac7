"""What settles the consequence of a spent error budget, and what only names one."""

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
from scorecards.checks import error_budget_policy
from scorecards.facts import Facts
from scorecards.result import Result

Tree = Callable[[dict[str, str]], Snapshot]
FACTS = Facts(date(2026, 11, 24))
ALONE = Service(Ref("component", "default", "payments"), "service")
AMONG = Service(
    Ref("component", "default", "payments"), "service", "services/payments", neighbours=("services/cart",)
)

POLICY = """\
# Error budget policy: payments

The objective is 99.9 % over 30 days; the error budget is 0.1 %, 43 minutes.

- Half of it consumed: the next sprint begins with the causes.
- All of it consumed: releases are frozen, but for repairs and security updates.

The head of payments decides on exceptions, together with whoever is on call.
"""


def judge(snapshot: Snapshot, service: Service = ALONE) -> Result:
    return error_budget_policy.evaluate(snapshot, service, FACTS, {})


def told(tree: Tree, text: str, path: str = "docs/slo.md") -> Result:
    return judge(tree({path: dedent(text)}))


def test_a_policy_with_consequence_and_who_decides_passes_and_shows_both(tree: Tree) -> None:
    result = told(tree, POLICY, "docs/error-budget-policy.md")
    assert result.status == "pass"
    assert [(e.path, e.line) for e in result.evidence] == [
        ("docs/error-budget-policy.md", 6),
        ("docs/error-budget-policy.md", 8),
    ]


SOUND = {
    "a section with the objectives": """\
        # Objectives
        ## Availability
        99.9 % over 30 days.
        ## When the error budget is spent
        1. Feature releases are paused.
        2. The payments team lead decides on exceptions.
        """,
    "a table": """\
        # SLO
        ## Error budget policy
        | Budget consumed | What happens | Who decides |
        |---|---|---|
        | 50 % | review in the weekly meeting | payments team |
        | 100 % | deployment freeze | VP Engineering |
        """,
    "nothing but repairs": """\
        # Error budget policy
        While the budget is spent, nothing is released but what restores it. The maintainer on call
        decides that it is spent, and that it is over.
        """,
    "a table of what is spent": """\
        # Error budget
        | budget spent | what happens |
        |---|---|
        | less than half | releases at the team's own pace |
        | all of it | no releases but fixes |

        The engineering lead declares the freeze and ends it.
        """,
    "levels below each other": """\
        # Error budget policy
        ### Level 3: critical (80-100 % consumed)
        - **Deployments**: frozen, emergencies need the approval of the incident commander.
        """,
    "a document with an owner": """\
        # Error budget policy
        **Owner:** SRE team
        If the error budget is exhausted, all feature releases stop until it recovers.
        """,
    "wrapped lines": """\
        # Objectives
        When the error budget of a month is exhausted, we freeze
        all releases but repairs until it is positive
        again. Exceptions are approved by @shop/payments-leads.
        """,
    "de": """\
        # Fehlerbudget
        Ist das Fehlerbudget aufgebraucht, werden neue Releases gestoppt.
        Über Ausnahmen entscheidet die Teamleitung.
        """,
    "fr": """\
        # Budget d'erreur
        Quand le budget d'erreur est épuisé, les déploiements sont gelés.
        Le responsable de l'équipe décide des exceptions.
        """,
    "es": """\
        # Presupuesto de error
        Si el presupuesto de error se agota, se congelan los despliegues.
        El líder del equipo aprueba las excepciones.
        """,
    "pt": """\
        # Orçamento de erro
        Quando o orçamento de erro se esgota, os lançamentos são congelados.
        O gerente da equipe decide sobre exceções.
        """,
    "it": """\
        # Budget di errore
        Se il budget di errore è esaurito, i rilasci sono sospesi.
        Il responsabile del team decide sulle eccezioni.
        """,
    "nl": """\
        # Error budget
        Is het error budget opgebruikt, dan worden releases bevroren.
        De teamleider beslist over uitzonderingen.
        """,
    "pl": """\
        # Budżet błędów
        Gdy budżet błędów zostanie wyczerpany, wdrożenia są wstrzymane.
        O wyjątkach decyduje kierownik zespołu.
        """,
    "ru": """\
        # Бюджет ошибок
        Если бюджет ошибок исчерпан, релизы останавливаются.
        Об исключениях решает руководитель команды.
        """,
    "ja": """\
        # エラーバジェットポリシー
        エラーバジェットが枯渇した場合、新機能のリリースを凍結する。
        例外は開発部長が承認する。
        """,
    "zh": """\
        # 错误预算
        错误预算耗尽时，暂停所有功能发布。
        例外由技术负责人批准。
        """,
    "ko": """\
        # 에러 버짓
        에러 버짓이 소진되면 기능 배포를 중단한다.
        예외는 팀장이 승인한다.
        """,
}


@pytest.mark.parametrize("name", SOUND)
def test_a_policy_passes_in_every_form_and_language(tree: Tree, name: str) -> None:
    result = told(tree, SOUND[name])
    assert result.status == "pass", result


WEAK = {
    "no one decides": ("When the error budget is spent, releases are frozen.", "not who decides"),
    "a number": ("Error budget: 0.1 % of requests, 43 minutes a month.", "how large"),
    "a column of numbers": (
        "| SLO | Target | Error budget |\n|---|---|---|\n| availability | 99.9 % | 43 minutes |\n",
        "how large",
    ),
    "an explanation of why": (
        "The error budget is 0.1 %. Error budgets help teams decide between features and reliability.",
        "how large",
    ),
    "alerts on a burn": (
        "The error budget is 0.1 %. When it burns 14 times too fast, the on-call SRE is paged.",
        "how large",
    ),
}


@pytest.mark.parametrize("name", WEAK)
def test_a_rule_without_a_judge_and_a_number_without_a_rule_are_weak(tree: Tree, name: str) -> None:
    text, why = WEAK[name]
    result = told(tree, f"# Objectives\n\n{text}\n")
    assert result.status == "partial"
    assert why in result.message
    assert "docs/slo.md" in result.fix


NOTHING = {
    "a target": "# SLO\nAvailability is 99.9 % over 30 days.\n",
    "the word": "# payments\nDashboards, tracing and SLOs with error budgets.\n",
    "hollow": "# Error budget policy\n\n## When spent\nTODO: freeze releases?\n\n## Who decides\n<role>\n",
    "a plan": "# SLO\n## Roadmap\nWhen the error budget is spent, block deployments. The SRE lead decides.\n",
    "a question": "# SLO\n## Open\nShall the team lead freeze releases when the error budget is exhausted?\n",
    "a story": "# SLO\nThe error budget was exhausted in May; we froze releases, the SRE lead decided.\n",
}  # fmt: skip


@pytest.mark.parametrize("name", NOTHING)
def test_what_sets_no_rule_fails(tree: Tree, name: str) -> None:
    result = told(tree, NOTHING[name])
    assert result.status == "fail", result
    assert "docs/error-budget-policy.md" in result.fix


@pytest.mark.parametrize(
    "path",
    [
        "CASE_STUDY.md",
        "docs/postmortems/2026-05-12.md",
        "docs/roadmap.md",
        "docs/tutorials/slo.md",
        "docs/templates/error-budget-policy.md",
        "agents/sre.md",
        ".claude/skills/slo.md",
        "examples/policy.md",
        "CHANGELOG.md",
        "docs/archive/policy.md",
    ],
)
def test_documents_of_another_purpose_do_not_count_and_it_is_said_why(tree: Tree, path: str) -> None:
    result = told(tree, POLICY, path)
    assert result.status == "fail"
    assert [n.path for n in result.not_counted] == [path]


def test_a_case_study_is_known_by_its_title_too(tree: Tree) -> None:
    text = POLICY.replace("# Error budget policy: payments", "# Case study: payments")
    assert told(tree, text, "docs/payments.md").status == "fail"


DEPLOY = """\
on: {push: {branches: [main]}}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - name: Error budget
        GATE
      - run: kubectl apply -f k8s/
"""
QUERY = (
    'run: |\n          left=$(curl -s "$PROM/api/v1/query?query=slo:error_budget_remaining" | jq -r .value)\n'
    '          [ "$left" -gt 0 ] || exit 1'
)


def gate(tree: Tree, step: str, more: dict[str, str] | None = None) -> Result:
    workflow = DEPLOY.replace("GATE", step)
    return judge(tree({".github/workflows/deploy.yml": workflow, **(more or {})}))


def test_a_gate_that_asks_for_the_budget_before_the_deployment_passes(tree: Tree) -> None:
    result = gate(tree, QUERY)
    assert result.status == "pass", result
    assert result.evidence[0].path == ".github/workflows/deploy.yml"


def test_a_gate_in_a_script_or_a_program_is_followed(tree: Tree) -> None:
    shell = (
        '#!/bin/sh\nleft=$(curl -s "$PROM/api/v1/query?query=error_budget")\n[ "$left" -gt 0 ] || exit 1\n'
    )
    assert gate(tree, "run: ./scripts/error-budget.sh", {"scripts/error-budget.sh": shell}).status == "pass"
    program = (
        "import sys, requests\n"
        "left = requests.get('http://prometheus/api/v1/query?query=error_budget')\n"
        "if not left: sys.exit(1)\n"
    )
    found = gate(tree, "run: python ci/error_budget.py", {"ci/error_budget.py": program})
    assert found.status == "pass", found


def test_an_action_named_for_it_tells_by_its_name(tree: Tree) -> None:
    assert gate(tree, "uses: shop/error-budget-gate@v1").status == "pass"


WEAK_GATES = {
    "changes nothing": f"continue-on-error: true\n        {QUERY}",
    "or true": QUERY.replace("exit 1", "true"),
}


@pytest.mark.parametrize("name", WEAK_GATES)
def test_a_gate_whose_failure_changes_nothing_is_weak(tree: Tree, name: str) -> None:
    result = gate(tree, WEAK_GATES[name])
    assert (result.status, "changes nothing" in result.message) == ("partial", True), result


def test_a_gate_before_no_deployment_is_weak(tree: Tree) -> None:
    workflow = (
        DEPLOY.replace("GATE", QUERY).replace("kubectl apply -f k8s/", "make lint").replace("deploy", "ci")
    )
    result = judge(tree({".github/workflows/ci.yml": workflow}))
    assert (result.status, "nothing is deployed" in result.message) == ("partial", True), result


def test_a_gate_on_the_objective_in_general_is_weak(tree: Tree) -> None:
    workflow = DEPLOY.replace("Error budget", "SLO gate").replace(
        "GATE", "run: keptn trigger evaluation --service payments"
    )
    assert judge(tree({".github/workflows/deploy.yml": workflow})).status == "partial"


def test_a_gate_that_only_prints_is_none(tree: Tree) -> None:
    result = gate(tree, 'run: echo "error budget ok"')
    assert result.status == "fail"


def test_settings_in_yaml_are_read(tree: Tree) -> None:
    text = """\
    slo:
      target: 99.9
      error_budget_policy:
        approvers: [payments lead, VP Engineering]
        exhausted:
          action: freeze feature deployments
    """
    assert told(tree, text, "slo.yaml").status == "pass"
    assert told(tree, "sla:\n  availability: 99.5\n  error_budget: 0.5\n", "nfr.yaml").status == "partial"
    assert told(tree, "error_budget_policy: {a: [}\n", "slo.yaml").status == "fail"


def test_a_policy_behind_a_link_is_unknown_and_a_book_about_them_is_none(tree: Tree) -> None:
    there = "# SLO\nSee the [error budget policy](https://wiki.shop.test/error-budget-policy).\n"
    result = told(tree, there)
    assert (result.status, "wiki.shop.test" in result.message) == ("unknown", True)
    book = "# SLO\nSee [error budget policy](https://sre.google/workbook/error-budget-policy/).\n"
    assert told(tree, book).status == "fail"


def test_a_neighbours_policy_does_not_count_and_a_shared_one_does(tree: Tree) -> None:
    assert judge(tree({"services/cart/docs/policy.md": POLICY}), AMONG).status == "fail"
    assert judge(tree({"docs/policy.md": POLICY}), AMONG).status == "pass"
    cart = POLICY.replace("payments", "cart")
    assert judge(tree({"docs/policy.md": cart}), AMONG).status == "fail"


def test_a_policy_in_the_repository_that_the_descriptor_names_counts(tree: Tree, tmp_path: Path) -> None:
    (tmp_path / "sre").mkdir()
    (tmp_path / "sre" / "policy.md").write_text(POLICY, "utf-8")
    there = Snapshot(FolderTree(tmp_path / "sre", None), "sre")
    service = replace(ALONE, annotations={"handrail.dev/evidence": "sre"})
    facts = Facts(date(2026, 11, 24), repositories={"sre": there})
    assert error_budget_policy.evaluate(tree({}), service, facts, {}).status == "pass"
    missing = error_budget_policy.evaluate(tree({}), service, FACTS, {})
    assert (missing.status, "sre" in missing.message) == ("unknown", True)


def test_the_fix_names_the_objective_there_is(tree: Tree) -> None:
    slo = """\
    version: prometheus/v1
    service: payments
    slos:
      - name: availability
        objective: 99.9
        sli:
          events:
            error_query: sum(rate(http_requests_total{code=~"5.."}[{{.window}}]))
            total_query: sum(rate(http_requests_total[{{.window}}]))
        alerting: {page_alert: {disable: true}, ticket_alert: {disable: true}}
    """
    result = judge(tree({"slo.yaml": dedent(slo)}))
    assert (result.status, "`availability`" in result.fix) == ("fail", True), result


def test_the_start_is_hollow(tree: Tree) -> None:
    begun = error_budget_policy.start(tree({}), ALONE, judge(tree({})))
    assert begun is not None
    assert judge(tree({begun.path: begun.text})).status == "fail"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(
            [*POLICY.split("\n"), "| error budget |", "|---|", "## spent", "budget:", "", ": :", "- "]
        )
    )
)
def test_no_arrangement_of_lines_breaks_it(tree: Tree, lines: list[str]) -> None:
    text = "\n".join(lines)
    judge(tree({"docs/slo.md": text, "slo.yaml": text, ".github/workflows/x.yml": text}))


def test_a_huge_document_takes_little_time(tree: Tree) -> None:
    text = POLICY + "error budget " * 30_000 + "\n" + "| 100 % | freeze |\n" * 20_000
    assert told(tree, text).status == "pass"
