"""Exchange rates, from a service that is not ours.

When it fails, the last rate known for the currency stands in, marked as stale: docs/dependencies.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import urllib3

from app import telemetry
from app.protection import Breaker, RetryBudget, Unavailable, call
from app.settings import Settings


class UnknownCurrency(Exception):
    """The rates service answered that it knows no such currency."""


@dataclass(frozen=True)
class Rate:
    """How much of a currency one unit buys; `age` in seconds since the rates service said so."""

    value: Decimal
    age: float
    stale: bool


class Rates:
    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._clock = clock
        self._pool = urllib3.PoolManager(num_pools=2, maxsize=settings.threads, block=False)
        self._breaker = Breaker(settings.breaker_failures, settings.breaker_pause)
        self._budget = RetryBudget()
        self._known: dict[str, tuple[Decimal, float]] = {}

    def rate(self, currency: str) -> Rate:
        """Return the rate of a currency; raise UnknownCurrency, or Unavailable if no rate is known at all."""
        try:
            value = call(
                lambda: self._ask(currency),
                breaker=self._breaker,
                budget=self._budget,
                attempts=self._settings.rates_attempts,
            )
        except Unavailable as error:
            telemetry.FAILED_CALLS.labels(telemetry.SERVICE, "rates").inc()
            return self._fall_back(currency, error)
        self._known[currency] = (value, self._clock())
        return Rate(value, 0.0, stale=False)

    def _fall_back(self, currency: str, error: Unavailable) -> Rate:
        value, since = self._known.get(currency, (Decimal(0), 0.0))
        age = self._clock() - since
        if age > self._settings.stale_rate_limit:
            raise error
        telemetry.FALLBACKS.labels(telemetry.SERVICE, "rates").inc()
        return Rate(value, age, stale=True)

    def _ask(self, currency: str) -> Decimal:
        timeout = urllib3.Timeout(total=self._settings.rates_timeout)
        with telemetry.span("GET rates", currency=currency):
            try:
                answer = self._pool.request(
                    "GET",
                    f"{self._settings.rates_url.rstrip('/')}/rates/{currency}",
                    timeout=timeout,
                    retries=False,
                    headers={"Accept": "application/json", **telemetry.trace_headers()},
                )
            except urllib3.exceptions.HTTPError as error:
                raise Unavailable(f"{type(error).__name__}") from error
        if answer.status == 404:
            raise UnknownCurrency(currency)
        if answer.status != 200:
            raise Unavailable(f"it answered {answer.status}")
        try:
            value = Decimal(str(answer.json()["rate"]))
        except (ValueError, KeyError, TypeError, InvalidOperation) as error:
            raise Unavailable("it answered something else than a rate") from error
        if not value.is_finite() or value <= 0:
            raise Unavailable(f"it answered the rate {value}")
        return value
