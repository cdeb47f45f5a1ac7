"""Pyrra's ServiceLevelObjective: target in percent, window, and a ratio, latency or gauge indicator."""

from collections.abc import Iterator, Sequence

from catalog.document import Map, dig
from scorecards.reading.marked import Part
from scorecards.reading.objective import Indicator, Objective, make, query_indicator, target_of, text_of

_NAME = "Pyrra"


def claims(part: Part) -> bool:
    """Also met with the bare version as `apiVersion`."""
    return part.kind == "ServiceLevelObjective" and part.group in ("pyrra.dev/v1alpha1", "v1alpha1")


def read(part: Part, parts: Sequence[Part]) -> Iterator[Objective]:
    """The one objective of the document."""
    spec = part.data.get("spec")
    spec = spec if isinstance(spec, Map) else Map(part.document.line)
    labels = dig(part.data, "metadata", "labels")
    service = dig(labels, "pyrra.dev/service") or dig(labels, "app.kubernetes.io/name")
    yield make(
        part.name,
        _NAME,
        part.path,
        part.document.line_of("spec", "target"),
        target=target_of(spec.get("target"), percent=True),
        indicator=_indicator(spec.get("indicator")),
        window=text_of(spec.get("window")),
        service=service,
    )


def _indicator(node: object) -> Indicator:
    for key, sides in (
        ("ratio", ("errors", "total")),
        ("latency", ("success", "total")),
        ("latencyNative", ("total",)),
        ("latency_native", ("total",)),
        ("bool_gauge", ()),
        ("boolGauge", ()),
    ):
        held = dig(node, key)
        if isinstance(held, Map):
            metrics = [dig(held, side, "metric") for side in sides] or [held.get("metric")]
            return query_indicator(metrics, "ratio" if key == "ratio" else "threshold", wanted=len(metrics))
    return Indicator()
