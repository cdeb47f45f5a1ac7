"""Run a worker with all that it needs until Ctrl-C, and put a notice now and then: python -m sandbox [PORT]."""

import signal
import subprocess
import sys

from sandbox.notices import put
from sandbox.processes import running

if __name__ == "__main__":
    # Ctrl-C reaches the children as well; here it only ends the waiting.
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, signal.default_int_handler)
    try:
        with running(port=int(sys.argv[1]) if len(sys.argv) > 1 else 8080) as all_of_it:
            worker = all_of_it.workers[0]
            print(f"\nThe queue: {all_of_it.database.url}")
            print(f"Try: curl {worker.url}/metrics   (a notice comes every other second; Ctrl-C ends it)\n", flush=True)
            while True:
                put(all_of_it.database.url, 1)
                try:
                    sys.exit(worker.process.wait(2))
                except subprocess.TimeoutExpired:
                    pass
    except KeyboardInterrupt:
        pass
    except RuntimeError as error:
        sys.exit(str(error))
