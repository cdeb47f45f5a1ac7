"""Whole pages and their partials: a partial is a named block of its page, in one template."""

from flask import Flask, Response, current_app, make_response, render_template
from flask_htmx import HTMX

htmx = HTMX()


def configure_htmx(app: Flask) -> None:
    """Let pages know whether htmx asks."""
    htmx.init_app(app)


def wants_partial(target: str) -> bool:
    """Whether this request is htmx's for the region `target`; to restore a page it wants the whole page."""
    return bool(htmx) and not htmx.history_restore_request and htmx.target == target


def page(template: str, *blocks: str, target: str = "", **context: object) -> Response:
    """The page, or only these blocks of it where htmx asks for `target`."""
    if blocks and wants_partial(target):
        response = make_response(_blocks(template, blocks, context))
    else:
        response = make_response(render_template(template, **context))
    if blocks:
        response.vary.update(("HX-Request", "HX-Target", "HX-History-Restore-Request"))
    return response


def _blocks(template: str, blocks: tuple[str, ...], context: dict[str, object]) -> str:
    found = current_app.jinja_env.get_template(template)
    values = {**context, "partial": True}
    current_app.update_template_context(values)
    scope = found.new_context(values)
    return "".join("".join(found.blocks[name](scope)) for name in blocks)
