"""Which files are pipelines, by their path alone, and which module reads them."""

import importlib
from collections.abc import Callable

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.paths import paths
from scorecards.reading.pipeline import Pipeline

Reader = Callable[[Snapshot, str], Pipeline | None]

_SYSTEMS: tuple[tuple[str, str], ...] = (
    ("github", r"\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml\Z"),
    ("gitlab", r"\.gitlab-ci\.ya?ml\Z"),
    ("circleci", r"\.circleci/[^/]+\.ya?ml\Z"),
    ("jenkins", r"(?:.*/)?(?:Jenkinsfile[^/]*|[^/]+\.[Jj]enkinsfile|jenkinsfile[^/]*)\Z"),
    (
        "azure",
        r"(?:.*/)?(?:azure[-_](?:[\w-]+[-_])?pipelines?[^/]*\.ya?ml|\.?(?:azure[-_]?pipelines|azuredevops|azdo)/[^/]+\.ya?ml)\Z"
        r"|(?:\.azure/|\.ado/)?(?:pipelines/)?(?:ci|cd|build|pr|release|deploy|pipelines?|ci-cd)\.ya?ml\Z",
    ),
    ("buildkite", r"\.?buildkite(?:/[^/]+)?\.ya?ml\Z"),
    ("tekton", r"(?:.*/)?\.?tekton[^/]*/(?:[^/]+/)*[^/]+\.ya?ml\Z"),
    ("drone", r"(?:.*/)?\.drone[^/]*\.ya?ml\Z"),
    ("woodpecker", r"\.woodpecker(?:/.+)?\.ya?ml\Z"),
    ("travis", r"\.travis\.ya?ml\Z"),
    ("bitbucket", r"bitbucket-pipelines\.ya?ml\Z"),
    ("cloudbuild", r"(?:.*/)?\.?cloud-?build[^/]*\.(?:ya?ml|json)\Z"),
    ("codebuild", r"(?:.*/)?(?:[^/]+[-_.])?buildspec[^/]*\.ya?ml\Z"),
    (
        "others",
        r"\.?(?:appveyor|cirrus|build|codefresh|codemagic|bitrise|screwdriver|delivery)\.ya?ml\Z"
        r"|\.semaphore/[^/]+\.ya?ml\Z|\.builds/[^/]+\.ya?ml\Z",
    ),
)
_PATHS = regex("|".join(f"(?P<{name}>{pattern})" for name, pattern in _SYSTEMS))
_ENDINGS = ("yml", "yaml", "json")
_MAX_FILES = 300


def pipelines(snapshot: Snapshot) -> tuple[Pipeline, ...]:
    """Every pipeline that a CI system would read; made once a snapshot."""
    return snapshot.derive(_read)


def _read(snapshot: Snapshot) -> tuple[Pipeline, ...]:
    found: list[Pipeline] = []
    sorted_ = paths(snapshot)
    for path in sorted({*sorted_.ending(*_ENDINGS), *sorted_.holding("jenkinsfile")}):
        if len(found) < _MAX_FILES and (match := _PATHS.match(path)):
            pipeline = _reader(str(match.lastgroup))(snapshot, path)
            if pipeline is not None:
                found.append(pipeline)
    return tuple(found)


def _reader(system: str) -> Reader:
    reader: Reader = importlib.import_module(f"scorecards.reading.pipelines.{system}").read
    return reader
