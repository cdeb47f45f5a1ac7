"""Runbooks: what a document tells of recognising, diagnosing and mitigating a failure of a running service.

A part is told by a heading, a label or a table column with something real below it, or by sentences and
commands. What a document is for decides whether it counts at all: instructions for developers, repairs of a
local set-up, a presenter's script and a coding agent's instructions are no runbooks, whatever they are named.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from scorecards.reading.hollow import is_real
from scorecards.reading.prose import Line, Prose, Section
from scorecards.reading.vocabulary import PHRASES, Sense, fold, senses

Part = Literal["recognise", "diagnose", "mitigate"]
PARTS: tuple[Part, ...] = ("recognise", "diagnose", "mitigate")

Named = Literal["runbook", "operations", ""]


@dataclass(frozen=True, slots=True)
class Seen:
    """Where one part was told."""

    path: str
    line: int
    note: str


@dataclass(slots=True)
class Reading:
    """What one document tells; `excluded` says why it is no runbook, empty where it is one."""

    path: str
    parts: dict[Part, Seen] = field(default_factory=dict)
    excluded: str = ""
    line: int = 1


_WORDS = re.compile(r"[^\W_]{2,}")
_ALERT_NAME = re.compile(r"\b[A-Za-z]?[a-z0-9]*(?:[A-Z][a-z0-9]+|[A-Z]{2,}(?=[A-Z][a-z])){2,}\b")
_HUMP = re.compile(r"[A-Z][a-z0-9]+")
_THRESHOLD = re.compile(r"[<>≥≤]=?\s{0,3}\d|\b\d+(?:\.\d+)?\s?%|\b5xx\b|\bp9[59]\b", re.IGNORECASE)
_LABEL = re.compile(
    r"\s{0,12}(?:(?:[-*+>•]|\d{1,2}[.)])\s{1,4})?(?:\*\*|__|\*|_)?(?P<label>[^\s:：*_|`][^:：*|`\n]{0,44})"
    r"(?:(?:\*\*|__)\s{0,2}[:：]?|[:：])(?:\*\*|__|\*)?\s{0,4}(?P<rest>.*)"
)
_SEPARATOR = re.compile(r"[\s|:\-+=]{3,}$")
_COMMAND = re.compile(
    r"(?P<fix>\brollout\s+(?:undo|restart)\b|\bkubectl\b[^\n]{0,60}?\b(?:scale|delete|cordon|drain"
    r"|uncordon|patch|edit)\b"
    r"|\b(?:kubectl|oc)\b[^\n]{0,60}?\bset\s|\boc\b[^\n]{0,60}?\b(?:scale|delete|patch)\b"
    r"|\bhelm\s+rollback|\bargocd\s+app\s+(?:rollback|sync|set)"
    r"|\bflux\s+(?:suspend|resume|reconcile)|\b(?:systemctl|service)\s+\S{0,40}\s?(?:restart|start|stop"
    r"|reload)\b"
    r"|\bsystemctl\s+(?:restart|start|stop|reload)|\bdocker(?:[ -]compose)?\b[^\n]{0,40}?\b(?:restart|kill)\b"
    r"|\bUPDATE\s+\S{1,60}\s+SET\b|\bDELETE\s+FROM\b|\bpg_terminate_backend|\bgit\s+revert\b|\bkill\s+-"
    r"|\baws\s+\S+\s+(?:update|put|restore|failover|reboot|start|stop|delete|terminate|modify|redrive|set)-?"
    r"|\bgcloud\b[^\n]{0,60}?\b(?:update-traffic|rollback|restart|failover|resize|restore)"
    r"|\baz\b[^\n]{0,60}?\b(?:restart|swap|scale|failover)\b|\bheroku\s+(?:ps:restart|rollback"
    r"|releases:rollback|restart)"
    r"|\b(?:fly|flyctl)\s+(?:apps\s+restart|scale|deploy)|\bnomad\s+job\s+revert|\b(?:flushall|flushdb)\b"
    r"|\bpg_restore\b|/\S{0,60}(?:rollback|restore|restart|failover)\S{0,20}\.(?:sh|py|rb|ps1)\b"
    r"|\bmake\s+(?:rollback|restore|restart|failover)\b)"
    r"|(?P<look>\b(?:kubectl|oc|k9s|stern)\b|\bdocker(?:[ -]compose)?\b[^\n]{0,60}?\b(?:logs|ps|stats"
    r"|inspect)\b"
    r"|\bjournalctl\b|\bsystemctl\s+status|\bcurl\s|\btail\s+-|\bSELECT\s|\bdig\s|\bnslookup\s"
    r"|\bnetstat\b|\bdf\s+-"
    r"|\bfree\s+-|\bps\s+aux|\baws\s+\S+\s+(?:describe|get|list|filter|tail|head)|\bgcloud\s"
    r"|\baz\s+\S+\s+(?:show|list)"
    r"|\bhelm\s+(?:status|history|list|get)|\bargocd\s|\bflux\s+(?:get|logs)|\brate\("
    r"|\bhistogram_quantile\(|\bpsql\b"
    r"|\bredis-cli\b|\bpg_stat\w+|\brollout\s+(?:status|history)|\bnomad\s|\bgh\s+run\s+list"
    r"|\bkafka-[a-z-]+\b"
    r"|\brabbitmqctl\b|\bdmesg\b|\bheroku\s+(?:logs|ps)|\bcrictl\b|\bgrep\s)"
)
_PRODUCTION = re.compile(
    r"\b(?:kubectl|oc|helm|argocd|systemctl|journalctl|ssh|aws|gcloud|az|heroku|flyctl|nomad|stern"
    r"|production|prod"
    r"|pagerduty|opsgenie|on-?call|grafana|kibana|datadog|cloudwatch|prometheus|alertmanager|sentry"
    r"|new relic|slo"
    r"|rollout|replicas?|pods?|failover|load balancer|status page)\b",
    re.IGNORECASE,
)
_LOCAL = re.compile(
    r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0)|\bnpm\s+(?:i|ci|install|start|test|run)\b|\byarn\b"
    r"|\bpnpm\b"
    r"|\bpip3?\s+install\b|\bvirtualenv\b|\bvenv\b|\bbrew\s+install\b|\bapt(?:-get)?\s+install\b"
    r"|\bgit\s+clone\b"
    r"|\bdocker[ -]compose\s+(?:up|build)\b|\bnode_modules\b|\.env\.example\b|\bmvnw?\b|\bgradlew?\b"
    r"|\bminikube\b"
    r"|\b(?:VS ?Code|IntelliJ|Xcode|Visual Studio)\b|\bpoetry\s+install\b|\bbundle\s+install\b|\bgo\s+run\b"
    r"|\bcargo\s+run\b|\bpytest\b|\bjava\s+-version\b|\bpre-commit\b"
)
_OTHER_TITLE = re.compile(
    r"\b(?:demo|demonstration|showcase|presentation|presenter|workshop|tutorial|walk-?through|local(?:e"
    r"|es|host|ly)?"
    r"|lokale?|onboarding|getting started|quick ?start|contribut\w+|install(?:ation|ing|ieren)?|set-?up"
    r"|style ?guide"
    r"|migration plan|changelog|release notes|roadmap|post-?mortem|retrospective|template|interview"
    r"|lab exercise)\b",
    re.IGNORECASE,
)


def mask(text: str) -> int:
    """The senses of all words of a text."""
    found = 0
    for word in _WORDS.findall(text):
        found |= senses(word)
    return found


_PHRASES = tuple((sense, re.compile(rf"\b(?:{words})\b")) for sense, words in PHRASES.items())


def announced(title: str) -> int:
    """The senses of a heading, a label or a column: of its words and its turns of phrase."""
    found = mask(title.replace("GitHub Actions", ""))
    folded = fold(title)
    for sense, pattern in _PHRASES:
        if pattern.search(folded):
            found |= sense
    return found


def _names_alert(text: str) -> bool:
    """Whether a text holds the name of an alert: `HighErrorRate`, `queue_age > 300`."""
    for name in _ALERT_NAME.findall(text):
        humps = _HUMP.findall(name)
        if len(humps) > 1 and any(senses(h) & (Sense.ALERT | Sense.FAILURE) for h in humps):
            return True
    return False


_ROLES: tuple[tuple[int, Part], ...] = (
    (Sense.ALERT, "recognise"),
    (Sense.DIAGNOSE, "diagnose"),
    (Sense.MITIGATE, "mitigate"),
)
_ROLE_BITS = Sense.ALERT | Sense.DIAGNOSE | Sense.MITIGATE
_NO_DIAGNOSIS = re.compile(
    r"\bhealth\s?checks?\b|\bchecklist\b|\bpre-?checks?\b|\bverif(?:y|ication)\b|\bsee also\b", re.IGNORECASE
)


_BUILDING = re.compile(
    r"\b(?:build\w*|compil\w+|install\w*|lint\w*|tests?|npm|pip|merge|commit)\b", re.IGNORECASE
)


def _roles(title: str, bits: int) -> Iterator[Part]:
    """The parts that a heading, a label or a column announces."""
    if (
        bits & Sense.ALERT
        or _names_alert(title)
        or _THRESHOLD.search(title)
        or (
            bits & Sense.FAILURE
            and not bits & (Sense.MITIGATE | Sense.DIAGNOSE)
            and not _BUILDING.search(title)
        )
    ):
        yield "recognise"
    if bits & Sense.DIAGNOSE and not _NO_DIAGNOSIS.search(title):
        yield "diagnose"
    if bits & Sense.MITIGATE:
        yield "mitigate"


@dataclass(slots=True)
class _Reader:
    """Reads one document; counts what it is for while it looks for the parts.

    A heading, a label or a column names its part and counts by itself. What is told in passing, by a sentence
    or a command, counts only together with a sign of failure: in the same section, above it or below it.
    """

    document: Prose
    named: dict[Part, Seen] = field(default_factory=dict)
    told: list[tuple[int, Part, Seen]] = field(default_factory=list)
    signs: set[int] = field(default_factory=set)
    real: list[bool] = field(default_factory=list)
    at: int = 0
    headings: int = 0
    setup: int = 0
    alerts: int = 0
    local: int = 0
    production: int = 0
    technical: int = 0
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
        for index, part, seen in self.told:
            if part not in found and (
                index in near
                or any(i in self.signs for i in range(index, index + len(self.document.below(index))))
            ):
                found[part] = seen
        return found

    def _heading(self, index: int, section: Section) -> None:
        if not section.title:
            return
        bits = announced(section.title)
        if bits & Sense.SETUP:
            self.setup += 1
            return
        if not any(self.real[index : index + len(self.document.below(index))]):
            return
        roles = list(_roles(section.title, bits))
        self.alerts += bool(bits & Sense.ALERT)
        self.technical += _names_alert(section.title)
        self.headings += bool(roles) and section.level > 1
        for part in roles:
            if section.level > 1 or (part == "recognise" and not bits & Sense.RUNBOOK):
                self.name(part, section.line, section.title)
                self.headed = self.headed or bool(part == "recognise" and bits & Sense.ALERT)

    def _body(self, section: Section) -> None:
        columns: list[tuple[int, list[Part]]] = []
        lines = section.lines
        for position, line in enumerate(lines):
            text = line.text
            self.local += _LOCAL.search(text) is not None
            self.production += _PRODUCTION.search(text) is not None
            if line.code or "`" in text:
                found = _COMMAND.search(text)
                if found:
                    self.technical += 1
                    self.tell("mitigate" if found["fix"] else "diagnose", line)
            if line.code:
                continue
            if "|" in text:
                follows = lines[position + 1].text if position + 1 < len(lines) else ""
                columns = self._table(line, follows, columns)
            else:
                columns = []
                self._sentence(line, lines[position + 1 : position + 2])

    def _table(
        self, line: Line, follows: str, columns: list[tuple[int, list[Part]]]
    ) -> list[tuple[int, list[Part]]]:
        cells = line.text.strip().strip("|").split("|")
        if _SEPARATOR.match(line.text):
            return columns
        if _SEPARATOR.match(follows) and "-" in follows:
            heads = [(n, list(_roles(cell, announced(cell)))) for n, cell in enumerate(cells[:12])]
            self.headed = self.headed or mask(line.text) & Sense.ALERT > 0
            self.alerts += mask(line.text) & Sense.ALERT > 0
            return [(n, roles) for n, roles in heads if roles]
        for number, roles in columns:
            if number < len(cells) and is_real(cells[number]):
                self.alerts += "recognise" in roles
                for part in roles:
                    self.name(part, line.number, cells[number])
        return columns

    def _sentence(self, line: Line, after: tuple[Line, ...]) -> None:
        text = line.text
        bits = mask(text)
        if not bits & (_ROLE_BITS | Sense.FAILURE) or not is_real(text):
            return
        self.alerts += bool(bits & Sense.ALERT)
        head = text[:60]
        if (":" in head or "：" in head or "**" in head) and (label := _LABEL.match(text)):
            rest = label["rest"].strip()
            if is_real(rest) if rest else any(a.code or is_real(a.text) for a in after):
                for part in _roles(label["label"], announced(label["label"])):
                    self.name(part, line.number, text)
        self._told(line, bits)

    def _told(self, line: Line, bits: int) -> None:
        text = line.text
        failing = bits & Sense.FAILURE or _THRESHOLD.search(text) is not None or _names_alert(text)
        if (bits & Sense.ALERT and failing) or (bits & Sense.WHEN and bits & Sense.FAILURE):
            self.tell("recognise", line)
        if bits & Sense.DIAGNOSE and (bits & Sense.OBJECT or "`" in text):
            self.technical += 1
            self.tell("diagnose", line)
        if bits & Sense.MITIGATE and (bits & Sense.WHEN or "`" in text or _begins(text)):
            self.tell("mitigate", line)


def _begins(text: str) -> bool:
    """Whether one of the first words of a line or step is a remedy: an instruction, no description."""
    return any(senses(word) & Sense.MITIGATE for word in _WORDS.findall(text[:60])[:3])


def read_runbook(document: Prose, named: Named, indices: Iterable[int] | None = None) -> Reading:
    """Judge one document, or only these of its sections, by index."""
    chosen = list(range(len(document.sections))) if indices is None else list(indices)
    reader = _Reader(document)
    reader.real = [_is_told(s) for s in document.sections]
    if not any(reader.real[i] for i in chosen):
        return Reading(document.path, excluded="hollow: nothing but headings, to-do marks or placeholders")
    title = document.sections[chosen[0]].title
    if _OTHER_TITLE.search(title):
        return Reading(document.path, excluded=f"by its title (“{title[:60]}”) it is not for production")
    reader.read(chosen)
    line = document.sections[chosen[0]].line
    excluded = _other_purpose(reader, named)
    return Reading(document.path, {} if excluded else reader.parts(), excluded, line)


_ONLY_LINK = re.compile(
    r"[\s>*_#|:.()\-–—+0-9]*(?:\[[^\[\]]{0,200}\]\([^()]{0,500}\)|<?https?://\S{1,500})[\s.>|]*$"
)
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{3}")


def _is_told(section: Section) -> bool:
    """Whether something is said below a heading itself: more than a word in a form, or than a link."""
    for line in section.lines:
        text = line.text
        if line.code:
            if text.strip():
                return True
        elif (
            (len(_WORDS.findall(text)) > 2 or "`" in text or _SPACELESS.search(text))
            and is_real(text)
            and not _ONLY_LINK.match(text)
        ):
            return True
    return False


def _other_purpose(reader: _Reader, named: Named) -> str:
    """Why a document is no runbook, from what fills it; empty where it is one."""
    if reader.local > 1 and reader.local > reader.production:
        return "about running it on a developer's machine"
    if reader.setup > 1 and reader.setup >= reader.headings:
        return "instructions to set something up"
    if named != "runbook" and not (reader.headed and len(reader.named) > 1 and reader.alerts > 1):
        return "tells of no alert, symptom or incident with what to do then"
    if not reader.production and not reader.technical:
        return "names nothing of a running service: no log, metric, command or remedy"
    if not reader.parts():
        return "tells nothing of recognising, diagnosing or mitigating a failure"
    return ""
