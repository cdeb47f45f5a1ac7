"""Handrail: an internal developer platform for reliability."""

import os
import sys
from pathlib import Path

__version__ = "0.1.0"


def _find_own_code_first() -> None:
    """Put Handrail's own root first, and leave out what PYTHONPATH and the working folder would add.

    Handrail runs inside other people's repositories, which may hold a `catalog/`, a `web/` or even a
    `platform/` of their own: with PYTHONPATH=. or `python -m handrail` their code would be imported.
    """
    root = str(Path(__file__).resolve().parent.parent)
    theirs = {"", os.getcwd()}
    for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep):
        theirs |= {entry, os.path.abspath(entry)}
    sys.path[:] = [root, *(entry for entry in sys.path if entry not in theirs and entry != root)]


_find_own_code_first()
