"""Gitea and Forgejo: `GET /orgs/{org}/repos`, for a user `GET /users/{user}/repos`."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from catalog.hosts import Group, Listed
from catalog.hosts.answers import Answer, moment, text

URL = "https://codeberg.org"
SETTLED_AFTER = 60.0
"""Seconds after a push until when a further one may leave `updated_at` as it is: it counts whole seconds."""


def first_pages(group: Group) -> list[str]:
    """Where its list begins; the next is asked where there is none at the one before."""
    name, api = quote(group.name, safe=""), f"{group.url}/api/v1"
    return [f"{api}/orgs/{name}/repos?limit=50&page=1", f"{api}/users/{name}/repos?limit=50&page=1"]


def headers(token: str | None) -> dict[str, str]:
    """What each request says."""
    return {"Accept": "application/json"} | ({"Authorization": f"token {token}"} if token else {})


def next_page(url: str, answer: Answer) -> str | None:
    """The page after this one: counted, since its links name the address that the server believes it has."""
    if not answer.items:
        return None
    number = int(parse_qs(urlsplit(url).query)["page"][0])
    return f"{url.rpartition('&page=')[0]}&page={number + 1}"


def repository(item: Mapping[str, Any]) -> Listed:
    """A repository of a page; raises `KeyError`, `TypeError` or `ValueError` where it is none."""
    updated, mirrored = item.get("updated_at"), item.get("mirror_updated")
    return Listed(
        id=str(int(item["id"])),
        name=text(item["full_name"]),
        https=text(item["clone_url"]),
        ssh=text(item["ssh_url"]),
        archived=item.get("archived") is True,
        fork=item.get("fork") is True,
        stamp=f"{updated} {mirrored} {item.get('default_branch')}",
        changed=max(moment(updated), moment(mirrored)),
    )
