"""Whether tests run on a change: sound, weak, hollow and hostile repositories."""

import textwrap
from collections.abc import Callable
from datetime import date

import pytest

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.checks import ci_tests
from scorecards.facts import Facts
from scorecards.result import Result

Tree = Callable[[dict[str, str]], Snapshot]
CI = ".github/workflows/ci.yml"


def judge(snapshot: Snapshot, path: str = "", neighbours: tuple[str, ...] = ()) -> Result:
    service = Service(Ref("component", "default", "payments"), "service", path, neighbours=neighbours)
    return ci_tests.evaluate(snapshot, service, Facts(date(2026, 11, 24)), {})


def github(steps: str, on: str = "[push, pull_request]", job: str = "") -> dict[str, str]:
    body = textwrap.indent(textwrap.dedent(steps).strip("\n"), "      ")
    extra = textwrap.indent(textwrap.dedent(job), "    ")
    return {CI: f"on: {on}\njobs:\n  test:\n    runs-on: x\n{extra}    steps:\n{body}\n", "app.py": "x = 1\n"}


PASSES = {
    "go": (github("- run: go test ./..."), "`go test ./...` runs on a change in GitHub Actions"),
    "make": (
        github("- run: make test") | {"Makefile": "test:\n\tpytest -q\n"},
        "`pytest -q` runs on a change",
    ),
    "npm": (github("- run: npm t") | {"package.json": '{"scripts": {"test": "vitest"}}'}, "`vitest` runs"),
    "own runner": (github("- run: make test") | {"Makefile": "test:\n\t./bin/hammer --all\n"}, "hammer"),
    "image": (github("- run: docker build .") | {"Dockerfile": "FROM x\nRUN mvn package\n"}, "`mvn package`"),
    "reusable": (
        {CI: "on: push\njobs:\n  t:\n    uses: acme/ci/.github/workflows/unit-tests.yml@v1\n"},
        "unit-tests",
    ),
    "its inputs tell": (
        {
            CI: "on: push\njobs:\n  t:\n    uses: acme/ci/.github/workflows/go.yml@v1\n"
            "    with: {run: go test ./...}\n"
        },
        "go.yml",
    ),
    "gitlab": ({".gitlab-ci.yml": "t: {script: [bundle exec rspec]}\n"}, "in GitLab CI"),
    "jenkins": ({"Jenkinsfile": "node { stage('t') { sh './gradlew check' } }\n"}, "in Jenkins"),
    "orb": (
        {".circleci/config.yml": "orbs: {a: b/c@1}\nworkflows: {w: {jobs: [a/build-and-test]}}\n"},
        "a/build-and-test",
    ),
    "retried": (github("- run: rake test || rake test"), "`rake test` runs"),
    "checked later": (
        github(
            """
            - id: unit
              run: pytest
              continue-on-error: true
            - if: steps.unit.outcome == 'failure'
              run: exit 1
            """
        ),
        "`pytest` runs",
    ),
}


@pytest.mark.parametrize(("files", "phrase"), PASSES.values(), ids=PASSES)
def test_tests_that_run_on_a_change_pass(tree: Tree, files: dict[str, str], phrase: str) -> None:
    result = judge(tree(files))
    assert (result.status, result.fix) == ("pass", "")
    assert phrase in result.message
    assert result.evidence[0].line


WEAK = {
    "build only": (github("- run: docker build ."), "but no test"),
    "image only": (
        github("- run: docker build .") | {"Dockerfile": "FROM x\nRUN apt-get install y\n"},
        "but no test",
    ),
    "lint only": (github("- run: ruff check"), "but no test"),
    "skipped": (github("- run: mvn package -DskipTests"), "but no test"),
    "compiled only": (github("- run: cargo test --no-run"), "but no test"),
    "by hand": (github("- run: pytest", "workflow_dispatch"), "only on: manual"),
    "on tags": (github("- run: pytest", "{push: {tags: ['v*']}}"), "only on: tag"),
    "at night": (github("- run: pytest", "{schedule: [{cron: '0 3 * * *'}]}"), "only on: schedule"),
    "load test": (github("- run: k6 run load.js"), "load test"),
    "by hand in gitlab": ({".gitlab-ci.yml": "t: {script: pytest, when: manual}\n"}, "only on: manual"),
}


@pytest.mark.parametrize(("files", "phrase"), WEAK.values(), ids=WEAK)
def test_weak_pipelines_are_partial_and_say_what_lacks(
    tree: Tree, files: dict[str, str], phrase: str
) -> None:
    result = judge(tree(files))
    assert result.status == "partial"
    assert phrase in result.message
    assert result.fix


HOLLOW = {
    "swallowed": (github("- run: pytest || true"), "changes nothing"),
    "continues": (github("- run: pytest\n  continue-on-error: true"), "changes nothing"),
    "job continues": (github("- run: pytest", job="continue-on-error: true\n"), "changes nothing"),
    "never": (github("- run: pytest\n  if: false"), "never runs"),
    "needs what never runs": (
        {CI: "on: push\njobs:\n  a: {if: false, steps: []}\n  b: {needs: a, steps: [{run: pytest}]}\n"},
        "never runs",
    ),
    "echo": (github("- run: echo pytest passed"), "none of them tests"),
    "npm's own placeholder": (
        github("- run: npm test") | {"package.json": '{"scripts": {"test": "echo \\"no test\\" && exit 1"}}'},
        "only prints",
    ),
    "hollow target": (github("- run: make test") | {"Makefile": "test:\n\t@echo ok\n"}, "only prints"),
    "no target": (github("- run: make test"), "Makefile"),
    "no script": (github("- run: ./scripts/test.sh"), "not in the repository"),
    "lost beside a build": (github("- run: docker build .\n- run: bash test.sh"), "not in the repository"),
    "swallowed beside a build": (github("- run: docker build .\n- run: pytest || true"), "changes nothing"),
    "commented": (github("- run: |\n    # pytest\n    echo done"), "none of them tests"),
    "allowed to fail": ({".gitlab-ci.yml": "t: {script: pytest, allow_failure: true}\n"}, "changes nothing"),
    "never in gitlab": ({".gitlab-ci.yml": "t: {script: pytest, when: never}\n"}, "never runs"),
    "jenkins": ({"Jenkinsfile": "node { sh 'pytest || true' }\n"}, "changes nothing"),
    "not read": (
        {"ci/pipeline.yml": "on: push\njobs: {t: {steps: [{run: pytest}]}}\n", "a.py": ""},
        "no pipeline",
    ),
    "nothing calls it": (github("- run: pytest", "{workflow_call: }"), "nothing calls"),
    "prints in a program": (github("- run: node -e \"console.log('basic test ok')\""), "none of them tests"),
    "captured": (github("- run: make test") | {"Makefile": "test:\n\tX=$$(yq a b)\n"}, "only prints"),
    "waits for a file": (github("- run: |\n    if [ -f no.yaml ]; then pytest; fi"), "never runs"),
    "installed only": (github("- run: pip install pytest"), "none of them tests"),
    "report only": (github("- uses: dorny/test-reporter@v1"), "none of them tests"),
    "no pipeline": ({"app.py": "x = 1\n"}, "no pipeline"),
    "only docs": (github("- run: pytest", "{push: {paths: ['docs/**']}}"), "none of them tests"),
}


@pytest.mark.parametrize(("files", "phrase"), HOLLOW.values(), ids=HOLLOW)
def test_hollow_tests_fail_and_say_why(tree: Tree, files: dict[str, str], phrase: str) -> None:
    result = judge(tree(files))
    assert result.status == "fail"
    assert phrase in result.message
    assert result.fix


def test_a_workflow_of_another_repository_whose_name_tells_nothing_is_unknown(tree: Tree) -> None:
    result = judge(tree({CI: "on: push\njobs:\n  p:\n    uses: acme/ci/.github/workflows/main.yml@v1\n"}))
    assert result.status == "unknown"
    assert "another repository" in result.message


def test_a_pipeline_that_cannot_be_read_is_unknown(tree: Tree) -> None:
    result = judge(tree({CI: "on: [push\n", "a.py": ""}))
    assert result.status == "unknown"
    assert CI in result.message


def test_without_code_and_pipeline_there_is_nothing_to_test(tree: Tree) -> None:
    assert judge(tree({"README.md": "# Hello\n"})).status == "not-applicable"


def test_examples_are_not_counted_and_say_so(tree: Tree) -> None:
    result = judge(tree({"examples/Jenkinsfile": "node { sh 'pytest' }\n", "a.py": ""}))
    assert result.status == "fail"
    assert result.not_counted[0].path == "examples/Jenkinsfile"


MONOREPO = ("services/a", "services/b")


def in_repository(result_of: str, tree: Tree, files: dict[str, str]) -> str:
    others = tuple(s for s in MONOREPO if s != result_of)
    files = {f"{s}/main.go": "package main\n" for s in MONOREPO} | files
    return judge(tree(files), result_of, others).status.value


def test_an_unfiltered_pipeline_at_the_root_covers_every_service(tree: Tree) -> None:
    files = github("- run: go test ./...")
    assert [in_repository(s, tree, files) for s in MONOREPO] == ["pass", "pass"]


def test_a_filtered_pipeline_covers_what_its_paths_name(tree: Tree) -> None:
    files = github("- run: go test ./...", "{push: {paths: ['services/a/**']}}")
    assert [in_repository(s, tree, files) for s in MONOREPO] == ["pass", "fail"]


def test_tests_of_a_neighbour_are_tests_of_a_part_that_is_not_the_service(tree: Tree) -> None:
    files = github("- run: go test ./...\n  working-directory: services/a")
    assert [in_repository(s, tree, files) for s in MONOREPO] == ["pass", "partial"]


@pytest.mark.parametrize(
    ("files", "phrases"),
    [
        ({"go.mod": "module x\n", "a.go": ""}, (".github/workflows/ci.yml", "go test ./...")),
        (
            {"api/pom.xml": "<a/>", "a.java": "", ".gitlab-ci.yml": "a: {script: x}\n"},
            (".gitlab-ci.yml", "`api`"),
        ),
        ({"package.json": "{}", "a.ts": "", "Jenkinsfile": "node { sh 'x' }"}, ("Jenkinsfile", "npm test")),
    ],
)
def test_the_fix_fits_the_repository(tree: Tree, files: dict[str, str], phrases: tuple[str, ...]) -> None:
    fix = judge(tree(files)).fix
    assert all(p in fix for p in phrases)


def test_the_example_passes(tree: Tree) -> None:
    example = (ci_tests.__doc__ or "").partition("## Example")[2].partition("##")[0]
    text = textwrap.dedent(example.strip("\n"))
    assert judge(tree({CI: text, "main.go": ""})).status == "pass"
