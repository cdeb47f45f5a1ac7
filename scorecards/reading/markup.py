"""Scanners of text formats: each gives the headings of a document and the lines below them.

Every line is looked at once; headings, prose and code are told apart, nothing else.
"""

import json
import re
from collections.abc import Callable
from typing import NamedTuple

from catalog.regex import regex


class Line(NamedTuple):
    """One line below a heading; `number` counts from 1; `code` says that it stood in a code block."""

    number: int
    text: str
    code: bool


class Section(NamedTuple):
    """A heading and the lines up to the next heading. Level 0 is what stands before the first one."""

    level: int
    title: str
    line: int
    lines: tuple[Line, ...]


class _Builder:
    """Collects lines under the heading that was last opened."""

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self.lines: list[Line] = []
        self._head: tuple[int, str, int] = (0, "", 1)

    def heading(self, level: int, title: str, line: int) -> None:
        self._close()
        self._head = (level, plain(title), line)

    def _close(self) -> None:
        if self._head[0] or self.lines:
            self.sections.append(Section(*self._head, tuple(self.lines)))
            self.lines = []

    def done(self) -> tuple[Section, ...]:
        self._close()
        return tuple(self.sections)


_INLINE = regex(r"!?\[([^\[\]]{0,200})\]\([^()\s]{0,500}\)|[*`]+|(?<!\w)_+|_+(?!\w)|<[^<>]{1,200}>")


def plain(text: str) -> str:
    """A heading without its markup: links give their words, emphasis and tags nothing."""
    if not any(c in text for c in "[*`_<"):
        return text.strip()
    return _INLINE.sub(lambda m: m[1] or "", text).strip()


_TAG = regex(
    r"</?(?:p|div|br|img|summary|details|a|b|i|u|em|strong|code|pre|table|thead|tbody|tr|td|th|ul|ol|li"
    r"|span|sup"
    r"|sub|kbd|center|picture|source|hr|font|small|align)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_ATX = regex(r"(#{1,6})[ \t]+(.*)|(#{1,6})$")
_HTML_HEADING = regex(r"<h([1-6])\b[^<>]{0,200}>(.{0,500})", re.IGNORECASE)
_LIST = regex(r"(?:[-*+]|\d{1,3}[.)])\s")


def markdown(lines: list[str]) -> tuple[Section, ...]:
    """ATX and setext headings, fenced and indented code; front matter gives the title."""
    out = _Builder()
    start = _front_matter(lines, out)
    fence, comment, indented, blank = "", False, False, True
    for number, raw in enumerate(lines[start:], start + 1):
        text = raw.strip()
        if fence:
            if text.startswith(fence) and not text.strip(fence[0]):
                fence = ""
            else:
                out.lines.append(Line(number, raw, True))
            continue
        if comment or "<!--" in text:
            text, comment = _uncommented(text, comment)
            if not text:
                continue
        if not text:
            blank = True
            continue
        first = text[0]
        if (raw[0] == "\t" or raw.startswith("    ")) and (indented or (blank and not _LIST.match(text))):
            indented, blank = True, False
            out.lines.append(Line(number, raw, True))
            continue
        indented = False
        if first == "#" and (atx := _ATX.match(text)):
            out.heading(len(atx[1] or atx[3]), (atx[2] or "").rstrip("# \t"), number)
        elif first in "`~" and text.startswith(("```", "~~~")) and "```" not in text[3:]:
            fence = text[: len(text) - len(text.lstrip(first))]
        elif first in "=-" and not blank and len(text) > 1 and not text.strip(first) and _underlines(out):
            title = out.lines.pop()
            out.heading(1 if first == "=" else 2, title.text.strip(), title.number)
        elif first == "<" and (html := _HTML_HEADING.match(text)):
            out.heading(int(html[1]), html[2].replace("</", " </"), number)
        else:
            kept = _TAG.sub("", raw) if "<" in raw else raw
            if kept.strip():
                out.lines.append(Line(number, kept, False))
        blank = False
    return out.done()


def _underlines(out: _Builder) -> bool:
    """Whether the line before can be the title of a setext heading."""
    if not out.lines or out.lines[-1].code:
        return False
    before = out.lines[-1].text.strip()
    return len(before) < 200 and before[0] not in "|>" and not _LIST.match(before)


def _front_matter(lines: list[str], out: _Builder) -> int:
    if not lines or lines[0].strip() != "---":
        return 0
    for number, text in enumerate(lines[1:100], 2):
        if text.strip() == "---":
            return number
        if text.startswith("title:"):
            out.heading(1, text[6:].strip().strip("\"'"), number)
    return 0


def _uncommented(text: str, comment: bool) -> tuple[str, bool]:
    """The line without HTML comments, and whether one is still open at its end."""
    kept = []
    while text:
        if comment:
            _, closed, text = text.partition("-->")
            comment = not closed
        else:
            before, opened, text = text.partition("<!--")
            kept.append(before)
            comment = bool(opened)
    return "".join(kept).strip(), comment


def _asciidoc(lines: list[str]) -> tuple[Section, ...]:
    out = _Builder()
    fence = ""
    for number, raw in enumerate(lines, 1):
        text = raw.strip()
        if fence:
            if text == fence:
                fence = ""
            elif fence != "////":
                out.lines.append(Line(number, raw, True))
        elif text in ("----", "....", "```", "////", "----- "):
            fence = text
        elif raw.startswith("=") and (title := raw.lstrip("=")) != raw and title[:1] in " \t":
            out.heading(len(raw) - len(title), title.strip().rstrip("= "), number)
        elif raw.startswith("==") and text.endswith("==") and text.strip("= "):
            out.heading(len(raw) - len(raw.lstrip("=")), text.strip("= "), number)
        elif text and not text.startswith(("//", ":", "[source", "[[", "include::", "toc::")):
            out.lines.append(Line(number, raw, False))
    return out.done()


_RULE = regex(r"([=\-~^\"'`#*+.:_<>])\1{2,}$")


def _restructured(lines: list[str]) -> tuple[Section, ...]:
    out = _Builder()
    order: list[str] = []
    literal = False
    skip = -1
    for index, raw in enumerate(lines):
        text = raw.strip()
        if index <= skip or not text:
            continue
        if literal and raw[0] in " \t":
            out.lines.append(Line(index + 1, raw, True))
            continue
        literal = False
        under = lines[index + 1].strip() if index + 1 < len(lines) else ""
        if _RULE.match(text):
            continue
        if raw[0] not in " \t" and (rule := _RULE.match(under)) and len(under) + 3 >= len(text):
            over = index > 0 and lines[index - 1].strip() == under
            style = rule[1] * (2 if over else 1)
            if style not in order:
                order.append(style)
            out.heading(order.index(style) + 1, text, index + 1)
            skip = index + 1
        elif text.startswith(".. "):
            literal = "code" in text[:20] or text.startswith(".. parsed")
        else:
            literal = text.endswith("::")
            out.lines.append(Line(index + 1, raw, False))
    return out.done()


def _org(lines: list[str]) -> tuple[Section, ...]:
    out = _Builder()
    code = False
    for number, raw in enumerate(lines, 1):
        text = raw.strip()
        low = text[:12].lower()
        if low.startswith(("#+begin_src", "#+begin_exam")):
            code = True
        elif low.startswith("#+end_"):
            code = False
        elif low.startswith("#+title:"):
            out.heading(1, text[8:], number)
        elif not code and raw.startswith("*") and (title := raw.lstrip("*"))[:1] == " ":
            out.heading(len(raw) - len(title) + 1, title, number)
        elif text and not text.startswith("# "):
            out.lines.append(Line(number, raw, code))
    return out.done()


_TEXTILE = regex(r"h([1-6])\.\s+(.*)")


def plain_text(lines: list[str]) -> tuple[Section, ...]:
    """Plain text and Textile: underlined lines, `h2.` and lines in capitals are headings."""
    out = _Builder()
    for number, raw in enumerate(lines, 1):
        text = raw.strip()
        if not text:
            continue
        if _RULE.match(text):
            if _underlines(out):
                title = out.lines.pop()
                out.heading(1 if text[0] == "=" else 2, title.text, title.number)
            continue
        textile = _TEXTILE.match(text)
        if textile:
            out.heading(int(textile[1]), textile[2], number)
        elif text.startswith("#") and (atx := _ATX.match(text)):
            out.heading(len(atx[1] or atx[3]), atx[2] or "", number)
        elif len(text) < 80 and text.isupper() and len(text) > 3 and not text.startswith(("-", "*", "|")):
            out.heading(2, text, number)
        else:
            out.lines.append(Line(number, raw, False))
    return out.done()


_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&nbsp;": " ", "&#39;": "'"}
_ENTITY = regex("|".join(_ENTITIES))
_UNSEEN = ("script", "style", "head", "nav", "svg", "template")
_BREAKS = frozenset(
    ("p", "li", "tr", "div", "br", "ul", "ol", "table", "dd", "dt", "section", "article", "blockquote", "hr")
)
_CLOSERS = frozenset(f"h{n}" for n in range(1, 7)) | {"pre", *_BREAKS}


class HtmlScanner:
    """Reads HTML tag by tag; what stands in scripts and styles is not prose."""

    def __init__(self) -> None:
        self.out = _Builder()
        self.number = 1
        self.began = 1
        self.words: list[str] = []
        self.level = 0
        self.code = 0
        self.hidden = ""

    def flush(self) -> None:
        """End the heading, or the lines, that the words so far belong to."""
        text = "".join(self.words)
        self.words = []
        if self.level:
            self.out.heading(self.level, " ".join(text.split()), self.began)
        else:
            for offset, line in enumerate(text.split("\n") if self.code else [" ".join(text.split())]):
                if line.strip():
                    self.out.lines.append(Line(self.began + offset, line, bool(self.code)))

    def tag(self, content: str) -> None:
        """Heed one tag, given without its angle brackets."""
        closing = content.startswith("/")
        name = re.split(r"[\s/>]", content.lstrip("/"), maxsplit=1)[0].lower()
        if self.hidden:
            if closing and name == self.hidden:
                self.hidden = ""
            return
        if name in _UNSEEN and not closing:
            self.hidden = name
        elif name in _CLOSERS:
            self.flush()
            self.began = self.number
            if name[0] == "h" and name[1:].isdigit():
                self.level = 0 if closing else int(name[1:])
            elif name == "pre":
                self.code = 0 if closing else 1
        elif name in ("td", "th") and not closing:
            self.words.append(" | ")

    def feed(self, text: str) -> tuple[Section, ...]:
        """Read a whole text."""
        for index, piece in enumerate(text.split("<")):
            if index and piece.startswith("!--"):
                self.number += piece.count("\n")
                continue
            inside, closed, after = piece.partition(">") if index else ("", ">", piece)
            if index and closed:
                self.number += inside.count("\n")
                self.tag(inside)
            else:
                after = piece
            if not self.hidden:
                if not "".join(self.words[:1]).strip():
                    self.began = self.number + (len(after) - len(after.lstrip("\n")))
                self.words.append(_ENTITY.sub(lambda m: _ENTITIES[m[0]], after))
            self.number += after.count("\n")
        self.flush()
        return self.out.done()


def notebook(text: str) -> tuple[Section, ...]:
    """A notebook's Markdown and code cells; all stand on line 1, since JSON says nothing of lines."""
    try:
        cells = json.loads(text).get("cells", [])
    except (ValueError, AttributeError, RecursionError):
        return ()
    lines: list[str] = []
    for cell in cells if isinstance(cells, list) else []:
        source = cell.get("source", "") if isinstance(cell, dict) else ""
        joined = "".join(str(part) for part in source) if isinstance(source, list) else str(source)
        body = joined.split("\n")
        lines += body if cell.get("cell_type") == "markdown" else ["```", *body, "```"]
        lines.append("")
    return tuple(
        Section(s.level, s.title, 1, tuple(Line(1, line.text, line.code) for line in s.lines))
        for s in markdown(lines)
    )


SCANNERS: dict[str, Callable[[list[str]], tuple[Section, ...]]] = {
    ".rst": _restructured,
    ".adoc": _asciidoc,
    ".asciidoc": _asciidoc,
    ".asc": _asciidoc,
    ".wiki": _asciidoc,
    ".mediawiki": _asciidoc,
    ".org": _org,
    ".txt": plain_text,
    ".textile": plain_text,
    "": plain_text,
}
