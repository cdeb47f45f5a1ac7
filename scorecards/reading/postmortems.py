"""Records of incidents: what happened to whom, when, why, and what is done so that it does not happen again.

A record is told from a template by what is filled in, and from a text about postmortems by its title. Its
parts are told by headings, labels and tables in many languages; a timeline also by its times, in any
language.
"""

import posixpath
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.action_items import ActionItem, from_section, from_tables
from scorecards.reading.dates import dates, path_date
from scorecards.reading.hollow import is_placeholder
from scorecards.reading.markup import Section, markdown
from scorecards.reading.paths import paths
from scorecards.reading.postmortem import PARTS, Kind, Postmortem, Postmortems, Told
from scorecards.reading.postmortem_forms import forms
from scorecards.reading.postmortem_parts import ANY_PART, announced, is_told, parts_of
from scorecards.reading.postmortem_signs import (
    ABOUT_TITLE,
    ENTRY,
    KNOWN_PAGES,
    LEADS,
    NAME,
    NAMES_INCIDENT,
    OF_ONE,
    PLACEHOLDERS,
    TEMPLATE,
    TIMED,
    UNREADABLE,
    refused,
)
from scorecards.reading.postmortem_words import LEXICON, Word
from scorecards.reading.prose import Link, Prose, documents, prose
from scorecards.reading.runbook_signs import LESSON
from scorecards.reading.vocabulary import fold

MAX_FILES = 300
"""Records of one repository that are read; the rest is not looked at."""


def postmortems(snapshot: Snapshot) -> Postmortems:
    """Read every document that is named a postmortem or an incident's record; made once a snapshot."""
    return snapshot.derive(_postmortems)


def _postmortems(snapshot: Snapshot) -> Postmortems:
    found: list[Postmortem] = []
    for path in documents(snapshot):
        if len(found) >= MAX_FILES:
            break
        low = fold(path)
        named = NAME.search(f"/{low}") is not None
        if not named:
            text = snapshot.text(path) or ""
            if not _is_marked(text):
                continue
        if why := refused(low):
            if named:
                found.append(Postmortem(path, "", 1, "other", why=why))
            continue
        document = prose(snapshot, path)
        if document is not None:
            found += _read(document, snapshot.text(path) or "", named)
    found += forms(snapshot)
    unreadable = [p for p in paths(snapshot).ending(*UNREADABLE) if NAME.search(f"/{fold(p)}")]
    return Postmortems(tuple(found[:MAX_FILES]), tuple(unreadable[:20]))


def _is_marked(text: str) -> bool:
    return (
        "mortem" in text
        or "ncident re" in text
        or "ncident Re" in text
        or "oot cause" in text
        or "oot Cause" in text
        or "Mortem" in text
        or "MORTEM" in text
    )


def _read(document: Prose, text: str, named: bool) -> Iterator[Postmortem]:
    title = _title(document)
    titled = LEXICON.senses(title) if title else 0
    if not named and not titled & Word.RECORD:
        yield from _held(document)
        return
    template = TEMPLATE.search(fold(f"{document.path}\n{title}")) is not None
    if not template and (entries := _entries(document)):
        for indices in entries:
            yield _judge(document, indices, "", titled)
        return
    made = _judge(document, range(len(document.sections)), text, titled, template)
    if made.kind == "other":
        held = list(_held(document))
        if held:
            yield from held
            return
    yield made


def _title(document: Prose) -> str:
    return next((s.title for s in document.sections[:3] if s.title), "")


def _entries(document: Prose) -> list[range]:
    """The sections of a log of several incidents, each with a date or a number in its heading."""
    by_level: dict[int, list[int]] = {}
    for index, section in enumerate(document.sections):
        if section.level > 1 and ENTRY.search(section.title) and not LEXICON.senses(section.title) & ANY_PART:
            by_level.setdefault(section.level, []).append(index)
    for level in sorted(by_level):
        starts = by_level[level]
        entries = [range(i, i + len(document.below(i))) for i in starts]
        telling = [e for e in entries if len(parts_of(document, e)) > 1]
        if telling:
            return telling
    return []


_ABOUT = "by its title it is about postmortems, no record of an incident"


def _judge(
    document: Prose, indices: Sequence[int], text: str, titled: int, template: bool = False
) -> Postmortem:
    """One record, or whatever else these sections are."""
    first = document.sections[indices[0]] if len(indices) else Section(0, "", 1, ())
    title = first.title or _title(document)
    made = Postmortem(document.path, title[:200], first.line, "other")
    sections = [document.sections[i] for i in indices]
    if any(LESSON.search(s.title) for s in sections):
        return made._replace(why="a lesson")
    marks = sum(len(PLACEHOLDERS.findall(line.text)) for s in sections for line in s.lines[:200])
    when = _date(document, sections, text)
    if template or is_placeholder(title) or (marks > 3 and when is None) or marks > 12:
        parts, owners = announced(sections)
        kind: Kind = "template" if len(parts) > 1 else "other"
        return made._replace(
            kind=kind, parts=parts, owners=owners, why="" if kind == "template" else "hollow"
        )
    if _is_about(document.path, title):
        return made._replace(why=_ABOUT)
    parts = parts_of(document, indices)
    actions = _actions(document, indices)
    if actions and "actions" not in parts:
        parts["actions"] = Told(actions[0].line, actions[0].text[:120])
    elif not actions and "actions" in parts and not _says(document, indices, parts["actions"].line):
        del parts["actions"]
    if len(parts) < 2:
        asked, owners = announced(sections)
        if len(asked) > 2 and not parts:
            return made._replace(kind="template", parts=asked, owners=owners)
        if not parts and NAMES_INCIDENT.search(fold(document.path)) and _is_foreign(sections):
            return made._replace(kind="unread", why="its headings are in no language that is known here")
        return made._replace(why="tells neither impact, timeline, cause nor what is done about it")
    timed = sum(TIMED.match(line.text) is not None for s in sections for line in s.lines) > 1
    return made._replace(kind="record", when=when, timed=timed, parts=parts, actions=tuple(actions))


def _is_about(path: str, title: str) -> bool:
    """Whether the document speaks of postmortems as such; a date in its name tells a record."""
    name = posixpath.basename(path)
    if path_date(name) is not None or ENTRY.search(name):
        return False
    one = OF_ONE.search(title)
    kind = title[: one.end()] if one else title
    return ABOUT_TITLE.search(fold(kind)) is not None or name.lower().startswith(("readme", "index", "about"))


def _says(document: Prose, indices: Sequence[int], line: int) -> bool:
    """Whether the section at a line says anything itself."""
    return any(document.sections[i].line == line and is_told(document.below(i)) for i in indices)


def _actions(document: Prose, indices: Sequence[int]) -> list[ActionItem]:
    """The action items of a record: of its sections that announce them, else of any table with owners."""
    found: list[ActionItem] = []
    taken: set[int] = set()
    for index in indices:
        section = document.sections[index]
        means = LEXICON.senses(section.title) if len(section.title) < 120 else 0
        if index in taken or not means & Word.ACTIONS or means & (Word.TAKEN | Word.TIMELINE | Word.RECORD):
            continue
        below = document.below(index)
        taken.update(range(index, index + len(below)))
        found += from_section(document.path, below)
    if not found:
        for index in indices:
            if index not in taken and not LEXICON.senses(document.sections[index].title) & Word.TIMELINE:
                items = from_tables(document.path, document.sections[index].lines)
                found += [item for item in items if item.owner]
    return found


def _is_foreign(sections: Sequence[Section]) -> bool:
    """Whether a document has headings, and neither they nor its first lines hold a word that is known."""
    titles = [s.title for s in sections if s.title and s.lines]
    lines = [line.text[:200] for s in sections[:10] for line in s.lines[:10] if not line.code]
    return len(titles) > 3 and not any(LEXICON.senses(text) for text in (*titles[1:], *lines))


_DIGITS = regex(r"20\d\d|\d\d?[./-]")


def _date(document: Prose, sections: Sequence[Section], text: str) -> date | None:
    """The date of the incident: that of the file's name, of the head of the record, or of its timeline.

    A name that tells only the month is made precise by what the record says.
    """
    named = path_date(document.path) if text else None
    if named is not None and (named + timedelta(1)).day != 1:
        return named
    for line in _dated_lines(sections, text):
        for found in dates(line):
            if named is None or (found != named and (found.year, found.month) == (named.year, named.month)):
                return found
    return named or path_date(document.path)


def _dated_lines(sections: Sequence[Section], text: str) -> Iterator[str]:
    """The lines that may hold the date: of the front matter, the headings, then the sections."""
    if text.startswith("---"):
        yield from (line for line in text[:600].split("\n")[1:15] if line.lower().startswith("date"))
    yield from (section.title for section in sections[:2])
    for section in sections:
        yield from (line.text for line in section.lines[:60] if _DIGITS.search(line.text))


def _held(document: Prose) -> Iterator[Postmortem]:
    """Templates in code blocks of a text about incidents."""
    for section in document.sections:
        block = [line for line in section.lines if line.code]
        if len(block) < 8 or not any(line.text.lstrip().startswith(("#", "**", "=")) for line in block):
            continue
        shifted = markdown([line.text for line in block])
        parts, owners = announced(shifted)
        if len(parts) == len(PARTS):
            first = block[0].number
            moved = {p: Told(first + t.line - 1, t.note) for p, t in parts.items()}
            yield Postmortem(
                document.path, section.title[:200], section.line, "template", parts=moved, owners=owners
            )


def pointers(snapshot: Snapshot) -> tuple[tuple[str, Link], ...]:
    """Links to postmortems that are kept elsewhere, each with the document it stands in; made once."""
    return snapshot.derive(_pointers)


def _pointers(snapshot: Snapshot) -> tuple[tuple[str, Link], ...]:
    found = []
    for path in documents(snapshot):
        text = snapshot.text(path) or ""
        if ("mortem" not in text and "Mortem" not in text) or "://" not in text or refused(fold(path)):
            continue
        document = prose(snapshot, path)
        for link in document.links() if document else ():
            outside = link.target.startswith(("https://", "http://")) and not KNOWN_PAGES.search(link.target)
            if f"/{snapshot.name.rpartition('/')[2]}" in link.target:
                continue
            said = f"{link.text} {link.target.partition('://')[2].partition('/')[2]}"
            if outside and LEADS.search(said) and not is_placeholder(link.target):
                found.append((path, link))
    return tuple(found[:20])
