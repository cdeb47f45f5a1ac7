"""What an organisation says of all its services at once, in its configuration."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from scorecards.evidence import EvidenceRule


class Organisation(NamedTuple):
    """Which repositories hold evidence for which services, and which Group each team's identifier means.

    `teams` is by identifiers that other catalogs give, as `ari:cloud:identity::team/...`; a value is a ref.
    """

    evidence: tuple[EvidenceRule, ...] = ()
    teams: Mapping[str, str] = MappingProxyType({})

    def plain(self) -> dict[str, Any]:
        """The same as plain JSON, from which `of` makes it again."""
        return {"evidence": [list(rule) for rule in self.evidence], "teams": dict(self.teams)}


def of(plain: Mapping[str, Any]) -> Organisation:
    """What `Organisation.plain` gave."""
    rules = (EvidenceRule(a, b, tuple(c), tuple(d)) for a, b, c, d in plain["evidence"])
    return Organisation(tuple(rules), plain["teams"])
