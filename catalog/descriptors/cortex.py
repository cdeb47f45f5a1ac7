"""Cortex's `cortex.yaml`: an OpenAPI document that says in `x-cortex-*` keys what it is, one entity a file.

See https://docs.cortex.io/ingesting-data-into-cortex/entities for what it may hold.
"""

import re
from collections.abc import Iterator

from catalog.descriptors import Judgement, Nameless, Reading
from catalog.document import Document, Map, Parsed
from catalog.entity import Entity
from catalog.regex import regex
from catalog.translation import DOMAIN, Draft, document_faults, items, maps, translated, word

NAME = "Cortex"
RANK = 2
FILES = frozenset({"cortex.yaml", "cortex.yml"})
FOLDERS = frozenset({".cortex"})
CERTAIN = False
MARK = regex(r"x-cortex-")

_WRITTEN = regex(r"^[ \t]+[\"']?x-cortex-tag[\"']?[ \t]*:[ \t]*[\"']?([^\s\"']{1,99})", re.MULTILINE)
_KINDS = {"service": "Component", "domain": "Domain", "team": "Group"}
_GIT = ("github", "gitlab", "bitbucket", "azure")
_GROUP_TIER = regex(r"(?:service-)?tier[-: _]?([0-9]|one|two|three|four|five)\Z", re.IGNORECASE)
_GROUP_LIFECYCLE = regex(r"lifecycle[-: _](.{1,40})\Z", re.IGNORECASE)


def claims(document: Document) -> bool:
    """Whether it is an OpenAPI document whose `info` has Cortex's keys."""
    info = document.mapping.get("info")
    return (
        "openapi" in document.mapping
        and isinstance(info, Map)
        and any(k.startswith("x-cortex-") for k in info)
    )


def judge(document: Document) -> Judgement:
    """The verdict on a document."""
    faults = document_faults(document, "cortex")
    return Judgement("invalid" if faults else "valid", _kind(document), faults)


def _kind(document: Document) -> str:
    return _KINDS.get((word(document.get("info", "x-cortex-type")) or "").lower(), "Component")


def read(parsed: Parsed, text: str, path: str, *, certain: bool) -> Reading:
    """The entity of a file."""
    return translated(parsed, path, "cortex", claims, _translate, (text, _WRITTEN))


def _translate(document: Document) -> Iterator[Entity | Nameless]:
    info: Map = document.mapping["info"]

    def line(key: str) -> int:
        return info.lines.get(key, info.line)

    made = Draft(document, _kind(document), "cortex")
    kind = word(info.get("x-cortex-type"))
    if made.kind == "Group":
        made.put("spec.type", "team", line("x-cortex-type"))
    elif made.kind == "Component":
        made.put("spec.type", kind, line("x-cortex-type"))
        made.assume("spec.type", "service", info.line)
    made.put("metadata.description", info.get("description"), line("description"))
    _owners(made, info)
    _measures(made, info)
    _belongs(made, info)
    _repository(made, info)
    for link, at in maps(info.get("x-cortex-link")):
        made.link(link.get("url"), link.get("name"), (word(link.get("type")) or "").lower(), at)
    _on_call(made, info)
    tag, title = info.get("x-cortex-tag"), info.get("title")
    if word(tag) is None:
        yield made.named(title, line("title"))
    else:
        yield made.named(tag, line("x-cortex-tag"), title)


def _owners(made: Draft, info: Map) -> None:
    """The groups own it; where there is none the first address does."""
    owners = list(maps(info.get("x-cortex-owners")))
    people = []
    for owner, at in owners:
        kind = (word(owner.get("type")) or "").lower()
        if kind == "group":
            made.owner(owner.get("name"), at)
        elif kind == "email":
            people.append((owner.get("email"), at))
            made.contact("email", owner.get("email"), owner.get("description"), at)
        elif kind == "slack":
            made.contact("slack", owner.get("channel"), owner.get("description"), at)
    if "owner" not in made.spec and people:
        made.owner(*people[0], kind="user")


def _measures(made: Draft, info: Map) -> None:
    """Lifecycle and tier: from the custom metadata, else from the groups, which are tags."""
    custom = info.get("x-cortex-custom-metadata")
    if isinstance(custom, Map):
        for key, value in custom.items():
            plain = key.lower().replace("_", "-")
            said = value.get("value") if isinstance(value, Map) else value
            at = custom.lines.get(key, custom.line)
            if plain == "lifecycle":
                made.lifecycle(said, at)
            elif plain in ("tier", "service-tier"):
                made.tier(said, at)
    made.lifecycle(info.get("x-cortex-lifecycle"), info.lines.get("x-cortex-lifecycle", info.line))
    for key in ("x-cortex-groups", "x-cortex-service-groups"):
        for item, at in items(info.get(key)):
            group = word(item)
            if group is None:
                continue
            made.tag(group, at)
            if found := _GROUP_TIER.match(group):
                made.tier(found[1], at)
            elif found := _GROUP_LIFECYCLE.match(group):
                made.lifecycle(found[1], at)


def _belongs(made: Draft, info: Map) -> None:
    for key in ("x-cortex-parents", "x-cortex-domain-parents"):
        for item, at in items(info.get(key)):
            tag = word(item.get("tag")) if isinstance(item, Map) else word(item)
            if tag is None:
                continue
            if made.kind == "Domain":
                made.put("spec.subdomainOf", f"domain:{tag}", at)
            elif made.kind != "Group":
                made.append(f"spec.{DOMAIN}", f"domain:{tag}", at)
    needs = info.get("x-cortex-dependency")
    one = [(needs, info.lines.get("x-cortex-dependency", info.line))]
    for item, at in one if isinstance(needs, Map) else items(needs):
        tag = word(item.get("tag")) if isinstance(item, Map) else word(item)
        if tag is not None and made.kind == "Component":
            made.append("spec.dependsOn", f"component:{tag}", at)
    for relation, _ in maps(info.get("x-cortex-relationships")):
        if "depend" in (word(relation.get("tag")) or word(relation.get("type")) or "").lower():
            for goal, at in maps(relation.get("destinations")):
                if tag := word(goal.get("tag")):
                    made.append("spec.dependsOn", f"component:{tag}", at)


def _repository(made: Draft, info: Map) -> None:
    git = info.get("x-cortex-git")
    if isinstance(git, Map):
        for host in _GIT:
            held = git.get(host)
            for one, at in (
                maps(held) if not isinstance(held, Map) else [(held, git.lines.get(host, git.line))]
            ):
                made.repository(host, one.get("repository"), one.get("basepath"), at)


def _on_call(made: Draft, info: Map) -> None:
    slack = info.get("x-cortex-slack")
    channels = slack.get("channels") if isinstance(slack, Map) else slack
    for channel, at in maps(channels):
        made.contact("slack", channel.get("name"), channel.get("description"), at)
    held = info.get("x-cortex-oncall")
    if isinstance(held, Map):
        for provider in ("pagerduty", "opsgenie", "victorops"):
            one, at = held.get(provider), held.lines.get(provider, held.line)
            if isinstance(one, Map):
                schedule = (word(one.get("type")) or "").upper() == "SCHEDULE"
                made.pager(provider, one.get("id"), at, "schedule-id" if schedule else "service-id")
