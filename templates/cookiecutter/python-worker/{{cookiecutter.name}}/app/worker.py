"""The process: slots that take notices and deliver them, and going without losing one.

On SIGTERM or SIGINT no slot takes anything more; after what is under way is finished, the process ends with
status 0. Nothing has to be handed over: what is not taken lies in the queue.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from types import FrameType

from app import telemetry
from app.gateway import Gateway
from app.protection import Breaker
from app.settings import Settings
from app.slot import Slot
from app.status import Status, serve_status
from app.watch import watch

log = logging.getLogger("worker")


def work(settings: Settings) -> int:
    """Work until told to stop; return the exit status."""
    telemetry.set_up()
    stopping = threading.Event()
    gateway = Gateway(settings)
    breaker = Breaker(settings.breaker_failures, settings.breaker_pause)
    slots = [Slot(number, settings, gateway, breaker, stopping) for number in range(settings.slots)]
    status = Status(slots, stopping, stuck_after=2 * settings.lease)
    try:
        server = serve_status(status, settings.host, settings.port)
    except OSError as error:
        log.error("cannot listen on %s port %s: %s", settings.host, settings.port, error)
        return 1

    def stop(number: int, frame: FrameType | None) -> None:
        if not stopping.is_set():
            stopping.set()
            log.info("stopping", extra={"fields": {"signal": signal.Signals(number).name}})

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    threads = [threading.Thread(target=slot.run, name=f"slot-{slot.number}", daemon=True) for slot in slots]
    watching = threading.Thread(target=watch, args=(settings, status, stopping), name="watch", daemon=True)
    for thread in (watching, *threads):
        thread.start()
    log.info("working", extra={"fields": {"host": settings.host, "port": settings.port, "slots": settings.slots}})
    while not stopping.wait(1):
        pass
    until = time.monotonic() + settings.grace_seconds
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    left = sum(thread.is_alive() for thread in threads)
    # What a slot still holds comes back to the queue when its lease is over.
    log.info("stopped", extra={"fields": {"under_way": left}})
    server.shutdown()
    telemetry.flush()
    return 0
