"""Fixtures of the command line's tests."""

from pathlib import Path

import pytest

from tests.handrail.running import Checkout, Git


@pytest.fixture
def checkout(tmp_path: Path, git: Git) -> Checkout:
    """An empty repository called `payments`."""
    path = tmp_path / "payments"
    path.mkdir()
    git(path, "init", "-q")
    return Checkout(path, git)
