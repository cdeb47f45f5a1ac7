"""Whether something that stands in a repository of several services concerns this one."""

import re
from collections.abc import Iterator
from dataclasses import replace

from catalog.regex import regex
from catalog.service import Service
from scorecards.reading.scope import aside, is_neighbours, is_own

_TOKENS = regex(r"[^a-z0-9]+")


def called(service: Service) -> frozenset[str]:
    """What the service is called, each name as its words joined by `-`: its name, its folder, its title."""
    names = (service.name, service.path.rpartition("/")[2], service.title or "")
    return frozenset(_joined(n) for n in names if _joined(n))


def _joined(text: str) -> str:
    return "-".join(t for t in _TOKENS.split(text.lower()) if t)


def same(text: str, service: Service) -> bool:
    """Whether a value (a service's name, a label) is one of the service's names and nothing more."""
    return _joined(text) in called(service)


def mentions(text: str, service: Service) -> bool:
    """Whether a longer text names the service as a whole word: `payments` is not in `payments-api`."""
    lowered = text[:50_000].lower()
    return any(
        re.search(rf"(?<![a-z0-9_-]){re.escape(name).replace('-', '[-_ ]')}(?![a-z0-9_-])", lowered)
        for name in called(service)
    )


def in_path(path: str, service: Service, about: frozenset[str]) -> bool:
    """Whether a folder or file of the path is named for the service, words `about` the practice aside."""
    for part in path.split("/"):
        words = [w for w in _TOKENS.split(part.lower()) if w and w not in about]
        if "-".join(words) in called(service):
            return True
    return False


def why_not(path: str, service: Service) -> str | None:
    """Why a file cannot speak for the service by where it stands, None where it can."""
    folder = aside(path, service)
    if folder is not None:
        return f"stands under `{folder}`, which holds nothing that runs"
    if is_neighbours(path, service):
        return "belongs to another service of this repository"
    return None


def is_shared(path: str, service: Service) -> bool:
    """Whether a file must name the service to count: it stands outside its folder, among several services."""
    if service.alone:
        return False
    return not is_own(path, service) or not service.path


def other_services(service: Service) -> Iterator[Service]:
    """The neighbours, as far as their folders tell what they are called."""
    for folder in service.neighbours:
        if folder:
            name = folder.rpartition("/")[2]
            yield replace(service, ref=replace(service.ref, name=name), path="", title=None)
