"""The actions and probes of the experiments."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from chaoslib.exceptions import ActivityFailed

from sandbox.balancer import at_least


def kill(pid: int, port: int) -> str:
    """Kill a process for good, and make sure that nobody answers at its port."""
    os.kill(int(pid), signal.SIGKILL)
    for _ in range(100):
        with socket.socket() as trying:
            trying.settimeout(0.2)
            if trying.connect_ex(("127.0.0.1", int(port))):
                return f"process {pid} is gone"
        time.sleep(0.05)
    raise ActivityFailed(f"port {port} still answers")


def pause(pid: int, port: int) -> str:
    """Stop a process without ending it: it still takes connections, and answers none."""
    os.kill(int(pid), signal.SIGSTOP)
    with socket.create_connection(("127.0.0.1", int(port)), timeout=1) as trying:
        trying.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        try:
            trying.recv(1)
        except TimeoutError:
            return f"process {pid} hangs"
    raise ActivityFailed(f"port {port} still answers")


def resume(pid: int) -> str:
    """Let a paused process go on."""
    os.kill(int(pid), signal.SIGCONT)
    return f"process {pid} goes on"


def seconds_for_quotes(url: str, count: int) -> float:
    """Return how long it takes to get so many quotes, one after the other; each must be one."""
    began = time.monotonic()
    for _ in range(int(count)):
        try:
            with urllib.request.urlopen(f"{url}/quote?amount=100&currency=EUR", timeout=5) as answer:
                answer.read()
        except (urllib.error.URLError, OSError) as error:
            raise ActivityFailed(f"no quote: {error}") from error
    return time.monotonic() - began


def slow(port: int, delay: float) -> str:
    """Make the rates service answer after so many seconds."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/behaviour", data=json.dumps({"delay": float(delay)}).encode(), method="PUT"
    )
    urllib.request.urlopen(request, timeout=5).close()
    began = time.monotonic()
    urllib.request.urlopen(f"http://127.0.0.1:{port}/rates/EUR", timeout=30).close()
    if time.monotonic() - began < float(delay):
        raise ActivityFailed(f"port {port} answers at once")
    return f"the rates service answers after {delay} s"


def kill_instance(pid: int) -> str:
    """Kill one of several instances for good."""
    os.kill(int(pid), signal.SIGKILL)
    for _ in range(100):
        try:
            # Whoever started it collects it; until then it is there, and dead.
            state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
        except OSError:
            state = "Z" if not _exists(int(pid)) else "?"
        if state == "Z":
            return f"process {pid} is gone"
        time.sleep(0.02)
    raise ActivityFailed(f"process {pid} is still there")


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def all_are_ready(url: str, seconds: float) -> bool:
    """Wait until as many instances are ready as the cluster runs at least; False if not in time."""
    end = time.monotonic() + float(seconds)
    while time.monotonic() < end:
        if _users(url)["ready"] == at_least():
            return True
        time.sleep(0.1)
    return False


def failed_requests(url: str) -> int:
    """Return how many of the users' requests were not answered with a quote; there must be some that were."""
    users = _users(url)
    if not users["answered"]:
        raise ActivityFailed("nobody asks")
    return users["failed"]


def _users(url: str) -> dict[str, int]:
    with urllib.request.urlopen(f"{url}/-/users", timeout=5) as answer:
        found: dict[str, int] = json.loads(answer.read())
        return found


def wait_in_a_surge(url: str, users: int, seconds: float, fewest: int) -> float:
    """Let many users ask without a pause; return how long nine in ten of them wait, in seconds.

    Being turned away (503) is an answer too, but at least `fewest` must get their quote.
    """
    end = time.monotonic() + float(seconds)
    waits: list[float] = []
    quotes: list[int] = []

    def use() -> None:
        address = urlsplit(url).netloc
        while time.monotonic() < end:
            began = time.monotonic()
            connection = http.client.HTTPConnection(address, timeout=30)
            try:
                connection.request("GET", "/quote?amount=100&currency=EUR")
                answer = connection.getresponse()
                answer.read()
            except OSError:
                waits.append(30.0)
                continue
            finally:
                connection.close()
            waits.append(time.monotonic() - began)
            if answer.status == 200:
                quotes.append(1)
            else:
                time.sleep(0.5)  # a user that is turned away looks at the page for a moment

    threads = [threading.Thread(target=use) for _ in range(int(users))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(quotes) < int(fewest):
        raise ActivityFailed(f"{len(quotes)} quotes for {len(waits)} requests")
    return sorted(waits)[int(0.9 * len(waits))]
