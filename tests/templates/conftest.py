"""One environment, made from the template's own lock, for all tests and all workers."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from templates.gallery import find
from templates.render import render

ANSWERS = {
    "name": "price-quotes",
    "description": 'Quotes "a price": in é and \\ other # currencies',
    "owner": "group:default/pricing",
    "organization": "Example-Org",
    "system": "shop",
    "lifecycle": "experimental",
    "availability_target": "0.995",
}


@pytest.fixture(autouse=True)
def _apart_from_the_user(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep git's and cookiecutter's own settings of whoever runs the tests out of them."""
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for variable in [name for name in os.environ if name.startswith("GIT_") and "CONFIG" not in name]:
        monkeypatch.delenv(variable)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The python-http-service, rendered with answers that are not its defaults."""
    destination = tmp_path_factory.mktemp("rendered") / "price-quotes"
    return render(find("python-http-service"), destination, ANSWERS).destination


@pytest.fixture(scope="session")
def service_python(tmp_path_factory: pytest.TempPathFactory, service: Path) -> Path:
    """A Python with what the service's lock names, and nothing else."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    environment = shared / "service-venv"
    python = environment / "bin" / "python"
    with (shared / "service-venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (environment / ".installed").exists():
            shutil.rmtree(environment, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
            install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            lock_file = str(service / "requirements-dev.lock")
            subprocess.run([*install, "--require-hashes", "-r", lock_file], check=True, timeout=240)
            (environment / ".installed").touch()
    return python


@pytest.fixture
def tree_of(tmp_path: Path) -> Callable[[], set[str]]:
    """What lies under the test's folder at the time of asking."""

    def tree() -> set[str]:
        return {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}

    return tree
