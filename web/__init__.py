"""The web application: pages, partials for htmx, the JSON API, static files."""

from web.application import create_app

__all__ = ["create_app"]
