"""A service: the Component that is scored, with what its descriptor or its repository says of it."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from catalog.document import Document
from catalog.ref import Ref

TYPES = (
    "service",
    "worker",
    "function",
    "static-site",
    "mobile-app",
    "data-pipeline",
    "library",
    "infrastructure-module",
    "tool",
    "documentation",
)
"""The types that decide which checks apply; the descriptor's own word is kept as `declared_type`."""

UNDEPLOYED = frozenset({"library", "infrastructure-module", "tool", "documentation"})
"""Types that nothing runs of: only `owner-set`, `described` and `ci-tests` apply."""

State = Literal["declared", "undeclared", "conflict", "gone"]


@dataclass(frozen=True, slots=True)
class Service:
    """What checks know of a service.

    `path` is its folder in the repository, "" for the root. `document` is the descriptor's own document,
    None for an undeclared service; what that one says of itself is inferred from its files. `neighbours` are
    the folders of the other services in the repository.
    """

    ref: Ref
    type: str
    path: str = ""
    declared_type: str | None = None
    title: str | None = None
    description: str | None = None
    lifecycle: str | None = None
    owner: str | None = None
    system: str | None = None
    tags: tuple[str, ...] = ()
    annotations: Mapping[str, str] = field(default_factory=dict)
    links: tuple[Mapping[str, str], ...] = ()
    document: Document | None = None
    neighbours: tuple[str, ...] = ()
    language: str | None = None
    state: State = "declared"

    @property
    def name(self) -> str:
        """The name within its namespace, as written."""
        return self.ref.name

    @property
    def descriptor(self) -> str | None:
        """The path of the file that declares it."""
        return None if self.document is None else self.document.path

    @property
    def alone(self) -> bool:
        """Whether the repository holds no other service."""
        return not self.neighbours

    def file(self, name: str) -> str:
        """The path in the repository of a file in the service's own folder."""
        return posixpath.join(self.path, name)
