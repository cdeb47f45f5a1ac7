"""Hollow pipelines, ways back, probes, experiments and load tests."""

# ruff: noqa: E501
CI = ".github/workflows/ci.yml"


def workflow(*steps: str, on: str = "[push, pull_request]", job: str = "", path: str = CI) -> dict[str, str]:
    """A workflow of GitHub Actions with these steps."""
    listed = "".join(f"      - {step}\n" for step in steps)
    return {
        path: f"name: ci\non: {on}\njobs:\n  test:\n    runs-on: ubuntu-latest\n{job}    steps:\n{listed}"
    }


def deployment(container: str, more: str = "") -> dict[str, str]:
    """A Deployment whose container ends with these lines."""
    return {
        "deploy/deployment.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: payments}\nspec:\n"
        "  template:\n    spec:\n      containers:\n        - name: payments\n          image: registry.acme.io/payments:1\n"
        f"{container}{more}"
    }


def toolkit(
    method: str,
    hypothesis: str = "{title: answers, probes: [{type: probe, name: up, tolerance: 200, provider: {type: http, url: 'http://payments/health'}}]}",
) -> dict[str, str]:
    """A Chaos Toolkit experiment that a pipeline runs."""
    return {
        "chaos/experiment.yaml": f"version: 1.0.0\ntitle: The database is away\ndescription: Users can still pay.\nsteady-state-hypothesis: {hypothesis}\nmethod: {method}\nrollbacks: []\n",
        **workflow("run: chaos run chaos/experiment.yaml", on="{schedule: [{cron: '0 5 * * 1'}]}"),
    }


def mesh(spec: str) -> dict[str, str]:
    """A Chaos Mesh schedule of a fault among pods."""
    return {
        "chaos/payments.yaml": "apiVersion: chaos-mesh.org/v1alpha1\nkind: Schedule\nmetadata: {name: payments}\nspec:\n"
        f"  schedule: '0 10 * * 1-5'\n  type: PodChaos\n  podChaos: {spec}\n"
    }


ACTION = "[{type: action, name: stop, provider: {type: process, path: docker, arguments: stop db}}]"
K6 = "import http from 'k6/http';\nexport const options = OPTIONS;\nexport default function () { http.get('https://payments.test/'); }\n"

CASES: dict[tuple[str, str], dict[str, str]] = {
    ("ci-tests", "|| true"): workflow("run: go test ./... || true"),
    ("ci-tests", "continue-on-error"): workflow("run: go test ./...\n        continue-on-error: true"),
    ("ci-tests", "continue-on-error for the job"): workflow("run: go test ./...", job="    continue-on-error: true\n"),
    ("ci-tests", "if: false"): workflow("run: go test ./...\n        if: false"),
    ("ci-tests", "if: false for the job"): workflow("run: go test ./...", job="    if: false\n"),
    ("ci-tests", "echo"): workflow("run: echo go test ./..."),
    ("ci-tests", "true"): workflow("run: 'true # go test ./...'"),
    ("ci-tests", "commented out"): workflow("run: go build ./...\n      # - run: go test ./..."),
    ("ci-tests", "a name alone"): workflow("name: Run the tests\n        run: echo done"),
    ("ci-tests", "a script that is not there"): workflow("run: ./scripts/test.sh"),
    ("ci-tests", "a make target that is not there"): {**workflow("run: make test"), "Makefile": "build:\n\tgo build ./...\n"},
    ("ci-tests", "a make target that prints"): {**workflow("run: make test"), "Makefile": "test:\n\t@echo all tests pass\n"},
    ("ci-tests", "a script that exits first"): {**workflow("run: ./test.sh"), "test.sh": "#!/bin/sh\nexit 0\ngo test ./...\n"},
    ("ci-tests", "npm's default"): {**workflow("run: npm test"), "package.json": '{"scripts": {"test": "echo \\"Error: no test specified\\" && exit 1"}}'},
    ("ci-tests", "npm test that prints"): {**workflow("run: npm test"), "package.json": '{"scripts": {"test": "echo ok"}}'},
    ("ci-tests", "outside the folder that is read"): workflow("run: go test ./...", path=".github/ci.yml"),
    ("ci-tests", "by hand only"): workflow("run: go test ./...", on="workflow_dispatch"),
    ("ci-tests", "build and lint"): workflow("run: go build ./...", "run: go vet ./..."),
    ("ci-tests", "no steps"): {CI: "name: ci\non: push\njobs: {test: {runs-on: ubuntu-latest, steps: []}}\n"},
    ("ci-tests", "GitLab, when: never"): {".gitlab-ci.yml": "test:\n  script: [go test ./...]\n  when: never\n"},
    ("ci-tests", "GitLab, allowed to fail"): {".gitlab-ci.yml": "test:\n  script: [go test ./...]\n  allow_failure: true\n"},
    ("ci-tests", "GitLab, a hidden job"): {".gitlab-ci.yml": ".test:\n  script: [go test ./...]\nbuild:\n  script: [go build ./...]\n"},
    ("ci-tests", "Jenkins, in a comment"): {"Jenkinsfile": "pipeline { agent any\n  stages { stage('Test') { steps {\n    // sh 'go test ./...'\n    echo 'tested'\n  } } }\n}\n"},
    ("ci-tests", "a script whose end is good whatever fails"): {
        **workflow("run: ./test.sh"),
        "test.sh": "#!/bin/sh\ngo test ./...\nexit 0\n",
    },
    ("ci-tests", "set +e"): workflow("run: |\n          set +e\n          go test ./...\n          echo done"),
    ("rollback-configured", "echo"): workflow("run: kubectl apply -f k8s/", "run: echo kubectl rollout undo deployment/payments\n        if: failure()"),
    ("rollback-configured", "an empty job"): workflow("run: 'true'", job="    name: rollback\n"),
    ("rollback-configured", "if: false"): workflow("run: kubectl rollout undo deployment/payments\n        if: false"),
    ("rollback-configured", "commented out"): workflow("run: kubectl apply -f k8s/\n      # - run: kubectl rollout undo deployment/payments"),
    ("rollback-configured", "prose"): {"docs/rollback.md": "# Rollback\n\nRun `kubectl rollout undo deployment/payments`.\n"},
    ("rollback-configured", "of a database"): workflow("run: alembic downgrade -1", "run: flyway undo"),
    ("rollback-configured", "a target that nothing calls"): {"Makefile": "rollback:\n\tkubectl rollout undo deployment/payments\n", **workflow("run: make deploy")},
    ("rollback-configured", "a script that is not there"): workflow("run: ./scripts/rollback.sh\n        if: failure()"),
    ("rollback-configured", "a script that prints"): {**workflow("run: ./rollback.sh\n        if: failure()"), "rollback.sh": "#!/bin/sh\necho rolling back\n"},
    ("rollback-configured", "Chaos Toolkit's rollbacks"): {"chaos/experiment.yaml": "title: x\nmethod: []\nrollbacks: [{type: action, name: restart, provider: {type: process, path: kubectl, arguments: rollout undo deployment/payments}}]\n"},
    ("rollback-configured", "a canary without analysis"): {"deploy/rollout.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: payments}\nspec:\n  strategy: {canary: {steps: [{setWeight: 50}, {pause: {}}]}}\n"},
    ("rollback-configured", "history 0"): {**deployment("", "  revisionHistoryLimit: 0\n"), "deploy/deployment.yaml": deployment("")["deploy/deployment.yaml"].replace("spec:\n  template", "spec:\n  revisionHistoryLimit: 0\n  template"), **workflow("run: kubectl apply -f deploy/", "run: kubectl rollout undo deployment/payments\n        if: failure()")},
    ("rollback-configured", "a variable called atomic"): workflow("run: helm upgrade payments ./chart --set atomic=true"),
    ("health-probed", "exec true"): deployment("          readinessProbe: {exec: {command: ['true']}}\n          livenessProbe: {exec: {command: ['true']}}\n"),
    ("health-probed", "exec echo"): deployment("          readinessProbe: {exec: {command: [echo, ok]}}\n          livenessProbe: {exec: {command: [sh, -c, 'exit 0']}}\n"),
    ("health-probed", "empty probes"): deployment("          readinessProbe: {}\n          livenessProbe: {}\n"),
    ("health-probed", "commented out"): deployment("          # readinessProbe: {httpGet: {path: /ready, port: 8080}}\n          # livenessProbe: {httpGet: {path: /live, port: 8080}}\n"),
    ("health-probed", "one probe"): deployment("          livenessProbe: {httpGet: {path: /live, port: 8080}}\n"),
    ("health-probed", "curl || true"): {"docker-compose.yml": "services:\n  payments:\n    build: .\n    healthcheck: {test: 'curl -f http://localhost/health || true'}\n"},
    ("health-probed", "the database's"): {"docker-compose.yml": "services:\n  payments: {build: .}\n  db:\n    image: postgres:16\n    healthcheck: {test: [CMD, pg_isready]}\n"},
    ("health-probed", "switched off"): {"docker-compose.yml": "services:\n  payments:\n    build: .\n    healthcheck: {disable: true, test: [CMD, curl, -f, 'http://localhost/health']}\n"},
    ("health-probed", "an image alone"): {"Dockerfile": 'FROM alpine\nHEALTHCHECK CMD curl -f http://localhost:8080/health\nCMD ["/payments"]\n'},
    ("health-probed", "HEALTHCHECK NONE"): {"Dockerfile": 'FROM alpine\nHEALTHCHECK NONE\nCMD ["/payments"]\n'},
    ("health-probed", "an example"): {"examples/deployment.yaml": deployment("          readinessProbe: {httpGet: {path: /ready, port: 8080}}\n          livenessProbe: {httpGet: {path: /live, port: 8080}}\n")["deploy/deployment.yaml"]},
    ("chaos-test-exists", "no action"): toolkit("[]"),
    ("chaos-test-exists", "probes only"): toolkit("[{type: probe, name: up, tolerance: 200, provider: {type: http, url: 'http://payments/'}}]"),
    ("chaos-test-exists", "no hypothesis"): toolkit(ACTION, "{title: x, probes: []}"),
    ("chaos-test-exists", "an action that prints"): toolkit("[{type: action, name: stop, provider: {type: process, path: echo, arguments: stopped}}]"),
    ("chaos-test-exists", "an action that is true"): toolkit("[{type: action, name: stop, provider: {type: process, path: 'true'}}]"),
    ("chaos-test-exists", "an action without a provider"): toolkit("[{type: action, name: stop the database}]"),
    ("chaos-test-exists", "never run"): {"chaos/experiment.yaml": toolkit(ACTION)["chaos/experiment.yaml"]},
    ("chaos-test-exists", "run behind if: false"): {**toolkit(ACTION), **workflow("run: chaos run chaos/experiment.yaml\n        if: false")},
    ("chaos-test-exists", "a run that is printed"): {**toolkit(ACTION), **workflow("run: echo chaos run chaos/experiment.yaml")},
    ("chaos-test-exists", "Chaos Mesh without an action"): mesh("{mode: one, selector: {namespaces: [payments]}}"),
    ("chaos-test-exists", "Chaos Mesh without a selector"): mesh("{action: pod-kill, mode: one}"),
    ("chaos-test-exists", "Chaos Mesh with placeholders"): mesh("{action: TODO, mode: one, selector: {namespaces: [payments], labelSelectors: {app: payments}}}"),
    ("chaos-test-exists", "Chaos Mesh that selects a placeholder"): mesh("{action: pod-kill, mode: one, selector: {namespaces: ['<namespace>'], labelSelectors: {app: '<app>'}}}"),
    ("chaos-test-exists", "Litmus, defined alone"): {"chaos/pod-delete.yaml": "apiVersion: litmuschaos.io/v1alpha1\nkind: ChaosExperiment\nmetadata: {name: pod-delete}\nspec: {definition: {scope: Namespaced}}\n"},
    ("chaos-test-exists", "Litmus without experiments"): {"chaos/engine.yaml": "apiVersion: litmuschaos.io/v1alpha1\nkind: ChaosEngine\nmetadata: {name: payments}\nspec: {appinfo: {appns: payments, applabel: 'app=payments', appkind: deployment}, experiments: []}\n"},
    ("chaos-test-exists", "an Argo Experiment"): {"chaos/experiment.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Experiment\nmetadata: {name: chaos}\nspec: {duration: 5m, templates: []}\n"},
    ("chaos-test-exists", "the word"): {"docs/chaos.md": "# Chaos engineering\n\nWe inject faults every week and kill pods.\n"},
    ("chaos-test-exists", "FIS without targets or actions"): {"fis.json": '{"description": "chaos", "actions": {}, "targets": {}, "stopConditions": [{"source": "none"}], "roleArn": "arn:aws:iam::1:role/fis"}'},
    ("surge-tested", "k6 without thresholds"): {"load/k6.js": K6.replace("OPTIONS", "{ vus: 50, duration: '5m' }"), **workflow("run: k6 run load/k6.js")},
    ("surge-tested", "empty thresholds"): {"load/k6.js": K6.replace("OPTIONS", "{ vus: 50, duration: '5m', thresholds: {} }"), **workflow("run: k6 run load/k6.js")},
    ("surge-tested", "thresholds switched off"): {"load/k6.js": K6.replace("OPTIONS", "{ vus: 50, thresholds: { http_req_duration: ['p(95)<300'] } }"), **workflow("run: k6 run --no-thresholds load/k6.js")},
    ("surge-tested", "thresholds in a comment"): {"load/k6.js": K6.replace("OPTIONS", "{ vus: 50 /* thresholds: { http_req_duration: ['p(95)<300'] } */ }"), **workflow("run: k6 run load/k6.js")},
    ("surge-tested", "never run"): {"load/k6.js": K6.replace("OPTIONS", "{ vus: 50, thresholds: { http_req_duration: ['p(95)<300'] } }")},
    ("surge-tested", "|| true"): {"load/k6.js": K6.replace("OPTIONS", "{ vus: 50, thresholds: { http_req_duration: ['p(95)<300'] } }"), **workflow("run: k6 run load/k6.js || true")},
    ("surge-tested", "printed"): {"load/k6.js": K6.replace("OPTIONS", "{ vus: 50, thresholds: { http_req_duration: ['p(95)<300'] } }"), **workflow("run: echo k6 run load/k6.js")},
    ("surge-tested", "a script that is not there"): workflow("run: k6 run load/k6.js"),
    ("surge-tested", "a loop of one's own"): {"load.sh": "for i in $(seq 1000); do curl -s http://payments/ >/dev/null; done\n", **workflow("run: ./load.sh")},
    ("surge-tested", "a script that tests nothing"): {"load/k6.js": "export const options = { thresholds: { http_req_duration: ['p(95)<300'] } };\nexport default function () {}\n", **workflow("run: k6 run load/k6.js")},
}  # fmt: skip
