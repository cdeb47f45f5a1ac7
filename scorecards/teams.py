"""Owners that a descriptor names by another catalog's identifier, resolved by the organisation's table."""

from dataclasses import replace

from catalog.discovery import Discovery
from catalog.entity import Entity
from catalog.ref import parse_ref
from catalog.translation import TEAM_ID, with_field
from scorecards.facts import Facts


def with_teams(found: Discovery, facts: Facts) -> Discovery:
    """The same, with the owners that the table knows; what was asked is recorded."""
    resolved: dict[str, Entity] = {}
    for entity in found.entities:
        identifier = entity.annotations.get(TEAM_ID)
        if identifier is None or parse_ref(entity.owner, "group") is not None:
            continue
        team = facts.team(identifier)
        if team is not None:
            resolved[str(entity.ref)] = with_field(entity, "owner", team)
    if not resolved:
        return found
    return found._replace(
        entities=tuple(resolved.get(str(e.ref), e) for e in found.entities),
        services=tuple(
            replace(s, owner=known.owner, document=known.document)
            if (known := resolved.get(str(s.ref))) is not None
            else s
            for s in found.services
        ),
    )
