"""Datadog's Kubernetes kind DatadogSLO: target, timeframe, and a query or monitors."""

from collections.abc import Iterator, Sequence

from catalog.document import Map, Seq, dig
from scorecards.reading.marked import Part
from scorecards.reading.objective import Indicator, Objective, make, query_indicator, target_of, text_of

_NAME = "Datadog"


def claims(part: Part) -> bool:
    """The custom resource of the Datadog operator."""
    return part.kind == "DatadogSLO"


def read(part: Part, parts: Sequence[Part]) -> Iterator[Objective]:
    """The one objective of the document."""
    spec = part.data.get("spec")
    spec = spec if isinstance(spec, Map) else Map(part.document.line)
    yield make(
        spec.get("name") or part.name,
        _NAME,
        part.path,
        part.document.line_of("spec", "targetThreshold"),
        target=target_of(spec.get("targetThreshold"), percent=True),
        indicator=measured(spec.get("query"), spec.get("monitorIDs")),
        window=text_of(spec.get("timeframe")),
        service=next(
            (text_of(t)[8:] for t in spec.get("tags") or () if text_of(t).startswith("service:")), ""
        ),
    )


def measured(query: object, monitors: object) -> Indicator:
    """A metric query of numerator and denominator, or the monitors that are counted."""
    if isinstance(query, Map):
        sides = [query.get(k, query.get(k.title())) for k in ("numerator", "denominator")]
        return query_indicator(sides, "ratio", prometheus=False, wanted=2)
    if isinstance(query, Seq) and query:
        return measured(dig(query, 0), monitors)
    if isinstance(monitors, Seq):
        listed = [text_of(m) for m in monitors if text_of(m)]
        return Indicator("monitors " + ", ".join(listed), "monitor") if listed else Indicator()
    text = text_of(monitors)
    return Indicator(f"monitors {text}", "monitor") if text else Indicator()
