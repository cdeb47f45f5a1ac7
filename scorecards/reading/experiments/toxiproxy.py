"""Toxiproxy in tests: the proxy is there, and test code puts toxics on it."""

from collections.abc import Iterator

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.experiment import Experiment, clean
from scorecards.reading.paths import paths

_NAME = "Toxiproxy"
_MANIFESTS = (
    *("gemfile", "package.json", "go.mod", "pom.xml", "build.gradle", "build.gradle.kts", "pyproject.toml"),
    *("cargo.toml", "libs.versions.toml", "mix.exs", "composer.json", "requirements.txt", "setup.py"),
    *("docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml", ".gitlab-ci.yml"),
    *("requirements-dev.txt", "dev-requirements.txt", "requirements-test.txt", "test-requirements.txt"),
)
_TEST = regex(
    r"(?:^|/)(?:tests?|specs?|e2e|it|integration|acceptance|chaos|resilience|__tests__|features)/|[Tt]ests?\.\w+$"
    r"|IT\.\w+$|_(?:test|spec)\.\w+$|\.(?:test|spec)\.\w+$|(?:^|/)test_"
)
_CODE = ("rb", "py", "go", "js", "ts", "java", "kt", "cs", "rs", "php", "ex", "exs", "scala", "sh")
_TOXIC = regex(
    r"toxics?\(|\.toxics?\b|add_?toxic|addToxic|\.downstream\(|\.upstream\(|toxiproxy-cli\s+toxic|\.down\b"
    r"|\b(?:latency|bandwidth|slow_close|timeout|reset_peer|slicer|limit_data)\(|\.disable\(|setConnectionCut",
)
_MAX = 400


def _brought(snapshot: Snapshot) -> bool:
    known = paths(snapshot)
    listed = [*known.named(*_MANIFESTS), *known.ending("csproj")]
    listed += [p for p in known.ending("yml", "yaml") if p.startswith((".github/", ".circleci/"))]
    return any("oxiproxy" in (snapshot.text(path) or "") for path in listed)


def find(snapshot: Snapshot) -> Iterator[Experiment]:
    """Test files that apply toxics, where something in the repository brings the proxy."""
    if not _brought(snapshot):
        return
    read = 0
    for path in paths(snapshot).ending(*_CODE):
        if not _TEST.search(path):
            continue
        read += 1
        text = snapshot.text(path) or ""
        toxic = _TOXIC.search(text) if "oxiproxy" in text.lower() else None
        if toxic:
            line = text.count("\n", 0, toxic.start()) + 1
            yield Experiment(path.rpartition("/")[2], _NAME, path, line, clean([toxic.group().strip(".(")]))
        if read >= _MAX:
            return
