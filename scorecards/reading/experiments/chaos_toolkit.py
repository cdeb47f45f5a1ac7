"""Chaos Toolkit: at least one action in the method, and one probe in the steady-state hypothesis."""

from collections.abc import Iterator, Sequence
from typing import Any

from catalog.document import Map, Seq, dig
from scorecards.reading.experiment import NO_ACTION, Experiment, clean, scheduled_by
from scorecards.reading.flaw import Flaw
from scorecards.reading.hollow import is_filler
from scorecards.reading.marked import Part
from scorecards.reading.objective import text_of
from scorecards.reading.words import word_set
from scorecards.result import Status

_NAME = "Chaos Toolkit"
_IDLE = word_set("echo true sleep : printf date ls cat pwd hostname test uname whoami")
_SHELLS = frozenset({"sh", "bash", "zsh", "dash"})


def claims(part: Part) -> bool:
    """An experiment file, or the operator's custom resource."""
    data = part.data
    if "kind" in data and "chaostoolkit" in part.group:
        return True
    if not isinstance(data.get("method"), Seq):
        return False
    return "steady-state-hypothesis" in data or ("title" in data and _steps(data["method"], "action") != [])


def read(part: Part, parts: Sequence[Part]) -> Iterator[Experiment]:
    """The one experiment of the document."""
    data = part.data
    if "method" not in data:
        if part.kind == "ChaosToolkitExperiment":
            yield from _resource(part)
        return
    method = data["method"]
    actions = _steps(method, "action")
    hypothesis = dig(data, "steady-state-hypothesis", "probes")
    probes = _steps(hypothesis, "probe")
    flaws = []
    if not actions:
        idle = any(text_of(m.get("type")) == "action" for m in _maps(method))
        flaws.append(Flaw(Status.FAIL, "its actions do nothing") if idle else NO_ACTION)
    elif not probes:
        flaws.append(Flaw(Status.PARTIAL, "no probe in its steady-state hypothesis tells whether it held"))
    title = text_of(data.get("title"))
    if is_filler(title) and not actions:
        flaws.append(Flaw(Status.FAIL, "its title is filler"))
    yield Experiment(
        title,
        _NAME,
        part.path,
        part.document.line_of("method"),
        clean(actions),
        clean(probes),
        runs=scheduled_by(part),
        problems=tuple(flaws),
    )


def _resource(part: Part) -> Iterator[Experiment]:
    when = text_of(dig(part.data, "spec", "schedule", "value"))
    yield Experiment(
        part.name,
        _NAME,
        part.path,
        part.document.line,
        ("the experiment it refers to",),
        runs=f"its own schedule `{when}`" if when else "",
        problems=(Flaw(Status.UNKNOWN, "the experiment that it runs is held in the cluster"),),
    )


def _maps(node: Any) -> list[Map]:
    return [m for m in node if isinstance(m, Map)] if isinstance(node, Seq) else []


def _steps(node: Any, kind: str) -> list[str]:
    """Names of the activities of a kind that really call something."""
    found = []
    for step in _maps(node):
        if "ref" in step and kind == "probe":
            found.append(text_of(step["ref"]))
        provider = step.get("provider")
        if text_of(step.get("type")) != kind or not isinstance(provider, Map):
            continue
        what = text_of(provider.get("path") or provider.get("func") or provider.get("url"))
        if what and not _idle(what, provider.get("arguments")) and not is_filler(what):
            found.append(text_of(step.get("name")) or what)
    return found


def _idle(what: str, arguments: Any) -> bool:
    """Whether a program or a function changes nothing: `echo`, `time.sleep`, `sh -c true`."""
    name = what.rpartition("/")[2] if "://" not in what else what
    if name not in _SHELLS:
        return name in _IDLE
    given = " ".join(map(text_of, arguments)) if isinstance(arguments, Seq) else text_of(arguments)
    inner = given.partition("-c ")[2].strip("\"' ")
    words = inner.split()
    return bool(words) and (words[0] in _IDLE or inner == "exit 0") and not any(c in inner for c in "&|;$`")
