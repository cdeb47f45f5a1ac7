"""Start the service beside its stand-in, and end both."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Running:
    """Two processes and where they listen."""

    service: subprocess.Popen[bytes]
    service_url: str
    rates: subprocess.Popen[bytes]
    rates_port: int


@contextmanager
def running(port: int = 0, rates_port: int = 0, **settings: str) -> Iterator[Running]:
    """Run both until the block ends; port 0 is any free one. Raises RuntimeError if one does not start."""
    if port and taken(port):
        raise RuntimeError(f"port {port} is taken; name another")
    port, rates_port = port or free_port(), rates_port or free_port()
    url, rates_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{rates_port}"
    environment = {**os.environ, "PORT": str(port), "RATES_URL": rates_url, "DRAIN_SECONDS": "0", **settings}
    rates = subprocess.Popen([sys.executable, "sandbox/rates.py", str(rates_port)], cwd=ROOT)
    service: subprocess.Popen[bytes] | None = None
    try:
        service = subprocess.Popen([sys.executable, "-m", "app"], cwd=ROOT, env=environment)
        wait_for(f"{rates_url}/healthz", rates)
        wait_for(f"{url}/readyz", service)
        yield Running(service, url, rates, rates_port)
    finally:
        # The stand-in first: should it hang, then nothing that waits for it holds the service up.
        for process in filter(None, (rates, service)):
            end(process)


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 20.0) -> None:
    """Wait until a process answers 200; raise RuntimeError if it ends first, or not in time."""
    give_up = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < give_up:
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"{' '.join(map(str, process.args))} does not answer at {url}")


def end(process: subprocess.Popen[bytes], seconds: float = 30.0) -> None:
    """End a process with SIGTERM, or if it does not heed that in time, for good."""
    process.terminate()
    process.send_signal(signal.SIGCONT)  # a paused process heeds nothing
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def taken(port: int) -> bool:
    with socket.socket() as trying:
        return trying.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port
