"""What a crawl did, counted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.problem import Problem


@dataclass(slots=True)
class Outcome:
    """Counts of a crawl, and the problems of each repository by its location."""

    repositories: int = 0
    changed: int = 0
    services: int = 0
    seconds: float = 0.0
    unreadable: int = 0
    _problems: dict[str, tuple[str, Sequence[Problem]]] = field(default_factory=dict)

    def record(self, name: str, location: str, problems: Sequence[Problem], unreadable: bool) -> None:
        """Keep a repository's problems; those of an earlier reading in the same crawl are forgotten."""
        if problems:
            self._problems[location] = (name, tuple(problems))
        else:
            self._problems.pop(location, None)
        self.unreadable += unreadable

    @property
    def problems(self) -> list[tuple[str, Problem]]:
        """Each problem with the name of its repository."""
        return [(name, problem) for name, problems in self._problems.values() for problem in problems]

    def as_json(self) -> dict[str, Any]:
        """The shape of `handrail crawl --format json`."""
        return {
            "schema": 1,
            "repositories": self.repositories,
            "changed": self.changed,
            "services": self.services,
            "seconds": round(self.seconds, 3),
            "errors": [
                {"repository": name, "path": p.path, "line": p.line, "kind": p.kind, "message": p.message}
                for name, p in self.problems
            ],
        }
