"""Terraform modules: the resources of the wanted types, with locals, variables' defaults and module inputs.

What depends on a cloud's answer or on an input nobody gives stays an `Unknown`, the text of its expression.
"""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from catalog.document import Map, Seq
from catalog.evaluation import MAX_DEPTH, Module, Scope, Unknown, evaluate
from catalog.hcl import Attribute, Block, parse_hcl
from catalog.snapshot import Snapshot

MAX_INSTANCES = 200
MAX_EVALUATED = 300_000


class Resource(NamedTuple):
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


class Call(NamedTuple):
    """A `module` block: where its source leads, with the inputs that could be evaluated."""

    name: str
    source: str
    path: str
    line: int
    values: Map


@dataclass
class Terraform:
    """All Terraform of a repository; folders are read only when a wanted type stands in them."""

    snapshot: Snapshot
    _modules: dict[str, Module] = field(default_factory=dict)
    _paths: list[str] | None = None
    _budget: list[int] = field(default_factory=lambda: [MAX_EVALUATED])
    _callers: dict[str, list[tuple[Module, str, Block]]] | None = None

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
                scope = Scope(module)
                values = Map(block.line)
                for name, attribute in block.attributes.items():
                    values[name] = evaluate(attribute.node, scope)
                    values.lines[name] = attribute.line
                written = evaluate(source.node, scope) if source else ""
                yield Call(block.labels[0] if block.labels else "", str(written), path, block.line, values)

    def module(self, folder: str) -> Module:
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
        made = Module(folder, variables, held, blocks, self._budget)
        for _, block in blocks:
            if block.type == "variable" and block.labels and "default" in block.attributes:
                variables[block.labels[0]] = evaluate(block.attributes["default"].node, Scope(made))
        variables.update(self._given(folder))
        self._modules[folder] = made
        return made

    def known(self, folder: str, reference: str) -> Any:
        """What `var.x` or `local.x` comes to in a folder, None where its callers or its users decide it."""
        kind, _, name = reference.partition(".")
        module = self.module(folder)
        if kind == "local" and name in module.locals:
            value = evaluate(module.locals[name].node, Scope(module))
            return None if isinstance(value, Unknown) else value
        if kind == "var" and not any(name in call.values for call in self.calls()):
            return module.variables.get(name)
        return None

    def _given(self, folder: str) -> dict[str, Any]:
        """Values of `terraform.tfvars` and `*.auto.tfvars`, which Terraform reads by itself."""
        found: dict[str, Any] = {}
        empty = Scope(Module(folder, {}, {}, (), self._budget))
        for path in self.snapshot.files:
            if not path.endswith(("/terraform.tfvars", ".auto.tfvars")) and path != "terraform.tfvars":
                continue
            if posixpath.dirname(path) == folder:
                for block in parse_hcl(self.snapshot.text(path) or "", path)[0]:
                    found.update({k: evaluate(a.node, empty) for k, a in block.attributes.items()})
        return found

    def _called(self) -> dict[str, list[tuple[Module, str, Block]]]:
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
                        written = evaluate(source.node, Scope(module)) if source else ""
                        inside = isinstance(written, str) and written.startswith(("./", "../"))
                        target = (
                            posixpath.normpath(posixpath.join(folder, written)) if inside else "\0elsewhere"
                        )
                        self._callers.setdefault("" if target == "." else target, []).append(
                            (module, path, block)
                        )
        return self._callers

    def _inputs(self, module: Module, depth: int) -> Iterator[Mapping[str, Any]]:
        """The inputs a module is called with, once for each call; none where nobody here calls it."""
        calls = self._called().get(module.folder, []) if depth < 4 else []
        if not calls:
            yield {}
        for caller, _, block in calls[:MAX_INSTANCES]:
            for outer in self._inputs(caller, depth + 1):
                for names in _instances_of(block, Scope(caller, outer)):
                    self._budget[0] -= 1
                    if self._budget[0] < 0:
                        return
                    scope = Scope(caller, outer, names)
                    yield {
                        name: evaluate(a.node, scope)
                        for name, a in block.attributes.items()
                        if name not in ("source", "version", "for_each", "count", "providers", "depends_on")
                    }

    def _instances(
        self, module: Module, inputs: Mapping[str, Any], wanted: Sequence[str]
    ) -> Iterator[Resource]:
        for path, block in module.blocks:
            if block.type == "resource" and len(block.labels) == 2 and block.labels[0] in wanted:
                scope = Scope(module, inputs)
                for names in _instances_of(block, scope):
                    values = _body(block, replace(scope, names=names), 0)
                    yield Resource(block.labels[0], block.labels[1], path, block.line, values)


def terraform(snapshot: Snapshot) -> Terraform:
    """The repository's Terraform, made once a snapshot."""
    return snapshot.derive(Terraform)


def _instances_of(block: Block, scope: Scope) -> Iterator[Mapping[str, Any]]:
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


def _body(block: Block, scope: Scope, depth: int) -> Map:
    values = Map(block.line)
    for name, attribute in block.attributes.items():
        values[name] = evaluate(attribute.node, scope)
        values.lines[name] = attribute.line
    if depth > MAX_DEPTH:
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


def _dynamic(block: Block, scope: Scope, values: Map, depth: int) -> None:
    name = block.labels[0]
    each, iterator = block.attributes.get("for_each"), block.attributes.get("iterator")
    called = str(iterator.node[1][0]) if iterator and iterator.node[0] == "ref" else name
    pairs = _pairs(evaluate(each.node, scope) if each else None, called)
    for content in (b for b in block.blocks if b.type == "content"):
        for pair in pairs:
            inner = replace(scope, names={**scope.names, called: pair})
            _nested(values, name, content.line).append(_body(content, inner, depth + 1))
            values[name].lines.append(content.line)
