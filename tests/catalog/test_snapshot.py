"""Snapshots: the same view of a commit, a bare repository, a working folder and any folder."""

import os
import subprocess
from pathlib import Path

import pytest

from catalog.snapshot import MAX_FILE, Snapshot, Unreadable
from catalog.trees.commit import commit_snapshot
from catalog.trees.folder import FolderTree, folder_snapshot

CLEAN = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")} | {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
}


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], env=CLEAN, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def write(folder: Path, files: dict[str, bytes]) -> None:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


@pytest.fixture
def working(tmp_path: Path) -> Path:
    """A working copy with one commit of several kinds of entries."""
    folder = tmp_path / "payments"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    write(
        folder,
        {
            "README.md": b"# Payments\n",
            "docs/slo.yaml": b"a: 1\n",
            "umläut dir/ß.txt": b"x",
            "run.sh": b"#!/bin/sh\n",
            ".gitignore": b"*.log\n",
        },
    )
    (folder / "run.sh").chmod(0o755)
    (folder / "link.md").symlink_to("README.md")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def seen(snapshot: Snapshot) -> dict[str, tuple[str, bool, str | None]]:
    return {
        p: (e.kind, e.executable and e.kind == "file", snapshot.text(p)) for p, e in snapshot.files.items()
    }


def test_a_commit_a_bare_repository_a_working_copy_and_a_folder_show_the_same(
    working: Path, tmp_path: Path
) -> None:
    bare, plain = tmp_path / "payments.git", tmp_path / "plain"
    git(tmp_path, "clone", "-q", "--bare", str(working), str(bare))
    git(tmp_path, "clone", "-q", str(working), str(plain))
    git(plain, "checkout-index", "-a", "-f")
    subprocess.run(["rm", "-rf", str(plain / ".git")], check=True)
    views = [
        commit_snapshot(working, "p"),
        commit_snapshot(bare, "p"),
        folder_snapshot(working),
        folder_snapshot(plain),
    ]
    assert seen(views[0])["run.sh"] == ("file", True, "#!/bin/sh\n")
    assert seen(views[0])["link.md"][2] == "# Payments\n"
    for other in views[1:]:
        assert seen(other) == seen(views[0])
    assert views[0].commit == views[1].commit == views[2].commit == git(working, "rev-parse", "HEAD")
    assert views[3].commit is None


def test_a_working_folder_shows_what_is_tracked_or_new_and_not_what_is_ignored(working: Path) -> None:
    write(working, {"new.txt": b"n", "debug.log": b"l", "sub/trace.log": b"l"})
    (working / "docs/slo.yaml").unlink()
    snapshot = folder_snapshot(working)
    assert "new.txt" in snapshot
    assert "debug.log" not in snapshot
    assert "sub/trace.log" not in snapshot
    assert "docs/slo.yaml" not in snapshot
    assert snapshot.commit is None
    assert "docs/slo.yaml" in commit_snapshot(working, "p")


def test_a_folder_without_git_is_read_whole_but_for_what_tools_put_there(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"a.txt": b"a", "node_modules/x/index.js": b"", ".venv/bin/python": b"", "src/.hidden": b"h"},
    )
    (tmp_path / "empty").mkdir()
    (tmp_path / "loop").symlink_to(".")
    snapshot = folder_snapshot(tmp_path)
    assert list(snapshot.files) == ["a.txt", "loop", "src/.hidden"]


def test_a_commit_can_be_named(working: Path) -> None:
    first = git(working, "rev-parse", "HEAD")
    write(working, {"README.md": b"changed\n"})
    git(working, "commit", "-qam", "second")
    assert commit_snapshot(working, "p", first).text("README.md") == "# Payments\n"
    assert commit_snapshot(working, "p").text("README.md") == "changed\n"


def test_what_is_no_repository_or_has_no_commit_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="not a git repository"):
        commit_snapshot(tmp_path, "p")
    git(tmp_path, "init", "-q")
    with pytest.raises(Unreadable, match="no commit yet"):
        commit_snapshot(tmp_path, "p")
    with pytest.raises(Unreadable, match="not a folder"):
        folder_snapshot(tmp_path / "gone")


def test_a_broken_object_is_unreadable_and_the_rest_is_read(working: Path) -> None:
    blob = git(working, "rev-parse", "HEAD:README.md")
    loose = working / ".git/objects" / blob[:2] / blob[2:]
    loose.chmod(0o644)
    loose.write_bytes(b"garbage")
    snapshot = commit_snapshot(working, "p")
    assert snapshot.text("README.md") is None
    assert "missing or broken" in snapshot.problems["README.md"]
    assert snapshot.text("docs/slo.yaml") == "a: 1\n"


def test_a_missing_tree_is_unreadable(working: Path) -> None:
    tree = git(working, "rev-parse", "HEAD^{tree}")
    (working / ".git/objects" / tree[:2] / tree[2:]).unlink()
    with pytest.raises(Unreadable, match="missing or broken"):
        commit_snapshot(working, "p")


def test_links_are_followed_inside_the_tree_only(tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("secret")
    folder = tmp_path / "p"
    write(folder, {"a/real.txt": b"real", "b.txt": b"b"})
    links = {
        "a/up": "../b.txt",
        "chain1": "chain2",
        "chain2": "a/real.txt",
        "out": "../outside.txt",
        "absolute": str(folder / "b.txt"),
        "gone": "nowhere",
        "circle1": "circle2",
        "circle2": "circle1",
        "self": "self",
        "folder": "a",
    }
    for name, target in links.items():
        (folder / name).symlink_to(target)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "links")
    for snapshot in (
        folder_snapshot(folder),
        commit_snapshot(folder, "p"),
        Snapshot(FolderTree(folder, None), "p"),
    ):
        assert snapshot.text("a/up") == "b"
        assert snapshot.text("chain1") == "real"
        for name in ("out", "absolute", "gone", "circle1", "circle2", "self", "folder"):
            assert snapshot.text(name) is None, name
            assert snapshot.problems[name] == "a link that leads nowhere in this repository"
        assert snapshot.resolve("chain1") == "a/real.txt"


def test_a_linked_folder_does_not_let_a_file_outside_be_read(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.txt").write_text("secret")
    folder = tmp_path / "p"
    write(folder, {"sub/secret.txt": b"own"})
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "one")
    (folder / "sub/secret.txt").unlink()
    (folder / "sub").rmdir()
    (folder / "sub").symlink_to(tmp_path / "outside")
    snapshot = folder_snapshot(folder)
    assert all(snapshot.text(path) != "secret" for path in snapshot.files)


@pytest.mark.parametrize(
    ("data", "text", "repaired"),
    [
        (b"plain", "plain", False),
        (b"\xef\xbb\xbfa: 1", "a: 1", False),
        ("a: ü".encode("utf-16"), "a: ü", False),
        ("a: ü".encode("utf-16-be"), None, True),
        (b"\xfe\xff" + "a: ü".encode("utf-16-be"), "a: ü", False),
        (b"a\0b", "a\ufffdb", True),
        (b"caf\xe9", "caf\ufffd", True),
        (b"a\r\nb\rc\n", "a\nb\nc\n", False),
        ("\ud800".encode("utf-8", "surrogatepass"), "\ufffd\ufffd\ufffd", True),
        (b"\xff\xfe\x00\xd8", "\ufffd", False),
        (b"", "", False),
    ],
)
def test_text_is_decoded_and_what_databases_refuse_is_replaced(
    tmp_path: Path, data: bytes, text: str | None, repaired: bool
) -> None:
    write(tmp_path, {"a.yaml": data})
    snapshot = folder_snapshot(tmp_path)
    found = snapshot.text("a.yaml")
    assert found is not None
    found.encode("utf-8")
    assert "\0" not in found
    if text is not None:
        assert found == text
    assert ("a.yaml" in snapshot.repaired) == repaired


def test_a_file_past_the_limit_is_not_read_and_says_so(working: Path) -> None:
    write(working, {"big.yaml": b"x" * (MAX_FILE + 1), "full.yaml": b"x" * MAX_FILE})
    git(working, "add", "-A")
    git(working, "commit", "-q", "-m", "big")
    for snapshot in (folder_snapshot(working), commit_snapshot(working, "p")):
        assert snapshot.text("big.yaml") is None
        assert "more than the" in snapshot.problems["big.yaml"]
        assert len(snapshot.text("full.yaml") or "") == MAX_FILE


def test_a_submodule_is_listed_and_not_read(working: Path) -> None:
    head = git(working, "rev-parse", "HEAD")
    git(working, "update-index", "--add", "--cacheinfo", f"160000,{head},sub")
    git(working, "commit", "-q", "-m", "sub")
    snapshot = commit_snapshot(working, "p")
    assert snapshot.files["sub"].kind == "submodule"
    assert snapshot.text("sub") is None
    assert snapshot.problems["sub"] == "a submodule"


def test_a_file_is_read_and_parsed_once(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": b"a: 1\n"})
    snapshot = folder_snapshot(tmp_path)
    first = snapshot.parsed("a.yaml")
    write(tmp_path, {"a.yaml": b"a: 2\n"})
    assert snapshot.parsed("a.yaml") is first
    assert snapshot.text("a.yaml") == "a: 1\n"
    assert snapshot.parsed("gone.yaml").documents == ()


def test_what_is_derived_is_made_once(tmp_path: Path) -> None:
    write(tmp_path, {"a": b""})
    calls: list[int] = []

    def make(snapshot: Snapshot) -> int:
        calls.append(1)
        return len(snapshot.files)

    snapshot = folder_snapshot(tmp_path)
    assert (snapshot.derive(make), snapshot.derive(make), len(calls)) == (1, 1, 1)


def test_an_excerpt_has_the_lines_around(tmp_path: Path) -> None:
    write(tmp_path, {"a": b"1\n2\n3\n4\n5\n"})
    snapshot = folder_snapshot(tmp_path)
    assert snapshot.excerpt("a", 3) == [(1, "1"), (2, "2"), (3, "3"), (4, "4")]
    assert snapshot.excerpt("a", 1) == [(1, "1"), (2, "2")]
    assert snapshot.excerpt("a", 99) == []
    assert snapshot.excerpt("gone", 1) == [(1, "")]


@pytest.mark.parametrize(
    "setting", ["core.fsmonitor", "core.hooksPath", "core.sshCommand", "core.pager", "diff.external"]
)
def test_nothing_in_a_repositorys_configuration_runs(working: Path, tmp_path: Path, setting: str) -> None:
    canary, hook = tmp_path / "ran", tmp_path / "hook.sh"
    hook.write_text(f"#!/bin/sh\ntouch {canary}\n")
    hook.chmod(0o755)
    git(working, "config", setting, str(hook))
    write(working, {"README.md": b"changed\n"})
    os.utime(working / "docs/slo.yaml", (1, 1))
    folder_snapshot(working).text("README.md")
    commit_snapshot(working, "p").text("README.md")
    assert not canary.exists()


@pytest.mark.parametrize("name", ["x", "a=b", "a.b"])
@pytest.mark.parametrize("step", ["clean", "process"])
def test_no_filter_of_a_repository_runs(working: Path, tmp_path: Path, name: str, step: str) -> None:
    canary, program = tmp_path / "ran", tmp_path / "filter.sh"
    program.write_text(f"#!/bin/sh\ntouch {canary}\ncat\n")
    program.chmod(0o755)
    git(working, "config", f"filter.{name}.{step}", str(program))
    git(working, "config", f"filter.{name}.required", "true")
    (working / ".git/info").mkdir(exist_ok=True)
    (working / ".git/info/attributes").write_text(f"* filter={name}\n")
    os.utime(working / "docs/slo.yaml", (1, 1))
    snapshot = folder_snapshot(working)
    assert snapshot.text("docs/slo.yaml") == "a: 1\n"
    assert snapshot.commit == git(working, "rev-parse", "HEAD")
    assert not canary.exists()


def test_the_users_git_environment_does_not_lead_elsewhere(
    working: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    git(tmp_path, "init", "-q", str(other))
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    assert "README.md" in folder_snapshot(working)
    assert "README.md" in commit_snapshot(working, "p")


def test_names_that_are_not_utf_8_are_listed_and_read(working: Path) -> None:
    raw = os.fsencode(working) + b"/caf\xe9.txt"
    with open(raw, "wb") as file:
        file.write(b"x")
    git(working, "add", "-A")
    git(working, "commit", "-q", "-m", "name")
    for snapshot in (folder_snapshot(working), commit_snapshot(working, "p")):
        assert snapshot.text("caf\ufffd.txt") == "x"
