"""What counts as a load test, what runs one and judges it, and what only looks like one."""

from collections.abc import Callable
from datetime import date
from textwrap import indent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.checks import surge_tested
from scorecards.facts import Facts
from scorecards.result import Result

# ruff: noqa: E501
Tree = Callable[[dict[str, str]], Snapshot]
FACTS = Facts(date(2026, 11, 24))
ALONE = Service(Ref("component", "default", "payments"), "service")
AMONG = Service(
    Ref("component", "default", "payments"), "service", "services/payments", neighbours=("services/cart",)
)
FLOW = ".github/workflows/load.yml"


def judge(snapshot: Snapshot, service: Service = ALONE) -> Result:
    return surge_tested.evaluate(snapshot, service, FACTS, {})


def flow(run: str, on: str = "schedule: [{cron: '0 3 * * 1'}]", more: str = "", after: str = "") -> str:
    head = f"on:\n  {on}\njobs:\n  load:\n    runs-on: ubuntu-latest\n    steps:\n"
    text = head + "      - run: |\n" + indent(run, "          ") + "\n" + indent(more, "        ")
    return text + ("\n      - run: |\n" + indent(after, "          ") if after else "") + "\n"


def action(uses: str, **given: str) -> str:
    inputs = "".join(f"\n          {key}: {value}" for key, value in given.items())
    head = "on: push\njobs:\n  load:\n    runs-on: ubuntu-latest\n    steps:\n"
    return f"{head}      - uses: {uses}\n        with:{inputs}\n"


K6 = """\
import http from 'k6/http';
export const options = {
  stages: [{duration: '1m', target: 200}],
  thresholds: {http_req_duration: ['p(95)<500'], http_req_failed: ['rate<0.01']},
};
export default function () { http.get(`${__ENV.BASE_URL}/payments`); }
"""
K6_BARE = K6.replace(
    "  thresholds: {http_req_duration: ['p(95)<500'], http_req_failed: ['rate<0.01']},\n", ""
)
LOCUST = """\
from locust import HttpUser, events, task

class Buyer(HttpUser):
    @task
    def buy(self):
        self.client.get("/payments")

@events.quitting.add_listener
def judge(environment, **_):
    if environment.stats.total.fail_ratio > 0.01:
        environment.process_exit_code = 1
"""
LOCUST_BARE = LOCUST[: LOCUST.index("@events")]
GATLING = """\
import io.gatling.javaapi.core.*;
public class Surge extends Simulation {
  { setUp(scn.injectOpen(rampUsers(500).during(60))).assertions(global().failedRequests().percent().lt(1.0)); }
}
"""
GATLING_BARE = GATLING.replace(".assertions(global().failedRequests().percent().lt(1.0))", "")
ARTILLERY = """\
config:
  target: http://localhost:8080
  phases: [{duration: 60, arrivalRate: 50}]
  ensure: {thresholds: [{http.response_time.p99: 500}]}
scenarios: [{flow: [{get: {url: /payments}}]}]
"""
TAURUS = """\
execution: [{concurrency: 100, hold-for: 5m, scenario: pay}]
scenarios: {pay: {requests: [http://localhost/payments]}}
reporting: [{module: passfail, criteria: ['p95>500ms for 10s, stop as failed']}]
"""
JMX = """\
<jmeterTestPlan><hashTree><ThreadGroup>
<stringProp name="ThreadGroup.num_threads">100</stringProp></ThreadGroup>
<HTTPSamplerProxy testname="pay"/></hashTree></jmeterTestPlan>
"""
AZURE = "testPlan: pay.jmx\nengineInstances: 2\nfailureCriteria: ['p99(response_time_ms) > 500']\n"
TEST_RUN = """\
apiVersion: k6.io/v1alpha1
kind: TestRun
metadata: {name: surge}
spec: {parallelism: 4, script: {configMap: {name: load, file: pay.js}}}
"""
CRON = """\
apiVersion: batch/v1
kind: CronJob
metadata: {name: surge}
spec:
  schedule: 0 3 * * 1
  jobTemplate: {spec: {template: {spec: {containers: [{name: k6, image: 'grafana/k6:1.0', args: [run, /s/pay.js]}]}}}}
"""
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: load}\ndata:\n  pay.js: |\n" + indent(K6, "    ")

SOUND: dict[str, dict[str, str]] = {
    "k6": {"load/pay.js": K6, FLOW: flow("k6 run load/pay.js")},
    "k6 in an image": {
        "load/pay.js": K6,
        FLOW: flow('docker run --rm -v "$PWD/load:/load" grafana/k6:1.0 run /load/pay.js'),
    },
    "k6 by an action": {"load/pay.js": K6, FLOW: action("grafana/run-k6-action@v1", path="./load/*.js")},
    "k6 through make": {
        "load/pay.js": K6,
        "Makefile": "load:\n\tk6 run load/pay.js\n",
        FLOW: flow("make load"),
    },
    "k6 through a package script": {
        "load/pay.js": K6,
        "package.json": '{"scripts": {"load": "k6 run load/pay.js"}}',
        FLOW: flow("npm run load"),
    },
    "k6 through a script": {
        "load/pay.js": K6,
        "load/run.sh": "#!/bin/bash\nset -e\nk6 run load/pay.js\n",
        FLOW: flow("./load/run.sh"),
    },
    "k6 with limits in a module": {
        "load/pay.js": K6_BARE.replace(
            "stages:", "thresholds: LIMITS, stages:"
        ).replace("import http", "import {LIMITS} from './limits.js';\nimport http"),
        "load/limits.js": "export const LIMITS = {http_req_failed: ['rate<0.01']};",
        FLOW: flow("k6 run load/pay.js"),
    },
    "k6 with limits in an options file": {
        "load/pay.js": K6_BARE,
        "load/options.json": '{"thresholds": {"http_req_failed": ["rate<0.01"]}}',
        FLOW: flow("k6 run --config load/options.json load/pay.js"),
    },
    "k6 with options from a file that it opens": {
        "load/pay.js": K6_BARE.replace("export const options = {", "export const options = {...JSON.parse(open('./o.json')),"),
        "load/o.json": '{"thresholds": {"http_req_failed": ["rate<0.01"]}}',
        FLOW: flow("k6 run load/pay.js"),
    },
    "k6 through a script that knows where it stands": {
        "load/k6/pay.js": K6,
        "load/k6/other.js": K6_BARE,
        "load/run.sh": '#!/bin/bash\nset -e\nHERE=$(dirname "$0")\nk6 run "$HERE/k6/pay.js"\n',
        FLOW: flow("./load/run.sh"),
    },
    "k6 whose result a later step judges": {
        "load/pay.js": K6_BARE,
        FLOW: flow(
            "k6 run --summary-export=result.json load/pay.js",
            after="jq -e '.metrics.http_req_duration[\"p(95)\"] < 500' result.json",
        ),
    },
    "Locust": {"load/locustfile.py": LOCUST, FLOW: flow("locust -f load/locustfile.py --headless -u 100")},
    "Locust through a module": {
        "load/__main__.py": (
            "import subprocess, sys\n"
            "subprocess.call([sys.executable, '-m', 'locust', '--locustfile', 'load/locustfile.py'])\n"
        ),
        "load/locustfile.py": LOCUST,
        "Makefile": "BIN := .venv/bin\nload: venv\n\t$(BIN)/python -m load\nvenv:\n\tpython -m venv .venv\n",
        FLOW: flow("make load"),
    },
    "Locust with checks on the line": {
        "locustfile.py": LOCUST_BARE,
        FLOW: flow("poetry run locust --headless --check-fail-ratio 0.01"),
    },
    "Gatling": {"src/gatling/java/Surge.java": GATLING, FLOW: flow("./mvnw gatling:test"), "mvnw": "#!/bin/sh\n"},
    "Gatling by Gradle": {"src/gatling/java/Surge.java": GATLING, FLOW: flow("gradle gatlingRun")},
    "Artillery": {"load/pay.yml": ARTILLERY, FLOW: flow("npx artillery run load/pay.yml")},
    "Taurus": {"load/pay.yml": TAURUS, FLOW: flow("bzt load/pay.yml")},
    "JMeter and a judge": {
        "load/pay.jmx": JMX,
        "load/judge.py": "import sys\nif error_rate > 0.01:\n    sys.exit(1)\n",
        FLOW: flow("jmeter -n -t load/pay.jmx -l result.jtl", after="python load/judge.py result.jtl"),
    },
    "Azure Load Testing": {
        "load/pay.yaml": AZURE,
        FLOW: action("azure/load-testing@v1", loadTestConfigFile="load/pay.yaml"),
    },
    "Vegeta and a judge": {
        FLOW: flow(
            "echo 'GET http://localhost/payments' | vegeta attack -rate 200 -duration 1m > result.bin\n"
            "vegeta report -type=json result.bin | jq -e '.latencies[\"99th\"] < 500000000'"
        )
    },
    "hey and a judge": {
        FLOW: flow(
            "hey -z 1m -c 100 http://localhost/payments > result.txt\n"
            "p99=$(awk '/99%/ {print $3}' result.txt)\n"
            "if [ $(echo \"$p99 > 0.5\" | bc) = 1 ]; then\n  exit 1\nfi"
        )
    },
    "the k6 operator, kept applied by Argo CD": {
        "load/run.yaml": TEST_RUN,
        "load/map.yaml": MAP,
        "argo.yaml": (
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: load}\n"
            "spec: {source: {path: load}}\n"
        ),
    },
    "the k6 operator, applied by a pipeline": {
        "load/run.yaml": TEST_RUN,
        "load/pay.js": K6,
        FLOW: flow("kubectl create configmap load --from-file=load/pay.js\nkubectl apply -f load/run.yaml"),
    },
    "a CronJob": {"load/cron.yaml": CRON, "load/pay.js": K6},
    "a compose service": {
        "load/pay.js": K6,
        "load/compose.yaml": "services:\n  k6: {image: 'grafana/k6', command: run /load/pay.js}\n",
        FLOW: flow("docker compose -f load/compose.yaml run k6"),
    },
    "GitLab": {"load/pay.js": K6, ".gitlab-ci.yml": "load:\n  script: [k6 run load/pay.js]\n"},
    "Jenkins": {
        "load/pay.js": K6,
        "Jenkinsfile": "pipeline { agent any\n stages { stage('load') { steps { sh 'k6 run load/pay.js' } } } }",
    },
}  # fmt: skip
WEAK: dict[str, tuple[dict[str, str], str]] = {
    "no limits": ({"load/pay.js": K6_BARE, FLOW: flow("k6 run load/pay.js")}, "no limits"),
    "empty limits": (
        {"load/pay.js": K6_BARE.replace("stages:", "thresholds: {}, stages:"), FLOW: flow("k6 run load/pay.js")},
        "no limits",
    ),
    "limits in a comment": (
        {
            "load/pay.js": K6_BARE.replace("stages:", "// thresholds: {x: ['rate<0.01']},\n  stages:"),
            FLOW: flow("k6 run load/pay.js"),
        },
        "no limits",
    ),
    "run by nothing": ({"load/pay.js": K6}, "nothing here runs it"),
    "by hand": ({"load/pay.js": K6, FLOW: flow("k6 run load/pay.js", "workflow_dispatch:")}, "by hand"),
    "switched off": ({"load/pay.js": K6, FLOW: flow("k6 run --no-thresholds load/pay.js")}, "--no-thresholds"),
    "hidden": ({"load/pay.js": K6, FLOW: flow("k6 run load/pay.js || true")}, "changes nothing"),
    "a soft step": (
        {"load/pay.js": K6, FLOW: flow("k6 run load/pay.js", more="continue-on-error: true")},
        "changes nothing",
    ),
    "one user": (
        {
            "load/pay.js": K6.replace("stages: [{duration: '1m', target: 200}]", "vus: 1, duration: '1m'"),
            FLOW: flow("k6 run load/pay.js"),
        },
        "one user",
    ),
    "Locust without a listener": (
        {"locustfile.py": LOCUST_BARE, FLOW: flow("locust --headless -u 100 -t 1m")},
        "no limits",
    ),
    "Gatling without assertions": (
        {"src/Surge.java": GATLING_BARE, "gatling/x": "", FLOW: flow("mvn gatling:test"), "load/Surge.java": GATLING_BARE},
        "no limits",
    ),
    "JMeter that nobody judges": (
        {"load/pay.jmx": JMX, FLOW: flow("jmeter -n -t load/pay.jmx -l result.jtl")},
        "no limits",
    ),
    "wrk": ({FLOW: flow("wrk -t4 -c200 -d1m http://localhost/payments")}, "no limits"),
    "autocannon by hand": (
        {"scripts/load-test.sh": "npx autocannon -c 100 -d 30 \\\n  http://localhost/payments\n"},
        "nothing here runs it",
    ),
    "a script that another writes": (
        {"scripts/load-test.sh": f"cat > /tmp/pay.js << 'END'\n{K6}END\nk6 run --vus 9 /tmp/pay.js\n"},
        "nothing here runs it",
    ),
    "requests in modules beside it": (
        {
            "k6/test.ts": "import pay from './pay.ts';\nexport const options = {vus: 9};\nexport default () => pay();\n",
            "k6/pay.ts": "import {post} from './client.ts';\nexport default () => post();\n",
            "k6/client.ts": "import http from 'k6/http';\nexport const post = () => http.post('x');\n",
        },
        "no limits",
    ),
    "a compose service that nobody waits for": (
        {
            "load/pay.js": K6,
            "compose.yaml": "services:\n  k6: {image: 'grafana/k6', command: run /load/pay.js}\n",
            FLOW: flow("docker compose up"),
        },
        "nobody asks",
    ),
    "a suspended CronJob": (
        {"load/cron.yaml": CRON.replace("  schedule", "  suspend: true\n  schedule"), "load/pay.js": K6},
        "suspended",
    ),
    "a deployment without end": (
        {
            "load/deploy.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: load}\nspec: {template:"
            " {spec: {containers: [{name: l, image: locustio/locust}]}}}\n"
        },
        "runs on",
    ),
}  # fmt: skip
NONE: dict[str, dict[str, str]] = {
    "nothing": {"README.md": "# Payments\n"},
    "a loop of one's own": {
        "scripts/load-test.sh": "for i in $(seq 1000); do curl -s http://localhost/payments; done\n",
        FLOW: flow("bash scripts/load-test.sh"),
    },
    "an example": {"examples/load/pay.js": K6, FLOW: flow("k6 run examples/load/pay.js")},
    "vendored": {"vendor/github.com/x/load/pay.js": K6},
    "a script that is not there": {FLOW: flow("k6 run load/gone.js")},
    "only installed": {FLOW: flow("brew install k6\nk6 version\ngo install github.com/rakyll/hey@latest")},
    "only said": {FLOW: flow('echo "k6 run load/pay.js"')},
    "a folder of that name": {FLOW: flow("docker run -v $(pwd):/wrk -w /wrk addlicense -c 'The Authors'")},
    "never": {FLOW: flow("wrk -t4 -c200 http://localhost/", more="if: false")},
    "a module that is no test": {"load/common.js": "import http from 'k6/http';\nexport function get() {}\n"},
    "a test without a request": {
        "load/pay.js": "import {sleep} from 'k6';\nexport default () => sleep(1);\n"
    },
    "heyday, workload and abs": {FLOW: flow("./heyday -n 3\nabs -n 100\nkubectl get workload -n load")},
    "traffic for a canary": {
        "flagger/load-canary.yaml": "apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: {name: payments}\n"
        "spec: {analysis: {webhooks: [{name: load, metadata: {cmd: 'hey -z 1m http://payments/'}}]}}\n"
    },
    "a plan without threads": {"load/pay.jmx": "<jmeterTestPlan></jmeterTestPlan>"},
}


@pytest.mark.parametrize("name", SOUND)
def test_a_load_test_with_limits_that_something_runs_is_sound(tree: Tree, name: str):
    result = judge(tree(SOUND[name]))
    assert (result.status, result.fix) == ("pass", ""), result
    assert result.evidence
    assert all(e.line for e in result.evidence)


@pytest.mark.parametrize("name", WEAK)
def test_what_lacks_makes_it_weak_and_is_said(tree: Tree, name: str):
    files, word = WEAK[name]
    result = judge(tree(files))
    assert result.status == "partial", result
    assert word in result.message
    assert result.fix


@pytest.mark.parametrize("name", NONE)
def test_what_is_no_load_test_counts_for_nothing(tree: Tree, name: str):
    result = judge(tree(NONE[name]))
    assert result.status == "fail", result
    assert "payments" in result.fix


def test_a_loop_is_named_with_why_it_does_not_count(tree: Tree):
    (skipped,) = judge(tree(NONE["a loop of one's own"])).not_counted
    assert (skipped.path, skipped.line) == ("scripts/load-test.sh", 1)
    assert "loop" in skipped.why


def test_a_script_that_is_called_and_not_there_is_named(tree: Tree):
    (skipped,) = judge(tree(NONE["a script that is not there"])).not_counted
    assert "gone.js" in skipped.why


def test_a_script_that_is_fetched_first_is_unknown(tree: Tree):
    run = "curl -o pay.js https://load.example.org/pay.js\nk6 run pay.js"
    assert judge(tree({FLOW: flow(run)})).status == "unknown"


def test_a_reusable_workflow_elsewhere_that_says_load_is_unknown(tree: Tree):
    text = "on: push\njobs:\n  it:\n    uses: acme/flows/.github/workflows/load-test.yml@v1\n"
    result = judge(tree({FLOW: text}))
    assert result.status == "unknown"
    assert "payments" in result.fix


def test_how_many_users_may_stand_on_the_line(tree: Tree):
    script = K6.replace("  stages: [{duration: '1m', target: 200}],\n", "")
    assert judge(tree({"load/pay.js": script, FLOW: flow("k6 run load/pay.js")})).status == "partial"
    assert judge(tree({"load/pay.js": script, FLOW: flow("k6 run -u 50 load/pay.js")})).status == "pass"


def test_a_step_that_judges_something_else_is_no_limit(tree: Tree):
    files = {"load/pay.js": K6_BARE, FLOW: flow("k6 run load/pay.js", after="npm test || exit 1")}
    assert judge(tree(files)).status == "partial"


def test_a_judge_whose_failure_changes_nothing_is_no_limit(tree: Tree):
    after = "jq -e '.metrics.p95 < 500' result.json || true"
    files = {"load/pay.js": K6_BARE, FLOW: flow("k6 run --out json=result.json load/pay.js", after=after)}
    assert judge(tree(files)).status == "partial"


def test_load_on_a_neighbour_counts_for_the_neighbour_only(tree: Tree):
    script = K6.replace("/payments", "/cart")
    files = {"load/cart.js": script, FLOW: flow("k6 run load/cart.js")}
    assert judge(tree(files), AMONG).status == "fail"
    files = {"services/cart/load/pay.js": K6, FLOW: flow("k6 run services/cart/load/pay.js")}
    result = judge(tree(files), AMONG)
    assert result.status == "fail"
    assert "another service" in result.not_counted[0].why


def test_load_on_the_service_from_a_shared_folder_or_a_load_generator_counts(tree: Tree):
    shared = {"load/all.js": K6, FLOW: flow("k6 run load/all.js")}
    assert judge(tree(shared), AMONG).status == "pass"
    service = Service(
        AMONG.ref, "service", "services/payments", neighbours=("services/cart", "services/load-generator")
    )
    own = {"services/load-generator/all.js": K6, FLOW: flow("k6 run services/load-generator/all.js")}
    assert judge(tree(own), service).status == "pass"


def test_another_repository_counts_where_the_descriptor_names_it(tree: Tree):
    there = tree({"load/pay.js": K6, FLOW: flow("k6 run load/pay.js")})
    service = Service(ALONE.ref, "service", annotations={"handrail.dev/evidence": "quality:load"})
    facts = Facts(date(2026, 11, 24), repositories={"quality": there})
    result = surge_tested.evaluate(tree({"README.md": "#"}), service, facts, {})
    assert result.status == "pass"
    assert result.evidence[0].path == "quality:load/pay.js"
    assert surge_tested.evaluate(tree({"README.md": "#"}), service, FACTS, {}).status == "unknown"


def test_the_repository_of_a_load_tool_shows_only_how_it_works(tree: Tree):
    files = {"go.mod": "module go.k6.io/k6\n", "load/pay.js": K6, FLOW: flow("k6 run load/pay.js")}
    assert judge(tree(files)).status == "fail"


@pytest.mark.parametrize(
    "files",
    [
        {"load/pay.yml": "config: [1\n"},
        {"load/pay.yml": "config: {phases: null, ensure: 3}\nscenarios: null\nexecution: 7\n"},
        {
            "load/pay.yml": "execution: [[], null]\nreporting: [null, {criteria: {a: {b: []}}}]\nscenarios: 1\n"
        },
        {"load/run.yaml": "apiVersion: k6.io/v1alpha1\nkind: TestRun\nspec: [1]\n"},
        {"load/run.yaml": "kind: CronJob\nspec: {containers: [{image: [k6], command: {a: 1}}]}\n"},
        {"load/pay.js": "import http from 'k6/http';" + "thresholds: {" * 20_000},
        {"load/pay.jmx": "<ThreadGroup" * 20_000},
        {FLOW: flow("k6 run " + "a" * 50_000)},
        {FLOW: flow("docker compose up"), "compose.yaml": "services: {k6: [], a: {build: {context: [1]}}}\n"},
        {
            "load/a.js": "import './b.js'; import http from 'k6/http'; export default 1",
            "load/b.js": "import './a.js'",
        },
    ],
)
def test_hostile_files_are_read_in_peace(tree: Tree, files: dict[str, str]):
    assert judge(tree(files)).status in ("fail", "partial", "unknown")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from([K6, LOCUST, GATLING, ARTILLERY, TAURUS, JMX, TEST_RUN, CRON, MAP]), max_size=3),
    st.data(),
)
def test_any_damage_to_a_file_leads_to_a_verdict(tree: Tree, texts: list[str], data: st.DataObject):
    files = {}
    for number, text in enumerate(texts):
        cut = data.draw(st.integers(0, len(text)))
        more = data.draw(st.text("{}[]:-'\"`\n <>*&!%k6", max_size=12))
        end = data.draw(st.sampled_from(["js", "py", "yaml", "jmx", "java", "json"]))
        files[f"load/x{number}.{end}"] = text[:cut] + more + text[cut:]
    assert judge(tree({"README.md": "#", **files})).status in ("pass", "partial", "fail", "unknown")
