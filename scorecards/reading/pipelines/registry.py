"""Which files are pipelines, by their path alone, and which module reads them."""

import importlib
import re
from collections.abc import Callable

from catalog.snapshot import Snapshot
from scorecards.reading.pipeline import Pipeline

Reader = Callable[[Snapshot, str], Pipeline | None]

_SYSTEMS: tuple[tuple[str, str], ...] = (
    ("github", r"\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml\Z"),
    ("gitlab", r"\.gitlab-ci\.ya?ml\Z"),
    ("jenkins", r"(?:.*/)?(?:Jenkinsfile[^/]*|[^/]*\.?[Jj]enkinsfile(?:\.groovy)?)\Z"),
)
_PATHS = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _SYSTEMS))
_HINT = re.compile(r"\.git|\.circleci/|[Jj]enkinsfile")
_MAX_FILES = 300


def pipelines(snapshot: Snapshot) -> tuple[Pipeline, ...]:
    """Every pipeline that a CI system would read; made once a snapshot."""
    return snapshot.derive(_read)


def _read(snapshot: Snapshot) -> tuple[Pipeline, ...]:
    found: list[Pipeline] = []
    for path in snapshot.files:
        if len(found) < _MAX_FILES and _HINT.search(path) and (match := _PATHS.match(path)):
            pipeline = _reader(str(match.lastgroup))(snapshot, path)
            if pipeline is not None:
                found.append(pipeline)
    return tuple(_chained(found))


def _reader(system: str) -> Reader:
    reader: Reader = importlib.import_module(f"scorecards.reading.pipelines.{system}").read
    return reader


def _chained(found: list[Pipeline]) -> list[Pipeline]:
    return found
