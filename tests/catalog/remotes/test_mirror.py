"""A mirror follows its remote, whatever happens there, and is whole again after any crash here."""

import fcntl
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Event

import pytest

from catalog.remotes.address import Address, parse
from catalog.remotes.failure import Failure
from catalog.remotes.mirror import Limits, Mirrors
from catalog.trees.commit import commit_snapshot

ROOT = Path(__file__).parents[3]


class Remote:
    """A repository with a working copy beside it, and the mirror of it."""

    def __init__(self, folder: Path, git, *, objects: str = "sha1") -> None:
        self.git, self.folder = git, folder / "work"
        self.bare = folder / "remote" / "payments.git"
        self.mirrors = Mirrors(folder / "mirrors", limits=Limits(seconds=20, attempts=1))
        self.bare.mkdir(parents=True)
        git(self.bare, "init", "-q", "--bare", f"--object-format={objects}")
        self.folder.mkdir()
        git(self.folder, "init", "-q", f"--object-format={objects}")
        git(self.folder, "remote", "add", "origin", str(self.bare))
        self.mirror = self.mirrors.root / self.address.folder

    @property
    def address(self) -> Address:
        return parse(self.bare.as_uri())

    def commit(self, files: dict[str, str], *push: str) -> str:
        for name, text in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text)
        self.git(self.folder, "add", "-A")
        self.git(self.folder, "commit", "-qm", "Change", "--allow-empty")
        self.git(self.folder, "push", "-q", *(push or ("origin", "main")))
        return self.git(self.folder, "rev-parse", "HEAD")

    def refresh(self, **how) -> str | None:
        return self.mirrors.refresh(self.mirror, self.address, Event(), **how)

    def text(self, path: str) -> str | None:
        return commit_snapshot(self.mirror).text(path)


@pytest.fixture
def remote(tmp_path, git) -> Remote:
    return Remote(tmp_path, git)


def test_a_mirror_is_bare_and_holds_one_commit_with_its_files(remote, git):
    remote.commit({"a.txt": "old"})
    head = remote.commit({"a.txt": "new"})
    assert remote.refresh() == head
    assert remote.text("a.txt") == "new"
    assert git(remote.mirror, "rev-list", "--count", "HEAD") == "1"
    assert git(remote.mirror, "rev-parse", "--is-bare-repository") == "true"
    assert git(remote.mirror, "fsck", "--full", "--strict") == ""
    assert sorted(p.name for p in remote.mirror.parent.iterdir()) == [
        remote.mirror.name,
        remote.mirror.name + ".lock",
    ]


def test_a_mirror_is_brought_up_to_date(remote):
    remote.commit({"a.txt": "one"})
    remote.refresh()
    for number in range(3):
        head = remote.commit({"a.txt": f"{number}", f"{number}.txt": "x"})
        assert remote.refresh() == head
        assert remote.text("a.txt") == f"{number}"


def test_a_mirror_does_not_grow_with_every_change(remote):
    for number in range(26):
        head = remote.commit({"a.txt": f"{number}"})
        assert remote.refresh() == head
    assert len(list(remote.mirror.glob("objects/pack/*.pack"))) < 22
    assert remote.text("a.txt") == "25"


def test_a_default_branch_that_is_renamed_is_followed(remote, git):
    remote.commit({"a.txt": "one"})
    remote.refresh()
    git(remote.folder, "branch", "-m", "trunk")
    head = remote.commit({"a.txt": "two"}, "origin", "trunk")
    git(remote.bare, "symbolic-ref", "HEAD", "refs/heads/trunk")
    git(remote.bare, "branch", "-D", "main")
    assert remote.refresh() == head
    assert remote.text("a.txt") == "two"


def test_a_force_push_is_followed(remote, git):
    remote.commit({"a.txt": "one"})
    remote.commit({"a.txt": "two"})
    remote.refresh()
    git(remote.folder, "reset", "-q", "--hard", "HEAD~1")
    head = remote.commit({"a.txt": "three"}, "--force", "origin", "main")
    assert remote.refresh() == head
    assert remote.text("a.txt") == "three"


def test_history_that_starts_anew_is_followed(remote, git):
    remote.commit({"a.txt": "one"})
    remote.refresh()
    git(remote.folder, "checkout", "-q", "--orphan", "other")
    head = remote.commit({"a.txt": "two"}, "--force", "origin", "other:main")
    assert remote.refresh() == head


def test_an_empty_repository_has_no_commit_and_gets_its_first(remote):
    assert remote.refresh() is None
    assert remote.refresh() is None
    head = remote.commit({"a.txt": "one"})
    assert remote.refresh() == head
    assert remote.text("a.txt") == "one"


def test_a_head_that_leads_nowhere_is_no_commit(remote, git):
    remote.commit({"a.txt": "one"})
    remote.refresh()
    git(remote.bare, "symbolic-ref", "HEAD", "refs/heads/none")
    assert remote.refresh() is None


def test_a_repository_that_is_deleted_says_so_and_the_mirror_stays(remote):
    head = remote.commit({"a.txt": "one"})
    remote.refresh()
    shutil.rmtree(remote.bare)
    with pytest.raises(Failure, match="no repository is there") as caught:
        remote.refresh()
    assert not caught.value.passing
    assert commit_snapshot(remote.mirror).commit == head


def test_a_repository_that_is_made_anew_under_the_same_name_is_followed(remote, tmp_path, git):
    remote.commit({"a.txt": "one"})
    remote.refresh()
    shutil.rmtree(tmp_path / "remote")
    shutil.rmtree(tmp_path / "work")
    other = Remote(tmp_path, git)
    head = other.commit({"b.txt": "other"})
    assert other.refresh() == head
    assert other.text("b.txt") == "other"


@pytest.mark.parametrize("before", ["sha1", "sha256"])
def test_sha_256_objects_are_mirrored_and_read(tmp_path, git, before):
    remote = Remote(tmp_path, git, objects=before)
    remote.commit({"a.txt": "one"})
    remote.refresh()
    shutil.rmtree(tmp_path / "remote")
    shutil.rmtree(tmp_path / "work")
    other = Remote(tmp_path, git, objects="sha256" if before == "sha1" else "sha1")
    head = other.commit({"a.txt": "two", "dir/b.txt": "b"})
    assert other.refresh() == head
    assert len(head) == (64 if before == "sha1" else 40)
    assert other.text("a.txt") == "two"
    head = other.commit({"a.txt": "three"})
    assert other.refresh() == head
    assert other.text("a.txt") == "three"


def test_a_killed_process_left_half_a_mirror_and_locks(remote):
    head = remote.commit({"a.txt": "one"})
    half = remote.mirror.with_name(remote.mirror.name + ".new")
    (half / "objects" / "pack").mkdir(parents=True)
    (half / "HEAD").write_text("ref: ref")
    remote.mirror.with_name(remote.mirror.name + ".old").mkdir()
    assert remote.refresh() == head
    assert not half.exists()
    for name in ("HEAD.lock", "config.lock", "packed-refs.lock", "shallow.lock", "refs/heads/head.lock"):
        (remote.mirror / name).touch()
    (remote.mirror / "objects/pack/tmp_pack_x").write_bytes(b"x" * 1000)
    head = remote.commit({"a.txt": "two"})
    assert remote.refresh() == head
    assert remote.text("a.txt") == "two"
    assert not (remote.mirror / "objects/pack/tmp_pack_x").exists()


def _remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.mark.parametrize(
    "harm",
    [
        lambda m: (m / "HEAD").write_text(""),
        lambda m: (m / "HEAD").write_text("ref: refs/heads/../../../etc/passwd"),
        lambda m: (m / "config").write_text("[core"),
        lambda m: (m / "config").unlink(),
        lambda m: (m / "refs/heads/head").write_text(""),
        lambda m: (m / "refs/heads/head").write_text("0" * 40),
        lambda m: _remove(m / "refs"),
        lambda m: _remove(m / "objects"),
        lambda m: _remove(m / "HEAD"),
        lambda m: (m / "shallow").write_text("nonsense\n"),
        lambda m: (m / "packed-refs").write_bytes(b"\xff\xfe\0nonsense"),
        lambda m: [p.unlink() for p in m.glob("objects/pack/*.pack")],
        lambda m: [p.unlink() for p in m.glob("objects/pack/*.idx")],
    ],
)
@pytest.mark.parametrize("changed", [True, False])
def test_a_damaged_mirror_is_mended_when_its_remote_changes_or_when_asked(remote, harm, changed):
    head = remote.commit({"a.txt": "one"})
    remote.refresh()
    harm(remote.mirror)
    if changed:
        head = remote.commit({"a.txt": "two"})
    assert remote.refresh(anew=not changed) == head
    assert remote.text("a.txt") == ("two" if changed else "one")


def test_a_mirror_whose_configuration_was_changed_is_set_right(remote, tmp_path):
    remote.commit({"a.txt": "one"})
    remote.refresh()
    canary = tmp_path / "ran"
    with (remote.mirror / "config").open("a") as file:
        file.write(f'[core]\n\tfsmonitor = "touch {canary}"\n\thooksPath = {tmp_path}\n')
        file.write(f'\tsshCommand = "touch {canary}"\n[url "ext::touch {canary}"]\n\tinsteadOf = file://\n')
    hook = tmp_path / "reference-transaction"
    hook.write_text(f"#!/bin/sh\ntouch {canary}\n")
    hook.chmod(0o755)
    head = remote.commit({"a.txt": "two"})
    assert remote.refresh() == head
    assert not canary.exists()
    assert "insteadOf" not in (remote.mirror / "config").read_text()


def test_a_mirror_that_another_process_holds_is_waited_for_and_not_forever(remote):
    remote.commit({"a.txt": "one"})
    remote.refresh()
    lock = os.open(remote.mirror.with_name(remote.mirror.name + ".lock"), os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    remote.mirrors = Mirrors(remote.mirrors.root, limits=Limits(seconds=0.5))
    started = time.monotonic()
    with pytest.raises(Failure, match="another process holds its mirror"):
        remote.refresh()
    assert 0.4 < time.monotonic() - started < 10
    os.close(lock)
    assert remote.refresh()


REFRESH = """
import sys
from pathlib import Path
from threading import Event
from catalog.remotes.address import parse
from catalog.remotes.mirror import Mirrors
mirrors = Mirrors(Path(sys.argv[1]))
print("ready", flush=True)
mirrors.refresh(Path(sys.argv[2]), parse(sys.argv[3]), Event())
"""


@pytest.mark.parametrize("seed", range(12))
def test_a_process_killed_at_any_moment_leaves_a_mirror_that_the_next_one_completes(remote, seed):
    draw = random.Random(seed)
    remote.commit({f"{n}.txt": f"{n}" * 500 for n in range(200)})
    if seed % 2:
        remote.refresh()
    head = remote.commit({f"{n}.txt": f"{n}" * 600 for n in range(200)})
    command = [sys.executable, "-c", REFRESH, remote.mirrors.root, remote.mirror, remote.address.url]
    process = subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(draw.uniform(0, 0.12))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert remote.refresh() == head
    assert remote.text("7.txt") == "7" * 600
    assert remote.git(remote.mirror, "fsck", "--full", "--no-dangling") == ""


def test_a_repository_larger_than_the_limit_is_not_fetched_and_the_mirror_stays(remote):
    old = remote.commit({"a.txt": "one"})
    remote.refresh()
    draw = random.Random(1)
    remote.commit({"b.bin": "".join(str(draw.random()) for _ in range(60_000))})
    remote.mirrors = Mirrors(remote.mirrors.root, limits=Limits(seconds=20, attempts=1, largest=100_000))
    with pytest.raises(Failure, match="larger than the 0 MiB of a mirror"):
        remote.refresh()
    assert commit_snapshot(remote.mirror).commit == old
    assert not list(remote.mirror.glob("objects/pack/tmp_*"))
