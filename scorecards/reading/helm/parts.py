"""A Go template taken apart: text, actions, and blocks that open and end."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from catalog.regex import regex

_ACTION = regex(
    r"\{\{(-\s)?\s*(/\*.*?\*/|(?:[^{}`\"']|`[^`]*`|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|\{(?!\{))*?)\s*(\s-)?\}\}",
    re.DOTALL,
)
_TOKEN = regex(
    r"\s+|(\"(?:[^\"\\]|\\.)*\"|`[^`]*`)|(:=|[()|,=])|(-?\d+(?:\.\d+)?)(?![\w.])|(\$?[\w]*(?:\.[\w-]+)+|\$\w*|\.|[A-Za-z_]\w*)"
    r"|(.)",
    re.DOTALL,
)
MAX_TEXT = 200_000
MAX_PARTS = 20_000


@dataclass(slots=True)
class Part:
    """A piece of a template. `word` is "" for text, "=" for an action, else what a block begins with.

    `text` is the text, or the expression. `inner` is what a block holds, `other` what follows its `else`.
    """

    word: str
    text: str
    line: int
    inner: list["Part"] = field(default_factory=list)
    other: list["Part"] = field(default_factory=list)


_BLOCKS = frozenset(("if", "with", "range", "define", "block"))


def split(text: str) -> list[Part]:
    """The parts of a template; unbalanced blocks end with the text."""
    top: list[Part] = []
    open_: list[tuple[Part, list[Part]]] = []
    into = top
    line, at, trim = 1, 0, False
    for number, found in enumerate(_ACTION.finditer(text)):
        if number > MAX_PARTS:
            break
        before = text[at : found.start()]
        kept = before.lstrip() if trim else before
        start = line + before[: len(before) - len(kept)].count("\n")
        if found[1]:
            kept = kept.rstrip()
        if kept:
            into.append(Part("", kept, start))
        line += before.count("\n")
        at, trim = found.end(), bool(found[3])
        into, open_ = _act(found[2].strip(), line, into, open_, top)
        line += found[0].count("\n")
    rest = text[at:]
    kept = rest.lstrip() if trim else rest
    into.append(Part("", kept, line + rest[: len(rest) - len(kept)].count("\n")))
    return top


def _act(
    action: str, line: int, into: list[Part], open_: list[tuple[Part, list[Part]]], top: list[Part]
) -> tuple[list[Part], list[tuple[Part, list[Part]]]]:
    word, _, rest = action.partition(" ")
    if action.startswith("/*") or not action:
        return into, open_
    if word in _BLOCKS and len(open_) < 60:
        part = Part(word, rest.strip(), line)
        into.append(part)
        return part.inner, [*open_, (part, into)]
    if word == "else" and open_:
        part, outer = open_[-1]
        if not rest.strip():
            return part.other, open_
        again, _, condition = rest.strip().partition(" ")
        # `else if` is an `if` in the else part that ends together with this one.
        inner = Part(again, condition.strip(), line)
        part.other.append(inner)
        return inner.inner, [*open_[:-1], (inner, outer)]
    if word == "end" and open_:
        return open_[-1][1], open_[:-1]
    if word not in ("end", "else"):
        into.append(Part("=", action, line))
    return into, open_


@lru_cache(maxsize=8192)
def tokens(expression: str) -> tuple[str, ...]:
    """The tokens of an expression, strings with a mark before them (`"`)."""
    found = []
    for match in _TOKEN.finditer(expression[:4_000]):
        if match[1] is not None:
            raw = match[1][1:-1]
            found.append('"' + (raw if match[1][0] == "`" else raw.replace('\\"', '"').replace("\\n", "\n")))
        elif match[0].strip():
            found.append(match[0])
    return tuple(found)
