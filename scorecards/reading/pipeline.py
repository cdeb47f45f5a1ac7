"""The model that every CI system's files are read into."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Trigger = Literal["change", "push", "tag", "schedule", "manual", "call", "other"]
"""`change` is a pull or merge request, or a push to any branch; `push` a push to the default branch."""

NONE: frozenset[Trigger] = frozenset()
ON_CHANGE: frozenset[Trigger] = frozenset({"change", "push"})


class Command(NamedTuple):
    """One simple shell command, continued lines joined.

    `via` names how it was reached: `make test`, a script. `folder` is where it runs, from the root of the
    repository, None where that cannot be told. `body` is its heredoc. `opened` is True for a call whose
    contents follow as commands of their own, so that nothing is judged by its name alone; `lost` for a call
    of something that does not exist. `enforced` is False where its failure changes nothing (`|| true`),
    `live` where it can never run.
    """

    text: str
    path: str
    line: int
    via: tuple[str, ...] = ()
    folder: str | None = ""
    body: str = ""
    enforced: bool = True
    live: bool = True
    opened: bool = False
    lost: bool = False


@dataclass(frozen=True)
class Step:
    """One step. `uses` is an action, orb, template, image or task, with its `inputs`.

    `live` is False where it never runs (`if: false`, `when: never`), and `why` says by what. `enforced` is
    False where its failure changes nothing (`continue-on-error`, `allow_failure`). `missing` names the
    scripts and Make targets that are called and do not exist in the repository. `triggers` are what remains
    of the pipeline's once the conditions of the job and the step are counted, `paths` the job's own filters.
    """

    path: str
    line: int
    name: str
    job: str
    commands: tuple[Command, ...] = ()
    uses: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    condition: str = ""
    manual: bool = False
    live: bool = True
    enforced: bool = True
    missing: tuple[str, ...] = ()
    why: str = ""
    triggers: frozenset[Trigger] = NONE
    paths: tuple[str, ...] = ()

    def but(self, **changes: Any) -> "Step":
        """The same step with these fields changed; what `dataclasses.replace` does in a tenth of its time."""
        made = object.__new__(Step)
        made.__dict__.update(self.__dict__, **changes)
        return made

    def strings(self) -> Iterator[str]:
        """Every text among the inputs, nested ones too, at most a few hundred."""
        stack: list[Any] = [self.inputs]
        for _ in range(500):
            if not stack:
                return
            value = stack.pop()
            if isinstance(value, Mapping):
                stack.extend(value.values())
            elif isinstance(value, list | tuple):
                stack.extend(value)
            elif isinstance(value, str):
                yield value


class Pipeline(NamedTuple):
    """One pipeline file.

    `paths` are its path filters (`!` before one that excludes), empty where it runs for every change.
    `elsewhere` are the steps that call something in another repository (a reusable workflow, an orb, a shared
    library). `unreadable` says why the file, or a part of it, could not be read. `asks` are the names of what
    a person who starts it may choose.
    """

    path: str
    system: str
    triggers: frozenset[Trigger]
    steps: tuple[Step, ...]
    paths: tuple[str, ...] = ()
    elsewhere: tuple[Step, ...] = ()
    name: str = ""
    unreadable: str = ""
    asks: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """The folder that the pipeline stands for: that of its file, without the CI system's own part."""
        head = self.path.rpartition("/")[0]
        for own in (".github/workflows", ".circleci", ".buildkite", ".tekton", ".woodpecker"):
            if head == own or head.endswith(f"/{own}"):
                return head[: -len(own)].rstrip("/")
        return head
