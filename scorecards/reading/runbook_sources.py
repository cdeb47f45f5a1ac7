"""Where runbooks of a repository stand: documents by name, sections of others, and what points to them."""

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from catalog.regex import regex
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.reading.hollow import is_placeholder
from scorecards.reading.paths import paths
from scorecards.reading.prose import documents, prose
from scorecards.reading.runbooks import Named
from scorecards.reading.vocabulary import fold

MAX_DOCUMENTS = 150
MAX_RULE_FILES = 200

_RUNBOOK = regex(
    r"run[-_ ]?books?|play[-_ ]?books?|on[-_ ]?call|(?:^|/)sops?(?:[/._-]|$)|[-_]sops?[./]"
    r"|incident[-_ ]?(?:response|handling"
    r"|management|guide|process|procedure|plan)|emergency|break[-_ ]?glass|outage|disaster[-_ ]?recovery"
    r"|(?:^|/)(?:dr|incident)[-_ ]?plan|first[-_ ]?aid|fire[-_ ]?fighting|(?:^|/)alerts?/[^/]*$|/alerts?/"
    r"|alert[-_ ]?(?:response|handling|guide)|betriebshandbuch|notfall|storung|bereitschaft|astreinte"
    r"|exploitation"
    r"|incidencia|guardia|plantao|reperibilita|draaiboek|storing|awari|dyzur|beredskap"
    r"|дежурств|инцидент|авари|регламент|障害|運用|手順書|ランブック|オンコール|应急|應變|故障|运维|運維"
    r"|值班|장애|런북|온콜|운영"
)
_OPERATIONS = regex(
    r"(?:^|/)(?:[^/]{0,60}[-_ ])?(?:operations?|operating|ops|troubleshoot\w*|recovery|maintenance"
    r"|support|monitoring"
    r"|alerting|alerts?|observability|failover|sre|incidents?|escalation\w*|fehlersuche|betrieb|depannage"
    r"|operacion\w*"
    r"|operacao|operac\w*|esercizio|beheer|эксплуатац\w*)(?:[-_ ][^/]{0,60})?\.\w{2,8}$"
    r"|(?:^|/)docs?/(?:[^/]{1,60}/){0,3}(?:operations?|operating|ops|troubleshooting|sre|support"
    r"|procedures?)/[^/]{1,100}$"
)
AGENTS = regex(
    r"(?:^|/)\.(?!github/|gitlab/|backstage/|docs/)[^/]{1,60}/"
    r"|\.github/(?:skills|prompts|agents|instructions)/"
    r"|(?:^|/)(?:agents|claude|gemini|copilot-instructions|skill)\.md$|(?:^|/)(?:agents?|prompts?"
    r"|skills)/|\.prompt\.md$"
)
_NO_RUNBOOK = regex(
    r"(?:^|/)(?:post-?mortems?|retrospectives?|rcas?|adrs?|decisions|rfcs?|proposals?|issue_template"
    r"|changelogs?"
    r"|blog|news|templates?|evidence|migrations?|design(?:-docs|-documents)?|demos?|tutorials?|workshops?"
    r"|licenses?|slides|[^/]{0,60}deck|static|public|assets|dist|data"
    r"|seeds?|test-?cases|tests?|__tests__|spec|e2e)/"
    r"|(?:^|/)incidents/|post-?mortem|changelog|licen[cs]e|template|contributing|code_of_conduct|(?:^"
    r"|/)test-?results?/"
)
_ANSIBLE = regex(r"(?:^|/)(?:ansible|roles)/")
_SECTION = regex(
    r"^(?:[#=*]{1,6}|h[1-6]\.)[^\n]{0,60}?(?:run[- ]?books?\b|play[- ]?books?\b|on-?call\b"
    r"|incident (?:response|handling"
    r"|management|procedures?)|alerts? (?:response|handling)|betriebshandbuch|notfallhandbuch"
    r"|bereitschaft|astreinte"
    r"|guardia\b|plantão|reperibilità|дежурств|障害対応|ランブック|オンコール|应急|故障处理|故障排查|值班"
    r"|장애 ?대응|런북|온콜)",
    re.IGNORECASE | re.MULTILINE,
)
_SECTION_WORDS = (
    "book",
    "call",
    "incident",
    "alert",
    "bereitschaft",
    "handbuch",
    "astreinte",
    "guardia",
    "reperib",
)
_UNREADABLE = ("pdf", "docx", "doc", "odt", "pptx", "xlsx", "one", "drawio")
_RULES = ("yaml", "yml", "json", "rules", "rule", "tf", "libsonnet", "jsonnet", "tpl")


class Source(NamedTuple):
    """A document that may be a runbook, by its name or by a heading in it."""

    path: str
    named: Named
    refused: str = ""


class Sources(NamedTuple):
    """What a whole repository holds, whichever service asks; made once a snapshot."""

    documents: tuple[Source, ...]
    unreadable: tuple[str, ...]


def sources(snapshot: Snapshot) -> Sources:
    """Documents of the repository that may be runbooks."""
    return snapshot.derive(_sources)


def _sources(snapshot: Snapshot) -> Sources:
    found = []
    for path in documents(snapshot):
        source = _by_name(path)
        if source is not None:
            found.append(source)
        elif len(found) < MAX_DOCUMENTS and not _refused(path.lower()) and _has_section(snapshot, path):
            found.append(Source(path, ""))
    unreadable = [p for p in paths(snapshot).ending(*_UNREADABLE) if _RUNBOOK.search(fold(p))]
    found.sort(key=_rank)
    return Sources(tuple(found[:MAX_DOCUMENTS]), tuple(unreadable))


_PLAINLY = regex(r"(?:^|/)run[-_ ]?books?(?:/|\.\w+$|$)", re.IGNORECASE)


def _rank(source: Source) -> int:
    """What is plainly named a runbook is read first."""
    if source.named == "runbook":
        return 0 if _PLAINLY.search(source.path) else 1
    return 2 if source.named else 3


@lru_cache(maxsize=1 << 14)
def _by_name(path: str) -> Source | None:
    """The document as its name tells: a runbook, or one about operating; None where the name says neither."""
    low = path.lower() if path.isascii() else fold(path)
    if _RUNBOOK.search(low):
        return Source(path, "runbook", _refused(low))
    return Source(path, "operations") if _OPERATIONS.search(low) and not _refused(low) else None


@lru_cache(maxsize=1 << 14)
def _refused(low: str) -> str:
    """Why a document of this name is no runbook, whatever it says."""
    if AGENTS.search(low):
        return "instructions for a coding agent"
    if _ANSIBLE.search(low):
        return "about Ansible playbooks, which change machines"
    if _NO_RUNBOOK.search(low):
        return "a record, a template or a decision, no instruction for a failure"
    return ""


def _has_section(snapshot: Snapshot, path: str) -> bool:
    text = (snapshot.text(path) or "")[:200_000]
    if text.isascii():
        low = text.lower()
        if not any(word in low for word in _SECTION_WORDS):
            return False
    return _SECTION.search(text) is not None


def runbook_sections(headings: list[str]) -> list[int]:
    """Which of a document's headings begin a runbook within it."""
    return [n for n, title in enumerate(headings) if title and _SECTION.search(f"# {title}")]


Leads = Literal["here", "elsewhere", "nowhere", "outside"]


class Pointer(NamedTuple):
    """Something that names a runbook. `target` is a path of this repository where it leads `here`."""

    path: str
    line: int | None
    target: str
    leads: Leads


_OWN_HOST = regex(
    r"https?://[^/\s]+/(?P<project>[^\s]{1,200}?)/(?:-/)?(?:blob|tree|raw|src/branch"
    r"|src)/[^/\s]+/(?P<path>[^\s?#]{1,300})"
)


_NOBODYS_HOST = regex(
    r"https?://(?:[\w-]+\.)*(?:example|(?:my|your|our)?-?company|(?:my|your)-?(?:domain|org))\.[\w.]+",
    re.IGNORECASE,
)
"""The address of a sample: `wiki.example.com`, `company.atlassian.net`."""


def follow(snapshot: Snapshot, service: Service, value: str, base: str) -> tuple[Leads, str] | None:
    """Where a pointer leads, read in the folder `base`; None where it says nothing."""
    value = value.strip().strip("\"'")
    if not value or is_placeholder(value) or _NOBODYS_HOST.match(value):
        return None
    if "://" in value:
        own = _OWN_HOST.match(value)
        if own and own["project"].rpartition("/")[2].removesuffix(".git") == snapshot.name.rpartition("/")[2]:
            inside = _existing(snapshot, own["path"])
            if inside:
                return "here", inside
        return ("elsewhere", value) if value.startswith(("http://", "https://")) else None
    value = value.partition("#")[0]
    if value.startswith(("mailto:", "tel:")) or not value:
        return None
    for folder in (base, service.path, ""):
        joined = posixpath.normpath(
            posixpath.join(folder, value.lstrip("/") if value.startswith("/") else value)
        )
        if joined == ".." or joined.startswith(("../", "/")):
            continue
        inside = _existing(snapshot, joined)
        if inside:
            return "here", inside
    outside = posixpath.normpath(posixpath.join(service.path, value)).startswith("..") or value.startswith(
        "/"
    )
    return ("outside" if outside else "nowhere"), value


def _existing(snapshot: Snapshot, path: str) -> str | None:
    if path in snapshot:
        return path
    prefix = path.rstrip("/") + "/"
    return prefix if any(p.startswith(prefix) for p in snapshot.files) else None


_KEY = regex(r"run[-_ ]?book|play[-_ ]?book|on-?call", re.IGNORECASE)


def descriptor_pointers(snapshot: Snapshot, service: Service) -> Iterator[Pointer]:
    """Annotations and links of the descriptor that name a runbook."""
    path = service.descriptor
    if path is None or service.document is None:
        return
    base = posixpath.dirname(path)
    for key, value in service.annotations.items():
        if _KEY.search(key.rpartition("/")[2]) and isinstance(value, str):
            led = follow(snapshot, service, value, base)
            if led:
                keys = ("metadata", "annotations", key)
                yield Pointer(
                    service.document.path_of(*keys), service.document.line_of(*keys), led[1], led[0]
                )
    for number, link in enumerate(service.links):
        words = " ".join(str(link.get(k) or "") for k in ("title", "name", "type", "category", "icon"))
        target = str(link.get("url") or "")
        if _KEY.search(words) or _KEY.search(target):
            led = follow(snapshot, service, target, base)
            if led:
                place = ("metadata", "links", number)
                where = service.document.path_of(*place)
                yield Pointer(where, service.document.line_of(*place), led[1], led[0])


def document_pointers(snapshot: Snapshot, service: Service, path: str) -> Iterator[Pointer]:
    """Links of a document that name a runbook, by their words or their target."""
    document = prose(snapshot, path)
    for link in document.links() if document else ():
        if _KEY.search(link.text) or _KEY.search(link.target):
            led = follow(snapshot, service, link.target, posixpath.dirname(path))
            if led and led[0] == "elsewhere":
                yield Pointer(path, link.line, led[1], "elsewhere")


_RULE_PATH = regex(r"alert|rule|prom|monitor|slo", re.IGNORECASE)
_RUNBOOK_KEY = regex(
    r"[\"']?\brunbook(?:_?url|-url|_link)?[\"']?\s{0,4}[:=]\s{0,4}[\"'`]?([^\s\"'`,]{3,500})", re.IGNORECASE
)
_ALERT = regex(r"^[\s-]*[\"']?alert[\"']?\s{0,4}:\s{0,4}[\"']?([\w$][^\s\"'#]{0,119})", re.MULTILINE)


class Rules(NamedTuple):
    """The alerts of a rule file: how many, the first names with lines, and what their runbook keys say."""

    path: str
    alerts: int
    names: tuple[tuple[str, int], ...]
    runbooks: tuple[tuple[str, int], ...]


def rules(snapshot: Snapshot) -> tuple[Rules, ...]:
    """Alert rules found by a scan of their text, since many are templates; made once a snapshot."""
    return snapshot.derive(_rules)


def _rules(snapshot: Snapshot) -> tuple[Rules, ...]:
    found = []
    for path in sorted(paths(snapshot).ending(*_RULES)):
        if not _RULE_PATH.search(path):
            continue
        text = snapshot.text(path) or ""
        if "alert" not in text or "expr" not in text:
            continue
        names = _ALERT.findall(text)
        if not names:
            continue
        first = [(m[1], text.count("\n", 0, m.start(1)) + 1) for m in _first(_ALERT, text, 5)]
        urls = [(m[1], text.count("\n", 0, m.start(1)) + 1) for m in _first(_RUNBOOK_KEY, text, 500)]
        found.append(Rules(path, len(names), tuple(first), tuple(urls)))
        if len(found) >= MAX_RULE_FILES:
            break
    return tuple(found)


def _first(pattern: re.Pattern[str], text: str, most: int) -> Iterator[re.Match[str]]:
    for number, found in enumerate(pattern.finditer(text)):
        if number >= most:
            return
        yield found
