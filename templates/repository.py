"""The first commit of a new service."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import git

from templates.errors import TemplateError

BRANCH = "main"
FALLBACK_NAME = "Handrail"
# .invalid can never be anybody's address (RFC 2606).
FALLBACK_MAIL = "handrail@localhost.invalid"


@dataclass(frozen=True)
class Identity:
    """Who a commit is by; `configured` is False if git knows nobody and the fallback stands in."""

    name: str
    mail: str
    configured: bool


def identity() -> Identity:
    """Return the author from the environment or the user's git configuration, else the fallback."""

    def setting(variable: str, key: str) -> str:
        if os.environ.get(variable):
            return os.environ[variable]
        found: str = git.Git().config("--get", key, with_exceptions=False)
        return found.strip()

    try:
        name = setting("GIT_AUTHOR_NAME", "user.name")
        mail = setting("GIT_AUTHOR_EMAIL", "user.email")
    except git.exc.GitError as error:
        raise TemplateError(f"git cannot be run: {error}.", "Install git.") from error
    return Identity(name or FALLBACK_NAME, mail or FALLBACK_MAIL, bool(name and mail))


def first_commit(destination: Path, message: str) -> str:
    """Make a repository of a folder, with one commit of all that is not ignored; return the commit's id.

    The branch is `main` and the author `identity()`. Of the user's git configuration nothing else applies:
    no template folder, hooks or signing. Raises TemplateError; then the folder is as it was.
    """
    destination = destination.resolve()
    place = destination / ".git"
    if place.exists() or place.is_symlink():
        raise TemplateError(f"{destination} already is a git repository.", "Commit in it yourself.")
    author = identity()
    # Set rather than unset: inside a git hook these point at the repository whose hook it is.
    environment = {
        "GIT_DIR": str(place),
        "GIT_INDEX_FILE": str(place / "index"),
        "GIT_OBJECT_DIRECTORY": str(place / "objects"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": author.name,
        "GIT_AUTHOR_EMAIL": author.mail,
        "GIT_COMMITTER_NAME": author.name,
        "GIT_COMMITTER_EMAIL": author.mail,
    }
    command = git.Git(str(destination))
    command.update_environment(**environment)
    try:
        command.init("--quiet", "--template=", f"--initial-branch={BRANCH}")
        command.update_environment(GIT_WORK_TREE=str(destination))
        command.add("--all")
        command.commit("--quiet", "--no-verify", "--no-gpg-sign", f"--message={message}")
        commit: str = command.rev_parse("HEAD")
    except git.exc.GitError as error:
        shutil.rmtree(place, ignore_errors=True)
        raise TemplateError(f"git could not make the first commit: {error}.") from error
    return commit
