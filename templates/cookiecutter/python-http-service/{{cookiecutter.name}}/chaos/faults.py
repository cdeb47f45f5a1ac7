"""The actions and probes of the experiments."""

from __future__ import annotations

import os
import signal
import socket
import time
import urllib.error
import urllib.request

from chaoslib.exceptions import ActivityFailed


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
