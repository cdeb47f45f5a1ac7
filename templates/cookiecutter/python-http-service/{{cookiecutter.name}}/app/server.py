"""The process: start, serve, and go without losing a request.

On SIGTERM or SIGINT the readiness probe says no, so that no new request is sent here; after the drain time
nothing more is accepted, and after what is under way is answered, the process ends with status 0.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from types import FrameType
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server
from waitress.task import WSGITask

from app import telemetry
from app.lifecycle import Lifecycle
from app.rates import Rates
from app.settings import Settings
from app.web import create_app

log = logging.getLogger("server")


def serve(settings: Settings) -> int:
    """Serve until told to stop; return the exit status."""
    telemetry.set_up()
    lifecycle = Lifecycle()
    app = create_app(Rates(settings), lifecycle, settings.longest_wait)
    try:
        server = create_server(
            lifecycle.counted(app.wsgi_app),
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            ident=None,
            channel_timeout=60,
        )
    except (OSError, ValueError) as error:
        log.error("cannot listen on %s port %s: %s", settings.host, settings.port, error)
        return 1
    server.channel_class = channel(lifecycle)

    def go() -> None:
        time.sleep(settings.drain_seconds)
        server.accepting = False
        idle = lifecycle.wait_until_idle(settings.grace_seconds)
        log.info("stopped" if idle else "stopped with requests under way")
        time.sleep(0.2)  # the last answers are on their way out
        os.kill(os.getpid(), signal.SIGUSR1)

    def stop(number: int, frame: FrameType | None) -> None:
        if lifecycle.draining:
            return
        lifecycle.drain()
        log.info("stopping", extra={"fields": {"signal": signal.Signals(number).name}})
        threading.Thread(target=go, name="going", daemon=True).start()

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGUSR1, leave)
    log.info("listening", extra={"fields": {"host": settings.host, "port": settings.port}})
    server.run()
    server.close()
    return 0


class Parser(HTTPRequestParser):
    """Notes when a request began to arrive."""

    def __init__(self, adj: Adjustments) -> None:
        super().__init__(adj)
        self.arrived = time.monotonic()


def channel(lifecycle: Lifecycle) -> type[HTTPChannel]:
    """Return connections that say how long a request waited, and end with their next answer once the service goes.

    A client that keeps a connection is told to take a new one, elsewhere. WSGI gives an application no say in
    this, so it is said to waitress.
    """

    class Task(WSGITask):
        def get_environment(self) -> dict[str, Any]:
            environment: dict[str, Any] = super().get_environment()
            environment["app.waited"] = time.monotonic() - self.request.arrived
            return environment

        def build_response_header(self) -> bytes:
            if lifecycle.draining:
                self.request.headers["CONNECTION"] = "close"
            return super().build_response_header()

    class Channel(HTTPChannel):
        task_class = Task
        parser_class = Parser

    return Channel
