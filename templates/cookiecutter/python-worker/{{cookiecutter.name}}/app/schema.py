"""The database's tables, brought up to this release: one file in migrations/ a step, each applied once.

Two releases run side by side during a deployment, and the newer may be taken back: a step must leave the tables
such that the release before still works. Add and fill first; remove one release after nothing uses it.
"""

from __future__ import annotations

from pathlib import Path

import psycopg

from app.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 7_036_874  # any number, the same in all releases


def steps() -> dict[int, str]:
    """Return the SQL of each step, by number, in order."""
    return {int(path.name[:4]): path.read_text("utf-8") for path in sorted(MIGRATIONS.glob("[0-9]*_*.sql"))}


def migrate(settings: Settings) -> int:
    """Apply the steps that are missing, in one transaction; return the number of the last."""
    with psycopg.connect(settings.database_url, connect_timeout=max(2, int(settings.database_timeout))) as connection:
        # Instances start at the same time; the second waits for the first.
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        connection.execute("CREATE TABLE IF NOT EXISTS schema_steps (step integer PRIMARY KEY)")
        done = {step for (step,) in connection.execute("SELECT step FROM schema_steps")}
        for step, sql in steps().items():
            if step not in done:
                connection.execute(sql)
                connection.execute("INSERT INTO schema_steps VALUES (%s)", [step])
    return max(steps())
