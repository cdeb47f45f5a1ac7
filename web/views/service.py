"""One service: what do I need now, where does it stand, why, what next?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.addresses import service_url
from web.descriptors import descriptors_of
from web.documentation import Documentation, documentation
from web.drawing import History, history
from web.excerpts import Excerpt, Source, read_excerpts
from web.hosting import Host, host_of
from web.oncall import links_of, on_call
from web.partials import page
from web.queries.service import (
    EntityRow,
    ScoreRow,
    entities_of,
    periods,
    relation_rows,
    score_rows,
    standing_points,
)
from web.reading import database, now, scorecard
from web.relations import grouped
from web.results import CheckResult, counted, read_results
from web.starts import start_of
from web.wording import STAGES, in_words, plural

blueprint = Blueprint("service", __name__)
_PERIODS = 20
_FIRST = 3
"""How many steps are named at least; all that the next stage requires are."""
_ALL_PERIODS = 500


@dataclass(frozen=True, slots=True)
class CheckView:
    """A check's row: its result, its documentation, its excerpts where they are read at once."""

    result: CheckResult
    doc: Documentation | None
    open: bool
    excerpts: list[Excerpt] | None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the ladder: `state` is on, maybe (if what is unknown passes) or off."""

    number: int
    name: str
    state: str
    current: bool
    held: int
    required: int


@dataclass(frozen=True, slots=True)
class StageView:
    """The checks of one stage."""

    number: int
    held: int
    required: int
    open: bool
    checks: list[CheckView]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a service stands: title, one sentence, ladder, what to do first."""

    title: str
    sentence: str
    steps: list[Step]
    next_title: str
    nothing: str
    next: list[CheckView]


@dataclass(frozen=True, slots=True)
class Standing:
    """A service's scorecard as its page shows it."""

    score: ScoreRow
    verdict: Verdict
    counts: dict[str, int]
    stages: list[StageView]
    history: History | None
    unknown: int


@dataclass(frozen=True, slots=True)
class Linking:
    """Addresses of files: at the host where its form is known, else the page that shows a file here."""

    entity: EntityRow
    host: Host | None

    def file(self, path: str, line: int | None = None) -> str:
        """Where a reader goes for a file and line."""
        return (self.host.file(path, line) if self.host else None) or self.document(path, line)

    def document(self, path: str, line: int | None = None) -> str:
        """The page that shows the file here."""
        values: dict[str, Any] = {
            "namespace": self.entity.namespace.lower(),
            "name": self.entity.name.lower(),
        }
        return url_for("files.show", path=path, _anchor=f"L{line}" if line else None, **values)


def find_service(namespace: str, name: str) -> tuple[EntityRow, list[EntityRow]]:
    """The service of an address and all that claim its ref; aborts with 404 where there is none."""
    found = entities_of(database(), f"component:{namespace}/{name}")
    wanted = request.args.get("in", "")
    chosen = next((e for e in found if str(e.repository_id) == wanted), found[0] if found else None)
    if chosen is None:
        abort(404, f"No service component:{namespace}/{name} is in the catalog.")
    return chosen, found


@blueprint.get("/services/<namespace>/<name>")
def show(namespace: str, name: str) -> AnyResponse:
    """The page of a service."""
    if (namespace, name) != (namespace.lower(), name.lower()):
        return redirect(service_url(namespace, name))
    entity, claims = find_service(namespace, name)
    connection = database()
    scores = score_rows(connection, entity.id)
    score = next((s for s in scores if s.scorecard == scorecard()), None)
    relations = relation_rows(connection, entity.id, entity.ref, scorecard())
    opened = frozenset(request.args.getlist("open"))
    standing = None if score is None else _standing(entity, score, opened)
    results = [check.result for stage in standing.stages for check in stage.checks] if standing else []
    return page(
        "service.html",
        entity=entity,
        claims=[claim for claim in claims if claim.id != entity.id],
        standing=standing,
        others=[s.scorecard for s in scores if s.scorecard != scorecard()],
        on_call=on_call(entity.document, entity.owner, results),
        links=links_of(entity.document),
        descriptors=descriptors_of(entity.document),
        relations=grouped(relations),
        periods=periods(connection, entity.id, scorecard(), _PERIODS),
        linking=Linking(entity, host_of(entity.url, entity.commit)),
    )


@blueprint.get("/services/<namespace>/<name>/checks/<check>")
def check(namespace: str, name: str, check: str) -> Response:
    """One check of a service with all of its evidence; for htmx what a row holds when it is opened."""
    entity, _ = find_service(namespace, name)
    scores = score_rows(database(), entity.id)
    score = next((s for s in scores if s.scorecard == scorecard()), None)
    results = read_results(score.checks if score else [])
    result = next((r for r in results if r.id == check), None)
    if result is None:
        abort(404, f"{check} is no check of the scorecard {scorecard()}.")
    view = _views(entity, [result], frozenset([check]))[0]
    source = Source(entity.location, entity.repository, entity.commit)
    history_of = [p for p in periods(database(), entity.id, scorecard(), _ALL_PERIODS) if p.check == check]
    return page(
        "service_check.html",
        "body",
        target=f"body-{check}",
        entity=entity,
        check=view,
        start=start_of(source, entity.ref, result, now().date()),
        periods=history_of,
        linking=Linking(entity, host_of(entity.url, entity.commit)),
    )


@blueprint.get("/services/<namespace>/<name>/history")
def changes(namespace: str, name: str) -> Response:
    """All that changed in a service's verdicts."""
    entity, _ = find_service(namespace, name)
    points = standing_points(database(), entity.id, scorecard())
    return page(
        "service_history.html",
        entity=entity,
        periods=periods(database(), entity.id, scorecard(), _ALL_PERIODS),
        history=history(points, now()),
        most=_ALL_PERIODS,
    )


def _standing(entity: EntityRow, score: ScoreRow, opened: frozenset[str]) -> Standing:
    results = sorted(read_results(score.checks), key=lambda result: result.urgency)
    climbing = _climbing(score, results)
    if not opened:
        opened = frozenset([r.id for r in results if r.stage == climbing and not r.holds][:1])
    views = {view.result.id: view for view in _views(entity, results, opened)}
    stages = []
    for number in _reading_order(results, climbing):
        here = [r for r in results if r.stage == number]
        needed = [r for r in here if r.required and r.status != "not-applicable"]
        held = sum(r.holds for r in needed)
        shut = held == len(needed) and number < (climbing or 6) and not any(r.id in opened for r in here)
        stages.append(StageView(number, held, len(needed), not shut, [views[r.id] for r in here]))
    points = standing_points(database(), entity.id, score.scorecard)
    unknown = sum(r.shown_as == "unknown" for r in results)
    verdict = _verdict(entity, score, results, climbing, views)
    return Standing(score, verdict, counted(results), stages, history(points, now()), unknown)


def _climbing(score: ScoreRow, results: Sequence[CheckResult]) -> int | None:
    """The stage that is being climbed: that of the first step to take; None where there is none."""
    stages = {result.id: result.stage for result in results}
    return next((stages[id_] for id_ in score.next if id_ in stages), None)


def _reading_order(results: Sequence[CheckResult], climbing: int | None) -> list[int]:
    """The stage being climbed, then those above it, then those below from the highest."""
    numbers = sorted({result.stage for result in results})
    if climbing is None:
        return numbers[::-1]
    return [n for n in numbers if n >= climbing] + [n for n in reversed(numbers) if n < climbing]


def _views(entity: EntityRow, results: Sequence[CheckResult], opened: frozenset[str]) -> list[CheckView]:
    read = [r for r in results if r.id in opened or not r.holds]
    source = Source(entity.location, entity.repository, entity.commit)
    excerpts = dict(zip([r.id for r in read], read_excerpts(source, [r.evidence for r in read]), strict=True))
    docs = documentation()
    return [CheckView(r, docs.get(r.id), r.id in opened, excerpts.get(r.id)) for r in results]


def _verdict(
    entity: EntityRow,
    score: ScoreRow,
    results: Sequence[CheckResult],
    climbing: int | None,
    views: Mapping[str, CheckView],
) -> Verdict:
    steps = [_step(number, score, results) for number in STAGES] if score.stage else []
    missing = [views[id_] for id_ in score.next if id_ in views]
    missing = missing[: max(_FIRST, sum(view.result.required for view in missing))]
    if score.stage is None:
        kind = entity.type or "component"
        title, sentence = "No stage", f"A {kind.replace('-', ' ')} is scored, but does not climb the stages."
    elif not (lacking := [v.result for v in missing if v.result.required and not v.result.holds]):
        title = f"Stage {score.stage}, {STAGES[score.stage]}"
        sentence = "Every required check of this scorecard holds."
    else:
        title = f"Stage {score.stage}, {STAGES[score.stage]}"
        sentence = (
            f"{plural(len(lacking), 'required check')} of stage {climbing} "
            f"{'does' if len(lacking) == 1 else 'do'} not hold: {in_words(counted(lacking))}."
        )
    next_title = "What to do first"
    if score.stage and any(view.result.required for view in missing):
        next_title = f"To reach stage {climbing}, {STAGES[climbing or score.stage]}"
    elif score.stage and missing:
        next_title = "What would raise the score"
    top = max((r.stage for r in results if r.required and r.status != "not-applicable"), default=0)
    nothing = (
        f"Nothing. This scorecard requires no check beyond stage {top} yet."
        if score.stage and top < max(STAGES)
        else "Nothing: every required check holds."
    )
    return Verdict(title, sentence, steps, next_title, nothing, missing)


def _step(number: int, score: ScoreRow, results: Sequence[CheckResult]) -> Step:
    needed = [r for r in results if r.stage == number and r.required and r.status != "not-applicable"]
    stage = score.stage or 0
    state = "on" if number <= stage else "maybe" if number <= (score.stage_possible or stage) else "off"
    return Step(number, STAGES[number], state, number == stage, sum(r.holds for r in needed), len(needed))
