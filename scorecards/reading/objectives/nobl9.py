"""Nobl9: objectives with a target and a metric in some source's own query language, and a time window."""

from collections.abc import Iterator, Sequence
from typing import Any

from catalog.document import Map, Seq, dig, maps
from scorecards.reading.flaw import Flaw
from scorecards.reading.marked import Part
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
from scorecards.result import Status

_NAME = "Nobl9"
_MATTERS = frozenset({"prometheus", "thanos", "amazonPrometheus", "azurePrometheus", "coralogix"})


def claims(part: Part) -> bool:
    """Documents of Nobl9's API."""
    return part.group.startswith("n9/")


def read(part: Part, parts: Sequence[Part]) -> Iterator[Objective]:
    """One objective for each entry of `spec.objectives`."""
    if part.kind != "SLO":
        return
    spec = part.data.get("spec")
    spec = spec if isinstance(spec, Map) else Map(part.document.line)
    window = window_of(spec.get("timeWindows"))
    shared = _metric(dig(spec, "indicator"))
    found = spec.get("objectives") or spec.get("thresholds")
    entries = [e for e in found if isinstance(e, Map)] if isinstance(found, Seq) else []
    if not entries:
        empty = (Flaw(Status.FAIL, "its list of objectives is empty"),)
        line = part.document.line_of("spec", "objectives")
        yield make(
            part.name, _NAME, part.path, line, target=Target(), indicator=shared, window=window, flaws=empty
        )
    for entry in entries:
        own = _metric(entry)
        target = entry.get("target", entry.get("budgetTarget"))
        yield make(
            part.name,
            _NAME,
            part.path,
            entry.line,
            target=target_of(target, percent=False),
            indicator=own if own.text else shared,
            window=window,
            service=spec.get("service"),
        )


def _metric(node: Any) -> Indicator:
    if not isinstance(node, Map):
        return Indicator()
    components = dig(node, "composite", "components", "objectives") or dig(node, "composite", "objectives")
    if isinstance(components, Seq) and components:
        names = [text_of(dig(c, "slo")) for c in components]
        return Indicator(", ".join(n for n in names if n) or "other objectives", "composite")
    raw = dig(node, "rawMetric", "query") or node.get("rawMetric")
    if isinstance(raw, Map):
        return query_indicator([_text(raw)], "threshold", prometheus=_promql(raw))
    counts = node.get("countMetrics")
    if isinstance(counts, Map):
        sides = [counts.get("good") or counts.get("bad") or counts.get("goodTotal"), counts.get("total")]
        given = [s for s in sides if isinstance(s, Map)]
        wanted = 1 if "goodTotal" in counts else 2
        return query_indicator(
            [_text(s) for s in given], "ratio", prometheus=all(map(_promql, given)), wanted=wanted
        )
    return Indicator()


def _promql(side: Map) -> bool:
    return any(key in side for key in _MATTERS)


def _text(side: Map) -> str:
    return " ".join(text_of(v) for m in maps(side) for v in m.values() if text_of(v))
