"""The actions and probes of the experiments."""

from __future__ import annotations

import os
import re
import signal
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from chaoslib.exceptions import ActivityFailed

from sandbox import database, notices


def put(database_url: str, count: int) -> str:
    """Put notices into the queue."""
    notices.put(database_url, int(count))
    return f"{count} notices are in the queue"


def behave(gateway_url: str, delay: float = 0.0, failing: float = 0.0) -> str:
    """Make the gateway answer late, or refuse a share of what it is asked."""
    notices.behave(gateway_url, delay=float(delay), failing=float(failing))
    return f"the gateway answers after {delay} s, and fails {failing:.0%}"


def take_away(gateway_url: str, seconds: float) -> str:
    """Let nobody be at the gateway's port for so long, and make sure of it."""
    notices.behave(gateway_url, gone=float(seconds))
    address = urlsplit(gateway_url)
    for _ in range(100):
        with socket.socket() as trying:
            trying.settimeout(0.2)
            if trying.connect_ex((address.hostname, address.port)):
                return f"nobody is at {gateway_url}"
        time.sleep(0.01)
    raise ActivityFailed(f"{gateway_url} still answers")


def kill(pid: int, url: str) -> str:
    """Kill a worker for good while it has notices in hand."""
    for _ in range(200):
        if _metric(url, "job_longest_seconds") > 0:
            break
        time.sleep(0.01)
    else:
        raise ActivityFailed(f"the worker at {url} has nothing in hand")
    os.kill(int(pid), signal.SIGKILL)
    time.sleep(0.2)
    try:
        urllib.request.urlopen(f"{url}/healthz", timeout=1).close()
    except (urllib.error.URLError, OSError):
        return f"process {pid} is gone"
    raise ActivityFailed(f"{url} still answers")


def pause(pid: int, url: str) -> str:
    """Stop a process without ending it: it still takes connections, and answers none."""
    os.kill(int(pid), signal.SIGSTOP)
    try:
        urllib.request.urlopen(f"{url}/healthz", timeout=1).close()
    except TimeoutError:
        return f"process {pid} hangs"
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            return f"process {pid} hangs"
    raise ActivityFailed(f"{url} still answers")


def resume(pid: int) -> str:
    """Let a paused process go on."""
    os.kill(int(pid), signal.SIGCONT)
    return f"process {pid} goes on"


def crash_database(folder: str, url: str) -> str:
    """End PostgreSQL without leaving it time to put anything in order."""
    database.stop(Path(folder), crash=True)
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return "PostgreSQL is gone"
    raise ActivityFailed("PostgreSQL still answers")


def start_database(folder: str) -> str:
    """Start PostgreSQL again; it recovers what it had promised to keep."""
    return f"PostgreSQL is back at {database.start(Path(folder))}"


def each_is_delivered_once(database_url: str, gateway_url: str, seconds: float) -> bool:
    """Say whether all notices are delivered within so many seconds, none twice; if not, how many are not."""
    found = notices.settle(database_url, gateway_url, float(seconds))
    if not found.settled_once:
        raise ActivityFailed(f"not each is delivered once: {found}")
    return True


def none_is_tried_twice(database_url: str, gateway_url: str) -> bool:
    """Say whether no notice was given to the gateway a second time."""
    found = notices.account(database_url, gateway_url)
    if found.again:
        raise ActivityFailed(f"some were tried again: {found}")
    return True


def none_is_dead(database_url: str, gateway_url: str) -> bool:
    """Say whether no notice has become a dead letter."""
    try:
        with psycopg.connect(database_url) as connection:
            (dead,) = connection.execute("SELECT count(*) FROM jobs WHERE state = 'dead'").fetchone() or (0,)
    except psycopg.Error as error:
        raise ActivityFailed(f"the queue cannot be seen: {error}") from error
    if dead:
        raise ActivityFailed(f"{dead} are dead letters")
    return True


def longest_in_hand(urls: list[str]) -> float:
    """Return for how many seconds a worker has been busy with one notice, the longest of all workers."""
    return max(_metric(url, "job_longest_seconds") for url in urls)


def calls_in(seconds: float, urls: list[str]) -> float:
    """Return how many deliveries the workers try in so many seconds."""
    before = sum(_metric(url, "job_attempts_total") for url in urls)
    time.sleep(float(seconds))
    return sum(_metric(url, "job_attempts_total") for url in urls) - before


def _metric(url: str, name: str) -> float:
    try:
        with urllib.request.urlopen(f"{url}/metrics", timeout=3) as answer:
            text = answer.read().decode()
    except (urllib.error.URLError, OSError) as error:
        raise ActivityFailed(f"{url} tells no metrics: {error}") from error
    return sum(float(value) for value in re.findall(rf"^{name}(?:{% raw %}{{[^}}]*}}{% endraw %})? (\S+)$", text, re.MULTILINE))
