"""The mail gateway, a service that is not ours: contracts/gateway.yaml says how we speak with it."""

from __future__ import annotations

from typing import Any

import urllib3

from app import telemetry
from app.protection import Breaker, RetryBudget, Unavailable, call
from app.settings import Settings


class Refused(Exception):
    """The gateway will never take this notice."""


class Gateway:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool = urllib3.PoolManager(num_pools=2, maxsize=settings.slots, block=False)
        self._budget = RetryBudget()
        self.breaker = Breaker(settings.breaker_failures, settings.breaker_pause)

    def deliver(self, key: str, payload: Any) -> str:
        """Deliver a notice and return its receipt. Raises Refused, or Unavailable: then nobody knows whether
        it was delivered, and it must be delivered again under the same key."""
        notice = _notice(payload)
        try:
            return call(
                lambda: self._ask(key, notice),
                breaker=self.breaker,
                budget=self._budget,
                attempts=self._settings.gateway_attempts,
            )
        except Unavailable:
            telemetry.FAILED_CALLS.labels(telemetry.SERVICE, "gateway").inc()
            raise

    def _ask(self, key: str, notice: dict[str, str]) -> str:
        with telemetry.span("POST notices", key=key):
            try:
                answer = self._pool.request(
                    "POST",
                    f"{self._settings.gateway_url.rstrip('/')}/notices",
                    json=notice,
                    timeout=urllib3.Timeout(total=self._settings.gateway_timeout),
                    retries=False,
                    # The gateway delivers once what it gets twice under the same key.
                    headers={
                        "Accept": "application/json",
                        "Content-Type": "application/json",
                        "Idempotency-Key": key,
                        **telemetry.trace_headers(),
                    },
                )
            except urllib3.exceptions.HTTPError as error:
                raise Unavailable(type(error).__name__) from error
        if answer.status in {408, 425, 429} or answer.status >= 500:
            raise Unavailable(f"it answered {answer.status}")
        if answer.status not in {200, 201}:
            raise Refused(f"the gateway answered {answer.status}: {answer.data[:200].decode('utf-8', 'replace')}")
        try:
            receipt = answer.json()["receipt"]
        except (ValueError, KeyError, TypeError) as error:
            raise Unavailable("it answered something else than a receipt") from error
        if not isinstance(receipt, str) or not receipt:
            raise Unavailable("it answered something else than a receipt")
        return receipt[:200]


def _notice(payload: Any) -> dict[str, str]:
    if not isinstance(payload, dict):
        raise Refused("the payload is no object")
    for name in ("to", "text"):
        if not isinstance(payload.get(name), str) or not payload[name].strip():
            raise Refused(f"the payload has no {name}")
    return {"to": payload["to"], "text": payload["text"]}
