"""The rollback drill: python -m sandbox.drill.

Releases are processes behind a proxy, and users ask all the while. A release that does not start, one that
starts and does not pass its verification, and a sound one are tried in turn: the first two must be taken back
without anybody doing so, the third must take over, and no request may be lost or fail. The verification and the
stopping are those of a real deployment (deploy/verify.py, SIGTERM); Kubernetes is not part of the drill.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.processes import ROOT, end, free_port, running, wait_for
from sandbox.proxy import Proxy, front

VERIFY = 2.0  # seconds


def release(proxy: Proxy, current: subprocess.Popen[bytes], **settings: str) -> subprocess.Popen[bytes]:
    """Start a release beside the current one, and let it take over if it holds; return the one that serves."""
    port = free_port()
    environment = {**os.environ, "PORT": str(port), "LOG_LEVEL": "WARNING", "DRAIN_SECONDS": "0.5", **settings}
    new = subprocess.Popen([sys.executable, "-m", "app"], cwd=ROOT, env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{url}/readyz", new, seconds=10)
        subprocess.run([sys.executable, "deploy/verify.py", url, str(VERIFY)], cwd=ROOT, check=True)
    except (RuntimeError, subprocess.CalledProcessError):
        end(new)
        return current
    except BaseException:
        end(new)
        raise
    proxy.target = url
    end(current)
    return new


def ask(url: str) -> int:
    """Return the status of the answer; 0 if there is none."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@contextmanager
def users(url: str, count: int = 4) -> Iterator[list[int]]:
    """Let users ask for quotes until the block ends; gives the list of their answers' statuses."""
    answers: list[int] = []
    over = threading.Event()

    def go_on() -> None:
        while not over.is_set():
            answers.append(ask(f"{url}/quote?amount=100&currency=EUR"))
            time.sleep(0.02)

    threads = [threading.Thread(target=go_on) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        over.set()
        for thread in threads:
            thread.join()


def main() -> int:
    wrong = []
    with running(LOG_LEVEL="WARNING") as both, front(both.service_url) as proxy:
        rates = f"http://127.0.0.1:{both.rates_port}"
        first = both.service
        serving = first
        try:
            with users(proxy.url) as answers:
                for what, settings in {
                    "does not start": {"RATES_URL": ""},
                    "does not pass its verification": {"RATES_URL": f"http://127.0.0.1:{free_port()}"},
                }.items():
                    serving = release(proxy, serving, **settings)
                    taken_back = serving is first
                    print(f"a release that {what}: {'taken back' if taken_back else 'still there'}", flush=True)
                    wrong += [] if taken_back else [what]
                serving = release(proxy, serving, RATES_URL=rates)
                print(f"a sound release: {'not taken over' if serving is first else 'took over'}", flush=True)
                wrong += ["sound"] if serving is first else []
                time.sleep(1)
        finally:
            if serving is not first:
                end(serving)
    failed = [status for status in answers if status != 200]
    print(f"{len(answers)} requests meanwhile, {len(failed)} lost or failed", flush=True)
    return 1 if wrong or failed or not answers else 0


if __name__ == "__main__":
    sys.exit(main())
