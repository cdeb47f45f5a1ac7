"""What the process says of itself over HTTP: /healthz, /readyz and /metrics."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app import telemetry

if TYPE_CHECKING:
    from app.slot import Slot

SEEN_LATELY = 10.0  # seconds


class Status:
    """`stuck_after` is how many seconds a slot may go without a sign of life."""

    def __init__(self, slots: Sequence[Slot], stopping: threading.Event, stuck_after: float) -> None:
        self._slots = slots
        self._stopping = stopping
        self._stuck_after = stuck_after
        self._queue_seen: float | None = None
        telemetry.LONGEST.labels(telemetry.SERVICE).set_function(self.longest)

    def saw_queue(self) -> None:
        self._queue_seen = time.monotonic()

    def lost_queue(self) -> None:
        self._queue_seen = None

    def live(self) -> tuple[bool, str]:
        # Alive means that each slot still turns. A queue or a gateway that is gone is no reason to start anew.
        stuck = [slot.number for slot in self._slots if time.monotonic() - slot.alive_at > self._stuck_after]
        return not stuck, f"slots {stuck} are stuck" if stuck else "ok"

    def ready(self) -> tuple[bool, str]:
        if self._stopping.is_set():
            return False, "stopping"
        seen = self._queue_seen
        if seen is None or time.monotonic() - seen > SEEN_LATELY:
            return False, "the queue cannot be seen"
        return True, "ready"

    def longest(self) -> float:
        """Return for how many seconds the slot that is busy for longest has been so."""
        now = time.monotonic()
        return max((now - since for slot in self._slots if (since := slot.busy_since) is not None), default=0.0)


def serve_status(status: Status, host: str, port: int) -> ThreadingHTTPServer:
    """Answer in a thread of its own until the server is shut down. Raises OSError if the port is taken."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:  # the name that http.server calls
            if self.path == "/metrics":
                self._answer(200, generate_latest(), CONTENT_TYPE_LATEST)
            elif self.path in {"/healthz", "/readyz"}:
                good, text = status.live() if self.path == "/healthz" else status.ready()
                self._answer(200 if good else 503, json.dumps({"status": text}).encode(), "application/json")
            else:
                self._answer(404, b'{"status": "there is no such path"}', "application/json")

        def _answer(self, code: int, body: bytes, kind: str) -> None:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # who asked has gone away

    server = Server((host, port), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="status", daemon=True).start()
    return server
