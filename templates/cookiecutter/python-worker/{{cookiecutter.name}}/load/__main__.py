"""Put notices at a steady rate, and fail if the objectives do not hold: python -m load [RATE [SECONDS]].

RATE is in notices a second. The objectives are those of monitoring/slo.yaml.
"""

from __future__ import annotations

import math
import sys
import time

import psycopg

from sandbox.notices import put, settle
from sandbox.processes import running

MOST_DEAD = 1 - {{ cookiecutter.delivery_target }}
LATE = 10.0  # seconds
IN_TIME_SHARE = 0.99
FEWEST = 100  # with fewer notices it was no load


def ages(database_url: str) -> list[float]:
    """Return how long each delivered notice took from when it was wanted, in seconds, sorted."""
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT extract(epoch FROM finished - wanted) FROM jobs WHERE state = 'done'")
        return sorted(float(age) for (age,) in rows)


def main(rate: str = "50", seconds: str = "20") -> int:
    # Only errors of the worker: a line for each notice would drown the result.
    with running(workers=2, LOG_LEVEL="ERROR") as all_of_it:
        url = all_of_it.database.url
        began = time.monotonic()
        count = 0
        while (passed := time.monotonic() - began) < float(seconds):
            wanted = int(passed * float(rate)) - count
            put(url, wanted)
            count += wanted
            time.sleep(0.05)
        found = settle(url, all_of_it.gateway_url, 3 * LATE)
        took = ages(url)
    late = took[math.ceil(IN_TIME_SHARE * len(took)) - 1] if took else math.inf
    wrong = []
    if found.put < FEWEST:
        wrong.append(f"only {found.put} notices, fewer than {FEWEST}")
    if found.dead + found.open > MOST_DEAD * found.put:
        wrong.append(f"{(found.dead + found.open) / found.put:.2%} not delivered, more than {MOST_DEAD:.2%}")
    if late > LATE:
        wrong.append(f"{IN_TIME_SHARE:.0%} took up to {late:.1f} s, more than {LATE:.0f}")
    if found.twice or found.missing:
        wrong.append(f"{found.twice} delivered twice, {found.missing} lost")
    passed_text = f"passed, {found.put} notices, {IN_TIME_SHARE:.0%} within {late:.2f} s, none lost or delivered twice"
    print(f"load: {'; '.join(wrong) or passed_text}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
