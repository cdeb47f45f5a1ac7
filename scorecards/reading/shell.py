"""Shell text split into simple commands, with what would happen if one of them failed.

This is no shell: it knows quotes, comments, continued lines, heredocs, groups, functions, `case`, `&&` and
`||`, which is what tells a command from a word in a string, and a gate from a step that cannot fail.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from catalog.regex import regex
from scorecards.reading.shell_scanner import Group, Simple, all_words, scan

MAX_TEXT = 64 * 1024

_SIMPLE = regex(
    r"(?:[^\\'\"`#\n;&|(){}<$]++|\$\{\{[^{}\n]*\}\}|\$\w+|\$\{\w+\}|\"[^\"\\$`\n]*\"|'[^'\n]*')*+\n?"
)
"""One simple command: nothing in it separates, groups, comments or continues."""
_KEYWORD = regex(r"(?:then|else|do|time|!)(?:\s+|\Z)|(if|elif|while|until)\s+(?:!\s+)?")
_SOFT = regex(
    r"(?:true|:|echo|printf|cat|tail|head|warn|continue|break|sleep|logger|export|unset|set)(?:\s|\Z)"
    r"|exit\s+0\b|return\s+0\b|return\Z|exit\Z|\w+=\S*\Z|/bin/true"
    r"|(?:kubectl|oc)\s+(?:logs|describe|get)\b|docker(?:[ -]compose)?\s+(?:logs|ps)\b|curl\s[^|]*slack"
)
_HARD = regex(r"\b(?:exit|return)\s+[\"']?[1-9$]|\bfalse\b|\bthrow\b|\bdie\b")
_RESET = regex(r"set\s+(?:-[a-z]*e|-o\s+errexit)")


@dataclass(frozen=True, slots=True)
class Script:
    """The commands of a shell text, and the functions that it defines, which run only where called."""

    commands: tuple[Simple, ...]
    functions: Mapping[str, tuple[Simple, ...]] = field(default_factory=dict)


def split(text: str) -> Script:
    """The script of a shell text; never raises, and reads at most `MAX_TEXT` characters."""
    text = text[:MAX_TEXT]
    if _SIMPLE.fullmatch(text) and not _KEYWORD.match(text):
        return Script((Simple(text.strip(), 0),) if text.strip() else ())
    root = scan(text)
    exits = re.search(r"\bexit\s+[\"']?\$", text) is not None
    functions: dict[str, tuple[Simple, ...]] = {}
    commands = tuple(_flatten(root, functions, exits, 0))
    if "exit" in text:
        commands = _before_the_end(root, commands)
    return Script(_careless(commands, exits, text), functions)


def _flatten(
    group: Group, functions: dict[str, tuple[Simple, ...]], exits: bool, depth: int
) -> Iterator[Simple]:
    """The commands of a group in order; `exits` says that the script passes a status on at its end."""
    items = group.items
    guards: tuple[str, ...] = ()
    for number, (_, item) in enumerate(items):
        swallowed = _swallowed(items, number, exits) or _in_background(group, number)
        if isinstance(item, Group):
            inner = _flatten(item, functions, exits, depth + 1)
            if item.name:
                functions[item.name] = tuple(inner)
                continue
            for command in inner:
                yield command._replace(enforced=False) if swallowed else command
        else:
            guards = _guarded(item.text, guards)
            own = item._replace(live=False) if _never(items, number) else item
            for command in _plain(own, not swallowed, items, number):
                yield command._replace(guards=guards) if guards else command


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
    command: Simple, enforced: bool, items: list[tuple[str, Simple | Group]], number: int
) -> Iterator[Simple]:
    text = command.text
    while found := _KEYWORD.match(text):
        if found.group().startswith("!"):
            enforced = False
        if found.group(1) and enforced:
            rest = items[number + 1 : number + 12]
            enforced = any(_HARD.search(all_words(item)) for _, item in rest)
        text = text[found.end() :].lstrip()
    if text and text not in ("fi", "done", "esac") and not text.startswith("case "):
        yield command._replace(text=text, enforced=enforced)


def _swallowed(items: list[tuple[str, Simple | Group]], number: int, exits: bool) -> bool:
    """Whether an alternative after this command (`|| true`) hides its failure."""
    for operator, item in items[number + 1 : number + 40]:
        if operator not in ("&&", "||", "|"):
            return False
        if operator == "||" and _is_soft(item, exits):
            return True
        if operator == "|" and isinstance(item, Simple) and item.text in ("true", ":"):
            return True
    return False


def _in_background(group: Group, number: int) -> bool:
    """Whether a command is left to itself (`&`) and nobody waits for what comes of it."""
    items = group.items
    after = items[number + 1][0] if number + 1 < len(items) else group.operator
    return after == "&" and not any("wait" in all_words(item) for _, item in items)


def _never(items: list[tuple[str, Simple | Group]], number: int) -> bool:
    """Whether a command follows one that decides against it: `true || pytest`, `false && pytest`."""
    operator = items[number][0]
    if operator not in ("&&", "||") or number == 0:
        return False
    before, first = items[number - 1]
    if not isinstance(first, Simple) or before in ("&&", "||", "|"):
        return False
    return first.text == "false" if operator == "&&" else _ALWAYS.match(first.text) is not None


def _is_soft(item: Simple | Group, exits: bool) -> bool:
    words = all_words(item)
    if _HARD.search(words):
        return False
    if isinstance(item, Simple):
        assigned = re.match(r"\w+=", item.text) is not None
        return _SOFT.match(item.text) is not None and not (assigned and exits)
    inner = [i for _, i in item.items]
    return not inner or _is_soft(inner[-1], exits)


_END = regex(r"exit(?:\s+0)?\s*;?\Z")
_ALWAYS = regex(r"(?:true|:|echo|printf)(?:\s|\Z)")
_TRAPPED = regex(r"\btrap\s+[\"']?(?:exit\s+0|true|:)[\"']?\s[^\n]*\b(?:EXIT|ERR|0)\b")
_OPENS, _CLOSES = ("if ", "for ", "while ", "until ", "case "), ("fi", "done", "esac")


def _before_the_end(root: Group, commands: tuple[Simple, ...]) -> tuple[Simple, ...]:
    """Nothing runs after an `exit 0` that stands under no condition."""
    depth = 0
    items = root.items
    for number, (operator, item) in enumerate(items):
        if isinstance(item, Group):
            continue
        depth += item.text.startswith(_OPENS) - (item.text.partition(" ")[0] in _CLOSES)
        follows = items[number + 1][0] if number + 1 < len(items) else ""
        alone = operator not in ("&&", "||", "|") and follows not in ("&&", "||", "|")
        if depth == 0 and alone and _END.match(item.text) and not item.labels:
            return tuple(c._replace(live=False) if c.line > item.line else c for c in commands)
    return commands


def ends_well(text: str) -> bool:
    """Whether a script ends with `exit 0` whatever fails in it, as nothing stops it before."""
    last = re.split(r"[\n;]", text.rstrip("; \t\n"))[-1].strip()
    if _END.match(last) is None and last not in ("true", ":"):
        return False
    careful = _RESET.search(text) or re.match(r"#![^\n]*\s-\w*e", text)
    return not careful and not _HARD.search(text)


def _careless(commands: tuple[Simple, ...], exits: bool, text: str) -> tuple[Simple, ...]:
    """Commands after `set +e` are not enforced until it is taken back, unless the status is passed on."""
    if "if false" in text or "if [ 1 = 0 ]" in text:
        commands = _dead(commands)
    if "trap" in text and _TRAPPED.search(text):
        return tuple(c._replace(enforced=False) for c in commands)
    if exits or ("set +e" not in text and "set +o errexit" not in text):
        return commands
    result, careful = [], True
    for command in commands:
        if command.text.startswith(("set +e", "set +o errexit")):
            careful = False
        elif _RESET.match(command.text):
            careful = True
        result.append(command if careful else command._replace(enforced=False))
    return tuple(result)


def _dead(commands: tuple[Simple, ...]) -> tuple[Simple, ...]:
    """What stands after a bare `false` condition never runs; the keywords are gone, so to the end."""
    for number, command in enumerate(commands):
        if command.text in ("false", "[ 1 = 0 ]"):
            return commands[:number] + tuple(c._replace(live=False) for c in commands[number:])
    return commands
