"""Descriptor formats, one module each, and the registry that is this folder.

A format is a module with what `Format` names. It is chosen by a file's name and decides by its content: a
file without the format's own marks gives nothing.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple, Protocol, cast

from catalog.document import Document, Parsed
from catalog.entity import Entity
from catalog.problem import Problem


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


class Format(Protocol):
    """What a module of this package has."""

    FILES: frozenset[str]
    """Names of YAML files that are certainly meant as descriptors: content that is none is a problem."""

    FOLDERS: frozenset[str]
    """Names of folders whose YAML files are read if their content has the format's marks."""

    def claims(self, document: Document) -> bool:
        """Whether a document has the format's own marks."""
        ...

    def read(self, parsed: Parsed, text: str, path: str, *, certain: bool) -> Reading:
        """The entities of a file. `certain`: documents without the format's marks are problems."""
        ...


@cache
def formats() -> Mapping[str, Format]:
    """Every format by its module's name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: cast("Format", importlib.import_module(f"{__name__}.{name}")) for name in names}
