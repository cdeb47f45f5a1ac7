"""Scorecards: YAML files that name checks and say where they depart from each check's own defaults.

The built-in ones stand in `scorecards/definitions/`; its `scorecard.schema.json` describes the format.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from catalog.document import Document, parse_yaml
from catalog.problem import Problem
from scorecards.check import Check, Params, check_ids, load_check

API_VERSION = "handrail.dev/v1"
DEFINITIONS = Path(__file__).parent / "definitions"
SCHEMA = DEFINITIONS / "scorecard.schema.json"
DEFAULT = "reliability"


@dataclass(frozen=True, slots=True)
class Criterion:
    """A check as one scorecard asks for it: the check's own defaults, overridden where the scorecard does."""

    check: Check
    stage: int
    required: bool
    weight: float
    params: Params

    @property
    def id(self) -> str:
        """The check's id."""
        return self.check.id


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A named list of criteria, ordered by stage, required before recommended."""

    name: str
    title: str
    description: str
    criteria: tuple[Criterion, ...]

    def criterion(self, check: str) -> Criterion | None:
        """The criterion of this check, None where the scorecard does not name it."""
        return next((c for c in self.criteria if c.id == check), None)


class InvalidScorecard(Exception):
    """A scorecard that cannot be used; `problems` name file, line, field and what was expected."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(p) for p in problems))
        self.problems = problems


@cache
def built_in() -> Mapping[str, Scorecard]:
    """Every scorecard that comes with Handrail, by name. Raises `InvalidScorecard`."""
    found = [_load(path, with_schema=False) for path in sorted(DEFINITIONS.glob("*.yaml"))]
    return {scorecard.name: scorecard for scorecard in found}


def load(path: Path) -> Scorecard:
    """The scorecard in a file. Raises `InvalidScorecard`, with every problem that the file has."""
    return _load(path, with_schema=True)


def named(name: str) -> Scorecard:
    """The built-in scorecard of this name, or the one in the file of this path.

    Raises `InvalidScorecard`, which says what names there are.
    """
    if name in built_in():
        return built_in()[name]
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return load(path)
    known = ", ".join(f"`{n}`" for n in built_in())
    message = f"There is no scorecard `{name}`. Name {known}, or the path of a scorecard's YAML file."
    raise InvalidScorecard((Problem("reference", message),))


def _load(path: Path, *, with_schema: bool) -> Scorecard:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        problem = Problem("unreadable", f"The scorecard cannot be read: {reason}.", str(path))
        raise InvalidScorecard((problem,)) from error
    parsed = parse_yaml(text, str(path))
    problems = [Problem("syntax", e.message, e.path, e.line) for e in parsed.errors]
    if not problems and len(parsed.documents) != 1:
        count = len(parsed.documents)
        problems.append(
            Problem("schema", f"A scorecard is one document, this file holds {count}.", str(path))
        )
    for document in parsed.documents[:1]:
        problems += validate(document) if with_schema else _meaning(document)
    if problems:
        raise InvalidScorecard(tuple(problems))
    return _read(parsed.documents[0])


def _read(document: Document) -> Scorecard:
    metadata = document.get("metadata")
    items = list(document.get("spec", "checks") or ())
    if document.get("spec", "all") is True:
        named = {item["id"] for item in items}
        items += [{"id": id_} for id_ in sorted(check_ids() - named)]
    criteria = [_criterion(item) for item in items]
    criteria.sort(key=lambda c: (c.stage, not c.required))
    name = metadata["name"]
    return Scorecard(name, metadata.get("title", name), metadata.get("description", ""), tuple(criteria))


def _criterion(item: Mapping[str, Any]) -> Criterion:
    check = load_check(item["id"])
    required = item.get("required", check.required)
    # A check made required, or no longer so, weighs what the other kind weighs unless that is said too.
    usual = check.weight if required == check.required else (2.0 if required else 1.0)
    return Criterion(
        check=check,
        stage=item.get("stage", check.stage),
        required=required,
        weight=float(item.get("weight", usual)),
        params={**check.params, **item.get("params", {})},
    )


def validate(document: Document) -> tuple[Problem, ...]:
    """What is wrong with a scorecard's document, in the order of its lines; empty where it can be used."""
    problems = [*_form(document), *_meaning(document)]
    return tuple(sorted(problems, key=lambda p: p.line or 0))


@cache
def _validator() -> Any:
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))


def _form(document: Document) -> Iterable[Problem]:
    for error in _validator().iter_errors(document.data):
        where = error.instance_path
        field = field_name(where)
        message = f"`{field}`: {error.message}." if field else f"{error.message}."
        yield Problem("schema", message, document.path, document.line_of(*where))


def field_name(keys: Iterable[str | int]) -> str:
    """The way to a value as people write it: `spec.checks[0].id`."""
    return "".join(f"[{k}]" if isinstance(k, int) else f".{k}" for k in keys).removeprefix(".")


def _meaning(document: Document) -> Iterable[Problem]:
    """What no schema can tell: ids that name no check, checks named twice, parameters they do not have."""
    for key, line in document.duplicates:
        yield Problem("schema", f"`{key}` is written twice.", document.path, line)
    items = document.get("spec", "checks")
    seen: set[str] = set()
    for index, item in enumerate(items if isinstance(items, list) else []):
        identifier = item.get("id") if isinstance(item, dict) else None
        if not isinstance(identifier, str):
            continue
        way = ("spec", "checks", index, "id")
        check = load_check(identifier) if identifier in check_ids() else None
        if check is None:
            message = f"`{field_name(way)}`: there is no check `{identifier}`.{near(identifier, check_ids())}"
            yield Problem("reference", message, document.path, document.line_of(*way))
        elif identifier in seen:
            message = f"`{field_name(way)}`: `{identifier}` is named twice."
            yield Problem("schema", message, document.path, document.line_of(*way))
        else:
            yield from _parameters(document, index, check)
        seen.add(identifier)


def _parameters(document: Document, index: int, check: Check) -> Iterable[Problem]:
    given = document.get("spec", "checks", index, "params")
    for name, value in (given if isinstance(given, dict) else {}).items():
        way = ("spec", "checks", index, "params", name)
        line = document.line_of(*way)
        if name not in check.params:
            known = near(name, check.params) or " It has none."
            message = f"`{field_name(way)}`: `{check.id}` has no parameter `{name}`.{known}"
            yield Problem("reference", message, document.path, line)
        elif not _same_kind(value, check.params[name]):
            message = f"`{field_name(way)}`: expected a value like {check.params[name]!r}, found {value!r}."
            yield Problem("schema", message, document.path, line)


def _same_kind(value: object, default: object) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float)
    if isinstance(default, str):
        return isinstance(value, str)
    if isinstance(default, Mapping):
        return isinstance(value, Mapping)
    return isinstance(value, list) if isinstance(default, Iterable) else True


def near(word: str, known: Iterable[str]) -> str:
    """A sentence that names what was probably meant, or all there is where nothing is near."""
    import difflib

    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=3, cutoff=0.5)
    if close:
        return f" Did you mean {' or '.join(f'`{c}`' for c in close)}?"
    return f" There are {', '.join(f'`{n}`' for n in names)}." if names else ""
