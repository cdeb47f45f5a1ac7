"""Objectives in Terraform: Google, Datadog, Grafana, New Relic, Dynatrace, AWS Application Signals, Nobl9."""

from collections.abc import Callable, Iterator
from typing import Any

from catalog.document import Map, Seq, dig, maps
from catalog.evaluation import Unknown
from catalog.snapshot import Snapshot
from catalog.terraform import Resource, terraform
from scorecards.reading.flaw import Flaw
from scorecards.reading.objective import (
    Indicator,
    Objective,
    Target,
    make,
    query_indicator,
    target_of,
    text_of,
)
from scorecards.reading.objectives.datadog import measured
from scorecards.result import Status


def find(snapshot: Snapshot) -> Iterator[Objective]:
    """Every objective that a module makes, and calls of modules elsewhere that are named for it."""
    held = terraform(snapshot)
    if not held.paths():
        return
    for resource in held.resources(tuple(_READERS)):
        yield from _READERS[resource.type](resource)
    if any("slo" in (snapshot.text(p) or "").lower() for p in held.paths()):
        yield from _called(snapshot)


def _called(snapshot: Snapshot) -> Iterator[Objective]:
    for call in terraform(snapshot).calls():
        source = call.source.lower()
        if source.startswith(("./", "../")) or not any(
            w in "-slo-slos-" or w == "service-level" for w in _tokens(source)
        ):
            continue
        goal = next(
            (v for k, v in call.values.items() if k in ("goal", "target", "objective", "slo_target")), None
        )
        yield make(
            call.name,
            "Terraform module",
            call.path,
            call.line,
            target=target_of(goal, percent=None),
            indicator=Indicator(call.source, "module"),
            needs=(),
            flaws=(Flaw(Status.UNKNOWN, f"the module `{call.source[:80]}` is not in this repository"),),
        )


def _tokens(source: str) -> list[str]:
    return [w for w in source.replace("/", "-").replace("_", "-").replace(".", "-").split("-") if len(w) > 2]


def _make(resource: Resource, dialect: str, key: str, **parts: Any) -> Objective:
    values = resource.values
    named = (values.get(k) for k in ("name", "display_name", "slo_id"))
    return make(
        next((n for n in named if n and not isinstance(n, Unknown)), resource.name),
        dialect,
        resource.path,
        values.lines.get(key, resource.line),
        **parts,
    )


def _google(resource: Resource) -> Iterator[Objective]:
    values = resource.values
    indicator = Indicator()
    basic = dig(values, "basic_sli", 0)
    if isinstance(basic, Map):
        indicator = Indicator(_first(basic, ("availability", "latency")) or "basic SLI", "basic")
    for kind in ("request_based_sli", "windows_based_sli"):
        held = dig(values, kind, 0)
        if isinstance(held, Map):
            filters = [
                text_of(v)
                for m in maps(held)
                for k, v in m.items()
                if (k.endswith("filter") or k == "time_series") and text_of(v)
            ]
            good = any(
                k.startswith("good_service") or k.startswith("bad_service") for m in maps(held) for k in m
            )
            indicator = query_indicator(filters, "ratio", prometheus=False, wanted=2 if good else 1)
            if not filters and any("basic_sli_performance" in m for m in maps(held)):
                indicator = Indicator("basic SLI", "basic")
    days, calendar = text_of(values.get("rolling_period_days")), text_of(values.get("calendar_period"))
    yield _make(
        resource,
        "Google Cloud Monitoring",
        "goal",
        target=target_of(values.get("goal"), percent=False),
        indicator=indicator,
        window=f"{days} days" if days else f"calendar {calendar}" if calendar else "",
        service=values.get("service"),
    )


def _first(block: Map, names: tuple[str, ...]) -> str:
    return next((n for n in names if n in block), "")


def _datadog(resource: Resource) -> Iterator[Objective]:
    values = resource.values
    threshold = dig(values, "thresholds", 0)
    target = dig(threshold, "target")
    window = text_of(dig(threshold, "timeframe") or values.get("timeframe"))
    slice_ = dig(values, "sli_specification", 0)
    indicator = measured(values.get("query"), values.get("monitor_ids"))
    if not indicator.text and isinstance(slice_, Map):
        queries = [m["query"] for m in maps(slice_) if text_of(m.get("query"))]
        indicator = query_indicator(queries, "time slice", prometheus=False)
    tags = values.get("tags")
    tagged = [text_of(t) for t in tags] if isinstance(tags, Seq) else []
    yield _make(
        resource,
        "Datadog",
        "thresholds",
        target=target_of(target if target is not None else values.get("target_threshold"), percent=True),
        indicator=indicator,
        window=window,
        service=next((t[8:] for t in tagged if t.startswith("service:")), ""),
    )


def _grafana(resource: Resource) -> Iterator[Objective]:
    values = resource.values
    query = dig(values, "query", 0)
    ratio, freeform = dig(query, "ratio", 0), dig(query, "freeform", 0)
    if isinstance(ratio, Map):
        indicator = query_indicator(
            [ratio.get("success_metric"), ratio.get("total_metric")], "ratio", wanted=2
        )
    elif isinstance(freeform, Map):
        indicator = query_indicator([freeform.get("query")], "query")
    else:
        texts = [v for m in maps(query) for k, v in m.items() if k != "type" and text_of(v)]
        indicator = query_indicator(texts, "query", prometheus=False)
    listed = values.get("objectives")
    for entry in listed if isinstance(listed, Seq) and listed else [Map(resource.line)]:
        yield _make(
            resource,
            "Grafana",
            "objectives",
            target=target_of(dig(entry, "value"), percent=False),
            indicator=indicator,
            window=text_of(dig(entry, "window")),
        )


def _newrelic(resource: Resource) -> Iterator[Objective]:
    values = resource.values
    events = dig(values, "events", 0)
    froms = [
        text_of(m.get("from")) + " " + text_of(m.get("where")) for m in maps(events) if text_of(m.get("from"))
    ]
    objective = dig(values, "objective", 0)
    rolling = dig(objective, "time_window", 0, "rolling", 0)
    window = f"{text_of(dig(rolling, 'count'))} {text_of(dig(rolling, 'unit'))}".strip()
    yield _make(
        resource,
        "New Relic",
        "objective",
        target=target_of(dig(objective, "target"), percent=True),
        indicator=query_indicator(froms, "ratio", prometheus=False, wanted=2),
        window=window,
    )


def _dynatrace(resource: Resource) -> Iterator[Objective]:
    values = resource.values
    metric = values.get("metric_expression") or values.get("metric_rate") or values.get("numerator")
    criteria = dig(values, "criteria", 0, "criteria_detail", 0)
    if isinstance(criteria, Map):
        template = next((m for k in ("custom_sli", "sli_reference") for m in maps(values.get(k))), Map())
        texts = [text_of(v) for v in template.values() if text_of(v)]
        metric, target = " ".join(texts), criteria.get("target")
        window = text_of(criteria.get("timeframe_from"))
    else:
        target = values.get("target_success", values.get("target"))
        window = text_of(values.get("evaluation_window") or values.get("timeframe"))
    yield _make(
        resource,
        "Dynatrace",
        "target_success",
        target=target_of(target, percent=True),
        indicator=query_indicator([metric], "query", prometheus=False) if metric else Indicator(),
        window=window,
    )


def _aws(resource: Resource) -> Iterator[Objective]:
    values = resource.values
    goal = _held(values.get("goal") or values.get("Goal"))
    sli = _held(values.get("sli") or values.get("request_based_sli"))
    texts = [text_of(v) for m in maps(sli) for v in m.values() if text_of(v)]
    texts += [k for m in maps(sli) for k in m]
    interval = next((m for m in maps(goal) if "duration" in m), Map())
    window = f"{text_of(interval.get('duration'))} {text_of(interval.get('duration_unit'))}".strip()
    attained = goal.get("attainment_goal", 99) if isinstance(goal, Map) else 99
    yield _make(
        resource,
        "AWS Application Signals",
        "goal",
        target=target_of(attained, percent=True),
        indicator=Indicator(" ".join(texts)[:500], "query"),
        window=window or "7 DAY",
    )


def _held(node: Any) -> Any:
    return dig(node, 0) if isinstance(node, Seq) else node


def _nobl9(resource: Resource) -> Iterator[Objective]:
    values = resource.values
    listed = values.get("objective")
    window = dig(values, "time_window", 0)
    length = f"{text_of(dig(window, 'count'))} {text_of(dig(window, 'unit'))}".strip()
    for entry in listed if isinstance(listed, Seq) and listed else [Map(resource.line)]:
        texts = [
            text_of(v)
            for k in ("raw_metric", "count_metrics", "composite")
            for m in maps(dig(entry, k))
            for v in m.values()
            if isinstance(v, str) and text_of(v)
        ]
        target: Target = target_of(dig(entry, "target"), percent=False)
        yield _make(
            resource,
            "Nobl9",
            "objective",
            target=target,
            indicator=query_indicator([" ".join(texts)], "query", prometheus=False) if texts else Indicator(),
            window=length,
            service=values.get("service"),
        )


_READERS: dict[str, Callable[[Resource], Iterator[Objective]]] = {
    "google_monitoring_slo": _google,
    "datadog_service_level_objective": _datadog,
    "grafana_slo": _grafana,
    "newrelic_service_level": _newrelic,
    "dynatrace_slo": _dynatrace,
    "dynatrace_slo_v2": _dynatrace,
    "dynatrace_platform_slo": _dynatrace,
    "aws_applicationsignals_service_level_objective": _aws,
    "awscc_applicationsignals_service_level_objective": _aws,
    "nobl9_slo": _nobl9,
}
