"""Words and figures as pages write them: stages, statuses, counts, dates, changes, refs."""

from datetime import UTC, datetime, timedelta

STAGES = {1: "Chaos", 2: "Firefighting", 3: "Automation", 4: "Prediction", 5: "Mastery"}

STATUSES = {
    "fail": "Fail",
    "partial": "Partial",
    "unknown": "Unknown",
    "pass": "Pass",
    "not-applicable": "N/A",
}
"""Every status in the order in which a reader wants them: what to repair first."""

LACKING = ("fail", "partial", "unknown")
"""The statuses of a practice that does not hold."""

STATES = {
    "declared": "Declared",
    "undeclared": "Undeclared",
    "conflict": "Conflict",
    "gone": "Gone",
}

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def plural(count: int, one: str, many: str = "") -> str:
    """`1 service`, `2 services`, `1,000 services`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def stage_name(stage: int | None) -> str:
    """`3 Automation`, `No stage` for a service that has none."""
    return "No stage" if stage is None else f"{stage} {STAGES.get(stage, '')}".strip()


def exact_date(when: datetime) -> str:
    """`24 Nov 2026, 08:52 UTC`."""
    when = when.astimezone(UTC)
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}, {when:%H:%M} UTC"


def month(when: datetime, now: datetime) -> str:
    """The day where a span is short, else the month: `12 Nov`, `Dec`."""
    name = _MONTHS[when.month - 1]
    return f"{when.day} {name}" if now - when < timedelta(days=62) else name


def short_age(when: datetime, now: datetime) -> str:
    """`now`, `5 min`, `2 h`, `3 d`; after 14 days the date, with the year if it is not this one."""
    age = now - when
    if age < timedelta(minutes=1):
        return "now"
    if age < timedelta(hours=1):
        return f"{age // timedelta(minutes=1)} min"
    if age < timedelta(days=1):
        return f"{age // timedelta(hours=1)} h"
    if age <= timedelta(days=14):
        return f"{age.days} d"
    date = f"{when.day} {_MONTHS[when.month - 1]}"
    return date if when.year == now.year else f"{date} {when.year}"


def age(when: datetime, now: datetime) -> str:
    """As `short_age`, in a sentence: `just now`, `2 h ago`, `on 12 Aug`."""
    short = short_age(when, now)
    if short == "now":
        return "just now"
    return f"{short} ago" if now - when <= timedelta(days=14) else f"on {short}"


def change(amount: float, digits: int = 0) -> str:
    """`+13`, `0`, or a true minus: `−6`; rounded towards nothing so that a change is never overstated."""
    scale = 10**digits
    cut = int(amount * scale + (1e-9 if amount > 0 else -1e-9)) / scale
    if cut == 0:
        return "0"
    return f"{'+' if cut > 0 else '−'}{abs(cut):.{digits}f}"


def whole(score: float) -> int:
    """A score as lists show it: rounded down, so that 100 means 100."""
    return int(score + 1e-9)


def short_ref(ref: str) -> str:
    """A ref without what is usual: `payments` for `group:default/payments`, `team-x/payments` otherwise."""
    rest = ref.partition(":")[2] or ref
    return rest.removeprefix("default/")


def in_words(counts: dict[str, int]) -> str:
    """What does not hold, by name: `1 fails, 2 are partial, 1 is unknown`."""
    parts = []
    for status, one, many in (
        ("fail", "fails", "fail"),
        ("partial", "is partial", "are partial"),
        ("unknown", "is unknown", "are unknown"),
    ):
        count = counts.get(status, 0)
        if count:
            parts.append(f"{count} {one if count == 1 else many}")
    return ", ".join(parts)
