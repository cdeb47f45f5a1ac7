"""Deployments that a pipeline makes, each judged by where, when and onto what it deploys."""

import posixpath
from collections.abc import Iterator

from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.reading.deployments.beside import why_not
from scorecards.reading.deployments.deployment import Deployment
from scorecards.reading.deployments.seen import acts
from scorecards.reading.deployments.worth import judged
from scorecards.reading.pipeline import Pipeline, Step
from scorecards.reading.stack import system_name
from scorecards.result import Status


def run(snapshot: Snapshot, pipeline: Pipeline, service: Service) -> Iterator[tuple[Deployment, str]]:
    """What the pipeline deploys and publishes, each with why it does not count, empty where it does."""
    seen = snapshot.derive(acts).get(pipeline.path, ())
    for one in seen:
        names = _names(pipeline, one.step)
        why = why_not(snapshot, pipeline, service, one, names)
        status, lack = judged(snapshot, pipeline, service, one, names)
        shown = f"{one.act.what} in {system_name(pipeline.system)} (`{one.step.job or one.step.name}`)"
        if not why and status is Status.FAIL:
            why = lack
        yield Deployment(one.path, one.line, shown, status, lack, one.act.kind), why


def _names(pipeline: Pipeline, step: Step) -> str:
    stem = posixpath.basename(pipeline.path).rpartition(".")[0]
    return f"{step.name}\n{step.job}\n{stem}\n{pipeline.name}"
