"""Gradual deliveries in the code of a CDK application: deployment groups, and alarms that stop them."""

from collections.abc import Iterator

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.paths import paths
from scorecards.reading.progressive.gradual import Gradual, gradual, hollow

_GROUP = regex(
    r"\b(?:Lambda|Ecs)DeploymentGroup\s*\(|\bdeploymentStrategy\s*[:=]\s*\S*(?:BLUE_GREEN|CANARY|LINEAR)"
)
_SYNTHETIC = regex(r"\bsynthetics\.Canary\s*\(|\bnew\s+Canary\s*\(\s*this")
_ALARMS = regex(r"\balarms\s*[:=]\s*\[\s*[^\]\s]|\baddAlarm\s*\(|\badd_alarm\s*\(|deploymentAlarms\s*[:=]")
_AT_ONCE = regex(r"ALL_AT_ONCE\b")
_MAX_FILES = 80


def read(snapshot: Snapshot) -> Iterator[Gradual]:
    """Every deployment group of the application."""
    if not any(True for _ in paths(snapshot).named("cdk.json")):
        return
    for path in list(paths(snapshot).ending("ts", "py", "java", "go", "cs"))[:_MAX_FILES]:
        text = (snapshot.text(path) or "")[:200_000]
        if "DeploymentGroup" not in text and "eploymentStrategy" not in text and "Canary" not in text:
            continue
        for found in _GROUP.finditer(text):
            around = text[found.start() : found.start() + 1_500]
            line = text.count("\n", 0, found.start()) + 1
            what = "the deployment group of the CDK application"
            if _AT_ONCE.search(around) and "Lambda" in found.group():
                yield hollow(path, line, what, "it moves all traffic at once")
            else:
                watched = _ALARMS.search(around) is not None or ".addAlarm(" in text or ".add_alarm(" in text
                yield gradual(path, line, what, watched, "no alarm stops it")
        if found_canary := _SYNTHETIC.search(text):
            line = text.count("\n", 0, found_canary.start()) + 1
            yield hollow(path, line, "a synthetic monitoring canary", "it watches, and delivers nothing")
