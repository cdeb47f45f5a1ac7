"""Homemade YAML or JSON: mappings that hold a target, an indicator and a window under any usual names."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from catalog.document import Map, Seq
from catalog.regex import regex
from scorecards.reading.flaw import Flaw
from scorecards.reading.marked import Part
from scorecards.reading.measures import MEASURE
from scorecards.reading.objective import (
    Indicator,
    Objective,
    Target,
    make,
    query_indicator,
    target_of,
    text_of,
    window_of,
)
from scorecards.reading.query import is_placeholder_query, is_words
from scorecards.result import Status

FALLBACK = True
_NAME = "homemade"
_MAX = 500

_PATH = regex(r"(?:^|[/_.-])(?:slos?|service[-_]?level(?:[-_]?objectives?)?)(?=[/_.-])", re.IGNORECASE)
_LISTS = frozenset(
    [
        "slo",
        "slos",
        "objectives",
        "slodefinitions",
        "servicelevelobjective",
        "servicelevelobjectives",
        "servicelevels",
    ]
)
_TARGETS = [
    "target",
    "objective",
    "goal",
    "slotarget",
    "slo",
    "targetpercent",
    "targetpercentage",
    "targetratio",
    "attainmentgoal",
    "targetvalue",
    "targetthreshold",
    "availabilitytarget",
    "objectivepercent",
    "sloobjective",
    "slogoal",
]
_WINDOWS = [
    "window",
    "timewindow",
    "timewindows",
    "windows",
    "rollingwindow",
    "slowindow",
    "period",
    "complianceperiod",
    "timeframe",
    "rollingperiod",
    "calendarperiod",
    "rollingperioddays",
    "windowdays",
    "evaluationwindow",
    "measurementwindow",
    "measurementperiod",
    "errorbudgetwindow",
    "budgetwindow",
    "evaluationperiod",
    "targetwindow",
    "windowsize",
]
_INDICATORS = [
    "indicator",
    "sli",
    "slis",
    "query",
    "queries",
    "expr",
    "expression",
    "metric",
    "metrics",
    "promql",
    "ratio",
    "goodquery",
    "totalquery",
    "errorquery",
    "errorratioquery",
    "metricexpression",
    "servicelevelindicator",
    "measurement",
    "measure",
    "indicatorquery",
    "sliquery",
    "slimetric",
    "metricname",
    "good",
    "total",
    "numerator",
    "denominator",
    "goodevents",
    "totalevents",
    "slispec",
    "badquery",
]
_SERVICES = ["service", "servicename", "app", "application", "component"]
_NO_QUERY = frozenset(
    [
        "type",
        "name",
        "description",
        "unit",
        "source",
        "datasource",
        "id",
        "kind",
        "threshold",
        "comparison",
        "operator",
    ]
)
_NOT_OURS = frozenset(
    [
        "openapi",
        "swagger",
        "$schema",
        "panels",
        "groups",
        "jobs",
        "scrape_configs",
        "services",
        "on",
        "rule_files",
        "definitions",
        "properties",
        "parameters",
        "dependencies",
        "repos",
    ]
)
_KIND = regex(r"slo\b|slo[A-Z_-]|slos$|servicelevel|objective|configmap", re.IGNORECASE)


def claims(part: Part) -> bool:
    """What may hold objectives of no known tool: named so by its path, its kind or one of its keys."""
    data = part.data if isinstance(part.document.data, Map) else None
    if data is None:
        return isinstance(part.document.data, Seq) and _PATH.search(part.path) is not None
    if part.kind and part.group:
        return (
            _KIND.search(part.kind) is not None
            and "crd" not in part.group.lower()
            and part.kind != "ConfigMap"
        )
    return not _NOT_OURS.intersection(data) or bool(_LISTS.intersection(map(_plain, data)))


class _Around(NamedTuple):
    """What an objective takes from the mappings around it."""

    window: str = ""
    service: str = ""
    inside: bool = False
    """Whether this stands in a file or under a key that says SLO."""


def _plain(key: str) -> str:
    return key.replace("_", "").replace("-", "").replace(" ", "").lower()


def read(part: Part, parts: Sequence[Part]) -> Iterator[Objective]:
    """Every mapping that looks like an objective."""
    named = _PATH.search(part.path) is not None or (bool(part.kind) and _KIND.search(part.kind) is not None)
    around = _Around(inside=named)
    slis = _slis(part.document.data)
    yielded = 0
    stack: list[tuple[Any, _Around, str, int]] = [(part.document.data, around, "", 0)]
    while stack and yielded < _MAX:
        node, here, label, depth = stack.pop()
        if depth > 8:
            continue
        if isinstance(node, Seq):
            stack += [(child, here, label, depth + 1) for child in reversed(node)]
            continue
        if not isinstance(node, Map):
            continue
        keys = {_plain(k): k for k in node}
        found = _objective(part, node, keys, here, label, slis) if here.inside else None
        if found is not None:
            yielded += 1
            yield found
            continue
        below = here._replace(
            window=_window(node, keys) or here.window,
            service=next(
                (text_of(node[keys[k]]) for k in _SERVICES if k in keys and text_of(node[keys[k]])),
                here.service,
            ),
        )
        for key, child in reversed(node.items()):
            if isinstance(child, (Map, Seq)):
                plain = _plain(key)
                inside = below.inside or plain in _LISTS
                if inside and plain in _LISTS and not child:
                    yielded += 1
                    yield _empty(part, key, node)
                stack.append((child, below._replace(inside=inside), key, depth + 1))


def _empty(part: Part, key: str, node: Map) -> Objective:
    return make(
        key,
        _NAME,
        part.path,
        node.lines.get(key, node.line),
        target=Target(),
        indicator=Indicator(),
        needs=(),
        flaws=(Flaw(Status.FAIL, "its list of objectives is empty"),),
    )


def _objective(
    part: Part, node: Map, keys: dict[str, str], here: _Around, label: str, slis: dict[str, Any]
) -> Objective | None:
    target_key = next(
        (keys[k] for k in _TARGETS if k in keys and not isinstance(node[keys[k]], (Map, Seq, bool))), None
    )
    target = target_of(node[target_key], percent=None) if target_key else Target()
    indicator = _indicator(node, keys, slis)
    window = _window(node, keys)
    if not indicator.text and target.ratio is not None:
        indicator = _told(node, keys, label)
    if not target.text and not (indicator.text and window):
        return None
    if target_key and target.ratio is None and not re.search(r"\d", target.text) and not target.flaws:
        return None
    if not (indicator.text or window or here.window) and target.ratio is None:
        return None
    service = next((text_of(node[keys[k]]) for k in _SERVICES if k in keys), "")
    return make(
        _name(node, keys) or (part.name if label == "spec" else label),
        _NAME,
        part.path,
        node.lines.get(target_key, node.line) if target_key else node.line,
        target=target,
        indicator=indicator,
        window=window or here.window,
        service=service or here.service,
    )


def _name(node: Map, keys: dict[str, str]) -> str:
    return next(
        (text_of(node[keys[k]]) for k in ("name", "id", "title") if text_of(node.get(keys.get(k, "")))), ""
    )


def _told(node: Map, keys: dict[str, str], label: str) -> Indicator:
    """What the objective's name says it measures, where nothing else does."""
    described = " ".join(
        text_of(node.get(keys.get(k, ""))) for k in ("name", "description", "type", "category")
    )
    measure = MEASURE.search(f"{label} {described}".replace("_", " "))
    if measure is None:
        return Indicator()
    return Indicator(
        measure.group(), "words", (Flaw(Status.PARTIAL, "its indicator is told only by its name"),)
    )


def _window(node: Map, keys: dict[str, str]) -> str:
    for key in _WINDOWS:
        if key in keys:
            found = window_of(node[keys[key]])
            if re.search(r"\d|month|week|day|quarter|year", found, re.IGNORECASE):
                return f"{found} days" if key.endswith("days") and found.isdigit() else found
            if found and is_placeholder_query(found):
                return found
    return ""


def _indicator(node: Map, keys: dict[str, str], slis: dict[str, Any]) -> Indicator:
    texts: list[str] = []
    for key in _INDICATORS:
        if key not in keys:
            continue
        held = node[keys[key]]
        if isinstance(held, (Map, Seq)):
            texts += _leaves(held)
        elif text_of(held):
            text = text_of(held)
            texts += _leaves(slis[text]) if text in slis else [text]
    if not texts:
        return Indicator()
    machine = [t for t in texts if not is_words(t)]
    if not machine:
        shown = " / ".join(texts)
        placeholder = all(is_placeholder_query(t) for t in texts)
        flaw = (
            Flaw(Status.FAIL, f"its indicator `{shown[:60]}` is a placeholder")
            if placeholder
            else Flaw(Status.PARTIAL, "its indicator is told in words, not as a query")
        )
        return Indicator(shown, "words", (flaw,))
    real = [t for t in machine if not is_placeholder_query(t)] or machine
    return query_indicator(real, "query", prometheus=True)


def _leaves(node: Any) -> list[str]:
    found: list[str] = []
    stack = [("", node)]
    while stack and len(found) < 50:
        key, value = stack.pop()
        if isinstance(value, Map):
            stack += [(_plain(k), v) for k, v in reversed(value.items())]
        elif isinstance(value, Seq):
            stack += [(key, v) for v in reversed(value)]
        elif isinstance(value, str) and value.strip() and key not in _NO_QUERY:
            found.append(value.strip())
    return found


def _slis(data: Any) -> dict[str, Any]:
    """Indicators defined once in the document and referred to by name."""
    if not isinstance(data, Map):
        return {}
    found: dict[str, Any] = {}
    for key, value in data.items():
        if _plain(key) in (
            "slis",
            "indicators",
            "serviceslevelindicators",
            "servicelevelindicators",
            "metrics",
        ):
            if isinstance(value, Map):
                found.update(value)
            elif isinstance(value, Seq):
                found.update({text_of(v.get("name") or v.get("id")): v for v in value if isinstance(v, Map)})
    found.pop("", None)
    return found
