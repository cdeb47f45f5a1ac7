"""Shared fixtures: files written to disk and read as the product reads them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from catalog.snapshot import Snapshot
from catalog.trees.folder import FolderTree

Tree = Callable[[dict[str, str]], Snapshot]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Make a snapshot of a folder that holds these files, by path."""
    made = 0

    def make(files: dict[str, str]) -> Snapshot:
        nonlocal made
        made += 1
        root = tmp_path / f"tree-{made}" / "payments"
        root.mkdir(parents=True)
        for path, text in files.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        return Snapshot(FolderTree(root, None), root.name)

    return make
