"""The rollback drill: python -m sandbox.drill.

Releases are processes on one queue, into which notices come all the while. A release that does not start, one that
starts and does not pass its verification, and a sound one are tried in turn: the first two must be taken back
without anybody doing so, the third must take over, and each notice must be delivered, and once. The verification
and the stopping are those of a real deployment (deploy/verify.py, SIGTERM); Kubernetes is not part of the drill.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.notices import put, settle
from sandbox.processes import ROOT, Running, Worker, end, free_port, running, wait_for

VERIFY = 2.0  # seconds


def release(around: Running, current: Worker, **settings: str) -> Worker:
    """Start a release beside the current one, and let it take over if it holds; return the one that works."""
    new = around.begin(LOG_LEVEL="ERROR", **settings)
    try:
        wait_for(f"{new.url}/readyz", new.process, seconds=10)
        subprocess.run([sys.executable, "deploy/verify.py", new.url, str(VERIFY)], cwd=ROOT, check=True)
    except (RuntimeError, subprocess.CalledProcessError):
        end(new.process)
        return current
    except BaseException:
        end(new.process)
        raise
    end(current.process)
    return new


@contextmanager
def notices_coming(database_url: str) -> Iterator[None]:
    """Let notices come into the queue until the block ends, forty a second."""
    over = threading.Event()

    def go_on() -> None:
        while not over.wait(0.1):
            put(database_url, 4)

    coming = threading.Thread(target=go_on)
    coming.start()
    try:
        yield
    finally:
        over.set()
        coming.join()


def main() -> int:
    wrong = []
    with running(LOG_LEVEL="ERROR") as around:
        first = serving = around.workers[0]
        try:
            with notices_coming(around.database.url):
                for what, settings in {
                    "does not start": {"GATEWAY_URL": ""},
                    "does not pass its verification": {"GATEWAY_URL": f"http://127.0.0.1:{free_port()}"},
                }.items():
                    serving = release(around, serving, **settings)
                    taken_back = serving is first
                    print(f"a release that {what}: {'taken back' if taken_back else 'still there'}", flush=True)
                    wrong += [] if taken_back else [what]
                before = serving
                serving = release(around, serving)
                print(f"a sound release: {'not taken over' if serving is before else 'took over'}", flush=True)
                wrong += ["sound"] if serving is before else []
                time.sleep(1)
            found = settle(around.database.url, around.gateway_url, 10)
        finally:
            if serving is not first:
                end(serving.process)
    lost = found.open + found.dead + found.missing
    print(f"{found.put} notices meanwhile, {lost} lost, {found.twice} delivered twice", flush=True)
    return 1 if wrong or lost or found.twice or not found.put else 0


if __name__ == "__main__":
    sys.exit(main())
