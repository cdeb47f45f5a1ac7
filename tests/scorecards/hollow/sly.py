"""Files that look real and whose failure, or whose work, somebody took out: one word each."""

# ruff: noqa: E501
from tests.scorecards.hollow.delivery import ACTION, CI, K6, deployment, mesh, toolkit, workflow
from tests.scorecards.hollow.practices import ANALYSIS, ROLLOUT, Files
from tests.scorecards.hollow.signals import TOTAL, openslo, rules


def lines(command: str) -> Files:
    """A workflow whose one step is these shell lines."""
    body = "".join(f"          {line}\n" for line in command.split("\n"))
    return {
        CI: f"on: [push, pull_request]\njobs:\n  test:\n    runs-on: x\n    steps:\n      - run: |\n{body}"
    }


NO_TEST = (
    "go test ./... -run '^$'", "go test -list .", "go test -c ./...", "pytest --collect-only", "pytest --co -q", "pytest --version",
    "jest --listTests", "mvn -B -DskipTests verify", "mvn package -Dmaven.test.skip=true", "./gradlew build -x test", "cargo test --no-run",
    "dotnet test --list-tests", "ctest -N", "tox --notest", "tox -l", "nox -l", "rspec --dry-run", "make -n test", "pip install pytest", "which pytest",
    "pytest &", "! pytest", "pytest | true", "(pytest) || echo failed", "pytest || :", "pytest || exit 0", "bash -c 'pytest || true'",
    "bash -c 'pytest; exit 0'", "if pytest; then echo ok; else echo failed; fi", "trap 'exit 0' EXIT\npytest", "set +o errexit\npytest\necho done",
    "cat <<EOF\npytest\nEOF", "true || pytest", "echo tested || pytest", "false && pytest",
)  # fmt: skip
NO_ROLLBACK = (
    "kubectl rollout undo deployment/payments --dry-run=client", "kubectl rollout undo --help", "kubectl rollout history deployment/payments",
    "helm rollback payments --dry-run", "helm rollback --help", "helm history payments", "helm upgrade payments ./c --atomic --dry-run",
    "helm upgrade payments ./c --atomic=false", "kubectl rollout status deployment/payments", "terraform plan -destroy",
)  # fmt: skip
NO_DEPLOYMENT = (
    "kubectl apply --dry-run=server -f k8s/", "kubectl diff -f k8s/", "kubectl get pods", "kubectl delete -f k8s/", "helm template ./chart", "helm lint chart",
    "helm upgrade --install payments ./chart --dry-run", "terraform validate", "terraform init", "sam validate", "sam build", "serverless package", "cdk synth",
    "ansible-playbook deploy.yml --check", "ansible-playbook deploy.yml --syntax-check", "docker compose config", "argocd app diff payments", "pulumi preview",
    "nomad plan job.hcl", "vercel build", "eksctl create cluster", "ssh host uptime",
)  # fmt: skip
NO_FAULT = (
    "path: sleep, arguments: '10'", "path: date", "path: ls", "path: cat, arguments: x", "path: test, arguments: -f x", "path: bash, arguments: -c true",
    "path: sh, arguments: \"-c 'exit 0'\"", "path: bash, arguments: \"-c 'echo chaos'\"", "path: /bin/true",
)  # fmt: skip
NO_LIMIT = (
    "thresholds: { http_req_failed: ['rate<=1'] }", "thresholds: { http_req_failed: ['rate<1.01'] }", "thresholds: { http_req_failed: [] }",
    "thresholds: { http_req_duration: ['p(95)<999999999'] }",
)  # fmt: skip
NO_QUESTION = (
    "{exec: {command: [cat, /dev/null]}}", "{exec: {command: [ls]}}", "{exec: {command: [sleep, '1']}}", "{exec: {command: [date]}}", "{exec: {command: []}}",
    "{exec: {command: [/bin/sh, -c, ':']}}", "{exec: {command: [sh, -c, 'curl -f http://localhost/ || exit 0']}}", "{tcpSocket: {}}", "{httpGet: {}}",
    "{initialDelaySeconds: 5}",
)  # fmt: skip
NO_MEASURE = (
    "[{name: e, successCondition: 'true', provider: {prometheus: {query: 'sum(rate(errors_total[5m]))'}}}]",
    "[{name: e, successCondition: 'result[0] < 2', provider: {prometheus: {query: 'vector(1)'}}}]",
    "[{name: e, successCondition: 'result[0] < 0.1', provider: {prometheus: {query: TODO}}}]", "[{name: e, successCondition: 'result[0] < 0.1', provider: {}}]",
)  # fmt: skip
LIMITED = "{ vus: 50, duration: '5m', thresholds: { http_req_failed: ['rate<0.01'] } }"
ANALYSED = ROLLOUT.replace("STEPS", "[{setWeight: 20}, {analysis: {templates: [{templateName: errors}]}}]")

CASES: dict[tuple[str, str], Files] = {
    **{("ci-tests", command): lines(command) for command in NO_TEST},
    **{
        (check, command): lines(f"kubectl apply -f k8s/ || {command}")
        for check in ("rollback-configured", "rollback-automated")
        for command in NO_ROLLBACK
    },
    **{("deploy-automated", command): lines(command) for command in NO_DEPLOYMENT},
    **{("chaos-test-exists", fault): toolkit(f"[{{type: action, name: s, provider: {{type: process, {fault}}}}}]") for fault in NO_FAULT},
    **{("surge-tested", limit): {"load/k6.js": K6.replace("OPTIONS", f"{{ vus: 50, {limit} }}"), **lines("k6 run load/k6.js")} for limit in NO_LIMIT},
    **{
        ("surge-tested", command): {"load/k6.js": K6.replace("OPTIONS", LIMITED), **lines(command)}
        for command in ("k6 inspect load/k6.js", "k6 archive load/k6.js", "k6 run --help", "k6 run load/k6.js &", "K6_NO_THRESHOLDS=true k6 run load/k6.js")
    },
    **{("health-probed", probe): deployment(f"          readinessProbe: {probe}\n          livenessProbe: {probe}\n") for probe in NO_QUESTION},
    **{
        (check, metrics): {"deploy/rollout.yaml": ANALYSED + ANALYSIS.replace("METRICS", metrics)}
        for check in ("progressive-delivery", "rollback-configured", "rollback-automated")
        for metrics in NO_MEASURE
    },
    **{("alerts-defined", expr): rules(expr) for expr in ("true", "false", "$expr", "time() > 0", "absent(vector(1))", "foo > 1", "scalar(1) > 0")},
    **{("alerts-defined", f"severity {word}"): rules("errors_total > 5", labels=f"{{severity: {word}}}") for word in ("'-'", "severity", "your-severity", "none", "TBD")},
    ("slo-defined", "one query twice"): openslo(good=TOTAL, total=TOTAL),
    ("slo-defined", "a window of nothing"): openslo(window="0d"),
    ("slo-defined", "words for a query"): openslo(good="good requests", total="all requests"),
    ("slo-defined", "time()"): openslo(good="time()", total="time()"),
    ("ci-tests", "if: 1 == 2"): workflow("run: pytest\n        if: ${{ 1 == 2 }}"),
    ("ci-tests", "make -i"): {**lines("make -i test"), "Makefile": "test:\n\tpytest\n"},
    ("ci-tests", "a make line that may fail"): {**lines("make test"), "Makefile": "test:\n\t-pytest\n"},
    ("ci-tests", "npm's true first"): {**lines("npm test"), "package.json": '{"scripts": {"test": "true || jest"}}'},
    ("ci-tests", "GitLab, one status allowed"): {".gitlab-ci.yml": "test:\n  script: [pytest]\n  allow_failure: {exit_codes: [1]}\n"},
    ("ci-tests", "CircleCI, a job that no workflow runs"): {".circleci/config.yml": "version: 2.1\njobs:\n  test: {docker: [{image: x}], steps: [{run: pytest}]}\n  b: {docker: [{image: x}], steps: [{run: ls}]}\nworkflows: {all: {jobs: [b]}}\n"},
    ("ci-tests", "Jenkins, its error caught"): {"Jenkinsfile": "pipeline { agent any\n stages { stage('t') { steps { catchError(buildResult: 'SUCCESS') { sh 'pytest' } } } } }\n"},
    ("ci-tests", "Azure, condition: false"): {"azure-pipelines.yml": "trigger: [main]\nsteps:\n  - script: pytest\n    condition: false\n"},
    ("chaos-test-exists", "a dry run"): {**toolkit(ACTION), **lines("chaos run --dry actions chaos/experiment.yaml")},
    ("chaos-test-exists", "none of what is selected"): mesh("{action: pod-kill, mode: fixed, value: '0', selector: {namespaces: [payments]}}"),
    ("owner-set", "an example group"): {"catalog-info.yaml": "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: payments}\nspec: {type: service, lifecycle: production, owner: group:default/example}\n"},
}  # fmt: skip
