"""Runbooks: what a document tells of recognising, diagnosing and mitigating a failure of a running service.

A part is told by a heading, a label or a table column with something real below it, or by sentences and
commands. What a document is for decides whether it counts at all: instructions for developers, repairs of a
local set-up, a presenter's script and a coding agent's instructions are no runbooks, whatever they are named.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from catalog.regex import regex
from scorecards.reading.hollow import is_real
from scorecards.reading.markup import Line, Section
from scorecards.reading.prose import Prose
from scorecards.reading.runbook_signs import (
    ABOUT_RUNBOOKS,
    ABOUT_TITLE,
    COMMAND,
    EXAMPLE_TITLE,
    LABEL,
    LESSON,
    OTHER_TITLE,
    REMEDY,
    ROLES,
    SEPARATOR,
    TEMPLATE_TITLE,
    THRESHOLD,
    WORDS,
    Part,
    announced,
    mask,
    names_alert,
    parts_of,
)
from scorecards.reading.vocabulary import Sense, senses

Named = Literal["runbook", "operations", ""]


class Seen(NamedTuple):
    """Where one part was told."""

    path: str
    line: int
    note: str


@dataclass(slots=True)
class Reading:
    """What one document tells; `excluded` says why it is no runbook, `unreadable` why it was not read."""

    path: str
    parts: dict[Part, Seen] = field(default_factory=dict)
    excluded: str = ""
    line: int = 1
    unreadable: str = ""


@dataclass(slots=True)
class _Reader:
    """Reads one document; counts what it is for while it looks for the parts.

    A heading, a label or a column names its part and counts by itself. What is told in passing, by a sentence
    or a command, counts only together with a sign of failure: in the same section, above it or below it.
    A condition (“if it fails”) is such a sign only beside a remedy, and only for its own section.
    """

    document: Prose
    named: dict[Part, Seen] = field(default_factory=dict)
    told: list[tuple[int, Part, Seen]] = field(default_factory=list)
    signs: set[int] = field(default_factory=set)
    conditions: list[tuple[int, Line]] = field(default_factory=list)
    real: list[bool] = field(default_factory=list)
    at: int = 0
    headings: int = 0
    setup: int = 0
    alerts: int = 0
    local: int = 0
    production: int = 0
    technical: int = 0
    lessons: int = 0
    headed: bool = False
    """Whether a heading or a column speaks of alerts, symptoms or incidents."""

    def name(self, part: Part, line: int, note: str) -> None:
        if part == "recognise":
            self.signs.add(self.at)
        if part not in self.named:
            self.named[part] = Seen(self.document.path, line, note.strip()[:120])

    def tell(self, part: Part, line: Line) -> None:
        if part == "recognise":
            self.signs.add(self.at)
        self.told.append((self.at, part, Seen(self.document.path, line.number, line.text.strip()[:120])))

    def read(self, indices: Iterable[int]) -> None:
        for index in indices:
            self.at = index
            self._heading(index, self.document.sections[index])
            self._body(self.document.sections[index])

    def parts(self) -> dict[Part, Seen]:
        """The parts that are named, and those told where a failure is spoken of."""
        found = dict(self.named)
        near: set[int] = set()
        for sign in self.signs:
            near.update(range(sign, sign + len(self.document.below(sign))))
        remedied = {index for index, part, _ in self.told if part == "mitigate"}
        conditions = [(index, line) for index, line in self.conditions if index in remedied]
        near.update(index for index, _ in conditions)
        for index, part, seen in self.told:
            below = range(index, index + len(self.document.below(index)))
            if part not in found and (index in near or any(i in self.signs for i in below)):
                found[part] = seen
        if conditions and "recognise" not in found and len(found) == 2:
            line = conditions[0][1]
            found["recognise"] = Seen(self.document.path, line.number, line.text.strip()[:120])
        return found

    def _heading(self, index: int, section: Section) -> None:
        if not section.title:
            return
        bits = announced(section.title)
        self.lessons += LESSON.search(section.title) is not None
        if bits & Sense.SETUP:
            self.setup += 1
            return
        if ABOUT_TITLE.search(section.title) or not any(
            self.real[index : index + len(self.document.below(index))]
        ):
            return
        roles = list(parts_of(section.title, bits))
        self.alerts += bool(bits & Sense.ALERT)
        self.technical += names_alert(section.title)
        self.headings += bool(roles) and section.level > 1
        for part in roles:
            if section.level > 1 or (part == "recognise" and not bits & Sense.RUNBOOK):
                self.name(part, section.line, section.title)
                self.headed = self.headed or bool(part == "recognise" and bits & Sense.ALERT)
        if bits & Sense.ACT and section.level > 1:
            self.tell("mitigate", Line(section.line, section.title, False))

    def _body(self, section: Section) -> None:
        columns: list[tuple[int, list[Part]]] = []
        lines = section.lines
        if EXAMPLE_TITLE.match(section.title):
            return
        if ABOUT_TITLE.search(section.title):
            lines = tuple(line for line in lines if line.code)
        for position, line in enumerate(lines):
            bits = mask(line.text)
            self.local += bits & Sense.LOCAL > 0
            self.production += bits & Sense.PRODUCTION > 0
            if bits & Sense.COMMAND and (line.code or "`" in line.text):
                self._command(line)
            if line.code:
                continue
            if "|" in line.text:
                follows = lines[position + 1].text if position + 1 < len(lines) else ""
                columns = self._table(line, follows, columns, bits)
                continue
            columns = []
            if _may_be_about(line.text, bits) and ABOUT_RUNBOOKS.search(line.text):
                return
            if bits & (ROLES | Sense.FAILURE):
                self._sentence(line, bits, lines[position + 1 : position + 2])

    def _command(self, line: Line) -> None:
        found = COMMAND.search(line.text)
        if found:
            self.technical += 1
            self.tell("mitigate" if found["fix"] else "diagnose", line)

    def _table(
        self, line: Line, follows: str, columns: list[tuple[int, list[Part]]], bits: int
    ) -> list[tuple[int, list[Part]]]:
        cells = line.text.strip().strip("|").split("|")
        if SEPARATOR.match(line.text):
            return columns
        if SEPARATOR.match(follows) and "-" in follows:
            heads = [(n, list(parts_of(cell, announced(cell)))) for n, cell in enumerate(cells[:12])]
            self.headed = self.headed or bits & Sense.ALERT > 0
            self.alerts += bits & Sense.ALERT > 0
            return [(n, roles) for n, roles in heads if roles]
        for number, roles in columns:
            if number < len(cells) and is_real(cells[number]):
                self.alerts += "recognise" in roles
                for part in roles:
                    self.name(part, line.number, cells[number])
        return columns

    def _sentence(self, line: Line, bits: int, after: tuple[Line, ...]) -> None:
        text = line.text
        if not is_real(text) or _ONLY_LINK.match(text):
            return
        self.alerts += bool(bits & Sense.ALERT)
        head = text[:60]
        if (":" in head or "：" in head or "**" in head) and (label := LABEL.match(text)):
            rest = label["rest"].strip()
            told = is_real(rest) if rest else any(a.code or is_real(a.text) for a in after)
            if told and len(WORDS.findall(label["label"])) < 5:
                for part in parts_of(label["label"], announced(label["label"])):
                    self.name(part, line.number, text)
        self._told(line, bits)

    def _told(self, line: Line, bits: int) -> None:
        text = line.text
        if bits & Sense.ALERT and (bits & Sense.FAILURE or THRESHOLD.search(text) or names_alert(text)):
            self.tell("recognise", line)
        elif bits & Sense.WHEN and bits & Sense.FAILURE:
            self.conditions.append((self.at, line))
        looks = bits & Sense.DIAGNOSE and _begins(text, Sense.DIAGNOSE, 6)
        if looks and (bits & Sense.OBJECT or "`" in text):
            self.technical += bool(bits & Sense.OBJECT)
            self.tell("diagnose", line)
        if bits & REMEDY and (bits & Sense.WHEN or _begins(text, REMEDY, 3)):
            self.tell("mitigate", line)


def _may_be_about(text: str, bits: int) -> bool:
    return bits & Sense.RUNBOOK > 0 or "ocument" in text or "rocedure" in text


def _begins(text: str, sense: int, words: int) -> bool:
    """Whether one of the first words of a line or step has this sense: an instruction, no description."""
    return any(senses(word) & sense for word in WORDS.findall(text[:80])[:words])


def read_runbook(document: Prose, named: Named, indices: Iterable[int] | None = None) -> Reading:
    """Judge one document, or only these of its sections, by index."""
    chosen = list(range(len(document.sections))) if indices is None else list(indices)
    reader = _Reader(document)
    reader.real = [_is_told(s) for s in document.sections]
    if not any(reader.real[i] for i in chosen):
        return Reading(document.path, excluded="hollow: nothing but headings, to-do marks or placeholders")
    title = document.sections[chosen[0]].title
    if TEMPLATE_TITLE.search(title):
        return Reading(document.path, excluded="hollow: a template whose title was never filled in")
    if OTHER_TITLE.search(title):
        return Reading(document.path, excluded=f"by its title (“{title[:60]}”) it is not for production")
    reader.read(chosen)
    line = document.sections[chosen[0]].line
    excluded = _other_purpose(reader, named)
    return Reading(document.path, {} if excluded else reader.parts(), excluded, line)


_ONLY_LINK = regex(
    r"[\s>*_#|:.()\-–—+0-9]*(?:\[[^\[\]]{0,200}\]\([^()]{0,500}\)|<?https?://\S{1,500})[\s.>|]*$"
)
_SPACELESS = regex(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{3}")


def _is_told(section: Section) -> bool:
    """Whether something is said below a heading itself: more than a word in a form, or than a link."""
    for line in section.lines:
        text = line.text
        if line.code:
            if text.strip():
                return True
        elif (
            (len(WORDS.findall(text)) > 2 or "`" in text or _SPACELESS.search(text))
            and is_real(text)
            and not _ONLY_LINK.match(text)
        ):
            return True
    return False


def _other_purpose(reader: _Reader, named: Named) -> str:
    """Why a document is no runbook, from what fills it; empty where it is one."""
    if reader.lessons:
        return "a lesson"
    if reader.local > 1 and reader.local > reader.production:
        return "about running it on a developer's machine"
    if reader.setup > 1 and reader.setup >= reader.headings:
        return "instructions to set something up"
    if named != "runbook" and not (reader.headed and len(reader.named) > 1 and reader.alerts > 1):
        return "tells of no alert, symptom or incident with what to do then"
    if not (reader.technical or (named == "runbook" and reader.production)):
        return "names nothing of a running service: no log, metric, command or remedy"
    if not reader.parts():
        return "tells nothing of recognising, diagnosing or mitigating a failure"
    return ""
