"""Run a command beside two workers and what they need: python -m sandbox.around COMMAND...

The command finds where they are in WORKER_URL and WORKER_PID (the first), OTHER_URL, DATABASE_URL, DATABASE_FOLDER,
GATEWAY_URL and GATEWAY_PID; its exit status is passed on.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sandbox.processes import ROOT, running


def main(command: list[str]) -> int:
    with running(workers=2, LOG_LEVEL="ERROR") as all_of_it:
        tools = Path(sys.executable).parent  # the environment's own commands first
        first, second = all_of_it.workers
        environment = {
            **os.environ,
            "PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', '')}",
            "PYTHONPATH": str(ROOT),
            "WORKER_URL": first.url,
            "WORKER_PID": str(first.process.pid),
            "OTHER_URL": second.url,
            "DATABASE_URL": all_of_it.database.url,
            "DATABASE_FOLDER": str(all_of_it.database.folder),
            "GATEWAY_URL": all_of_it.gateway_url,
            "GATEWAY_PID": str(all_of_it.gateway.pid),
        }
        return subprocess.call(command, cwd=ROOT, env=environment)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
