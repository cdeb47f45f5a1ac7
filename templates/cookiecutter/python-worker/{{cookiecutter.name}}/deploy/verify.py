"""Watch one instance of a release at its work, and say whether the release may stay: verify.py URL [SECONDS].

Status 1 if it is not alive and ready throughout, or if more of what it tries in that time fails than may. Without
any notice in that time only the former is known, and it says so.
"""

from __future__ import annotations

import re
import sys
import time
import urllib.error
import urllib.request

MOST_BAD = 0.02  # share of tries; a short look is no measurement of the objectives


def ask(url: str) -> str | None:
    """Return what is answered with status 200; None if it is not."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            text: str = answer.read().decode()
            return text
    except (urllib.error.URLError, OSError):
        return None


def tried(url: str) -> dict[str, float]:
    """Return how many tries ended in each way, since the instance started."""
    pattern = r'^job_attempts_total\{.*?outcome="(\w+)".*?\} (\S+)$'
    return {how: float(count) for how, count in re.findall(pattern, ask(f"{url}/metrics") or "", re.MULTILINE)}


def main(url: str, seconds: float = 30.0) -> int:
    url = url.rstrip("/")
    before = tried(url)
    end = time.monotonic() + seconds
    while True:
        for path in ("healthz", "readyz"):
            if ask(f"{url}/{path}") is None:
                print(f"{url}/{path} does not answer 200")
                return 1
        if time.monotonic() > end:
            break
        time.sleep(min(1.0, seconds / 10))
    counts = {how: count - before.get(how, 0) for how, count in tried(url).items()}
    total = sum(counts.values())
    bad = total - counts.get("done", 0)
    print(f"{total:.0f} tries, {bad:.0f} failed" if total else "alive and ready; nothing was to do in that time")
    return 1 if total and bad / total > MOST_BAD else 0


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], *map(float, sys.argv[2:])))
