"""What an alert's expression measures, and how: metrics, burn rates, forecasts, what recording rules hide.

The shapes of burn-rate alerts are those of the SRE Workbook, chapter 5: a factor times the error budget.
"""

import re
from collections.abc import Mapping

from catalog.document import maps
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.alert import Alert
from scorecards.reading.alerting import alerting
from scorecards.reading.objective import Objective, text_of

_BURNS = regex(r"burn_?rate|burnrate|error_?budget|BurnRate|budget_?burn", re.IGNORECASE)
_NUMBER = r"(?:\d{1,4}(?:\.\d{1,6})?)"
_BUDGET = (
    r"(?:\(?\s*1\s*-\s*\(?\s*0?\.9\d{0,6}\s*\)?\s*\)?|\(?\s*100\s*-\s*9\d(?:\.\d{1,4})?\s*\)?"
    r"|0?\.0\d{1,6})"
)
_FACTOR = regex(
    rf"[<>]=?\s*\(?\s*(?:{_NUMBER}\s*\*\s*{_BUDGET}|{_BUDGET}\s*\*\s*{_NUMBER}|\(?\s*1\s*-\s*0?\.9)"
)
_COMPARES = regex(rf"[<>]=?\s*\(?\s*{_NUMBER}")
_NAMED = regex(r"burn|error.?budget", re.IGNORECASE)
_TARGET = regex(r"(?<![\w.])(?:0?\.9\d{0,6}|9\d\.\d{1,4})(?![\w.])")
_PROMQL = frozenset({"Prometheus", "Grafana"})

_QUOTED = regex(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'")
_BRACES = regex(r"\{[^{}]*\}|\[[^\[\]]*\]")
_LABELLED = regex(r"\w\{[^{}]{0,2000}[=:]")
_MARKED = regex(r"[_.:/]")
_METRIC = regex(r"[A-Za-z_:][\w:./]{5,150}")
_SUFFIX = regex(r"_(?:bucket|count|sum|total)$")
_COMMON = regex(
    r"^(?:resource|metric|monitoring|prometheus\.googleapis)\.|^(?:ignoring|group_left|group_right|without)$"
)

_PREDICTS = (
    ("predict_linear", regex(r"\bpredict_linear\s*\(")),
    ("holt_winters", regex(r"\b(?:holt_winters|double_exponential_smoothing)\s*\(")),
    ("z-score", regex(r"\b(?:stddev|stdvar|mad)_over_time\s*\(|z_?score", re.IGNORECASE)),
    (
        "anomaly detection",
        regex(r"\banomalies\(|\boutliers\(|ANOMALY_DETECTION|anomaly|machine_learning|source:watchdog", re.I),
    ),
    (
        "anomaly detection",
        regex(r"ThanLowerOrGreaterThanUpperThreshold|GreaterThanUpperThreshold|LessThanLowerThreshold"),
    ),
    ("forecast", regex(r"\bforecast\(|forecast_options|series_decompose_forecast")),
    (
        "dynamic threshold",
        regex(r"dynamic_criteria|DynamicThreshold|smart_detector|FailureAnomalies|series_decompose"),
    ),
    ("baseline", regex(r"\bbaseline$|\boutlier$|AUTO_ADAPTIVE_THRESHOLD|SEASONAL_BASELINE|^spike\b")),
)
_HINTS = (
    *(
        "predict",
        "winters",
        "smoothing",
        "_over_time",
        "score",
        "anomal",
        "outlier",
        "ANOMALY",
        "machine_learning",
    ),
    *(
        "watchdog",
        "Threshold",
        "forecast",
        "series_decompose",
        "dynamic_",
        "smart_",
        "FailureAnomalies",
        "baseline",
    ),
    *("ADAPTIVE", "BASELINE", "spike", "offset", "Score", "Anomal"),
)
"""One of these stands in every expression that predicts: most are done with after that."""
_OFFSET = regex(r"\boffset\s+(?:[1-9]\d?[dw]|24h|168h|7d)\b")
_MACHINES = regex(
    r"\bnode_|\bkube_node|\bkubelet_volume|\bcontainer_fs|smartctl|filesystem|\bdisk|AWS/EC2|\bsystem\.(?:cpu|disk|mem|load)"
    r"|windows_logical|FreeStorageSpace|\bcert",
    re.IGNORECASE,
)


def burns(alert: Alert) -> bool:
    """Whether an alert fires on how fast an error budget is spent, or on what is left of it."""
    if alert.slo or _BURNS.search(alert.expr):
        return True
    if alert.dialect == "Jsonnet":
        return _NAMED.search(alert.name) is not None
    if alert.dialect not in _PROMQL:
        return False
    expr = " ".join(alert.expr.split())
    if _FACTOR.search(expr):
        return True
    named = _NAMED.search(f"{alert.name} {alert.about}") is not None
    return named and "rat" in expr and _COMPARES.search(expr) is not None


def holds_target(alert: Alert) -> bool:
    """Whether the expression itself says the target, as `14.4 * (1 - 0.999)` does."""
    return _TARGET.search(alert.expr) is not None


def recorded(snapshot: Snapshot) -> Mapping[str, str]:
    """The expressions of recording rules by the name they record; made once a snapshot."""
    return snapshot.derive(_recorded)


def _recorded(snapshot: Snapshot) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in alerting(snapshot).files:
        if "record" in file.text and "expr" in file.text:
            for document in file.documents:
                for held in maps(document.data):
                    if isinstance(held.get("record"), str) and "expr" in held:
                        found[held["record"]] = text_of(held["expr"])
    return found


def expanded(alert: Alert, snapshot: Snapshot) -> str:
    """The expression with those of the recording rules that it uses, one level deep."""
    if alert.dialect not in _PROMQL:
        return alert.expr
    known = recorded(snapshot)
    if not known:
        return alert.expr
    used = [known[name] for name in metrics_of(alert.expr, suffixes=True) if name in known]
    return "\n".join([alert.expr, *used])


def metrics_of(text: str, *, suffixes: bool = False) -> frozenset[str]:
    """What a query measures, by name; labels, functions and what Prometheus adds to a name are left out."""
    plain = text[:20_000]
    if _LABELLED.search(plain):
        plain = _BRACES.sub(" ", _QUOTED.sub("", plain))
    found = set()
    for match in _METRIC.finditer(plain):
        name = match[0].rstrip("./:")
        called = plain[match.end() : match.end() + 2].lstrip().startswith("(")
        if not called and _MARKED.search(name) and not _COMMON.search(name):
            found.add(name if suffixes else _SUFFIX.sub("", name))
    return frozenset(found)


def prediction(alert: Alert, snapshot: Snapshot) -> str:
    """By what means an alert tells the unusual or the coming, "" where it is a plain threshold."""
    text = expanded(alert, snapshot)
    if not _hinted(text):
        return ""
    if alert.dialect == "Prometheus":
        text = _QUOTED.sub("", text)
    for means, pattern in _PREDICTS:
        if pattern.search(text):
            return means
    shifted = _OFFSET.search(text)
    if shifted and alert.dialect in _PROMQL and ("/" in text or "-" in text):
        return "comparison with the same time before"
    return ""


def _hinted(text: str) -> bool:
    for hint in _HINTS:  # noqa: SIM110 - a generator for each expression costs more than the search
        if hint in text:
            return True
    return False


def watches_machines(alert: Alert) -> bool:
    """Whether what is watched is a machine's disk, memory or certificate, no sign of how the service does."""
    return _MACHINES.search(alert.expr) is not None


_SENSES = (
    (
        regex(r"availab|error|success|fail", re.I),
        regex(r"5xx|5\.\.|error|fail|\bup\b|status|health", re.I),
    ),
    (
        regex(r"latenc|response|duration|p9\d", re.I),
        regex(r"latency|duration|quantile|response_?time|p9\d", re.I),
    ),
)


def measures(objective: Objective, alert: Alert, snapshot: Snapshot) -> bool:
    """Whether an alert looks at what an objective measures: the same metric or monitor, or its sense."""
    if objective.kind == "monitor":
        return any(f"datadog_monitor.{name}" in alert.about for name in _MONITOR.findall(objective.indicator))
    if objective.kind in ("words", ""):
        told = f"{objective.name} {objective.indicator}"
        looked = f"{alert.name} {alert.expr}"
        return any(said.search(told) and seen.search(looked) for said, seen in _SENSES)
    return bool(metrics_of(expanded(alert, snapshot)) & metrics_of(objective.indicator))


_MONITOR = regex(r"datadog_monitor\.(\w+)")
