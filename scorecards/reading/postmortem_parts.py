"""Which parts of a postmortem a text tells, and which ones a template asks for."""

from collections.abc import Iterable, Iterator, Sequence

from catalog.regex import regex
from scorecards.reading.action_items import columns_of
from scorecards.reading.hollow import is_placeholder, is_real
from scorecards.reading.markup import Line, Section
from scorecards.reading.postmortem import Part, Told
from scorecards.reading.postmortem_signs import BECAUSE, HURT, TIMED, USERS
from scorecards.reading.postmortem_words import LEXICON, Word
from scorecards.reading.prose import Prose
from scorecards.reading.runbook_signs import LABEL, SEPARATOR, WORDS

_BITS: dict[Part, int] = {
    "impact": Word.IMPACT,
    "timeline": Word.TIMELINE,
    "cause": Word.CAUSE,
    "actions": Word.ACTIONS,
}
ANY_PART = Word.IMPACT | Word.TIMELINE | Word.CAUSE | Word.ACTIONS


_QUESTION = regex(r"[?？][\s*_)]{0,6}$|^[\s>]{0,4}[*_]{1,2}[^*_]{1,400}[*_]{1,2}\s*$")
"""A question to the author, or an instruction in italics, as unfilled templates hold."""


def parts_of(document: Prose, indices: Iterable[int]) -> dict[Part, Told]:
    """The parts that a heading, a label or a row names, or that sentences and times tell."""
    found: dict[Part, Told] = {}
    passing: dict[Part, Told] = {}
    times: list[Line] = []
    for index in indices:
        section = document.sections[index]
        means = LEXICON.senses(section.title) if section.title and len(section.title) < 120 else 0
        if means & ANY_PART and not means & Word.RECORD and is_told(document.below(index)):
            for part in named_parts(means):
                found.setdefault(part, Told(section.line, section.title[:120]))
        for line in section.lines:
            if line.code:
                continue
            if TIMED.match(line.text):
                times.append(line)
            for part in _labelled(line.text):
                found.setdefault(part, Told(line.number, line.text.strip()[:120]))
            if "impact" not in passing and USERS.search(line.text) and HURT.search(line.text):
                passing["impact"] = Told(line.number, line.text.strip()[:120])
            if "cause" not in passing and BECAUSE.search(line.text):
                passing["cause"] = Told(line.number, line.text.strip()[:120])
    if len(times) > 2:
        found.setdefault("timeline", Told(times[0].number, times[0].text.strip()[:120]))
    return {**passing, **found} if found else found


def named_parts(means: int) -> Iterator[Part]:
    """The parts among these meanings; what was done during the incident is none."""
    for part, bit in _BITS.items():
        if means & bit and not (part == "actions" and means & Word.TAKEN):
            yield part


def _labelled(text: str) -> Iterator[Part]:
    """The parts that a label (`**Impact:** …`) or the first cell of a row names, with something said."""
    if "|" in text:
        cells = [c.strip() for c in text.strip().strip("|").split("|")]
        if len(cells) != 2 or SEPARATOR.match(text):
            return
        name, rest = cells
    else:
        label = LABEL.match(text) if ":" in text[:60] or "：" in text[:60] or "**" in text[:60] else None
        if label is None:
            return
        name, rest = label["label"], label["rest"]
    if len(name) < 45 and is_said(rest):
        means = LEXICON.senses(name.strip(" *_"))
        if means & ANY_PART and not means & Word.OWNER:
            yield from named_parts(means)


def is_said(text: str) -> bool:
    """Whether what stands beside a label says something."""
    return is_real(text) and not is_placeholder(text) and (len(WORDS.findall(text)) > 1 or not text.isascii())


def is_told(sections: Sequence[Section]) -> bool:
    """Whether anything is said below a heading, itself or in the sections below it."""
    for section in sections:
        for line in section.lines:
            text = line.text
            if line.code:
                if text.strip():
                    return True
            elif (
                is_real(text)
                and (len(WORDS.findall(text)) > 2 or "`" in text or not text.isascii())
                and not SEPARATOR.match(text)
                and not _QUESTION.search(text)
            ):
                return True
    return False


def announced(sections: Sequence[Section]) -> tuple[dict[Part, Told], bool]:
    """The parts whose headings or labels stand in a template, and whether it asks for owners."""
    found: dict[Part, Told] = {}
    owners = False
    for section in sections:
        asked = False
        for name, number in _names(section):
            means = LEXICON.senses(name) if len(name) < 120 else 0
            owners = owners or bool(means & Word.OWNER)
            for part in named_parts(means):
                asked = asked or part == "actions"
                found.setdefault(part, Told(number, name.strip()[:120]))
        owners = owners or (
            asked and any(LEXICON.senses(line.text[:300]) & Word.OWNER for line in section.lines)
        )
    return found, owners


def _names(section: Section) -> Iterator[tuple[str, int]]:
    """The heading, the labels and the columns of a section, with their lines."""
    if section.title:
        yield section.title, section.line
    for position, line in enumerate(section.lines[:400]):
        label = LABEL.match(line.text)
        if label:
            yield label["label"], line.number
        elif "|" in line.text:
            follows = section.lines[position + 1].text if position + 1 < len(section.lines) else ""
            if SEPARATOR.match(follows) and columns_of(line.text.strip().strip("|").split("|")):
                yield from ((cell, line.number) for cell in line.text.split("|")[:16])
