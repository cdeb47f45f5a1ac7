"""Prometheus recording rules that hold a whole objective, as Sloth and others generate them."""

from collections.abc import Iterator, Sequence

from catalog.document import Map, Seq, dig
from catalog.regex import regex
from scorecards.reading.marked import Part
from scorecards.reading.objective import (
    Indicator,
    Objective,
    Target,
    make,
    query_indicator,
    target_of,
    text_of,
)

_NAME = "Prometheus rules"
_VECTOR = regex(r"^\s*vector\(\s*([\d.]+)\s*\)\s*$")


def claims(part: Part) -> bool:
    """Rule files and PrometheusRule; claimed whole, so that alerts are never taken for objectives."""
    return isinstance(_groups(part), Seq)


def _groups(part: Part) -> object:
    return dig(part.data, "spec", "groups") if part.kind == "PrometheusRule" else part.data.get("groups")


def read(part: Part, parts: Sequence[Part]) -> Iterator[Objective]:
    """One objective for each SLO that rules record with `slo:objective:ratio`."""
    groups = _groups(part)
    rules = (
        [r for g in groups if isinstance(g, Map) for r in g.get("rules") or () if isinstance(r, Map)]
        if isinstance(groups, Seq)
        else []
    )
    for rule in rules:
        if rule.get("record") != "slo:objective:ratio":
            continue
        labels = rule.get("labels")
        ident = dig(labels, "sloth_id") or dig(labels, "slo")
        same = [
            r for r in rules if ident and ident in (dig(r, "labels", "sloth_id"), dig(r, "labels", "slo"))
        ]
        yield make(
            dig(labels, "sloth_slo") or ident,
            _NAME,
            part.path,
            rule.line,
            target=_target(rule),
            indicator=next((_query(r) for r in same if _is_sli(r)), Indicator()),
            window=next((_days(r) for r in same if r.get("record") == "slo:time_period:days"), ""),
            service=dig(labels, "sloth_service") or dig(labels, "service"),
        )


def _target(rule: Map) -> Target:
    number = _VECTOR.match(text_of(rule.get("expr")))
    return target_of(number.group(1), percent=False) if number else Target()


def _is_sli(rule: Map) -> bool:
    return text_of(rule.get("record")).startswith("slo:sli_error:ratio_rate")


def _query(rule: Map) -> Indicator:
    return query_indicator([rule.get("expr")], "query")


def _days(rule: Map) -> str:
    number = _VECTOR.match(text_of(rule.get("expr")))
    return f"{number.group(1)}d" if number else ""
