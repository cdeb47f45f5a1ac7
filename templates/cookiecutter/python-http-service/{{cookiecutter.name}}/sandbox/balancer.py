"""Several instances behind a balancer, as a cluster runs them: python -m sandbox.balancer COMMAND...

There are as many as deploy/autoscaling.yaml says at least, each asked for its readiness, and each started again
when it ends. Users ask all the while. The command finds the balancer in SERVICE_URL and an instance in INSTANCE_PID;
the balancer tells at /-/users how many of the users' requests went well and how many did not.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import yaml

from sandbox.drill import ask
from sandbox.processes import ROOT, end, free_port, running, wait_for

EVERY = 0.1  # seconds between looks at the instances, where a cluster takes two


class Instance:
    """A process that is started again when it ends, at the same port."""

    def __init__(self, rates_url: str) -> None:
        self.port = free_port()
        self._environment = {
            **os.environ,
            "PORT": str(self.port),
            "RATES_URL": rates_url,
            "LOG_LEVEL": "WARNING",
            "DRAIN_SECONDS": "0",
        }
        self.process = self._start()
        self.ready = False

    def look(self) -> None:
        """Start it again if it has ended, and find out whether it wants requests."""
        if self.process.poll() is not None:
            self.ready = False
            self.process = self._start()
        else:
            self.ready = ask(f"http://127.0.0.1:{self.port}/readyz") == 200

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "app"], cwd=ROOT, env=self._environment)


class Balancer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, instances: list[Instance]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.instances = instances
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.users = {"answered": 0, "failed": 0}
        self.turn = 0

    def order(self) -> list[Instance]:
        """Return the instances that are ready, each time another one first."""
        ready = [instance for instance in self.instances if instance.ready]
        self.turn += 1
        start = self.turn % len(ready) if ready else 0
        return ready[start:] + ready[:start]


class Handler(BaseHTTPRequestHandler):
    server: Balancer

    def do_GET(self) -> None:  # the name that http.server calls
        if self.path == "/-/users":
            self._answer(200, json.dumps({**self.server.users, "ready": len(self.server.order())}).encode())
            return
        # What asks only can be asked of another one, if one is gone: balancers and ingresses do so.
        for instance in self.server.order():
            connection = http.client.HTTPConnection("127.0.0.1", instance.port, timeout=10)
            try:
                connection.request("GET", self.path)
                answer = connection.getresponse()
                self._answer(answer.status, answer.read())
                return
            except (OSError, http.client.HTTPException):
                instance.ready = False
            finally:
                connection.close()
        self._answer(502, b"no instance is ready")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def at_least() -> int:
    """Return how many instances a cluster runs at least."""
    scaler = yaml.safe_load((ROOT / "deploy/autoscaling.yaml").read_text("utf-8"))
    return int(scaler["spec"]["minReplicas"])


@contextmanager
def balanced() -> Iterator[Balancer]:
    """Run the instances behind a balancer, with users, until the block ends."""
    with running(LOG_LEVEL="WARNING") as both:
        instances = [Instance(f"http://127.0.0.1:{both.rates_port}") for _ in range(at_least())]
        over = threading.Event()
        threads = []
        try:
            for instance in instances:
                wait_for(f"http://127.0.0.1:{instance.port}/readyz", instance.process)
                instance.ready = True
            with Balancer(instances) as balancer:

                def look() -> None:
                    while not over.wait(EVERY):
                        for instance in instances:
                            instance.look()

                def use() -> None:
                    while not over.wait(0.02):
                        good = ask(f"{balancer.url}/quote?amount=100&currency=EUR") == 200
                        balancer.users["answered" if good else "failed"] += 1

                serving = threading.Thread(target=balancer.serve_forever, kwargs={"poll_interval": 0.05})
                threads = [threading.Thread(target=look), *(threading.Thread(target=use) for _ in range(4))]
                for thread in (serving, *threads):
                    thread.start()
                try:
                    yield balancer
                finally:
                    over.set()
                    for thread in threads:
                        thread.join()
                    balancer.shutdown()
        finally:
            for instance in instances:
                end(instance.process)


def main(command: list[str]) -> int:
    with balanced() as balancer:
        tools = Path(sys.executable).parent  # the environment's own commands first
        environment = {
            **os.environ,
            "PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', '')}",
            "PYTHONPATH": str(ROOT),
            "SERVICE_URL": balancer.url,
            "INSTANCE_PID": str(balancer.instances[0].process.pid),
        }
        time.sleep(0.5)  # some users first
        return subprocess.call(command, cwd=ROOT, env=environment)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
