"""Load tests that are data: JMeter plans, Artillery, Taurus and Azure Load Testing files.

https://www.artillery.io/docs/reference/extensions/ensure, https://gettaurus.org/docs/PassFail/,
https://learn.microsoft.com/azure/app-testing/load-testing/reference-test-config-yaml
"""

import re
from collections.abc import Iterator
from typing import Any

from catalog.document import Document, Map, Seq, dig
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.load import Limit, Load
from scorecards.reading.loads.code import ONE_USER
from scorecards.reading.objective import text_of

_GROUP = regex(r"<\w*(?:ThreadGroup|UltimateThreadGroup)\b")
_USERS = regex(r"name=\"ThreadGroup\.num_threads\">\s*([^<\s]*)\s*<")
_ASKS = regex(r"<\w*Sampler\w*\b|SamplerProxy")
_MARKS = ("phases", "arrival", "execution", "testPlan", "engineInstances", "failureCriteria", "ensure")


def read(snapshot: Snapshot, path: str) -> Iterator[Load]:
    """The load tests of a file."""
    text = snapshot.text(path)
    if text is None:
        return
    if path.endswith(".jmx"):
        yield from _jmeter(path, text)
    elif any(mark in text for mark in _MARKS):
        for document in snapshot.parsed(path).documents:
            yield from _document(document, text[:50_000])


def _jmeter(path: str, text: str) -> Iterator[Load]:
    """A plan with threads and requests. It has no limits that end a run: those stand in what runs it."""
    group = _GROUP.search(text)
    if group is None or not _ASKS.search(text):
        return
    users = _USERS.findall(text)
    few = bool(users) and all(u in ("0", "1") for u in users)
    line = text.count("\n", 0, group.start()) + 1
    aims = " ".join(re.findall(r"(?:domain|path|testname)\"?[>=]\"?([^<\"]{1,200})", text)[:300])
    yield Load("JMeter", path, line, None, aims, (ONE_USER,) if few else ())


def _document(document: Document, text: str) -> Iterator[Load]:
    data = document.mapping
    config = data.get("config")
    if isinstance(config, Map) and (
        isinstance(config.get("phases"), Seq | Map) or ("target" in config and "scenarios" in data)
    ):
        yield Load("Artillery", document.path, document.line, _ensured(config, document), text)
    elif isinstance(data.get("execution"), Seq | Map) and ("scenarios" in data or "reporting" in data):
        yield Load("Taurus", document.path, document.line, _passes(data, document), text)
    elif ("testPlan" in data or "testId" in data) and ("engineInstances" in data or "testType" in data):
        limit = _listed(data.get("failureCriteria"), document, ("failureCriteria",))
        yield Load("Azure Load Testing", document.path, document.line, limit, text)


def _ensured(config: Map, document: Document) -> Limit | None:
    """Artillery's `ensure`, as it stands in the configuration, among the plugins or in an environment."""
    environments = config.get("environments")
    inner = list(environments.items()) if isinstance(environments, Map) else []
    for keys, holder in ((("config",), config), *((("config", "environments", k), v) for k, v in inner)):
        for way in (("ensure",), ("plugins", "ensure")):
            limit = _listed(dig(holder, *way), document, (*keys, *way))
            if limit is not None:
                return limit
    return None


def _passes(data: Map, document: Document) -> Limit | None:
    reporting = data.get("reporting")
    entries = reporting if isinstance(reporting, Seq) else []
    for number, entry in enumerate(entries):
        if isinstance(entry, Map):
            limit = _listed(entry.get("criteria"), document, ("reporting", number, "criteria"))
            if limit is not None:
                return limit
    return None


def _listed(value: Any, document: Document, way: tuple[str | int, ...]) -> Limit | None:
    """A limit for a list or mapping that says something with a number or an expression in it."""
    if not isinstance(value, Map | Seq) or not value:
        return None
    said = [t for t in _leaves(value) if re.search(r"\d", t)]
    return Limit(said[0][:80], document.path, document.line_of(*way)) if said else None


def _leaves(value: Any, depth: int = 0) -> Iterator[str]:
    if depth > 5:
        return
    if isinstance(value, Map):
        for key, inner in value.items():
            if isinstance(inner, Map | Seq):
                yield from _leaves(inner, depth + 1)
            else:
                yield f"{key}: {text_of(inner)}"
    elif isinstance(value, Seq):
        for inner in value:
            yield from _leaves(inner, depth + 1) if isinstance(inner, Map | Seq) else [text_of(inner)]
