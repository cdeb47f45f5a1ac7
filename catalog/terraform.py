"""Terraform modules: the resources of the wanted types, with locals, variables' defaults and module inputs.

What depends on a cloud's answer or on an input nobody gives stays an `Unknown`, the text of its expression.
"""

import operator
import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from catalog.document import Map, Seq
from catalog.hcl import Attribute, Block, Node, parse_hcl
from catalog.snapshot import Snapshot

MAX_INSTANCES = 200
MAX_EVALUATED = 300_000
_MAX_DEPTH = 40
_MAX_LENGTH = 100_000


class Unknown(str):
    """An expression that only a plan could evaluate, as it was written."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Resource:
    """One instance of a resource. `values` holds attributes, and nested blocks as a Seq of Maps."""

    type: str
    name: str
    path: str
    line: int
    values: Map

    @property
    def address(self) -> str:
        """`type.name`, as Terraform writes it."""
        return f"{self.type}.{self.name}"


@dataclass(frozen=True, slots=True)
class Call:
    """A `module` block: where its source leads, with the inputs that could be evaluated."""

    name: str
    source: str
    path: str
    line: int
    values: Map


@dataclass(frozen=True)
class _Module:
    folder: str
    variables: Mapping[str, Any]
    locals: Mapping[str, Attribute]
    blocks: Sequence[tuple[str, Block]]
    budget: list[int]
    """How many expressions may still be evaluated, shared by all of a repository."""


@dataclass(frozen=True)
class _Scope:
    module: _Module
    inputs: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, Any] = field(default_factory=dict)
    opened: tuple[str, ...] = ()


@dataclass
class Terraform:
    """All Terraform of a repository; folders are read only when a wanted type stands in them."""

    snapshot: Snapshot
    _modules: dict[str, _Module] = field(default_factory=dict)
    _paths: list[str] | None = None
    _budget: list[int] = field(default_factory=lambda: [MAX_EVALUATED])
    _callers: dict[str, list[tuple[_Module, str, Block]]] | None = None

    def resources(self, wanted: Sequence[str]) -> Iterator[Resource]:
        """Every instance of a resource whose type is wanted, in the order of paths."""
        folders: dict[str, None] = {}
        for path in self.paths():
            text = self.snapshot.text(path) or ""
            if any(f'"{kind}"' in text for kind in wanted):
                folders[posixpath.dirname(path)] = None
        for folder in folders:
            module = self.module(folder)
            for inputs in self._inputs(module, 0):
                yield from self._instances(module, inputs, wanted)

    def paths(self) -> list[str]:
        """The paths of all `.tf` files."""
        if self._paths is None:
            self._paths = [p for p in self.snapshot.files if p.endswith(".tf") and "/.terraform/" not in p]
        return self._paths

    def calls(self) -> Iterator[Call]:
        """Every module call."""
        for calls in self._called().values():
            for module, path, block in calls:
                source = block.attributes.get("source")
                scope = _Scope(module)
                values = Map(block.line)
                for name, attribute in block.attributes.items():
                    values[name] = evaluate(attribute.node, scope)
                    values.lines[name] = attribute.line
                written = evaluate(source.node, scope) if source else ""
                yield Call(block.labels[0] if block.labels else "", str(written), path, block.line, values)

    def module(self, folder: str) -> _Module:
        """What the `.tf` files of one folder say together."""
        known = self._modules.get(folder)
        if known is not None:
            return known
        variables: dict[str, Any] = {}
        held: dict[str, Attribute] = {}
        blocks: list[tuple[str, Block]] = []
        for path in self.paths():
            if posixpath.dirname(path) == folder:
                for block in parse_hcl(self.snapshot.text(path) or "", path)[0]:
                    blocks.append((path, block))
                    if block.type == "locals":
                        held.update(block.attributes)
        made = _Module(folder, variables, held, blocks, self._budget)
        for _, block in blocks:
            if block.type == "variable" and block.labels and "default" in block.attributes:
                variables[block.labels[0]] = evaluate(block.attributes["default"].node, _Scope(made))
        variables.update(self._given(folder))
        self._modules[folder] = made
        return made

    def _given(self, folder: str) -> dict[str, Any]:
        """Values of `terraform.tfvars` and `*.auto.tfvars`, which Terraform reads by itself."""
        found: dict[str, Any] = {}
        empty = _Scope(_Module(folder, {}, {}, (), self._budget))
        for path in self.snapshot.files:
            if not path.endswith(("/terraform.tfvars", ".auto.tfvars")) and path != "terraform.tfvars":
                continue
            if posixpath.dirname(path) == folder:
                for block in parse_hcl(self.snapshot.text(path) or "", path)[0]:
                    found.update({k: evaluate(a.node, empty) for k, a in block.attributes.items()})
        return found

    def _called(self) -> dict[str, list[tuple[_Module, str, Block]]]:
        """Module calls by the folder they lead to ("" stands also for what leads elsewhere)."""
        if self._callers is None:
            self._callers = {}
            folders = {
                posixpath.dirname(p) for p in self.paths() if 'module "' in (self.snapshot.text(p) or "")
            }
            for folder in sorted(folders):
                module = self.module(folder)
                for path, block in module.blocks:
                    if block.type == "module":
                        source = block.attributes.get("source")
                        written = evaluate(source.node, _Scope(module)) if source else ""
                        inside = isinstance(written, str) and written.startswith(("./", "../"))
                        target = (
                            posixpath.normpath(posixpath.join(folder, written)) if inside else "\0elsewhere"
                        )
                        self._callers.setdefault("" if target == "." else target, []).append(
                            (module, path, block)
                        )
        return self._callers

    def _inputs(self, module: _Module, depth: int) -> Iterator[Mapping[str, Any]]:
        """The inputs a module is called with, once for each call; none where nobody here calls it."""
        calls = self._called().get(module.folder, []) if depth < 4 else []
        if not calls:
            yield {}
        for caller, _, block in calls[:MAX_INSTANCES]:
            for outer in self._inputs(caller, depth + 1):
                for names in _instances_of(block, _Scope(caller, outer)):
                    self._budget[0] -= 1
                    if self._budget[0] < 0:
                        return
                    scope = _Scope(caller, outer, names)
                    yield {
                        name: evaluate(a.node, scope)
                        for name, a in block.attributes.items()
                        if name not in ("source", "version", "for_each", "count", "providers", "depends_on")
                    }

    def _instances(
        self, module: _Module, inputs: Mapping[str, Any], wanted: Sequence[str]
    ) -> Iterator[Resource]:
        for path, block in module.blocks:
            if block.type == "resource" and len(block.labels) == 2 and block.labels[0] in wanted:
                scope = _Scope(module, inputs)
                for names in _instances_of(block, scope):
                    values = _body(block, replace(scope, names=names), 0)
                    yield Resource(block.labels[0], block.labels[1], path, block.line, values)


def terraform(snapshot: Snapshot) -> Terraform:
    """The repository's Terraform, made once a snapshot."""
    return snapshot.derive(Terraform)


def _instances_of(block: Block, scope: _Scope) -> Iterator[Mapping[str, Any]]:
    """What `each` and `count` are for every instance that `for_each` or `count` makes."""
    each, count = block.attributes.get("for_each"), block.attributes.get("count")
    if each is not None:
        yield from ({"each": e} for e in _pairs(evaluate(each.node, scope), "each"))
    elif count is not None:
        number = evaluate(count.node, scope)
        if number == 0 and not isinstance(number, bool):
            return
        yield {"count": {"index": 0}}
    else:
        yield {}


def _pairs(found: Any, name: str) -> list[dict[str, Any]]:
    if isinstance(found, Map):
        return [{"key": k, "value": v} for k, v in list(found.items())[:MAX_INSTANCES]]
    if isinstance(found, Seq):
        return [
            {"key": v if isinstance(v, str) else i, "value": v} for i, v in enumerate(found[:MAX_INSTANCES])
        ]
    return [{"key": Unknown(f"${{{name}.key}}"), "value": Unknown(f"${{{name}.value}}")}]


def _body(block: Block, scope: _Scope, depth: int) -> Map:
    values = Map(block.line)
    for name, attribute in block.attributes.items():
        values[name] = evaluate(attribute.node, scope)
        values.lines[name] = attribute.line
    if depth > _MAX_DEPTH:
        return values
    for inner in block.blocks:
        if inner.type == "dynamic" and inner.labels:
            _dynamic(inner, scope, values, depth)
        else:
            _nested(values, inner.type, inner.line).append(_body(inner, scope, depth + 1))
            values[inner.type].lines.append(inner.line)
    return values


def _nested(values: Map, name: str, line: int) -> Seq:
    held = values.get(name)
    if not isinstance(held, Seq):
        held = values[name] = Seq(line)
        values.lines[name] = line
    return held


def _dynamic(block: Block, scope: _Scope, values: Map, depth: int) -> None:
    name = block.labels[0]
    each, iterator = block.attributes.get("for_each"), block.attributes.get("iterator")
    called = str(iterator.node[1][0]) if iterator and iterator.node[0] == "ref" else name
    pairs = _pairs(evaluate(each.node, scope) if each else None, called)
    for content in (b for b in block.blocks if b.type == "content"):
        for pair in pairs:
            inner = replace(scope, names={**scope.names, called: pair})
            _nested(values, name, content.line).append(_body(content, inner, depth + 1))
            values[name].lines.append(content.line)


def evaluate(node: Node, scope: _Scope, depth: int = 0) -> Any:
    """The value of an expression: text, number, boolean, None, Map, Seq, or `Unknown`."""
    kind = node[0]
    if kind == "lit":
        return node[1]
    scope.module.budget[0] -= 1
    if depth > _MAX_DEPTH or kind == "raw" or scope.module.budget[0] < 0:
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


def _reference(node: Node, scope: _Scope, depth: int) -> Any:
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


def _variable(name: str, scope: _Scope) -> Any:
    if name in scope.inputs:
        return scope.inputs[name]
    return scope.module.variables.get(name, Unknown(f"${{var.{name}}}"))


def _local(name: str, scope: _Scope, depth: int) -> Any:
    attribute = scope.module.locals.get(name)
    if attribute is None or name in scope.opened:
        return Unknown(f"${{local.{name}}}")
    return evaluate(attribute.node, replace(scope, opened=(*scope.opened, name)), depth + 1)


def _operation(node: Node, scope: _Scope, depth: int) -> Any:
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


def _call(node: Node, scope: _Scope, depth: int) -> Any:
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
