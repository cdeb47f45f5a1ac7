"""Whether an entity is what its kind's JSON Schema asks for, and if not, what to write instead.

The schemas stand in `catalog/schemas/`, one file a kind. A verdict is what a Backstage catalog with its
default policies and kind validators gives. Sentences about what is wrong end with the `description` of the
schema that was not met, so that a schema says itself what it expects.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from catalog.document import Document

Verdict = Literal["valid", "invalid", "unknown-kind"]

SCHEMAS = Path(__file__).parent / "schemas"
KINDS = ("Component", "API", "System", "Domain", "Resource", "Group", "User", "Location", "Template")
_ENVELOPE = "envelope"
_SHOWN = 60


class Fault(NamedTuple):
    """What is wrong with one field: `field` as `spec.dependsOn[0]`, None for the whole document."""

    field: str | None
    line: int | None
    message: str


@cache
def schemas() -> Mapping[str, Any]:
    """Every schema of `catalog/schemas/`, by the word before `.schema.json`."""
    return {
        path.name.removesuffix(".schema.json"): json.loads(path.read_text("utf-8"))
        for path in sorted(SCHEMAS.glob("*.schema.json"))
    }


@cache
def _names() -> Mapping[tuple[str, str], str]:
    """The schema for an apiVersion and a kind."""
    return {
        (version, schema["properties"]["kind"]["const"]): name
        for name, schema in schemas().items()
        if name != _ENVELOPE
        for version in schema["properties"]["apiVersion"]["enum"]
    }


@cache
def _compiled(name: str) -> Any:
    import jsonschema_rs  # 30 ms that a command without descriptors need not pay

    registry = jsonschema_rs.Registry([(s["$id"], s) for s in schemas().values()])
    return jsonschema_rs.validator_for(schemas()[name], registry=registry)


def _name_for(data: Any) -> str:
    version, kind = data.get("apiVersion"), data.get("kind")
    if isinstance(version, str) and isinstance(kind, str):
        return _names().get((version, kind), _ENVELOPE)
    return _ENVELOPE


def verdict(data: object) -> Verdict:
    """What a Backstage catalog says of this entity; `unknown-kind` where its envelope is right."""
    if not isinstance(data, dict):
        return "invalid"
    name = _name_for(data)
    try:
        valid = _compiled(name).is_valid(data)
    except ValueError:  # a lone surrogate, or a number that no JSON holds
        return "invalid"
    if not valid:
        return "invalid"
    return "unknown-kind" if name == _ENVELOPE else "valid"


def faults(document: Document) -> tuple[Fault, ...]:
    """Everything that makes the verdict on this document `invalid`, in the order of its lines."""
    if not isinstance(document.data, dict):
        found = _type_name(document.data)
        message = (
            f"This document is {found}. An entity is a mapping with `apiVersion`, `kind` and `metadata`."
        )
        return (Fault(None, document.line, message),)
    written = _written(document, _checker(_name_for(document.data)))
    if not written and verdict(document.data) == "invalid":
        written.append(Fault(None, document.line, "This document holds a value that JSON cannot hold."))
    return tuple(sorted(written, key=lambda fault: fault.line or 0))


def _written(document: Document, checker: Any) -> list[Fault]:
    listed: dict[tuple[str | int, ...], str] = {}
    for error in sorted(checker.iter_errors(document.data), key=_weight):
        for keys, message in _explain(error):
            listed.setdefault(keys, message)
    written = [Fault(_field(keys), document.line_of(*keys), text) for keys, text in listed.items()]
    for key, line in document.duplicates:
        written.append(Fault(key, line, f"`{key}` is written twice in one mapping. Keep one of the two."))
    return written


def format_faults(document: Document, name: str) -> tuple[Fault, ...]:
    """What makes a document of another format invalid, by `catalog/schemas/descriptors/NAME.schema.json`."""
    try:
        valid = _format_compiled(name).is_valid(document.data)
    except ValueError:  # a lone surrogate, or a number that no JSON holds
        message = "This document holds a value that JSON cannot hold."
        return (Fault(None, document.line, message),)
    if valid and not document.duplicates:
        return ()
    return tuple(sorted(_written(document, _format_checker(name)), key=lambda fault: fault.line or 0))


def _format_schema(name: str) -> Any:
    return json.loads((SCHEMAS / "descriptors" / f"{name}.schema.json").read_text("utf-8"))


@cache
def _format_compiled(name: str) -> Any:
    import jsonschema_rs  # see `_compiled`

    return jsonschema_rs.validator_for(_format_schema(name))


@cache
def _format_checker(name: str) -> Any:
    import jsonschema  # only a mistake needs it

    return jsonschema.Draft202012Validator(_format_schema(name))


@cache
def _checker(name: str) -> Any:
    """The slow validator: it tells where and why. Its patterns are made to end where the text ends."""
    import re  # only a mistake needs these, and jsonschema is slow to import

    import jsonschema
    from referencing import Registry
    from referencing.jsonschema import DRAFT202012

    def pattern(validator: Any, wanted: str, instance: Any, schema: Any) -> Iterator[Any]:
        # In Python `$` also matches before a last newline, in ECMAScript it does not.
        strict = wanted[:-1] + r"\Z" if wanted.endswith("$") else wanted
        if isinstance(instance, str) and not re.search(strict, instance):
            yield jsonschema.ValidationError(f"{instance!r} does not match {wanted!r}")

    # A schema that names its dialect would be read by the dialect's own validator, not by this one.
    plain = {n: {k: v for k, v in s.items() if k != "$schema"} for n, s in schemas().items()}
    known: Any = Registry().with_resources((s["$id"], DRAFT202012.create_resource(s)) for s in plain.values())
    extend: Any = jsonschema.validators.extend
    strict = extend(jsonschema.Draft202012Validator, {"pattern": pattern})
    return strict(plain[name], registry=known)


_ORDER = ("type", "required", "const", "enum", "minLength", "maxLength", "pattern")


def _weight(error: Any) -> int:
    """Of several errors at one place the plainest is told."""
    return _ORDER.index(error.validator) if error.validator in _ORDER else len(_ORDER)


def _explain(error: Any) -> Iterable[tuple[tuple[str | int, ...], str]]:
    keys = tuple(error.absolute_path)
    expected = error.schema.get("description", "")
    properties = error.schema.get("properties", {})
    if error.validator == "required":
        listed = any(isinstance(key, int) for key in keys)
        for name in error.validator_value:
            # A key that other formats leave empty in a list's item has a line and no value: no mistake.
            empty = listed and name in getattr(error.instance, "lines", ())
            if name not in error.instance and not empty:
                yield (*keys, name), _sentence((*keys, name), "is missing", _expected(properties.get(name)))
    elif error.validator == "additionalProperties" and error.validator_value is False:
        allowed = ", ".join(f"`{name}`" for name in properties)
        for name in error.instance:
            if name not in properties:
                yield (*keys, name), _sentence((*keys, name), "is no field here", f"There are {allowed}.")
    elif "propertyNames" in error.absolute_schema_path:
        where = _field(keys)
        yield (*keys, error.instance), f"{_quoted(error.instance)} cannot be a key of `{where}`. {expected}"
    else:
        yield keys, _sentence(keys, _complaint(error), expected)


def _complaint(error: Any) -> str:
    value = error.instance
    if value is None or value == "":
        return "is empty"
    if error.validator == "type":
        wanted = error.validator_value
        wanted = wanted if isinstance(wanted, str) else wanted[0]
        return f"is {_type_name(value)}, not {_TYPES.get(wanted, wanted)}"
    if error.validator == "maxLength":
        return f"is {len(value):,} characters long, more than the {error.validator_value} allowed"
    return f"cannot be {_quoted(value)}" if isinstance(value, str) else f"cannot be {_type_name(value)}"


def _sentence(keys: tuple[str | int, ...], complaint: str, expected: str) -> str:
    return f"`{_field(keys)}` {complaint}. {expected}".strip()


def _expected(schema: Any) -> str:
    """What a property's schema says of itself, or the one that it refers to."""
    if not isinstance(schema, dict):
        return ""
    if "$ref" in schema:
        file, _, pointer = schema["$ref"].rpartition("#/$defs/")
        name = file.removesuffix(".schema.json") or _ENVELOPE
        schema = schemas()[name].get("$defs", {}).get(pointer, {})
    told = schema.get("description", "")
    if not told and "enum" in schema:
        return f"Write `{schema['enum'][0]}`."
    return str(told)


_TYPES = {"string": "text", "array": "a list", "object": "a mapping"}


def _type_name(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, (int, float)):
        return f"the number `{str(value)[:_SHOWN]}`"
    return "text" if isinstance(value, str) else "a list" if isinstance(value, list) else "a mapping"


def _quoted(text: str) -> str:
    if not text:
        return "empty text"
    shown = _short(text)
    return f"`{shown}`" if shown.isprintable() else f"`{json.dumps(shown)[1:-1]}`"


def _field(keys: tuple[str | int, ...]) -> str:
    """The way to a value as people write it: `spec.dependsOn[0]`."""
    words = (f"[{k}]" if isinstance(k, int) else f".{_short(k)}" for k in keys)
    return "".join(words).removeprefix(".")


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
