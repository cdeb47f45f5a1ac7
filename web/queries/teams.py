"""Owners and the stages of what they own."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from web.queries import ENTITY, IS_SERVICE, SCORE, STANDING


@dataclass(frozen=True, slots=True)
class Team:
    """An owner: its services by stage (0 for those without one). `found`: the catalog has it."""

    ref: str | None
    title: str | None
    found: bool
    stages: Counter[int] = field(default_factory=Counter)
    score: float | None = None

    @property
    def services(self) -> int:
        """How many services it owns."""
        return self.stages.total()

    @property
    def mean_stage(self) -> float | None:
        """The mean stage of its services that have one."""
        staged = sum(count for stage, count in self.stages.items() if stage)
        total = sum(stage * count for stage, count in self.stages.items())
        return total / staged if staged else None


def teams(connection: Connection, scorecard: str) -> list[Team]:
    """Every owner of a service, and every Group of the catalog, by name; services without an owner last."""
    groups = select(ENTITY.c.ref, ENTITY.c.title).where(
        ENTITY.c.kind.in_(("Group", "User")), ENTITY.c.state == "declared"
    )
    titles = {row.ref: row.title for row in connection.execute(groups)}
    found: dict[str | None, Team] = {
        ref: Team(ref, title, True) for ref, title in titles.items() if ref.startswith("group:")
    }
    scores: dict[str | None, list[tuple[int, float]]] = {}
    for row in connection.execute(_by_owner_and_stage(scorecard)):
        named, stage, count, mean = row
        owner = named or None
        team = found.setdefault(owner, Team(owner, titles.get(owner), owner in titles))
        team.stages[stage or 0] += count
        if mean is not None:
            scores.setdefault(owner, []).append((count, float(mean)))
    made = [_with_score(team, scores.get(team.ref, [])) for team in found.values()]
    return sorted(made, key=lambda team: (team.ref is None, not team.services, team.ref or ""))


def _by_owner_and_stage(scorecard: str) -> Select[Any]:
    scored = and_(SCORE.c.entity_id == ENTITY.c.id, SCORE.c.scorecard == scorecard)
    return (
        select(ENTITY.c.owner, SCORE.c.stage, func.count(), func.avg(SCORE.c.score))
        .select_from(ENTITY.outerjoin(SCORE, scored))
        .where(IS_SERVICE, ENTITY.c.state != "gone")
        .group_by(ENTITY.c.owner, SCORE.c.stage)
    )


def _with_score(team: Team, parts: list[tuple[int, float]]) -> Team:
    weight = sum(count for count, _ in parts)
    score = sum(count * mean for count, mean in parts) / weight if weight else None
    return Team(team.ref, team.title, team.found, team.stages, score)


@dataclass(frozen=True, slots=True)
class Still:
    """An owner none of whose services changed its stage or score for some time."""

    ref: str
    services: int
    mean_stage: float | None
    since: datetime


def teams_standing_still(connection: Connection, scorecard: str, before: datetime, limit: int) -> list[Still]:
    """Owners for whom nothing moved since a moment, those of longest standing first."""
    latest = func.max(STANDING.c.since)
    present = and_(
        STANDING.c.entity_id == ENTITY.c.id, STANDING.c.scorecard == scorecard, STANDING.c.until.is_(None)
    )
    query = (
        select(ENTITY.c.owner, func.count(), func.avg(STANDING.c.stage), latest)
        .select_from(ENTITY.join(STANDING, present))
        .where(IS_SERVICE, ENTITY.c.state != "gone", ENTITY.c.owner.is_not(None))
        .group_by(ENTITY.c.owner)
        .having(latest < before)
        .order_by(latest, ENTITY.c.owner)
        .limit(limit)
    )
    rows = connection.execute(query)
    return [
        Still(ref, count, None if mean is None else float(mean), since) for ref, count, mean, since in rows
    ]
