"""Text and addresses from repositories, made fit to be shown: they were written by anybody."""

import re
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape

_BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_INVISIBLE = f"\u00ad\u200b\u2060\ufeff{_BIDI}"
_UNSEEN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff{_INVISIBLE}]")
_USERINFO = re.compile(r"(?<=://)[^/?#\s@]+@(?=[^\s/?#@]+)")
_WEBHOOK = re.compile(
    r"(https?://(?:hooks\.slack\.com|hooks\.zapier\.com|hook\.[a-z0-9.]*make\.com|maker\.ifttt\.com"
    r"|(?:[a-z0-9-]+\.)*webhook\.office\.com|outlook\.office(?:365)?\.com/webhook"
    r"|(?:[a-z]+\.)?discord(?:app)?\.com/api/webhooks|chat\.googleapis\.com/v1/spaces"
    r"|open\.feishu\.cn/open-apis/bot|oapi\.dingtalk\.com/robot|api\.telegram\.org/bot"
    r"|events\.pagerduty\.com/integration|api\.opsgenie\.com/v[0-9]+/json))[^\s\"'<>`)\]]+",
    re.IGNORECASE,
)


def visible(text: str) -> str:
    """The text with control, direction and invisible characters written out, so that none acts unseen."""
    return _UNSEEN.sub(lambda m: _picture(m.group()), text)


def _picture(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else f"[U+{code:04X}]"


def masked(text: str) -> str:
    """The text without what is a credential in an address: user-info, and the path of a webhook."""
    if "://" not in text:
        return text
    return _WEBHOOK.sub(r"\1/…", _USERINFO.sub("…@", text))


def masked_deep(value: Any) -> Any:
    """Plain JSON with every text in it `masked`."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {masked(str(k)): masked_deep(v) for k, v in value.items()}
    return [masked_deep(v) for v in value] if isinstance(value, list) else value


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
