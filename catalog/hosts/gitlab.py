"""GitLab: `GET /groups/{path}/projects` with its subgroups, for a user `GET /users/{user}/projects`."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from catalog.hosts import Group, Listed
from catalog.hosts.answers import Answer, moment, text

URL = "https://gitlab.com"
SETTLED_AFTER = 65 * 60.0
"""GitLab renews `last_activity_at` once an hour at most, so a push within the hour may leave it as it is."""


def first_pages(group: Group) -> list[str]:
    """Where its list begins; the next is asked where there is none at the one before."""
    name, api = quote(group.name, safe=""), f"{group.url}/api/v4"
    query = "?per_page=100&order_by=id&sort=asc"
    return [
        f"{api}/groups/{name}/projects{query}&include_subgroups=true&with_shared=false",
        f"{api}/users/{name}/projects{query}",
    ]


def headers(token: str | None) -> dict[str, str]:
    """What each request says."""
    return {"Accept": "application/json"} | ({"PRIVATE-TOKEN": token} if token else {})


def next_page(url: str, answer: Answer) -> str | None:
    """The page after this one."""
    return answer.links.get("next")


def repository(item: Mapping[str, Any]) -> Listed:
    """A project of a page; raises `KeyError`, `TypeError` or `ValueError` where it is none."""
    active = item.get("last_activity_at")
    return Listed(
        id=str(int(item["id"])),
        name=text(item["path_with_namespace"]),
        https=text(item["http_url_to_repo"]),
        ssh=text(item["ssh_url_to_repo"]),
        archived=item.get("archived") is True,
        fork=item.get("forked_from_project") is not None,
        stamp=f"{active} {item.get('default_branch')}",
        changed=moment(active),
    )
