"""Which other repositories may hold evidence for which services: the platform's own mapping.

A descriptor names its own with the annotation `handrail.dev/evidence`; this says it for many at once.
"""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import NamedTuple

MAX_RULES = 200


class EvidenceRule(NamedTuple):
    """A repository, or a folder of it, that may hold evidence.

    It does so for services whose ref or name matches one of the globs `services`, and for those that live in
    a repository whose name matches one of `repositories`. In `path`, `{name}`, `{namespace}` and
    `{repository}` stand for those of the service.
    """

    repository: str
    path: str = ""
    services: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()

    def covers(self, ref: str, home: str) -> bool:
        """Whether it speaks of the service with this ref that lives in the repository `home`."""
        name = ref.rpartition("/")[2]
        return any(_matches(glob, ref, name) for glob in self.services) or any(
            _matches(glob, home, _last(home)) for glob in self.repositories
        )

    def folder(self, ref: str, home: str) -> str:
        """`path` with the service's names filled in."""
        kept, _, name = ref.partition(":")[2].rpartition("/")
        filled = self.path.replace("{name}", name).replace("{namespace}", kept)
        return filled.replace("{repository}", _last(home)).strip("/")


def _matches(glob: str, whole: str, last: str) -> bool:
    pattern = glob.lower()
    return fnmatchcase(whole.lower(), pattern) or ("/" not in glob and fnmatchcase(last.lower(), pattern))


def _last(name: str) -> str:
    return name.rstrip("/").rpartition("/")[2]


def covering(rules: Iterable[EvidenceRule], ref: str, home: str) -> Iterator[tuple[str, str]]:
    """The repositories and folders that may hold evidence for a service; its own repository is none."""
    for rule in rules:
        if rule.covers(ref, home) and rule.repository.lower() not in (home.lower(), _last(home).lower()):
            yield rule.repository, rule.folder(ref, home)


def digest(rules: Iterable[EvidenceRule]) -> str | None:
    """What tells one mapping from another; None for an empty one."""
    listed = [tuple(rule) for rule in rules]
    return sha256(repr(listed).encode("utf-8", "replace")).hexdigest()[:16] if listed else None
