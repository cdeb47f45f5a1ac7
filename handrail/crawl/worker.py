"""What the processes of a crawl are asked to do.

The functions stand in a module that imports next to nothing, so that the processes are started at once and
import what they read with while the first process opens the database.
"""

from collections.abc import Sequence

from handrail.crawl.job import Job, Reading


def prepare() -> str:
    """Import what reading needs; gives the digest of the rules in force."""
    import handrail.crawl.reading  # noqa: F401
    from scorecards.rules import rules
    from scorecards.scorecard import built_in

    return rules(built_in().values())


def read_all(jobs: Sequence[Job]) -> list[Reading]:
    """Read several repositories, one after the other."""
    from handrail.crawl.reading import read

    return [read(job) for job in jobs]
