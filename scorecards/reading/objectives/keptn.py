"""Keptn quality gates: objectives with pass criteria. Queries and windows stand elsewhere."""

from collections.abc import Iterator, Sequence
from typing import Any

from catalog.document import Map, Seq, dig, maps
from catalog.regex import regex
from scorecards.reading.flaw import Flaw
from scorecards.reading.marked import Part
from scorecards.reading.objective import Indicator, Objective, Target, is_template, make, text_of
from scorecards.result import Status

_NAME = "Keptn"
_DIGIT = regex(r"\d")


def claims(part: Part) -> bool:
    """A Keptn SLO file, or the AnalysisDefinition of the newer Keptn."""
    if part.kind == "AnalysisDefinition":
        return "keptn" in part.group
    return "spec_version" in part.data and "objectives" in part.data


def read(part: Part, parts: Sequence[Part]) -> Iterator[Objective]:
    """The objectives that decide; those without criteria are for information only."""
    holder = part.data.get("spec") if part.kind else part.data
    listed = dig(holder, "objectives")
    entries = [e for e in listed if isinstance(e, Map)] if isinstance(listed, Seq) else []
    deciding = [e for e in entries if _criteria(e)]
    if not deciding:
        why = "no objective has pass criteria" if entries else "its list of objectives is empty"
        line = part.document.line_of("objectives")
        yield make(
            part.name or part.path,
            _NAME,
            part.path,
            line,
            target=Target(),
            indicator=Indicator(),
            needs=(),
            flaws=(Flaw(Status.FAIL, why),),
        )
    for entry in deciding:
        name = text_of(entry.get("sli") or dig(entry, "analysisValueTemplateRef", "name"))
        goal = " and ".join(_criteria(entry))
        flaws = []
        if is_template(goal):
            flaws.append(Flaw(Status.UNKNOWN, "its criteria are filled in when they are rendered"))
        elif not _DIGIT.search(goal):
            flaws.append(Flaw(Status.FAIL, f"its criteria `{goal[:60]}` hold no number"))
        yield make(
            entry.get("displayName") or name,
            _NAME,
            part.path,
            entry.line,
            target=Target(goal),
            indicator=Indicator(name, "reference"),
            needs=("target", "indicator"),
            flaws=flaws,
        )


def _criteria(entry: Map) -> list[str]:
    passes: Any = entry.get("pass")
    found = [text_of(c) for m in maps(passes) for c in m.get("criteria") or [] if text_of(c)]
    target = entry.get("target")
    if isinstance(target, Map):
        found += [text_of(v) for m in maps(target) for v in m.values() if _DIGIT.search(text_of(v))]
    return [c for c in found if c]
