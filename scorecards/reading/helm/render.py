"""A chart's templates rendered with given values; each line of the result knows the line it came from.

What cannot be told (the cluster's abilities, a function that is not known) becomes a word that says so, and
nothing where it is alone on its line; as a condition it holds. Steps, depth and size are bounded.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from catalog.document import Map
from catalog.regex import regex
from scorecards.reading.helm.functions import FUNCTIONS, UNKNOWN, WORD, shown
from scorecards.reading.helm.parts import Part, tokens

_MAX_STEPS = 20_000
_MAX_OUT = 400_000
_MAX_DEPTH = 30


_ALONE = regex(rf"^[ \t]*{WORD}[ \t]*$", re.MULTILINE)


class Rendered(NamedTuple):
    """The text, and for each of its lines the template's line; both count from 1."""

    text: str
    lines: Sequence[int]

    def at(self, line: int) -> int:
        """The template's line that a line of the text came from."""
        return self.lines[min(max(line, 1), len(self.lines)) - 1]


class TooMuch(Exception):
    """A template that does not end within its bounds."""


class _Scope(NamedTuple):
    dot: Any
    variables: dict[str, Any]


class Templates:
    """The templates of one chart, each taken apart, and what their `define` blocks name."""

    def __init__(self, files: Mapping[str, list[Part]], values: Any, name: str) -> None:
        self.files = files
        self.named: dict[str, list[Part]] = {}
        for parts in self.files.values():
            self._define(parts)
        release = Map()
        release.update(Name=name, Namespace="default", Service="Helm", IsInstall=True, Revision=1)
        chart = Map()
        chart.update(Name=name, Version="0.1.0", AppVersion="0.1.0")
        self.root = Map()
        self.root.update(Values=values if isinstance(values, Map) else Map(), Release=release, Chart=chart)
        self.root.update(Capabilities=UNKNOWN, Files=UNKNOWN, Template=UNKNOWN)
        self._steps = self._size = 0

    def _define(self, parts: Sequence[Part]) -> None:
        for part in parts:
            if part.word in ("define", "block"):
                name = tokens(part.text)[:1]
                if name and name[0].startswith('"'):
                    self.named[name[0][1:]] = part.inner
            self._define(part.inner)

    def render(self, path: str) -> Rendered:
        """One file of the chart. Raises TooMuch where it does not end."""
        self._steps = self._size = 0
        out: list[tuple[str, int, bool]] = []
        self._parts(self.files[path], _Scope(self.root, {"$": self.root}), out, 0)
        return _lined(out)

    def _parts(
        self, parts: Sequence[Part], scope: _Scope, out: list[tuple[str, int, bool]], depth: int
    ) -> None:
        for part in parts:
            self._steps += 1
            if self._steps > _MAX_STEPS or self._size > _MAX_OUT or depth > _MAX_DEPTH:
                raise TooMuch
            if part.word == "":
                self._size += len(part.text)
                out.append((part.text, part.line, True))
            elif part.word == "=":
                text = shown(self._assigned(part.text, scope, depth))
                self._size += len(text)
                out.append((text, part.line, False))
            elif part.word != "define":
                self._block(part, scope, out, depth)

    def _block(self, part: Part, scope: _Scope, out: list[tuple[str, int, bool]], depth: int) -> None:
        names, assigned, source = part.text.rpartition(":=")
        value = self.value(source if assigned else part.text, scope, depth)
        if part.word == "block":
            value = scope.dot
        inner = dict(scope.variables)
        if part.word == "range":
            entries: list[tuple[Any, Any]] = []
            if isinstance(value, dict):
                entries = list(value.items())
            elif isinstance(value, list):
                entries = list(enumerate(value))
            elif value is UNKNOWN:
                entries = [(UNKNOWN, UNKNOWN)]
            for key, entry in entries[:200]:
                for name, held in zip(
                    reversed([n.strip() for n in names.split(",")]), (entry, key), strict=False
                ):
                    inner[name] = held
                self._parts(part.inner, _Scope(entry, inner), out, depth + 1)
            if not entries:
                self._parts(part.other, scope, out, depth + 1)
            return
        if assigned:
            inner[names.strip()] = value
        if value:
            dot = scope.dot if part.word == "if" else value
            self._parts(part.inner, _Scope(dot, inner if assigned else scope.variables), out, depth + 1)
        else:
            self._parts(part.other, scope, out, depth + 1)

    def _assigned(self, expression: str, scope: _Scope, depth: int) -> Any:
        for sign in (":=", "="):
            name, found, source = expression.partition(sign)
            if found and name.strip().startswith("$") and name.strip()[1:].isidentifier():
                scope.variables[name.strip()] = self.value(source, scope, depth)
                return ""
        return self.value(expression, scope, depth)

    def value(self, expression: str, scope: _Scope, depth: int) -> Any:
        """What an expression comes to."""
        return self._pipeline(tokens(expression), scope, depth)

    def _pipeline(self, words: Sequence[str], scope: _Scope, depth: int) -> Any:
        if depth > _MAX_DEPTH:
            raise TooMuch
        given: list[Any] = []
        for number, command in enumerate(_apart(words)):
            given = [self._command(command, given if number else [], scope, depth)]
        return given[0] if given else UNKNOWN

    def _command(self, words: Sequence[str], piped: list[Any], scope: _Scope, depth: int) -> Any:
        self._steps += 1
        if self._steps > _MAX_STEPS:
            raise TooMuch
        if not words:
            return UNKNOWN
        head = words[0]
        if head in ("include", "template", "tpl"):
            return self._include(head, self._terms(words[1:], scope, depth) + piped, depth)
        if head in FUNCTIONS:
            terms = self._terms(words[1:], scope, depth) + piped
            try:
                return FUNCTIONS[head](*terms)
            except (TypeError, ValueError, IndexError):
                return UNKNOWN
        terms = self._terms(words, scope, depth)
        return terms[0] if len(terms) == 1 and not piped else UNKNOWN

    def _include(self, head: str, given: list[Any], depth: int) -> Any:
        if head == "tpl":
            text = given[0] if given else UNKNOWN
            return text if isinstance(text, str) and "{{" not in text else UNKNOWN
        parts = self.named.get(given[0]) if given and isinstance(given[0], str) else None
        if parts is None:
            return UNKNOWN
        dot = given[1] if len(given) > 1 else None
        out: list[tuple[str, int, bool]] = []
        self._parts(parts, _Scope(dot, {"$": dot}), out, depth + 3)
        return "".join(text for text, _, _ in out)

    def _terms(self, words: Sequence[str], scope: _Scope, depth: int) -> list[Any]:
        found: list[Any] = []
        at = 0
        while at < len(words):
            word = words[at]
            if word == "(":
                end = _closing(words, at)
                value = self._pipeline(words[at + 1 : end], scope, depth + 1)
                at = end
                if at + 1 < len(words) and words[at + 1].startswith(".") and len(words[at + 1]) > 1:
                    at += 1
                    value = _way(value, words[at][1:].split("."))
                found.append(value)
            else:
                found.append(self._term(word, scope))
            at += 1
        return found

    def _term(self, word: str, scope: _Scope) -> Any:
        if word[0] == '"':
            return word[1:]
        if word == ".":
            return scope.dot
        if word[0] == ".":
            return _way(scope.dot, word[1:].split("."))
        if word[0] == "$":
            name, _, rest = word.partition(".")
            value = scope.variables.get(name, UNKNOWN)
            return _way(value, rest.split(".")) if rest else value
        if word in ("true", "false"):
            return word == "true"
        if word in ("nil", "null"):
            return None
        if word.lstrip("-").isdigit() and len(word) < 15:
            return int(word)
        try:
            return float(word)
        except ValueError:
            return UNKNOWN


def _way(value: Any, keys: list[str]) -> Any:
    for key in keys:
        if value is UNKNOWN:
            return UNKNOWN
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _apart(words: Sequence[str]) -> list[list[str]]:
    """The commands of a pipeline."""
    commands: list[list[str]] = [[]]
    depth = 0
    for word in words:
        depth += (word == "(") - (word == ")")
        if word == "|" and depth == 0:
            commands.append([])
        else:
            commands[-1].append(word)
    return commands


def _closing(words: Sequence[str], start: int) -> int:
    depth = 0
    for at in range(start, len(words)):
        depth += (words[at] == "(") - (words[at] == ")")
        if depth == 0:
            return at
    return len(words)


def _lined(out: Sequence[tuple[str, int, bool]]) -> Rendered:
    """The pieces as one text; text that was copied counts its lines on, what was made stays on its line."""
    lines = [1]
    for text, start, copied in out:
        if text and (not copied or not lines[-1]):
            lines[-1] = start
        for number in range(1, text.count("\n") + 1):
            lines.append(start + number * copied)
    return Rendered(_ALONE.sub("", "".join(text for text, _, _ in out)), lines)
