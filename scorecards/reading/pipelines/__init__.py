"""All pipelines of a repository, whatever CI system runs them: one module a CI system."""

from scorecards.reading.pipelines.coverage import covers, covers_step
from scorecards.reading.pipelines.registry import pipelines

__all__ = ["covers", "covers_step", "pipelines"]
