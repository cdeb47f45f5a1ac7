"""A trace as text for a person: the verdict, then all that led to it."""

from collections.abc import Iterable

from rich.text import Text

from handrail.terminal import place, safe, status, write
from scorecards.trace import Trace

_MOST = 30
"""Lines of one list that are shown; JSON has all of them."""


def write_traces(traces: Iterable[Trace]) -> None:
    """One trace after the other."""
    for number, trace in enumerate(traces):
        if number:
            write()
        _write(trace)


def _write(trace: Trace) -> None:
    check, service = trace.check, trace.service
    where = f", in {service.path}/" if service.path else ""
    word = "waived" if check.waiver else check.status.value
    write(Text.assemble((check.id, "bold"), "  ", status(word), f"  {safe(service.name)}{safe(where)}"))
    _heading("How it was decided")
    for number, step in enumerate(trace.steps, 1):
        write(f"{number}. {step}", indent=2)
    if check.result.fix:
        write(f"Fix: {check.result.fix}", indent=2)
    _heading("Parameters")
    _list((_parameter(trace, name) for name in sorted(check.criterion.params)), "None.")
    _heading("Answers found")
    _list(_answers(trace), "None.")
    _heading("Evidence")
    _list((f"{place(e.path, e.line)}  {e.note}" for e in check.result.evidence), "None.")
    _heading("Looked at and not counted")
    _list((f"{place(n.path, n.line)}  {n.why}" for n in trace.not_counted), "Nothing.")
    _heading("Asked of the catalog and of Handrail")
    _list((f"{q}: {_said(a)}" for q, a in sorted(trace.asked.items())), "Nothing.")
    _heading("Read")
    _list(_read(trace), "No file.")


def _heading(text: str) -> None:
    write()
    write(text, "bold")


def _list(lines: Iterable[str], nothing: str) -> None:
    every = list(lines)
    for line in every[:_MOST] or [nothing]:
        write(line, indent=2)
    if len(every) > _MOST:
        write(f"and {len(every) - _MOST} more; `--format json` has all", indent=2)


def _parameter(trace: Trace, name: str) -> str:
    value, usual = trace.check.criterion.params[name], trace.check.criterion.check.params.get(name)
    said = "the default" if value == usual else f"set by the scorecard; the default is {usual!r}"
    return f"{name} = {value!r} ({said})"


def _answers(trace: Trace) -> Iterable[str]:
    for answer in trace.answers:
        yield f"{answer.status.value}: {answer.message}"
        for evidence in answer.evidence:
            yield f"  {place(evidence.path, evidence.line)}  {evidence.note}"


def _said(answer: object) -> str:
    words = {True: "yes", False: "no", None: "not known, as there is no catalog at hand"}
    return words[answer] if isinstance(answer, bool) or answer is None else str(answer)


def _read(trace: Trace) -> Iterable[str]:
    """Files with documents or problems first: those were read for what they hold, others for a word."""
    for file in sorted(trace.read, key=lambda r: (r.documents is None and r.problem is None, r.path)):
        told = []
        if file.documents is not None:
            told.append("one document" if file.documents == 1 else f"{file.documents} documents")
        if file.problem:
            told.append(f"not all could be read: {file.problem}")
        yield f"{file.path}  {'; '.join(told) or 'its text'}"
