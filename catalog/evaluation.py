"""Terraform's expressions evaluated as far as the files tell: defaults, locals, inputs, a few functions."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from catalog.document import Map, Seq
from catalog.expressions import Node
from catalog.hcl import Attribute, Block

MAX_DEPTH = 40
_MAX_LENGTH = 100_000


class Unknown(str):
    """An expression that only a plan could evaluate, as it was written."""

    __slots__ = ()


@dataclass(frozen=True)
class Module:
    """What the `.tf` files of one folder say together."""

    folder: str
    variables: Mapping[str, Any]
    locals: Mapping[str, Attribute]
    blocks: Sequence[tuple[str, Block]]
    budget: list[int]
    """How many expressions may still be evaluated, shared by all of a repository."""


@dataclass(frozen=True)
class Scope:
    """What names stand for where an expression is evaluated: inputs of the call, `each`, `count`."""

    module: Module
    inputs: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, Any] = field(default_factory=dict)
    opened: tuple[str, ...] = ()


def evaluate(node: Node, scope: Scope, depth: int = 0) -> Any:
    """The value of an expression: text, number, boolean, None, Map, Seq, or `Unknown`."""
    kind = node[0]
    if kind == "lit":
        return node[1]
    scope.module.budget[0] -= 1
    if depth > MAX_DEPTH or kind == "raw" or scope.module.budget[0] < 0:
        return Unknown("${" + _written(node) + "}")
    if kind == "tpl":
        return _joined([evaluate(part, scope, depth + 1) for part in node[1]])
    if kind == "list":
        found = Seq()
        found.extend(evaluate(item, scope, depth + 1) for item in node[1])
        found.lines = [1] * len(found)
        return found
    if kind == "obj":
        made = Map()
        for key, value, line in node[1]:
            name = evaluate(key, scope, depth + 1)
            made[str(name)] = evaluate(value, scope, depth + 1)
            made.lines[str(name)] = line
        return made
    if kind == "ref":
        return _reference(node, scope, depth)
    if kind == "call":
        return _call(node, scope, depth)
    return _operation(node, scope, depth)


def _joined(parts: Sequence[Any]) -> Any:
    if len(parts) == 1:
        return parts[0]
    text = "".join(_shown(p) for p in parts)[:_MAX_LENGTH]
    return Unknown(text) if any(isinstance(p, (Unknown, Map, Seq)) for p in parts) else text


def _shown(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    return "${...}" if isinstance(value, (Map, Seq)) else str(value)


def _reference(node: Node, scope: Scope, depth: int) -> Any:
    steps = list(node[1])
    root = steps.pop(0)
    value: Any = None
    if isinstance(root, tuple):
        value = evaluate(root, scope, depth + 1)
    elif root in scope.names:
        value = scope.names[root]
    elif root in ("var", "local") and steps and isinstance(steps[0], str):
        name = steps.pop(0)
        value = _variable(name, scope) if root == "var" else _local(name, scope, depth)
    else:
        return Unknown("${" + _written(node) + "}")
    for step in steps:
        key = evaluate(step, scope, depth + 1) if isinstance(step, tuple) else step
        if isinstance(value, dict) and str(key) in value:
            value = value[str(key)]
        elif isinstance(value, Seq) and isinstance(key, int) and -len(value) <= key < len(value):
            value = value[key]
        elif isinstance(value, Map):
            return None
        else:
            return Unknown("${" + _written(node) + "}")
    return value


def _variable(name: str, scope: Scope) -> Any:
    if name in scope.inputs:
        return scope.inputs[name]
    return scope.module.variables.get(name, Unknown(f"${{var.{name}}}"))


def _local(name: str, scope: Scope, depth: int) -> Any:
    attribute = scope.module.locals.get(name)
    if attribute is None or name in scope.opened:
        return Unknown(f"${{local.{name}}}")
    return evaluate(attribute.node, replace(scope, opened=(*scope.opened, name)), depth + 1)


def _operation(node: Node, scope: Scope, depth: int) -> Any:
    kind = node[0]
    values = [evaluate(part, scope, depth + 1) for part in node[1:] if isinstance(part, tuple)]
    unknown = Unknown("${" + _written(node) + "}")
    if kind == "cond":
        return values[1] if values[0] is True else values[2] if values[0] is False else unknown
    if kind == "not":
        return not values[0] if isinstance(values[0], bool) else unknown
    if kind == "neg":
        return -values[0] if isinstance(values[0], (int, float)) else unknown
    left, right = values
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return unknown
    if node[1] in ("==", "!="):
        return (left == right) is (node[1] == "==")
    if not (isinstance(left, (int, float)) and isinstance(right, (int, float))):
        return unknown
    return _arithmetic(node[1], left, right, unknown)


_SIGNS: dict[str, Callable[[float, float], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "&&": lambda left, right: bool(left) and bool(right),
    "||": lambda left, right: bool(left) or bool(right),
}


def _arithmetic(sign: str, left: float, right: float, unknown: Unknown) -> Any:
    if sign in ("/", "%") and right == 0:
        return unknown
    try:
        found = _SIGNS[sign](left, right)
    except OverflowError:
        return unknown
    return round(found, 12) if isinstance(found, float) else found


def _call(node: Node, scope: Scope, depth: int) -> Any:
    name, values = node[1], [evaluate(a, scope, depth + 1) for a in node[2]]
    unknown = Unknown("${" + _written(node) + "}")
    if not values:
        return unknown
    first = values[0]
    if name in ("try", "coalesce"):
        return next((v for v in values if v not in (None, "") and not isinstance(v, Unknown)), first)
    if name == "lookup" and isinstance(first, Map) and len(values) > 1:
        return first.get(str(values[1]), values[2] if len(values) > 2 else None)
    if name == "format":
        return _formatted(values)
    if name == "join" and len(values) == 2 and isinstance(values[1], Seq):
        return _joined([p for i, v in enumerate(values[1]) for p in ((first, v) if i else (v,))] or [""])
    if name in (
        "tostring",
        "tonumber",
        "toset",
        "tolist",
        "tomap",
        "jsonencode",
        "sensitive",
        "nonsensitive",
    ):
        return first
    if name in ("lower", "upper", "trimspace", "chomp", "title") and type(first) is str:
        return {"lower": str.lower, "upper": str.upper, "title": str.title}.get(name, str.strip)(first)
    if name in ("concat", "flatten"):
        return _concatenated(values, unknown)
    if name == "merge" and all(isinstance(v, Map) for v in values):
        made = Map()
        for value in values:
            made.update(value)
            made.lines.update(value.lines)
        return made
    return unknown


def _concatenated(values: Sequence[Any], unknown: Unknown) -> Any:
    found = Seq()
    stack = list(reversed(values))
    while stack and len(found) < _MAX_LENGTH:
        value = stack.pop()
        if isinstance(value, Seq):
            stack += list(reversed(value))
        elif isinstance(value, Unknown):
            return unknown
        else:
            found.append(value)
    found.lines = [1] * len(found)
    return found


def _formatted(values: Sequence[Any]) -> Any:
    form, rest = _shown(values[0]), list(values[1:])
    out: list[Any] = []
    pieces = form.split("%")
    out.append(pieces[0])
    skip = False
    for piece in pieces[1:]:
        if skip:
            out.append(piece)
            skip = False
        elif piece == "":
            out.append("%")
            skip = True
        else:
            end = next((i + 1 for i, c in enumerate(piece) if c.isalpha()), 1)
            out.append(rest.pop(0) if rest else "%" + piece[:end])
            out.append(piece[end:])
    return _joined(out if len(out) > 1 else [form])


def _written(node: Node) -> str:
    """An expression as text again, for people."""
    kind = node[0]
    if kind in ("lit", "raw"):
        return str(node[1])
    if kind == "ref":
        parts = [str(s) if isinstance(s, (str, int)) else f"[{_written(s)}]" for s in node[1][:20]]
        return ".".join(parts).replace(".[", "[")
    if kind == "call":
        return f"{node[1]}(...)"
    if kind == "op":
        return f"{_written(node[2])} {node[1]} {_written(node[3])}"[:200]
    return "..."
