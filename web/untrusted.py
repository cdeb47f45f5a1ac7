"""Text and addresses from repositories, made fit to be shown: they were written by anybody."""

import re
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from catalog.secrets import masked

_BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_INVISIBLE = f"\u00ad\u200b\u2060\ufeff{_BIDI}"
_UNSEEN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff{_INVISIBLE}]")


def visible(text: str) -> str:
    """The text with control, direction and invisible characters written out, so that none acts unseen."""
    return _UNSEEN.sub(lambda m: _picture(m.group()), text)


def _picture(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else f"[U+{code:04X}]"


def shown(value: Any) -> str:
    """Any value as text for a page: masked, nothing invisible; None is empty."""
    if value is None:
        return ""
    text = str(value)
    if text.isascii() and text.isprintable() and "://" not in text:  # nearly always
        return text
    return visible(masked(text))


def isolated(value: Any) -> Markup:
    """`shown` in a `<bdi>`, so that its direction does not turn what stands beside it."""
    return Markup(f"<bdi>{escape(shown(value))}</bdi>")  # noqa: S704  what is in it was escaped


def prose(value: Any) -> Markup:
    """A message of a check: `shown`, with what stands in backticks as code."""
    parts = shown(value).split("`")
    if len(parts) % 2 == 0:  # one backtick too many: then none of them means code
        return Markup("<bdi>{}</bdi>").format("`".join(parts))
    pieces = [
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part)
        for place, part in enumerate(parts)
    ]
    return Markup("<bdi>{}</bdi>").format(Markup("").join(pieces))


def blocks(value: Any) -> list[tuple[bool, str]]:
    """A fix in the order in which it is read: whether each part is code, indented by four, and its text."""
    made: list[tuple[bool, list[str]]] = []
    for line in str(value).split("\n"):
        is_code = line.startswith("    ")
        if not line.strip():
            continue
        if not made or made[-1][0] is not is_code:
            made.append((is_code, []))
        made[-1][1].append(line[4:] if is_code else line.strip())
    return [(is_code, ("\n" if is_code else " ").join(lines)) for is_code, lines in made]


def safe_url(value: Any) -> str | None:
    """The address where it may be a link: http, https or mailto, and no credential in it."""
    if not isinstance(value, str) or len(value) > 2000 or _UNSEEN.search(value) or masked(value) != value:
        return None
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return None
    if parts.scheme == "mailto":
        return value.strip() if parts.path else None
    return value.strip() if parts.scheme in ("http", "https") and parts.hostname else None
