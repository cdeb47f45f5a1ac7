"""GitHub and GitHub Enterprise Server: `GET /orgs/{org}/repos`, for a user `GET /users/{user}/repos`."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from catalog.hosts import Group, Listed
from catalog.hosts.answers import Answer, moment, text

URL = "https://api.github.com"
SETTLED_AFTER = 60.0
"""Seconds after a push until when a further one may leave `pushed_at` as it is: it counts whole seconds."""


def first_pages(group: Group) -> list[str]:
    """Where its list begins; the next is asked where there is none at the one before."""
    name = quote(group.name, safe="")
    query = "?per_page=100&type=all&sort=created&direction=asc"
    return [f"{group.url}/orgs/{name}/repos{query}", f"{group.url}/users/{name}/repos{query}"]


def headers(token: str | None) -> dict[str, str]:
    """What each request says."""
    said = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    return said | ({"Authorization": f"Bearer {token}"} if token else {})


def next_page(url: str, answer: Answer) -> str | None:
    """The page after this one."""
    return answer.links.get("next")


def repository(item: Mapping[str, Any]) -> Listed:
    """A repository of a page; raises `KeyError`, `TypeError` or `ValueError` where it is none."""
    pushed = item.get("pushed_at")
    return Listed(
        id=str(int(item["id"])),
        name=text(item["full_name"]),
        https=text(item["clone_url"]),
        ssh=text(item["ssh_url"]),
        archived=item.get("archived") is True,
        fork=item.get("fork") is True,
        stamp=f"{pushed} {item.get('default_branch')}",
        changed=moment(pushed),
    )
