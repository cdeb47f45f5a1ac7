"""OpenSLO v1alpha, v1 and v2alpha: an indicator (inline or a reference that resolves), target and window."""

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

_NAME = "OpenSLO"
_PROMETHEUS = ("prom", "mimir", "thanos", "cortex")


def claims(part: Part) -> bool:
    """Objectives and the indicators they refer to."""
    return part.group.lower().startswith(("openslo/", "openslo.com/"))


def read(part: Part, parts: Sequence[Part]) -> Iterator[Objective]:
    """One objective for each entry of `spec.objectives`."""
    if part.kind.lower() != "slo":
        return
    spec = part.data.get("spec")
    spec = spec if isinstance(spec, Map) else Map(part.document.line)
    window = window_of(spec.get("timeWindow") or spec.get("timeWindows"))
    shared = _indicator(spec, parts)
    entries = spec.get("objectives")
    entries = [e for e in entries if isinstance(e, Map)] if isinstance(entries, Seq) else []
    if not entries:
        yield make(
            part.name,
            _NAME,
            part.path,
            part.document.line_of("spec", "objectives"),
            target=Target(),
            indicator=shared,
            window=window,
            service=spec.get("service"),
            flaws=(Flaw(Status.FAIL, "its list of objectives is empty"),),
        )
    for entry in entries:
        own = _indicator(entry, parts)
        yield make(
            part.name or entry.get("displayName"),
            _NAME,
            part.path,
            entry.line,
            target=_target(entry),
            indicator=own if own.text else shared,
            window=window,
            service=spec.get("service"),
        )


def _target(entry: Map) -> Target:
    if "targetPercent" in entry and entry.get("target") is None:
        return target_of(entry["targetPercent"], percent=True)
    return target_of(entry.get("target"), percent=False)


def _indicator(node: Map, parts: Sequence[Part]) -> Indicator:
    reference = text_of(node.get("indicatorRef") or node.get("sliRef"))
    if reference:
        return _resolved(reference, parts)
    inline = node.get("indicator") or node.get("sli")
    for holder in (inline, dig(inline, "spec"), node):
        if isinstance(holder, Map):
            found = metric(holder)
            if found.text:
                return found
    reference = text_of(inline)
    return _resolved(reference, parts) if reference else Indicator()


def _resolved(name: str, parts: Sequence[Part]) -> Indicator:
    for part in parts:
        if claims(part) and part.kind.lower() == "sli" and part.name == name:
            spec = part.data.get("spec")
            found = metric(spec) if isinstance(spec, Map) else Indicator()
            return found if found.text else Indicator(name, "reference", (_hollow(name),))
    return Indicator(name, "reference", (Flaw(Status.FAIL, f"no file here defines the indicator `{name}`"),))


def _hollow(name: str) -> Flaw:
    return Flaw(Status.FAIL, f"the indicator `{name}` measures nothing")


def metric(holder: Map) -> Indicator:
    """The indicator under `ratioMetric`, `thresholdMetric` and their newer names."""
    for key in ("ratioMetric", "ratioMetrics", "ratio"):
        ratio = holder.get(key)
        if isinstance(ratio, Map):
            good = _query(ratio.get("good")) or _query(ratio.get("bad"))
            total, raw = _query(ratio.get("total")), _query(ratio.get("raw"))
            if raw and not good:
                return _made([raw], "ratio", 1)
            return _made([q for q in (good, total) if q], "ratio", 2)
    for key in ("thresholdMetric", "threshold"):
        found = _query(holder.get(key))
        if found:
            return _made([found], "threshold", 1)
    return Indicator()


def _made(found: Sequence[tuple[str, bool]], kind: str, wanted: int) -> Indicator:
    prometheus = bool(found) and all(p for _, p in found)
    return query_indicator([q for q, _ in found], kind, prometheus=prometheus, wanted=wanted)


def _query(node: Any) -> tuple[str, bool] | None:
    """The query of one metric source, and whether it is PromQL."""
    if not isinstance(node, Map):
        return None
    source = node.get("metricSource")
    kind = text_of(dig(source, "type") or node.get("queryType") or node.get("source")).lower()
    words: list[str] = []
    for inner in maps(dig(source, "spec") or source or node):
        for key, value in inner.items():
            if key not in ("type", "source", "queryType", "metricSourceRef", "name") and text_of(value):
                words.append(text_of(value))
    if not words:
        return None
    return " ".join(words), len(words) == 1 and kind.startswith(_PROMETHEUS)
