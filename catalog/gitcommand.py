"""How git is called: with nothing of the user's or of a repository's configuration that runs code."""

import os

GIT = (
    "git",
    "-c",
    "core.fsmonitor=false",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "protocol.ext.allow=never",
    "-c",
    "safe.directory=*",
)
"""The first words of every git command line."""


def environment() -> dict[str, str]:
    """The environment of this process without `GIT_*`, never asking anybody for anything.

    No transport is allowed: a repository may name a remote that git would ask for objects it lacks, and the
    program to ask with. `catalog.remotes.access` allows the one that an address names.
    """
    clean = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    return clean | {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "LC_ALL": "C",
    }
