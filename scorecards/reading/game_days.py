"""Records of game days: exercises in which a failure is practised, and what came out of them.

A document is known by its name or its title; a log by its dated sections or by a table with a date and a
scenario in each row. What speaks of no failure (a match of a sports club) is no game day.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.dates import dates, first_date, path_date
from scorecards.reading.game_day import GameDay, GameDays, Kind
from scorecards.reading.game_day_forms import forms
from scorecards.reading.game_day_rows import rows_of
from scorecards.reading.game_day_signs import (
    ABOUT_TITLE,
    COURSE,
    ENTRY,
    FOREIGN_SIGNS,
    PLACEHOLDERS,
    SIGNS,
    TEMPLATE,
    TITLE,
    UNREADABLE,
    is_named,
)
from scorecards.reading.game_day_words import LEXICON, Word
from scorecards.reading.hollow import is_placeholder, is_real
from scorecards.reading.markup import Line, Section
from scorecards.reading.paths import paths
from scorecards.reading.postmortem import Told
from scorecards.reading.postmortem_parts import is_said, is_told
from scorecards.reading.postmortem_signs import refused
from scorecards.reading.prose import Prose, documents, prose
from scorecards.reading.runbook_signs import LABEL, SEPARATOR, WORDS, mask
from scorecards.reading.vocabulary import Sense, fold
from scorecards.reading.words import word_set

MAX_FILES = 300
"""Records of one repository that are read; the rest is not looked at."""


def game_days(snapshot: Snapshot) -> GameDays:
    """Read every document that is named a game day or a drill; made once a snapshot."""
    return snapshot.derive(_game_days)


def _game_days(snapshot: Snapshot) -> GameDays:
    found: list[GameDay] = []
    for path in documents(snapshot):
        if len(found) >= MAX_FILES:
            break
        named = is_named(path)
        if not named and not _has_sign(snapshot.text(path) or ""):
            continue
        low = fold(path)
        if why := refused(low):
            if named:
                found.append(GameDay(path, "", 1, "other", why=why))
            continue
        document = prose(snapshot, path)
        if document is not None:
            found += _read(document, snapshot.text(path) or "", named)
    found += forms(snapshot)
    unreadable = [p for p in paths(snapshot).ending(*UNREADABLE) if is_named(p)]
    return GameDays(tuple(found[:MAX_FILES]), tuple(unreadable[:20]))


def _has_sign(text: str) -> bool:
    for sign in SIGNS:
        if sign in text:
            return True
    return not text.isascii() and any(sign in text for sign in FOREIGN_SIGNS)


def is_game_day(title: str) -> bool:
    """Whether a title names an exercise."""
    return (
        bool(title)
        and len(title) < 160
        and (TITLE.search(title) is not None or LEXICON.senses(title) & Word.GAME_DAY > 0)
    )


_ASIDE = regex(r"\([^()]{0,200}\)")


def _is_section(title: str) -> bool:
    """Whether a section of any document is about an exercise; `drill` alone may mean anything there."""
    bare = _ASIDE.sub("", title)
    return is_game_day(bare) and (LEXICON.senses(bare) & Word.GAME_DAY > 0 or "drill" not in bare.lower())


def _read(document: Prose, text: str, named: bool) -> Iterator[GameDay]:
    title = next((s.title for s in document.sections[:3] if s.title), "")
    if named or is_game_day(title):
        rows = list(rows_of(document, range(len(document.sections))))
        entries = _entries(document)
        if entries and TEMPLATE.search(fold(f"{document.path}\n{title}")) is None:
            yield from (_entry(document, indices) for indices in entries)
            yield from rows
        elif rows:
            yield from rows
        else:
            yield _judge(document, range(len(document.sections)), text)
        return
    taken: set[int] = set()
    for index, section in enumerate(document.sections):
        if index in taken or not _is_section(section.title):
            continue
        below = range(index, index + len(document.below(index)))
        taken.update(below)
        rows = list(rows_of(document, below))
        made = _judge(document, below, "")
        yield from rows
        below_title = made.scenario is not None and made.scenario.line > section.line
        if not rows and (made.kind == "record" or (made.kind == "plan" and below_title)):
            yield made


def _entries(document: Prose) -> list[range]:
    """The sections of a log, each with a date or a number in its heading, where they tell something."""
    by_level: dict[int, list[range]] = {}
    for index, section in enumerate(document.sections):
        if section.level > 1 and ENTRY.search(section.title):
            below = range(index, index + len(document.below(index)))
            by_level.setdefault(section.level, []).append(below)
    for level in sorted(by_level):
        told = [_parts(document, indices) for indices in by_level[level]]
        whole = [scenario for scenario, findings in told if scenario and findings]
        bare = [b for b in by_level[level] if _is_bare(document, b)]
        if whole or sum(bool(s or f) for s, f in told) > 1 or len(bare) == len(told):
            return by_level[level]
    return []


_BARE_TITLE = regex(r"[\W_]*(?:20\d\d[-/.]\d\d?[-/.]\d\d?|\d\d?[./]\d\d?[./]20\d\d)[\W_]*")


def _is_bare(document: Prose, indices: Sequence[int]) -> bool:
    """Whether an entry is a date and what is told below it, without headings."""
    title = document.sections[indices[0]].title
    return len(indices) == 1 and _BARE_TITLE.fullmatch(title) is not None


def _entry(document: Prose, indices: Sequence[int]) -> GameDay:
    """One entry of a log; where it has a date and no headings, its first line says what was practised."""
    made = _judge(document, indices, "")
    if made.kind in ("record", "plan") and made.scenario is None:
        line = next((n for i in indices for n in document.sections[i].lines if is_real(n.text)), None)
        made = made._replace(scenario=Told(line.number, line.text.strip()[:120]) if line else None)
    return made


def _judge(document: Prose, indices: Sequence[int], text: str) -> GameDay:
    """One record, or whatever else these sections are."""
    sections = [document.sections[i] for i in indices]
    first = sections[0] if sections else Section(0, "", 1, ())
    title = next((s.title for s in sections[:3] if s.title), "")
    made = GameDay(document.path, title[:200], first.line, "other")
    if any(COURSE.search(s.title) for s in sections):
        return made._replace(why="a lesson")
    if not any(_is_told((s,)) for s in sections):
        return made._replace(kind="template", why="hollow: nothing but headings, to-do marks or placeholders")
    when = _date(document, sections, text)
    marks = sum(len(PLACEHOLDERS.findall(line.text)) for s in sections for line in s.lines[:200])
    named = fold(f"{document.path}\n{title}") if text else fold(title)
    if TEMPLATE.search(named) or is_placeholder(title) or (marks > 3 and when is None) or marks > 12:
        return made._replace(kind="template", why="a template that was never filled in")
    if not _practises(sections if text or is_game_day(title) else document.sections):
        return made._replace(why="speaks of no failure that was practised")
    scenario, findings = _parts(document, indices)
    scenario = scenario or _titled(title, first.line)
    about = bool(text) and path_date(document.path) is None and _is_about(document.path, title)
    bare = not text and when is not None and _BARE_TITLE.fullmatch(title) is not None
    if bare and findings is None:
        return made._replace(kind="record", when=when, scenario=scenario)
    if scenario is None and (findings is None or about):
        if text and not about and _steps(sections) > 2:
            return made._replace(kind="plan", when=when)
        return made._replace(why="tells neither a scenario nor what came out of it")
    if (
        findings is None
        and when is None
        and scenario == _titled(title, first.line)
        and not _in_steps(sections)
    ):
        return made._replace(why="names an exercise in its title, and tells neither when nor how")
    kind: Kind = "plan" if findings is None or about or _is_planned(sections) else "record"
    return made._replace(kind=kind, when=when, scenario=scenario, findings=findings)


_OVERVIEW = regex(r"(?:^|/)(?:readme|index|overview)\.\w+$", re.IGNORECASE)
_STEP = regex(r"\s{0,8}(?:\d{1,2}[.)]|[-*] \[[ xX]\])\s")


def _is_about(path: str, title: str) -> bool:
    """Whether a document speaks of exercises as such, or lists them."""
    return ABOUT_TITLE.search(fold(title)) is not None or _OVERVIEW.search(path) is not None


def _steps(sections: Sequence[Section]) -> int:
    """How many steps or commands a text holds: a procedure for an exercise is a plan of one."""
    return sum(bool(line.code or _STEP.match(line.text)) for s in sections for line in s.lines[:200])


def _in_steps(sections: Sequence[Section]) -> bool:
    """Whether a text says in steps what is to be done."""
    return sum(_STEP.match(line.text) is not None for s in sections for line in s.lines[:200]) > 2


_FAILS = Sense.FAILURE | Sense.ALERT | Sense.MITIGATE | Sense.PRODUCTION | Sense.OBJECT
_ENGINEERED = regex(
    r"breaker|time-?outs?\b|fall-?back|inject|chaos|latenc|replica|\bclusters?\b|\bhangs?\b|\bapis?\b|\bpods?\b"
    r"|\bserver|backend|region\b|back-?ups?\b|restor|recover|disaster|\boutage|\bincident"
    r"|\brto\b|\brpo\b|\bdr\b",
    re.IGNORECASE,
)


def _practises(sections: Sequence[Section]) -> bool:
    """Whether two lines or more speak of failing, recovering or of what watches a service."""
    seen = 0
    for section in sections:
        for text in (section.title, *(line.text for line in section.lines[:200])):
            if mask(text) & _FAILS or _ENGINEERED.search(text):
                seen += 1
                if seen > 1:
                    return True
    return False


def _is_told(sections: Sequence[Section]) -> bool:
    """Whether anything is said below a heading; of a table its rows that answer what they ask."""
    return is_told([s._replace(lines=tuple(_without_forms(s.lines))) for s in sections])


def _without_forms(lines: Sequence[Line]) -> Iterator[Line]:
    for position, line in enumerate(lines):
        if line.code or "|" not in line.text:
            yield line
            continue
        follows = lines[position + 1].text if position + 1 < len(lines) else ""
        cells = line.text.strip().strip("|").split("|")
        if not (SEPARATOR.match(follows) and "|" in follows) and any(is_real(c) for c in cells[1:]):
            yield line


def _parts(document: Prose, indices: Sequence[int]) -> tuple[Told | None, Told | None]:
    """Where the scenario and the findings are told, by headings, labels, or rows of two cells."""
    scenario: Told | None = None
    findings: Told | None = None
    for position, index in enumerate(indices):
        section = document.sections[index]
        means = LEXICON.senses(section.title) if section.title and len(section.title) < 120 else 0
        if means & Word.EXPECTED and not means & Word.SCENARIO:
            means = 0
        if (position or not is_game_day(section.title)) and _is_told(document.below(index)):
            told = Told(section.line, section.title[:120])
            scenario = scenario or (told if means & (Word.SCENARIO | Word.ABOUT) else None)
            if means & Word.FINDINGS and not means & Word.EXPECTED:
                findings = findings or told
        for number, line in enumerate(section.lines):
            if line.code or (scenario and findings):
                continue
            means, told = _labelled(line, section.lines[number + 1 : number + 2])
            scenario = scenario or (told if means & (Word.SCENARIO | Word.ABOUT) else None)
            findings = findings or (told if means & Word.FINDINGS else None)
    return scenario, findings


def _labelled(line: Line, after: Sequence[Line]) -> tuple[int, Told]:
    """What a label, or the first of two cells, means, and where it stands; 0 if nothing is said beside it."""
    told = Told(line.number, line.text.strip()[:120])
    if "|" in line.text:
        cells = [c.strip() for c in line.text.strip().strip("|").split("|")]
        if len(cells) != 2 or SEPARATOR.match(line.text):
            return 0, told
        name, rest = cells
    else:
        label = LABEL.match(line.text) if any(s in line.text[:60] for s in (":", "：", "**")) else None
        if label is None:
            return 0, told
        name, rest = label["label"], label["rest"]
    if not rest.strip() and after and "|" not in line.text:
        rest = after[0].text
    if len(name) > 44 or not is_said(rest):
        return 0, told
    means = LEXICON.senses(name.strip(" *_"))
    return (0 if means & Word.EXPECTED else means), told


_PLAIN = regex(r"20\d\d[-/.]?\d{0,2}[-/.]?\d{0,2}|\b[qQ][1-4]\b|\d+|[#:–—()\[\]|,/-]+")
_SAYS_NOTHING = word_set(
    "report reports result results summary record records log evidence notes retro retrospective review"
    " history the of for and a an on in from our with exercise drill drills test tests day days debrief"
    " writeup outcome no"
)


def _titled(title: str, line: int) -> Told | None:
    """The scenario that a title names beside the words of every such title: `Game day: Redis fails over`."""
    rest = TITLE.sub(" ", _PLAIN.sub(" ", title))
    said = [w for w in WORDS.findall(rest) if w.lower() not in _SAYS_NOTHING and not LEXICON.senses(w)]
    return Told(line, title[:120]) if len(said) > 1 and mask(rest) else None


def _is_planned(sections: Sequence[Section]) -> bool:
    """Whether a label says that it has not been held: `Status: planned`."""
    for section in sections[:3]:
        for line in section.lines[:30]:
            label = LABEL.match(line.text) if ":" in line.text[:40] or "**" in line.text[:40] else None
            name = fold(label["label"]).strip(" *_") if label else ""
            if label and name in (
                "status",
                "state",
                "stand",
                "estado",
                "stato",
                "etat",
                "статус",
                "状態",
                "状态",
                "상태",
            ):
                return LEXICON.senses(label["rest"][:60]) & Word.PLANNED > 0
    return False


_DIGITS = regex(r"20\d\d|\d\d?[./-]")
_OTHER_DATE = regex(
    r"next|upcoming|updated|reviewed|version|due|deadline|created|nachst|prochain|proxim|last",
)


def _date(document: Prose, sections: Sequence[Section], text: str) -> date | None:
    """The day it was held: by the front matter, a label, a heading, the file's name, or the first lines."""
    for dated in _dated_lines(sections, text):
        found = first_date(dated)
        if found is not None:
            return found
    named = path_date(document.path)
    if named is not None:
        return named
    for section in sections[:3]:
        for line in section.lines[:15]:
            if _DIGITS.search(line.text) and not _OTHER_DATE.search(fold(line.text[:60])):
                found = next(dates(line.text), None)
                if found is not None:
                    return found
    return None


def _dated_lines(sections: Sequence[Section], text: str) -> Iterator[str]:
    if text.startswith("---"):
        yield from (line for line in text[:600].split("\n")[1:20] if line.lower().startswith("date"))
    for section in sections:
        for line in section.lines[:40]:
            if not _DIGITS.search(line.text) or line.code:
                continue
            name = line.text.strip(" |*_>-").partition(":")[0].partition("|")[0]
            if len(name) < 45 and LEXICON.senses(name) & Word.DATE and not _OTHER_DATE.search(fold(name)):
                yield line.text
    yield from (section.title for section in sections[:2])
