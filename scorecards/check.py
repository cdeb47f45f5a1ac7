"""A check and the registry of all of them: the registry is the folder `scorecards/checks/`."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import scorecards.checks
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.facts import Facts
from scorecards.result import Result

if TYPE_CHECKING:
    from scorecards.start import Start

Params = Mapping[str, Any]
Evaluate = Callable[[Snapshot, Service, Facts, Params], Result]
Begin = Callable[[Snapshot, Service, Result], "Start | None"]


@dataclass(frozen=True, slots=True)
class Check:
    """A module of `scorecards/checks/`: its name is the id, its docstring the documentation.

    The module defines `STAGE` (2 to 5), `REQUIRED`, `EXCEPT` (service types it does not apply to, see
    `catalog.service.TYPES`), optionally `WEIGHT`, `EFFORT` (what a repair usually takes: 1 a line, 2 a file,
    3 something that must be built; 2 unless said) and `PARAMS` (its parameters with their defaults), and
    `evaluate(snapshot, service, facts, params) -> Result`, a pure function. It may define
    `start(snapshot, service, result) -> Start | None`, see `scorecards.start`.
    """

    id: str
    stage: int
    required: bool
    weight: float
    effort: int
    excepted: frozenset[str]
    params: Params
    evaluate: Evaluate
    doc: str
    start: Begin | None = None

    def applies_to(self, service: Service) -> bool:
        """Whether a service of this type should have the practice at all."""
        return service.type not in self.excepted

    @property
    def title(self) -> str:
        """The first line of the documentation, a sentence."""
        return self.doc.partition("\n")[0]


@cache
def check_ids() -> frozenset[str]:
    """The id of every check, told from the names of the files."""
    return frozenset(info.name.replace("_", "-") for info in pkgutil.iter_modules(scorecards.checks.__path__))


@cache
def all_checks() -> dict[str, Check]:
    """Every check by id, in order of stage, required before recommended, then id."""
    found = [load_check(id_) for id_ in check_ids()]
    return {c.id: c for c in sorted(found, key=lambda c: (c.stage, not c.required, c.id))}


@cache
def load_check(id_: str) -> Check:
    """The check of this id, one of `check_ids()`; its module is imported, with what it reads."""
    module: Any = importlib.import_module(f"scorecards.checks.{id_.replace('-', '_')}")
    return Check(
        id=id_,
        stage=module.STAGE,
        required=module.REQUIRED,
        weight=float(getattr(module, "WEIGHT", 2 if module.REQUIRED else 1)),
        effort=getattr(module, "EFFORT", 2),
        excepted=frozenset(module.EXCEPT),
        params=getattr(module, "PARAMS", {}),
        evaluate=module.evaluate,
        doc=(module.__doc__ or "").strip(),
        start=getattr(module, "start", None),
    )
