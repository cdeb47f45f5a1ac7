"""Objectives in a programming language (Jsonnet, Go, CDK, Pulumi): seen, but only a run would tell them."""

import re
from collections.abc import Iterator

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.flaw import Flaw
from scorecards.reading.objective import Indicator, Objective, Target, make
from scorecards.reading.paths import paths
from scorecards.result import Status

_ENDINGS = ("jsonnet", "libsonnet", "go", "ts", "py", "java", "cs", "kt", "cue", "bicep")
_PATH = regex(r"(?<![a-z])(?:slos?|service[-_]?level|objectives?|stack|monitoring)(?![a-z])", re.IGNORECASE)
_MAKES = regex(
    r"slo-libsonnet|CfnServiceLevelObjective|new \w*\.?ServiceLevelObjective\(|monitoring\.(?:Slo|NewSlo)\("
    r"|newrelic\.ServiceLevel\(|grafana\w*\.Slo\(|pyrra-dev/pyrra/kubernetes|slok/sloth/pkg|OpenSLO/go-sdk"
    r"|nobl9/nobl9-go/manifest|aws_applicationsignals\.|dynatrace\.Slo\w*\("
)
_MAX = 20


def find(snapshot: Snapshot) -> Iterator[Objective]:
    """Files named for objectives that call what makes one."""
    found = 0
    for path in paths(snapshot).ending(*_ENDINGS):
        low = path.lower()
        if not ("slo" in low or "level" in low or "objective" in low or "stack" in low or "monitor" in low):
            continue
        if not _PATH.search(low) or "vendor/" in low:
            continue
        text = snapshot.text(path)
        made = _MAKES.search(text[:300_000]) if text else None
        if text and made:
            yield make(
                path.rpartition("/")[2],
                "program",
                path,
                text.count("\n", 0, made.start()) + 1,
                target=Target(),
                indicator=Indicator(),
                needs=(),
                flaws=(Flaw(Status.UNKNOWN, "only running the program tells what it asks for"),),
            )
            found += 1
            if found >= _MAX:
                return
