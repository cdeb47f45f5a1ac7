"""What leads from a failure to somebody who answers, and what only looks like it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.discovery import discover
from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from catalog.trees.folder import FolderTree
from scorecards.checks import escalation_known
from scorecards.facts import Facts
from scorecards.result import Result

Tree = Callable[[dict[str, str]], Snapshot]
FACTS = Facts(date(2026, 11, 24))
ALONE = Service(Ref("component", "default", "payments"), "service")
AMONG = Service(
    Ref("component", "default", "payments"), "service", "services/payments", neighbours=("services/cart",)
)


def judge(snapshot: Snapshot, service: Service = ALONE) -> Result:
    return escalation_known.evaluate(snapshot, service, FACTS, {})


def told(tree: Tree, text: str, path: str = "docs/runbook.md") -> Result:
    return judge(tree({path: dedent(text)}))


def described(tree: Tree, text: str, path: str = "catalog-info.yaml") -> Result:
    """Judge a service as its descriptor declares it."""
    snapshot = tree({path: dedent(text)})
    (service,) = discover(snapshot).services
    return judge(snapshot, service)


COMPONENT = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: payments
  MORE
spec: {type: service, lifecycle: production, owner: group:default/payments}
"""


@pytest.mark.parametrize(
    "more",
    [
        "annotations: {pagerduty.com/service-id: PX3K7QD}",
        "annotations: {pagerduty.com/integration-key: 3f2a9c}",
        'annotations: {opsgenie.com/component-selector: "tag:payments"}',
        "annotations: {victorops.com/team: payments}",
        "annotations: {grafana-oncall/schedule: payments}",
        "links: [{url: 'https://acme.pagerduty.com/services/PX3K7QD', title: Pager}]",
        "links: [{url: 'https://rota.acme.io/payments', title: On-call rota}]",
        "links: [{url: 'mailto:payments-oncall@acme.io', title: on call}]",
    ],
)
def test_a_pager_in_the_descriptor_passes(tree: Tree, more: str) -> None:
    result = described(tree, COMPONENT.replace("MORE", more))
    assert result.status == "pass", result
    assert (result.evidence[0].path, result.evidence[0].line) == ("catalog-info.yaml", 5)


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ("links: [{url: 'https://acme.slack.com/archives/C1', title: chat}]", "partial"),
        ("annotations: {slack.com/channel: payments}", "partial"),
        ("annotations: {pagerduty.com/service-id: TODO}", "fail"),
        ('annotations: {pagerduty.com/service-id: "<id>"}', "fail"),
        ("annotations: {pagerduty.com/service-id: your-service-id}", "fail"),
        ("links: [{url: 'https://google.com', title: PagerDuty}]", "fail"),
    ],
)
def test_a_chat_alone_is_weak_and_a_placeholder_is_nothing(tree: Tree, more: str, status: str) -> None:
    assert described(tree, COMPONENT.replace("MORE", more)).status == status


def test_contacts_of_other_descriptors_count(tree: Tree) -> None:
    datadog = "schema-version: v2.2\ndd-service: payments\ncontacts:\n- {type: KIND, contact: WHOM}\n"
    mail = datadog.replace("KIND", "email").replace("WHOM", "payments@acme.io")
    chat = datadog.replace("KIND", "slack").replace("WHOM", "https://acme.slack.com/archives/C1")
    assert described(tree, mail, "service.datadog.yaml").status == "pass"
    assert described(tree, chat, "service.datadog.yaml").status == "partial"


ALERTMANAGER = """\
route: {receiver: payments}
receivers:
  - name: payments
    MEANS
"""


@pytest.mark.parametrize(
    ("means", "status"),
    [
        ("pagerduty_configs: [{routing_key_file: /etc/key}]", "pass"),
        ("opsgenie_configs: [{api_key: $KEY}]", "pass"),
        ("slack_configs: [{api_url_file: /etc/url, channel: '#payments'}]", "partial"),
        ("email_configs: [{to: payments@acme.io}]", "partial"),
        ("pagerduty_configs: [{service_key: YOUR_KEY}]", "fail"),
        ("pagerduty_configs: []", "fail"),
    ],
)
def test_where_alertmanager_sends_alerts_counts(tree: Tree, means: str, status: str) -> None:
    result = told(tree, ALERTMANAGER.replace("MEANS", means), "monitoring/alertmanager.yml")
    assert result.status == status, result


def test_pagers_as_terraform_and_in_alerts_count(tree: Tree) -> None:
    policy = 'resource "pagerduty_escalation_policy" "payments" {\n  name = "payments"\n}\n'
    assert told(tree, policy, "infra/pager.tf").status == "pass"
    monitor = (
        'resource "datadog_monitor" "down" {\n  name = "payments down"\n  type = "query alert"\n'
        '  query = "avg(last_5m):sum:requests{service:payments} < 1"\n  message = "Down WHO"\n}\n'
    )
    assert told(tree, monitor.replace("WHO", "@pagerduty-payments"), "infra/monitors.tf").status == "pass"
    assert told(tree, monitor.replace("WHO", "@slack-payments"), "infra/monitors.tf").status == "partial"


SOUND = {
    "a table": """\
        # Escalation: payments
        | When | Who | How |
        |---|---|---|
        | at once | on-call of payments | PagerDuty |
        | no answer in 15 minutes | head of payments | +49 30 1234567 |
        """,
    "a section of the runbook": """\
        # Runbook: payments
        ## Escalation
        1. The payments team, oncall@acme.io.
        2. After 15 minutes the engineering manager, by telephone.
        """,
    "contacts in a runbook": """\
        # Runbook: payments
        ## Contacts
        - Platform team: #platform-oncall in Slack, platform@acme.io
        """,
    "a sentence": """\
        # Runbook: payments
        ## Database down
        If the alert persists, escalate to the database team in #db-oncall.
        """,
    "a link to the pager": """\
        # Runbook: payments
        Page us at https://acme.pagerduty.com/services/PX3K7QD.
        """,
    "a link to the rota": """\
        # Runbook: payments
        The [on-call schedule](https://rota.acme.io/payments) says who answers.
        """,
    "de": "# Betrieb\n## Eskalation\nBei Störung: Rufbereitschaft, Telefon +49 30 1234567.\n",
    "fr": "# Exploitation\n## Astreinte\nIncident : équipe paiements, téléphone +33 1 23 45 67 89.\n",
    "es": "# Operaciones\n## Escalamiento\nAnte un incidente: equipo de guardia, guardia@acme.io.\n",
    "pt": "# Runbook\n## Escalonamento\nIncidente: equipe de plantão, plantao@acme.io.\n",
    "it": "# Runbook\n## Reperibilità\nIn caso di guasto: il team reperibile, telefono +39 06 1234567.\n",
    "nl": "# Runbook\n## Escalatie\nBij een storing: het team met piketdienst, telefoon +31 20 1234567.\n",
    "pl": "# Runbook\n## Eskalacja\nAwaria: dyżurny zespołu, telefon +48 22 123 45 67.\n",
    "ru": "# Runbook\n## Эскалация\nПри инциденте: дежурная команда, телефон +7 495 123 45 67.\n",
    "ja": "# 運用手順\n## エスカレーション\n障害時は決済チームの当番に電話 03-1234-5678 で連絡する。\n",
    "zh": "# 运维手册\n## 升级流程\n故障时联系支付团队值班工程师，电话 010-1234-5678。\n",
    "ko": "# 런북\n## 에스컬레이션\n장애 시 결제 팀 당직자에게 전화 02-123-4567.\n",
}


@pytest.mark.parametrize("name", SOUND)
def test_a_team_and_a_means_pass_in_every_form_and_language(tree: Tree, name: str) -> None:
    result = told(tree, SOUND[name])
    assert result.status == "pass", result


def test_what_a_real_company_would_do_reaches_nobody(tree: Tree) -> None:
    text = "# Errors\n## Escalation\nPage the platform team. In a real org this routes through PagerDuty.\n"
    assert told(tree, text).status == "partial"


def test_the_readme_may_say_it_too(tree: Tree) -> None:
    text = "# payments\n## Escalation\nFor an outage page the payments team: payments-oncall@acme.io.\n"
    assert told(tree, text, "README.md").status == "pass"


WEAK = {
    "a person": ("Ask Ada Byron.", "person"),
    "a handle": ("Ask @ada.", "person"),
    "a chat": ("Post in Slack.", "chat"),
    "the team's chat": ("Post in the team Discord channel.", "chat"),
    "a team": ("Escalate to the on-call engineer, then to the engineering lead.", "team"),
}


@pytest.mark.parametrize("name", WEAK)
def test_half_a_route_is_weak(tree: Tree, name: str) -> None:
    text, what = WEAK[name]
    result = told(tree, f"# Runbook: payments\n## Escalation\n{text}\n")
    assert (result.status, what in result.message) == ("partial", True), result
    assert "docs/runbook.md" in result.fix


NOTHING = {
    "nothing": {"README.md": "# payments\nTakes payments.\n"},
    "placeholders": {
        "docs/runbook.md": "# Runbook\n## On-call\n- **Primary**: [Name] - [Phone]\n- Manager: TBD\n"
    },
    "a roster to be filled in": {
        "docs/oncall.md": "# On-call\n| Role | Who |\n|---|---|\n| Primary | TBD |\n| Backup | @tbd |\n"
    },
    "a heading": {"docs/runbook.md": "# Runbook\n## Escalation\n"},
    "nobody": {"docs/runbook.md": "# Runbook\n## Escalation\nFreeze the load and take screenshots.\n"},
    "a template": {"docs/escalation-template.md": SOUND["a table"]},
    "privileges": {
        "docs/hardening.md": "# Privilege escalation\nThe team must not page as root, ops@acme.io.\n"
    },
    "disagreements": {
        "docs/strategy.md": "# Strategy\n## Disagreement escalation\nThe lead, #design-team.\n"
    },
    "tickets": {"docs/features/escalation.md": "# Escalation\nTickets go to the support, mail@acme.io.\n"},
    "a design": {
        "docs/design-documents/x.md": "# Escalation on timeout\nThe worker calls the owner, alert #later.\n"
    },
    "contacts for users": {"README.md": "# payments\n## Contact\nThe team is in Slack, #payments.\n"},
    "instructions for agents": {"agents/ops.md": SOUND["a table"], "AGENTS.md": SOUND["a table"]},
    "security reports": {"SECURITY.md": "# Security\n## Contact\nsecurity@acme.io, the on-call team.\n"},
    "a feature list": {"README.md": "# payments\n- PagerDuty integration\n- on-call schedules\n"},
    "a tool's page": {"docs/runbook.md": "# Runbook\nSee https://www.pagerduty.com/docs/guides for more.\n"},
    "yet to be": {"docs/runbook.md": "# Runbook\n## Escalation\n- [ ] PagerDuty for the payments team\n"},
}  # fmt: skip


@pytest.mark.parametrize("name", NOTHING)
def test_what_names_no_route_fails(tree: Tree, name: str) -> None:
    result = judge(tree({path: dedent(text) for path, text in NOTHING[name].items()}))
    assert result.status == "fail", result
    assert "payments" in result.fix


def test_what_was_looked_at_and_is_hollow_is_said(tree: Tree) -> None:
    result = judge(tree(NOTHING["placeholders"]))
    assert [(n.path, n.line) for n in result.not_counted] == [("docs/runbook.md", 2)]


def test_a_policy_behind_a_link_is_unknown(tree: Tree) -> None:
    result = told(tree, "# Runbook\n## Escalation\nSee [the policy](https://wiki.acme.io/policy).\n")
    assert result.status == "unknown", result


def test_a_neighbours_route_does_not_count_and_a_shared_one_does(tree: Tree) -> None:
    route = dedent(SOUND["a table"])
    assert judge(tree({"services/cart/docs/escalation.md": route}), AMONG).status == "fail"
    assert judge(tree({"docs/escalation.md": route}), AMONG).status == "pass"
    assert judge(tree({"docs/escalation.md": route.replace("payments", "cart")}), AMONG).status == "fail"
    pager = ALERTMANAGER.replace("MEANS", "pagerduty_configs: [{routing_key_file: /etc/key}]")
    assert judge(tree({"services/cart/alertmanager.yml": pager}), AMONG).status == "fail"
    assert judge(tree({"monitoring/alertmanager.yml": pager}), AMONG).status == "pass"


def test_a_route_in_the_repository_that_the_descriptor_names_counts(tree: Tree, tmp_path: Path) -> None:
    (tmp_path / "sre" / "docs").mkdir(parents=True)
    (tmp_path / "sre" / "docs" / "escalation.md").write_text(dedent(SOUND["a table"]), "utf-8")
    there = Snapshot(FolderTree(tmp_path / "sre", None), "sre")
    service = replace(ALONE, annotations={"handrail.dev/evidence": "sre:docs"})
    facts = Facts(date(2026, 11, 24), repositories={"sre": there})
    assert escalation_known.evaluate(tree({}), service, facts, {}).status == "pass"
    assert escalation_known.evaluate(tree({}), service, FACTS, {}).status == "unknown"


def test_the_start_is_hollow(tree: Tree) -> None:
    begun = escalation_known.start(tree({}), ALONE, judge(tree({})))
    assert begun is not None
    assert judge(tree({begun.path: begun.text})).status == "fail"


LINES = [
    *"\n".join(dedent(text) for text in SOUND.values()).split("\n"),
    *("| |", "## ", "](", "@", "tel:", "[x](y)", "```", "- [ ]"),
]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(LINES)))
def test_no_arrangement_of_lines_breaks_it(tree: Tree, lines: list[str]) -> None:
    text = "\n".join(lines)
    judge(tree({"docs/runbook.md": text, "README.md": text, "alertmanager.yml": text, "x.tf": text}))


def test_a_huge_document_takes_little_time(tree: Tree) -> None:
    text = (
        dedent(SOUND["a table"])
        + "+49 " * 50_000
        + "\n"
        + "| a@b | #x |\n" * 20_000
        + "escalate to " * 20_000
    )
    assert told(tree, text).status == "pass"
