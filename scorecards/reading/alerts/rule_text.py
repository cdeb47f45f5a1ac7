"""Prometheus rules read line by line: templates that are no YAML, heredocs, and the syntax before 2.0."""

import re
from collections.abc import Iterator, Sequence

from catalog.regex import regex
from scorecards.reading.alert import Alert, make_alert
from scorecards.reading.flaw import Flaw

_MAX = 600_000
_MAX_RULES = 500
_RULE = regex(r"^([ \t]*)(?:-[ \t]+)?[\"']?alert[\"']?:[ \t]*(\S[^\n]{0,300})$", re.MULTILINE)
_KEY = regex(r"^[ \t]*(?:-[ \t]+)?[\"']?([\w.-]{1,40})[\"']?:[ \t]*(.{0,2000})$")
_FLOW = regex(r"[{,]\s*[\"']?(\w{1,40})[\"']?:\s*([^,{}]{1,300})")
_BLOCK = regex(r"^[|>][-+0-9]*\s*(?:#.*)?$")
_OLD = regex(r"^ALERT[ \t]+(\w{1,200})[ \t]*$", re.MULTILINE)
_OLD_PART = regex(r"^\s*(IF|FOR|LABELS|ANNOTATIONS|WITH)\b[ \t]*(.*)$")
_OLD_SEVERITY = regex(r"severity\s*=\s*\"([^\"]{1,40})\"")
_OLD_RUNBOOK = regex(r"runbook\w*\s*=\s*\"([^\"]{1,400})\"")


def scan(path: str, text: str, flaws: Sequence[Flaw]) -> Iterator[Alert]:
    """Rules whose lines say plainly what they look at; comments are none."""
    text = text[:_MAX]
    starts = list(_RULE.finditer(text))[:_MAX_RULES]
    for number, start in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else start.end() + 20_000
        keys = _keys(text[start.end() : end].split("\n")[:200])
        if "expr" not in keys:
            continue
        yield make_alert(
            start[2].strip("\"' "),
            "Prometheus",
            path,
            text.count("\n", 0, start.start()) + 1,
            expr=keys["expr"],
            severity=keys.get("severity") or keys.get("priority") or keys.get("level"),
            runbook=keys.get("runbook_url") or keys.get("runbook"),
            window=keys.get("for"),
            about=" ".join(
                f"{k} {v}" for k, v in keys.items() if k not in ("expr", "summary", "description")
            ),
            prometheus=True,
            flaws=flaws,
        )


def _keys(lines: list[str]) -> dict[str, str]:
    """Keys with their values; a block's lines are those that stand deeper than its key."""
    found: dict[str, str] = {}
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        key = _KEY.match(line)
        if key is None or line.lstrip().startswith("#"):
            continue
        value = key[2].strip()
        indent = len(line) - len(line.lstrip())
        if _BLOCK.match(value) or not value:
            held = []
            while number < len(lines) and (
                not lines[number].strip() or len(lines[number]) - len(lines[number].lstrip()) > indent
            ):
                held.append(lines[number].strip())
                number += 1
            if not value:
                number -= len(held)  # a mapping: its keys are read in turn
                continue
            value = "\n".join(held)
        found.setdefault(key[1], value.strip("\"' "))
        if value.startswith("{"):
            for name, inner in _FLOW.findall(value):
                found.setdefault(name, inner.strip("\"' "))
    return found


def old_rules(path: str, text: str) -> Iterator[Alert]:
    """`ALERT name IF expression FOR 5m LABELS {...}`, as Prometheus 1 read it."""
    text = text[:_MAX]
    starts = list(_OLD.finditer(text))[:_MAX_RULES]
    for number, start in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else start.end() + 20_000
        parts: dict[str, str] = {}
        current = ""
        for line in text[start.end() : end].split("\n")[:200]:
            part = _OLD_PART.match(line)
            current = part[1] if part else current
            if current:
                said = part[2] if part else line
                parts[current] = f"{parts.get(current, '')}\n{said}".strip()
        labels, notes = parts.get("LABELS", parts.get("WITH", "")), parts.get("ANNOTATIONS", "")
        severity, runbook = _OLD_SEVERITY.search(labels), _OLD_RUNBOOK.search(notes)
        yield make_alert(
            start[1],
            "Prometheus",
            path,
            text.count("\n", 0, start.start()) + 1,
            expr=parts.get("IF"),
            severity=severity[1] if severity else "",
            runbook=runbook[1] if runbook else "",
            window=parts.get("FOR"),
            about=labels,
            prometheus=True,
        )
