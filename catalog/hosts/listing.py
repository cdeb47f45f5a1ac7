"""The repositories of a group, as its host lists them, page after page.

Pages are kept with their ETag, so that one that is the same is not sent again; and so that there is something
to go by while the host does not answer.
"""

import hashlib
import json
import math
import os
from pathlib import Path
from threading import Event
from types import ModuleType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from catalog.hosts import Group, Listed, host_of
from catalog.hosts.answers import HostError
from catalog.hosts.client import Client
from catalog.remotes.access import Access, NoToken, sent_safely
from catalog.remotes.address import host_folder

_MOST_PAGES = 1_000


class Listing(NamedTuple):
    """What a group has. `problem` says why it is the list of an earlier time, and perhaps not complete.

    `at` is the host's time of the oldest page.
    """

    repositories: list[Listed]
    at: float
    problem: str | None = None


def listing(group: Group, root: Path, access: Access, stop: Event) -> Listing:
    """List a group's repositories; what its host does not tell now is taken from the last time."""
    file = _file(group, root)
    kept = _kept(file)
    try:
        pages, at = _pages(group, access, kept, stop)
    except (HostError, NoToken) as error:
        return Listing(_repositories(group, kept), 0.0, str(error))
    if pages != kept:
        _keep(file, pages)
    return Listing(_repositories(group, pages), at)


def _pages(group: Group, access: Access, kept: dict[str, Any], stop: Event) -> tuple[dict[str, Any], float]:
    host, parts = host_of(group), urlsplit(group.url)
    name = parts.netloc.lower()
    token = access.token(name) if sent_safely(parts.scheme, name) else None
    client = Client(group.url, access, host.headers(token), stop)
    for first in host.first_pages(group):
        try:
            return _follow(client, host, first, kept)
        except FileNotFoundError:
            continue
    raise HostError(f"{name} knows no `{group.name}`, or does not show it to us")


def _follow(
    client: Client, host: ModuleType, first: str, kept: dict[str, Any]
) -> tuple[dict[str, Any], float]:
    pages: dict[str, Any] = {}
    at, url = math.inf, first
    while url not in pages:
        if len(pages) >= _MOST_PAGES:
            raise HostError(f"it has more than {_MOST_PAGES:,} pages of repositories")
        old = kept.get(url)
        answer = client.page(url, old["etag"] if old else None)
        at = min(at, answer.at)
        if answer.same and old:
            pages[url] = old
        else:
            after = host.next_page(url, answer)
            listed = [repository for item in answer.items if (repository := _read(host, item))]
            pages[url] = {"etag": answer.etag, "next": after, "items": [list(r) for r in listed]}
        if pages[url]["next"] is None:
            return pages, at
        url = client.inside(pages[url]["next"])
    raise HostError("its pages lead in a circle")


def _read(host: ModuleType, item: object) -> Listed | None:
    try:
        found: Listed = host.repository(item)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return None
    return found


def _repositories(group: Group, pages: dict[str, Any]) -> list[Listed]:
    found = [Listed(*item) for page in pages.values() for item in page["items"]]
    chosen = {r.id: r for r in found if (group.archived or not r.archived) and (group.forks or not r.fork)}
    return sorted(chosen.values(), key=lambda r: r.name)


def _file(group: Group, root: Path) -> Path:
    key = hashlib.sha256(f"{group.kind} {group.url} {group.name}".encode()).hexdigest()[:16]
    return root / host_folder(urlsplit(group.url).netloc.lower()) / f"listing-{key}.json"


def _kept(file: Path) -> dict[str, Any]:
    try:
        pages = json.loads(file.read_text("utf-8"))
        return {
            url: {
                "etag": page["etag"],
                "next": page["next"],
                "items": [list(Listed(*item)) for item in page["items"]],
            }
            for url, page in pages.items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def _keep(file: Path, pages: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f"{file.name}.new")
    temporary.write_text(json.dumps(pages), "utf-8")
    os.replace(temporary, file)
