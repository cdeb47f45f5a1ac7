"""Running commands and measuring them: wall-clock time, and the memory of a process with all its children."""

import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report; `holds` is None where there is no limit."""

    name: str
    value: str
    limit: str
    peer: str
    holds: bool | None


def seconds(command: Sequence[str], env: dict[str, str] | None = None) -> float:
    """How long a command takes; it must succeed."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=env)
    return time.perf_counter() - started


def pairs(first: Callable[[], float], second: Callable[[], float], runs: int) -> tuple[float, float, float]:
    """Median seconds of each, and the median ratio; run in turn, after one warm-up of each."""
    first()
    second()
    found = [(first(), second()) for _ in range(runs)]
    ratio = statistics.median(a / b for a, b in found)
    return statistics.median(a for a, _ in found), statistics.median(b for _, b in found), ratio


def peak_memory(command: Sequence[str]) -> float:
    """The largest sum of resident memory over a process and its children while it runs, in MB."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    main = psutil.Process(process.pid)
    while process.poll() is None:
        total = 0
        with suppress(psutil.Error):
            for each in (main, *main.children(recursive=True)):
                with suppress(psutil.Error):
                    total += each.memory_info().rss
        peak = max(peak, total)
        time.sleep(0.01)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command))
    return peak / 1e6
