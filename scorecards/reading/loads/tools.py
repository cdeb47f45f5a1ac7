"""The commands of load tools, and the images and actions that stand for them."""

# ruff: noqa: E501

import re

from catalog.regex import regex

_S = r"(?:^|[\s/\"'=(,\[])"
"""Where a command's name may begin; an image's name ends with it too."""
_V = r"(?:@[\w.^~-]+|:[\w.-]+|\.exe|\.sh|\.bat)?[\"']?"

TOOLS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("k6", regex(rf"{_S}(?:k6|\$\{{?K6\w*\}}?){_V}\s+(?:-{{1,2}}\S+\s+)*(?:run|cloud)\b")),
    (
        "Locust",
        regex(rf"{_S}(?:locust|locustio/locust){_V}(?=\s)(?=.*(?:^|\s)(?:-f|--headless|--no-web|--config|-H|-u|--host|--users|--locustfile|--master)\b)"),
    ),
    (
        "Gatling",
        regex(
            rf"\bgatling:(?:test|execute|integration-test|enterprise\w*)\b|\bgatlingRun\b|\bgatlingEnterpriseStart\b"
            rf"|\bGatling(?:It)?\s*/\s*(?:test|it)|\bgatling\.(?:sh|bat)\b|{_S}gatling\s+(?:run|enterprise-start)\b"
        ),
    ),
    (
        "JMeter",
        regex(rf"{_S}jmeter{_V}(?=\s)(?=.*\s-{{1,2}}n(?:ongui)?\b)|\bjmeter:(?:jmeter|results|configure)\b|\bjmRun\b|{_S}jmeter{_V}\s.*\.jmx\b"),
    ),
    ("Taurus", regex(rf"{_S}(?:bzt|blazemeter/taurus){_V}(?=\s)(?=.*\.(?:ya?ml|json|jmx)\b)")),
    ("Artillery", regex(rf"{_S}artillery{_V}\s+(?:-{{1,2}}\S+\s+)*(?:run\S*|quick)(?:\s|$)")),
    ("Vegeta", regex(rf"{_S}vegeta{_V}\s+(?:-\S+\s+)*attack\b")),
    ("wrk", regex(rf"{_S}(?<![\s:]/)wrk2?{_V}(?=\s)(?=.*(?:\s-[tcdRs]\s*[\"']?[\w$]|\bhttps?:))")),
    ("hey", regex(rf"{_S}hey(?:_linux_amd64)?{_V}\s+(?:-(?:[nczqtmHdTahAx]|disable-\w+|cpus|host|h2)\b|[\"']?https?:)")),
    ("autocannon", regex(rf"{_S}autocannon{_V}(?=\s)(?=.*(?:\s-[cdpamwR]\b|--(?:connections|duration|amount|rate)|https?:))")),
    ("ApacheBench", regex(rf"{_S}ab{_V}(?=\s)(?=.*\s-[nct]\s*[\"']?[\d$])(?=.*(?:https?:|\$))")),
    ("bombardier", regex(rf"{_S}bombardier{_V}(?=\s)(?=.*(?:\s-[cdnlr]\b|https?:))")),
    ("oha", regex(rf"{_S}oha{_V}(?=\s)(?=.*(?:\s-[nczqm]\b|https?:))")),
    ("Siege", regex(rf"{_S}siege{_V}(?=\s)(?=.*\s-[crtf]\w*)")),
    ("h2load", regex(rf"{_S}h2load{_V}(?=\s)(?=.*\s-[nctD]\w*)")),
    ("Fortio", regex(rf"{_S}fortio{_V}\s+(?:-\S+\s+)*load\b")),
    ("ghz", regex(rf"{_S}ghz{_V}(?=\s)(?=.*(?:--(?:call|proto|insecure|total|rps|config)|\s-[ncz]\b))")),
    ("Ddosify", regex(rf"{_S}ddosify{_V}\s+(?:-\S+\s+)*-(?:t|config|n)\b")),
    ("Tsung", regex(rf"{_S}tsung{_V}(?=\s)(?=.*\bstart\b)")),
    ("Drill", regex(rf"{_S}drill{_V}(?=\s)(?=.*(?:--benchmark|\s-b\b))")),
    ("loadtest", regex(rf"{_S}loadtest{_V}(?=\s)(?=.*(?:\s-[ntc]\b|--rps|https?:))")),
    ("Cassowary", regex(rf"{_S}cassowary{_V}\s+run\b")),
)  # fmt: skip
WORDS = (
    *(
        "k6",
        "K6",
        "locust",
        "atling",
        "jmeter",
        "jmRun",
        "bzt",
        "taurus",
        "artillery",
        "vegeta",
        "wrk",
        "hey",
    ),
    *(
        "autocannon",
        "ab ",
        "bombardier",
        "oha",
        "siege",
        "h2load",
        "fortio",
        "ghz",
        "ddosify",
        "tsung",
        "drill",
    ),
    *("loadtest", "cassowary"),
)
"""One of them stands in every command above."""
BARE = frozenset(name for name, _ in TOOLS[6:])
"""Tools whose command is the whole test, without a script."""
SCRIPTS = {
    "k6": (".js", ".ts", ".mjs"),
    "Locust": (".py",),
    "Gatling": (".scala", ".java", ".kt", ".js", ".ts"),
    "JMeter": (".jmx",),
    "Taurus": (".yml", ".yaml", ".json"),
    "Artillery": (".yml", ".yaml", ".json", ".js", ".ts"),
    "Azure Load Testing": (".yml", ".yaml", ".jmx"),
}
"""What the names of their scripts end with."""

_NOT = regex(
    r"^\s*(?:sudo\s+)?(?:echo|printf|which|type|command\s+-v|hash|apt|apt-get|apk|yum|dnf|brew|choco|npm\s+(?:i|install|ci)|pip3?"
    r"|yarn\s+add|pnpm\s+add|go\s+(?:install|get)|git|curl|wget|tar|unzip|mv|cp|ln|ls|chmod|cat|grep|sed|rm|mkdir|test|\[+|docker\s+(?:pull|build|tag|push|rm)"
    r"|export|alias|helm|pkill|kill)(?=\s|$)"
)
_HELP = regex(r"\s(?:--help|--version|-V|version|inspect|archive|new|init)(?=\s|$)")
_USES = regex(
    r"(?<![a-z])(k6|locust|jmeter|gatling|artillery(?:io)?|taurus|vegeta|loadtest)(?![a-z])|azure/load-testing|AzureLoadTest@",
    re.IGNORECASE,
)
_SETS_UP = regex(r"set-?up|install|publish|report|cache|upload|docker-|comment", re.IGNORECASE)
_NAMES = {"k6": "k6", "locust": "Locust", "jmeter": "JMeter", "gatling": "Gatling", "artillery": "Artillery"}
_NAMES |= {"artilleryio": "Artillery", "taurus": "Taurus", "vegeta": "Vegeta", "loadtest": "loadtest"}


def tool_of(text: str) -> str:
    """The load tool that a command starts, "" where it starts none."""
    if not any(word in text for word in WORDS) or _NOT.match(text):
        return ""
    text = text[:2_000]
    for name, pattern in TOOLS:
        if pattern.search(text) and not _HELP.search(text):
            return name
    return ""


def action_of(uses: str) -> str:
    """The load tool that an action, task or orb starts, "" where it starts none."""
    found = _USES.search(uses)
    if found is None or _SETS_UP.search(uses):
        return ""
    return _NAMES.get((found[1] or "").lower(), "Azure Load Testing")


_IMAGES = regex(
    r"(?:^|/)(?:[\w.-]*-)?(k6|locust|jmeter|gatling|artillery|taurus|vegeta|wrk2?|hey|autocannon|bombardier|fortio)(?:-[\w.-]+)?(?=$|[:@])",
    re.IGNORECASE,
)
_OTHER = regex(r"operator|exporter|starter|server|backend|dashboard", re.IGNORECASE)


def image_of(image: str) -> str:
    """The load tool of an image by its name, "" where it is none."""
    found = _IMAGES.search(image)
    if found is not None and not _OTHER.search(image):
        return _NAMES.get(found[1].lower(), found[1].lower())
    return ""
