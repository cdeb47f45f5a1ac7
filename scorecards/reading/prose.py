"""What people write, as sections: Markdown, AsciiDoc, reStructuredText, Org, HTML, notebooks, plain text.

A line scanner, no renderer: every line is looked at once, and no more than `MAX_CHARACTERS` of a text, so a
hostile document costs no more than a long one. Headings, prose and code are told apart, nothing else.
"""

from collections.abc import Iterator
from typing import NamedTuple

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.markup import SCANNERS, HtmlScanner, Section, markdown, notebook, plain_text
from scorecards.reading.paths import paths

MAX_CHARACTERS = 400_000
MAX_LINE = 2_000

SUFFIXES = (
    ".md",
    ".markdown",
    ".mdx",
    ".rst",
    ".adoc",
    ".asciidoc",
    ".asc",
    ".txt",
    ".org",
    ".html",
    ".htm",
    ".ipynb",
    ".textile",
    ".wiki",
    ".mediawiki",
)
"""Endings of files that hold prose."""


class Link(NamedTuple):
    """A link of a text: the words shown, where it leads, the line it stands on."""

    text: str
    target: str
    line: int


class Prose(NamedTuple):
    """The sections of one document, in order."""

    path: str
    sections: tuple[Section, ...]

    def below(self, index: int) -> tuple[Section, ...]:
        """The section at `index` with those that are subordinate to it."""
        top = self.sections[index]
        end = index + 1
        while end < len(self.sections) and self.sections[end].level > top.level:
            end += 1
        return self.sections[index:end]

    def links(self) -> Iterator[Link]:
        """Every link outside code, in the forms of all formats."""
        for section in self.sections:
            yield from links(section.title, section.line)
            for line in section.lines:
                if not line.code and ("](" in line.text or "://" in line.text or "link:" in line.text):
                    yield from links(line.text, line.number)


_LINK = regex(
    r"\[(?P<md>[^\[\]\n]{0,200})\]\(\s*<?(?P<to>[^()\s<>]{1,500})"
    r"|(?:link|xref):(?P<ad>[^\s\[\]]{1,500})\[(?P<adt>[^\[\]]{0,200})\]"
    r"|`(?P<rt>[^`<>]{1,200})<(?P<rto>[^`<>\s]{1,500})>`_"
    r"|(?P<bare>https?://[^\s<>()\[\]\"'`|]{1,500})"
)


def links(text: str, number: int) -> Iterator[Link]:
    """The links in one line of text."""
    for found in _LINK.finditer(text):
        if found["to"]:
            yield Link(found["md"], found["to"], number)
        elif found["ad"]:
            yield Link(found["adt"], found["ad"], number)
        elif found["rto"]:
            yield Link(found["rt"].strip(), found["rto"], number)
        else:
            yield Link("", found["bare"].rstrip(".,;:"), number)


def read(text: str, path: str) -> Prose:
    """The sections of a text, read by the file's ending; never raises."""
    text = text[:MAX_CHARACTERS]
    name = path.rpartition("/")[2].lower()
    dot = name.rfind(".")
    suffix = name[dot:] if dot > 0 else ""
    if suffix in (".html", ".htm"):
        return Prose(path, HtmlScanner().feed(text))
    if suffix == ".ipynb":
        return Prose(path, notebook(text))
    lines = [line[:MAX_LINE] for line in text.split("\n")]
    reader = SCANNERS.get(suffix, markdown)
    if reader is plain_text and ("\n# " in text or text.startswith("# ")):
        reader = markdown
    return Prose(path, reader(lines))


def prose(snapshot: Snapshot, path: str) -> Prose | None:
    """The sections of a file of the snapshot, made once; None where it cannot be read."""
    kept = snapshot.derive(_kept)
    if path not in kept:
        text = snapshot.text(path)
        kept[path] = None if text is None else read(text, path)
    return kept[path]


def _kept(snapshot: Snapshot) -> dict[str, Prose | None]:
    return {}


def documents(snapshot: Snapshot) -> tuple[str, ...]:
    """Paths of all files that hold prose by their ending, or have none and are named in capitals."""
    return snapshot.derive(_documents)


def _documents(snapshot: Snapshot) -> tuple[str, ...]:
    sorted_ = paths(snapshot)
    chosen = [*sorted_.ending(*_ENDINGS)]
    for name, found in sorted_.by_name.items():
        if "." not in name:
            chosen += filter(_is_bare, found)
    return tuple(sorted(chosen))


_ENDINGS = tuple(suffix.removeprefix(".") for suffix in SUFFIXES)


def _is_bare(path: str) -> bool:
    name = path.rpartition("/")[2]
    return "." not in name and name.isupper()
