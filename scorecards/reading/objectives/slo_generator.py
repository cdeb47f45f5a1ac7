"""Google's slo-generator: a goal and a backend's method; the window stands in the shared configuration."""

from collections.abc import Iterator, Sequence

from catalog.document import Map, dig, maps
from scorecards.reading.marked import Part
from scorecards.reading.objective import Indicator, Objective, make, query_indicator, target_of, text_of

_NAME = "slo-generator"


def claims(part: Part) -> bool:
    """Version 2 (`sre.google.com/v2`) and the flat files before it."""
    if part.group.startswith("sre.google.com/"):
        return True
    return "slo_target" in part.data and "backend" in part.data


def read(part: Part, parts: Sequence[Part]) -> Iterator[Objective]:
    """The one objective of the document."""
    data, spec = part.data, part.data.get("spec")
    if "slo_target" in data:
        backend = data.get("backend")
        yield make(
            data.get("slo_name"),
            _NAME,
            part.path,
            part.document.line_of("slo_target"),
            target=target_of(data.get("slo_target"), percent=False),
            indicator=_indicator(text_of(dig(backend, "method")), dig(backend, "measurement")),
            service=data.get("service_name"),
            needs=("target", "indicator"),
        )
    elif part.kind == "ServiceLevelObjective":
        held = spec if isinstance(spec, Map) else Map(part.document.line)
        method = text_of(held.get("method"))
        yield make(
            part.name,
            _NAME,
            part.path,
            part.document.line_of("spec", "goal"),
            target=target_of(held.get("goal"), percent=False),
            indicator=_indicator(method, held.get("service_level_indicator")),
            service=dig(data, "metadata", "labels", "service_name"),
            needs=("target", "indicator"),
        )


def _indicator(method: str, node: object) -> Indicator:
    if not method or not isinstance(node, Map):
        return Indicator()
    texts = [text_of(v) for m in maps(node) for v in m.values() if isinstance(v, str) and text_of(v)]
    found = query_indicator([" ".join(texts)], method, prometheus=False) if texts else Indicator()
    return found if found.text else Indicator(method, method) if method == "basic" else Indicator()
