"""Whom a repository's documents say to call when a service fails, and by what means.

What counts is a section about escalation or being on call, or the contacts of a text about operating, that
speaks of failures in production. Files for coding agents, privileges that are escalated, and the escalation
of tickets and disagreements are something else.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.escalation_words import LEXICON, PAGER_LINK, Word, may_tell
from scorecards.reading.hollow import is_filler, is_placeholder, is_real
from scorecards.reading.markup import Section
from scorecards.reading.prose import Prose, documents, links, prose
from scorecards.reading.runbook_signs import LESSON, WORDS
from scorecards.reading.runbook_sources import AGENTS
from scorecards.reading.statements import Statement, statements
from scorecards.reading.vocabulary import fold

MAX_DOCUMENTS = 150

Worth = Literal["route", "pager", "team", "person", "chat", "link", "nobody", "hollow"]


class Escalation(NamedTuple):
    """What one place in a document says.

    `route` names a team and a means, `pager` links to a pager's service or to who is on call. The others are
    weak: a `team` without a means, a `person` or a `chat` alone, a `link` to a policy elsewhere; `nobody` and
    `hollow` are nothing.
    """

    path: str
    line: int
    worth: Worth
    text: str


def escalations(snapshot: Snapshot) -> tuple[Escalation, ...]:
    """Every place in a document that says whom to call; made once a snapshot."""
    return snapshot.derive(_escalations)


_REFUSED = regex(
    r"(?:^|/)(?:security|code_of_conduct|contributing|support|governance|maintainers|authors"
    r"|license)\.\w+$|changelog|release[-_ ]?notes"
    r"|template|vorlage|plantilla|テンプレ|模板|(?:^|/)(?:blog|posts?|_posts|news|talks?|slides"
    r"|post-?mortems?|incidents|adrs?|decisions|rfcs?"
    r"|proposals?|plans?|roadmaps?|projects|archived?|archives|tests?|__tests__|spec|e2e|fixtures"
    r"|prompts?|evals?|static|public"
    r"|assets|dist|data|courses?|lessons?|[\w-]*learning|tutorials?|workshops?|interview\w*|quiz\w*"
    r"|notes|homework"
    r"|demos?|features?|product|prds?"
    r"|requirements|design[\w-]*|accessibility|community|privacy|compliance|legal|hr)/|post-?mortem"
    r"|pr_body|test-(?:plan|report)|scripts/"
)
_OPERATES = regex(
    r"run[-_ ]?books?|play[-_ ]?books?|on[-_ ]?call|escalat|eskalat|escalad|escalam|incident|outage"
    r"|emergency|disaster|(?:^|/)sops?(?:[/._-]|$)"
    r"|(?:^|/)(?:[^/]{0,40}[-_ ])?(?:operations?|operating|ops|sre|monitoring|alerting|alerts?"
    r"|observability|support-rota|slos?|reliability)"
    r"(?:[-_ /.]|$)|bereitschaft|notfall|betrieb|astreinte|exploitation|guardia|plantao|reperibilita"
    r"|piket|storing|dyzur|eskalac|эскалац|дежур"
    r"|регламент|障害|運用|オンコール|エスカレ|应急|值班|运维|故障|장애|온콜|운영"
)


def _escalations(snapshot: Snapshot) -> tuple[Escalation, ...]:
    found: list[Escalation] = []
    read = 0
    for path in documents(snapshot):
        text = snapshot.text(path) or ""
        if not may_tell(text):
            continue
        low = fold(path)
        if AGENTS.search(low) or _REFUSED.search(low):
            continue
        document = prose(snapshot, path)
        read += 1
        if document is not None and not any(LESSON.search(s.title) for s in document.sections):
            found += _read(document, _OPERATES.search(low) is not None)
        if read >= MAX_DOCUMENTS:
            break
    return tuple(found)


_OTHER = regex(
    r"privileg|permission|rights|role[-_ ]|access|disagreement|dispute|complaint|ticket"
    r"|customer[-_ ]support|refund|approval|test|bug"
    r"|vulnerab|security (?:contact|report)|feature|rules?\b|engine|agent|model|prompt|llm|workflow"
    r"|api\b|settings|config|auto-?escalat"
    r"|supported|support(?:ing|ability)|matrix of|library|not a commitment|future (?:work|options?)",
    re.IGNORECASE,
)
"""Headings where escalation, contact or support mean something else."""


def _read(document: Prose, operates: bool) -> Iterator[Escalation]:
    taken = -1
    for index, section in enumerate(document.sections):
        yield from _linked(document, section)
        means = LEXICON.senses(section.title) if section.title and len(section.title) < 100 else 0
        about = means & Word.ESCALATE or (operates and means & Word.CONTACT)
        if index <= taken or not about or _OTHER.search(section.title):
            continue
        below = document.below(index)
        if section.level == 1 and len(below) > 1 and not means & Word.ESCALATE:
            continue
        taken = index + len(below) - 1
        made = _judge(document.path, below, operates)
        if made is not None:
            yield made
    if operates:
        yield from _told(document)


def _linked(document: Prose, section: Section) -> Iterator[Escalation]:
    """Links to a pager's service, or to the rota of those on call."""
    for line in section.lines:
        if line.code or "://" not in line.text:
            continue
        for link in links(line.text, line.number):
            if PAGER_LINK.match(link.target) and not _filled_in(link.target):
                yield Escalation(document.path, link.line, "pager", link.target[:160])
            elif _ROTA.search(f"{link.text} {link.target}") and not is_placeholder(link.target):
                yield Escalation(document.path, link.line, "pager", f"{link.text} {link.target}"[:160])


_ROTA = regex(
    r"on-?call[-_ ]?(?:rota|roster|schedule|rotation|calendar)\b|bereitschaftsplan|dienstplan", re.IGNORECASE
)
_FILLER = regex(r"your[-_.]|<|\{\{|example\.|changeme|xxx", re.IGNORECASE)


def _filled_in(address: str) -> bool:
    """Whether an address was never filled in."""
    return _FILLER.search(address) is not None


class _Seen(NamedTuple):
    """What statements name, and where: a line and its text, None where it is not named."""

    team: Statement | None = None
    means: Statement | None = None
    chat: Statement | None = None
    channel: Statement | None = None
    """A chat that is named: `#payments-oncall`, an address."""
    person: Statement | None = None
    link: Statement | None = None
    incident: bool = False
    any: bool = False


_MAIL = regex(
    r"(?<![\w.])[\w.+-]{2,60}@(?!example\.|localhost|domain\.|company\."
    r"|yourcompany)[\w-]{2,60}\.[\w.]{2,20}"
)
_PHONE = regex(
    r"(?<![\w.-])\+?\d{1,3}[\s().-]{1,2}\d{2,5}[\s().-]{0,2}\d{2,6}[\s.-]?\d{0,6}(?![\w%])|\btel:\+?\d"
)
_CHANNEL = regex(r"(?<![\w&/#])#[a-z][\w-]{2,60}(?!\w|\.\w)")
_GROUP = regex(
    r"(?<![\w/.])@[\w-]+/[\w-]+|(?<![\w/.])@?[\w-]{0,40}(?:oncall|on-call|sre|team|ops)\b", re.IGNORECASE
)
_NAME = regex(
    r"(?<![\w@.])[A-ZÀ-ÖØ-ÞА-Я][a-zà-öø-ÿа-я'’-]{1,20} [A-ZÀ-ÖØ-ÞА-Я][a-zà-öø-ÿа-я'’-]{1,20}(?!\w)"
    r"|(?<![\w/.])@[A-Za-z][\w-]{1,38}(?![\w/@]|\.\w)"
)
_UNDONE = regex(r"\s{0,20}[-*+]\s\[ ?\]")
"""A point of a list that is still to be done."""
_PAGE = regex(r"\b(?:status|web|home|landing|wiki)[- ]?pages?\b", re.IGNORECASE)
_TEAMS_CHAT = regex(r"\bteam(?:['’]?s)? (?:\w+ )?(?:channel|chat)\b|\bmicrosoft teams\b", re.IGNORECASE)
_NEGATED = regex(
    r"\b(?:no|not|without|pending|planned|later|removed|disabled|instead of|none|out of scope|optional"
    r"|in (?:a|the) real (?:org\w{0,10}|company|world|deployment|set-?up|system)|hypothetical(?:ly)?"
    r"|would (?:route|page)"
    r"|não|keine?|nicht|aucune?|pas|sin|ning[uú]n|nessun\w?|senza|geen|niet|brak|нет|без)\b",
    re.IGNORECASE,
)
_BLANK = regex(r"\[[^\]\n]{2,40}\](?!\()|<[^<>\n]{2,40}>|_{3,}|\bXXX|\bTBD\b|\bTODO\b", re.IGNORECASE)


def _look(sections: Sequence[Section]) -> _Seen:
    seen = _Seen()
    for section in sections:
        if section is not sections[0] and _OTHER.search(section.title):
            continue
        for said in statements(section):
            text = f"{section.title}: {said.text}" if section is not sections[0] else said.text
            if not is_real(said.text) or is_filler(said.text) or _UNDONE.match(said.text):
                continue
            bare = _BLANK.sub("", said.text)
            if not is_real(bare) or (bare != said.text and _is_form(said, bare)):
                continue
            bare = _PAGE.sub("", bare)
            seen = _note(seen, said, bare, LEXICON.senses(text), LEXICON.senses(bare))
    return seen


def _is_form(said: Statement, bare: str) -> bool:
    """Whether a statement with a placeholder in it is a row or a line that was never filled in."""
    return bool(said.columns) or len(WORDS.findall(bare)) < 5


def _note(seen: _Seen, said: Statement, bare: str, around: int, means: int) -> _Seen:
    """Add what one statement names; placeholders in it are taken out of `bare`."""
    blank = _BLANK.search(said.text) is not None
    reached = _MAIL.search(bare) or _PHONE.search(bare)
    denied = _NEGATED.search(bare) is not None
    named = _TEAMS_CHAT.sub("", bare)
    team = said if LEXICON.senses(named) & Word.TEAM or _GROUP.search(named) else None
    channel = _CHANNEL.search(bare) or (means & Word.CHAT and "://" in bare)
    how = said if (reached or (means & Word.MEANS and not blank)) and not denied else None
    chat = said if channel or (means & Word.CHAT and not blank) else None
    return _Seen(
        seen.team or team,
        seen.means or how,
        seen.chat or (None if denied else chat),
        seen.channel or (said if channel and not denied else None),
        seen.person or (said if _NAME.search(bare) else None),
        seen.link or (said if "](" in said.text or "://" in said.text else None),
        seen.incident or bool(around & Word.INCIDENT),
        True,
    )


def _judge(path: str, sections: Sequence[Section], operates: bool) -> Escalation | None:
    """What a section about escalation is worth; None where it is about something else."""
    seen = _look(sections)
    first = sections[0]
    if not seen.any:
        return Escalation(path, first.line, "hollow", first.title[:160]) if operates else None
    titled = LEXICON.senses(first.title)
    if not (operates or seen.incident or titled & Word.INCIDENT):
        return None
    means = seen.means or seen.channel
    if seen.team and means and (operates or _REACHED.search(means.text)):
        where = seen.means or seen.team
        return Escalation(path, where.line, "route", where.text[:160])
    return _weak(path, first, seen) if operates else None


_REACHED = regex(rf"{_MAIL.pattern}|{_PHONE.pattern}|{_CHANNEL.pattern}|pagerduty|opsgenie", re.IGNORECASE)


def _weak(path: str, first: Section, seen: _Seen) -> Escalation:
    """What a section says that names no route."""
    weak: tuple[tuple[Worth, Statement | None], ...] = (
        ("team", seen.team),
        ("person", seen.person or seen.means),
        ("chat", seen.chat),
        ("link", seen.link),
    )
    for worth, said in weak:
        if said is not None:
            return Escalation(path, said.line, worth, said.text[:160])
    return Escalation(path, first.line, "nobody", first.title[:160])


_TELLS = regex(
    r"\b(?:escalate|page|call|phone|eskalier\w*|anrufen|escalad\w*|appeler|escal\w+|llam\w+|ligar"
    r"|chiama\w*)\b",
    re.IGNORECASE,
)


def _told(document: Prose) -> Iterator[Escalation]:
    """A single sentence of a text about operating that says whom to escalate to, and how."""
    for section in document.sections:
        for said in statements(section):
            if len(said.text) > 400 or not _TELLS.search(said.text) or _BLANK.search(said.text):
                continue
            means = LEXICON.senses(said.text)
            if not means & Word.ESCALATE or not means & Word.TEAM or _OTHER.search(said.text):
                continue
            reached = _MAIL.search(said.text) or _PHONE.search(said.text) or _CHANNEL.search(said.text)
            if reached and is_real(said.text) and not _NEGATED.search(said.text):
                yield Escalation(document.path, said.line, "route", said.text[:160])
                return
