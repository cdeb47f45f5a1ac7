"""Looks into the queue every few seconds, for the metrics and for readiness, and tidies it."""

from __future__ import annotations

import logging
import threading

import psycopg

from app import telemetry
from app.jobs import Queue
from app.settings import Settings
from app.status import Status

EVERY = 2.0  # seconds

log = logging.getLogger("watch")


def watch(settings: Settings, status: Status, stopping: threading.Event) -> None:
    queue: Queue | None = None
    lost = False
    while not stopping.is_set():
        try:
            queue = queue or Queue.connect(settings)
            state = queue.state()
            queue.forget(settings.keep_done)
        except psycopg.Error as error:
            if not lost:
                log.warning("the queue cannot be seen", extra={"fields": {"error": str(error).strip()}})
            lost = True
            status.lost_queue()
            telemetry.QUEUE_UP.labels(telemetry.SERVICE).set(0)
            if queue is not None:
                queue.close()
            queue = None
        else:
            lost = False
            status.saw_queue()
            telemetry.QUEUE_UP.labels(telemetry.SERVICE).set(1)
            telemetry.READY.labels(telemetry.SERVICE).set(state.ready)
            telemetry.OPEN.labels(telemetry.SERVICE).set(state.open)
            telemetry.OLDEST.labels(telemetry.SERVICE).set(state.oldest)
            telemetry.DEAD.labels(telemetry.SERVICE).set(state.dead)
        stopping.wait(EVERY)
    if queue is not None:
        queue.close()
