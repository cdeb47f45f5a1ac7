"""The Flask application, put together from short steps."""

import importlib
import pkgutil
import secrets
from datetime import UTC, datetime
from typing import Any

from flask import Flask, g, request
from sqlalchemy import Engine

import web.views
from web import assets, errors, formatting, partials, reading, security, telemetry


def create_app(engine: Engine, *, scorecard: str = "reliability") -> Flask:
    """An application that reads the database behind `engine` and writes nothing.

    `scorecard` is the one that pages show; the JSON API gives all of them.
    """
    app = Flask(__name__, static_folder=None, template_folder="pages")
    app.config.update(SCORECARD=scorecard, MAX_CONTENT_LENGTH=64 * 1024)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    telemetry.configure_telemetry(app, engine)
    configure_requests(app)
    reading.configure_database(app, engine)
    security.configure_headers(app)
    partials.configure_htmx(app)
    formatting.configure_filters(app)
    assets.configure_assets(app)
    errors.configure_errors(app)
    configure_blueprints(app)
    configure_navigation(app)
    return app


def configure_requests(app: Flask) -> None:
    """Give each request an id and one moment that all its figures are judged by."""

    @app.before_request
    def begin() -> None:
        g.request_id = secrets.token_hex(8)
        g.now = datetime.now(UTC)


def configure_blueprints(app: Flask) -> None:
    """Register `blueprint` of every module of `web/views/`."""
    for info in pkgutil.iter_modules(web.views.__path__):
        module = importlib.import_module(f"web.views.{info.name}")
        app.register_blueprint(module.blueprint)


def configure_navigation(app: Flask) -> None:
    """Offer the pages that exist, in the order in which the top bar shows them."""
    offered = (
        ("services.index", "Services"),
        ("teams.index", "Teams"),
        ("checks.index", "Checks"),
        ("crawls.index", "Crawls"),
    )
    pages = [(endpoint, label) for endpoint, label in offered if endpoint in app.view_functions]

    @app.context_processor
    def navigation() -> dict[str, Any]:
        section = (request.blueprint or "").split(".")[0]
        theme = request.cookies.get("theme")
        return {
            "pages": pages,
            "section": {"service": "services", "files": "services"}.get(section, section),
            "theme": theme if theme in ("light", "dark") else "",
            "here": request.full_path.rstrip("?"),
        }
