"""Run the load test against processes on this machine: python -m load [USERS [SECONDS]]."""

from __future__ import annotations

import os
import subprocess
import sys

from sandbox.processes import ROOT, running


def main(users: str = "40", seconds: str = "20") -> int:
    # Only warnings of the service: a line for each request would drown the result.
    with running(LOG_LEVEL="WARNING") as both:
        return subprocess.call(
            [
                *(sys.executable, "-m", "locust", "--locustfile", "load/locustfile.py", "--host", both.service_url),
                *("--headless", "--only-summary", "--users", users, "--spawn-rate", users),
                *("--run-time", f"{seconds}s", "--stop-timeout", "5"),
            ],
            cwd=ROOT,
            env={**os.environ, "LOCUST_SKIP_URLLIB3_PATCH": "1"},
        )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
