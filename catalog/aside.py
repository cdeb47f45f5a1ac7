"""Folders whose files say nothing of the repository itself: examples, test data, other people's code."""

from functools import lru_cache

_ASIDE = frozenset(
    {
        *("example", "examples", "sample", "samples", "testdata", "test-data", "test_data"),
        *("fixture", "fixtures", "__fixtures__", "node_modules", "bower_components", "vendor"),
        *("third_party", "third-party", ".git", ".venv", "site-packages"),
    }
)
_SKELETON = frozenset({"skeleton", "skeletons", "cookiecutter", "cookiecutters"})


def aside_folder(path: str) -> str | None:
    """The outermost such folder on the way to a file, with its `/`; None where there is none."""
    return _outermost(path[: path.rfind("/") + 1])


def in_skeleton(path: str) -> bool:
    """Whether a file is part of a template, of which others are made."""
    return any(_is_skeleton(name) for name in path.lower().split("/")[:-1])


@lru_cache(maxsize=4096)
def _outermost(folder: str) -> str | None:
    """`folder` ends with `/`, or is empty."""
    end = 0
    for name in folder.lower().split("/")[:-1]:
        end += len(name) + 1
        if name in _ASIDE or _is_skeleton(name):
            return folder[:end]
    return None


def _is_skeleton(name: str) -> bool:
    return name in _SKELETON or "{{" in name
