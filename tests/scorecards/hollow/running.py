"""Hollow deployments, bounds and repairs."""

# ruff: noqa: E501
from tests.scorecards.hollow.delivery import deployment, workflow
from tests.scorecards.hollow.signals import rules

RESOURCES = "          resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 128Mi}}\n"
PDB = "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: payments}\nspec: {SPEC, selector: {matchLabels: {app: payments}}}\n"


def running(container: str = RESOURCES, replicas: str = "3", more: str = "") -> dict[str, str]:
    """A Deployment of the service with these resources, replicas and what follows it."""
    text = deployment(container)["deploy/deployment.yaml"]
    text = text.replace(
        "spec:\n  template:\n",
        f"spec:\n  replicas: {replicas}\n  template:\n    metadata: {{labels: {{app: payments}}}}\n",
        1,
    )
    return {"deploy/deployment.yaml": text + more}


def rulebook(*lines: str) -> dict[str, str]:
    """A rulebook of Event-Driven Ansible with one rule that ends with these lines."""
    listed = "".join(f"      {line}\n" for line in lines)
    return {
        "ops/rulebook.yml": "- name: repairs of payments\n  hosts: payments\n  sources: [{ansible.eda.alertmanager: {port: 5000}}]\n"
        f"  rules:\n    - name: restart\n{listed}"
    }


CONDITION = 'condition: event.alert.labels.alertname == "PaymentsFail"'

CASES: dict[tuple[str, str], dict[str, str]] = {
    ("deploy-automated", "echo"): workflow("run: echo kubectl apply -f k8s/"),
    ("deploy-automated", "if: false"): workflow("run: kubectl apply -f k8s/\n        if: false"),
    ("deploy-automated", "commented out"): workflow("run: go build\n      # - run: kubectl apply -f k8s/"),
    ("deploy-automated", "a name alone"): workflow("name: Deploy to production\n        run: echo deployed"),
    ("deploy-automated", "an image alone"): workflow("run: docker build -t acme/payments . && docker push acme/payments"),
    ("deploy-automated", "a script that is not there"): workflow("run: ./scripts/deploy.sh"),
    ("deploy-automated", "a script that prints"): {**workflow("run: ./deploy.sh"), "deploy.sh": "#!/bin/sh\necho deploying\n"},
    ("deploy-automated", "a script that exits first"): {**workflow("run: ./deploy.sh"), "deploy.sh": "#!/bin/sh\nexit 0\nkubectl apply -f k8s/\n"},
    ("deploy-automated", "a make target that is not there"): {**workflow("run: make deploy"), "Makefile": "build:\n\tgo build\n"},
    ("deploy-automated", "by hand"): {"Makefile": "deploy:\n\tkubectl apply -f k8s/\n"},
    ("deploy-automated", "a dry run"): workflow("run: kubectl apply --dry-run=client -f k8s/"),
    ("deploy-automated", "a plan"): workflow("run: terraform plan"),
    ("deploy-automated", "a diff"): workflow("run: helm diff upgrade payments ./chart"),
    ("deploy-automated", "a cluster for a test"): workflow("run: kind create cluster", "run: kubectl apply -f k8s/"),
    ("deploy-automated", "a package"): workflow("run: npm publish"),
    ("deploy-automated", "an application without a source"): {"argocd/app.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: payments}\nspec: {project: default}\n"},
    ("deploy-automated", "prose"): {"docs/deploy.md": "# Deploy\n\nRun `kubectl apply -f k8s/` on every merge.\n"},
    ("deploy-automated", "GitLab, when: never"): {".gitlab-ci.yml": "deploy:\n  script: [kubectl apply -f k8s/]\n  rules: [{when: never}]\n"},
    ("resources-bounded", "nothing set"): running(""),
    ("resources-bounded", "empty resources"): running("          resources: {}\n", more=PDB.replace("SPEC", "minAvailable: 1")),
    ("resources-bounded", "empty requests and limits"): running("          resources: {requests: {}, limits: {}}\n", more=PDB.replace("SPEC", "minAvailable: 1")),
    ("resources-bounded", "commented out"): running("          # resources: {requests: {cpu: 100m}, limits: {memory: 1Gi}}\n", more=PDB.replace("SPEC", "minAvailable: 1")),
    ("resources-bounded", "one replica"): running(replicas="1", more=PDB.replace("SPEC", "minAvailable: 1")),
    ("resources-bounded", "no replicas"): running(replicas="0", more=PDB.replace("SPEC", "minAvailable: 1")),
    ("resources-bounded", "no budget"): running(),
    ("resources-bounded", "a budget of nothing"): running(more=PDB.replace("SPEC", "minAvailable: 0")),
    ("resources-bounded", "a budget that lets all go"): running(more=PDB.replace("SPEC", "maxUnavailable: 100%")),
    ("resources-bounded", "a budget of another"): running(more=PDB.replace("SPEC", "minAvailable: 1").replace("app: payments", "app: ledger")),
    ("resources-bounded", "a budget without a selector"): running(more="---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: payments}\nspec: {minAvailable: 1}\n"),
    ("resources-bounded", "scaled to one"): running(replicas="1", more=PDB.replace("SPEC", "minAvailable: 1") + "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: payments}\nspec: {scaleTargetRef: {kind: Deployment, name: payments}, minReplicas: 1, maxReplicas: 1}\n"),
    ("resources-bounded", "limits of zero"): running("          resources: {requests: {cpu: 0, memory: 0}, limits: {cpu: 0, memory: 0}}\n", more=PDB.replace("SPEC", "minAvailable: 1")),
    ("resources-bounded", "an example"): {"examples/deployment.yaml": running(more=PDB.replace("SPEC", "minAvailable: 1"))["deploy/deployment.yaml"]},
    ("remediation-declared", "no action"): rulebook(CONDITION, "throttle: {once_within: 1 hour}"),
    ("remediation-declared", "an empty action"): rulebook(CONDITION, "throttle: {once_within: 1 hour}", "action: {}"),
    ("remediation-declared", "an action that prints"): rulebook(CONDITION, "throttle: {once_within: 1 hour}", "action: {debug: {msg: repaired}}"),
    ("remediation-declared", "no guard"): rulebook(CONDITION, "action: {run_playbook: {name: restart.yml}}"),
    ("remediation-declared", "commented out"): rulebook(CONDITION, "# throttle: {once_within: 1 hour}", "# action: {run_playbook: {name: restart.yml}}"),
    ("remediation-declared", "prose"): {"docs/remediation.md": "# Automatic remediation\n\nAn alert restarts payments by itself, at most once an hour.\n"},
    ("remediation-declared", "a receiver that only tells"): {**rules("up == 0"), "monitoring/alertmanager.yml": "route: {receiver: auto-remediation}\nreceivers:\n  - name: auto-remediation\n    slack_configs: [{channel: '#alerts'}]\n"},
    ("remediation-declared", "an annotation alone"): rules("up == 0", more="        annotations: {remediation: restart it, auto_remediate: 'true'}\n"),
    ("remediation-declared", "autoscaling"): {"deploy/hpa.yaml": "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: payments}\nspec: {scaleTargetRef: {kind: Deployment, name: payments}, minReplicas: 2, maxReplicas: 5}\n"},
    ("remediation-declared", "Robusta that only tells"): {"robusta.yaml": "customPlaybooks:\n  - triggers: [{on_prometheus_alert: {alert_name: PaymentsFail}}]\n    actions: [{logs_enricher: {}}]\n    sinks: [slack]\n"},
}  # fmt: skip
