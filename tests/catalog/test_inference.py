"""What a repository without a descriptor is."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.inference import infer
from catalog.readme import MAX_DESCRIPTION, opening
from catalog.service import TYPES
from catalog.snapshot import Entry, Snapshot

Tree = Callable[[dict[str, str]], Snapshot]

DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: x\n"
CRONJOB = "apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: x\n"
LAMBDA = 'provider "aws" {}\nresource "aws_lambda_function" "x" {\n}\n'
CASES: list[tuple[str, dict[str, str]]] = [
    ("service", {"k8s/app.yaml": DEPLOYMENT, "main.go": ""}),
    (
        "service",
        {"charts/x/templates/deployment.yaml": "{{- if .Values.on }}\n" + DEPLOYMENT + "{{- end }}\n"},
    ),
    ("service", {"svc.yaml": "apiVersion: serving.knative.dev/v1\nkind: Service\n"}),
    ("worker", {"k8s/cron.yaml": CRONJOB}),
    ("worker", {"chaos/weekly.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: CronWorkflow\n"}),
    (
        "service",
        {
            "all.yaml": "kind: Template\nobjects:\n- apiVersion: apps/v1\n  kind: Deployment\n",
            "x.jsonnet": "",
        },
    ),
    ("library", {"scale.yaml": "kind: X\nspec:\n  scaleTargetRef:\n    kind: Deployment\n", "x.jsonnet": ""}),
    ("service", {"clusters/prod.yaml": "releases:\n  - name: x\n    chart: stable/x\n"}),
    (
        "service",
        {".nais/prod.yaml": "apiVersion: nais.io/v1alpha1\nkind: Application\n", "package.json": "{}"},
    ),
    ("library", {".devcontainer/compose.yml": "services:\n  a:\n    build: .\n", "go.mod": "module x\n"}),
    ("service", {"src/Api/Api.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web">', "x.sln": ""}),
    ("function", {"F/F.csproj": "<AzureFunctionsVersion>v4</AzureFunctionsVersion>"}),
    (
        "library",
        {"src/L/L.csproj": '<Project Sdk="Microsoft.NET.Sdk">', "tests/T/T.csproj": "Microsoft.NET.Sdk.Web"},
    ),
    ("tool", {"package.json": '{"devDependencies": {"electron": "1"}}'}),
    ("service", {"k8s/cron.yaml": CRONJOB, "k8s/web.yaml": DEPLOYMENT}),
    ("service", {"Dockerfile": 'FROM python:3\nCMD ["app"]\n'}),
    ("service", {"docker/api.Dockerfile": 'FROM scratch\nentrypoint ["/app"]\n'}),
    (
        "service",
        {"Dockerfile": "FROM node AS build\nRUN x\nFROM nginx:1.27\nCOPY a b\n", "package.json": "{}"},
    ),
    ("library", {"Dockerfile": "FROM python:3\nRUN make\n", "pyproject.toml": "[project]\n"}),
    ("library", {"Dockerfile": 'FROM python:3\nCMD ["bash"]\n', "pyproject.toml": "[project]\n"}),
    (
        "library",
        {".devcontainer/Dockerfile": 'FROM x\nCMD ["a"]\n', "go.mod": "module x\n", "x.go": "package x\n"},
    ),
    ("service", {"docker-compose.yml": "services:\n  a:\n    build: .\n"}),
    ("service", {"compose.yaml": "services:\n  a:\n    build:\n      context: .\n"}),
    ("library", {"docker-compose.yml": "services:\n  db:\n    image: postgres\n", "setup.py": ""}),
    ("service", {"Procfile": "web: gunicorn x\nworker: celery\n"}),
    ("worker", {"Procfile": "worker: celery\n"}),
    ("service", {"app.json": '{"name": "x", "buildpacks": []}'}),
    ("service", {"fly.toml": 'app = "x"\n'}),
    ("service", {"render.yaml": "services: []\n"}),
    ("service", {"app.yaml": "runtime: python312\n"}),
    ("service", {"deploy/x.nomad": 'job "x" {}\n'}),
    ("function", {"serverless.yml": "service: x\n"}),
    ("function", {"template.yaml": "Resources:\n  F:\n    Type: AWS::Serverless::Function\n"}),
    ("function", {"wrangler.toml": 'name = "x"\n'}),
    ("function", {"host.json": "{}", "hello/function.json": "{}"}),
    ("static-site", {"netlify.toml": "[build]\n", "index.html": ""}),
    ("static-site", {"vercel.json": "{}", "package.json": '{"dependencies": {"react": "1"}}'}),
    ("service", {"vercel.json": "{}", "package.json": '{"dependencies": {"next": "1"}}'}),
    ("service", {"netlify.toml": '[functions]\ndirectory = "x"\n'}),
    ("service", {"main.tf": LAMBDA}),
    (
        "service",
        {"main.tf": 'terraform {\n  backend "s3" {}\n}\n', "ecs.tf": 'resource "aws_ecs_service" "x" {\n}\n'},
    ),
    ("infrastructure-module", {"main.tf": 'resource "aws_ecs_service" "x" {\n}\n', "variables.tf": ""}),
    ("infrastructure-module", {"main.tf": 'resource "aws_s3_bucket" "x" {\n}\n'}),
    ("infrastructure-module", {"tasks/main.yml": "- name: x\n", "meta/main.yml": "galaxy_info: {}\n"}),
    ("mobile-app", {"App.xcodeproj/project.pbxproj": "", "App/main.swift": ""}),
    (
        "mobile-app",
        {
            "app/build.gradle": "plugins { id 'com.android.application' }",
            "app/src/main/AndroidManifest.xml": "",
            "build.gradle": "",
        },
    ),
    ("mobile-app", {"app.json": '{"expo": {}}', "package.json": '{"dependencies": {"expo": "1"}}'}),
    ("mobile-app", {"pubspec.yaml": "dependencies:\n  flutter:\n    sdk: flutter\n", "lib/main.dart": ""}),
    ("data-pipeline", {"dbt_project.yml": "name: x\n", "models/a.sql": ""}),
    ("data-pipeline", {"dags/a.py": "from airflow import DAG\n"}),
    ("service", {"manage.py": "", "requirements.txt": "django\n"}),
    (
        "service",
        {
            "pom.xml": "<artifactId>spring-boot-maven-plugin</artifactId>",
            "src/main/resources/application.yml": "",
        },
    ),
    ("library", {"pom.xml": "<project/>", "src/main/java/A.java": ""}),
    ("service", {"package.json": '{"scripts": {"start": "node ."}, "dependencies": {"express": "1"}}'}),
    (
        "library",
        {"package.json": '{"scripts": {"test": "x"}, "devDependencies": {"express": "1"}}', "a.js": ""},
    ),
    ("static-site", {"index.html": "", "style.css": ""}),
    ("static-site", {"_config.yml": "title: x\n", "index.md": ""}),
    ("static-site", {"package.json": '{"private": true, "dependencies": {"react-scripts": "1"}}'}),
    (
        "tool",
        {"action.yml": "name: x\nruns:\n  using: docker\n", "Dockerfile": 'FROM x\nENTRYPOINT ["/x"]\n'},
    ),
    ("tool", {"pyproject.toml": "[project]\n[project.scripts]\nx = 'x:main'\n"}),
    ("tool", {"package.json": '{"bin": {"x": "x.js"}}'}),
    ("tool", {"go.mod": "module x\n", "cmd/x/main.go": "package main\n"}),
    ("tool", {"Cargo.toml": "[package]\n", "src/main.rs": ""}),
    ("tool", {"run.sh": "", "README.md": ""}),
    ("library", {"Cargo.toml": "[package]\n", "src/lib.rs": ""}),
    ("library", {"go.mod": "module x\n", "x.go": "package x\n"}),
    ("library", {"x.gemspec": "", "lib/x.rb": ""}),
    ("library", {"x.lua": ""}),
    ("documentation", {"README.md": "# x\n", "guide/a.md": ""}),
    ("documentation", {"mkdocs.yml": "site_name: x\n", "docs/index.md": ""}),
    ("documentation", {}),
]


@pytest.mark.parametrize(("kind", "files"), CASES)
def test_the_files_tell_the_type(tree: Tree, kind: str, files: dict[str, str]) -> None:
    found = infer(tree(files))
    assert found.type == kind
    assert found.because is None or found.because in files


@pytest.mark.parametrize("aside", ["examples/web", "testdata", "vendor/x", "docs", "tests"])
def test_what_runs_only_in_an_example_or_test_makes_no_service(tree: Tree, aside: str) -> None:
    files = {
        f"{aside}/Dockerfile": 'FROM x\nCMD ["x"]\n',
        f"{aside}/k8s.yaml": DEPLOYMENT,
        "go.mod": "module x\n",
    }
    assert infer(tree(files)).type == "library"


def test_a_folder_is_judged_by_its_own_files(tree: Tree) -> None:
    snapshot = tree(
        {
            "Procfile": "web: x\n",
            "libs/a/pyproject.toml": "[project]\n",
            "libs/a/README.md": "# A\n\nHelps.\n",
        }
    )
    found = infer(snapshot, "libs/a")
    assert (found.type, found.title, found.description) == ("library", "A", "Helps.")
    assert infer(snapshot).type == "service"


def test_the_language_is_that_of_most_files_scripts_aside(tree: Tree) -> None:
    assert (
        infer(tree({"a.py": "", "b.py": "", "c.go": "", **{f"{n}.sh": "" for n in range(9)}})).language
        == "Python"
    )
    assert infer(tree({"a.sh": "", "b.sql": "", "c.sh": ""})).language == "Shell"
    assert infer(tree({"vendor/a.go": "", "vendor/b.go": "", "c.ts": ""})).language == "TypeScript"
    assert infer(tree({"README.md": ""})).language is None


@pytest.mark.parametrize(
    ("text", "title", "paragraph"),
    [
        ("# Payments\n\nTakes `money` from\npeople.\n\nMore.\n", "Payments", "Takes money from people."),
        ("Payments\n========\n\nTakes money.\n", "Payments", "Takes money."),
        ("[![a](a.svg)](b)\n![x](y)\n# P\n[![c](d)][e]\n\n[Pay](u) _now_ a_b.\n", "P", "Pay now a_b."),
        ("<p align=center><img src=x></p>\n\n# P\n<!-- note -->\nText.\n", "P", "Text."),
        ("# P\n\n- a\n- b\n\n> quoted\n\n| a | b |\n\n```sh\nrun me\n```\nAt last.\n", "P", "At last."),
        ("= Asciidoc\n:toc:\n\nSays what.\n", "Asciidoc", "Says what."),
        ("# P\n", "P", None),
        ("", None, None),
        ("Only words.\n", None, "Only words."),
        ("## Second\n### Third\ntext", "Second", "text"),
    ],
)  # fmt: skip
def test_a_readme_opens_with_a_title_and_a_paragraph(
    text: str, title: str | None, paragraph: str | None
) -> None:
    assert opening(text) == (title, paragraph)


def test_a_long_paragraph_is_cut_at_a_word(tree: Tree) -> None:
    found = opening("# P\n\n" + "word " * 500).paragraph or ""
    assert len(found) <= MAX_DESCRIPTION
    assert found.endswith("word…")


@given(st.text(st.sampled_from("#=-`[]()!<>*_ \na") | st.characters(), max_size=300))
def test_no_readme_makes_it_raise(text: str) -> None:
    found = opening(text)
    assert found.title is None or 0 < len(found.title) <= MAX_DESCRIPTION
    assert found.paragraph is None or 0 < len(found.paragraph) <= MAX_DESCRIPTION


@pytest.mark.parametrize(
    "hostile", ["[" * 8_000, "![" * 4_000, "<" * 8_000, "[](" * 2_600, "# " * 4_000, "`" * 8_000]
)
def test_a_hostile_readme_takes_no_time(hostile: str) -> None:
    begin = time.process_time()
    opening("x " + hostile)
    assert time.process_time() - begin < 1


NAMES = [
    *(
        "Dockerfile",
        "package.json",
        "action.yml",
        "app.json",
        "Procfile",
        "main.tf",
        "pyproject.toml",
        "k8s.yaml",
    ),
    *(
        "README.md",
        "vercel.json",
        "pubspec.yaml",
        "template.yaml",
        "compose.yaml",
        "manage.py",
        "go.mod",
        "dags/a.py",
    ),
]


@given(
    st.dictionaries(
        st.sampled_from(NAMES), st.sampled_from(["", "[1]", "{", '"x"', "null", "a: b", '{"scripts": 1}'])
    )
)
def test_whatever_the_files_hold_the_type_is_one_of_ours(files: dict[str, str]) -> None:
    class Held:
        commit = None

        def entries(self) -> list[Entry]:
            return [Entry(path, "file", text) for path, text in files.items()]

        def read(self, entry: Entry, limit: int) -> bytes:
            text: str = entry.handle
            return text.encode()

    found = infer(Snapshot(Held(), "p"))
    assert found.type in TYPES
