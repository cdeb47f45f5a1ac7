"""The HTTP interface."""

from __future__ import annotations

import logging
import re
import time
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Flask, Response, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.exceptions import HTTPException

from app import telemetry
from app.lifecycle import Lifecycle
from app.protection import Unavailable
from app.rates import Rates, UnknownCurrency

LARGEST_AMOUNT = Decimal("1e12")
# Asked by machines all the time: neither logged nor part of the objectives.
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})

log = logging.getLogger("web")


def create_app(rates: Rates, lifecycle: Lifecycle, longest_wait: float = 0.5) -> Flask:
    app = Flask("{{ cookiecutter.name }}")
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    _observe(app)

    @app.before_request
    def shed() -> Any:
        # In a surge those who wait for longest give up first: answering them late helps nobody, and makes all wait.
        if request.path in PROBES or _waited() <= longest_wait:
            return None
        telemetry.SHED.labels(telemetry.SERVICE).inc()
        answer = _problem(503, "there are too many requests just now")
        answer.headers["Retry-After"] = "1"
        return answer

    @app.get("/quote")
    def quote() -> Any:
        amount, currency = _amount(request.args.get("amount", "")), request.args.get("currency", "")
        if amount is None:
            return _problem(400, "amount must be a number from 0 to 1000000000000")
        if not re.fullmatch("[A-Z]{3}", currency):
            return _problem(400, "currency must be three capital letters")
        try:
            with telemetry.request_span("GET /quote", dict(request.headers)):
                rate = rates.rate(currency)
        except UnknownCurrency:
            return _problem(404, f"there is no rate for {currency}")
        except Unavailable:
            answer = _problem(503, "no rate is known, and the rates service does not answer")
            answer.headers["Retry-After"] = "5"
            return answer
        return jsonify(
            amount=str(amount),
            currency=currency,
            rate=str(rate.value),
            quote=str((amount * rate.value).quantize(Decimal("0.01"))),
            stale=rate.stale,
            rate_age_seconds=round(rate.age, 1),
        )

    @app.get("/healthz")
    def live() -> Any:
        # Alive means that this process can answer. It says nothing of others: a restart would not mend them.
        return jsonify(status="ok")

    @app.get("/readyz")
    def ready() -> Any:
        # The rates service is not asked: without it there is still an answer, from known rates.
        if lifecycle.draining:
            return jsonify(status="draining"), 503
        return jsonify(status="ready")

    @app.get("/metrics")
    def metrics() -> Any:
        return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Any:
        return _problem(error.code or 500, error.description or error.name)

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Any:
        log.exception("unexpected error")
        return _problem(500, "something went wrong here")

    return app


def _observe(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        if request.path in PROBES:
            return response
        # The rule and not the path, which anybody could make up without end.
        route = str(request.url_rule) if request.url_rule else "none"
        took = _waited() + time.perf_counter() - g.began
        telemetry.REQUESTS.labels(telemetry.SERVICE, request.method, route, response.status_code).inc()
        telemetry.DURATION.labels(telemetry.SERVICE, request.method, route).observe(took)
        log.info(
            "request",
            extra={
                "fields": {
                    "method": request.method,
                    "route": route,
                    "code": response.status_code,
                    "seconds": round(took, 4),
                }
            },
        )
        return response


def _waited() -> float:
    """Return for how many seconds the request waited for a thread (app/server.py)."""
    waited: float = request.environ.get("app.waited", 0.0)
    return waited


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount <= LARGEST_AMOUNT and len(text) <= 40 else None


def _problem(code: int, detail: str) -> Response:
    """Answer as RFC 9457 has it."""
    answer = jsonify(status=code, detail=detail)
    answer.status_code = code
    answer.content_type = "application/problem+json"
    return answer
