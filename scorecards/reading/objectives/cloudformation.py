"""CloudFormation: AWS Application Signals objectives, and Datadog's resource type."""

from collections.abc import Iterator, Sequence
from typing import Any

from catalog.document import Map, dig, maps
from scorecards.reading.marked import Part
from scorecards.reading.objective import Indicator, Objective, make, target_of, text_of
from scorecards.reading.objectives.datadog import measured

_AWS = "AWS::ApplicationSignals::ServiceLevelObjective"
_DATADOG = "Datadog::SLOs::SLO"
_MEANT = 99
"""What AWS takes where no goal is given, over seven rolling days."""


def claims(part: Part) -> bool:
    """A template that makes an objective."""
    resources = part.data.get("Resources")
    return isinstance(resources, Map) and any(dig(r, "Type") in (_AWS, _DATADOG) for r in resources.values())


def read(part: Part, parts: Sequence[Part]) -> Iterator[Objective]:
    """One objective a resource."""
    resources = part.data["Resources"]
    for name, resource in resources.items():
        kind, held = dig(resource, "Type"), dig(resource, "Properties")
        held = held if isinstance(held, Map) else Map(resources.lines.get(name, 1))
        if kind == _AWS:
            yield _application_signals(part, name, held)
        elif kind == _DATADOG:
            threshold = dig(held, "Thresholds", 0)
            yield make(
                _value(part, held.get("Name")) or name,
                "Datadog",
                part.path,
                held.line,
                target=target_of(_value(part, dig(threshold, "Target")), percent=True),
                indicator=measured(held.get("Query"), held.get("MonitorIds")),
                window=text_of(_value(part, dig(threshold, "Timeframe"))),
            )


def _application_signals(part: Part, name: str, held: Map) -> Objective:
    goal = held.get("Goal")
    rolling, calendar = dig(goal, "Interval", "RollingInterval"), dig(goal, "Interval", "CalendarInterval")
    interval = rolling if isinstance(rolling, Map) else calendar
    window = f"{text_of(dig(interval, 'Duration'))} {text_of(dig(interval, 'DurationUnit'))}".strip()
    return make(
        _value(part, held.get("Name")) or name,
        "AWS Application Signals",
        part.path,
        held.line,
        target=target_of(
            _value(part, dig(goal, "AttainmentGoal") if isinstance(goal, Map) else _MEANT), True
        ),
        indicator=_sli(part, held),
        window=window or "7 DAY",
        service=next(
            (_value(part, m["Name"]) for m in maps(held.get("Sli")) if m.get("Type") == "Service"), ""
        ),
    )


def _sli(part: Part, held: Map) -> Indicator:
    for key, inner in (("Sli", "SliMetric"), ("RequestBasedSli", "RequestBasedSliMetric")):
        metric = dig(held, key, inner)
        if isinstance(metric, Map) and metric:
            words = [text_of(_value(part, v)) for m in maps(metric) for v in m.values()]
            return Indicator(" ".join(w for w in words if w)[:500] or inner, "query")
    return Indicator()


def _value(part: Part, node: Any) -> Any:
    """The value, or the default of the parameter that it refers to."""
    name = node.get("Ref") if isinstance(node, Map) else node
    if isinstance(name, str):
        parameter = dig(part.data, "Parameters", name)
        if isinstance(parameter, Map):
            return parameter.get("Default", f"${{{name}}}")
    return None if isinstance(node, Map) else node
