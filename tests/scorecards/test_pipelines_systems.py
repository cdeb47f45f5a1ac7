"""Each CI system's own dialect: when it runs, what never runs, what may fail."""

import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.snapshot import Snapshot
from scorecards.reading.pipeline import Pipeline, Step
from scorecards.reading.pipelines import pipelines

Tree = Callable[[dict[str, str]], Snapshot]


def only(snapshot: Snapshot) -> Pipeline:
    (pipeline,) = pipelines(snapshot)
    return pipeline


def commands(steps: tuple[Step, ...]) -> list[str]:
    return [c.text for s in steps for c in s.commands if not c.opened]


SAME = {
    ".github/workflows/ci.yaml": "on: push\njobs: {t: {steps: [{run: pytest}]}}\n",
    ".gitea/workflows/ci.yml": "on: [push]\njobs: {t: {steps: [{run: pytest}]}}\n",
    ".gitlab-ci.yml": "t: {script: pytest}\n",
    ".circleci/config.yml": "jobs: {t: {steps: [checkout, {run: pytest}]}}\nworkflows: {w: {jobs: [t]}}\n",
    "ci/Jenkinsfile": "node { stage('t') { sh 'pytest' } }\n",
    "build.Jenkinsfile": 'pipeline { stages { stage("t") { steps { sh "pytest" } } } }\n',
    "azure-pipelines.yml": "steps:\n- script: pytest\n",
    "ci.yml": "trigger: [main]\njobs:\n- job: t\n  steps:\n  - bash: pytest\n",
    ".buildkite/pipeline.yml": "steps: [{command: pytest}]\n",
    ".tekton/pr.yaml": "kind: PipelineRun\nspec:\n  pipelineSpec:\n    tasks:\n"
    "    - {name: t, taskSpec: {steps: [{script: pytest}]}}\n",
    "app/.drone.yml": "kind: pipeline\nsteps: [{name: t, image: python, commands: [pytest]}]\n",
    ".woodpecker/test.yml": "steps: {t: {image: python, commands: [pytest]}}\n",
    ".travis.yml": "language: python\nscript: pytest\n",
    "bitbucket-pipelines.yml": "pipelines: {default: [{step: {script: [pytest]}}]}\n",
    "cloudbuild.yaml": "steps: [{name: python, entrypoint: pytest}]\n",
    "buildspec.yml": "phases: {build: {commands: [pytest]}}\n",
    "appveyor.yml": "test_script: [pytest]\n",
    ".semaphore/semaphore.yml": "blocks: [{task: {jobs: [{commands: [pytest]}]}}]\n",
    ".cirrus.yml": "t_task: {test_script: pytest}\n",
    ".build.yml": "image: alpine\ntasks: [{test: pytest}]\n",
    "delivery.yaml": "pipeline: [{id: t, commands: [{cmd: pytest}]}]\n",
}


@pytest.mark.parametrize("path", SAME)
def test_every_system_is_read_into_the_same_model(tree: Tree, path: str) -> None:
    pipeline = only(tree({path: SAME[path]}))
    assert commands(pipeline.steps) == ["pytest"]
    assert all(s.live and s.enforced and s.path == path for s in pipeline.steps)


DEAD = {
    ".circleci/config.yml": "jobs: {t: {steps: [{run: pytest}]}}\nworkflows: {w: {when: false, jobs: [t]}}\n",
    "azure-pipelines.yml": "steps:\n- script: pytest\n  condition: false\n",
    "azure-pipelines-2.yml": "steps:\n- script: pytest\n  enabled: false\n",
    ".buildkite/pipeline.yml": "steps: [{command: pytest, skip: true}]\n",
    ".buildkite/other.yml": "steps: [{command: pytest, if: 'false'}]\n",
    ".gitlab-ci.yml": "t: {script: pytest, rules: [{when: never}]}\n",
    ".drone.yml": "trigger: {event: [tag]}\nsteps: [{commands: [pytest], when: {event: push}}]\n",
}


@pytest.mark.parametrize("path", DEAD)
def test_what_never_runs_is_dead_and_says_why(tree: Tree, path: str) -> None:
    (step,) = only(tree({path: DEAD[path]})).steps
    assert not step.live
    assert step.why


SOFT = {
    "azure-pipelines.yml": "steps:\n- script: pytest\n  continueOnError: true\n",
    ".buildkite/pipeline.yml": "steps: [{command: pytest, soft_fail: true}]\n",
    ".drone.yml": "kind: pipeline\nsteps: [{commands: [pytest], failure: ignore}]\n",
    ".tekton/a.yaml": "kind: PipelineRun\nspec:\n  pipelineSpec:\n    tasks:\n"
    "      - taskSpec: {steps: [{script: pytest, onError: continue}]}\n",
    "cloudbuild.yaml": "steps: [{name: python, entrypoint: pytest, allowFailure: true}]\n",
    "buildspec.yml": "phases: {build: {on-failure: CONTINUE, commands: [pytest]}}\n",
    "bitbucket-pipelines.yml": "pipelines: {default: [{step: {after-script: [pytest]}}]}\n",
    "Jenkinsfile": "node { catchError { sh 'pytest' } }\n",
    "a/Jenkinsfile": "node { try { sh 'pytest' } catch (e) { echo 'oh' } }\n",
}


@pytest.mark.parametrize("path", SOFT)
def test_what_may_fail_is_not_enforced(tree: Tree, path: str) -> None:
    steps = only(tree({path: SOFT[path]})).steps
    assert [s.enforced for s in steps if s.commands] == [False]


MANUAL = {
    ".gitlab-ci.yml": "t: {script: pytest, when: manual}\n",
    ".circleci/config.yml": "jobs: {t: {steps: [{run: pytest}]}}\n"
    "workflows: {w: {jobs: [{hold: {type: approval}}, {t: {requires: [hold]}}]}}\n",
    ".buildkite/pipeline.yml": "steps: [{block: Really}, {command: pytest}]\n",
    "bitbucket-pipelines.yml": "pipelines: {custom: {nightly: [{step: {script: [pytest]}}]}}\n",
    "azure-pipelines.yml": "trigger: none\npr: none\nsteps: [{script: pytest}]\n",
    ".drone.yml": "kind: pipeline\ntrigger: {event: [promote]}\nsteps: [{commands: [pytest]}]\n",
}


@pytest.mark.parametrize("path", MANUAL)
def test_what_a_person_starts_runs_on_no_change(tree: Tree, path: str) -> None:
    steps = only(tree({path: MANUAL[path]})).steps
    assert [s.triggers for s in steps if s.commands] == [{"manual"}]


def test_circleci_commands_parameters_and_orbs(tree: Tree) -> None:
    text = """
orbs: {go: acme/go-ci@1.2}
commands:
  check:
    parameters: {target: {type: string, default: all}}
    steps: [{run: {name: check, command: "make << parameters.target >>"}}]
jobs:
  t: {docker: [{image: a}, {image: "ghcr.io/shopify/toxiproxy"}], steps: [{check: {target: test}}]}
  unused: {steps: [{run: never}]}
workflows:
  w: {jobs: [t, go/build-and-test]}
"""
    pipeline = only(tree({".circleci/config.yml": text, "Makefile": "test:\n\tgo test\n"}))
    assert commands(pipeline.steps) == ["go test"]
    assert [s.uses for s in pipeline.steps if s.uses] == [
        "ghcr.io/shopify/toxiproxy",
        "go/build-and-test acme/go-ci@1.2",
    ]
    assert len(pipeline.elsewhere) == 1


def test_azure_templates_are_followed_and_those_of_others_named(tree: Tree) -> None:
    snapshot = tree(
        {
            "azure-pipelines.yml": "stages:\n- stage: t\n  jobs:\n  - template: ci/test.yml\n"
            "    parameters: {command: pytest}\n- template: x.yml@shared\n",
            "ci/test.yml": "parameters: [{name: command, default: x}]\njobs:\n- job: t\n  steps:\n"
            "  - script: ${{ parameters.command }}\n",
        }
    )
    pipeline = only(snapshot)
    assert commands(pipeline.steps) == ["pytest"]
    assert [s.uses for s in pipeline.elsewhere] == ["x.yml@shared"]


def test_azure_tasks_are_the_commands_that_they_stand_for(tree: Tree) -> None:
    text = """
steps:
- task: DotNetCoreCLI@2
  inputs: {command: test}
- task: Maven@4
  inputs: {goals: verify}
"""
    assert commands(only(tree({"azure-pipelines.yml": text})).steps) == ["dotnet test", "mvn verify"]


def test_tekton_tasks_stand_beside_the_run_that_names_them(tree: Tree) -> None:
    run = """
kind: PipelineRun
metadata:
  annotations: {pipelinesascode.tekton.dev/on-event: "[pull_request]"}
spec: {pipelineRef: {name: ci}}
"""
    pipeline = """
kind: Pipeline
metadata: {name: ci}
spec: {tasks: [{name: t, taskRef: {name: go}}, {name: u, taskRef: {name: far}}]}
"""
    task = "kind: Task\nmetadata: {name: go}\nspec: {steps: [{command: [sh, -c], args: ['go test ./...']}]}"
    found = only(
        tree({".tekton/run.yaml": run, ".tekton/pipeline.yaml": pipeline, ".tekton/task.yaml": task})
    )
    assert commands(found.steps) == ["go test ./..."]
    assert found.triggers == {"change"}
    assert [s.uses for s in found.elsewhere] == ["far"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("language: go\n", ["go test -v ./..."]), ("language: rust\nscript: make all\n", ["make all"])],
)
def test_travis_has_a_script_of_its_own(tree: Tree, text: str, expected: list[str]) -> None:
    assert commands(only(tree({".travis.yml": text, "CMakeLists.txt": ""})).steps) == expected


@pytest.mark.parametrize("path", [*SAME, ".gitlab-ci.yml"])
def test_a_broken_file_says_so_or_is_no_pipeline(tree: Tree, path: str) -> None:
    found = pipelines(tree({path: "a: [b\nc: {\n"}))
    assert all(p.unreadable or p.steps or not p.path.endswith(("yml", "yaml")) for p in found)


_WORDS = """
on jobs steps run uses with if needs strategy matrix include stages script rules extends trigger workflows
commands pipelines step parallel phases build tasks taskSpec kind PipelineRun spec template parameters task
inputs when branches ./x.yml ./.github/actions/a false true ${{ make npm test || && ( ) { } ' " $( <<EOF case
in esac \\ # Makefile services image allow_failure default workflow !reference jobs: - ? & * |
"""
_WORD = st.sampled_from(_WORDS.split())
_VALUE = st.recursive(
    _WORD | st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_WORD, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=_VALUE, path=st.sampled_from(sorted(SAME)))
def test_any_yaml_is_read_without_an_error(tree: Tree, value: object, path: str) -> None:
    import yaml

    text = yaml.safe_dump(value, allow_unicode=True)
    for pipeline in pipelines(tree({path: text, "Makefile": text, "package.json": text})):
        assert pipeline.path == path


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(_WORD | st.text(max_size=8), max_size=40))
def test_any_text_is_read_without_an_error(tree: Tree, words: list[str]) -> None:
    text = " ".join(words).encode("utf-8", "replace").decode()
    indented = text.replace("\n", "\n      ")
    files = {
        "Jenkinsfile": text,
        "Makefile": text,
        "run.sh": text,
        "justfile": text,
        "noxfile.py": text,
        "tox.ini": text,
        "Dockerfile": text,
        ".gitlab-ci.yml": "t:\n  script:\n    - |\n      ./run.sh a; make; just; nox; tox; docker build .\n"
        f"      {indented}\n",
    }
    assert len(pipelines(tree(files))) <= 2


HOSTILE = [
    *("(", "$(", "${{", "{ ", '"a" ', "'a' b ", "a || ", "<<A\n", "if ", "a) ", "f() { "),
    *("case x in a) ", "\\", "`"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_shell_text_takes_little_time(tree: Tree, text: str) -> None:
    body = (text * (60_000 // len(text)) + "(").replace("\n", "\n      ")
    snapshot = tree(
        {
            ".gitlab-ci.yml": f"t:\n  script:\n    - |\n      make\n      {body}\n",
            "Makefile": f"all:\n\tx\n{text * 20_000}",
            "Jenkinsfile": f"node {{ {text * 20_000}",
        }
    )
    began = time.process_time()
    pipelines(snapshot)
    assert time.process_time() - began < 2


def test_files_that_call_each_other_in_circles_end(tree: Tree) -> None:
    jobs = "".join(f"  j{n}: {{uses: ./.github/workflows/a.yml}}\n" for n in range(60))
    uses = "".join("    - uses: ./.github/actions/a\n" for _ in range(60))
    includes = ", ".join(["b.yml"] * 60)
    snapshot = tree(
        {
            ".github/workflows/a.yml": f"on: [push, workflow_call]\njobs:\n{jobs}",
            ".github/workflows/b.yml": "on: push\njobs: {a: {steps: [{uses: ./.github/actions/a}]}}\n",
            ".github/actions/a/action.yml": f"runs:\n  using: composite\n  steps:\n{uses}",
            ".gitlab-ci.yml": f"t: {{trigger: {{include: [{includes}]}}}}\n"
            "u: {extends: u, script: ./a.sh}\n",
            "b.yml": f"include: [.gitlab-ci.yml]\nt: {{trigger: {{include: [{includes}]}}}}\n",
            "a.sh": "a() { b; }\nb() { a; a; ./a.sh; make; }\na\n",
            "Makefile": "all: x\n\t./a.sh\nx: all\n\tmake x\n",
        }
    )
    began = time.process_time()
    assert len(pipelines(snapshot)) == 3
    assert time.process_time() - began < 2
