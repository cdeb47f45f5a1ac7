"""Documents with lines: YAML, JSON and TOML text parsed into plain values that remember where they stood.

A mapping is a `Map` (a `dict` whose `lines` give each key's line), a list is a `Seq`; both know their own
`line`. Keys are always strings. Plain YAML scalars follow the core schema of YAML 1.2, as the readers of
Backstage, GitHub and OpenSLO files do: `on` and `yes` are strings, `true` and `null` are not.
"""

import itertools
import json
import operator
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from typing import Any, NamedTuple

import yaml

MAX_BYTES = 2 * 1024 * 1024
MAX_VALUES = 200_000
MAX_DEPTH = 100

_Base: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_UNTAGGED = "?"


class _Loader(_Base):  # type: ignore[misc]
    """A loader that composes only: what a scalar means is decided in `_scalar`.

    Every node asks all three resolvers, whose answers mean nothing here: built-in functions answer fastest.
    """

    resolve = _UNTAGGED.format
    descend_resolver = operator.is_
    ascend_resolver = bool


_INT = re.compile(r"[-+]?[0-9]+\Z")
_OCTAL_HEX = re.compile(r"0(?:o[0-7]+|x[0-9a-fA-F]+)\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_LETTERS = frozenset("abcdeghijklmopqrsuvwxyzABCDEGHIJKLMOPQRSUVWXYZ/*<$@{_")
_NUMERIC = frozenset("0123456789+-.")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf"), float("inf")),
    "-.inf": float("-inf"),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}


class Map(dict[str, Any]):
    """A mapping that knows its line and each key's line (counted from 1)."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int = 1) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class Seq(list[Any]):
    """A list that knows its line and each item's line (counted from 1)."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int = 1) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


class DocumentError(NamedTuple):
    """Why a document, or part of a file, could not be read; `line` counts from 1."""

    path: str
    line: int | None
    message: str

    def __str__(self) -> str:
        where = self.path if self.line is None else f"{self.path} line {self.line}"
        return f"{where}: {self.message}"


@dataclass(frozen=True, eq=False)
class Document:
    """One document of a file: `data` is a Map, Seq or scalar; `index` counts documents from 0.

    `inside` is set for a document that stood as a string inside another one.
    """

    path: str
    index: int
    line: int
    data: Any
    duplicates: tuple[tuple[str, int], ...] = ()
    inside: bool = False
    origins: Mapping[tuple[str | int, ...], str] = field(default_factory=dict)
    """Where it was made of several files: the path of the file that the value at these keys is from."""

    @property
    def mapping(self) -> Map:
        """The document's top-level mapping, an empty one where it is something else."""
        return self.data if isinstance(self.data, Map) else Map(self.line)

    def line_of(self, *keys: str | int) -> int:
        """Line of the value at `keys`, or of the deepest part of that way which exists."""
        node, line = self.data, self.line
        for key in keys:
            if isinstance(node, Map) and key in node:
                line, node = node.lines.get(str(key), node.line), node[str(key)]
            elif isinstance(node, Seq) and isinstance(key, int) and key < len(node):
                line, node = node.lines[key], node[key]
            else:
                break
        return line

    def path_of(self, *keys: str | int) -> str:
        """The file that the value at `keys` stands in; `line_of` counts its lines."""
        ways = (keys[:end] for end in range(len(keys), 0, -1))
        return next((self.origins[way] for way in ways if way in self.origins), self.path)

    def get(self, *keys: str | int) -> Any:
        """The value at `keys`, None where the way ends early."""
        return dig(self.data, *keys)

    @cached_property
    def embedded(self) -> tuple["Document", ...]:
        """Documents held as strings in this one: ConfigMap data, Flux patches, Argo manifests."""
        found: list[Document] = []
        for holder, key, text in _strings(self.data):
            if "\n" in text and (": " in text or ":\n" in text or text.lstrip()[:1] in "{["):
                start = holder.lines[key] if isinstance(holder, Seq) else holder.lines.get(key, holder.line)
                parsed = parse_yaml(text, self.path, offset=start, inside=True)
                found += [d for d in parsed.documents if isinstance(d.data, (Map, Seq))]
        return tuple(found)

    def maps(self) -> Iterator[Map]:
        """Every mapping of the document, outermost first, those in embedded documents left out."""
        return maps(self.data)


@dataclass(frozen=True, eq=False)
class Parsed:
    """All documents of a file, and what could not be read of it."""

    documents: tuple[Document, ...] = ()
    errors: tuple[DocumentError, ...] = ()


def dig(data: Any, *keys: str | int) -> Any:
    """The value at `keys` in nested mappings and lists, None where the way ends early."""
    for key in keys:
        if isinstance(data, dict):
            data = data.get(key)
        elif isinstance(data, list) and isinstance(key, int) and -len(data) <= key < len(data):
            data = data[key]
        else:
            return None
    return data


def maps(data: Any) -> Iterator[Map]:
    """Every mapping in `data`, outermost first."""
    stack, seen = [data], 0
    while stack and seen < MAX_VALUES:
        node = stack.pop()
        seen += 1
        if isinstance(node, Map):
            yield node
            stack.extend(v for v in reversed(node.values()) if isinstance(v, (Map, Seq)))
        elif isinstance(node, Seq):
            stack.extend(v for v in reversed(node) if isinstance(v, (Map, Seq)))


def _strings(data: Any) -> Iterator[tuple[Any, Any, str]]:
    stack, seen = [data], 0
    while stack and seen < MAX_VALUES:
        node = stack.pop()
        seen += 1
        if isinstance(node, Map):
            items: Any = node.items()
        elif isinstance(node, Seq):
            items = enumerate(node)
        else:
            continue
        for key, value in items:
            if isinstance(value, str):
                yield node, key, value
            elif isinstance(value, (Map, Seq)):
                stack.append(value)


class _Refused(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


_UNDER_WAY: tuple[Any, int] = (None, 0)


@dataclass
class _Converter:
    """Turns composed nodes into values. An alias is shared, never copied, and its full size is counted."""

    offset: int
    duplicates: list[tuple[str, int]] = field(default_factory=list)
    _done: dict[int, tuple[Any, int]] = field(default_factory=dict)

    def convert(self, node: Any, depth: int = 0) -> tuple[Any, int]:
        """The value of `node`, and how many values it stands for once aliases are spelled out."""
        if node.__class__ is yaml.ScalarNode:
            return _scalar(node), 1
        key = id(node)
        known = self._done.get(key)
        if known is not None:
            if known is _UNDER_WAY:
                raise _Refused(self._line(node), "an alias that contains itself")
            return known
        if depth > MAX_DEPTH:
            raise _Refused(self._line(node), f"nested more than {MAX_DEPTH} levels deep")
        self._done[key] = _UNDER_WAY
        made = (
            self._mapping(node, depth) if node.__class__ is yaml.MappingNode else self._sequence(node, depth)
        )
        if made[1] > MAX_VALUES:
            message = f"more than {MAX_VALUES:,} values once its aliases are spelled out"
            raise _Refused(self._line(node), message)
        self._done[key] = made
        return made

    def _line(self, node: Any) -> int:
        line: int = node.start_mark.line + 1 + self.offset
        return line

    def _sequence(self, node: Any, depth: int) -> tuple[Seq, int]:
        seq, size, first = Seq(self._line(node)), 1, self.offset + 1
        lines = seq.lines
        for item in node.value:
            if item.__class__ is yaml.ScalarNode:
                seq.append(_scalar(item))
                size += 1
            else:
                value, count = self.convert(item, depth + 1)
                seq.append(value)
                size += count
            lines.append(item.start_mark.line + first)
        return seq, size

    def _mapping(self, node: Any, depth: int) -> tuple[Map, int]:
        result, size, first = Map(self._line(node)), 1, self.offset + 1
        lines, merged = result.lines, []
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + first
            if key_node.__class__ is not yaml.ScalarNode:
                raise _Refused(line, "a key that is not a plain word")
            key = key_node.value if key_node.style != '"' else _storable(key_node.value)
            if value_node.__class__ is yaml.ScalarNode:
                value, count = _scalar(value_node), 1
            else:
                value, count = self.convert(value_node, depth + 1)
            size += count + 1
            if key == "<<" and not key_node.style:
                merged += value if isinstance(value, Seq) else [value]
                continue
            if key in lines:
                self.duplicates.append((key, line))
            result[key] = value
            lines[key] = line
        for source in merged:
            if isinstance(source, Map):
                for key, value in source.items():
                    if key not in result:
                        result[key] = value
                        lines[key] = source.lines.get(key, source.line)
        return result, size


_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def _storable(text: str) -> str:
    """`text` with U+FFFD for what an escape wrote that databases refuse: NUL and lone surrogates."""
    return _UNSTORABLE.sub("\ufffd", text)


def _scalar(node: Any) -> Any:
    value: str = node.value
    if node.style == '"':
        return _storable(value)
    if node.style or node.tag != _UNTAGGED:
        return value
    first = value[:1]
    if first in _LETTERS:
        return value
    if value in _WORDS:
        return _WORDS[value]
    if len(value) > 40 or first not in _NUMERIC:
        return value
    if _INT.match(value):
        return int(value)
    if _OCTAL_HEX.match(value):
        return int(value, 0)
    return float(value) if _FLOAT.match(value) else value


def _too_deep(text: str) -> bool:
    """Whether composing might recurse too far: libyaml's composer has no limit of its own."""
    shallow = text.count("[") + text.count("{") < MAX_DEPTH and "- - - -" not in text
    if shallow and " " * MAX_DEPTH not in text:
        return False
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            depth -= 1
    return False


def _compose(text: str, path: str, offset: int, first: int, inside: bool) -> list[Document]:
    if _too_deep(text):
        raise _Refused(1 + offset, f"nested more than {MAX_DEPTH} levels deep")
    documents = []
    for number, node in enumerate(yaml.compose_all(text, Loader=_Loader)):
        if node is None:
            continue
        converter = _Converter(offset)
        value, _ = converter.convert(node)
        line = node.start_mark.line + 1 + offset
        documents.append(Document(path, first + number, line, value, tuple(converter.duplicates), inside))
    return documents


_SEPARATOR = re.compile(r"^---(?=\s|$)", re.MULTILINE)


def parse_yaml(text: str, path: str, *, offset: int = 0, inside: bool = False) -> Parsed:
    """Parse all documents of a YAML (or JSON) text; never raises.

    Where the stream breaks, it is split at its `---` lines and each part is read by itself, so that one
    broken document does not hide the others. `offset` is added to every line.
    """
    try:
        return Parsed(tuple(_compose(text, path, offset, 0, inside)))
    except (yaml.YAMLError, _Refused, RecursionError, ValueError) as error:
        starts = [m.start() for m in _SEPARATOR.finditer(text)]
        if not starts or (not text[: starts[0]].strip() and len(starts) == 1):
            return Parsed((), (_error(error, path, text, offset),))
    bounds = [0, *[s for s in starts if s], len(text)]
    documents: list[Document] = []
    errors: list[DocumentError] = []
    for begin, end in itertools.pairwise(bounds):
        before = offset + text.count("\n", 0, begin)
        try:
            documents += _compose(text[begin:end], path, before, len(documents) + len(errors), inside)
        except (yaml.YAMLError, _Refused, RecursionError, ValueError) as error:
            errors.append(_error(error, path, text[begin:end], before))
    return Parsed(tuple(documents), tuple(errors))


def _error(error: Exception, path: str, text: str, offset: int) -> DocumentError:
    if isinstance(error, _Refused):
        return DocumentError(path, error.line, error.message)
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        context = f" ({error.context})" if error.context else ""
        # What is missing at the end of a text is marked on the line after its last.
        last = text.rstrip("\n").count("\n") + 1
        line = min(mark.line + 1, last) + offset if mark else None
        return DocumentError(path, line, f"not valid YAML: {error.problem}{context}")
    message = str(error).splitlines()[0] if str(error) else type(error).__name__
    return DocumentError(path, None, f"not valid YAML: {message}")


def parse_json(text: str, path: str) -> Parsed:
    """Parse a JSON text; never raises. Falls back to lines of 1 where only a JSON reader accepts it."""
    if "\t" not in text and len(text) <= 256 * 1024:
        parsed = parse_yaml(text, path)
        if not parsed.errors and len(parsed.documents) == 1:
            return parsed
    try:
        data = _lined(json.loads(text.removeprefix("\ufeff")), 0)
    except json.JSONDecodeError as error:
        return Parsed((), (DocumentError(path, error.lineno, f"not valid JSON: {error.msg}"),))
    except (RecursionError, ValueError, _Refused) as error:
        return Parsed((), (DocumentError(path, None, f"not valid JSON: {error}"),))
    return Parsed((Document(path, 0, 1, data),))


def parse_toml(text: str, path: str) -> Parsed:
    """Parse a TOML text; never raises. TOML values carry no lines of their own, dates are text."""
    import tomllib  # few repositories hold any

    try:
        data = _lined(tomllib.loads(text), 0)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError, _Refused) as error:
        line = re.search(r"at line (\d+)", str(error))
        where = int(line.group(1)) if line else None
        return Parsed((), (DocumentError(path, where, f"not valid TOML: {error}"),))
    return Parsed((Document(path, 0, 1, data),))


def _lined(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise _Refused(1, f"nested more than {MAX_DEPTH} levels deep")
    if isinstance(value, dict):
        result = Map()
        for written, item in value.items():
            key = _storable(written)
            result[key] = _lined(item, depth + 1)
            result.lines[key] = 1
        return result
    if isinstance(value, list):
        seq = Seq()
        seq.extend(_lined(item, depth + 1) for item in value)
        seq.lines = [1] * len(seq)
        return seq
    if isinstance(value, str):
        return _storable(value)
    return value.isoformat() if isinstance(value, (date, time)) else value


def parse(text: str, path: str) -> Parsed:
    """Parse by the file's ending: `.json`, `.toml`, else YAML."""
    if path.endswith(".json"):
        return parse_json(text, path)
    if path.endswith(".toml"):
        return parse_toml(text, path)
    return parse_yaml(text, path)
