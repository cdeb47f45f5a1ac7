"""What a repository is made with: its language, its CI system, so that a fix speaks its language."""

import posixpath
import re
from typing import NamedTuple

from catalog.regex import regex
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.reading.paths import paths
from scorecards.reading.pipelines import pipelines
from scorecards.reading.scope import aside, is_own
from scorecards.reading.words import word_set

_CODE = regex(
    r"\.(?:py|go|rs|js|jsx|mjs|cjs|ts|tsx|java|kt|kts|scala|groovy|rb|php|cs|fs|vb|swift|m|mm|c|cc|cpp|cxx|h|hpp|"
    r"ex|exs|erl|clj|cljs|hs|ml|dart|lua|r|jl|pl|pm|sh|bash|ps1|tf|vue|svelte|sql|nim|cr|zig|elm|sol|jsonnet|"
    r"libsonnet|rego|bicep)\Z",
    re.IGNORECASE,
)
_STACKS: tuple[tuple[str, str, str], ...] = (
    (r"go\.mod", "Go", "go test ./..."),
    (r"Cargo\.toml", "Rust", "cargo test"),
    (r"gradlew", "Gradle", "./gradlew check"),
    (r"build\.gradle(?:\.kts)?", "Gradle", "gradle check"),
    (r"mvnw", "Maven", "./mvnw -B verify"),
    (r"pom\.xml", "Maven", "mvn -B verify"),
    (r"mix\.exs", "Elixir", "mix test"),
    (r"Gemfile", "Ruby", "bundle exec rspec"),
    (r"composer\.json", "PHP", "vendor/bin/phpunit"),
    (r"[^/]+\.(?:csproj|sln|fsproj)", ".NET", "dotnet test"),
    (r"pyproject\.toml|requirements[^/]*\.txt|setup\.py|Pipfile", "Python", "pytest"),
    (r"package\.json", "Node", "npm test"),
    (r"pubspec\.yaml", "Dart", "dart test"),
    (r"Package\.swift", "Swift", "swift test"),
)
_FILES = regex("|".join(f"(?P<s{n}>{pattern})" for n, (pattern, _, _) in enumerate(_STACKS)))

_EXACT = word_set(
    """
    go.mod cargo.toml gradlew build.gradle build.gradle.kts mvnw pom.xml mix.exs gemfile composer.json
    pyproject.toml setup.py pipfile package.json pubspec.yaml package.swift
    """
)
_LIKE = ("csproj", "sln", "fsproj", "txt")

SYSTEMS = {
    "github": ("GitHub Actions", ".github/workflows/ci.yml"),
    "gitlab": ("GitLab CI", ".gitlab-ci.yml"),
    "circleci": ("CircleCI", ".circleci/config.yml"),
    "jenkins": ("Jenkins", "Jenkinsfile"),
    "azure": ("Azure Pipelines", "azure-pipelines.yml"),
    "buildkite": ("Buildkite", ".buildkite/pipeline.yml"),
    "tekton": ("Tekton", ".tekton/pull-request.yaml"),
    "drone": ("Drone", ".drone.yml"),
    "woodpecker": ("Woodpecker", ".woodpecker.yml"),
    "travis": ("Travis CI", ".travis.yml"),
    "bitbucket": ("Bitbucket Pipelines", "bitbucket-pipelines.yml"),
    "cloudbuild": ("Cloud Build", "cloudbuild.yaml"),
    "codebuild": ("CodeBuild", "buildspec.yml"),
}
"""Each CI system's name for a person, and the file that it reads."""


class Stack(NamedTuple):
    """What a service is written with, and the command that tests such a thing."""

    name: str
    folder: str
    test: str


def system_name(system: str) -> str:
    """A CI system's name for a person."""
    return SYSTEMS.get(system, (system.capitalize(), ""))[0]


def ci_file(snapshot: Snapshot, service: Service) -> tuple[str, str]:
    """The CI system that the repository uses and the file to change; GitHub's where nothing tells."""
    found = [p for p in pipelines(snapshot) if aside(p.path, service) is None]
    for pipeline in found:
        return pipeline.system, pipeline.path
    for path in (".gitlab", ".gitlab-ci"):
        if any(p.startswith(f"{path}/") for p in snapshot.files):
            return "gitlab", SYSTEMS["gitlab"][1]
    return "github", SYSTEMS["github"][1]


def stack(snapshot: Snapshot, service: Service) -> Stack | None:
    """What the service is written with, by the build files of its own folder, the topmost first."""
    best: tuple[int, int, Stack] | None = None
    sorted_ = paths(snapshot)
    for path in (*sorted_.named(*_EXACT), *sorted_.ending(*_LIKE)):
        match = _FILES.fullmatch(path.rpartition("/")[2])
        if match and is_own(path, service) and aside(path, service) is None:
            number = int(str(match.lastgroup)[1:])
            depth = path.count("/")
            if best is None or (depth, number) < best[:2]:
                _, name, test = _STACKS[number]
                best = depth, number, Stack(name, posixpath.dirname(path), test)
    return best[2] if best else None


def has_code(snapshot: Snapshot, service: Service) -> bool:
    """Whether the service has code of its own: anything that could be tested."""
    return any(
        _CODE.search(path) and is_own(path, service) and aside(path, service) is None
        for path in snapshot.files
    )
