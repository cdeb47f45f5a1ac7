"""The files of a folder sorted by what their names promise, so that few need to be read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from catalog.aside import aside_folder
from catalog.document import dig
from catalog.regex import regex
from catalog.snapshot import Snapshot

MAX_READ = 40
"""Files read to answer one question."""

BESIDE = regex(
    r"(?:^|/)(?:\.devcontainer|\.github|\.circleci|\.gitlab|tests?|e2e|hack|ci|docs?|benchmarks?|dist)/",
    re.IGNORECASE,
)
"""Folders beside the software itself: what starts there is a test or a tool for building."""


@dataclass(slots=True)
class Survey:
    """Files below a folder. `prefix` ends with `/`, "" for the root; names and endings are in lower case."""

    snapshot: Snapshot
    prefix: str
    named: dict[str, list[str]] = field(default_factory=dict)
    ending: dict[str, list[str]] = field(default_factory=dict)
    images: list[str] = field(default_factory=list)
    """Dockerfiles."""

    def first(self, *names: str) -> str | None:
        """The file of one of these names that is nearest to the folder's top."""
        found = [path for name in names for path in self.named.get(name, ())]
        return min(found, key=lambda path: (path.count("/"), path), default=None)

    def top(self, *names: str) -> str | None:
        """The file of one of these names right in the folder, the first name before the next."""
        start = len(self.prefix)
        paths = (path for name in names for path in self.named.get(name, ()))
        return next((path for path in paths if path.find("/", start) < 0), None)

    def each(self, *names: str) -> list[str]:
        """Every file of these names."""
        return [path for name in names for path in self.named.get(name, ())]

    def text(self, path: str | None) -> str:
        """A file's text, "" where there is none."""
        return "" if path is None else self.snapshot.text(path) or ""

    def holding(self, paths: Iterable[str | None], pattern: re.Pattern[str]) -> str | None:
        """The first of these files whose text matches, among the first `MAX_READ`."""
        listed = [path for path in paths if path is not None][:MAX_READ]
        return next((path for path in listed if pattern.search(self.text(path))), None)

    def package(self, *keys: str) -> Any:
        """The value at `keys` in the folder's `package.json`, None where there is none."""
        path = self.top("package.json")
        documents = self.snapshot.parsed(path).documents if path else ()
        return dig(documents[0].data, *keys) if documents else None

    def needs(self) -> set[str]:
        """Names of what `package.json` depends on."""
        parts = (self.package("dependencies"), self.package("devDependencies"))
        return {name for part in parts if isinstance(part, dict) for name in part}


def survey(snapshot: Snapshot, folder: str = "") -> Survey:
    """Sort the files below `folder`; those in examples, test data and vendored code are left out."""
    prefix = f"{folder}/" if folder else ""
    start = len(prefix)
    named: dict[str, list[str]] = {}
    ending: dict[str, list[str]] = {}
    images = []
    for path in snapshot.files:
        if prefix and not path.startswith(prefix):
            continue
        inside = path[start:] if start else path
        if "/" in inside and aside_folder(inside) is not None:
            continue
        name = inside[inside.rfind("/") + 1 :].lower()
        named.setdefault(name, []).append(path)
        dot = name.rfind(".")
        ending.setdefault(name[dot + 1 :] if dot >= 0 else "", []).append(path)
        if name.startswith(("dockerfile", "containerfile")) or name.endswith(".dockerfile"):
            images.append(path)
    return Survey(snapshot, prefix, named, ending, [p for p in images if not BESIDE.search(p, start)])
