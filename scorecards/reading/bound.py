"""The model that every platform's files are read into: how much a workload may take, and how many run."""

from typing import NamedTuple


class Seen(NamedTuple):
    """What was read, in a few words, and where."""

    text: str
    path: str
    line: int


class Bounds(NamedTuple):
    """What bounds one workload. `image` and `context` are empty and None where the file does not say.

    `requests` is what it is promised, `limits` what it may take at most, `many` what makes it more than one
    (replicas or autoscaling), `budget` what keeps enough of it running while machines are emptied. `open`
    names the containers that lack the first two. `budgeted` is True where the platform has such budgets.
    `unread` says why it cannot be told, "" where it can.
    """

    system: str
    kind: str
    name: str
    path: str
    line: int
    image: str = ""
    context: str | None = None
    requests: Seen | None = None
    limits: Seen | None = None
    many: Seen | None = None
    budget: Seen | None = None
    open: tuple[str, ...] = ()
    budgeted: bool = False
    counted: bool = True
    """Whether there can be more than one: not of a job that a schedule starts, nor of one on each machine."""
    unread: str = ""

    @property
    def title(self) -> str:
        """How a sentence names it."""
        return f"{self.kind} `{self.name}`" if self.name else self.kind

    @property
    def held(self) -> tuple[Seen, ...]:
        """What was found of it."""
        return tuple(dict.fromkeys(s for s in (self.requests, self.limits, self.many, self.budget) if s))

    @property
    def lacks(self) -> tuple[str, ...]:
        """What is missing, each in a few words."""
        wanted = (
            (self.requests, "requests"),
            (self.limits, "limits"),
            (self.many or not self.counted, "a second replica or autoscaling"),
            (self.budget or not self.budgeted or not self.counted, "a disruption budget"),
        )
        return tuple(word for found, word in wanted if not found)


def number(value: object) -> float | None:
    """A count as a number, None for what is none."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(str(value).strip().strip("\"'"))
    except ValueError:
        return None
