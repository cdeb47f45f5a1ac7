"""The on-call strip: what somebody who is woken needs first, and what of it is missing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from web.results import CheckResult
from web.untrusted import safe_url
from web.wording import short_ref

_RUNBOOK = re.compile(r"run-?book|playbook", re.IGNORECASE)
_DASHBOARD = re.compile(r"dashboard|grafana|metrics|kibana|logs\b", re.IGNORECASE)
_PAGER = re.compile(r"pager|on-?call|opsgenie|incident|escalat", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a descriptor. `url` is None where it may not be followed."""

    title: str
    url: str | None
    type: str


@dataclass(frozen=True, slots=True)
class Item:
    """One cell of the strip: an address, a path in the repository, or what is missing."""

    label: str
    text: str
    url: str | None = None
    path: str | None = None
    line: int | None = None
    more: str = ""
    check: str | None = None
    missing: bool = False


def links_of(document: Mapping[str, Any] | None) -> list[Link]:
    """The links of a descriptor's document."""
    found = _metadata(document).get("links")
    links = []
    for item in found if isinstance(found, list) else []:
        if isinstance(item, dict) and isinstance(item.get("url"), str):
            url = item["url"]
            title = str(item.get("title") or url)
            links.append(Link(title[:200], safe_url(url), str(item.get("type") or item.get("icon") or "")))
    return links[:50]


def annotations_of(document: Mapping[str, Any] | None) -> dict[str, str]:
    """The annotations of a descriptor's document that are text."""
    found = _metadata(document).get("annotations")
    return {str(k): v for k, v in found.items() if isinstance(v, str)} if isinstance(found, dict) else {}


def _metadata(document: Mapping[str, Any] | None) -> Mapping[str, Any]:
    metadata = (document or {}).get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def on_call(
    document: Mapping[str, Any] | None, owner: str | None, results: Sequence[CheckResult]
) -> list[Item]:
    """Runbook, escalation, rollback, objectives and dashboards of a service."""
    links = links_of(document)
    checks = {result.id: result for result in results}
    return [
        _runbook(links, checks.get("runbook-present")),
        _escalation(links, annotations_of(document), owner, checks.get("escalation-known")),
        _from_check("Roll back", checks.get("rollback-configured"), "No rollback found"),
        _from_check("Objectives", checks.get("slo-defined"), "No objective found"),
        _dashboards(links),
    ]


def _matching(links: Sequence[Link], pattern: re.Pattern[str]) -> list[Link]:
    return [link for link in links if link.url and (pattern.search(link.type) or pattern.search(link.title))]


def _runbook(links: Sequence[Link], check: CheckResult | None) -> Item:
    if check is None or check.status not in ("pass", "partial"):
        for link in _matching(links, _RUNBOOK):
            return Item("Runbook", link.title, link.url, more="Linked by the descriptor")
    return _from_check("Runbook", check, "No runbook found", path_first=True)


def _escalation(
    links: Sequence[Link], annotations: Mapping[str, str], owner: str | None, check: CheckResult | None
) -> Item:
    for link in _matching(links, _PAGER):
        return Item("Escalate", link.title, link.url, more="Linked by the descriptor")
    pager = next((k for k in annotations if k.startswith(("pagerduty.com/", "opsgenie.com/"))), None)
    if pager:
        more = f"{'PagerDuty' if pager.startswith('pagerduty') else 'Opsgenie'}, by the descriptor"
        return Item("Escalate", short_ref(owner) if owner else "Pager", more=more, check="owner-set")
    if check is not None and check.status in ("pass", "partial"):
        return _from_check("Escalate", check, "")
    if owner:
        return Item("Escalate", short_ref(owner), more="Its owner; no pager is named", check="owner-set")
    return Item("Escalate", "Nobody is named", check="owner-set", missing=True)


def _from_check(label: str, check: CheckResult | None, absent: str, path_first: bool = False) -> Item:
    if check is None:
        return Item(label, "Not looked for", missing=True)
    if check.status == "not-applicable":
        return Item(label, "Does not apply", check=check.id)
    if check.status == "unknown":
        return Item(label, "Could not be decided", check=check.id, missing=True)
    place = next((e for e in check.evidence if isinstance(e.get("path"), str)), None)
    if check.status == "fail" or place is None:
        return Item(label, absent, more="How to fix it", check=check.id, missing=True)
    line = place["line"] if isinstance(place.get("line"), int) else None
    note = str(place.get("note") or check.message)
    where = f"{place['path']}{f' line {line}' if line else ''}"
    text, more = (place["path"], note) if path_first else (note, where)
    return Item(label, text, path=place["path"], line=line, more=more, check=check.id)


def _dashboards(links: Sequence[Link]) -> Item:
    found = _matching(links, _DASHBOARD)
    if not found:
        return Item("Dashboards", "None linked", more="Add them to metadata.links", missing=True)
    if len(found) == 1:
        return Item("Dashboards", found[0].title, found[0].url, more="Linked by the descriptor")
    return Item("Dashboards", f"{len(found)} dashboards", "#links", more=", ".join(x.title for x in found))
