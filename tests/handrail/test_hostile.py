"""Hostile repositories, crawled beside sound ones: each has its message, and nobody else is harmed."""

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from handrail.terminal import safe
from tests.handrail.hostile import MADE, SERVICE, Repository

ROOT = Path(__file__).parents[2]
SOUND = ("a-sound-one", "m-sound-one", "z-sound-one")
SECONDS = 240
MEGABYTES = 700

SAYS = {
    "alias-bomb": "More than 200,000 values once its aliases are spelled out",
    "alias-of-itself": "contains itself",
    "alias-that-is-not-there": "undefined alias",
    "deep-flow": "nesting depth|100 levels",
    "deep-block": "100 levels",
    "deep-maps": "100 levels",
    "huge": "100,000,018 bytes, more than the 2,097,152",
    "tabs": "cannot start any token",
    "duplicate-keys": "`owner` is written twice",
    "python-object": "`metadata.name` is a list, not text",
    "lists-as-keys": "A key that is not a plain word",
    "merge-with-itself": "contains itself",
    "lone-surrogates": "invalid Unicode",
    "many-keys": "More than 200,000 values",
    "many-documents": "further problems, which are not listed",
    "slow-waivers": "further problems, which are not listed",
    "wrong-types": "`kind` is a list, not text",
    "wrong-types-within": "`metadata.name` is a mapping",
    "a-name-too-long": "more than the 63 allowed",
    "a-name-that-is-a-path": "`metadata.name` cannot be",
    "html-in-every-field": r"`metadata.tags\[0\]` cannot be",
    "location-elsewhere": "leads out of the repository",
    "location-of-everything": "leads to no file of this repository",
    "links-out-of-the-tree": "a link that leads nowhere",
    "links-in-circles": "a link that leads nowhere",
    "links-in-a-long-chain": "a link that leads nowhere",
    "two-hundred-thousand-files": "Only the first 200,000 files were read",
    "a-tree-within-itself-a-thousand-million-times": "Only the first 200,000 files were read",
    "empty": "no commit yet",
    "no-commit-on-the-default-branch": "no commit yet",
    "a-head-that-names-itself": "no commit yet",
    "a-head-out-of-the-repository": "no commit yet",
    "a-head-of-bytes": "no commit yet",
    "references-of-bytes": "no commit yet",
    "a-head-that-is-a-tree": "HEAD is no commit but tree",
    "a-head-that-is-a-blob": "HEAD is no commit but blob",
    "a-head-that-is-a-tag": "HEAD is no commit but tag",
    "a-head-that-is-a-commit-that-is-missing": "missing or broken",
    "a-missing-descriptor": "its object is missing or broken",
    "a-missing-tree": "missing or broken",
    "a-missing-commit": "missing or broken",
    "a-pack-that-is-cut-off": "missing or broken",
    "an-index-of-a-pack-that-lies": "missing or broken",
    "a-commit-with-nothing-in-it": "missing or broken",
    "a-shallow-file-of-nonsense": "not a git repository that can be read",
    "configuration-that-is-broken": "not a git repository that can be read",
    "configuration-of-bytes": "not a git repository that can be read",
    "configuration-of-a-version-to-come": "not a git repository that can be read",
}
"""What a crawl says of a repository. Of the others it says nothing, or what is no matter: they are read."""

READ = (
    "alias-bomb-in-a-workflow",
    "deep-json-lists",
    "deep-toml",
    "deep-terraform",
    "not-utf-8",
    "utf-16",
    "nul",
    "byte-order-mark",
    "crlf",
    "cr",
    "on-as-a-boolean",
    "endless-json-number",
    "bidirectional",
    "escape-sequences",
    "runbook-elsewhere",
    "source-elsewhere",
    "a-missing-blob",
    "names-that-differ-in-case",
    "folders-a-thousand-deep",
    "a-commit-with-a-date-in-the-far-future",
    "a-commit-with-an-odd-encoding",
    "submodules-with-hostile-addresses",
    "attributes-with-filters",
    "configuration-that-runs-programs",
    "sha-256",
    "slow-brackets",
    "slow-emphasis",
    "slow-spaces",
    "slow-shell",
)
"""Of these the service is in the catalog under the name it gives itself."""


@dataclass(frozen=True)
class Crawled:
    """What became of them all."""

    report: dict[str, Any]
    services: dict[str, dict[str, Any]]
    err: str
    seconds: float
    megabytes: float
    folder: Path

    def said(self, name: str) -> list[str]:
        return [error["message"] for error in self.report["errors"] if error["repository"] == name]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    folder = tmp_path_factory.mktemp("hostile")
    where = folder / "repositories"
    where.mkdir()
    for name in SOUND:
        Repository(where, name).commit({"catalog-info.yaml": SERVICE.replace("NAME", name)})
    for name, make in MADE.items():
        make(Repository(where, name))
    program = (
        "import resource, sys; from handrail.__main__ import main\n"
        "try: main()\n"
        "finally: print('PEAK', max(resource.getrusage(w).ru_maxrss for w in "
        "(resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)), file=sys.stderr)"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [
            sys.executable,
            "-c",
            program,
            *arguments,
            "--format",
            "json",
            "--db",
            f"sqlite:///{folder}/x.db",
        ]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=900)

    started = time.monotonic()
    done = run("crawl", str(where))
    seconds = time.monotonic() - started
    listed = json.loads(run("services").stdout)["services"]
    peak = int(re.findall(r"PEAK (\d+)", done.stderr)[-1]) / 1024
    services = {service["ref"].rpartition("/")[2]: service for service in listed}
    return Crawled(json.loads(done.stdout), services, done.stderr, seconds, peak, folder)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", MADE)
def test_a_hostile_repository_has_its_message_and_is_no_bug(crawled, name):
    said = crawled.said(name)
    assert len(said) <= 201
    for message in said:
        assert "bug" not in message
        assert "took longer" not in message
        assert "ended the process" not in message
        assert len(message) < 2_000
        assert safe(message) == message or message.isprintable()
    if name in SAYS:
        assert any(re.search(SAYS[name], message) for message in said), said[:3]
    if name in READ:
        assert crawled.services[name]["scorecards"], said[:3]
    assert not (crawled.folder / "canary" / name).exists(), "a program of the repository ran"


@pytest.mark.timeout(1200)
def test_sound_repositories_beside_them_are_read_as_ever(crawled):
    assert {name: crawled.services[name]["state"] for name in SOUND} == dict.fromkeys(SOUND, "declared")
    assert all(crawled.said(name) == [] for name in SOUND)
    assert crawled.report["repositories"] == len(MADE) + len(SOUND)
    assert "Traceback" not in crawled.err


@pytest.mark.timeout(1200)
def test_time_and_memory_are_bounded(crawled):
    assert crawled.seconds < SECONDS
    assert crawled.megabytes < MEGABYTES


@pytest.mark.timeout(1200)
def test_nothing_of_this_machine_nor_any_secret_is_in_the_catalog(crawled):
    database = b"".join(file.read_bytes() for file in crawled.folder.glob("x.db*"))
    assert b"root:x:0:0" not in database
    assert b"secret-word" not in database
    assert b"secret-word" not in json.dumps(crawled.report).encode()
    assert not list((crawled.folder / "canary").iterdir())


def test_there_are_at_least_sixty_of_them_and_each_that_is_named_is_made():
    assert len(MADE) >= 60
    assert set(SAYS) | set(READ) <= set(MADE)
