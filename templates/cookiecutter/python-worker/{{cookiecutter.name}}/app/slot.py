"""One slot: takes a notice, delivers it, says how that went, and again."""

from __future__ import annotations

import logging
import random
import threading
import time

import psycopg

from app import telemetry
from app.gateway import Gateway, Refused
from app.jobs import Job, Queue
from app.protection import Breaker, Unavailable, pause_before
from app.settings import Settings

log = logging.getLogger("slot")


class Slot:
    """`queue_breaker` is one for all slots, so that they do not all find out by themselves that the queue is gone."""

    def __init__(
        self,
        number: int,
        settings: Settings,
        gateway: Gateway,
        queue_breaker: Breaker,
        stopping: threading.Event,
    ) -> None:
        self.number = number
        self._settings = settings
        self._gateway = gateway
        self._queue_breaker = queue_breaker
        self._stopping = stopping
        self._queue: Queue | None = None
        self._lost = 0
        # When this slot last gave a sign of life, and since when it has been busy with one notice.
        self.alive_at = time.monotonic()
        self.busy_since: float | None = None

    def run(self) -> None:
        while not self._stopping.is_set():
            self.alive_at = time.monotonic()
            try:
                pause = self._turn()
            except psycopg.Error as error:
                pause = self._lose_queue(error)
            self._stopping.wait(pause)
        if self._queue:
            self._queue.close()

    def _turn(self) -> float:
        """Deliver one notice if there is one; return the seconds until the next turn."""
        if self._gateway.breaker.resting:
            return 0.1  # what we would take now could only wait here instead of there
        if self._queue_breaker.resting:
            return 0.1
        if self._queue is None:
            self._queue = Queue.connect(self._settings)
        job = self._queue.take(self._settings.lease)
        self._queue_breaker.succeeded()
        self._lost = 0
        if job is None:
            return self._settings.poll_pause * random.uniform(0.5, 1.5)
        self.busy_since = time.monotonic()
        try:
            with telemetry.job_span("deliver notice", job.trace, key=job.key):
                self._do(job)
        finally:
            self.busy_since = None
        return 0.0

    def _do(self, job: Job) -> None:
        if job.failures >= self._settings.max_attempts:
            # It was taken that often and never finished: whoever took it died of it.
            self._conclude(job, "dead", f"taken {job.taken} times and never finished")
            return
        began = time.monotonic()
        try:
            receipt = self._gateway.deliver(job.key, job.payload)
        except Refused as error:
            self._conclude(job, "dead", str(error))
        except Unavailable as error:
            late = job.age > self._settings.give_up_after
            self._conclude(job, "dead" if late else "put_back", f"the gateway is not available: {error}", excused=True)
        except Exception as error:
            log.exception("unexpected error", extra={"fields": {"key": job.key}})
            dead = job.failures + 1 >= self._settings.max_attempts
            self._conclude(job, "dead" if dead else "put_back", f"{type(error).__name__}: {error}")
        else:
            telemetry.DELIVERY_SECONDS.labels(telemetry.SERVICE).observe(time.monotonic() - began)
            self._conclude(job, "done", receipt)

    def _conclude(self, job: Job, outcome: str, text: str, *, excused: bool = False) -> None:
        """Say in the queue how it went. If the queue is gone now, the lease ends by itself, and the notice is
        delivered again under the same key."""
        if self._queue is None:
            raise AssertionError("a job came from nowhere")
        telemetry.ATTEMPTS.labels(telemetry.SERVICE, outcome).inc()
        if outcome == "done":
            ours = self._queue.finish(job, text)
        elif outcome == "dead":
            ours = self._queue.bury(job, text[:1000])
        else:
            first, longest = self._settings.backoff, self._settings.longest_backoff
            tried = job.excused if excused else job.failures
            ours = self._queue.put_back(job, pause_before(tried, first, longest), text[:1000], excused=excused)
        fields = {"key": job.key, "outcome": outcome, "taken": job.taken, "age": round(job.age, 3)}
        if not ours:
            telemetry.OVERTAKEN.labels(telemetry.SERVICE).inc()
            log.warning("took longer than its lease", extra={"fields": fields})
            return
        if outcome != "put_back":
            telemetry.FINISHED.labels(telemetry.SERVICE, outcome).inc()
        if outcome == "done":
            age = job.age + (time.monotonic() - (self.busy_since or time.monotonic()))
            telemetry.AGE.labels(telemetry.SERVICE).observe(age)
        level = logging.INFO if outcome == "done" else logging.WARNING
        log.log(level, "notice", extra={"fields": fields if outcome == "done" else {**fields, "error": text}})

    def _lose_queue(self, error: psycopg.Error) -> float:
        telemetry.FAILED_CALLS.labels(telemetry.SERVICE, "queue").inc()
        self._queue_breaker.failed()
        if not self._lost:
            log.warning("the queue cannot be used", extra={"fields": {"slot": self.number, "error": str(error).strip()}})
        if self._queue is not None:
            self._queue.close()
            self._queue = None
        self._lost += 1
        return pause_before(self._lost - 1, 0.1, 5.0)
