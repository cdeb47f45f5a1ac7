"""Sloth (`prometheus/v1`, PrometheusServiceLevel): an SLI and an objective; the window stands elsewhere."""

from collections.abc import Iterator, Sequence

from catalog.document import Map, Seq, dig
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

_NAME = "Sloth"


def claims(part: Part) -> bool:
    """The file format and the Kubernetes kind."""
    return part.group.startswith("sloth.slok.dev/") or str(part.data.get("version")) == "prometheus/v1"


def read(part: Part, parts: Sequence[Part]) -> Iterator[Objective]:
    """One objective for each entry of `slos`."""
    if part.kind not in ("", "PrometheusServiceLevel"):
        return
    spec = part.data.get("spec") if part.kind else part.data
    spec = spec if isinstance(spec, Map) else Map(part.document.line)
    found = spec.get("slos")
    entries = [e for e in found if isinstance(e, Map)] if isinstance(found, Seq) else []
    if not entries:
        line = spec.lines.get("slos", part.document.line)
        empty = (Flaw(Status.FAIL, "its list of objectives is empty"),)
        yield make(
            part.name, _NAME, part.path, line, target=Target(), indicator=Indicator(), needs=(), flaws=empty
        )
    for entry in entries:
        yield make(
            entry.get("name"),
            _NAME,
            part.path,
            entry.line,
            target=target_of(entry.get("objective"), percent=True),
            indicator=_indicator(entry.get("sli")),
            window=window_of(entry.get("timeWindow") or entry.get("window")),
            service=spec.get("service"),
            needs=("target", "indicator"),
        )


def _indicator(sli: object) -> Indicator:
    events = dig(sli, "events")
    if isinstance(events, Map):
        errors = events.get("error_query", events.get("errorQuery"))
        total = events.get("total_query", events.get("totalQuery"))
        return query_indicator([errors, total], "ratio", wanted=2)
    raw = dig(sli, "raw")
    if isinstance(raw, Map):
        return query_indicator([raw.get("error_ratio_query", raw.get("errorRatioQuery"))], "query")
    plugin = text_of(dig(sli, "plugin", "id"))
    return Indicator(plugin, "plugin") if plugin else Indicator()
