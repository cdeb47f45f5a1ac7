"""By what signs a text is known to tell of failures (words, names of alerts, commands), or not to."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from catalog.regex import regex
from scorecards.reading.vocabulary import PHRASES, Sense, fold, senses

Part = Literal["recognise", "diagnose", "mitigate"]
PARTS: tuple[Part, ...] = ("recognise", "diagnose", "mitigate")

WORDS = regex(r"[^\W_]{2,}")
_HUMP = regex(r"[A-Z][a-z0-9]+")
THRESHOLD = regex(r"[<>≥≤]=?\s{0,3}\d|\b\d+(?:\.\d+)?\s?%|\b5xx\b|\bp9[59]\b", re.IGNORECASE)
LABEL = regex(
    r"\s{0,12}(?:(?:[-*+>•]|\d{1,2}[.)])\s{1,4})?(?:\*\*|__|\*|_)?(?P<label>[^\s:：*_|`][^:：*|`\n]{0,44})"
    r"(?:(?:\*\*|__)\s{0,2}[:：]?|[:：])(?:\*\*|__|\*)?\s{0,4}(?P<rest>.*)"
)
SEPARATOR = regex(r"[\s|:\-+=]{3,}$")
COMMAND = regex(
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
    r"|\bpg_restore\b|(?:rollback|restore|restart|failover)\S{0,20}\.(?:sh|py|rb|ps1)\b"
    r"|\bmake\s+(?:rollback|restore|restart|failover)\b|\brollback\b\S{0,20}\.sh\b"
    r"|\b(?:pm2|eb|fly|flyctl)\s+(?:machines?\s+)?(?:restart|reload))"
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
    r"|\b(?:pm2|eb|fly|flyctl|wrangler|railway|vercel)\s+(?:status|logs?|list|ls|show|health|tail|ssh)\b"
    r"|\brabbitmqctl\b|\bdmesg\b|\bheroku\s+(?:logs|ps)|\bcrictl\b|\bgrep\s)"
)
OTHER_TITLE = regex(
    r"\b(?:demo|demonstration|showcase|presentation|presenter|workshop|tutorial|walk-?through|local(?:e"
    r"|es|host|ly)?"
    r"|lokale?|onboarding|getting started|quick ?start|contribut\w+|install(?:ation|ing|ieren)?|set-?up"
    r"|style ?guide"
    r"|migration plan|changelog|release notes|roadmap|post-?mortem|retrospective|template|interview"
    r"|lab exercise)\b",
    re.IGNORECASE,
)


TEMPLATE_TITLE = regex(
    r"<[A-Za-z][^<>]{1,60}>|\[[A-Z][^\[\]]{2,60}\](?!\()|\{\{?[^{}]{1,60}\}\}?|\bXXX\b|\bYYYY-MM-DD\b"
)
ABOUT_RUNBOOKS = regex(
    r"\b(?:each|every|all|chaque|cada|jede[rs]?|todos|ogni|elke)\s(?:\w+\s){0,2}(?:run-?books?|playbooks?"
    r"|documents?|documentos?|procedures?|sops?)\s(?:\w+\s){0,2}(?:must|should|shall|follows?|includes?"
    r"|covers?"
    r"|contains?|suit|segue|sigue|soll)\b|\brun-?books?\s(?:must|should|shall|follow)\b",
    re.IGNORECASE,
)
ABOUT_TITLE = regex(
    r"\b(?:format\w*|templates?|vorlage|plantilla|modele|structure|estructura|conventions?|required sections"
    r"|how to write|writing|authoring|style|boundaries|regeln|rules?|runbook types?|purpose)\b"
    r"|模板|テンプレ|템플릿",
    re.IGNORECASE,
)
EXAMPLE_TITLE = regex(
    r"\W*(?:an? )?(?:examples?|beispiele?|exemples?|ejemplos?|exemplos?|例|示例)\W*\Z", re.IGNORECASE
)
LESSON = regex(
    r"\b(?:what you(?:'|’)?(?:ll| will) learn|learning (?:objectives?|outcomes?)"
    r"|in this (?:chapter|lesson|module)|exercises?|lesson \d|chapter \d|quiz|interview questions?)\b"
    r"|学ぶこと|学习目标|学习内容|学習目標",
    re.IGNORECASE,
)


def mask(text: str) -> int:
    """The senses of all words of a text."""
    found = 0
    for word in WORDS.findall(text):
        found |= senses(word)
    return found


_PHRASES = tuple((sense, regex(rf"\b(?:{words})\b")) for sense, words in PHRASES.items())


@lru_cache(maxsize=1 << 12)
def announced(title: str) -> int:
    """The senses of a heading, a label or a column: of its words and its turns of phrase."""
    found = mask(title.replace("GitHub Actions", ""))
    folded = fold(title)
    for sense, pattern in _PHRASES:
        if pattern.search(folded):
            found |= sense
    return found


def names_alert(text: str) -> bool:
    """Whether a text holds the name of an alert, as `HighErrorRate`."""
    for word in WORDS.findall(text):
        if len(word) < 100 and not word.islower():
            humps = _HUMP.findall(word)
            if len(humps) > 1 and any(senses(h) & (Sense.ALERT | Sense.FAILURE) for h in humps):
                return True
    return False


REMEDY = Sense.MITIGATE | Sense.ACT
ROLES = Sense.ALERT | Sense.DIAGNOSE | REMEDY
_NO_DIAGNOSIS = regex(
    r"\bhealth\s?checks?\b|\bchecklist\b|\bpre-?checks?\b|\bverif(?:y|ication)\b|\bsee also\b", re.IGNORECASE
)


_BUILDING = regex(
    r"\b(?:build\w*|compil\w+|install\w*|lint\w*|tests?|npm|pip|merge|commit|cannot find module"
    r"|error (?:budgets?|codes?)"
    r"|procedure|deploy\w*|release|migrations?|backups?|steps?|handling)\b",
    re.IGNORECASE,
)


_CONDITION = regex(r"\w\s{0,2}[<>≥≤]=?\s{0,2}\d|\b5xx\b", re.IGNORECASE)
_NO_CONDITION = Sense.MITIGATE | Sense.ACT | Sense.DIAGNOSE | Sense.WHEN


def parts_of(title: str, bits: int) -> Iterator[Part]:
    """The parts that a heading, a label or a column announces."""
    fails = bits & Sense.FAILURE and not bits & _NO_CONDITION and not _BUILDING.search(title)
    if fails or bits & Sense.ALERT or names_alert(title) or _CONDITION.search(title):
        yield "recognise"
    if bits & Sense.DIAGNOSE and not _NO_DIAGNOSIS.search(title):
        yield "diagnose"
    if bits & Sense.MITIGATE:
        yield "mitigate"
