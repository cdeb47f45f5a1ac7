"""Traces as plain JSON values; `handrail/schemas/trace.schema.json` describes them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from catalog.problem import Problem
from scorecards.report import check_row, error_row
from scorecards.rules import rules
from scorecards.scorecard import Scorecard
from scorecards.trace import Trace

SCHEMA = 1

Row = dict[str, Any]


def trace_report(
    traces: Iterable[Trace],
    problems: Iterable[Problem] = (),
    *,
    check: str,
    scorecard: Scorecard,
    handrail: str,
    as_of: date,
    commit: str | None,
) -> Row:
    """The whole report of `handrail check --trace CHECK --format json`."""
    return {
        "schema": SCHEMA,
        "handrail": handrail,
        "rules": rules((scorecard,)),
        "as_of": as_of.isoformat(),
        "commit": commit,
        "check": check,
        "scorecard": scorecard.name,
        "traces": [trace_row(trace) for trace in traces],
        "errors": [error_row(problem) for problem in problems],
    }


def trace_row(trace: Trace) -> Row:
    """The decision for one service."""
    service, criterion = trace.service, trace.check.criterion
    return {
        "ref": str(service.ref),
        "path": service.path or ".",
        "type": service.type,
        "declared_type": service.declared_type,
        "except": sorted(criterion.check.excepted),
        "named": trace.named,
        "params": [
            {"name": name, "value": _plain(value), "default": _plain(criterion.check.params.get(name))}
            for name, value in sorted(criterion.params.items())
        ],
        "read": [{"path": r.path, "documents": r.documents, "problem": r.problem} for r in trace.read],
        "shared": list(trace.shared),
        "asked": [
            {"question": question, "answer": answer} for question, answer in sorted(trace.asked.items())
        ],
        "answers": [
            {
                "status": answer.status.value,
                "message": answer.message,
                "evidence": [{"path": e.path, "line": e.line, "note": e.note} for e in answer.evidence],
            }
            for answer in trace.answers
        ],
        "not_counted": [{"path": n.path, "line": n.line, "why": n.why} for n in trace.not_counted],
        "steps": list(trace.steps),
        "result": check_row(trace.check),
        "broken": trace.check.broken,
    }


def _plain(value: object) -> Any:
    """A parameter as JSON holds it: sets and tuples become lists."""
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    return [_plain(inner) for inner in value] if isinstance(value, Iterable) else str(value)
