"""Markdown as safe HTML: no HTML of its author's, no images, links only where a reader may go."""

import posixpath
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape

from web.untrusted import safe_url, shown

LONGEST = 200_000
"""Characters beyond which a document is shown as it is written."""

Locate = Callable[[str], str | None]


def render_markdown(text: str, below: int = 1, locate: Locate | None = None) -> Markup:
    """The text as HTML, its headings `below` levels lower.

    `locate` gives the address of a relative link, None where it leads nowhere.
    """
    # What is rendered was escaped by the renderer: HTML in the source is text, and rules below escape theirs.
    return Markup(_parser().render(shown(text), {"below": below, "locate": locate}))  # noqa: S704


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # _link_open decides
    for name, rule in (
        ("image", _image),
        ("link_open", _link_open),
        ("link_close", _link_close),
        ("heading_open", _heading),
        ("heading_close", _heading),
        ("fence", _code),
        ("code_block", _code),
    ):
        parser.add_render_rule(name, rule)
    return parser


def _image(_: RendererHTML, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:
    return str(Markup("<i>[image: {}]</i>").format(tokens[at].content or "no description"))


def _link_open(_: RendererHTML, tokens: Sequence[Token], at: int, _options: Any, env: Any) -> str:
    href = str(tokens[at].attrs.get("href", ""))
    locate: Locate | None = env["locate"]
    outside = safe_url(href)
    inside = locate(href) if locate and not outside and "://" not in href else None
    # Links do not nest in Markdown, so the next closing one is this link's.
    env["closing"] = "</a>" if outside or inside else "</span>"
    if outside:
        return str(Markup('<a href="{}" rel="noreferrer nofollow">').format(outside))
    return str(Markup('<a href="{}">').format(inside)) if inside else '<span class="lost">'


def _link_close(_: RendererHTML, _tokens: Sequence[Token], _at: int, _options: Any, env: Any) -> str:
    return str(env["closing"])


def _heading(_: RendererHTML, tokens: Sequence[Token], at: int, _options: Any, env: Any) -> str:
    level = min(int(tokens[at].tag[1:]) + int(env["below"]), 6)
    return f"<{'/' if tokens[at].nesting < 0 else ''}h{level}>"


def _code(_: RendererHTML, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:
    return f'<pre tabindex="0"><code>{escape(tokens[at].content)}</code></pre>\n'


def relative_path(document: str, href: str) -> str | None:
    """The path in the repository that a document's relative link names; None where it leads out of it."""
    path = unquote(href.partition("#")[0].partition("?")[0])
    if not path or ":" in path.partition("/")[0]:
        return None
    base = "" if path.startswith("/") else posixpath.dirname(document)
    found = posixpath.normpath(posixpath.join(base, path.lstrip("/")))
    return None if found in (".", "..") or found.startswith("../") else found
