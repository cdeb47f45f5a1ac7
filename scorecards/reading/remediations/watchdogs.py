"""Watchers that repair what they watch: Monit, and event handlers of Nagios and Icinga.

https://mmonit.com/monit/documentation/monit.html#ACTION
https://assets.nagios.com/downloads/nagioscore/docs/nagioscore/4/en/eventhandlers.html
"""

import posixpath
import re
from collections.abc import Iterator

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.paths import paths
from scorecards.reading.remediation import Remediation, make_remediation, program_named, repairs

_CHECK = regex(
    r"^[ \t]*check\s+(?:process|program|host|system|filesystem|file|network)\s+(\S{1,80})", re.MULTILINE
)
_RULE = regex(
    r"^[ \t]*(if\s[^\n]{1,200}?\s(?:\\\n\s{0,20})?then\s+(?:restart|reload|exec|start)\b[^\n]{0,120})",
    re.MULTILINE,
)
_GIVES_UP = regex(r"if\s+\d{1,3}\s+restarts?\s+(?:with)?in\s+\d{1,3}\s+cycles?\s+then\s+\w+|restart\s+limit")
_ABSENCE = regex(r"if\s+(?:does\s+not\s+exist|not\s+exist)")
_DEFINE = regex(r"define\s+(?:service|host)\s*\{([^{}]{1,4000})\}")
_HANDLER = regex(r"^[ \t]*event_handler[ \t]+([^\s;#!]{1,100})", re.MULTILINE)
_OFF = regex(r"^[ \t]*event_handler_enabled[ \t]+0", re.MULTILINE)
_NAMED = regex(r"^[ \t]*(?:service_description|host_name)[ \t]+([^\n;]{1,80})", re.MULTILINE)
_ICINGA = regex(r"^[ \t]*event_command[ \t]*=[ \t]*\"([^\"\n]{1,100})\"", re.MULTILINE)


def find(snapshot: Snapshot) -> Iterator[Remediation]:
    """Every rule that repairs on a test, but those that only start again what has stopped."""
    for path in paths(snapshot).ending("monit", "monitrc", "conf", "cfg"):
        text = (snapshot.text(path) or "")[:200_000]
        if "then " in text and "check " in text and "monit" in f"{path} {text[:400]}".lower():
            yield from _monit(path, text)
        elif "event_handler" in text and path.endswith(".cfg"):
            yield from _nagios(snapshot, path, text)
        elif "event_command" in text and path.endswith(".conf"):
            yield from _icinga(snapshot, path, text)


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _monit(path: str, text: str) -> Iterator[Remediation]:
    starts = list(_CHECK.finditer(text))[:200]
    for number, start in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        block = text[start.end() : end]
        rules = [r for r in _RULE.finditer(block) if not _ABSENCE.match(r[1]) and not r[1].startswith("#")]
        for rule in rules[:1]:
            yield make_remediation(
                start[1],
                "Monit",
                path,
                _line(text, start.end() + rule.start(1)),
                trigger=rule[1].partition(" then ")[0],
                action=rule[1].partition(" then ")[2],
                guarded_by=["max_restarts" if _GIVES_UP.search(block.lower()) else ""],
                about=f"{posixpath.basename(path)} {start[1]}",
            )


def _nagios(snapshot: Snapshot, path: str, text: str) -> Iterator[Remediation]:
    for defined in list(_DEFINE.finditer(text))[:200]:
        handler = _HANDLER.search(defined[1])
        if handler is not None:
            names = " ".join(n.strip() for n in _NAMED.findall(defined[1]))
            off = _OFF.search(defined[1]) is not None
            yield from _handled(
                snapshot, path, _line(text, defined.start()), "Nagios event handler", handler[1], names, off
            )


def _icinga(snapshot: Snapshot, path: str, text: str) -> Iterator[Remediation]:
    for handler in list(_ICINGA.finditer(text))[:200]:
        line = _line(text, handler.start())
        yield from _handled(snapshot, path, line, "Icinga event command", handler[1], handler[1], False)


def _handled(
    snapshot: Snapshot, path: str, line: int, dialect: str, handler: str, about: str, off: bool
) -> Iterator[Remediation]:
    program = program_named(snapshot, handler)
    if program is not None or repairs(handler):
        yield make_remediation(
            handler,
            dialect,
            path,
            line,
            trigger=about,
            action=f"{handler}{f' ({program})' if program else ''}",
            guarded_by=[(snapshot.text(program) or "") if program else ""],
            about=about,
            off=off,
        )
