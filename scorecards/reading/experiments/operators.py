"""Any other operator's experiment: a kind of a chaos API with a fault and something that it hits."""

import re
from collections.abc import Iterator, Sequence

from catalog.document import Map, dig, maps
from catalog.regex import regex
from scorecards.reading.experiment import NO_ACTION, Experiment, clean, scheduled_by, words
from scorecards.reading.marked import Part
from scorecards.reading.objective import text_of

FALLBACK = True
_NOT = regex(
    r"^(?:CustomResourceDefinition|ClusterRole(?:Binding)?|Role(?:Binding)?|Chaos(?:Result|Center|Infra\w*)"
    r"|ChaosExperiment(?:Definition)?Template|List|\w*(?:Policy|Config|Probe|Hub))$"
)
_FAULT = regex(
    r"^(?:injections?|actions?|faults?|attacks?|experiments?|disruptions?|network|cpuPressure|diskPressure|dnsError"
    r"|nodeFailure|containerFailure|podFailure|grpc|httpFault|mode|chaosType|failure)$",
    re.IGNORECASE,
)
_AIM = regex(
    r"^(?:targets?|selectors?|scope|matchers|podSelector|labelSelectors?|namespaces?|hosts?)$", re.IGNORECASE
)


def claims(part: Part) -> bool:
    """A custom resource whose API group or kind says chaos."""
    if not part.kind or "/" not in part.group or _NOT.match(part.kind):
        return False
    group = part.group.partition("/")[0].lower()
    return "chaos" in group or "chaos" in part.kind.lower()


def read(part: Part, parts: Sequence[Part]) -> Iterator[Experiment]:
    """The one experiment of the document."""
    spec = part.data.get("spec")
    if not isinstance(spec, Map):
        return
    faults = [k for m in maps(spec) for k, v in m.items() if _FAULT.match(k) and v not in (None, "", [], {})]
    held = [m[k] for m in maps(spec) for k in m if _FAULT.match(k)]
    kinds = [text_of(m.get("type") or m.get("action")) for h in held for m in maps(h)]
    aims = [words(m[k]) or text_of(m[k]) for m in maps(spec) for k in m if _AIM.match(k)]
    if not faults or not aims:
        if not faults:
            yield Experiment(part.name, part.kind, part.path, part.document.line, problems=(NO_ACTION,))
        return
    cron = text_of(spec.get("schedule") or dig(spec, "schedule", "cron"))
    yield Experiment(
        part.name,
        part.kind,
        part.path,
        part.document.line,
        clean([k for k in kinds if k][:3] or faults),
        aims=" ".join(aims),
        runs=f"its own schedule `{cron}`" if cron else scheduled_by(part),
    )
