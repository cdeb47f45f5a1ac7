"""What counts as a chaos test, what runs one, and what only looks like one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from textwrap import dedent, indent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.checks import chaos_test_exists
from scorecards.facts import Facts
from scorecards.reading.experiments import experiments
from scorecards.result import Result

# ruff: noqa: E501
Tree = Callable[[dict[str, str]], Snapshot]
FACTS = Facts(date(2026, 11, 24))
ALONE = Service(Ref("component", "default", "payments"), "service")
AMONG = Service(
    Ref("component", "default", "payments"), "service", "services/payments", neighbours=("services/cart",)
)


def judge(snapshot: Snapshot, service: Service = ALONE) -> Result:
    return chaos_test_exists.evaluate(snapshot, service, FACTS, {})


def pipeline(run: str, on: str = "schedule: [{cron: '0 3 * * 1'}]", more: str = "", job: str = "") -> str:
    head = f"on:\n  {on}\njobs:\n  it:\n    runs-on: ubuntu-latest\n"
    if job:
        head += indent(job, "    ") + "\n"
    return head + "    steps:\n      - run: |\n" + indent(run, "          ") + "\n" + indent(more, "        ")


POD_CHAOS = """\
apiVersion: chaos-mesh.org/v1alpha1
kind: PodChaos
metadata: {name: kill}
spec:
  action: pod-kill
  mode: one
  selector:
    namespaces: [shop]
    labelSelectors: {app: payments}
"""
SCHEDULE = """\
apiVersion: chaos-mesh.org/v1alpha1
kind: Schedule
metadata: {name: kill}
spec:
  schedule: '@every 1h'
  type: PodChaos
  podChaos:
    action: pod-kill
    selector: {namespaces: [shop]}
"""
WORKFLOW = """\
apiVersion: chaos-mesh.org/v1alpha1
kind: Workflow
metadata: {name: try}
spec:
  entry: all
  templates:
    - {name: all, templateType: Serial, children: [stress]}
    - name: stress
      templateType: StressChaos
      stressChaos: {stressors: {cpu: {workers: 1}}, selector: {labelSelectors: {app: payments}}}
"""
TOOLKIT = """\
{"title": "The cache goes away", "method": [
  {"type": "action", "name": "stop-cache", "provider": {"type": "process", "path": "docker", "arguments": "stop cache"}}],
 "steady-state-hypothesis": {"title": "ok", "probes": [
  {"type": "probe", "name": "answers", "tolerance": 200, "provider": {"type": "http", "url": "http://localhost/"}}]},
 "rollbacks": []}
"""
ENGINE = """\
apiVersion: litmuschaos.io/v1alpha1
kind: ChaosEngine
metadata: {name: engine}
spec:
  appinfo: {appns: shop, applabel: app=payments, appkind: deployment}
  engineState: active
  experiments:
    - name: pod-delete
      spec: {probe: [{name: healthy}]}
"""
CRON_WORKFLOW = """\
apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
metadata: {name: nightly}
spec:
  schedule: 0 12 * * *
  workflowSpec:
    templates:
      - name: run
        inputs:
          artifacts:
            - name: engine
              raw:
                data: |
""" + indent(ENGINE, " " * 18)
FIS_STACK = """\
Resources:
  Template:
    Type: AWS::FIS::ExperimentTemplate
    Properties:
      RoleArn: !GetAtt Role.Arn
      Targets: {tasks: {ResourceType: 'aws:ecs:task', SelectionMode: COUNT(1)}}
      Actions: {stop: {ActionId: 'aws:ecs:stop-task', Targets: {Tasks: tasks}}}
      StopConditions: [{Source: none}]
  Weekly:
    Type: AWS::Scheduler::Schedule
    Properties: {ScheduleExpression: rate(7 days), Target: {Arn: 'arn:aws:scheduler:::aws-sdk:fis:startExperiment'}}
"""
FIS_TERRAFORM = """\
resource "aws_fis_experiment_template" "stop" {
  action {
    name      = "stop"
    action_id = "aws:ec2:stop-instances"
  }
  target {
    name          = "one"
    resource_type = "aws:ec2:instance"
  }
}
"""
ISTIO = """\
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: payments-fault}
spec:
  hosts: [payments]
  http:
    - fault: {delay: {percentage: {value: 50}, fixedDelay: 5s}}
"""
ARGO_CD = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: chaos}
spec:
  source: {repoURL: https://git.example.org/payments, path: chaos}
"""
FLUX = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: chaos}
spec: {path: ./deploy, prune: true}
"""
TOXIC_TEST = "def test_slow():\n    Toxiproxy['redis'].downstream(:latency, latency: 100).apply { }\n"
CHAOSKUBE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: chaoskube}
spec:
  template:
    spec:
      containers:
        - {name: chaoskube, image: 'ghcr.io/linki/chaoskube:v0.32', args: ['--interval=10m'%s]}
"""
SPRING = "chaos:\n  monkey:\n    enabled: %s\n    assaults: {latencyActive: true, runtimeAssaultCronExpression: '0 0 * * * ?'}\n"

CI = ".github/workflows/chaos.yml"
SOUND = {
    "chaos mesh schedule": {"chaos/kill.yaml": SCHEDULE},
    "chaos mesh workflow": {"chaos/try.yaml": WORKFLOW},
    "chaos mesh old scheduler": {"chaos/kill.yaml": POD_CHAOS + "  scheduler: {cron: '@every 5m'}\n"},
    "chaos mesh by a pipeline": {
        "chaos/kill.yaml": POD_CHAOS,
        CI: pipeline("kubectl apply -f chaos/kill.yaml"),
    },
    "its folder by a pipeline": {"chaos/kill.yaml": POD_CHAOS, CI: pipeline("kubectl apply -f chaos/")},
    "a loop over a pattern": {
        "chaos/kill.yaml": POD_CHAOS,
        CI: pipeline('for f in chaos/*.yaml; do\n  kubectl apply -f "$f"\ndone'),
    },
    "by make": {
        "chaos/kill.yaml": POD_CHAOS,
        "Makefile": "chaos:\n\tkubectl apply -f chaos/kill.yaml\n",
        CI: pipeline("make chaos"),
    },
    "chaos toolkit by a script": {
        "chaos/cache.json": TOOLKIT,
        "run.sh": "#!/bin/sh\ncd chaos\nchaos run cache.json\n",
        CI: pipeline("./run.sh"),
    },
    "chaos toolkit by its action": {
        "chaos/cache.json": TOOLKIT,
        CI: pipeline(
            "true", more="- uses: chaostoolkit/run-action@v0\n  with: {experiment-file: chaos/cache.json}\n"
        ).replace("      - run: |\n          true\n", ""),
    },
    "started by hand": {
        "chaos/k.yaml": POD_CHAOS,
        CI: pipeline("kubectl apply -f chaos/k.yaml", on="workflow_dispatch:"),
    },
    "litmus by a pipeline": {"e.yaml": ENGINE, CI: pipeline("kubectl create -f e.yaml", on="push:")},
    "litmus inside a string": {"scenarios/nightly.yaml": CRON_WORKFLOW},
    "fis by a rule": {"template.yaml": FIS_STACK},
    "fis by a pipeline": {
        "main.tf": FIS_TERRAFORM,
        CI: pipeline("aws fis start-experiment --experiment-template-id ABC"),
    },
    "argo cd": {"chaos/kill.yaml": POD_CHAOS, "argocd/app.yaml": ARGO_CD},
    "flux": {"deploy/chaos/kill.yaml": POD_CHAOS, "clusters/one.yaml": FLUX},
    "flux through kustomizations": {
        "chaos/kill.yaml": POD_CHAOS,
        "chaos/kustomization.yaml": "resources: [kill.yaml]\n",
        "deploy/kustomization.yaml": "resources: [../chaos]\n",
        "clusters/one.yaml": FLUX,
    },
    "istio by a test": {"test/fault.yaml": ISTIO, CI: pipeline("kubectl apply -f test/fault.yaml\nnpm test")},
    "toxiproxy in tests": {
        "Gemfile": 'gem "toxiproxy"\n',
        "test/slow_test.rb": TOXIC_TEST,
        CI: pipeline("bundle exec rake test", on="pull_request:"),
    },
    "pumba": {CI: pipeline("docker run gaiaadm/pumba netem --duration 1m delay --time 300 payments")},
    "a heredoc": {CI: pipeline("kubectl apply -f - <<EOF\n" + POD_CHAOS + "EOF")},
    "own faults": {CI: pipeline("kubectl delete pod -l app=payments\n./check.sh", job="name: Chaos test")},
    "chaoskube": {"k8s.yaml": CHAOSKUBE % ", '--no-dry-run'"},
    "spring's monkey on a schedule": {"src/main/resources/application-chaos.yml": SPRING % "true"},
    "a workflow elsewhere, named for it": {
        "chaos/kill.yaml": POD_CHAOS,
        CI: "on: {push: {}}\njobs:\n  a:\n    uses: acme/ci/.github/workflows/resilience-test.yml@main\n",
    },
    "another operator": {
        "c.yaml": "apiVersion: chaosblade.io/v1alpha1\nkind: ChaosBlade\nmetadata: {name: a}\nspec:\n  experiments:\n"
        "    - {scope: pod, target: cpu, action: fullload}\n",
        CI: pipeline("kubectl apply -f c.yaml"),
    },
}
WEAK = {
    "never run": ({"chaos/kill.yaml": POD_CHAOS}, "nothing here runs it"),
    "only by hand": (
        {"chaos/c.json": TOOLKIT, "Makefile": "chaos:\n\tchaos run chaos/c.json\n"},
        "nothing here runs it",
    ),
    "only validated": (
        {
            "chaos/kill.yaml": POD_CHAOS,
            CI: pipeline("kubectl apply --dry-run=client -f chaos/kill.yaml\nkubeconform chaos/"),
        },
        "nothing here runs it",
    ),
    "failure ignored": (
        {"chaos/c.json": TOOLKIT, CI: pipeline("chaos run chaos/c.json || true")},
        "failure changes nothing",
    ),
    "switched off step": (
        {"chaos/c.json": TOOLKIT, CI: pipeline("chaos run chaos/c.json", job="if: false")},
        "nothing here runs it",
    ),
    "paused": (
        {
            "k.yaml": SCHEDULE.replace(
                "{name: kill}", "{name: kill, annotations: {experiment.chaos-mesh.org/pause: 'true'}}"
            )
        },
        "nothing here runs it",
    ),
    "no probe": (
        {"c.json": TOOLKIT.replace('"type": "probe"', '"type": "x"'), CI: pipeline("chaos run c.json")},
        "no probe",
    ),
    "fis without a caller": ({"main.tf": FIS_TERRAFORM}, "nothing here runs it"),
    "istio without a test": ({"fault.yaml": ISTIO}, "nothing here runs it"),
    "toxiproxy in tests nobody runs": (
        {"Gemfile": 'gem "toxiproxy"\n', "test/slow_test.rb": TOXIC_TEST},
        "nothing here",
    ),
}
HOLLOW = {
    "nothing": ({"README.md": "# chaos\n"}, "No chaos experiment"),
    "no action": ({"k.yaml": SCHEDULE.replace("    action: pod-kill\n", "")}, "no action"),
    "empty selector": (
        {"k.yaml": POD_CHAOS.split("  selector:", maxsplit=1)[0] + "  selector: {}\n"},
        "selects nothing",
    ),
    "empty method": ({"c.json": '{"title": "a", "steady-state-hypothesis": {}, "method": []}'}, "no action"),
    "method of echo": ({"c.json": TOOLKIT.replace('"docker"', '"echo"')}, "do nothing"),
    "engine without experiments": (
        {"e.yaml": ENGINE.split("  experiments:", maxsplit=1)[0] + "  experiments: []\n"},
        "no action",
    ),
    "litmus definition alone": (
        {
            "e.yaml": "apiVersion: litmuschaos.io/v1alpha1\nkind: ChaosExperiment\nmetadata: {name: a}\nspec: {definition: {}}\n"
        },
        "only defines",
    ),
    "fis that waits": (
        {"main.tf": FIS_TERRAFORM.replace("aws:ec2:stop-instances", "aws:fis:wait")},
        "no action",
    ),
    "argo's experiment": (
        {
            "e.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Experiment\nmetadata: {name: chaos}\nspec: {templates: []}\n"
        },
        "No chaos experiment",
    ),
    "an A/B test": (
        {"ab.yaml": "experiment: {title: colours, method: [a, b]}\nfault: none\n"},
        "No chaos experiment",
    ),
    "retry settings": (
        {
            "vs.yaml": ISTIO.replace(
                "fault: {delay: {percentage: {value: 50}, fixedDelay: 5s}}", "retries: {attempts: 3}"
            )
        },
        "No chaos experiment",
    ),
    "requests only": (
        {CI: pipeline("python scripts/chaos/probes.py\ncurl -f http://a/healthz")},
        "No chaos experiment",
    ),
    "chaoskube dry": ({"k8s.yaml": CHAOSKUBE % ""}, "kills nothing"),
    "monkey off": ({"src/main/resources/application.yml": SPRING % "false"}, "not true"),
    "a definition of the kind": (
        {
            "crd.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: podchaos.chaos-mesh.org}\n"
        },
        "No chaos experiment",
    ),
    "rights for the tool": (
        {
            "r.yaml": "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: chaos}\nrules: []\n"
        },
        "No chaos experiment",
    ),
    "an example": ({"examples/kill.yaml": SCHEDULE}, "No chaos experiment"),
    "the tool itself": (
        {"go.mod": "module github.com/chaos-mesh/chaos-mesh\n", "kill.yaml": SCHEDULE},
        "No chaos experiment",
    ),
    "a proxy without toxics": (
        {
            "Gemfile": 'gem "toxiproxy"\n',
            "test/a_test.rb": "require 'toxiproxy'\n",
            CI: pipeline("rake test"),
        },
        "No chaos experiment",
    ),
    "may I delete": (
        {CI: pipeline("kubectl auth can-i delete pods", job="name: Chaos")},
        "No chaos experiment",
    ),
}


@pytest.mark.parametrize("files", SOUND.values(), ids=SOUND)
def test_experiment_that_something_runs_passes(tree: Tree, files: dict[str, str]) -> None:
    result = judge(tree(files))
    assert result.status == "pass", result
    assert not result.fix


@pytest.mark.parametrize(("files", "phrase"), WEAK.values(), ids=WEAK)
def test_weak_experiment_is_partial(tree: Tree, files: dict[str, str], phrase: str) -> None:
    result = judge(tree(files))
    assert result.status == "partial", result
    assert phrase in result.message
    assert result.fix


@pytest.mark.parametrize(("files", "phrase"), HOLLOW.values(), ids=HOLLOW)
def test_hollow_experiment_fails(tree: Tree, files: dict[str, str], phrase: str) -> None:
    result = judge(tree(files))
    assert result.status == "fail", result
    assert phrase in result.message
    assert "payments" in result.fix


def test_workflow_elsewhere_without_an_experiment_is_unknown(tree: Tree) -> None:
    workflow = "on: {push: {}}\njobs:\n  a:\n    uses: acme/ci/.github/workflows/chaos.yml@main\n"
    result = judge(tree({CI: workflow}))
    assert result.status == "unknown"
    assert "not in this repository" in result.message


def test_example_of_the_documentation_passes(tree: Tree) -> None:
    example = dedent((chaos_test_exists.__doc__ or "").split("## Example\n")[1].split("## Known limits")[0])
    assert judge(tree({"chaos/payments-pod-kill.yaml": example})).status == "pass"


def test_evidence_names_the_experiment_and_what_runs_it(tree: Tree) -> None:
    result = judge(tree({"chaos/kill.yaml": POD_CHAOS, CI: pipeline("kubectl apply -f chaos/kill.yaml")}))
    assert [(e.path, e.line) for e in result.evidence] == [("chaos/kill.yaml", 5), (CI, 8)]


def test_in_a_repository_of_several_services_the_selector_must_cover_the_service(tree: Tree) -> None:
    assert judge(tree({"chaos/kill.yaml": SCHEDULE}), AMONG).status == "pass"
    aimed = SCHEDULE.replace("{namespaces: [shop]}", "{labelSelectors: {app: %s}}")
    assert judge(tree({"chaos/kill.yaml": aimed % "payments"}), AMONG).status == "pass"
    other = judge(tree({"chaos/kill.yaml": aimed % "cart"}), AMONG)
    assert other.status == "fail"
    assert other.not_counted[0].why == "aims at `cart`"
    assert judge(tree({"services/payments/chaos/kill.yaml": aimed % "anything"}), AMONG).status == "pass"
    assert judge(tree({"services/cart/chaos/kill.yaml": SCHEDULE}), AMONG).status == "fail"


def test_what_a_page_shows_of_an_experiment(tree: Tree) -> None:
    (found,) = experiments(tree({"c.json": TOOLKIT}))
    assert (found.title, found.tool) == ("The cache goes away", "Chaos Toolkit")
    assert (found.actions, found.probes) == (("stop-cache",), ("answers",))


def pointing(at: str) -> Service:
    return replace(ALONE, annotations={"handrail.dev/evidence": at})


def test_evidence_in_another_repository_counts_where_the_descriptor_names_it(tree: Tree) -> None:
    there = tree(
        {
            "chaos/a.yaml": SCHEDULE.replace("{name: kill}", "{name: payments}"),
            "other/b.yaml": SCHEDULE.replace("{name: kill}", "{name: payments}"),
        }
    )
    here = tree({"README.md": "# Payments\n"})
    facts = replace(FACTS, repositories={"shop/reliability": there})
    for at in ("shop/reliability", "shop/reliability:chaos"):
        result = chaos_test_exists.evaluate(here, pointing(at), facts, {})
        assert result.status == "pass"
        assert result.evidence[0].path == "shop/reliability:chaos/a.yaml"
    missing = chaos_test_exists.evaluate(here, pointing("shop/gone"), facts, {})
    assert missing.status == "unknown"
    assert facts.asked["commit of repository shop/gone"] is None
    assert judge(here).status == "fail"


_ENDINGS = st.sampled_from(
    ["c.yaml", "c.json", "c.tf", "c.bicep", "application.yml", CI, "test/chaos_test.rb"]
)
_PIECES = st.sampled_from(
    [
        *"{}[]:-\n\"'|&*#%$<",
        "kind: PodChaos",
        "apiVersion: chaos-mesh.org/v1alpha1",
        "\n  ",
        "spec:",
        "method: ",
        "fault:",
        "kind: ChaosEngine",
        "litmuschaos.io/v1",
        "run: ",
        "toxiproxy",
        "chaos:\n  monkey:",
        "{{",
        "actionId",
        "lanes",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=_ENDINGS, text=st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=60).map("".join)))
def test_arbitrary_content_never_raises(tree: Tree, path: str, text: str) -> None:
    encoded = text.encode("utf-8", "replace").decode()
    result = judge(tree({path: encoded, "Gemfile": "toxiproxy"}))
    assert result.status in ("pass", "partial", "fail", "unknown")


def test_odd_shapes_never_raise(tree: Tree) -> None:
    odd = ("null", "[]", "{}", "a", "[a]", "[[a]]", "{a: [1]}", "7")
    for template in (POD_CHAOS, SCHEDULE, WORKFLOW, ENGINE, FIS_STACK, ISTIO, CRON_WORKFLOW, TOOLKIT):
        for value in odd:
            for key in (
                "spec",
                "selector",
                "templates",
                "experiments",
                "Properties",
                "http",
                '"method"',
                "metadata",
                "labelSelectors",
            ):
                changed = "\n".join(
                    line.split(key + ":")[0] + f"{key}: {value}" if key + ":" in line else line
                    for line in template.split("\n")
                )
                judge(tree({"c.yaml": changed}))
