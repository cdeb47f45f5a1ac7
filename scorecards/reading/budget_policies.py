"""Error budget policies in documents: what happens when the budget is spent, and who decides.

A rule is a sentence, a point or a row that stops or restricts work under the condition that the budget is
spent. It counts as a rule where it is said in general: what a team once did, plans to do or explains to a
learner is none.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.budget_words import BARE, BUDGET, LEXICON, Word, names_budget
from scorecards.reading.hollow import is_placeholder, is_real
from scorecards.reading.markup import Line, Section
from scorecards.reading.postmortem_words import LEXICON as COLUMNS
from scorecards.reading.postmortem_words import Word as Column
from scorecards.reading.prose import Link, Prose, documents, links, prose
from scorecards.reading.runbook_signs import LESSON
from scorecards.reading.runbook_sources import AGENTS
from scorecards.reading.statements import Statement, statements
from scorecards.reading.vocabulary import fold

MAX_DOCUMENTS = 100


class Place(NamedTuple):
    """A line and what it says."""

    line: int
    text: str


class Policy(NamedTuple):
    """What one document says of an error budget.

    `rule` says what happens when it is spent (`firm` where something stops, and not only waits), `decides`
    who decides, `number` how large it is. `why` says why a document that names one does not count. `pointer`
    is a link to a policy elsewhere.
    """

    path: str
    rule: Place | None = None
    firm: bool = False
    decides: Place | None = None
    number: Place | None = None
    pointer: Link | None = None
    why: str = ""


def policies(snapshot: Snapshot) -> tuple[Policy, ...]:
    """Every document that names an error budget; made once a snapshot."""
    return snapshot.derive(_policies)


_REFUSED: tuple[tuple[str, str], ...] = (
    (
        r"case[-_ ]?stud|post-?mortem|(?:^|/)(?:incidents?|retros?\w*|blog|posts?|_posts|news|talks?"
        r"|slides|press)/"
        r"|changelog|release[-_ ]?notes|history\.\w+$",
        "tells what happened, and sets no rule",
    ),
    (
        r"roadmap|proposal|(?:^|/)(?:rfcs?|plans?|ideas?|future)(?:[/._-]|$)|future[-_ ]?(?:scope"
        r"|work)|backlog|(?:^|/)todo",
        "tells what is planned",
    ),
    (
        r"tutorial|(?:^|/)(?:courses?|lessons?|learn\w*|labs?|exercises?|workshops?|interview\w*"
        r"|quiz\w*|chapters?|study|books?"
        r"|notes|homework|glossary|training|lectures?|curriculum|knowledge[-_]?\w{0,10}|kb|concepts?"
        r"|demos?)(?:[/._-]|$)|cheat-?sheet",
        "explains, and sets no rule for this service",
    ),
    (r"(?:^|/)(?:archived?|archives|deprecated|old|obsolete)/", "archived"),
    (r"template|vorlage|plantilla|テンプレ|模板|issue_template", "a template"),
    (
        r"(?:^|/)(?:tests?|__tests__|spec|e2e|testdata|prompts?|evals?|static|public|assets|dist)/",
        "stands among tests or data",
    ),
)
_WHY_NOT = tuple((regex(pattern), why) for pattern, why in _REFUSED)


def _policies(snapshot: Snapshot) -> tuple[Policy, ...]:
    found: list[Policy] = []
    for path in documents(snapshot):
        text = snapshot.text(path) or ""
        if not names_budget(text):
            continue
        document = prose(snapshot, path)
        if document is not None:
            found.append(read_policy(document))
        if len(found) >= MAX_DOCUMENTS:
            break
    return tuple(found)


def _refused(path: str) -> str:
    low = fold(path)
    if AGENTS.search(low):
        return "instructions for a coding agent"
    return next((why for pattern, why in _WHY_NOT if pattern.search(low)), "")


def read_policy(document: Prose) -> Policy:
    """What a document says of an error budget."""
    made = Policy(document.path)
    why = _refused(document.path)
    title = next((s.title for s in document.sections[:2] if s.title), "")
    if not why and _STORY.search(title):
        why = "tells what happened, and sets no rule"
    if not why and any(LESSON.search(s.title) for s in document.sections):
        why = "a lesson"
    if why:
        return made._replace(why=why)
    named = f"{document.path.rpartition('/')[2]} {title}"
    titled = BUDGET.search(named) is not None and not _ALERT.search(named)
    for region in _regions(document, titled):
        made = _better(made, _region(document, region))
    if made.rule and made.decides is None and titled and (owner := _owner(document)):
        made = made._replace(decides=owner)
    return made


_ALERT = regex(r"burn|alert|run-?book|rb-\d|high|low", re.IGNORECASE)
"""Names a document for an alert on a budget, which is no policy."""
_STORY = regex(r"case stud|post-?mortem|retrospective|lessons learned|fallstudie|étude de cas", re.IGNORECASE)
_PLANNED = regex(
    r"\b(?:future|roadmap|next steps?|to-?dos?|ideas|planned|plans|improvements?|not (?:yet|done)"
    r"|out of scope|non-goals"
    r"|missing|gaps?|references?|further reading|see also|glossary|definitions?)\b",
    re.IGNORECASE,
)


def _better(made: Policy, other: Policy) -> Policy:
    """The fuller of two findings in one document; a rule with who decides is the fullest."""
    if other.rule and (
        made.rule is None or (made.decides is None and (other.decides or other.firm > made.firm))
    ):
        made = made._replace(rule=other.rule, firm=other.firm, decides=other.decides)
    return made._replace(number=made.number or other.number, pointer=made.pointer or other.pointer)


def _regions(document: Prose, titled: bool) -> Iterator[Sequence[Section]]:
    """The parts of a document that speak of an error budget: all of one that is named for it."""
    if titled:
        yield document.sections
        return
    taken = -1
    for index, section in enumerate(document.sections):
        if index <= taken:
            continue
        if BUDGET.search(section.title):
            below = document.below(index)
            taken = index + len(below) - 1
            yield below
        elif any(_speaks(line.text) for line in (Line(0, section.title, False), *section.lines)):
            yield (section,)


def _speaks(text: str) -> bool:
    """Whether a line names an error budget, or in a document that does, a budget that is spent."""
    if "udget" not in text:
        return not text.isascii() and BUDGET.search(text) is not None
    spent = BARE.search(text) is not None and LEXICON.senses(text[:200]) & Word.SPENT
    return bool(spent) or BUDGET.search(text) is not None


_NUMBER = regex(
    r"(?<![\w.])\d+(?:[.,]\d+)?\s?%|\b\d+(?:[.,]\d+)?\s?(?:min(?:ute)?s?\b|h(?:ours?)?\b|hrs?\b|m\b"
    r"|s(?:ec(?:ond)?s)?\b|分|时间|시간|分钟)",
    re.IGNORECASE,
)
_SHARE = regex(r"\d\s?%|100 ?percent")
_PAST = regex(
    r"\b(?:we|i|they|team) (?:froze|paused|stopped|halted|blocked|had|were|was|then|decided)\b"
    r"|\b(?:was|were|had been) (?:frozen"
    r"|paused|stopped|halted|blocked)\b|\bduring (?:the|this) (?:test|exercise|drill|incident|outage)\b",
    re.IGNORECASE,
)
_NOT_SO = regex(
    r"\b(?:not|never|without) (?:be |been |any )?(?:restrict|froz|freez|block|halt|stopp|paus)|"
    r"\b(?:no|without an?|there is no|lacks?|missing|should have|would|could|might|tbd|todo|planned"
    r"|in future|later|eventually)\b"
    r"[^.;|]{0,40}(?:error budget|policy|freeze|gate)|[?？]\s*$",
    re.IGNORECASE,
)


def _region(document: Prose, sections: Sequence[Section]) -> Policy:
    made = Policy(document.path)
    spent_above: list[tuple[int, bool]] = []
    for section in sections:
        spent_above = [(level, spent) for level, spent in spent_above if level < section.level]
        spent_here = _is_spent(section.title)
        above = spent_here or any(spent for _, spent in spent_above)
        spent_above.append((section.level, spent_here))
        planned = bool(_PLANNED.search(section.title)) and not BUDGET.search(section.title)
        for said in statements(section):
            made = _heed(made, said, above, planned)
            above = above or (_CONDITION.match(said.text) is not None and _is_spent(said.text))
    return made


_CONDITION = regex(r"[\s*_>+•-]{0,12}(?:\*\*)?[^\W\d][^:：]{2,24}[:：]")
"""A label: what stands below it in its section holds under what it says."""


def _is_spent(text: str) -> bool:
    return bool(LEXICON.senses(text) & Word.SPENT) or bool(_SHARE.search(text) and BARE.search(text))


def _heed(made: Policy, said: Statement, above: bool, planned: bool) -> Policy:
    """Note what a statement adds to what is known of the document."""
    text = said.text
    if not is_real(text) or is_placeholder(text[:200]):
        return made
    if made.number is None and _has_number(said):
        made = made._replace(number=Place(said.line, text[:160]))
    if made.pointer is None and "://" in text:
        made = made._replace(pointer=_pointer(said))
    if planned:
        return made
    for sentence in [text] if said.columns else _SENTENCES.split(text):
        part = said._replace(text=sentence)
        if _PAST.search(sentence) or _NOT_SO.search(sentence):
            continue
        means = LEXICON.senses(sentence)
        decides = _decides(part, means)
        place = Place(said.line, sentence.strip()[:160])
        firm = bool(means & Word.STOP)
        if (made.rule is None or firm > made.firm) and _stops(part, means, above):
            made = made._replace(rule=place, firm=firm, decides=place if decides else made.decides)
        elif made.decides is None and decides:
            made = made._replace(decides=place)
    return made


_SENTENCES = regex(r"(?<=[.;!?])\s+|(?<=[。；！？])")


_LEADS = regex(
    rf"(?:{_NUMBER.pattern})(?: of| as| is)?(?: the| an| our)?(?: monthly| weekly| total)?\s?$", re.IGNORECASE
)
"""A number right before the words: `43 minutes of error budget`."""
_SIZE = regex(r"(?!\W{0,4}(?:burn|remain|consum|alert|spend|polic|is spent|exhaust))")


def _has_number(said: Statement) -> bool:
    """Whether a statement says how large an error budget is."""
    for name, cell in said.columns.items():
        if BUDGET.search(name) and _NUMBER.search(cell):
            return True
    for found in BUDGET.finditer(said.text):
        near = said.text[found.end() : found.end() + 80]
        before = said.text[max(0, found.start() - 40) : found.start()]
        if _SIZE.match(near) and (_NUMBER.search(near) or _LEADS.search(before)):
            return True
    return False


def _stops(said: Statement, means: int, above: bool) -> bool:
    """Whether a statement stops work because a budget is spent; what only puts first stands as a point."""
    if not means & Word.WORK:
        return False
    if means & Word.STOP:
        return above or _conditioned(said)
    first = bool(means & Word.WEAK) and _RELIABLE.search(said.text) is not None
    return first and (_structured(said) or (above and len(said.text) < 120))


_RELIABLE = regex(
    r"reliab|stabil|resilien|approv|review|sign-?off|\bbugs?\b|\bfix|tests?\b|zuverl|fiab|confiab"
    r"|affidab|betrouw|niezaw"
    r"|надежн|信頼|可靠|稳定|안정",
    re.IGNORECASE,
)
"""What is put first, or asked for, once a budget is spent."""


def _structured(said: Statement) -> bool:
    """Whether a statement is a row, a point or a labelled line for when a budget is spent."""
    name, first = next(iter(said.columns.items()), ("", ""))
    return (
        (BARE.search(name) is not None and _is_spent(name))
        or _is_spent(first)
        or _SHARE.search(first) is not None
        or _is_spent(said.lead)
        or _LABELLED.match(said.text) is not None
    )


def _conditioned(said: Statement) -> bool:
    """Whether a statement, or what introduces it, speaks of a budget that is spent."""
    spent = _is_spent(said.text) or LEXICON.senses(said.text) & Word.BURN
    return _structured(said) or (bool(spent) and BARE.search(said.text) is not None)


_LABELLED = regex(
    r"[\s\d.)*_>+-]{0,12}(?:\*\*)?(?:[^:]{0,40}\b)?(?:exhausted|spent|depleted|critical|red|fast burn"
    r"|(?:>|<|≥|≤|over|above|below|under)\s?\d+\s?%|\d+\s?%)"
    r"[^:]{0,40}:",
    re.IGNORECASE,
)
_NAMED_ROLE = regex(r"(?<![\w/.])@[\w./-]{2,60}|\b(?:CTO|VP|SRE|CEO|CAB)\b")


def _decides(said: Statement, means: int) -> bool:
    """Whether a statement names who decides, or a row has somebody in the column for it."""
    for name, cell in said.columns.items():
        owns = COLUMNS.senses(name) & Column.OWNER or LEXICON.senses(name) & Word.DECIDE
        if (
            owns
            and not is_placeholder(cell)
            and (LEXICON.senses(cell) & (Word.ROLE | Word.CHIEF) or _NAMED_ROLE.search(cell))
        ):
            return True
    if _EXPLAINS.search(said.text):
        return False
    if means & Word.ESCALATE and means & Word.CHIEF:
        return True
    return bool(means & Word.DECIDE) and (
        bool(means & (Word.ROLE | Word.CHIEF)) or _NAMED_ROLE.search(said.text) is not None
    )


_EXPLAINS = regex(r"\b(?:helps?|allows?|enables?|empowers?|balanc\w+)\b|data-driven", re.IGNORECASE)


def _owner(document: Prose) -> Place | None:
    """Who owns a document that is a policy as a whole."""
    for section in document.sections[:3]:
        for said in statements(section):
            label, colon, rest = said.text.partition(":")
            if colon and len(label) < 40 and COLUMNS.senses(label.strip(" *_-")) & Column.OWNER:
                value = rest.strip(" *_`")[:80]
                if value and not is_placeholder(value) and is_real(value):
                    return Place(said.line, said.text[:160])
    return None


_KNOWN = regex(
    r"sre\.google|landing\.google\.com|wikipedia|atlassian\.com|nobl9\.com|datadoghq|grafana\.com"
    r"|medium\.com|youtube|cloud\.google|docs\."
)
_TO_POLICY = regex(r"budget[-_ %20]{0,4}polic|polic\w+[-_ ]{0,3}error[-_ ]?budget", re.IGNORECASE)


def _pointer(said: Statement) -> Link | None:
    """A link to an error budget policy that stands elsewhere; not one to a book about them."""
    for link in links(said.text, said.line):
        outside = link.target.startswith(("http://", "https://")) and not _KNOWN.search(link.target)
        if outside and _TO_POLICY.search(f"{link.text} {link.target}"):
            return link
    return None
