"""Shell text split into simple commands, with what would happen if one of them failed.

This is no shell: it knows quotes, comments, continued lines, heredocs, groups, functions, `case`, `&&` and
`||`, which is what tells a command from a word in a string, and a gate from a step that cannot fail.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

MAX_TEXT = 64 * 1024
MAX_COMMANDS = 2000
_MAX_GROUPS = 30

_SPECIAL = re.compile(r"[\\'\"`#\n;&|(){}<]|\$[({]")
_SIMPLE = re.compile(r"[^\\'\"`#\n;&|(){}<$]*\n?")
_BLANKS = re.compile(r"[ \t]{2,}")
_HEREDOC = re.compile(r"<<-?[ \t]*(['\"]?)([A-Za-z_]\w{0,40})\1")
_FUNCTION = re.compile(r"(?:function[ \t]+)?([A-Za-z_][\w:.-]{0,60})[ \t]*\Z")
_KEYWORD = re.compile(r"(?:then|else|do|time|!)(?:\s+|\Z)|(if|elif|while|until)\s+(?:!\s+)?")
_SOFT = re.compile(
    r"(?:true|:|echo|printf|cat|tail|head|warn|continue|break|sleep|logger|export|unset|set)(?:\s|\Z)"
    r"|exit\s+0\b|return\s+0\b|return\Z|exit\Z|\w+=\S*\Z|/bin/true"
    r"|(?:kubectl|oc)\s+(?:logs|describe|get)\b|docker(?:[ -]compose)?\s+(?:logs|ps)\b|curl\s[^|]*slack"
)
_HARD = re.compile(r"\b(?:exit|return)\s+[\"']?[1-9$]|\bfalse\b|\bthrow\b|\bdie\b")
_RESET = re.compile(r"set\s+(?:-[a-z]*e|-o\s+errexit)")


@dataclass(frozen=True, slots=True)
class Simple:
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


@dataclass(frozen=True, slots=True)
class Script:
    """The commands of a shell text, and the functions that it defines, which run only where called."""

    commands: tuple[Simple, ...]
    functions: Mapping[str, tuple[Simple, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class _Group:
    name: str = ""
    opened: str = ""
    items: list["tuple[str, Simple | _Group]"] = field(default_factory=list)
    operator: str = "\n"

    def add(self, item: "Simple | _Group") -> None:
        self.items.append((self.operator, item))
        self.operator = "\n"


def split(text: str) -> Script:
    """The script of a shell text; never raises, and reads at most `MAX_TEXT` characters."""
    text = text[:MAX_TEXT]
    if _SIMPLE.fullmatch(text) and not _KEYWORD.match(text):
        return Script((Simple(text.strip(), 0),) if text.strip() else ())
    root = _Scanner(text).scan()
    exits = re.search(r"\bexit\s+[\"']?\$", text) is not None
    functions: dict[str, tuple[Simple, ...]] = {}
    commands = tuple(_flatten(root, functions, exits, 0))
    return Script(_careless(commands, exits, text), functions)


class _Scanner:
    """One pass over the text, no backtracking."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.start = 0
        self.parts: list[str] = []
        self.open = [_Group()]
        self.inner = 0  # open `$(` and array parentheses: separators in there do not split
        self.heredocs: list[str] = []
        self.bodies: list[tuple[_Group, int]] = []
        self.cases: list[str] = []
        self.labels: tuple[str, ...] = ()
        self.unclosed: set[str] = set()
        self.line = 0
        self.command_line: int | None = None
        self.count = 0

    def scan(self) -> _Group:
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
                group.items[-1] = (operator, replace(command, body=body))
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
        current = "".join(self.parts)
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
        elif self.cases or "".join(self.parts).lstrip().startswith("case "):
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
            names.append(_words(command))
        self.labels = tuple(name.strip("\"' ") for name in names)
        self.parts, self.command_line, self.position = [], None, at + 1

    def _brace(self, at: int) -> None:
        current = "".join(self.parts).strip()
        after = self.text[at + 1 : at + 2]
        name = _FUNCTION.fullmatch(current)
        if not self.inner and after.isspace() and (not current or name):
            self.parts, self.command_line = [], None
            self._enter("{", at, name.group(1) if name and current else "")
        else:
            self._take(at + 1)

    def _unbrace(self, at: int) -> None:
        if not self.inner and not "".join(self.parts).strip() and self.open[-1].opened == "{":
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
            self.open.append(_Group(name, mark))
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


def _flatten(
    group: _Group, functions: dict[str, tuple[Simple, ...]], exits: bool, depth: int
) -> Iterator[Simple]:
    """The commands of a group in order; `exits` says that the script passes a status on at its end."""
    items = group.items
    guards: tuple[str, ...] = ()
    for number, (_, item) in enumerate(items):
        swallowed = _swallowed(items, number, exits)
        if isinstance(item, _Group):
            inner = _flatten(item, functions, exits, depth + 1)
            if item.name:
                functions[item.name] = tuple(inner)
                continue
            for command in inner:
                yield replace(command, enforced=False) if swallowed else command
        else:
            guards = _guarded(item.text, guards)
            for command in _plain(item, not swallowed, items, number):
                yield replace(command, guards=guards) if guards else command


def _guarded(text: str, guards: tuple[str, ...]) -> tuple[str, ...]:
    """The conditions that hold for a command, once its own keywords are counted."""
    word = text.partition(" ")[0]
    if word == "if":
        return (*guards, text[3:])[-20:]
    if word == "elif" and guards:
        return (*guards[:-1], text[5:])
    if word == "else" and guards:
        return (*guards[:-1], "")
    return guards[:-1] if word == "fi" else guards


def _plain(
    command: Simple, enforced: bool, items: list[tuple[str, Simple | _Group]], number: int
) -> Iterator[Simple]:
    text = command.text
    while found := _KEYWORD.match(text):
        if found.group(1) and enforced:
            rest = items[number + 1 : number + 12]
            enforced = any(_HARD.search(_words(item)) for _, item in rest)
        text = text[found.end() :].lstrip()
    if text and text not in ("fi", "done", "esac") and not text.startswith("case "):
        yield replace(command, text=text, enforced=enforced)


def _words(item: Simple | _Group) -> str:
    if isinstance(item, Simple):
        return item.text
    return "\n".join(_words(inner) for _, inner in item.items[:50])


def _swallowed(items: list[tuple[str, Simple | _Group]], number: int, exits: bool) -> bool:
    """Whether an alternative after this command (`|| true`) hides its failure."""
    for operator, item in items[number + 1 : number + 40]:
        if operator not in ("&&", "||", "|"):
            return False
        if operator == "||" and _is_soft(item, exits):
            return True
    return False


def _is_soft(item: Simple | _Group, exits: bool) -> bool:
    words = _words(item)
    if _HARD.search(words):
        return False
    if isinstance(item, Simple):
        assigned = re.match(r"\w+=", item.text) is not None
        return _SOFT.match(item.text) is not None and not (assigned and exits)
    inner = [i for _, i in item.items]
    return not inner or _is_soft(inner[-1], exits)


def _careless(commands: tuple[Simple, ...], exits: bool, text: str) -> tuple[Simple, ...]:
    """Commands after `set +e` are not enforced until it is taken back, unless the status is passed on."""
    if "if false" in text or "if [ 1 = 0 ]" in text:
        commands = _dead(commands)
    if "set +e" not in text or exits:
        return commands
    result, careful = [], True
    for command in commands:
        if command.text.startswith("set +e"):
            careful = False
        elif _RESET.match(command.text):
            careful = True
        result.append(command if careful else replace(command, enforced=False))
    return tuple(result)


def _dead(commands: tuple[Simple, ...]) -> tuple[Simple, ...]:
    """What stands after a bare `false` condition never runs; the keywords are gone, so to the end."""
    for number, command in enumerate(commands):
        if command.text in ("false", "[ 1 = 0 ]"):
            return commands[:number] + tuple(replace(c, live=False) for c in commands[number:])
    return commands


def word_set(text: str) -> frozenset[str]:
    """The words of a table that is written as text."""
    return frozenset(text.split())


def words(text: str) -> list[str]:
    """The words of a simple command, quotes taken off; never raises."""
    found = []
    for match in _WORD.finditer(text[:4000]):
        word = match.group()
        if word[0] in "'\"" and word[-1] == word[0] and len(word) > 1:
            word = word[1:-1]
        elif '="' in word or "='" in word:
            word = word.replace('"', "").replace("'", "")
        found.append(word)
    return found


_WORD = re.compile(r"(?:[^\s'\"]|'[^']{0,2000}'|\"[^\"]{0,2000}\"|['\"])+")
