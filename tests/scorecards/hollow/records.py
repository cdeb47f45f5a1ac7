"""Hollow policies, escalation paths and postmortems."""

# ruff: noqa: E501
from tests.scorecards.hollow.documents import descriptor


def doc(path: str, *lines: str) -> dict[str, str]:
    """A document of these lines beside a sound descriptor."""
    return {**descriptor("group:default/payments"), path: "\n".join(lines) + "\n"}


def policy(*lines: str) -> dict[str, str]:
    """An error budget policy of these lines."""
    return doc("docs/error-budget-policy.md", "# Error budget policy", "", *lines)


def gate(step: str, head: str = "") -> dict[str, str]:
    """A pipeline with this step before its deployment."""
    return {
        ".github/workflows/deploy.yml": "on: {push: {branches: [main]}}\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n"
        f"{head}    steps:\n      - name: Error budget gate\n        {step}\n      - run: kubectl apply -f k8s/\n"
    }


def annotated(value: str) -> dict[str, str]:
    """A descriptor with this annotation for PagerDuty."""
    text = descriptor("group:default/payments")["catalog-info.yaml"]
    return {
        "catalog-info.yaml": text.replace(
            "  description:", f"  annotations: {{pagerduty.com/service-id: {value}}}\n  description:"
        )
    }


def receiver(configs: str) -> dict[str, str]:
    """Alertmanager with this receiver."""
    return {
        "monitoring/alertmanager.yml": f"route: {{receiver: team}}\nreceivers:\n  - name: team\n    {configs}\n"
    }


ASKS = 'curl -s "$PROM/api/v1/query?query=error_budget_remaining" | jq -e ".value > 0"'
FULL = "When the error budget is spent, releases are frozen. The head of payments decides on exceptions."
RECORD = (
    "# Postmortem: cards declined",
    "## Impact", "Customers could not pay for an hour.",
    "## Timeline", "- 09:02 rolled out", "- 09:05 alert", "- 09:40 rolled back",
    "## Root cause", "The pool of connections was used up.",
    "## Action items", "- Bound the pool (@ada)",
)  # fmt: skip

CASES: dict[tuple[str, str], dict[str, str]] = {
    ("error-budget-policy", "headings only"): policy("## When the budget is spent", "", "## Who decides"),
    ("error-budget-policy", "to do"): policy("## When the budget is spent", "", "TODO: freeze releases", "", "## Who decides", "", "TBD"),
    ("error-budget-policy", "placeholders"): policy("When the budget is spent, <what stops>.", "", "<role> decides on exceptions."),
    ("error-budget-policy", "a comment"): policy("<!--", FULL, "-->"),
    ("error-budget-policy", "there is none"): policy("There is no policy yet for when the error budget is spent; releases are not frozen and the team lead does not decide."),
    ("error-budget-policy", "later"): policy("## Next steps", "", FULL),
    ("error-budget-policy", "an example"): doc("examples/error-budget-policy.md", "# Error budget policy", "", FULL),
    ("error-budget-policy", "a template"): doc("docs/templates/error-budget-policy.md", "# Error budget policy", "", FULL),
    ("error-budget-policy", "a title of one line"): policy("This is our error budget policy. It is complete and the team decided on it."),
    ("error-budget-policy", "another budget"): doc("docs/cloud-costs.md", "# Cloud budget", "", "When the budget is spent, deployments are frozen. The head of finance decides."),
    ("error-budget-policy", "a question"): policy("Who decides that releases are frozen when the error budget is spent? The team lead?"),
    ("error-budget-policy", "a target"): doc("docs/slo.md", "# SLO", "", "The target is 99.9 %. The team lead decides on the target of a release."),
    ("error-budget-policy", "what happened"): doc("docs/CASE_STUDY.md", "# Case study", "", FULL),
    ("error-budget-policy", "a gate that prints"): gate('run: echo "the error budget is fine"'),
    ("error-budget-policy", "a gate that never runs"): gate(f"run: {ASKS}", "    if: false\n"),
    ("error-budget-policy", "a gate that changes nothing"): gate(f"continue-on-error: true\n        run: {ASKS}"),
    ("error-budget-policy", "a gate in a comment"): gate(f"run: |\n          # {ASKS}\n          true"),
    ("error-budget-policy", "a gate that is not there"): gate("run: ./scripts/error-budget-gate.sh"),
    ("error-budget-policy", "a gate elsewhere"): {"docs/deploy.yml": gate(f"run: {ASKS}")[".github/workflows/deploy.yml"]},
    ("escalation-known", "to do"): annotated("TODO"),
    ("escalation-known", "nothing"): annotated('""'),
    ("escalation-known", "changeme"): annotated("changeme"),
    ("escalation-known", "angle brackets"): annotated('"<service-id>"'),
    ("escalation-known", "a template's variable"): annotated('"${{ values.pagerduty }}"'),
    ("escalation-known", "your-service"): annotated("your-service-id"),
    ("escalation-known", "xxx"): annotated("XXXXXXX"),
    ("escalation-known", "a key in a comment"): receiver("# pagerduty_configs: [{routing_key_file: /etc/key}]"),
    ("escalation-known", "a pager without a key"): receiver("pagerduty_configs: [{service_key: '<key>'}]"),
    ("escalation-known", "no pager"): receiver("pagerduty_configs: []"),
    ("escalation-known", "headings only"): doc("docs/escalation.md", "# Escalation", "", "## Primary", "", "## Secondary"),
    ("escalation-known", "placeholders in a section"): doc("docs/escalation.md", "# Escalation", "", "Call <name> at <phone>, then the team at <mail>."),
    ("escalation-known", "an example address"): doc("docs/escalation.md", "# Escalation", "", "During an incident mail the on-call team at admin@example.com."),
    ("escalation-known", "nobody's address"): doc("docs/escalation.md", "# Escalation", "", "During an incident mail the on-call team at no-one@localhost."),
    ("escalation-known", "a table of nothing"): doc("docs/escalation.md", "# Escalation", "", "| When | Who | How |", "|---|---|---|", "| at once | TBD | TBD |"),
    ("escalation-known", "a title of one line"): doc("docs/escalation.md", "# Escalation", "", "This is our escalation path. It is complete."),
    ("escalation-known", "there is none"): doc("docs/escalation.md", "# Escalation", "", "There is no on-call team and no telephone number."),
    ("escalation-known", "a comment"): doc("docs/escalation.md", "# Escalation", "", "<!-- the payments team, oncall@acme.io, +49 30 1234567 -->"),
    ("escalation-known", "a Terraform comment"): {"infra/pager.tf": '# resource "pagerduty_service" "payments" { name = "payments" }\n'},
    ("escalation-known", "an example"): doc("examples/escalation.md", "# Escalation", "", "During an incident call the on-call team, +49 30 1234567."),
    ("postmortems-kept", "headings only"): doc("docs/postmortems/2026-05-12.md", *(line for line in RECORD if line.startswith("#"))),
    ("postmortems-kept", "to do under each heading"): doc("docs/postmortems/2026-05-12.md", *(line if line.startswith("#") else "TODO" for line in RECORD)),
    ("postmortems-kept", "instructions of a template"): doc("docs/postmortems/2026-05-12.md", "# Postmortem", "## Impact", "Describe the impact here.", "## Timeline", "List the events.", "## Root cause", "Explain what caused it.", "## Action items", "- [ ] Action 1 (owner: [Name])"),
    ("postmortems-kept", "a template"): doc("docs/postmortems/template.md", *RECORD),
    ("postmortems-kept", "an example"): doc("examples/postmortems/2026-05-12.md", *RECORD),
    ("postmortems-kept", "test data"): doc("tests/fixtures/postmortem-2026-05-12.md", *RECORD),
    ("postmortems-kept", "a comment"): doc("docs/postmortems/2026-05-12.md", "# Postmortem", "<!--", *RECORD, "-->"),
    ("postmortems-kept", "a title of one line"): doc("docs/postmortems/2026-05-12.md", "This is a postmortem with impact, timeline, cause and action items."),
    ("postmortems-kept", "no owners"): doc("docs/postmortems/2026-05-12.md", *(line.replace(" (@ada)", " (owner: TBD)") for line in RECORD)),
    ("postmortems-kept", "an empty folder"): {"docs/postmortems/.gitkeep": ""},
    ("postmortems-kept", "a process"): doc("docs/postmortem-process.md", "# Postmortem process", *RECORD[1:]),
}  # fmt: skip
