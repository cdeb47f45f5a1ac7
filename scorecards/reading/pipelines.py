"""All pipelines of a repository, whatever CI system runs them."""

from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.reading.pipeline import Pipeline


def pipelines(snapshot: Snapshot) -> tuple[Pipeline, ...]:
    """Every pipeline that a CI system would read; made once a snapshot."""
    return snapshot.derive(_read)


def covers(pipeline: Pipeline, service: Service) -> bool:
    """Whether the pipeline runs for a change of this service's files."""
    return bool(pipeline) and bool(service)


def _read(snapshot: Snapshot) -> tuple[Pipeline, ...]:
    return ()
