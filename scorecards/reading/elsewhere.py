"""Other repositories that hold evidence for a service, as its descriptor or the platform names them."""

from collections.abc import Iterator
from typing import NamedTuple

from catalog.regex import regex
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.facts import Facts

ANNOTATION = "handrail.dev/evidence"
"""`repository[:path]`, several separated by commas or white space."""

_SPLIT = regex(r"[,\s]+")
_MAX = 20


class Elsewhere(NamedTuple):
    """One place in another repository; `snapshot` is None where that repository is not at hand."""

    repository: str
    path: str
    snapshot: Snapshot | None

    def holds(self, path: str) -> bool:
        """Whether the file lies at or below the named path."""
        return not self.path or path == self.path or path.startswith(f"{self.path}/")

    def shown(self, path: str) -> str:
        """A path there, as evidence shows it."""
        return f"{self.repository}:{path}"


def elsewhere(service: Service, facts: Facts) -> Iterator[Elsewhere]:
    """The places that the service's descriptor names, then those of the platform's mapping.

    Of a repository that the descriptor names the mapping says nothing more; one of the mapping that is not at
    hand is left out, since nobody promised that it tells of this service.
    """
    named = service.annotations.get(ANNOTATION, "")
    said = set()
    for entry in [e for e in _SPLIT.split(named) if e][:_MAX] if named else ():
        repository, _, path = entry.partition(":")
        said.add(repository.lower())
        yield Elsewhere(repository, path.strip("/"), facts.repository(repository))
    for repository, path in facts.evidence_for(str(service.ref))[:_MAX]:
        if repository.lower() not in said and (found := facts.repository(repository)) is not None:
            yield Elsewhere(repository, path, found)
