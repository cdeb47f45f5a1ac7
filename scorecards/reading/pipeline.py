"""The model that every CI system's files are read into."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Trigger = Literal["change", "push", "tag", "schedule", "manual", "call", "other"]
"""`change` is a pull or merge request, or a push to any branch; `push` a push to the default branch."""


@dataclass(frozen=True, slots=True)
class Command:
    """One shell command, continued lines joined. `via` names how it was reached: `make test`, a script."""

    text: str
    path: str
    line: int
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `uses` is an action, orb, template or task, with its `inputs`.

    `live` is False where it never runs (`if: false`, `when: never`, commented-out job). `enforced` is False
    where its failure changes nothing (`|| true`, `continue-on-error`, `allow_failure`). `missing` names the
    scripts and Make targets that are called and do not exist in the repository.
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


@dataclass(frozen=True, slots=True)
class Pipeline:
    """One pipeline file. `paths` are its path filters, empty where it runs for every change.

    `elsewhere` names what it calls in other repositories (a reusable workflow, an orb, a shared library).
    """

    path: str
    system: str
    triggers: frozenset[Trigger]
    steps: tuple[Step, ...]
    paths: tuple[str, ...] = ()
    elsewhere: tuple[Step, ...] = ()
