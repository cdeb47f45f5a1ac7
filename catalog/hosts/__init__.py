"""Hosts of repositories that list what an organisation or group has: one file a kind of host."""

import importlib
from types import ModuleType
from typing import NamedTuple

KINDS = ("github", "gitlab", "gitea")


class Group(NamedTuple):
    """An organisation, a group or a user on a host, as a source of repositories.

    `url` is where the host's API is. Archived repositories and forks are left out unless asked for.
    """

    kind: str
    name: str
    url: str
    archived: bool = False
    forks: bool = False
    ssh: bool = False
    """Whether to fetch by ssh instead of https."""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name} at {self.url}"


class Listed(NamedTuple):
    """A repository as its host lists it.

    `id` stays the same when it is renamed or transferred. `stamp` changes with every push, `changed` is when
    it last did, Unix seconds.
    """

    id: str
    name: str
    https: str
    ssh: str
    archived: bool
    fork: bool
    stamp: str
    changed: float


def host_of(group: Group) -> ModuleType:
    """The module that knows the group's kind of host."""
    return importlib.import_module(f"catalog.hosts.{group.kind}")
