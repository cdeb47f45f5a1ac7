"""Descriptor formats, one module each, and the registry that is this folder.

A format is a module with what `Format` names. Files are looked at for their names, and which format a
document is in is decided by its content alone: one without any format's marks gives nothing but a note.
"""

import importlib
import pkgutil
import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple, Protocol, cast

from catalog.document import Document, Parsed
from catalog.entity import Entity
from catalog.problem import Problem
from catalog.schema import Fault, Verdict


class Target(NamedTuple):
    """Another file that a descriptor points to: a path or glob beside its own file, or an address."""

    target: str
    required: bool
    line: int


class Nameless(NamedTuple):
    """A document that means to be a Component and cannot be used; `name` is what can be read of it."""

    name: str | None
    line: int


class Reading(NamedTuple):
    """What one file declares, and what is wrong with it."""

    entities: tuple[Entity, ...] = ()
    targets: tuple[Target, ...] = ()
    broken: tuple[Nameless, ...] = ()
    problems: tuple[Problem, ...] = ()
    whole: tuple[Entity, ...] = ()
    """Components without a name of their own, that speak of whatever the repository holds."""
    notes: tuple[Problem, ...] = ()
    """What is worth knowing and is no mistake."""


class Judgement(NamedTuple):
    """The verdict on one document, the kind in Backstage's model that it makes, and why it is invalid."""

    verdict: Verdict
    kind: str | None
    faults: tuple[Fault, ...] = ()


class Format(Protocol):
    """What a module of this package has."""

    NAME: str
    """The format's name for people."""

    RANK: int
    """Where descriptors in several formats make one entity, the lowest rank's word is kept."""

    FILES: frozenset[str]
    """Names of YAML files that may be in this format."""

    FOLDERS: frozenset[str]
    """Names of folders in which, however deep, YAML files may be in this format."""

    CERTAIN: bool
    """Whether a file of such a name is certainly meant as a descriptor: content that is none is a problem."""

    MARK: re.Pattern[str]
    """What stands in the text of every file in this format, at the least."""

    def claims(self, document: Document) -> bool:
        """Whether a document has the format's own marks."""
        ...

    def judge(self, document: Document) -> Judgement:
        """The verdict on a document that the format claims."""
        ...

    def read(self, parsed: Parsed, text: str, path: str, *, certain: bool) -> Reading:
        """The entities of a file. `certain`: documents without the format's marks are problems."""
        ...


@cache
def formats() -> Mapping[str, Format]:
    """Every format by its module's name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: cast("Format", importlib.import_module(f"{__name__}.{name}")) for name in names}


def format_of(document: Document) -> Format | None:
    """The format whose marks a document has; None where it has those of none."""
    return next((form for form in formats().values() if form.claims(document)), None)
