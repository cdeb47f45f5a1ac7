"""What the golden path python-http-service does: installed, tested, started, and tried with faults."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.proof, pytest.mark.timeout(900)]

FALLBACK = ("app/rates.py", "return self._fall_back(currency, error)", "raise")
TIMEOUT = ("app/rates.py", "total=self._settings.rates_timeout", "total=None")
BREAKER = ("app/protection.py", "if self._failed >= self._limit:", "if False:")
SHEDDING = ("app/web.py", "_waited() <= longest_wait", "True")
REPLICAS = ("deploy/autoscaling.yaml", "minReplicas: 3", "minReplicas: 1")

EXPERIMENTS = {
    "dependency-down": {"fallback": FALLBACK},
    "dependency-hangs": {"timeout": TIMEOUT, "breaker": BREAKER},
    "dependency-slow": {"timeout": TIMEOUT, "breaker": BREAKER},
    "surge": {"shedding": SHEDDING},
    "instance-killed": {"replicas": REPLICAS},
}


@pytest.fixture
def copy(service: Path, tmp_path: Path) -> Path:
    """The service in a folder where a test may change it."""
    return shutil.copytree(service, tmp_path / "copy")


def environment(**variables: str) -> dict[str, str]:
    """The least that a process needs, so that nothing of ours helps it."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ["HOME"],
        "PYTHONDONTWRITEBYTECODE": "1",
        **variables,
    }


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture
def started(copy: Path, service_python: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    port = free_port()
    variables = environment(PORT=str(port), RATES_URL=f"http://127.0.0.1:{free_port()}", DRAIN_SECONDS="0.2")
    with subprocess.Popen(
        [service_python, "-m", "app"], cwd=copy, env=variables, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            for _ in range(200):
                try:
                    get(f"http://127.0.0.1:{port}/readyz")
                    break
                except urllib.error.URLError:
                    time.sleep(0.05)
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def experiment(folder: Path, python: Path, name: str) -> subprocess.CompletedProcess[str]:
    around = "sandbox.balancer" if name == "instance-killed" else "sandbox.around"
    return subprocess.run(
        [python, "-m", around, "chaos", "--no-version-check", "run", f"chaos/{name}.yaml"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_its_own_tests_and_lint_pass(copy: Path, service_python: Path) -> None:
    for command in (["-m", "ruff", "check", "."], ["-m", "pytest", "-q", "-p", "no:cacheprovider"]):
        done = subprocess.run(
            [service_python, *command],
            cwd=copy,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_image_would_hold_all_that_the_service_imports(copy: Path, service_python: Path) -> None:
    # Dockerfile copies app/ only, and installs requirements.lock only.
    for folder in ("sandbox", "chaos", "tests"):
        shutil.rmtree(copy / folder)
    code = "import app.server, sys; print(*sorted(name.partition('.')[0] for name in sys.modules))"
    done = subprocess.run(
        [service_python, "-c", code], cwd=copy, env=environment(), capture_output=True, text=True, check=True
    )
    only_for_development = {"pytest", "chaoslib", "chaostoolkit", "ruff"}
    assert not only_for_development & set(done.stdout.split())
    locked = (copy / "requirements.lock").read_text()
    for package in ("flask", "waitress", "urllib3", "prometheus-client", "opentelemetry-api"):
        assert f"\n{package}==" in f"\n{locked}"


def test_it_starts_answers_and_ends_cleanly(started: tuple[subprocess.Popen[str], str]) -> None:
    process, url = started
    assert get(f"{url}/healthz") == (200, '{"status":"ok"}\n')
    assert get(f"{url}/readyz")[0] == 200
    # Nobody is at RATES_URL: that is no reason to be taken out of service, but no quote can be made either.
    status, body = get(f"{url}/quote?amount=1&currency=EUR")
    assert (status, json.loads(body)["status"]) == (503, 503)
    assert (
        'http_requests_total{code="503",method="GET",route="/quote",service="price-quotes"} 1.0'
        in get(f"{url}/metrics")[1]
    )
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 0
    assert process.stdout is not None
    lines = [json.loads(line) for line in process.stdout]
    assert [line["message"] for line in lines] == ["listening", "request", "stopping", "stopped"]


def test_without_its_dependencys_address_it_says_so(copy: Path, service_python: Path) -> None:
    done = subprocess.run(
        [service_python, "-m", "app"],
        cwd=copy,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert "RATES_URL is not set" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_it_stands_its_experiments(name: str, copy: Path, service_python: Path) -> None:
    done = experiment(copy, service_python, name)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Experiment ended with status: completed" in done.stdout + done.stderr


def test_each_experiment_is_among_those_tried_without_its_protection(service: Path) -> None:
    assert {path.stem for path in (service / "chaos").glob("*.yaml")} == set(EXPERIMENTS)


@pytest.mark.parametrize(
    ("name", "protection"),
    [(name, protection) for name, protections in EXPERIMENTS.items() for protection in protections],
)
def test_without_the_protection_it_does_not(
    name: str, protection: str, copy: Path, service_python: Path
) -> None:
    path, protected, unprotected = EXPERIMENTS[name][protection]
    code = (copy / path).read_text()
    assert code.count(protected) == 1
    (copy / path).write_text(code.replace(protected, unprotected))
    done = experiment(copy, service_python, name)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Experiment ended with status: deviated" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "fault", "harmless", "said"),
    [
        ("dependency-hangs", "signal.SIGSTOP", "signal.SIGCONT", "still answers"),
        ("dependency-slow", '{"delay": float(delay)}', '{"delay": 0}', "answers at once"),
        (
            "instance-killed",
            "os.kill(int(pid), signal.SIGKILL)\n    for _ in range(100):\n        try:",
            "for _ in range(100):\n        try:",
            "still there",
        ),
    ],
)
def test_an_experiment_whose_fault_does_not_happen_has_shown_nothing(
    name: str, fault: str, harmless: str, said: str, copy: Path, service_python: Path
) -> None:
    faults = copy / "chaos/faults.py"
    code = faults.read_text()
    assert code.count(fault) == 1
    faults.write_text(code.replace(fault, harmless))
    done = experiment(copy, service_python, name)
    assert done.returncode == 1
    assert said in done.stdout + done.stderr


@pytest.mark.parametrize("verified", [True, False], ids=["verified", "unverified"])
def test_a_bad_release_is_taken_back_and_no_request_is_lost(
    verified: bool, copy: Path, service_python: Path
) -> None:
    if not verified:
        verify = copy / "deploy/verify.py"
        code = verify.read_text()
        assert code.count("bad / len(answers) > MOST_BAD") == 1
        verify.write_text(code.replace("bad / len(answers) > MOST_BAD", "False"))
    done = subprocess.run(
        [service_python, "-m", "sandbox.drill"],
        cwd=copy,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == (0 if verified else 1), done.stdout + done.stderr
    assert "a release that does not start: taken back" in done.stdout
    assert "a sound release: took over" in done.stdout
    said = "taken back" if verified else "still there"
    assert f"a release that does not pass its verification: {said}" in done.stdout
    assert (", 0 lost or failed" in done.stdout) is verified


@pytest.mark.parametrize("sound", [True, False], ids=["sound", "failing"])
def test_the_load_test_tells_whether_the_objectives_hold(
    sound: bool, copy: Path, service_python: Path
) -> None:
    if not sound:
        web = copy / "app/web.py"
        code = web.read_text()
        assert code.count("rate = rates.rate(currency)") == 1
        # One question in twenty goes wrong.
        failing = "rate = rates.rate(currency if time.time_ns() // 1000 % 20 else 'nothing')"
        web.write_text(code.replace("rate = rates.rate(currency)", failing))
    done = subprocess.run(
        [service_python, "-m", "load", "10", "4"],
        cwd=copy,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == (0 if sound else 1), done.stdout + done.stderr
    assert ("load: passed" if sound else "failed, more than 0.50%") in done.stdout


@pytest.mark.parametrize("amount", ["100", "wrong"])
def test_the_verification_of_a_release_tells_good_from_bad(
    amount: str, copy: Path, service_python: Path
) -> None:
    verify = copy / "deploy/verify.py"
    verify.write_text(verify.read_text().replace("amount=100", f"amount={amount}"))
    code = (
        "import subprocess, sys\nfrom sandbox.processes import running\n"
        "with running() as both:\n"
        "    sys.exit(subprocess.call([sys.executable, 'deploy/verify.py', both.service_url, '1']))\n"
    )
    done = subprocess.run(
        [service_python, "-c", code],
        cwd=copy,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == (0 if amount == "100" else 1), done.stdout + done.stderr
    assert "requests," in done.stdout
