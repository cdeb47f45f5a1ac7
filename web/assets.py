"""Static files: their addresses carry a digest, so that browsers keep them and never keep an old one."""

import hashlib
import mimetypes
from functools import cache
from importlib.resources import files

from flask import Flask, Response, abort, request, url_for

_STATIC = files("web") / "static"
_YEAR = 365 * 24 * 3600


def configure_assets(app: Flask) -> None:
    """Serve `web/static/`, and offer `asset(name)` to pages."""
    app.add_url_rule("/static/<name>", "assets", _serve)
    app.add_url_rule("/favicon.ico", "favicon", lambda: _serve("icon.svg"))
    app.jinja_env.globals["asset"] = lambda name: url_for("assets", name=name, v=_read(name)[1])


@cache
def _read(name: str) -> tuple[bytes, str]:
    data = (_STATIC / name).read_bytes()
    return data, hashlib.sha256(data).hexdigest()[:12]


def _serve(name: str) -> Response:
    if name not in {item.name for item in _STATIC.iterdir()}:
        abort(404)
    data, digest = _read(name)
    kind = mimetypes.guess_type(name)[0] or "text/plain"
    response = Response(data, content_type=f"{kind}; charset=utf-8" if "svg" not in kind else kind)
    known = request.args.get("v") == digest
    response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable" if known else "public, no-cache"
    response.set_etag(digest)
    response.make_conditional(request)
    return response
