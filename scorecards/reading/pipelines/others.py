"""CI systems that keep shell text under well-known keys: AppVeyor, Semaphore, Cirrus, sourcehut ..."""

import posixpath
from collections.abc import Iterator

from catalog.document import Document, maps
from catalog.snapshot import Snapshot
from scorecards.reading.pipeline import ON_CHANGE, Pipeline, Step
from scorecards.reading.pipelines.steps import broken, followed, is_false, texts

SYSTEMS = {
    "appveyor": "appveyor",
    ".appveyor": "appveyor",
    ".cirrus": "cirrus",
    ".build": "sourcehut",
    "delivery": "zalando-cdp",
    "codefresh": "codefresh",
    "codemagic": "codemagic",
    "bitrise": "bitrise",
    "screwdriver": "screwdriver",
    "semaphore": "semaphore",
}
_KEYS = (
    "script",
    "scripts",
    "commands",
    "cmd",
    "content",
    "test_script",
    "build_script",
    "before_build",
    "after_build",
    "before_test",
    "deploy_script",
)


def read(snapshot: Snapshot, path: str) -> Pipeline | None:
    """The pipeline of one file."""
    stem = posixpath.basename(path).rpartition(".")[0]
    system = SYSTEMS.get(stem, "semaphore" if path.startswith(".semaphore/") else "sourcehut")
    parsed = snapshot.parsed(path)
    if not parsed.documents:
        return broken(snapshot, path, system)
    steps = tuple(s for d in parsed.documents for s in _steps(snapshot, d, system))
    return Pipeline(path, system, ON_CHANGE, steps) if steps else None


def _steps(snapshot: Snapshot, document: Document, system: str) -> Iterator[Step]:
    for number, holder in enumerate(maps(document.data)):
        if number > 2000:
            return
        keys = [k for k in holder if k in _KEYS or k.endswith("_script")]
        if system == "sourcehut" and "tasks" not in holder:
            keys = [k for k, v in holder.items() if isinstance(v, str) and holder is not document.data]
        for key in keys:
            name = str(holder.get("name") or holder.get("id") or holder.get("title") or key)
            step = Step(document.path, holder.lines.get(key, holder.line), name, name, triggers=ON_CHANGE)
            if holder.get("allow_failures") is True or holder.get("fail_fast") is False:
                step = step.but(enforced=False)
            if is_false(holder.get("only_if")) or holder.get("skip") is True:
                step = step.but(live=False, why="`only_if: false`")
            found = texts(holder, key)
            if found:
                yield followed(snapshot, step, found)
