"""What looks like content and is none: placeholders, to-do marks, filler."""

import re

_TODO = r"to-?do|tbd|tba|fixme|xxx+|n/?a|none|coming soon|work in progress|wip|lorem ipsum[^\n]*|placeholder"
_FILLER = re.compile(rf"[\s>*_#|:.\-–—`~\[\]()]*(?:{_TODO})\b[^\w\n]*(?:[^\n]{{0,60}})?", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"<[a-z][a-z0-9 _-]{1,40}>|\{\{\s*[\w.\- ]+\s*\}\}"
    r"|\byour[-_ ](?:org|team|service|name|company|app)\b|\bYOUR_[A-Z_]+"
    r"|\bchange-?me\b|\bno-one@localhost\b|\badmin@example\.com\b|\[(?:insert|your)[^\]]{0,40}\]",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"\$\{\{.*?\}\}|\{\{\s*\$.*?\}\}|\{\{\s*\.(?:Values|Labels|labels)\b.*?\}\}")


def is_filler(line: str) -> bool:
    """Whether a line is a to-do mark or filler and nothing else."""
    return _FILLER.fullmatch(line) is not None


def is_placeholder(text: str) -> bool:
    """Whether a short value (a name, an address, a query) is a placeholder that was never filled in."""
    return not text.strip() or is_filler(text) or _PLACEHOLDER.search(_REFERENCE.sub("", text)) is not None
