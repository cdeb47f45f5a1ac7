"""Run experiments, each against processes of its own: python -m chaos [EXPERIMENT...].

Ends with status 1 if the service did not stand an experiment, or a fault could not be made: an experiment
whose fault did not happen has shown nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from sandbox.processes import ROOT, running


def run(experiment: Path) -> list[str]:
    """Run one experiment; return what went wrong."""
    with tempfile.TemporaryDirectory() as folder, running() as both:
        journal = Path(folder, "journal.json")
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SERVICE_URL": both.service_url,
            "RATES_PID": str(both.rates.pid),
            "RATES_PORT": str(both.rates_port),
        }
        subprocess.run(
            [
                *(sys.executable, "-m", "chaostoolkit", "--no-version-check", "--log-file", f"{folder}/log"),
                *("run", "--journal-path", str(journal), str(experiment)),
            ],
            env=environment,
            cwd=ROOT,
            check=False,
            timeout=120,
        )
        return judge(json.loads(journal.read_text())) if journal.exists() else ["it did not run"]


def judge(journal: dict) -> list[str]:
    """Return what a journal shows to have gone wrong."""
    wrong = [
        f"{each['activity']['name']}: {(each.get('exception') or ['failed'])[-1].strip()}"
        for each in journal.get("run", [])
        if each["status"] != "succeeded"
    ]
    if journal.get("deviated") or journal.get("status") != "completed":
        wrong.append("the service did not keep its steady state")
    return wrong


def main(names: list[str]) -> int:
    failed = 0
    for experiment in [Path(name).resolve() for name in names] or sorted(ROOT.glob("chaos/*.yaml")):
        wrong = run(experiment)
        failed += bool(wrong)
        print(f"{experiment.name}: {'; '.join(wrong) if wrong else 'passed'}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
