"""Start workers beside a database and a stand-in for the gateway, and end them all."""

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

from sandbox.database import Database, database

ROOT = Path(__file__).resolve().parent.parent
# Everything that takes half a minute in earnest takes seconds here.
QUICK = {
    "POLL_PAUSE": "0.1",
    "LEASE": "4",
    "BACKOFF": "0.2",
    "LONGEST_BACKOFF": "2",
    "GATEWAY_TIMEOUT": "0.5",
    "BREAKER_PAUSE": "1",
    "DATABASE_TIMEOUT": "1",
    "MAX_ATTEMPTS": "3",
}


@dataclass(frozen=True)
class Worker:
    """A worker and where it tells how it is."""

    process: subprocess.Popen[bytes]
    url: str


@dataclass(frozen=True)
class Running:
    workers: list[Worker]
    database: Database
    gateway: subprocess.Popen[bytes]
    gateway_url: str

    def begin(self, **settings: str) -> Worker:
        """Start one more worker, and do not wait for it."""
        return begin(self.database.url, self.gateway_url, **settings)


@contextmanager
def running(workers: int = 1, port: int = 0, **settings: str) -> Iterator[Running]:
    """Run them until the block ends; port 0 is any free one. Raises RuntimeError if one does not start."""
    if port and taken(port):
        raise RuntimeError(f"port {port} is taken; name another")
    gateway_port = free_port()
    gateway_url = f"http://127.0.0.1:{gateway_port}"
    with database() as queue:
        gateway = subprocess.Popen([sys.executable, "sandbox/gateway.py", str(gateway_port)], cwd=ROOT)
        started: list[Worker] = []
        try:
            wait_for(f"{gateway_url}/healthz", gateway)
            migrate = {**os.environ, "DATABASE_URL": queue.url, "GATEWAY_URL": gateway_url}
            subprocess.run(
                [sys.executable, "-m", "app", "migrate"], cwd=ROOT, env=migrate, check=True, stdout=subprocess.DEVNULL
            )
            for number in range(workers):
                named = {"PORT": str(port)} if port and not number else {}
                started.append(begin(queue.url, gateway_url, **settings, **named))
            for worker in started:
                wait_for(f"{worker.url}/readyz", worker.process)
            yield Running(started, queue, gateway, gateway_url)
        finally:
            # The stand-in first: should it hang, then no worker that waits for it takes long to end.
            for process in (gateway, *(worker.process for worker in started)):
                end(process)


def begin(database_url: str, gateway_url: str, **settings: str) -> Worker:
    port = settings.get("PORT") or str(free_port())
    environment = {
        **os.environ,
        **QUICK,
        "DATABASE_URL": database_url,
        "GATEWAY_URL": gateway_url,
        **settings,
        "PORT": port,
    }
    process = subprocess.Popen([sys.executable, "-m", "app"], cwd=ROOT, env=environment)
    return Worker(process, f"http://127.0.0.1:{port}")


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
