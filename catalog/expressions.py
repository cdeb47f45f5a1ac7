"""HCL's expressions, read into small trees; what nobody here evaluates (`for`, `%{if}`) is kept as text."""

import re
from typing import Any

from catalog.regex import regex

MAX_DEPTH = 60

Node = tuple[Any, ...]
"""("lit", value), ("tpl", [Node]), ("list", [Node]), ("obj", [(Node, Node, line)]),
("ref", [str | int | Node]), ("call", name, [Node]), ("op", operator, Node, Node), ("not", Node),
("neg", Node), ("cond", Node, Node, Node), ("raw", text)."""


class Broken(Exception):
    """Text that is not HCL, and where."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message, self.position = message, position


_SPACE = regex(r"(?:[ \t\r\f\v]+|\#[^\n]*|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_SPACE_LINES = regex(r"(?:\s+|\#[^\n]*|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_IDENT = regex(r"[A-Za-z_][\w-]*")
_NUMBER = regex(r"[0-9]+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_HEREDOC = regex(r"<<(-?)([A-Za-z_][\w-]*)[ \t]*\n")
_LITERAL = regex(r'[^"\\$%\n]+')
_OPERATOR = regex(r"\|\||&&|==|!=|<=|>=|<(?!<)|>|\+|-|\*|/|%")
_RANK = {
    **{"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, ">": 4, "<=": 4, ">=": 4},
    **{"+": 5, "-": 5, "*": 6, "/": 6, "%": 6},
}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
_WORDS = {"true": True, "false": False, "null": None}


class Reader:
    """Reads at a position of a text, which only moves forward."""

    def __init__(self, text: str, base: int = 0) -> None:
        self.text = text
        self.position = 0
        self.began = 0
        self._counted = (0, 1 + base)

    def line(self) -> int:
        """The line of the present position; positions only move forward, so counting is cheap."""
        position, line = self._counted
        if self.position < position:
            position, line = 0, 1
        line += self.text.count("\n", position, self.position)
        self._counted = self.position, line
        return line

    def skip(self, lines: bool = True) -> None:
        """White space and comments, line ends too unless told otherwise."""
        found = (_SPACE_LINES if lines else _SPACE).match(self.text, self.position)
        if found:
            self.position = found.end()

    def peek(self) -> str:
        """The next character, "" at the end."""
        return self.text[self.position : self.position + 1]

    def take(self, wanted: str) -> bool:
        """Whether the text goes on so; then past it."""
        if self.text.startswith(wanted, self.position):
            self.position += len(wanted)
            return True
        return False

    def expect(self, wanted: str) -> None:
        """Past what has to stand here."""
        if not self.take(wanted):
            raise Broken(f"expected `{wanted}`", self.position)

    def word(self) -> str:
        """A name."""
        found = _IDENT.match(self.text, self.position)
        if found is None:
            raise Broken("expected a name", self.position)
        self.position = found.end()
        return found.group()

    def expression(self, depth: int, rank: int = 0) -> Node:
        """An expression with operators of at least this rank, and the conditional where rank is 0."""
        if depth > MAX_DEPTH:
            raise Broken(f"nested more than {MAX_DEPTH} levels deep", self.position)
        left = self.unary(depth)
        while True:
            here = self.position
            self.skip(lines=depth > 1 and self._inside)
            found = _OPERATOR.match(self.text, self.position)
            if found is None or _RANK[found.group()] <= rank:
                if rank == 0 and self.peek() == "?":
                    self.position += 1
                    self.skip()
                    yes = self.expression(depth + 1)
                    self.skip()
                    self.expect(":")
                    self.skip()
                    return ("cond", left, yes, self.expression(depth + 1))
                self.position = here
                return left
            self.position = found.end()
            self.skip()
            left = ("op", found.group(), left, self.expression(depth + 1, _RANK[found.group()]))

    _inside = False
    """Whether a bracket is open, so that an expression goes on over line ends."""

    def unary(self, depth: int) -> Node:
        """A value with the signs before it."""
        if self.take("!"):
            self.skip()
            return ("not", self.unary(depth + 1)) if depth < MAX_DEPTH else ("raw", "!")
        if self.take("-"):
            self.skip()
            return ("neg", self.unary(depth + 1)) if depth < MAX_DEPTH else ("raw", "-")
        return self.steps(self.primary(depth), depth)

    def primary(self, depth: int) -> Node:
        """A value: a literal, a bracket, a call, a name."""
        char = self.peek()
        if char == '"':
            return self.string()
        if char == "<":
            return self.heredoc()
        if char.isdigit():
            found = _NUMBER.match(self.text, self.position)
            if found is None:
                raise Broken("expected a number", self.position)
            self.position = found.end()
            written = found.group()
            return ("lit", int(written) if written.isdigit() and len(written) < 19 else float(written))
        if char and char in "[{(":
            outer, self._inside = self._inside, True
            try:
                return {"[": self.list_, "{": self.object_, "(": self.group}[char](depth)
            finally:
                self._inside = outer
        name = self.word()
        if name in _WORDS:
            return ("lit", _WORDS[name])
        while self.take("::"):
            name += "::" + self.word()
        self.skip(lines=False)
        if self.peek() == "(":
            outer, self._inside = self._inside, True
            try:
                return ("call", name, self.arguments(depth))
            finally:
                self._inside = outer
        return ("ref", [name])

    def group(self, depth: int) -> Node:
        """An expression in parentheses."""
        self.position += 1
        self.skip()
        node = self.expression(depth + 1)
        self.skip()
        self.expect(")")
        return node

    def arguments(self, depth: int) -> list[Node]:
        """A call's arguments."""
        self.position += 1
        found: list[Node] = []
        while True:
            self.skip()
            if self.take(")"):
                return found
            found.append(self.expression(depth + 1))
            self.skip()
            if not (self.take(",") or self.take("...") or self.peek() == ")"):
                raise Broken("expected `,` or `)`", self.position)

    def list_(self, depth: int) -> Node:
        """A list, or the text of a `for` in brackets."""
        start = self.position
        self.position += 1
        self.skip()
        if re.compile(r"for\b").match(self.text, self.position):
            return self.raw(start)
        found: list[Node] = []
        while True:
            self.skip()
            if self.take("]"):
                return ("list", found)
            found.append(self.expression(depth + 1))
            self.skip()
            if not self.take(",") and self.peek() != "]":
                raise Broken("expected `,` or `]`", self.position)

    def object_(self, depth: int) -> Node:
        """An object, or the text of a `for` in braces."""
        start = self.position
        self.position += 1
        self.skip()
        if re.compile(r"for\b").match(self.text, self.position):
            return self.raw(start)
        found: list[tuple[Node, Node, int]] = []
        while True:
            self.skip()
            if self.take("}"):
                return ("obj", found)
            line = self.line()
            name = _IDENT.match(self.text, self.position)
            rest = self.text[name.end() : name.end() + 20].lstrip(" \t") if name else ""
            if name and rest[:1] in ("=", ":") and not rest.startswith("=="):
                self.position = name.end()
                key: Node = ("lit", name.group())
            else:
                key = self.expression(depth + 1)
            self.skip()
            if not (self.take("=") or self.take(":")):
                raise Broken("expected `=`", self.position)
            self.skip()
            found.append((key, self.expression(depth + 1), line))
            self.skip()
            self.take(",")

    def raw(self, start: int) -> Node:
        """The text of a bracket that is not evaluated; one pass, since it may hold what broke before."""
        open_: list[str] = []
        position = start
        while position < len(self.text):
            char = self.text[position]
            if open_ and open_[-1] == '"':
                if char == "\\":
                    position += 1
                elif char == '"':
                    open_.pop()
                elif char in "$%" and self.text.startswith("{", position + 1):
                    open_.append("{")
                    position += 1
            elif char in '[{("':
                open_.append(char)
            elif char in "]})":
                open_.pop()
                if not open_:
                    self.position = position + 1
                    return ("raw", self.text[start : self.position])
            position += 1
        raise Broken("a bracket is not closed", start)

    def steps(self, node: Node, depth: int) -> Node:
        """What follows a value: `.name`, `.0`, `[index]`, `[*]`, `.*`."""
        found: list[Any] = list(node[1]) if node[0] == "ref" else [node]
        started = len(found)
        while True:
            char = self.peek()
            if char == "." and not self.text.startswith("...", self.position):
                self.position += 1
                number = _NUMBER.match(self.text, self.position)
                if self.take("*"):
                    found.append("*")
                elif number:
                    self.position = number.end()
                    found += [int(n) if n.isdigit() else 0 for n in number.group().split(".")]
                else:
                    found.append(self.word())
            elif char == "[":
                self.position += 1
                self.skip()
                if self.take("*"):
                    found.append("*")
                else:
                    outer, self._inside = self._inside, True
                    found.append(self.expression(depth + 1))
                    self._inside = outer
                self.skip()
                self.expect("]")
            else:
                return node if len(found) == started else ("ref", found)

    def string(self) -> Node:
        """A quoted string: a literal, or a template with its expressions."""
        start = self.position
        self.position += 1
        parts: list[Node] = []
        literal: list[str] = []
        while True:
            found = _LITERAL.match(self.text, self.position)
            if found:
                literal.append(found.group())
                self.position = found.end()
            char = self.peek()
            if char == '"':
                self.position += 1
                return _template(parts, literal)
            if char in ("", "\n"):
                raise Broken("a string is not closed", start)
            if char == "\\":
                escaped = self.text[self.position + 1 : self.position + 2]
                literal.append(_ESCAPES.get(escaped, "\\" + escaped))
                self.position += 2
            else:
                self.interpolation(parts, literal)

    def interpolation(self, parts: list[Node], literal: list[str]) -> None:
        """At `$` or `%`: an expression of a template, or the character itself."""
        sign = self.peek()
        doubled = self.text.startswith(f"{sign}{sign}{{", self.position)
        if doubled or not self.text.startswith(sign + "{", self.position):
            literal.append(sign + "{" if doubled else sign)
            self.position += 3 if doubled else 1
            return
        start = self.position
        self.position += 2
        self.take("~")
        self.skip()
        outer, self._inside = self._inside, True
        try:
            if sign == "%":
                raise Broken("directive", self.position)
            node = self.expression(2)
            self.skip()
            self.take("~")
            self.expect("}")
        except Broken:
            self.position = start + 1
            node = self.raw(start + 1)
            node = ("raw", sign + str(node[1]))
        finally:
            self._inside = outer
        if literal:
            parts.append(("lit", "".join(literal)))
            literal.clear()
        parts.append(node)

    def heredoc(self) -> Node:
        """`<<EOT` up to the line that holds only `EOT`."""
        opening = _HEREDOC.match(self.text, self.position)
        if opening is None:
            raise Broken("expected a value", self.position)
        closing = re.compile(rf"^[ \t]*{re.escape(opening.group(2))}[ \t]*$", re.MULTILINE).search(
            self.text, opening.end()
        )
        if closing is None:
            raise Broken(f"the text `<<{opening.group(2)}` is not closed", self.position)
        inner = Reader(self.text[opening.end() : closing.start()])
        self.position = closing.end()
        parts: list[Node] = []
        literal: list[str] = []
        plain = re.compile(r"[^$%]+")
        while inner.position < len(inner.text):
            found = plain.match(inner.text, inner.position)
            if found:
                literal.append(found.group())
                inner.position = found.end()
            else:
                inner.interpolation(parts, literal)
        return _template(parts, literal)


def _template(parts: list[Node], literal: list[str]) -> Node:
    if not parts:
        return ("lit", "".join(literal))
    if literal:
        parts.append(("lit", "".join(literal)))
    return ("tpl", parts)
