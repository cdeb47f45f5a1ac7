"""An alert, in whatever dialect it was written."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from catalog.document import Map, Seq
from catalog.regex import regex
from scorecards.reading.flaw import Flaw, worst
from scorecards.reading.hollow import is_placeholder
from scorecards.reading.objective import is_template, text_of
from scorecards.reading.query import is_placeholder_query, names_metric, names_something
from scorecards.result import Status

SILENT = "no severity, route or action"
_OFF = Flaw(Status.FAIL, "it is switched off")
_NO_EXPRESSION = Flaw(Status.FAIL, "it has no expression or threshold")
_NOWHERE = Flaw(Status.PARTIAL, SILENT)


class Alert(NamedTuple):
    """One alert as a page shows it.

    `expr` is what is looked at, `threshold` from when on (`> 0.05`, part of `expr` in PromQL), `window` how
    long it must last. `route` is who or what is told, or acts. `about` is the text in which it may name a
    service: its labels, dimensions, tags and group. `slo` is the objective that a tool makes the alert of.
    """

    name: str
    dialect: str
    path: str
    line: int
    expr: str = ""
    threshold: str = ""
    severity: str = ""
    route: str = ""
    runbook: str = ""
    window: str = ""
    about: str = ""
    slo: str = ""
    problems: tuple[Flaw, ...] = ()

    @property
    def status(self) -> Status:
        """What it counts for: PASS where it has an expression and tells somebody."""
        return worst(self.problems)

    @property
    def routed(self) -> bool:
        """Whether it says how grave it is or whom it tells."""
        return bool(self.severity or self.route)

    @property
    def summary(self) -> str:
        """What it looks at and whom it tells, in a few words."""
        seen = " ".join(f"{self.expr} {self.threshold}".split())
        seen = seen[:80] + ("…" if len(seen) > 80 else "")
        told = self.severity or self.route
        seen = seen or self.name
        return f"{seen}; {told[:60]}" if told else seen


def make_alert(  # noqa: PLR0913 - an alert has this many parts
    name: Any,
    dialect: str,
    path: str,
    line: int,
    *,
    expr: Any,
    threshold: str = "",
    severity: Any = "",
    route: Any = "",
    runbook: Any = "",
    window: Any = "",
    about: Any = "",
    slo: Any = "",
    prometheus: bool = False,
    off: bool = False,
    flaws: Iterable[Flaw] = (),
) -> Alert:
    """An alert with the flaws of its parts; a placeholder is as good as nothing."""
    query = text_of(expr)
    grave, told = _said(severity), _said(route)
    found = list(flaws)
    if off:
        found.append(_OFF)
    found += _wrong(query, threshold, prometheus)
    if not (grave or told):
        found.append(_NOWHERE)
    return Alert(
        name=text_of(name)[:200],
        dialect=dialect,
        path=path,
        line=line,
        expr=query[:4000],
        threshold=threshold[:100],
        severity=grave[:100],
        route=told[:200],
        runbook=text_of(runbook)[:500],
        window=text_of(window)[:60],
        about=words(about)[:4000],
        slo=text_of(slo)[:200],
        problems=tuple(found),
    )


_USUAL = frozenset({"critical", "warning", "page", "ticket", "info", "high", "low", "error", ""})
_NO_SEVERITY = frozenset({"-", "severity", "your-severity", "your_severity", "level", "priority"})
_SELECTS = regex(r"(?<![\w:\"'])(?!your|example|todo|my_)[a-z]\w{0,100}_\w{1,100}[\[{]")
"""A metric with a selector or a range, as most expressions have one: no need to look closer."""


def _said(value: Any) -> str:
    if value in _USUAL if isinstance(value, str) else value is None:
        return value or ""
    text = words(value)
    if text.lower() in _NO_SEVERITY:
        return ""
    return "" if not text or (is_placeholder(text) and not is_template(text)) else text


def _wrong(query: str, threshold: str, prometheus: bool) -> list[Flaw]:
    if not query:
        return [_NO_EXPRESSION]
    if prometheus and _SELECTS.search(query):
        return []
    if is_template(query) and not names_something(query):
        return [] if threshold else [Flaw(Status.UNKNOWN, "its expression is filled in when it is rendered")]
    named = names_metric(query) if prometheus else names_something(query)
    if is_placeholder_query(query) or not named:
        short = " ".join(query.split())[:60]
        return [Flaw(Status.FAIL, f"its expression `{short}` names nothing that is measured")]
    return []


def words(value: Any) -> str:
    """All that a value says, as one line: keys and scalars of mappings and lists too."""
    if isinstance(value, str):
        return value[:20_000].strip()
    if not isinstance(value, (Map, Seq, list, tuple)):
        return text_of(value)
    if (
        type(value) is Map
        and len(value) < 20
        and all(type(v) is str and len(v) < 200 for v in value.values())
    ):
        return " ".join([w for pair in value.items() for w in pair])
    out: list[str] = []
    stack: list[Any] = [value]
    while stack and len(out) < 200:
        node = stack.pop()
        if isinstance(node, str):
            out.append(node[:2000])
        elif isinstance(node, dict):
            for key, inner in reversed(node.items()):
                stack += [inner, str(key)]
        elif isinstance(node, (list, tuple)):
            stack += reversed(node)
        elif node is not None:
            out.append(text_of(node))
    return " ".join(w for w in out if w)


_RUNBOOK_KEY = regex(r"run_?-?book|play_?-?book", re.IGNORECASE)
_LINK = regex(
    r"https?://[^\s\"'<>()\[\]|]{4,400}|(?:[\w.-]{1,80}/){0,8}[\w.-]{1,80}\.(?:md|adoc|rst)\b(?:#[\w-]+)?"
)


def runbook_of(*values: Any) -> str:
    """The address of a runbook: a key of that name, else a link in a text that speaks of one."""
    texts = []
    for value in values:
        if isinstance(value, Map):
            for key, inner in value.items():
                if "book" in key.lower() and _RUNBOOK_KEY.search(key) and text_of(inner):
                    return text_of(inner)
                texts.append(inner)
        else:
            texts.append(value)
    for value in texts:
        text = value if isinstance(value, str) else text_of(value)
        if "book" in text.lower() and ("/" in text or ".md" in text):
            links: list[str] = _LINK.findall(text[:5000])
            named = [link for link in links if _RUNBOOK_KEY.search(link)]
            if named or (links and _RUNBOOK_KEY.search(text)):
                return (named or links)[0].rstrip(".,;:")
    return ""


_SEVERITY_KEYS = (
    "severity",
    "level",
    "priority",
    "urgency",
    "criticality",
    "sev",
    "alert_level",
    "page",
    "tier",
)


def severity_of(labels: Any) -> str:
    """The label that says how grave an alert is, "" where there is none."""
    if not isinstance(labels, Map):
        return ""
    if text_of(labels.get("severity")):
        return text_of(labels["severity"])
    lowered = {k.lower(): v for k, v in labels.items()}
    for key in _SEVERITY_KEYS:
        if text_of(lowered.get(key)):
            return text_of(lowered[key])
    return next(
        (text_of(v) for k, v in lowered.items() if k.endswith(("severity", "_priority")) and text_of(v)), ""
    )
