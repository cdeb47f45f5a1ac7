"""Answers to what went wrong: for people a page, for programs one shape of JSON."""

from dataclasses import dataclass

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException


@dataclass(frozen=True, slots=True)
class Fault:
    """What happened, what it means for what is shown, and what to do."""

    status: int
    title: str
    meaning: str
    action: str


_FAULTS = {
    400: Fault(
        400,
        "The request cannot be read",
        "Something in the address or its fields is malformed.",
        "Go back and follow the link anew.",
    ),
    404: Fault(
        404,
        "There is no such page",
        "It may have been renamed, or its repository may no longer be a source.",
        "Search for it by name, or look through the services.",
    ),
    405: Fault(
        405,
        "This page cannot be asked that way",
        "The address exists, but not for this kind of request.",
        "Open it as a page.",
    ),
    413: Fault(413, "The request is too large", "Nothing was changed.", "Send less than 64 KiB."),
    500: Fault(
        500,
        "Handrail met a fault of its own",
        "Nothing was changed: pages only read. The other pages may still work.",
        "Try again; if it happens again, give the request id to whoever runs Handrail: the log has it.",
    ),
    503: Fault(
        503,
        "The database cannot be read",
        "Nothing was lost: pages only read. It may be away, locked, or not made yet.",
        "Run `handrail crawl FOLDER` to make it, or see whether the database answers; then load this again.",
    ),
}


def configure_errors(app: Flask) -> None:
    """Handle errors of HTTP, of the database, and all others."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(SQLAlchemyError, _unreadable)
    app.register_error_handler(Exception, _fault)


def error_json(status: int, title: str, detail: str) -> Response:
    """The one shape of an error in JSON."""
    body = {"status": status, "title": title, "detail": detail, "request_id": g.get("request_id", "")}
    response = jsonify({"schema": 1, "error": body})
    response.status_code = status
    return response


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    kind = error.code if error.code in _FAULTS else (400 if error.code < 500 else 500)
    fault = _FAULTS[kind]
    response = _answer(Fault(error.code, fault.title, fault.meaning, fault.action), error.description or "")
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _unreadable(error: SQLAlchemyError) -> Response:
    current_app.logger.error("request %s: the database cannot be read: %s", g.get("request_id"), error)
    return _answer(_FAULTS[503], "")


def _fault(error: Exception) -> Response:
    current_app.logger.exception("request %s failed", g.get("request_id"), exc_info=error)
    return _answer(_FAULTS[500], "")


def _answer(fault: Fault, detail: str) -> Response:
    if request.path.startswith("/api/"):
        return error_json(fault.status, fault.title, detail or f"{fault.meaning} {fault.action}")
    response = make_response(render_template("error.html", fault=fault, request_id=g.get("request_id", "")))
    response.status_code = fault.status
    return response
