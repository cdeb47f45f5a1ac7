"""Queries to monitoring systems: whether one names anything that is measured."""

import re

from catalog.regex import regex
from scorecards.reading.hollow import is_placeholder

_MAX = 20_000
_TEMPLATE = regex(r"\{\{[^{}]{0,200}\}\}|\$\{[^{}]{0,200}\}")
_NAME_MATCHER = regex(r"__name__\s*[=!]~?\s*[\"'][^\"']+[\"']")
_QUOTED = regex(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|`[^`]*`')
_BRACED = regex(r"\{[^{}]*\}|\[[^\[\]]*\]")
_LABELS = regex(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^()]*\)", re.IGNORECASE)
_ANGLED = regex(r"<[A-Za-z][\w /.-]{0,60}>")
_COMMENT = regex(r"#[^\n]*")
_WORD = regex(r"(?<![\w.:])[A-Za-z_:][\w:.]*(?!\s*\()(?![\w:.])")
_FILLED = regex(
    r"^(?:todo|tbd|fixme|xxx+|n/?a|none|null|any|query|metric|your|example|placeholder|dummy|foo|bar|true|false|expr|expression)"
    r"(?:_?(?:metric|query|here|name|total|metric_name))*$",
    re.IGNORECASE,
)
_SUSPECT = regex(
    r"<|\[[A-Za-z]|\{[{%]|__|(?i:your|chan|repl|todo|tb[dac]|coming|fill|lorem|xxx|n/?a|none|my-org|wip|placeh)"
)
"""What every placeholder has somewhere: a query without it is spared the long look."""
_KEYWORDS = frozenset(
    [
        "and",
        "or",
        "unless",
        "bool",
        "offset",
        "inf",
        "nan",
        "by",
        "without",
        "on",
        "ignoring",
        "group_left",
        "group_right",
        "e",
        "start",
        "end",
    ]
)
_LANGUAGE = regex(r"^\s*(?:select|from|fetch|search|index|sum:|avg:|source|\|)", re.IGNORECASE)
_TWO_WORDS = regex(r"(?<![A-Za-z])[A-Za-z]{2,}[ \t]+[A-Za-z]{2,}")


def names_metric(query: str) -> bool:
    """Whether a PromQL-like query names a metric: `vector(1)`, `1 - 0` and `TODO` name none."""
    text = _COMMENT.sub("", query[:_MAX])
    if _NAME_MATCHER.search(text):
        return True
    text = _QUOTED.sub("", _TEMPLATE.sub("", text))
    if "<" in text:
        text = _ANGLED.sub("", text)
    text = _LABELS.sub("", _BRACED.sub("", text))
    return any(word.lower() not in _KEYWORDS and not _FILLED.match(word) for word in _WORD.findall(text))


def names_something(query: str) -> bool:
    """Whether a query in any language says what is measured, once placeholders are taken away."""
    if is_placeholder_query(query):
        return False
    text = _TEMPLATE.sub("", query[:_MAX])
    return any(not _FILLED.match(w) for w in re.findall(r"[A-Za-z_][\w.:-]+", text))


def is_placeholder_query(query: str) -> bool:
    """Whether the whole query is a placeholder; `{{.window}}` and `$labels` inside a real one are none."""
    bare = _TEMPLATE.sub("1", query).strip()
    if not bare or _FILLED.match(bare):
        return True
    if len(bare) >= 80 or not _SUSPECT.search(bare if bare != "1" else query):
        return False
    return is_placeholder(bare) or (bare == "1" and is_placeholder(query))


def is_words(text: str) -> bool:
    """Whether a measure is told in words for people, and no machine could evaluate it."""
    if _LANGUAGE.search(text):
        return False
    if has_words_in_a_row(text):
        return True
    return re.search(r"[_({:/=]|\w\.\w", text) is None


def has_words_in_a_row(query: str) -> bool:
    """Whether two words stand side by side as in a sentence: no PromQL has them, but for its own keywords."""
    if " " not in query or _LANGUAGE.search(query):
        return False
    text = _QUOTED.sub("", _TEMPLATE.sub("", _COMMENT.sub("", query[:_MAX])))
    bare = _LABELS.sub(" ", _BRACED.sub("", text))
    pairs = (m.group().split() for m in _TWO_WORDS.finditer(bare))
    return any(not _KEYWORDS.intersection(w.lower() for w in pair) for pair in pairs)
