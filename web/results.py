"""Stored results of checks, read defensively: another version, or anybody, may have written them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from web.wording import LACKING, STATUSES


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check of one service, as in `handrail check --format json`."""

    id: str
    stage: int
    required: bool
    status: str
    message: str
    evidence: tuple[Mapping[str, Any], ...]
    not_counted: tuple[Mapping[str, Any], ...]
    fix: str
    waiver: Mapping[str, Any] | None
    valid_until: str | None

    @property
    def holds(self) -> bool:
        """Whether it passes, does not apply or is waived."""
        return self.waiver is not None or self.status not in LACKING

    @property
    def shown_as(self) -> str:
        """The status it is counted under: a waived one is counted as waived alone."""
        return "waived" if self.waiver is not None else self.status

    @property
    def urgency(self) -> tuple[bool, int, bool, str]:
        """Order of reading: what does not hold first, fail before partial before unknown, required first."""
        return (self.holds, [*STATUSES].index(self.status), not self.required, self.id)


def read_results(stored: Iterable[Any]) -> list[CheckResult]:
    """The results of a score, without what is not one."""
    return [
        _result(item) for item in stored if isinstance(item, dict) and str(item.get("status")) in STATUSES
    ]


def _result(item: Mapping[str, Any]) -> CheckResult:
    stage = item.get("stage")
    waiver = item.get("waiver")
    return CheckResult(
        id=str(item.get("id", "")),
        stage=stage if isinstance(stage, int) and 2 <= stage <= 5 else 2,
        required=bool(item.get("required")),
        status=str(item["status"]),
        message=str(item.get("message") or ""),
        evidence=_mappings(item.get("evidence")),
        not_counted=_mappings(item.get("not_counted")),
        fix=str(item.get("fix") or ""),
        waiver=waiver if isinstance(waiver, dict) else None,
        valid_until=item.get("valid_until"),
    )


def _mappings(value: Any) -> tuple[Mapping[str, Any], ...]:
    return tuple(v for v in value if isinstance(v, dict)) if isinstance(value, list) else ()


def counted(results: Iterable[CheckResult]) -> dict[str, int]:
    """How many results stand under each status, `waived` among them, in reading order."""
    counts = Counter(result.shown_as for result in results)
    order = ("fail", "partial", "unknown", "pass", "waived", "not-applicable")
    return {status: counts[status] for status in order if counts[status]}
