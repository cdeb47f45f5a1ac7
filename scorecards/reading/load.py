"""A load test, whatever tool it was written for, and what sets it off."""

from collections.abc import Iterator
from typing import NamedTuple

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.flaw import Flaw
from scorecards.reading.paths import paths

NAMED = (
    *("k6", "load", "perf", "stress", "soak", "spike", "surge", "bench", "locust", "gatling", "jmeter"),
    *("artillery", "simulation", "capacity", "throughput", "vegeta", "taurus", "nbomber", "smoke", "traffic"),
)
"""One of these stands in the path of most load tests, in lower case."""

FINDS = regex(
    r"(?<![a-z])(?:k6|locust|gatling|jmeter|artillery|taurus|nbomber|vegeta|surge|soak|spike|stress)(?![a-z])"
    r"|(?<![a-z])(?:load|perf(?:ormance)?)[-_ ]?(?:gen(?:erators?)?|tests?|testing|testers?)?(?![a-z])"
)
"""A folder or file of that name, in lower case, is for load."""


class Limit(NamedTuple):
    """What a load test holds its numbers against: `text` as written, and where."""

    text: str
    path: str
    line: int


class Load(NamedTuple):
    """One load test. `aims` is the text that tells what it hits, `flaws` what weakens the test itself."""

    tool: str
    path: str
    line: int
    limit: Limit | None = None
    aims: str = ""
    flaws: tuple[Flaw, ...] = ()


class Start(NamedTuple):
    """One place that starts a load test of a tool: a pipeline's step, or a command that a person runs.

    `names` are the words that may name the script; `by_hand` says why no pipeline or schedule runs it, ""
    where one does. `limit` is what judges the result there. `users` is True where the command says how many,
    `lost` the script that it names and that is not in the repository.
    """

    tool: str
    how: str
    path: str
    line: int
    folder: str | None
    names: tuple[str, ...] = ()
    by_hand: str = ""
    flaws: tuple[Flaw, ...] = ()
    limit: Limit | None = None
    users: bool = False
    text: str = ""
    lost: str = ""


def _marks(snapshot: Snapshot) -> tuple[str, ...]:
    together = "\n".join(snapshot.files).lower()  # asked once for all paths
    return tuple(word for word in NAMED if word in together)


def named(snapshot: Snapshot, *endings: str) -> Iterator[str]:
    """Paths with one of these extensions that speak of load."""
    marks = snapshot.derive(_marks)
    for path in paths(snapshot).ending(*endings) if marks else ():
        lowered = path.lower()
        if any(word in lowered for word in marks):
            yield path
