"""What a document says, statement by statement: a paragraph, a point of a list, a row of a table."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from catalog.regex import regex
from scorecards.reading.markup import Section
from scorecards.reading.runbook_signs import SEPARATOR


class Statement(NamedTuple):
    """Lines that belong together. `columns` names the cells of a row of a table; `lead` introduces a list."""

    text: str
    line: int
    columns: Mapping[str, str] = {}
    lead: str = ""


_STARTS = regex(r"\s{0,40}(?:[-*+•]\s|\d{1,3}[.)]\s|>\s|[|#])")
_MAX = 1_500


def statements(section: Section, *, code: bool = False) -> Iterator[Statement]:
    """The statements of a section in order; code blocks, line by line, only where they are wanted."""
    held = ""
    first = last = 0
    lead = ""
    header: list[str] = []
    for position, line in enumerate(section.lines):
        row = not line.code and "|" in line.text and line.text.count("|") > 1
        if held and (line.code or row or line.number > last + 1 or _STARTS.match(line.text)):
            yield Statement(held, first, {}, lead)
            lead = _lead(held, lead, line.text)
            held = ""
        if line.code:
            if code and line.text.strip():
                yield Statement(line.text.strip()[:_MAX], line.number, {}, lead)
        elif row:
            cells = [c.strip() for c in line.text.strip().strip("|").split("|")]
            follows = section.lines[position + 1].text if position + 1 < len(section.lines) else ""
            if SEPARATOR.match(follows) and "|" in follows:
                header = cells
            elif not SEPARATOR.match(line.text):
                columns = dict(zip(header, cells, strict=False))
                yield Statement(" | ".join(cells)[:_MAX], line.number, columns, lead)
        elif held and len(held) < _MAX:
            held, last = f"{held} {line.text.strip()}", line.number
        elif not held:
            held, first, last = line.text.strip(), line.number, line.number
        if not row:
            header = []
    if held:
        yield Statement(held, first, {}, lead)


def _lead(held: str, lead: str, following: str) -> str:
    """What introduces the points that follow: the text that ended in a colon, until another text stands."""
    if held.rstrip("*_ ").endswith((":", "：")):
        return held
    return lead if _STARTS.match(held) and _STARTS.match(following) else ""
