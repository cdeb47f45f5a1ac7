"""Manifests that are text until they are rendered: charts, and YAML with `{{ }}` of any tool.

Nothing is rendered. Lines are read as they stand; conditions and `toYaml` are decided by a chart's default
values where they name them plainly. What cannot be decided so is said to be undecided, never guessed.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from catalog.document import Document, Map, Seq, parse_yaml
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.workload import Probe, Workload, command_hollow
from scorecards.reading.workloads.kubernetes import PURPOSES, probe_of, probes_of

_ACTION = regex(r"\{\{-?\s*(.*?)\s*-?\}\}")
_ONLY = regex(r"\s*(?:-\s+)?\{\{[^}]*\}\}\s*\Z")
_PROBE = regex(r"^(\s*)(?:-\s+)?(readinessProbe|livenessProbe|startupProbe):\s*(.*)$")
_CONTAINERS = regex(r"^(\s*)(?:-\s+)?(\w*[cC]ontainers):\s*(?:#.*)?$")
_KEY = regex(r"^(\s*)(?:-\s+)?(\w+):\s*(.*)$")
_HANDLER = regex(r"\b(httpGet|tcpSocket|grpc|exec)\b")
_TO_YAML = regex(r"toYaml\s+(\(?[$.][\w.$]*)|([$.][\w.$]+)\s*\|\s*(?:\w+\s*\|\s*)*toYaml")
_PATH = regex(r"\$?\w*\.Values\.([\w.]+)\Z")

_UNKNOWN = object()
_CONDITION = "whether it is set depends on how the template is rendered"
_VALUE = "it is given by a value that has no default here"


def scan(snapshot: Snapshot, path: str, chart: str | None) -> Iterator[Workload]:
    """The containers of a template, one after the other."""
    text = snapshot.text(path) or ""
    yield from _Scan(path, _values(snapshot, chart)).run(text.split("\n"))


def softened(text: str, path: str) -> tuple[Document, ...]:
    """The documents of a template, with a word for every expression and nothing for a line of only one."""
    lines = (_ACTION.sub("x", line) if not _ONLY.match(line) else "" for line in text.split("\n"))
    return parse_yaml("\n".join(lines), path).documents


def _values(snapshot: Snapshot, chart: str | None) -> list[Map]:
    """A chart's default values, then its other values files: an environment may set what they leave out."""
    if chart is None:
        return []
    prefix = f"{chart}/" if chart else ""
    default = f"{prefix}values.yaml"
    others = [
        p
        for p in snapshot.files
        if p.startswith(f"{prefix}values") and p.endswith((".yaml", ".yml")) and p != default
    ]
    found = []
    for path in (default, *others[:10]):
        for document in snapshot.parsed(path).documents[:1]:
            if isinstance(document.data, Map):
                found.append(document.data)
    return found


@dataclass
class _Guard:
    """An open `if`, `with` or `range`: whether what stands in it is rendered, None where that is open."""

    word: str
    shown: bool | None
    dot: Any
    line: int
    earlier: bool | None = False
    """Whether an earlier branch was shown."""


@dataclass
class _Container:
    kind: str
    name: str
    line: int
    image: str = ""
    probes: list[Probe] = field(default_factory=list)


class _Scan:
    """One pass over the lines of a template."""

    def __init__(self, path: str, values: list[Map]) -> None:
        self.path, self.values = path, values
        self.guards: list[_Guard] = []
        self.variables: dict[str, Any] = {}
        self.kind = self.name = ""
        self.container: _Container | None = None
        self.found: list[_Container] = []
        self._list: tuple[int, str] | None = None
        self._item: int | None = None

    def run(self, lines: list[str]) -> Iterator[Workload]:
        """Read all lines, then give the containers."""
        number = 0
        while number < len(lines):
            line = lines[number]
            stripped = line.strip()
            if stripped and not stripped.startswith("#"):
                number = self._line(lines, number, line, stripped)
            number += 1
        for c in self.found:
            yield Workload("Kubernetes", c.kind, c.name, self.path, c.line, c.image, tuple(c.probes))

    def _line(self, lines: list[str], number: int, line: str, stripped: str) -> int:
        only_template = (
            stripped.startswith("{{") and stripped.endswith("}}") and ": " not in stripped.partition("{{")[0]
        )
        for action in _ACTION.findall(line):
            self._control(action, number + 1)
        if not only_template:
            self._structure(line, stripped, number + 1)
        probe = _PROBE.match(line)
        if probe is not None:
            return self._probe(lines, number, probe)
        if "toYaml" in line:
            self._spread(line, number + 1)
        return number

    # Where the line stands: document, list of containers, container.

    def _structure(self, line: str, stripped: str, number: int) -> None:
        indent = len(line) - len(line.lstrip())
        if stripped.startswith("---"):
            self.kind = self.name = ""
            self._close()
            return
        if self._list is not None and indent <= self._list[0] and not stripped.startswith("- "):
            self._close()
        opened = _CONTAINERS.match(line)
        if opened is not None and (self._item is None or indent <= self._item):
            self._close()
            self._list = len(opened[1]), opened[2]
            return
        if self._list is not None and stripped.startswith("- ") and self._item in (None, indent):
            self._item = indent
            if self._list[1] != "initContainers":
                self.container = _Container(self.kind or "Pod", self.name, number)
                self.found.append(self.container)
            else:
                self.container = None
        key = _KEY.match(line)
        if key is None:
            return
        value = key[3].strip().strip("\"'")
        if key[2] == "kind" and not key[1]:
            self.kind = value
        elif key[2] == "name" and not self.name and len(key[1]) == 2 and "{{" not in value:
            self.name = value
        elif key[2] == "image" and self.container is not None and "{{" not in value:
            self.container.image = value

    def _close(self) -> None:
        self._list = self._item = self.container = None

    def _holder(self, number: int) -> _Container:
        if self.container is None:
            # A named template, or a list that is put together elsewhere.
            self.container = _Container(self.kind or "template", self.name, number)
            self.found.append(self.container)
        return self.container

    # Conditions.

    def _control(self, action: str, number: int) -> None:
        word, _, rest = action.partition(" ")
        rest = rest.strip()
        if word in ("if", "with", "range"):
            self.guards.append(self._open(word, rest, number))
        elif word in ("define", "block"):
            self.guards.append(_Guard(word, True, _UNKNOWN, number))
        elif word == "else" and self.guards:
            top = self.guards[-1]
            top.earlier = True if top.shown or top.earlier else None if top.shown is None else top.earlier
            shown = self._truth(self._value(rest.partition(" ")[2])) if rest else True
            if top.earlier:
                shown = False
            elif top.earlier is None:
                shown = None
            top.shown, top.dot, top.line = shown, _UNKNOWN, number
        elif word == "end" and self.guards:
            self.guards.pop()
        elif ":=" in action and word.startswith("$"):
            self.variables[word] = self._value(action.partition(":=")[2].strip())

    def _open(self, word: str, rest: str, number: int) -> _Guard:
        names, assigned, source = rest.rpartition(":=")
        value = self._value(source.strip() if assigned else rest)
        shown = self._truth(value)
        dot: Any = value
        if word == "range":
            entries = list(value.values()) if isinstance(value, Map) else value
            dot = entries[0] if isinstance(entries, list) and entries else _UNKNOWN
        if assigned:
            self.variables[names.split(",")[-1].strip()] = dot
        return _Guard(word, shown, dot if word != "if" else None, number)

    def _truth(self, value: Any) -> bool | None:
        return None if value is _UNKNOWN else bool(value)

    def _value(self, text: str) -> Any:
        """What an expression is by the default values; `_UNKNOWN` for all but the plainest."""
        text = text.strip().strip("()").strip()
        if text.startswith("not "):
            truth = self._truth(self._value(text[4:]))
            return _UNKNOWN if truth is None else not truth
        for word, join in (("and ", all), ("or ", any)):
            if text.startswith(word) and "(" not in text:
                truths = [self._truth(self._value(t)) for t in text[len(word) :].split()]
                decided = join(t is True for t in truths)
                if None not in truths or (decided and word == "or "):
                    return decided
                return False if word == "and " and False in truths else _UNKNOWN
        path = _PATH.match(text)
        if path is not None:
            return self._lookup(path[1].split(".")) if self.values else _UNKNOWN
        if text == ".":
            return self._dot()
        if text.startswith("."):
            return self._way(self._dot(), text[1:].split("."))
        name, _, rest = text.partition(".")
        if name in self.variables:
            return self._way(self.variables[name], rest.split(".") if rest else [])
        return _UNKNOWN

    def _dot(self) -> Any:
        return next((g.dot for g in reversed(self.guards) if g.word != "if" and g.dot is not None), _UNKNOWN)

    def _way(self, value: Any, keys: list[str]) -> Any:
        for key in keys:
            if value is _UNKNOWN or not isinstance(value, Map):
                return _UNKNOWN if value is _UNKNOWN else None
            value = value.get(key)
        return value

    def _lookup(self, keys: list[str]) -> Any:
        result: Any = None
        for values in self.values:
            result = self._way(values, keys)
            if result:
                return result
        return result

    def _shown(self, since: int) -> tuple[bool, bool]:
        """Whether this place is rendered, and whether that is open by a condition within the container."""
        hidden = any(g.shown is False for g in self.guards)
        doubt = any(g.shown is None and g.line > since for g in self.guards)
        return not hidden, doubt

    # Probes.

    def _probe(self, lines: list[str], number: int, found: re.Match[str]) -> int:
        last = _body_end(lines, number, len(found[1]))
        body = [
            found[3].strip(),
            *(x for x in lines[number + 1 : last + 1] if not x.lstrip().startswith("#")),
        ]
        holder = self._holder(number + 1)
        shown, doubt = self._shown(holder.line)
        if shown:
            probe = self._read_probe(PURPOSES[found[2]], "\n".join(body), number + 1, doubt)
            if probe is not None:
                holder.probes.append(probe)
        return last

    def _read_probe(self, purpose: Any, text: str, line: int, doubt: bool) -> Probe | None:
        undecided = _CONDITION if doubt else ""
        handler = _HANDLER.search(text)
        if handler is not None:
            how = {"httpGet": "http", "tcpSocket": "tcp", "grpc": "grpc", "exec": "command"}[handler[1]]
            target = re.search(r"\bpath:\s*([^\s,}]+)", text) if how == "http" else None
            hollow = ""
            if how == "command":
                words = re.findall(r"^\s*-\s+(.+)$", text, re.MULTILINE) or [
                    text.partition("command:")[2].strip()
                ]
                command = " ".join(w.strip(" \"'[],") for w in words)
                hollow = "" if "{{" in command else command_hollow(re.sub(r"[\[\],\"']+", " ", command))
            return Probe(purpose, how, target[1] if target else "", self.path, line, hollow, undecided)  # type: ignore[arg-type]
        given = _TO_YAML.search(text)
        value = self._value(given[1] or given[2]) if given else _UNKNOWN
        if value is _UNKNOWN:
            if "{{" not in text:
                return None
            return Probe(purpose, "http", "", self.path, line, undecided=undecided or _VALUE)
        probe = probe_of(value, purpose, self.path, line)
        if probe is None or not undecided:
            return probe
        return Probe(purpose, probe.how, probe.target, self.path, line, probe.hollow, undecided)

    def _spread(self, line: str, number: int) -> None:
        """`toYaml .Values.probes` without a key of its own: the value brings the probes' keys."""
        given = _TO_YAML.search(line)
        value = self._value(given[1] or given[2]) if given else _UNKNOWN
        if not isinstance(value, Map):
            return
        probes = list(probes_of(value, self.path))
        if isinstance(value.get("probes"), Seq | Map) or not probes:
            return
        holder = self._holder(number)
        shown, doubt = self._shown(holder.line)
        if shown:
            undecided = _CONDITION if doubt else ""
            holder.probes += [
                Probe(p.purpose, p.how, p.target, self.path, number, p.hollow, undecided) for p in probes
            ]


def _body_end(lines: list[str], number: int, indent: int) -> int:
    """The last line of what stands below a key: deeper lines, and conditions that open and end among them."""
    depth, last = 0, number
    for index in range(number + 1, len(lines)):
        text = lines[index]
        stripped = text.strip()
        if stripped.startswith("{{"):
            words = [action.split(" ")[0] for action in _ACTION.findall(stripped)]
            if depth == 0 and words and words[0] in ("end", "else"):
                break
            depth += sum(w in ("if", "with", "range") for w in words) - words.count("end")
            last = index
        elif stripped and not stripped.startswith("#"):
            if len(text) - len(text.lstrip()) <= indent:
                break
            last = index
    return last


def decides(snapshot: Snapshot, values: str) -> bool:
    """Whether the chart whose values file this is has templates of its own that say what runs."""
    folder = posixpath.dirname(values)
    if posixpath.join(folder, "Chart.yaml") not in snapshot:
        return False
    start = posixpath.join(folder, "templates") + "/"
    return any(p.startswith(start) and "ontainers:" in (snapshot.text(p) or "") for p in snapshot.files)
