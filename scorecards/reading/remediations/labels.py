"""Prometheus rules whose labels or annotations name the automation that is to answer them."""

from collections.abc import Iterator
from typing import Any

from catalog.document import Map, maps
from catalog.regex import regex
from scorecards.reading.alerting import AlertFile
from scorecards.reading.objective import is_template, text_of
from scorecards.reading.remediation import Remediation, make_remediation, program_named

MARKS = (
    ("remediat", "alert:"),
    ("heal", "alert:", "expr"),
    ("st2_", "alert:"),
    ("stackstorm", "alert:"),
    ("rundeck", "alert:"),
    ("awx_", "alert:"),
    ("auto_fix", "alert:"),
    ("automation", "alert:"),
)
_KEY = regex(
    r"^(?:\w+[./])?(?:auto[-_]?)?(?:remediat\w*|heal(?:ing|er|_action)?|self[-_]?heal\w*|fix(?:[-_]action)?"
    r"|automation\w*)(?:[-_]\w+)?$|^(?:\w+[./])?(?:st2|stackstorm|rundeck|awx|ansible|eda)[-_]\w+$"
    r"|^(?:autoheal|autofix)\w*$"
)
_NO = frozenset(
    {"false", "no", "none", "manual", "off", "0", "disabled", "n/a", "tbd", "todo", "not_automated"}
)
_TOKEN = regex(r"^[\w./:@{}$ -]{2,120}$")


def read(file: AlertFile) -> Iterator[Remediation]:
    """Every rule with a key of that kind and a value that a machine could read."""
    for document in file.documents:
        for rule in maps(document.data):
            if isinstance(rule.get("alert"), str) and "expr" in rule:
                for part in ("labels", "annotations"):
                    yield from _linked(file, rule, rule.get(part))


def _linked(file: AlertFile, rule: Map, held: Any) -> Iterator[Remediation]:
    for key, given in held.items() if isinstance(held, Map) else ():
        value = text_of(given)
        if not _KEY.match(key.lower()) or value.lower() in _NO or not _is_token(value):
            continue
        named = value.rpartition("/")[2]
        program = program_named(file.snapshot, named.rpartition(".")[0] or named)
        yield make_remediation(
            rule["alert"],
            "alert label",
            file.path,
            held.lines.get(key, held.line),
            trigger=rule["alert"],
            action=f"{key}: {value}" + (f" ({program})" if program else ""),
            guarded_by=[(file.snapshot.text(program) or "") if program else ""],
            about=rule,
            elsewhere=program is None,
        )


def _is_token(value: str) -> bool:
    """Whether a value names something: prose tells a person what to do and starts nothing."""
    return _TOKEN.match(value) is not None and (value.count(" ") == 0 or is_template(value))
