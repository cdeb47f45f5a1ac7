"""Whether an objective speaks for a service: by where it stands, or by what it names."""

from catalog.service import Service
from scorecards.reading.concerns import in_path, is_shared, mentions, same, why_not
from scorecards.reading.objective import Objective

_ABOUT = frozenset(
    [
        "slo",
        "slos",
        "sli",
        "objective",
        "objectives",
        "availability",
        "latency",
        "yaml",
        "yml",
        "json",
        "tf",
        "md",
        "openslo",
        "nobl9",
        "sloth",
        "pyrra",
    ]
)
_TESTS = ("test/", "tests/", "e2e/", "spec/")


def why_not_counted(objective: Objective, service: Service) -> str | None:
    """Why an objective cannot speak for the service, None where it can."""
    path = objective.path
    why = why_not(path, service)
    if why is not None:
        return why
    within = path.removeprefix(f"{service.path}/") if service.path else path
    if any(within.startswith(t) or f"/{t}" in within for t in _TESTS):
        return "stands among tests"
    if not is_shared(path, service) or concerns(objective, service):
        return None
    if objective.service:
        return f"is an objective of `{objective.service}`"
    return "names none of the repository's services"


def concerns(objective: Objective, service: Service) -> bool:
    """Whether the objective names the service."""
    if objective.service:
        return same(objective.service, service)
    text = f"{objective.name} {objective.indicator}"
    return in_path(objective.path, service, _ABOUT) or mentions(text, service)
