"""Hollow records, policies and routes: what people write instead of doing it."""

# ruff: noqa: E501
from tests.scorecards.hollow.delivery import workflow
from tests.scorecards.hollow.documents import descriptor
from tests.scorecards.hollow.signals import openslo, rules

Files = dict[str, str]


def doc(path: str, *lines: str) -> Files:
    """A document of these lines."""
    return {path: "\n".join(lines) + "\n"}


ROLLOUT = "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: payments}\nspec:\n  strategy: {canary: {steps: STEPS}}\n"
ANALYSIS = "---\napiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {name: errors}\nspec: {metrics: METRICS}\n"
POSTMORTEM = (
    "# Postmortem: payments down on 2026-10-02",
    "",
    "## Impact",
    "",
    "{}",
    "",
    "## Timeline",
    "",
    "{}",
    "",
    "## Root cause",
    "",
    "{}",
    "",
    "## Action items",
    "",
    "{}",
)
NEEDS = "  dependsOn: [resource:default/payments-db]\n"


def postmortem(impact: str, timeline: str, cause: str, actions: str) -> dict[str, str]:
    """A record with these parts."""
    return {
        "docs/postmortems/2026-10-02.md": "\n".join(POSTMORTEM).format(impact, timeline, cause, actions)
        + "\n"
    }


CASES: dict[tuple[str, str], dict[str, str]] = {
    ("error-budget-policy", "headings only"): doc("docs/error-budget-policy.md", "# Error budget policy", "", "## When the budget is spent", "", "## Who decides"),
    ("error-budget-policy", "to do"): doc("docs/error-budget-policy.md", "# Error budget policy", "", "When the error budget is spent: TODO", "", "Who decides: TBD"),
    ("error-budget-policy", "a target"): openslo(),
    ("error-budget-policy", "the budget's size"): doc("docs/slo.md", "# Objectives", "", "The target is 99.9 % over 30 days, so the error budget is 43 minutes."),
    ("error-budget-policy", "placeholders"): doc("docs/error-budget-policy.md", "# Error budget policy", "", "When the error budget is spent, <what stops>. <role> decides."),
    ("error-budget-policy", "a template's instructions"): doc("docs/error-budget-policy.md", "# Error budget policy", "", "Describe what happens when the error budget is exhausted.", "Specify who decides on exceptions."),
    ("error-budget-policy", "nobody decides"): doc("docs/error-budget-policy.md", "# Error budget policy", "", "When the error budget is spent, releases are frozen."),
    ("error-budget-policy", "a comment"): doc("docs/error-budget-policy.md", "# Error budget policy", "", "<!-- When the error budget is spent, releases are frozen. The head of payments decides. -->"),
    ("error-budget-policy", "an example"): doc("examples/error-budget-policy.md", "# Error budget policy", "", "When the error budget is spent, releases are frozen. The head of payments decides on exceptions."),
    ("error-budget-policy", "a gate that prints"): workflow("name: Error budget gate\n        run: echo error budget is fine"),
    ("game-days-held", "headings only"): doc("docs/game-days/2026-10-14.md", "# Game day 2026-10-14", "", "## Scenario", "", "## Findings"),
    ("game-days-held", "to do"): doc("docs/game-days/2026-10-14.md", "# Game day 2026-10-14", "", "## Scenario", "", "TODO", "", "## Findings", "", "TBD"),
    ("game-days-held", "no date"): doc("docs/game-days/first.md", "# Game day: the bank hangs", "", "## Scenario", "", "The bank answers after 30 seconds.", "", "## Findings", "", "- The breaker opened after six minutes."),
    ("game-days-held", "two years ago"): doc("docs/game-days/2024-10-14.md", "# Game day 2024-10-14: the bank hangs", "", "## Scenario", "", "The bank answers after 30 seconds.", "", "## Findings", "", "- The breaker opened after six minutes."),
    ("game-days-held", "next year"): doc("docs/game-days/2027-10-14.md", "# Game day 2027-10-14: the bank hangs", "", "## Scenario", "", "The bank answers after 30 seconds.", "", "## Findings", "", "- The breaker opened after six minutes."),
    ("game-days-held", "a plan"): doc("docs/game-days/plan.md", "# Game day on 2026-12-14", "", "## Scenario", "", "We will make the bank answer after 30 seconds.", "", "## Findings", "", "To be filled in after the game day."),
    ("game-days-held", "an empty folder"): {"docs/game-days/.gitkeep": ""},
    ("game-days-held", "a guide"): doc("docs/game-days/README.md", "# Game days", "", "A game day has a date, a scenario and findings. Hold one twice a year."),
    ("escalation-known", "nobody"): doc("docs/escalation.md", "# Escalation", "", "TBD"),
    ("escalation-known", "headings only"): doc("docs/escalation.md", "# Escalation", "", "## Team", "", "## How to reach it"),
    ("escalation-known", "a name alone"): doc("docs/escalation.md", "# Escalation", "", "Ask Ada."),
    ("escalation-known", "a chat alone"): doc("docs/escalation.md", "# Escalation", "", "Write to #payments."),
    ("escalation-known", "placeholders"): doc("docs/escalation.md", "# Escalation", "", "Page <team> with <pager>: https://<org>.pagerduty.com/services/<id>"),
    ("escalation-known", "a placeholder annotation"): {"catalog-info.yaml": descriptor("group:default/payments")["catalog-info.yaml"].replace("  description", "  annotations: {pagerduty.com/integration-key: \"TODO\"}\n  description")},
    ("escalation-known", "an example annotation"): {"catalog-info.yaml": descriptor("group:default/payments")["catalog-info.yaml"].replace("  description", "  annotations: {pagerduty.com/service-id: \"<service id>\"}\n  description")},
    ("escalation-known", "a receiver that only chats"): {"monitoring/alertmanager.yml": "route: {receiver: chat}\nreceivers:\n  - name: chat\n    slack_configs: [{channel: '#payments'}]\n"},
    ("escalation-known", "for coding agents"): doc("AGENTS.md", "# Agents", "", "## Escalation", "", "Escalate to a human on the payments team by phone when unsure."),
    ("postmortems-kept", "an empty folder"): {"docs/postmortems/.gitkeep": ""},
    ("postmortems-kept", "a template"): postmortem("<what users saw>", "<time>: <event>", "<cause>", "- [ ] <action> (<owner>)"),
    ("postmortems-kept", "to do"): postmortem("TODO", "TODO", "TODO", "TODO"),
    ("postmortems-kept", "headings only"): postmortem("", "", "", ""),
    ("postmortems-kept", "not applicable"): postmortem("N/A", "N/A", "N/A", "N/A"),
    ("postmortems-kept", "no action items"): postmortem("Nobody could pay for 20 minutes.", "- 10:00 deployed\n- 10:20 rolled back", "A migration locked the table.", ""),
    ("postmortems-kept", "actions that nobody owns"): postmortem("Nobody could pay for 20 minutes.", "- 10:00 deployed\n- 10:20 rolled back", "A migration locked the table.", "- be more careful"),
    ("postmortems-kept", "lorem ipsum"): postmortem("Lorem ipsum dolor sit amet.", "Lorem ipsum.", "Lorem ipsum.", "- Lorem ipsum (@ada)"),
    ("postmortems-kept", "an index"): doc("docs/postmortems/README.md", "# Postmortems", "", "We write one after each incident, with impact, timeline, cause and action items."),
    ("actions-closed", "no postmortem"): {"docs/postmortems/.gitkeep": ""},
    ("actions-closed", "all open"): postmortem("Nobody could pay for 20 minutes.", "- 10:00 deployed\n- 10:20 rolled back", "A migration locked the table.", "- [ ] Lock timeouts (@ada)\n- [ ] Alert on locks (@bob)"),
    ("actions-closed", "dates to be done"): postmortem("Nobody could pay for 20 minutes.", "- 10:00 deployed\n- 10:20 rolled back", "A migration locked the table.", "- [ ] Lock timeouts (@ada, TBD)\n- [ ] Alert on locks (@bob, soon)"),
    ("failure-modes-known", "headings only"): {**descriptor("group:default/payments", more=NEEDS), **doc("docs/failure-modes.md", "# Failure modes", "", "## payments-db")},
    ("failure-modes-known", "to do"): {**descriptor("group:default/payments", more=NEEDS), **doc("docs/failure-modes.md", "# Failure modes", "", "| Dependency | Timeout | Fallback |", "|---|---|---|", "| payments-db | TBD | TODO |")},
    ("failure-modes-known", "placeholders"): {**descriptor("group:default/payments", more=NEEDS), **doc("docs/failure-modes.md", "# Failure modes", "", "payments-db: timeout <seconds>, retry <how often>, fallback <what>.")},
    ("failure-modes-known", "another's"): {**descriptor("group:default/payments", more=NEEDS), **doc("docs/failure-modes.md", "# Failure modes", "", "The bank: timeout 2 s, three retries, then payments are queued.")},
    ("failure-modes-known", "nothing"): descriptor("group:default/payments", more=NEEDS),
    ("progressive-delivery", "a canary without analysis"): {"deploy/rollout.yaml": ROLLOUT.replace("STEPS", "[{setWeight: 20}, {pause: {duration: 5m}}]")},
    ("progressive-delivery", "no steps"): {"deploy/rollout.yaml": ROLLOUT.replace("STEPS", "[]")},
    ("progressive-delivery", "an analysis that nothing names"): {"deploy/rollout.yaml": ROLLOUT.replace("STEPS", "[{setWeight: 20}, {pause: {}}]") + ANALYSIS.replace("METRICS", "[{name: e, successCondition: 'result[0] < 0.01', provider: {prometheus: {query: 'sum(rate(errors_total[5m]))'}}}]")},
    ("progressive-delivery", "an analysis that is not there"): {"deploy/rollout.yaml": ROLLOUT.replace("STEPS", "[{setWeight: 20}]")},
    ("progressive-delivery", "an analysis of nothing"): {"deploy/rollout.yaml": ROLLOUT.replace("STEPS", "[{setWeight: 20}, {analysis: {templates: [{templateName: errors}]}}]") + ANALYSIS.replace("METRICS", "[]")},
    ("progressive-delivery", "Flagger without metrics"): {"deploy/canary.yaml": "apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: {name: payments}\nspec:\n  targetRef: {kind: Deployment, name: payments}\n  analysis: {interval: 1m, threshold: 5, metrics: []}\n"},
    ("progressive-delivery", "a synthetic canary"): {"canary.tf": 'resource "aws_synthetics_canary" "payments" {\n  name = "payments"\n  handler = "index.handler"\n  schedule {\n    expression = "rate(1 minute)"\n  }\n}\n'},
    ("progressive-delivery", "the word"): doc("docs/canary.md", "# Canary deployments", "", "We release to five percent first and look at the errors."),
    ("rollback-automated", "a job by hand"): workflow("run: kubectl rollout undo deployment/payments", on="workflow_dispatch"),
    ("rollback-automated", "echo"): workflow("run: kubectl apply -f k8s/", "run: echo kubectl rollout undo deployment/payments\n        if: failure()"),
    ("rollback-automated", "if: false"): workflow("run: kubectl rollout undo deployment/payments\n        if: false"),
    ("rollback-automated", "a canary without analysis"): {"deploy/rollout.yaml": ROLLOUT.replace("STEPS", "[{setWeight: 20}, {pause: {}}]")},
    ("rollback-automated", "a circuit breaker switched off"): {"ecs.tf": 'resource "aws_ecs_service" "payments" {\n  name = "payments"\n  deployment_circuit_breaker {\n    enable   = false\n    rollback = false\n  }\n}\n'},
    ("rollback-automated", "a circuit breaker that stays"): {"ecs.tf": 'resource "aws_ecs_service" "payments" {\n  name = "payments"\n  deployment_circuit_breaker {\n    enable   = true\n    rollback = false\n  }\n}\n'},
    ("rollback-automated", "CodeDeploy switched off"): {"cd.tf": 'resource "aws_codedeploy_deployment_group" "payments" {\n  deployment_group_name = "payments"\n  auto_rollback_configuration {\n    enabled = false\n  }\n}\n'},
    ("rollback-automated", "prose"): doc("docs/rollback.md", "# Rollback", "", "Releases roll back automatically when errors rise."),
    ("rollback-automated", "an alert alone"): rules("up == 0", name="RollbackNeeded"),
}  # fmt: skip
