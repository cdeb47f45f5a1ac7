"""Credentials in addresses: user-info, and the path of an incoming webhook, which is one as a whole.

Descriptors have held both as contacts. They are shown to nobody: on no page, in no answer of the API, in no
terminal.
"""

import re
from typing import Any

from catalog.regex import regex

_USERINFO = regex(r"(?<=://)[^/?#\s@]+@(?=[^\s/?#@]+)")
_WEBHOOK = regex(
    r"(https?://(?:hooks\.slack\.com|hooks\.zapier\.com|hook\.[a-z0-9.]*make\.com|maker\.ifttt\.com"
    r"|(?:[a-z0-9-]+\.)*webhook\.office\.com|outlook\.office(?:365)?\.com/webhook"
    r"|(?:[a-z]+\.)?discord(?:app)?\.com/api/webhooks|chat\.googleapis\.com/v1/spaces"
    r"|open\.feishu\.cn/open-apis/bot|oapi\.dingtalk\.com/robot|api\.telegram\.org/bot"
    r"|events\.pagerduty\.com/integration|api\.opsgenie\.com/v[0-9]+/json))[^\s\"'<>`)\]]+",
    re.IGNORECASE,
)


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
