"""The services of the catalog as `handrail services` lists them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, select

from catalog.ref import parse_ref
from catalog.tables import Entity, Repository
from scorecards.tables import Score, Verdict

_ENTITY: Any = Entity.__table__  # type: ignore[attr-defined]
_REPOSITORY: Any = Repository.__table__  # type: ignore[attr-defined]
_SCORE: Any = Score.__table__  # type: ignore[attr-defined]
_VERDICT: Any = Verdict.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which services to list; None is any."""

    owner: str | None = None
    failing: str | None = None
    stage: int | None = None
    scorecard: str = "reliability"


def list_services(engine: Engine, wanted: Filter) -> list[dict[str, Any]]:
    """Services by name, each in the shape of `handrail services --format json`."""
    e, r = _ENTITY.c, _REPOSITORY.c
    query = (
        select(_ENTITY, r.name.label("repository"), r.commit, r.stale_since)
        .join(_REPOSITORY, r.id == e.repository_id)
        .where(e.scored, e.state != "gone")
        .order_by(e.name, e.id)
    )
    if wanted.owner:
        ref = parse_ref(wanted.owner, "group")
        query = query.where(e.owner == (str(ref) if ref else wanted.owner))
    if wanted.stage is not None:
        on_stage = select(_SCORE.c.entity_id).where(
            _SCORE.c.scorecard == wanted.scorecard, _SCORE.c.stage == wanted.stage
        )
        query = query.where(e.id.in_(on_stage))
    if wanted.failing:
        lacking = select(_VERDICT.c.entity_id).where(
            _VERDICT.c.scorecard == wanted.scorecard,
            _VERDICT.c.check == wanted.failing,
            _VERDICT.c.until.is_(None),
            _VERDICT.c.status.in_(("fail", "partial")),
        )
        query = query.where(e.id.in_(lacking))
    with engine.connect() as connection:
        rows = connection.execute(query).all()
        scores: dict[int, list[dict[str, Any]]] = {}
        for row in connection.execute(select(_SCORE).order_by(_SCORE.c.scorecard)):
            scores.setdefault(row.entity_id, []).append(_scorecard(row))
    return [_service(row, scores.get(row.id, [])) for row in rows]


def _scorecard(row: Any) -> dict[str, Any]:
    columns = ("stage", "stage_possible", "score", "score_possible", "next", "checks")
    return {"name": row.scorecard, **{c: getattr(row, c) for c in columns}}


def _service(row: Any, scorecards: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "path": row.path or ".",
        "kind": row.kind,
        "type": row.type,
        "lifecycle": row.lifecycle,
        "owner": row.owner,
        "system": row.system,
        "tags": row.tags,
        "state": row.state,
        "scorecards": scorecards,
        "repository": row.repository,
        "commit": row.commit,
        "stale_since": None if row.stale_since is None else row.stale_since.isoformat(),
    }
