"""A folder's repositories are found however deep, and each is found once."""

from pathlib import Path

from catalog.sources import find, quick_head


def _commit(git, folder: Path) -> str:
    folder.mkdir(parents=True)
    git(folder, "init", "-q")
    git(folder, "commit", "-qm", "x", "--allow-empty")
    return git(folder, "rev-parse", "HEAD")


def test_bare_and_working_repositories_are_found_nested_in_the_order_of_their_paths(tmp_path, git):
    heads = {name: _commit(git, tmp_path / name) for name in ("b/deep/er/two", "a")}
    git(tmp_path, "clone", "-q", "--bare", str(tmp_path / "a"), str(tmp_path / "c" / "three.git"))
    found = find(tmp_path)
    assert [f.name for f in found] == ["a", "b/deep/er/two", "c/three"]
    assert [f.head for f in found] == [heads["a"], heads["b/deep/er/two"], heads["a"]]
    assert all(Path(f.location).is_absolute() for f in found)


def test_a_repository_is_not_searched_for_others_and_links_are_not_followed(tmp_path, git):
    _commit(git, tmp_path / "a")
    _commit(git, tmp_path / "a" / "vendored")
    (tmp_path / "again").symlink_to(tmp_path / "a")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert [f.name for f in find(tmp_path)] == ["a"]


def test_the_folder_may_be_a_repository_itself(tmp_path, git):
    _commit(git, tmp_path / "one")
    assert [f.name for f in find(tmp_path / "one")] == ["one"]


def test_a_head_that_takes_more_than_a_look_is_left_to_git(tmp_path, git):
    head = _commit(git, tmp_path / "a")
    inside = tmp_path / "a" / ".git"
    git(tmp_path / "a", "pack-refs", "--all")
    assert quick_head(str(inside)) == head
    git(tmp_path / "a", "checkout", "-q", "--detach")
    assert quick_head(str(inside)) == head
    for content in ("ref: refs/heads/none", "ref: ../../etc/passwd", "\xff\xfe", "", "ref: refs/../../x"):
        (inside / "HEAD").write_text(content, encoding="latin-1")
        assert quick_head(str(inside)) is None
