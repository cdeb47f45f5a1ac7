"""What a README says first: its heading and its first paragraph of prose, in plain words."""

import re
from typing import NamedTuple

from catalog.regex import regex

READMES = (
    "readme.md",
    "readme.rst",
    "readme.txt",
    "readme",
    "readme.adoc",
    "readme.markdown",
    "readme.org",
)
MAX_DESCRIPTION = 300
_READ = 4_000

_HEADING = regex(r"(?:#{1,6}|=)[ \t]+(.*)\Z")
_UNDERLINE = regex(r"(?:=+|-+|~+|\*+)\Z")
_IMAGE = regex(r"!\[[^\]]{0,300}\](?:\([^)]{0,1000}\)|\[[^\]]{0,300}\])")
_LINK = regex(r"\[([^\]]{0,300})\](?:\([^)]{0,1000}\)|\[[^\]]{0,300}\])")
_TAG = regex(r"<[^>]{0,500}>")
_NO_PROSE = regex(
    r"[-*+>|:][ \t]|[|:>]|\d+[.)] |\.\. |<!--|-->|\[[^\]]{1,100}\]:|image::|ifdef|toc::|(?:---|===|\*\*\*)\Z"
)


class Opening(NamedTuple):
    """The first heading and the first paragraph, each None where there is none."""

    title: str | None
    paragraph: str | None


def opening(text: str) -> Opening:
    """Read the first lines of a README; badges, lists, code, comments and tables are no prose."""
    lines = [line.strip() for line in text[:_READ].split("\n")]
    title: str | None = None
    words: list[str] = []
    fenced = False
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith(("```", "~~~")):
            fenced = not fenced
            continue
        heading = _HEADING.match(line)
        underlined = bool(line) and len(following) >= 3 and _UNDERLINE.match(following) is not None
        if fenced or not line or heading or underlined or _NO_PROSE.match(line) or _UNDERLINE.match(line):
            if words:
                break
            if title is None and (heading or underlined):
                title = _plain(heading[1].rstrip("#= \t") if heading else line)
        elif plain := _plain(line):
            words.append(plain)
    return Opening(_cut(title or "") or None, _cut(" ".join(words)) or None)


def _plain(line: str) -> str | None:
    bare = _TAG.sub("", _LINK.sub(r"\1", _IMAGE.sub("", line[:2_000])))
    return " ".join(re.sub(r"[*`]|(?<!\w)_|_(?!\w)", "", bare).split()) or None


def _cut(text: str) -> str:
    if len(text) <= MAX_DESCRIPTION:
        return text
    short = text[: MAX_DESCRIPTION - 1]
    return f"{short.rpartition(' ')[0] or short}…"
