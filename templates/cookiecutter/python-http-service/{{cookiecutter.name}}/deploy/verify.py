"""Ask a release what users ask, and say whether it may stay: python deploy/verify.py URL [SECONDS].

Status 1 if it is not ready, or fails or delays more requests than the objectives allow in that time.
"""

from __future__ import annotations

import sys
import time
import urllib.error
import urllib.request

SLOW = 0.5  # seconds, as in monitoring/slo.yaml
MOST_BAD = 0.02  # share of requests; a short look is no measurement of the objectives


def ask(url: str) -> tuple[bool, float]:
    """Return whether a request was answered with 200, and in how many seconds."""
    began = time.monotonic()
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            answer.read()
            good = answer.status == 200
    except (urllib.error.URLError, OSError):
        good = False
    return good, time.monotonic() - began


def main(url: str, seconds: float = 30.0) -> int:
    url = url.rstrip("/")
    if not ask(f"{url}/readyz")[0]:
        print(f"{url} is not ready")
        return 1
    answers = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answers.append(ask(f"{url}/quote?amount=100&currency=EUR"))
        time.sleep(0.1)
    bad = sum(not good or took > SLOW for good, took in answers)
    print(f"{len(answers)} requests, {bad} failed or slow")
    return 1 if not answers or bad / len(answers) > MOST_BAD else 0


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], *map(float, sys.argv[2:])))
