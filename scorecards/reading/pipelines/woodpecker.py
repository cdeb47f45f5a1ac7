"""Woodpecker, which reads Drone's dialect and one of its own very near to it."""

from catalog.snapshot import Snapshot
from scorecards.reading.pipeline import Pipeline
from scorecards.reading.pipelines import drone


def read(snapshot: Snapshot, path: str) -> Pipeline | None:
    """The pipeline of one file."""
    return drone.read(snapshot, path, "woodpecker")
