"""The words by which files say how long is waited for something, and what is done when it does not answer."""

# ruff: noqa: E501

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from catalog.regex import regex

What = Literal["timeout", "retry or fallback"]


class Mode(NamedTuple):
    """One thing that is said of a dependency, as written, and where. `general` where it names none."""

    what: What
    text: str
    path: str
    line: int
    general: bool = False


WORDS = (
    *("timeout", "time_out", "time-out", "deadline", "timelimiter", "retr", "breaker", "fallback", "backoff"),
    *("attempts", "outlier", "pre_ping", "reconnect", "resilience", "bulkhead"),
)
"""One of them stands, in lower case, in every line that sets something."""

_UNIT = r"(?:[-_]?(?:ms|millis\w*|secs?|s|seconds|min\w*|duration|value|config\w*|polic\w*|options?|period|interval|in\w*|ornull))?"
_SIGN = r"[\"']?\s*(?:\]\s*)?(?::=|=>|[:=(])\s*(.{0,60})"
_WAITS = regex(
    rf"([\w.-]{{0,80}}(?:time[-_]?outs?|deadline|time[-_]?limiter){_UNIT}(?![\w.-])){_SIGN}", re.IGNORECASE
)
_AGAIN = regex(
    r"([\w.-]{0,80}(?:retr(?:y|ies|iable|yable|ying)|back_?off|max[-_]?attempts|_attempts|circuit[-_]?breaker|breaker|fall[-_]?back|bulkhead"
    rf"|outlier[-_]?detection|pool_pre_ping|reconnect|resilience_?handler)[\w.-]{{0,40}}){_SIGN}",
    re.IGNORECASE,
)
_ABORTS = regex(r"setTimeout\(.{0,60}\babort\b")
_OFF = regex(
    r"[\"']?(?:None|null|nil|undefined|false|never|infinite|Infinity|-1|0+(?:\.0+)?(?:ms|s|m)?|Duration\.ZERO|Timeout\.Infinite\w*)[\"']?(?![\w.])",
    re.IGNORECASE,
)
"""Values that switch it off."""
_TYPES = regex(
    r"(?:int|str|string|number|float|bool|boolean|Duration|time\.Duration|Optional\[\w+\]|TimeSpan\??|i?u?(?:32|64)|long|any)\s*(?:[,;)|]|$|=\s*(?:None|null|undefined|0|false)\b)"
)
_TEXT = regex(r"[\"'`][^\"'`\d]*[\"'`]")
_OTHERS = regex(
    r"(?:^|[._-])(?:set_?timeout|clear_?timeout)$|(?:^|[^a-zA-Z])(?:on|no|handle|raise|test)[-_]?(?:time[-_]?out|deadline|retr)"
    r"|(?:reset|idle|session|shutdown|grac(?:e|eful)|keep_?alive|visibility|transaction|token|login|otp|recovery|startup|debounce|poll|polling|health\w{0,8}|probe)[-_]?(?:time[-_]?out|deadline)"
    r"|back_?off_?limit|retry[-_]?(?:msg|error|exception|after|at$|count$|total|button|message|able_?error)|retries_?total|attempts_?total"
    r"|last_?(?:retry|attempt)|next_?(?:retry|attempt)|should_?retry|is_?retry(?:ing)?$|can_?retry|no_?(?:timeout|retry)|login_?attempts|failed_?attempts",
    re.IGNORECASE,
)
"""Names that hold such a word and set nothing of a call."""
_SAYS = regex(
    r"\s*(?:except\b|\}?\s*catch\b|raise\b|throw\b|import\b|from\b|using\b|package\b|require|#|//|\*|--|<!--|;|log\w*\b|print|console\.|self\.log|_?logger|LOG\.|assert|(?:async )?def |func |(?:export )?(?:async )?function |class |it\(|describe\(|f?[\"'`]|return (?:new )?\w*Error)",
    re.IGNORECASE,
)


def set_in_line(line: str, path: str, number: int) -> Iterator[Mode]:
    """What one line of code or of flat settings sets."""
    if _SAYS.match(line):
        return
    line = line[:400]
    found = _WAITS.search(line)
    if found is not None and _counts(found[1], found[2]):
        yield Mode("timeout", _short(found[0]), path, number)
    elif aborts := _ABORTS.search(line):
        yield Mode("timeout", _short(aborts[0]), path, number)
    found = _AGAIN.search(line)
    if found is not None and _counts(found[1], found[2]):
        yield Mode("retry or fallback", _short(found[0]), path, number)
        if "tandardresilience" in found[1].lower():  # .NET's handler waits, tries again and breaks
            yield Mode("timeout", _short(found[0]), path, number)


def _counts(name: str, value: str) -> bool:
    if _OTHERS.search(name):
        return False
    return not (_OFF.match(value) or _TYPES.match(value) or _TEXT.match(value))


def _short(text: str) -> str:
    return " ".join(text.split())[:60]


_WAITS_KEY = regex(r"time[-_]?out|deadline|time[-_]?limit", re.IGNORECASE)
_AGAIN_KEY = regex(
    r"retr(?:y|ies|iable)|back[-_]?off|max[-_]?attempts|circuit[-_]?breaker|fall[-_]?back|outlier[-_]?detection|bulkhead|failover",
    re.IGNORECASE,
)


def kind_of_key(key: str) -> What | None:
    """What a key of settings sets, None where it sets neither."""
    if _OTHERS.search(key):
        return None
    if _WAITS_KEY.search(key):
        return "timeout"
    return "retry or fallback" if _AGAIN_KEY.search(key) else None
