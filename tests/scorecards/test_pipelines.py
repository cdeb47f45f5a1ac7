"""Pipelines as they are read: what runs, when, whether it matters, and where a call leads."""

from collections.abc import Callable

import pytest

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.reading.pipeline import Pipeline, Step
from scorecards.reading.pipelines import covers, pipelines

Tree = Callable[[dict[str, str]], Snapshot]


def service(path: str = "", neighbours: tuple[str, ...] = ()) -> Service:
    return Service(Ref("component", "default", "payments"), "service", path, neighbours=neighbours)


def only(snapshot: Snapshot) -> Pipeline:
    (pipeline,) = pipelines(snapshot)
    return pipeline


def commands(pipeline: Pipeline) -> list[str]:
    return [c.text for s in pipeline.steps for c in s.commands if not c.opened]


def workflow(steps: str, on: str = "[push, pull_request]", job: str = "") -> str:
    indented = "\n".join(f"      {line}" for line in steps.strip("\n").split("\n"))
    return f"on: {on}\njobs:\n  test:\n    runs-on: ubuntu-latest\n{job}    steps:\n{indented}\n"


CALLS = [
    pytest.param(
        {"Makefile": "test: lint\n\tgo test ./...\nlint:\n\tgolint\n"},
        "make test",
        ["golint", "go test ./..."],
        id="make target and what it needs",
    ),
    pytest.param(
        {"Makefile": "GO ?= go\ntest:\n\t@$(GO) test $(PKG)\n"},
        "make test",
        ["go test $(PKG)"],
        id="make variable",
    ),
    pytest.param(
        {"Makefile": "include mk/go.mk\n", "mk/go.mk": "test:\n\tgo test\n"},
        "make test",
        ["go test"],
        id="make include",
    ),
    pytest.param(
        {"api/Makefile": "test:\n\tpytest\n"}, "make -C api test", ["pytest"], id="make in a folder"
    ),
    pytest.param(
        {"package.json": '{"scripts": {"test": "vitest run"}}'}, "npm test", ["vitest run"], id="npm"
    ),
    pytest.param(
        {"package.json": '{"scripts": {"test": "npm run unit", "unit": "jest"}}'},
        "yarn test",
        ["jest"],
        id="a script that calls a script",
    ),
    pytest.param(
        {"web/package.json": '{"scripts": {"test": "jest"}}'}, "cd web && npm test", ["jest"], id="cd"
    ),
    pytest.param(
        {"tox.ini": "[testenv]\ncommands =\n    pytest {posargs}\n"}, "tox -e py312", ["pytest"], id="tox"
    ),
    pytest.param(
        {"noxfile.py": "@nox.session\ndef tests(session):\n    session.run('pytest', '-q')\n"},
        "nox -s tests",
        ["pytest -q"],
        id="nox",
    ),
    pytest.param({"justfile": "test:\n    cargo test\n"}, "just test", ["cargo test"], id="just"),
    pytest.param(
        {"Taskfile.yml": "tasks:\n  test:\n    cmds: [go test]\n"}, "task test", ["go test"], id="task"
    ),
    pytest.param(
        {"ci/test.sh": "#!/bin/bash\nset -e\nmain() {\n  pytest\n}\nmain\n"},
        "./ci/test.sh",
        ["set -e", "pytest"],
        id="a script and its function",
    ),
    pytest.param(
        {"run.sh": 'case "$1" in\n  a) pytest ;;\n  b|c) ruff ;;\nesac\n'},
        "bash run.sh c",
        ["ruff"],
        id="the branch that the arguments choose",
    ),
    pytest.param(
        {"Dockerfile": "FROM a AS build\nRUN mvn verify\nFROM b\nRUN true\n"},
        "docker build --target build .",
        ["mvn verify"],
        id="a stage of an image",
    ),
    pytest.param(
        {"composer.json": '{"scripts": {"test": "phpunit"}}'}, "composer test", ["phpunit"], id="composer"
    ),
    pytest.param({}, "poetry run pytest -q", ["poetry run pytest -q"], id="a wrapper"),
    pytest.param({}, "sh -c 'pytest && ruff check'", ["pytest", "ruff check"], id="shell in a string"),
]


@pytest.mark.parametrize(("files", "run", "expected"), CALLS)
def test_calls_are_followed(tree: Tree, files: dict[str, str], run: str, expected: list[str]) -> None:
    snapshot = tree({**files, ".github/workflows/ci.yml": workflow(f"- run: {run}")})
    assert commands(only(snapshot)) == expected


LOST = [
    ("make test", {}),
    ("make test", {"Makefile": "build:\n\tgo build\n"}),
    ("npm test", {"package.json": '{"scripts": {"build": "tsc"}}'}),
    ("npm run unit", {}),
    ("./scripts/test.sh", {}),
    ("bash ci/test.sh", {}),
    ("python tests/run.py", {}),
]


@pytest.mark.parametrize(("run", "files"), LOST)
def test_a_call_of_nothing_is_missing(tree: Tree, run: str, files: dict[str, str]) -> None:
    snapshot = tree({**files, ".github/workflows/ci.yml": workflow(f"- run: {run}")})
    (step,) = only(snapshot).steps
    assert step.missing
    assert step.commands[-1].lost


@pytest.mark.parametrize(
    ("run", "files"),
    [
        ("make check", {"CMakeLists.txt": "project(x)\n"}),
        ("curl -o get.sh https://example.org\n    bash get.sh", {}),
        ("npm test --prefix $DIR", {}),
        ("$TOOL/run.sh", {}),
    ],
)
def test_what_may_come_from_elsewhere_is_not_missing(tree: Tree, run: str, files: dict[str, str]) -> None:
    steps = f"- run: |\n    {run}"
    snapshot = tree({**files, ".github/workflows/ci.yml": workflow(steps)})
    assert [s.missing for s in only(snapshot).steps] == [()]


SOFT = [
    "pytest || true",
    "pytest || echo failed",
    "set +e\npytest",
    "if pytest; then echo good; fi",
    "pytest || { echo failed; }",
    "(pytest && ruff check) || :",
]
HARD = [
    "pytest || exit 1",
    "pytest || (echo failed && exit 1)",
    "pytest || pytest --last-failed",
    "if ! pytest; then exit 1; fi",
    'set +e\npytest\nstatus=$?\nexit "$status"',
    "pytest | tee log",
    "echo 'a || true' && pytest",
]


@pytest.mark.parametrize(("run", "enforced"), [*((r, False) for r in SOFT), *((r, True) for r in HARD)])
def test_a_failure_that_is_swallowed_is_seen(tree: Tree, run: str, enforced: bool) -> None:
    indented = run.replace("\n", "\n    ")
    snapshot = tree({".github/workflows/ci.yml": workflow(f"- run: |\n    {indented}")})
    found = [c for s in only(snapshot).steps for c in s.commands if c.text == "pytest"]
    assert found
    assert found[0].enforced is enforced


def test_a_command_knows_its_line_and_how_it_was_reached(tree: Tree) -> None:
    snapshot = tree(
        {
            ".github/workflows/ci.yml": workflow("- run: |\n    echo one\n    make test"),
            "Makefile": "all:\n\techo all\n\ntest:\n\tgo vet\n\tgo test\n",
        }
    )
    last = only(snapshot).steps[0].commands[-1]
    assert (last.text, last.path, last.line, last.via) == ("go test", "Makefile", 6, ("make test",))
    (call,) = [c for c in only(snapshot).steps[0].commands if c.opened]
    assert (call.path, call.line) == (".github/workflows/ci.yml", 8)


GUARDS = [
    ("if [ -f tests.yaml ]; then pytest; fi", False),
    ("if [ -f Makefile ]; then pytest; fi", True),
    ("if [ -f tests.yaml ]; then echo; else pytest; fi", True),
    ("if [ -d src ]; then pytest; fi", False),
    ("touch tests.yaml\n    if [ -f tests.yaml ]; then pytest; fi", True),
    ('if [ -f "$FILE" ]; then pytest; fi', True),
]


@pytest.mark.parametrize(("run", "live"), GUARDS)
def test_a_block_that_waits_for_a_file_that_is_not_there_never_runs(tree: Tree, run: str, live: bool) -> None:
    snapshot = tree({".github/workflows/ci.yml": workflow(f"- run: |\n    {run}"), "Makefile": "a:\n\tb\n"})
    found = [c for s in only(snapshot).steps for c in s.commands if c.text == "pytest"]
    assert [c.live for c in found] == [live]


@pytest.mark.parametrize(
    ("pattern", "live"), [("package.json", False), ("**/go.mod", True), ("go.mod", False)]
)
def test_a_step_that_waits_for_hashed_files_runs_where_they_are(tree: Tree, pattern: str, live: bool) -> None:
    text = workflow(f"- run: x\n  if: hashFiles('{pattern}') != ''")
    assert only(tree({".github/workflows/ci.yml": text, "api/go.mod": ""})).steps[0].live is live


def step(tree: Tree, text: str, path: str = ".github/workflows/ci.yml", **files: str) -> Step:
    return only(tree({path: text, **files})).steps[-1]


@pytest.mark.parametrize(
    "condition", ["false", "${{ false }}", "always() && false", "${{ false && github.ref == 'x' }}"]
)
def test_a_github_step_that_never_runs_is_dead(tree: Tree, condition: str) -> None:
    assert not step(tree, workflow(f"- run: pytest\n  if: {condition}")).live
    assert not step(tree, workflow("- run: pytest", job=f"    if: {condition}\n")).live


@pytest.mark.parametrize(
    ("on", "triggers"),
    [
        ("push", {"change", "push"}),
        ("{push: {branches: [main]}}", {"push"}),
        ("{push: {tags: ['v*']}}", {"tag"}),
        ("{pull_request: }", {"change"}),
        ("{workflow_dispatch: , schedule: [{cron: '0 0 * * *'}]}", {"manual", "schedule"}),
        ("workflow_call", {"call"}),
    ],
)
def test_github_triggers(tree: Tree, on: str, triggers: set[str]) -> None:
    assert only(tree({".github/workflows/ci.yml": workflow("- run: pytest", on)})).triggers == triggers


def test_a_condition_on_the_event_narrows_what_starts_a_step(tree: Tree) -> None:
    found = step(
        tree,
        workflow(
            "- run: pytest\n  if: github.event_name == 'workflow_dispatch'", "[push, workflow_dispatch]"
        ),
    )
    assert found.manual
    assert found.triggers == {"manual"}


def test_a_local_reusable_workflow_is_read_with_its_inputs(tree: Tree) -> None:
    snapshot = tree(
        {
            ".github/workflows/ci.yml": "on: push\njobs:\n  t:\n    uses: ./.github/workflows/t.yml\n"
            "    with: {command: pytest -q}\n",
            ".github/workflows/t.yml": workflow("- run: ${{ inputs.command }}", "{workflow_call: }"),
        }
    )
    first, second = pipelines(snapshot)
    assert commands(first) == ["pytest -q"]
    assert first.steps[0].triggers == {"change", "push"}
    assert second.triggers == {"call"}


def test_a_composite_action_is_read_in_its_place(tree: Tree) -> None:
    action = "runs:\n  using: composite\n  steps:\n    - run: go test ./...\n      shell: bash\n"
    found = step(
        tree, workflow("- uses: ./.github/actions/test"), **{".github/actions/test/action.yml": action}
    )
    assert [c.text for c in found.commands] == ["go test ./..."]
    assert found.path == ".github/actions/test/action.yml"


def test_a_matrix_gives_a_command_for_each_of_its_values(tree: Tree) -> None:
    text = workflow(
        "- run: npm test\n  working-directory: ${{ matrix.app }}",
        job="    strategy: {matrix: {app: [web, api]}}\n",
    )
    snapshot = tree(
        {
            ".github/workflows/ci.yml": text,
            "web/package.json": '{"scripts": {"test": "jest"}}',
            "api/package.json": '{"scripts": {"test": "vitest"}}',
        }
    )
    assert commands(only(snapshot)) == ["jest", "vitest"]


def test_a_workflow_outside_the_folder_that_is_read_is_none(tree: Tree) -> None:
    text = workflow("- run: pytest")
    assert pipelines(tree({"ci/pipeline.yml": text, "docs/.github/workflows/ci.yml": text})) == ()


GITLAB = """
include:
  - local: ci/templates.yml
  - project: shared/ci
    file: deploy.yml
default:
  before_script: [pip install -e .]
.base:
  script:
    - !reference [.setup, script]
    - pytest
test:
  extends: .base
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
never:
  script: [pytest]
  when: never
hand:
  script: [make deploy]
  when: manual
soft:
  script: [pytest]
  allow_failure: true
filtered:
  script: [pytest]
  only:
    changes: [services/a/**]
"""


def test_gitlab_jobs_are_read_with_what_they_extend_and_include(tree: Tree) -> None:
    snapshot = tree(
        {
            ".gitlab-ci.yml": GITLAB,
            "ci/templates.yml": ".setup:\n  script: [echo set up]\n",
            "Makefile": "deploy:\n\tx\n",
        }
    )
    pipeline = only(snapshot)
    steps = {s.job: s for s in pipeline.steps}
    assert [c.text for c in steps["test"].commands] == ["pip install -e .", "echo set up", "pytest"]
    assert steps["test"].triggers == {"change"}
    assert not steps["never"].live
    assert steps["hand"].manual
    assert not steps["soft"].enforced
    assert steps["filtered"].paths == ("services/a/**",)
    assert [s.uses for s in pipeline.elsewhere] == ["shared/ci deploy.yml"]


JENKINS = """
pipeline {
  agent any
  stages {
    stage('Test (unit)') {
      steps {
        // sh 'make commented'
        dir('api') { sh 'pytest -q' }
        sh(script: "ruff check || true", returnStatus: true)
      }
    }
    stage('Never') {
      when { expression { false } }
      steps { sh 'helm test x' }
    }
    stage('Ask') {
      input { message 'Really?' }
      steps { sh '''
        helm upgrade x
        helm test x
      ''' }
    }
  }
  post { failure { sh 'helm rollback x' } }
}
def unused() { sh 'kubectl rollout undo x' }
"""


def test_jenkins_steps_are_read_with_the_blocks_around_them(tree: Tree) -> None:
    steps = only(tree({"Jenkinsfile": JENKINS})).steps
    assert [(s.name, [c.text for c in s.commands]) for s in steps] == [
        ("Test (unit)", ["pytest -q"]),
        ("Test (unit)", ["ruff check", "true"]),
        ("Never", ["helm test x"]),
        ("Ask", ["helm upgrade x", "helm test x"]),
        ("steps", ["helm rollback x"]),
        ("steps", ["kubectl rollout undo x"]),
    ]
    assert steps[0].commands[0].folder == "api"
    assert not steps[1].enforced
    assert not steps[2].live
    assert steps[3].manual
    assert steps[3].commands[1].line == 20
    assert steps[4].condition == "failure()"
    assert steps[5].why == "`unused` is never called"


FILTERS = [
    ((), "services/a", True),
    (("services/a/**",), "services/a", True),
    (("services/**",), "services/a", True),
    (("**",), "services/a", True),
    (("services/b/**",), "services/a", False),
    (("services/ab/**",), "services/a", False),
    (("docs/**", "services/a/src/*.py"), "services/a", True),
    (("!services/a/**",), "services/a", False),
    (("!docs/**",), "services/a", True),
    (("src/**",), "", True),
    (("services/b/**",), "", False),
]


@pytest.mark.parametrize(("paths", "folder", "expected"), FILTERS)
def test_a_pipeline_covers_what_its_paths_name(paths: tuple[str, ...], folder: str, expected: bool) -> None:
    pipeline = Pipeline(".github/workflows/ci.yml", "github", frozenset({"change"}), (), paths)
    assert covers(pipeline, service(folder, ("services/b",))) is expected


def test_a_pipeline_in_the_folder_of_a_neighbour_covers_that_alone() -> None:
    pipeline = Pipeline("services/b/Jenkinsfile", "jenkins", frozenset({"change"}), ())
    assert not covers(pipeline, service("services/a", ("services/b",)))
    assert covers(pipeline, service("services/b", ("services/a",)))


@pytest.mark.parametrize(
    ("script", "counts"),
    [
        ("#!/bin/sh\nexit 0\ngo test ./...\n", False),
        ("#!/bin/sh\nif [ -z \"$CI\" ]; then\n  exit 0\nfi\ngo test ./...\n", True),
        ("#!/bin/sh\ntest -n \"$CI\" || exit 0\ngo test ./...\n", True),
        ("#!/bin/sh\ngo test ./...\nexit 0\n", False),
        ("#!/bin/sh\nset -e\ngo test ./...\nexit 0\n", True),
        ("#!/bin/sh -e\ngo test ./...\nexit 0\n", True),
        ("#!/bin/sh\ngo test ./... || exit 1\nexit 0\n", True),
    ],
)  # fmt: skip
def test_what_stands_behind_a_good_end_counts_for_nothing(tree: Tree, script: str, counts: bool) -> None:
    snapshot = tree(
        {".github/workflows/ci.yml": "on: push\njobs: {a: {steps: [{run: ./t.sh}]}}\n", "t.sh": script}
    )
    (pipeline,) = pipelines(snapshot)
    found = [c for step in pipeline.steps for c in step.commands if c.text.startswith("go test")]
    assert [c.live and c.enforced for c in found] == [counts]
