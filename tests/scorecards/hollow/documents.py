"""Hollow descriptors, READMEs and runbooks."""

# ruff: noqa: E501
HEAD = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: payments\n"


def descriptor(owner: str, description: str = "Takes card payments.", more: str = "") -> dict[str, str]:
    """A descriptor with this owner."""
    text = f"{HEAD}  description: {description}\nspec:\n  type: service\n  lifecycle: production\n  owner: {owner}\n{more}"
    return {"catalog-info.yaml": text}


def runbook(*lines: str) -> dict[str, str]:
    """A runbook of these lines."""
    return {"docs/runbook.md": "\n".join(lines) + "\n"}


def readme(*lines: str, description: str = "Takes card payments.") -> dict[str, str]:
    """A README of these lines beside a sound descriptor."""
    return {**descriptor("group:default/payments", description), "README.md": "\n".join(lines) + "\n"}


CASES: dict[tuple[str, str], dict[str, str]] = {
    ("owner-set", "guests"): descriptor("guests"),
    ("owner-set", "the word owner"): descriptor("owner"),
    ("owner-set", "unknown, as a group's ref"): descriptor("group:default/unknown"),
    ("owner-set", "to do"): descriptor("TODO"),
    ("owner-set", "angle brackets"): descriptor('"<team>"'),
    ("owner-set", "a template's variable"): descriptor('"${{ values.owner }}"'),
    ("owner-set", "your-team"): descriptor("your-team"),
    ("owner-set", "nothing"): descriptor('""'),
    ("owner-set", "a component"): descriptor("component:default/payments"),
    ("owner-set", "an example address"): descriptor("admin@example.com"),
    ("owner-set", "an owner in a comment"): descriptor('null # group:default/payments'),
    ("owner-set", "CODEOWNERS in comments"): {**descriptor("unknown"), "CODEOWNERS": "# * @acme/payments\n"},
    ("owner-set", "CODEOWNERS of another folder"): {**descriptor("unknown"), "CODEOWNERS": "/docs/ @acme/writers\n"},
    ("described", "heading only"): readme("# Payments"),
    ("described", "to do"): readme("# Payments", "", "TODO: describe", "", "## Run", "", "TBD"),
    ("described", "headings only"): readme("# Payments", "", "## What it is", "", "## How to run it"),
    ("described", "a generator's text"): readme("# payments", "", "This project was bootstrapped with Create React App.", "", "## Available Scripts", "", "    npm start"),
    ("described", "the name again"): readme("# Payments", "", "payments", "", "## Run", "", "    make run", description="payments"),
    ("described", "lorem ipsum"): readme("# Payments", "", "Lorem ipsum dolor sit amet, consectetur adipiscing elit.", "", "## Run", "", "Lorem ipsum."),
    ("described", "placeholders"): readme("# Payments", "", "<one paragraph on what it does>", "", "## Run", "", "<the command>"),
    ("described", "a comment"): readme("# Payments", "", "<!-- Takes card payments for the shop. Run it with make run. -->"),
    ("described", "a template's instructions"): readme("# Payments", "", "Describe what this service does.", "", "## Run", "", "Explain how to run the service."),
    ("runbook-present", "headings only"): runbook("# Runbook", "", "## Symptoms", "", "## Diagnosis", "", "## Mitigation"),
    ("runbook-present", "to do under each heading"): runbook("# Runbook", "", "## Symptoms", "", "TODO", "", "## Diagnosis", "", "TBD", "", "## Mitigation", "", "coming soon"),
    ("runbook-present", "placeholders"): runbook("# Runbook: <service>", "", "## Alert: <alert name>", "", "Symptom: <what users see>", "", "## Diagnose", "", "<what to look at>", "", "## Mitigate", "", "<command>"),
    ("runbook-present", "instructions of a template"): runbook("# Runbook", "", "## Symptoms", "", "Describe the symptoms of the alert here.", "", "## Diagnosis", "", "List the steps to diagnose the problem.", "", "## Mitigation", "", "Explain how to mitigate it."),
    ("runbook-present", "comments"): runbook("# Runbook", "", "<!--", "## Symptoms", "More than 2 % of requests answer 5xx.", "## Diagnose", "`kubectl logs deploy/payments`", "## Mitigate", "`kubectl rollout undo deploy/payments`", "-->"),
    ("runbook-present", "a title of one line"): runbook("This is our runbook. It is complete and up to date."),
    ("runbook-present", "for developers"): runbook("# Runbook", "", "## Install", "", "    npm install", "", "## Run the tests", "", "    npm test", "", "## Start a local database", "", "    docker compose up db"),
    ("runbook-present", "an Ansible playbook"): {"runbook.yml": "- hosts: all\n  tasks:\n    - name: restart payments\n      service: {name: payments, state: restarted}\n"},
    ("runbook-present", "not applicable everywhere"): runbook("# Runbook", "", "## Symptoms", "", "N/A", "", "## Diagnosis", "", "N/A", "", "## Mitigation", "", "n/a"),
    ("runbook-present", "a table of nothing"): runbook("# Runbook", "", "| Alert | Symptom | Diagnose | Mitigate |", "| --- | --- | --- | --- |", "| <alert> | TBD | TBD | TBD |"),
    ("runbook-present", "an example"): {"examples/runbook.md": "# Runbook\n\n## Alert: PaymentsFail\n\nSymptom: 5xx above 2 %.\n\n## Diagnose\n\n`kubectl logs deploy/payments`\n\n## Mitigate\n\n`kubectl rollout undo deploy/payments`\n"},
    ("runbook-present", "a skeleton"): {"templates/skeleton/docs/runbook.md": "# Runbook\n\n## Alert: PaymentsFail\n\nSymptom: 5xx above 2 %.\n\n## Diagnose\n\n`kubectl logs deploy/payments`\n\n## Mitigate\n\n`kubectl rollout undo deploy/payments`\n"},
    ("dependencies-declared", "the service itself"): descriptor("group:default/payments", more="  dependsOn: [component:default/payments]\n"),
    ("dependencies-declared", "placeholders"): descriptor("group:default/payments", more='  dependsOn: ["resource:default/<database>"]\n'),
    ("dependencies-declared", "a comment"): descriptor("group:default/payments", more="  # dependsOn: [resource:default/payments-db]\n"),
    ("dependencies-declared", "no ref"): descriptor("group:default/payments", more='  dependsOn: ["our database, and the bank"]\n'),
    ("template-current", "another scaffolder's record"): {".cruft.json": '{"template": "https://example.org/t.git", "commit": "x"}'},
    ("template-current", "off without a reason"): {".handrail/template.yaml": "schema: 1\ntemplate:\n  name: python-http-service\n  version: '0'\n  off: {reason: TODO}\n"},
    ("template-current", "a version that never was"): {".handrail/template.yaml": "schema: 1\ntemplate: {name: python-http-service, version: latest}\n"},
}  # fmt: skip
