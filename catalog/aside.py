"""Folders whose files say nothing of the repository itself: examples, test data, other people's code."""

import re

_FOLDER = re.compile(
    r"(?:^|/)(?:examples?|samples?|testdata|test-?data|fixtures?|__fixtures__|node_modules|bower_components"
    r"|vendor|third[_-]party|\.git|\.venv|site-packages|\{\{[^/]*\}\}[^/]*|\$\{\{[^/]*|skeletons?|cookiecutters?)/",
    re.IGNORECASE,
)
_SKELETON = re.compile(r"(?:^|/)(?:[^/]*\{\{[^/]*|skeletons?|cookiecutters?)/", re.IGNORECASE)


def aside_folder(path: str) -> str | None:
    """The outermost such folder on the way to a file, with its `/`; None where there is none."""
    found = _FOLDER.search(path)
    return None if found is None else path[: found.end()]


def in_skeleton(path: str) -> bool:
    """Whether a file is part of a template, of which others are made."""
    return _SKELETON.search(path) is not None
