"""Toxiproxy in tests: the proxy is there, and test code puts toxics on it."""

import re
from collections.abc import Iterator

from catalog.snapshot import Snapshot
from scorecards.reading.experiment import Experiment, clean

_NAME = "Toxiproxy"
_SAYS_SO = re.compile(
    r"(?:^|/)(?:Gemfile|package\.json|go\.mod|pom\.xml|build\.gradle(?:\.kts)?|[\w.-]*requirements[\w.-]*\.txt"
    r"|pyproject\.toml|Cargo\.toml|[\w.-]+\.csproj|libs\.versions\.toml|mix\.exs|composer\.json"
    r"|(?:docker-)?compose[\w.-]*\.ya?ml|\.gitlab-ci\.yml|\.travis\.yml)$|^\.github/workflows/|^\.circleci/"
)
_TEST = re.compile(
    r"(?:^|/)(?:tests?|specs?|e2e|it|integration|acceptance|chaos|resilience|__tests__|features)/|[Tt]ests?\.\w+$"
    r"|IT\.\w+$|_(?:test|spec)\.\w+$|\.(?:test|spec)\.\w+$|(?:^|/)test_"
)
_CODE = (
    ".rb",
    ".py",
    ".go",
    ".js",
    ".ts",
    ".java",
    ".kt",
    ".cs",
    ".rs",
    ".php",
    ".ex",
    ".exs",
    ".scala",
    ".sh",
)
_TOXIC = re.compile(
    r"toxics?\(|\.toxics?\b|add_?toxic|addToxic|\.downstream\(|\.upstream\(|toxiproxy-cli\s+toxic|\.down\b"
    r"|\b(?:latency|bandwidth|slow_close|timeout|reset_peer|slicer|limit_data)\(|\.disable\(|setConnectionCut",
)
_MAX = 400


def find(snapshot: Snapshot) -> Iterator[Experiment]:
    """Test files that apply toxics, where something in the repository brings the proxy."""
    brought = any(
        "toxiproxy" in (snapshot.text(p) or "")
        for p in snapshot.files
        if _SAYS_SO.search(p) and "vendor/" not in p
    )
    if not brought:
        return
    read = 0
    for path in snapshot.files:
        if not path.endswith(_CODE) or not _TEST.search(path) or "node_modules/" in path:
            continue
        read += 1
        text = snapshot.text(path) or ""
        toxic = _TOXIC.search(text) if "oxiproxy" in text.lower() or "oxiproxy" in text else None
        if toxic:
            line = text.count("\n", 0, toxic.start()) + 1
            yield Experiment(path.rpartition("/")[2], _NAME, path, line, clean([toxic.group().strip(".(")]))
        if read >= _MAX:
            return
