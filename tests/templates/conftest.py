"""One environment, made from the template's own lock, for all tests and all workers."""

from __future__ import annotations

import fcntl
import hashlib
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
}
# What else each golden path asks, where the default is not to be taken.
MORE = {
    "python-http-service": {"availability_target": "0.995"},
    "python-worker": {"delivery_target": "0.995"},
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
def answers() -> Callable[[str], dict[str, str]]:
    """Answers to a golden path's questions that are not its defaults."""
    return lambda name: {**ANSWERS, **MORE[name]}


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory, answers: Callable[[str], dict[str, str]]) -> Path:
    """The python-http-service, rendered with answers that are not its defaults."""
    destination = tmp_path_factory.mktemp("rendered") / "price-quotes"
    return render(find("python-http-service"), destination, answers("python-http-service")).destination


@pytest.fixture(scope="session")
def worker(tmp_path_factory: pytest.TempPathFactory, answers: Callable[[str], dict[str, str]]) -> Path:
    """The python-worker, rendered with answers that are not its defaults."""
    destination = tmp_path_factory.mktemp("rendered") / "price-quotes"
    return render(find("python-worker"), destination, answers("python-worker")).destination


@pytest.fixture(scope="session")
def service_python(service: Path) -> Path:
    """A Python with what the service's lock names, and nothing else."""
    return _installed(service)


@pytest.fixture(scope="session")
def worker_python(worker: Path) -> Path:
    """A Python with what the worker's lock names, and nothing else."""
    return _installed(worker)


def _installed(made: Path) -> Path:
    """Install a lock beside the checkout, once for all workers and, as long as it stays the same, all runs.

    Not among pytest's temporary folders: PostgreSQL refuses to run as root, and nobody else may enter those.
    """
    lock_file = made / "requirements-dev.lock"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    name = f"{version}-{hashlib.sha256(lock_file.read_bytes()).hexdigest()[:16]}"
    environment = Path(__file__).resolve().parents[2] / ".cache" / "golden-paths" / name
    environment.parent.mkdir(parents=True, exist_ok=True)
    python = environment / "bin" / "python"
    with environment.with_name(f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (environment / ".installed").exists():
            shutil.rmtree(environment, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
            install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*install, "--require-hashes", "-r", str(lock_file)], check=True, timeout=240)
            (environment / ".installed").touch()
    return python


@pytest.fixture
def tree_of(tmp_path: Path) -> Callable[[], set[str]]:
    """What lies under the test's folder at the time of asking."""

    def tree() -> set[str]:
        return {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}

    return tree
