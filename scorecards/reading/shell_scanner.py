"""One pass over shell text: its simple commands, groups and functions, before anything is made of them."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from catalog.regex import regex

_MAX_GROUPS = 30
MAX_COMMANDS = 2000
_SPECIAL = regex(r"[\\'\"`#\n;&|(){}<]|\$[({]")
_BLANKS = regex(r"[ \t]{2,}")
_HEREDOC = regex(r"<<-?[ \t]*(['\"]?)([A-Za-z_]\w{0,40})\1")
_FUNCTION = regex(r"(?:function[ \t]+)?([A-Za-z_][\w:.-]{0,60})[ \t]*\Z")


class Simple(NamedTuple):
    """One simple command. `line` counts from 0 within the text; `body` is its heredoc.

    `enforced` is False where its failure changes nothing, `live` where it can never run. `labels` are those
    of the `case` branch it stands in, `subject` what that `case` looks at. `guards` are
    the conditions of the `if` blocks that it stands in, empty texts for their `else` parts.
    """

    text: str
    line: int
    body: str = ""
    enforced: bool = True
    live: bool = True
    labels: tuple[str, ...] = ()
    subject: str = ""
    guards: tuple[str, ...] = ()


@dataclass(slots=True)
class Group:
    """Commands in `( )`, `{ }` or a function of that name, each with the operator before it."""

    name: str = ""
    opened: str = ""
    items: list["tuple[str, Simple | Group]"] = field(default_factory=list)
    operator: str = "\n"

    def add(self, item: "Simple | Group") -> None:
        """Put a command or a group at the end."""
        self.items.append((self.operator, item))
        self.operator = "\n"


def all_words(item: Simple | Group) -> str:
    """The text of a command, or of all commands of a group."""
    if isinstance(item, Simple):
        return item.text
    return "\n".join(all_words(inner) for _, inner in item.items[:50])


def scan(text: str) -> Group:
    """The outermost group of a shell text; never raises, never goes back."""
    return _Scanner(text).scan()


class _Scanner:
    """One pass over the text, no backtracking."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.start = 0
        self.parts: list[str] = []
        self.open = [Group()]
        self.inner = 0  # open `$(` and array parentheses: separators in there do not split
        self.heredocs: list[str] = []
        self.bodies: list[tuple[Group, int]] = []
        self.cases: list[str] = []
        self.labels: tuple[str, ...] = ()
        self.unclosed: set[str] = set()
        self.line = 0
        self.command_line: int | None = None
        self.count = 0

    def scan(self) -> Group:
        text, end = self.text, len(self.text)
        while self.position < end and self.count < MAX_COMMANDS:
            found = _SPECIAL.search(text, self.position)
            if found is None:
                break
            self._keep(found.start())
            self._special(found.group(), found.start())
        self._keep(end)
        self._flush("\n")
        return self.open[0]

    def _keep(self, until: int) -> None:
        """Plain text up to `until` belongs to the command."""
        piece = self.text[self.position : until]
        if piece:
            if self.command_line is None and not piece.isspace():
                self.command_line = self.line
            self.parts.append(piece)
        self.position = until

    def _take(self, until: int) -> None:
        """Text with special characters up to `until` belongs to the command as it is."""
        if self.command_line is None:
            self.command_line = self.line
        piece = self.text[self.position : until]
        self.parts.append(piece)
        self.line += piece.count("\n")
        self.position = until

    def _current(self) -> str:
        """The command so far, or only its beginning where it is long: names and keywords are short."""
        return "".join(self.parts[:8])

    def _special(self, mark: str, at: int) -> None:
        handler = _HANDLERS.get(mark)
        if handler is None:
            self._take(at + len(mark))
        else:
            handler(self, at)

    def _backslash(self, at: int) -> None:
        if self.text[at + 1 : at + 2] == "\n":
            self.parts.append(" ")
            self.position = at + 2
            self.line += 1
        else:
            self._take(min(at + 2, len(self.text)))

    def _quote(self, at: int) -> None:
        mark = self.text[at]
        close = -1
        if mark not in self.unclosed:
            close = self.text.find(mark, at + 1)
            while mark == '"' and close > 0 and self._escaped(close):
                close = self.text.find(mark, close + 1)
            if close < 0:
                self.unclosed.add(mark)
        self._take(at + 1 if close < 0 else close + 1)

    def _escaped(self, at: int) -> bool:
        back = at
        while back > 0 and self.text[back - 1] == "\\":
            back -= 1
        return (at - back) % 2 == 1

    def _comment(self, at: int) -> None:
        if at and self.text[at - 1] not in " \t\n;&|()":
            self._take(at + 1)
            return
        end = self.text.find("\n", at)
        self.position = len(self.text) if end < 0 else end

    def _newline(self, at: int) -> None:
        if self.inner:
            self._take(at + 1)
        else:
            self._flush("\n")
            self.position = at + 1
            self.line += 1
        for delimiter in self.heredocs:
            self._heredoc_body(delimiter)
        self.heredocs.clear()

    def _heredoc_body(self, delimiter: str) -> None:
        close = re.compile(rf"^[ \t]*{delimiter}[ \t]*$", re.MULTILINE).search(self.text, self.position)
        end = close.start() if close else len(self.text)
        body = self.text[self.position : end]
        group = self.open[-1]
        if group.items:
            operator, command = group.items[-1]
            if isinstance(command, Simple):
                group.items[-1] = (operator, command._replace(body=body))
        self.line += body.count("\n")
        self.position = close.end() if close else end

    def _separator(self, at: int) -> None:
        if self.inner:
            self._take(at + 1)
            return
        operator = self.text[at : at + 2]
        if operator[0] == "&" and (operator == "&>" or self.text[max(at - 1, 0)] in "<>"):
            self._take(at + 1)
            return
        if operator not in ("&&", "||", ";;", "|&"):
            operator = operator[0]
        self._flush({";;": "\n", ";": "\n", "|&": "|"}.get(operator, operator))
        if operator == ";;":
            self.labels = ()
        self.position = at + len(operator)

    def _open(self, at: int) -> None:
        current = self._current()
        function = _FUNCTION.search(current) if self.text[at : at + 2] == "()" else None
        if function and function.start() == len(current) - len(current.lstrip()):
            self.position = at + 2
            return
        if self.inner or current.strip():
            self.inner += 1
            self._take(at + 1)
        else:
            self._enter("(", at)

    def _close(self, at: int) -> None:
        if self.inner:
            self.inner -= 1
            self._take(at + 1)
        elif len(self.open) > 1 and self.open[-1].opened == "(":
            self._leave(at)
        elif self.cases or self._current().lstrip().startswith("case "):
            self._label(at)
        else:
            self._take(at + 1)

    def _label(self, at: int) -> None:
        """What stands before this `)` is a `case` label; `a|b)` was taken for a pipe until here."""
        text = "".join(self.parts).strip()
        if text.startswith("case ") and " in " in text:
            subject, _, text = text[5:].partition(" in ")
            self.cases.append(subject)
        group, names = self.open[-1], [text.lstrip("(")]
        while group.operator == "|" and group.items:
            group.operator, command = group.items.pop()
            names.append(all_words(command))
        self.labels = tuple(name.strip("\"' ") for name in names)
        self.parts, self.command_line, self.position = [], None, at + 1

    def _brace(self, at: int) -> None:
        current = self._current().strip()
        after = self.text[at + 1 : at + 2]
        name = _FUNCTION.fullmatch(current)
        if not self.inner and after.isspace() and (not current or name):
            self.parts, self.command_line = [], None
            self._enter("{", at, name.group(1) if name and current else "")
        else:
            self._take(at + 1)

    def _unbrace(self, at: int) -> None:
        if not self.inner and self.command_line is None and self.open[-1].opened == "{":
            self._leave(at)
        else:
            self._take(at + 1)

    def _less(self, at: int) -> None:
        found = _HEREDOC.match(self.text, at)
        if found and self.text[at + 2 : at + 3] != "<":
            self.heredocs.append(found.group(2))
            self._take(found.end())
        else:
            self._take(at + 1)

    def _substitute(self, at: int) -> None:
        self.inner += 1
        self._take(at + 2)

    def _expand(self, at: int) -> None:
        end = self.text.find("}", at, at + 400)
        self._take(end + 1 if end > 0 else at + 2)

    def _enter(self, mark: str, at: int, name: str = "") -> None:
        if len(self.open) < _MAX_GROUPS:
            self.open.append(Group(name, mark))
        self.position = at + 1

    def _leave(self, at: int) -> None:
        self._flush("\n")
        group = self.open.pop()
        self.open[-1].add(group)
        self.position = at + 1

    def _flush(self, operator: str) -> None:
        text = _BLANKS.sub(" ", "".join(self.parts)).strip()
        line = self.line if self.command_line is None else self.command_line
        self.parts, self.command_line = [], None
        group = self.open[-1]
        if text:
            self.count += 1
            if text.startswith("case ") and text.endswith(" in"):
                self.cases.append(text[5:-3])
            elif text == "esac":
                self.cases, self.labels = self.cases[:-1], ()
            group.add(Simple(text, line, labels=self.labels, subject=self.cases[-1] if self.cases else ""))
        if operator != "\n" or text:
            group.operator = operator


_HANDLERS = {
    "\\": _Scanner._backslash,
    "'": _Scanner._quote,
    '"': _Scanner._quote,
    "`": _Scanner._quote,
    "#": _Scanner._comment,
    "\n": _Scanner._newline,
    ";": _Scanner._separator,
    "&": _Scanner._separator,
    "|": _Scanner._separator,
    "(": _Scanner._open,
    ")": _Scanner._close,
    "{": _Scanner._brace,
    "}": _Scanner._unbrace,
    "<": _Scanner._less,
    "$(": _Scanner._substitute,
    "${": _Scanner._expand,
}
