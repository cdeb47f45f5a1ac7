"""Run a command beside the service and its stand-in: python -m sandbox.around COMMAND...

The command finds where they are in SERVICE_URL, RATES_PID and RATES_PORT; its exit status is passed on.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sandbox.processes import ROOT, running


def main(command: list[str]) -> int:
    with running(LOG_LEVEL="WARNING") as both:
        tools = Path(sys.executable).parent  # the environment's own commands first
        environment = {
            **os.environ,
            "PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', '')}",
            "PYTHONPATH": str(ROOT),
            "SERVICE_URL": both.service_url,
            "RATES_PID": str(both.rates.pid),
            "RATES_PORT": str(both.rates_port),
        }
        return subprocess.call(command, cwd=ROOT, env=environment)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
