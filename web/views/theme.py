"""The reader's choice of light or dark, kept in a cookie so that the page comes in it at once."""

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

blueprint = Blueprint("theme", __name__)


@blueprint.post("/theme")
def choose() -> Response:
    """Keep the choice and go back to the page it was made on."""
    back = request.form.get("back", "/")
    # Only a path of this site: two slashes, or a backslash that browsers read as one, name another host.
    inside = back.startswith("/") and not back.startswith("//") and not set(back) & set("\\\r\n\t")
    response = redirect(back if inside else "/", code=303)
    theme = request.form.get("theme")
    if theme in ("light", "dark"):
        response.set_cookie("theme", theme, max_age=365 * 24 * 3600, httponly=True, samesite="Lax")
    else:
        response.delete_cookie("theme")
    return response
