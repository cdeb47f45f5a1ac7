"""What passes: for each check the files of a service called `payments`, by their paths in its folder."""

# ruff: noqa: E501
from tests.scorecards.hollow.delivery import ACTION, toolkit
from tests.scorecards.hollow.documents import HEAD
from tests.scorecards.hollow.practices import postmortem
from tests.scorecards.hollow.running import PDB, running
from tests.scorecards.hollow.signals import openslo

Files = dict[str, str]
NAME = "payments"


def component(name: str = NAME, annotations: str = "", type_: str = "service") -> str:
    """A descriptor that names its dependencies."""
    head = HEAD.replace("name: payments", f"name: {name}") + (
        f"  annotations: {{{annotations}}}\n" if annotations else ""
    )
    return (
        f"{head}  description: Takes card payments and settles them.\nspec:\n  type: {type_}\n  lifecycle: production\n"
        f"  owner: group:default/{name}-team\n  dependsOn: [resource:default/{name}-db]\n"
    )


ALERT = """\
groups:
  - name: payments
    rules:
      - alert: PaymentsFail
        expr: sum(rate(http_requests_total{service="payments",code=~"5.."}[5m])) > 5
        labels: {severity: page, service: payments}
"""
BURN = """\
groups:
  - name: payments-objectives
    rules:
      - alert: PaymentsBudgetBurns
        expr: job:slo_errors_per_request:ratio_rate1h{service="payments"} > 14.4 * (1 - 0.99)
        labels: {severity: page, service: payments}
        annotations: {runbook_url: https://github.com/acme/shop/blob/main/FOLDERdocs/runbook.md}
"""
UNUSUAL = """\
groups:
  - name: payments-unusual
    rules:
      - alert: PaymentsTrafficUnusual
        expr: abs(job:requests:rate1h{service="payments"} - job:requests:rate1h{service="payments"} offset 1w) > 4 * stddev_over_time(job:requests:rate1h{service="payments"}[1w])
        labels: {severity: ticket, service: payments}
"""
RUNBOOK = """\
# Runbook: payments

## Alert: PaymentsFail

**Symptom:** more than 2 % of requests answer 5xx; customers cannot pay.

### Diagnose

`kubectl -n payments logs deploy/payments --since=10m` shows which call fails.

### Mitigate

Roll back: `kubectl -n payments rollout undo deploy/payments`.
"""
PROBED = running(
    "          resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 128Mi}}\n"
    "          readinessProbe: {httpGet: {path: /ready, port: 8080}}\n"
    "          livenessProbe: {httpGet: {path: /live, port: 8080}}\n",
    more=PDB.replace("SPEC", "minAvailable: 1"),
)
BUDGET = """\
# Error budget policy: payments

The objective is 99.9 % over 30 days; the error budget is 43 minutes.

- When the error budget is spent, releases are frozen, but for repairs and security updates.

The head of payments decides on exceptions, together with whoever is on call.
"""
GAME_DAY = """\
# Game day 2026-10-14: the bank of payments hangs

## Scenario

The bank answers after 30 seconds. We expect the circuit breaker of payments to open within a minute.

## Findings

- The breaker opened after six minutes: its window counted errors, not slowness.

## Actions

- Count slow calls as failures (@ada, 2026-11-01)
"""
REPAIR = """\
- name: Repairs of payments
  hosts: payments
  sources: [{ansible.eda.alertmanager: {port: 5000}}]
  rules:
    - name: restart a stuck worker
      condition: event.alert.labels.alertname == "PaymentsFail"
      throttle: {once_within: 1 hour, group_by_attributes: [event.alert.labels.instance]}
      action: {run_playbook: {name: restart_worker.yml}}
"""
MESH = """\
apiVersion: chaos-mesh.org/v1alpha1
kind: Schedule
metadata: {name: payments-pod-kill}
spec:
  schedule: "0 10 * * 1-5"
  type: PodChaos
  historyLimit: 5
  concurrencyPolicy: Forbid
  podChaos: {action: pod-kill, mode: one, selector: {namespaces: [payments], labelSelectors: {app: payments}}}
"""
ROLLOUT = """\
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: payments}
spec:
  selector: {matchLabels: {app: payments}}
  template:
    metadata: {labels: {app: payments}}
    spec: {containers: [{name: payments, image: registry.acme.io/payments:1}]}
  strategy:
    canary:
      steps: [{setWeight: 20}, {analysis: {templates: [{templateName: payments-errors}]}}, {setWeight: 60}]
---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: payments-errors}
spec:
  metrics:
    - name: errors
      interval: 1m
      failureLimit: 1
      successCondition: result[0] < 0.01
      provider: {prometheus: {address: http://prometheus, query: 'sum(rate(http_requests_total{service="payments",code=~"5.."}[5m]))'}}
"""
FLUX = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: payments, namespace: flux-system}
spec:
  interval: 10m
  path: ./services/payments/deploy
  prune: true
  sourceRef: {kind: GitRepository, name: shop}
"""

STATIC: dict[str, Files] = {
    "owner-set": {},
    "described": {"README.md": "# Payments\n\nTakes card payments for the shop and settles them every night.\n\n## Run it\n\n    make run\n"},
    "alerts-defined": {"monitoring/alerts.yaml": ALERT},
    "runbook-present": {"docs/runbook.md": RUNBOOK},
    "slo-defined": {"slo/payments.yaml": openslo()["slo/payments.yaml"]},
    "slo-alerted": {"slo/payments.yaml": openslo()["slo/payments.yaml"], "docs/runbook.md": RUNBOOK, "monitoring/burn.yaml": BURN},
    "anomaly-watched": {"monitoring/unusual.yaml": UNUSUAL},
    "health-probed": PROBED,
    "resources-bounded": PROBED,
    "observable": {"requirements.txt": "flask\nprometheus-client\nstructlog\nopentelemetry-sdk\n"},
    "dependencies-declared": {},
    "chaos-test-exists": {"chaos/payments.yaml": MESH},
    "error-budget-policy": {"docs/error-budget-policy.md": BUDGET},
    "game-days-held": {"docs/game-days/2026-10-14.md": GAME_DAY},
    "remediation-declared": {"ops/payments-rulebook.yml": REPAIR},
    "rollback-configured": {"deploy/rollout.yaml": ROLLOUT},
    "rollback-automated": {"deploy/rollout.yaml": ROLLOUT},
    "progressive-delivery": {"deploy/rollout.yaml": ROLLOUT},
    "deploy-automated": {"flux/payments.yaml": FLUX},
    "postmortems-kept": postmortem("Nobody could pay for 20 minutes.", "- 10:00 payments was deployed\n- 10:20 rolled back", "A migration locked the table.", "- [ ] Set lock timeouts (@ada, 2026-12-01)"),
    "actions-closed": postmortem("Nobody could pay for 20 minutes.", "- 10:00 payments was deployed\n- 10:20 rolled back", "A migration locked the table.", "- [x] Set lock timeouts (@ada)\n- [ ] Alert on locks (@bob, 2026-12-15)"),
    "escalation-known": {"docs/escalation.md": "# Escalation of payments\n\nThe payments team is on call: page it with `/pd trigger payments` or at https://acme.pagerduty.com/services/PABC123.\n"},
    "failure-modes-known": {"docs/failure-modes.md": "# Failure modes of payments\n\n| Dependency | Timeout | Retry | When it is away |\n|---|---|---|---|\n| payments-db | 2 s | 3 times, with backoff | payments are queued and answered with 202 |\n"},
}  # fmt: skip
"""Evidence that stands in files and that nothing has to run."""

COMMANDS: dict[str, tuple[str, Files]] = {
    "ci-tests": ("go test ./...", {"main.go": "package main\n", "go.mod": "module payments\n"}),
    "rollback-configured": ("helm upgrade --install payments ./chart --atomic", {}),
    "rollback-automated": ("helm upgrade --install payments ./chart --atomic", {}),
    "deploy-automated": ("kubectl apply -f deploy/", {}),
    "chaos-test-exists": ("chaos run chaos/experiment.yaml", {"chaos/experiment.yaml": toolkit(ACTION)["chaos/experiment.yaml"]}),
    "surge-tested": ("k6 run load/payments.js", {"load/payments.js": "import http from 'k6/http';\nexport const options = { vus: 50, duration: '5m', thresholds: { http_req_failed: ['rate<0.01'] } };\nexport default function () { http.get('https://payments.test/'); }\n"}),
}  # fmt: skip
"""Evidence that a pipeline runs: the command, and the files that it needs."""


def static(check: str, folder: str = "") -> Files:
    """The evidence of a check below a folder, by path in the repository."""
    prefix = f"{folder}/" if folder else ""
    return {prefix + path: text.replace("FOLDER", prefix) for path, text in STATIC[check].items()}


def pipeline(command: str, folder: str = "", paths: str = "") -> Files:
    """A workflow that runs a command in a folder, for changes of these paths, all where there are none."""
    on = (
        f"{{push: {{paths: ['{paths}']}}, pull_request: {{paths: ['{paths}']}}}}"
        if paths
        else "[push, pull_request]"
    )
    where = f"\n        working-directory: {folder}" if folder else ""
    name = folder.rpartition("/")[2] or "ci"
    text = f"name: {name}\non: {on}\njobs:\n  {name}:\n    runs-on: ubuntu-latest\n    steps:\n      - run: {command}{where}\n"
    return {f".github/workflows/{name}.yml": text}
