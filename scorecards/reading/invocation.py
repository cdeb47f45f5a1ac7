"""A command without what only wraps it, and a path seen from the folder where it runs."""

import posixpath

from catalog.regex import regex
from scorecards.reading.words import word_set


def join(folder: str | None, name: str) -> str | None:
    """`name` seen from `folder`; None where it cannot be told or leads out of the repository."""
    name = _WORKSPACE.sub("", name, count=1) if "$" in name or name.startswith("/") else name
    if name not in ("", "."):
        if folder is None or "$" in name or name[0] in "/~-" or "`" in name:
            return None
        folder = posixpath.normpath(posixpath.join(folder, name))
        if folder.startswith(".."):
            return None
        return "" if folder == "." else folder
    return folder


_WORKSPACE = regex(
    r"(?:\$\{\{ ?github\.workspace ?\}\}|/workspace"
    r"|\$\{?(?:GITHUB_WORKSPACE|CI_PROJECT_DIR|WORKSPACE|PWD)\}?)(?:/|\Z)"
)
_ASSIGNMENT = regex(r"[A-Za-z_]\w*=")
_WRAPPERS = word_set(
    """
    sudo exec time nohup command env xvfb-run catchsegv npx bunx cross-env dotenv timeout gtimeout
    retry nice eval builtin unbuffer dbus-run-session stdbuf travis_retry travis_wait call cmd &
    """
)
_RUNNERS = word_set(
    """
    poetry=run uv=run pipenv=run pdm=run hatch=run rye=run bundle=exec pnpm=exec yarn=exec npm=exec
    pnpm=dlx mise=exec rtx=exec devbox=run pixi=run conda=run doppler=run coverage=run op=run
    micromamba=run
    """
)


def unwrapped(parts: list[str]) -> list[str]:
    """The words of a command without what only wraps it: `sudo`, `env A=b`, `timeout 5`, `poetry run`."""
    at = 0
    for _ in range(20):
        if at >= len(parts):
            break
        word = parts[at]
        if _ASSIGNMENT.match(word):
            at += 1
        elif word in _WRAPPERS:
            at += 2 if word.endswith("timeout") else 1
            while at < len(parts) and parts[at].startswith("-"):
                at += 1
        elif len(parts) > at + 2 and f"{word}={parts[at + 1]}" in _RUNNERS:
            if word == "coverage" and parts[at + 2] == "-m":
                break
            at += 2
            while at < len(parts) and parts[at].startswith("-") and parts[at] != "-m":
                at += 1 if "=" in parts[at] or parts[at] in _FLAGS else 2
        else:
            break
    return parts[at:]


_FLAGS = word_set(
    """
    -- --frozen --locked --no-sync --isolated -q --quiet -y --yes -v --all-extras --no-project --no-dev
    --dev --active --all-packages
    """
)
