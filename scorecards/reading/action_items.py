"""Action items of a postmortem: what is to be done, by whom, until when, and whether it is done.

They stand in tables with a column for the task and one for the owner, in lists (with check boxes, with
`@name`, with labels in the line or below it), or each below a heading of its own.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple

from catalog.regex import regex
from scorecards.reading.dates import first_date
from scorecards.reading.hollow import is_filler, is_placeholder, is_real
from scorecards.reading.markup import Line, Section
from scorecards.reading.postmortem_words import LEXICON, STATES, Held, Word
from scorecards.reading.runbook_signs import LABEL, SEPARATOR

MAX_ITEMS = 200

State = Literal["done", "open", "dropped", ""]


class ActionItem(NamedTuple):
    """One thing to be done. Empty or None what the document does not say.

    `state` is `done`, `open`, or `dropped` where it was decided against; `due` the date itself, `due_text`
    what stands in its place (`next sprint`); `ticket` where it is followed.
    """

    text: str
    path: str
    line: int
    owner: str = ""
    state: State = ""
    due: date | None = None
    due_text: str = ""
    ticket: str = ""


def state_of(text: str) -> State:
    """How an item stands, by the words or the mark of its state."""
    if any(mark in text for mark in "✅✔☑🟢"):
        return "done"
    if any(mark in text for mark in "❌⏳🔴🟡🚧☐⬜🔄"):
        return "open"
    held = STATES.senses(text[:120])
    if held & Held.DROPPED:
        return "dropped"
    if held & Held.OPEN:
        return "open"
    return "done" if held & Held.DONE else ""


_UNNAMED = regex(
    r"(?:un(?:assigned|known|owned)|nobody|no[- ]one|names?|owners?|someone|assignee|who|responsible|person"
    r"|\w{0,20}[_ -]?name|x{2,}|\?+|\.{2,}|…|[-–—]+|@)",
    re.IGNORECASE,
)
_EDGES = " \t*_`|[]()<>:.,;"


def owner_of(text: str) -> str:
    """Who is named, empty where it is nobody or a placeholder."""
    bare = text.strip().strip(_EDGES)
    if not bare or len(bare) > 120 or is_filler(bare) or is_placeholder(text.strip()):
        return ""
    if _UNNAMED.fullmatch(bare) or (text.strip().startswith(("[", "<", "{")) and "](" not in text):
        return ""
    return bare if any(c.isalpha() for c in bare) else ""


def _is_task(text: str) -> bool:
    """Whether a text says what is to be done; an imperative is no instruction of a template here."""
    said = text.partition(":")[0] or text
    return any(c.isalpha() for c in said) and not is_filler(said) and not is_placeholder(said)


_BULLET = regex(r"(?P<in>\s{0,40})(?:[-*+•]|\d{1,3}[.)])\s+(?P<box>\[[ xX✓✔-]?\]\s*)?(?P<rest>.*)")
_HANDLE = regex(r"(?<![\w/.@])@[A-Za-z][\w./-]{1,60}(?!\S*\.\w+\()")
_TICKET = regex(
    r"https?://\S{4,300}/(?:issues|pull|pulls|browse|merge_requests|work_items|ticket)s?/[\w-]+"
    r"|(?<![\w#/])#\d{1,7}\b|\b(?!(?:CVE|RFC|ADR|SEV|UTF|ISO|SHA|RB|INC|PM)\d{0,4}-)[A-Z][A-Z0-9]{1,9}-\d{1,7}\b(?!-)"
)
_INLINE = regex(
    r"(?P<label>[^\W\d_][^:：=()\[\]|,;—–*\n]{0,24}?)\s{0,2}(?:\*\*|__|\*)?\s{0,2}[:：=]\s{0,2}(?:\*\*"
    r"|__|\*)?\s{0,2}"
    r"(?P<value>[^,;()|；，。）（—–\n]{1,80})"
)
_CLOSING = regex(
    r"[\s.;*_]*(?:\(|\[|[—–-]{1,2}\s|→\s{0,2}|\|)\s{0,2}(?P<name>[^()\[\]—–|→]{2,60})[)\]]?[\s.*_]*$"
)
_STRUCK = regex(r"\s{0,12}(?:[-*+]|\d{1,3}[.)])?\s{0,4}(?:\[[ xX]?\]\s*)?~~.{3,}~~")


def from_section(path: str, sections: Sequence[Section]) -> list[ActionItem]:
    """The items below a heading that announces them; `sections` are it and those subordinate to it."""
    found: list[ActionItem] = []
    for section in sections:
        found += from_tables(path, section.lines)
        found += _listed(path, section)
    if not found:
        found += _paragraphs(path, sections)
    return found[:MAX_ITEMS]


class _Columns(NamedTuple):
    """Which cell of a table says what; -1 where none does."""

    task: int
    owner: int
    due: int
    state: int
    ticket: int


def columns_of(cells: Sequence[str]) -> _Columns | None:
    """The columns of a table of action items by their names, None where it is none or tells of times."""
    places = {Word.TASK: -1, Word.OWNER: -1, Word.DUE: -1, Word.STATE: -1, Word.TICKET: -1}
    for number, cell in enumerate(cells[:16]):
        means = LEXICON.senses(cell.strip()[:60])
        if number == 0 and means & (Word.TIME | Word.TIMELINE) and not means & (Word.TASK | Word.OWNER):
            return None
        for sense in (Word.OWNER, Word.STATE, Word.DUE, Word.TASK, Word.TICKET):
            if means & sense and places[sense] < 0 and number not in places.values():
                places[sense] = number
                break
    if places[Word.OWNER] < 0 and places[Word.TASK] < 0:
        return None
    return _Columns(*places.values())


def from_tables(path: str, lines: Sequence[Line]) -> Iterator[ActionItem]:
    """The items in tables that have a column for the task or the owner."""
    columns: _Columns | None = None
    for position, line in enumerate(lines):
        if line.code or "|" not in line.text:
            columns = None
            continue
        if SEPARATOR.match(line.text):
            continue
        cells = [cell.strip() for cell in line.text.strip().strip("|").split("|")]
        follows = lines[position + 1].text if position + 1 < len(lines) else ""
        if SEPARATOR.match(follows) and "|" in follows:
            columns = columns_of(cells)
        elif columns is not None:
            item = _row(path, line.number, cells, columns)
            if item is not None:
                yield item


def _row(path: str, number: int, cells: list[str], columns: _Columns) -> ActionItem | None:
    def cell(place: int) -> str:
        return cells[place] if 0 <= place < len(cells) else ""

    others = {columns.owner, columns.due, columns.state, columns.ticket}
    task = cell(columns.task)
    if not task:
        task = max((c for n, c in enumerate(cells) if n not in others), key=len, default="")
    if not _is_task(task):
        return None
    due = cell(columns.due)
    ticket = cell(columns.ticket) or next((m.group() for m in _TICKET.finditer(" ".join(cells))), "")
    state = state_of(cell(columns.state)) if columns.state >= 0 else state_of("".join(cells[-1:]))
    if "~~" in task:
        state = "dropped" if state == "dropped" else "done"
    return ActionItem(
        task[:300],
        path,
        number,
        owner_of(cell(columns.owner)),
        state,
        first_date(due),
        due[:60],
        ticket[:200],
    )


def _listed(path: str, section: Section) -> Iterator[ActionItem]:
    """Top-level points of lists, each with the lines below it."""
    held: list[Line] = []
    edge = 0
    for line in section.lines:
        bullet = None if line.code or "|" in line.text[:2] else _BULLET.match(line.text)
        if bullet and (not held or len(bullet["in"].expandtabs(4)) <= edge):
            yield from _point(path, held)
            held, edge = [line], len(bullet["in"].expandtabs(4)) + 1
        elif held:
            held.append(line)
    yield from _point(path, held)


def _point(path: str, lines: list[Line]) -> Iterator[ActionItem]:
    if not lines:
        return
    bullet = _BULLET.match(lines[0].text)
    text = bullet["rest"] if bullet else lines[0].text
    if not _is_task(text):
        return
    box = (bullet["box"] or "").strip() if bullet else ""
    yield _read(path, lines[0].number, text, [line.text for line in lines if not line.code], box)


def _paragraphs(path: str, sections: Sequence[Section]) -> Iterator[ActionItem]:
    """Headings that are items themselves, with labels below them; else plain lines that name an owner."""
    for section in sections:
        texts = [line.text for line in section.lines if not line.code and is_real(line.text)]
        if section is not sections[0] and texts and is_real(section.title):
            yield _read(path, section.line, section.title, texts, "")
        elif section is sections[0]:
            for line in section.lines:
                if not line.code and "|" not in line.text and is_real(line.text):
                    item = _read(path, line.number, line.text.strip(), [line.text], "")
                    if item.owner or item.due:
                        yield item


def _read(path: str, number: int, text: str, lines: list[str], box: str) -> ActionItem:
    """An item from its own text and the lines that belong to it."""
    whole = " ".join(lines)[:2_000]
    said = dict(_labels(lines))
    owner = owner_of(said.get(Word.OWNER, "")) or _handle(whole) or _closing(text)
    due_text = said.get(Word.DUE, "")
    due = first_date(due_text) or (first_date(whole) if not due_text else None)
    state = state_of(said[Word.STATE]) if Word.STATE in said else ""
    if box:
        state = "done" if box[1:2] in tuple("xX✓✔") else state if state in ("done", "dropped") else "open"
    elif not state and _STRUCK.match(lines[0]):
        state = "done"
    elif not state:
        state = _marked(text)
    ticket = next((m.group() for m in _TICKET.finditer(whole)), "")
    return ActionItem(text[:300], path, number, owner, state, due, due_text[:60], ticket[:200])


_STATED = regex(
    r"[(\[*—–-]\s{0,2}\**(?P<end>[^()\[\]—–*-]{2,30})\**[)\]]?[\s.]*$"
    r"|^\W{0,6}(?P<start>\w[\w ]{1,20})\W{0,3}[:：]"
)


def _marked(text: str) -> State:
    """The state by a mark at either end of the text: `✅ …`, `… (done)`, `DONE: …`."""
    state = state_of("".join(c for c in text[:6] + text[-6:] if not c.isalnum()))
    if state:
        return state
    found = _STATED.search(text)
    if found is None:
        return ""
    words = (found["end"] or found["start"]).strip()
    return state_of(words) if len(words.split()) < 4 else ""


_END = regex(r"\s[-—–]{1,2}\s|[,;|(（，；]")
"""Ends what a label in the line says."""


def _labels(lines: list[str]) -> Iterator[tuple[int, str]]:
    """What labels say, in the line (`owner: Ada`) or as lines of their own; the first of each counts."""
    seen: set[int] = set()
    for line in lines[:40]:
        found = [(m["label"], m["value"]) for m in _INLINE.finditer(line[:1_000])] if _has_label(line) else []
        label = LABEL.match(line)
        if label:
            found.insert(0, (label["label"], _END.split(label["rest"], 1)[0]))
        for name, value in found:
            means = LEXICON.senses(name.strip(" -*_").rpartition(" ")[2] if name.count(" ") > 2 else name)
            for sense in (Word.OWNER, Word.DUE, Word.STATE):
                if means & sense and sense not in seen and value.strip():
                    seen.add(sense)
                    yield sense, value.strip()


def _has_label(line: str) -> bool:
    return ":" in line or "：" in line or "=" in line


def _handle(text: str) -> str:
    found = _HANDLE.search(text)
    return owner_of(found.group()) if found else ""


_ROLE = regex(
    r"\b(?:team|squad|sre|platform|infra\w*|backend|frontend|ops|devops|engineering|security|data|dba"
    r"|qa|lead"
    r"|on-?call|manager|payments?|core|support|product)\b",
    re.IGNORECASE,
)
_NAME = regex(r"[A-ZÀ-ÖØ-ÞА-Я][\w'’.-]{1,30}(?:\s[A-ZÀ-ÖØ-ÞА-Я][\w'’.-]{0,30}){0,2}")


def _closing(text: str) -> str:
    """A team, or a name with a date, at the end: `Add an alert (platform team)`, `… — Ada, 2026-05-12`."""
    found = _CLOSING.search(text[-120:])
    if not found:
        return ""
    name, _, rest = found["name"].partition(",")
    if first_date(name) or state_of(name) or _TICKET.search(name) or len(name.split()) > 4:
        return ""
    dated = first_date(rest) is not None and _NAME.fullmatch(name.strip())
    return owner_of(name) if dated or _ROLE.search(name) else ""
