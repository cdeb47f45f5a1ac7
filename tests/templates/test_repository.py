from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from templates.errors import TemplateError
from templates.repository import first_commit, identity


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / ".hidden").mkdir(parents=True)
    (folder / ".hidden" / "file").write_text("x")
    (folder / ".gitignore").write_text("*.log\n")
    (folder / "ignored.log").write_text("x")
    (folder / "run").write_text("x")
    (folder / "run").chmod(0o755)
    return folder


def test_everything_that_is_not_ignored_is_committed_on_main(project: Path) -> None:
    commit = first_commit(project, "Start the service\n\nFrom a template.")
    assert git(project, "rev-parse", "main") == git(project, "rev-parse", "HEAD") == commit
    assert git(project, "status", "--porcelain") == ""
    assert git(project, "ls-tree", "-r", "--name-only", "HEAD").split() == [
        ".gitignore",
        ".hidden/file",
        "run",
    ]
    assert git(project, "ls-tree", "HEAD", "run").startswith("100755")
    assert git(project, "log", "--format=%B") == "Start the service\n\nFrom a template."


def test_without_an_identity_there_is_a_fallback_that_says_so(project: Path) -> None:
    assert not identity().configured
    first_commit(project, "x")
    assert git(project, "log", "--format=%an <%ae>") == "Handrail <handrail@localhost.invalid>"


def test_the_author_is_the_users_but_nothing_else_of_their_configuration(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "pre-commit").write_text("#!/bin/sh\nexit 1\n")
    (hooks / "pre-commit").chmod(0o755)
    config = tmp_path / "gitconfig"
    config.write_text(
        "[user]\n name = Ada L\n email = ada@example.org\n[commit]\n gpgsign = true\n"
        f"[core]\n hooksPath = {hooks}\n autocrlf = true\n[init]\n defaultBranch = trunk\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    assert identity().configured
    first_commit(project, "x")
    assert git(project, "log", "--format=%an <%ae> %cn") == "Ada L <ada@example.org> Ada L"
    assert git(project, "symbolic-ref", "--short", "HEAD") == "main"


def test_inside_somebody_elses_git_hook_it_is_still_its_own_repository(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    commit = first_commit(project, "x")
    for variable in ("GIT_DIR", "GIT_INDEX_FILE"):
        monkeypatch.delenv(variable)
    assert git(project, "rev-parse", "HEAD") == commit
    assert not (other / ".git" / "index").exists()


def test_inside_another_repository_it_is_a_repository_of_its_own(project: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    first_commit(project, "x")
    assert git(project, "rev-parse", "--show-toplevel") == str(project)


def test_a_folder_that_is_a_repository_is_left_alone(project: Path) -> None:
    git(project, "init", "--quiet")
    before = sorted((project / ".git").iterdir())
    with pytest.raises(TemplateError, match="already is a git repository"):
        first_commit(project, "x")
    assert sorted((project / ".git").iterdir()) == before


def test_a_commit_that_cannot_be_made_leaves_no_repository(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(TemplateError, match="first commit"):
        first_commit(tmp_path / "empty", "x")
    assert not (tmp_path / "empty" / ".git").exists()
