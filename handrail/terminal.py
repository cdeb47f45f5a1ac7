"""What people read in a terminal: tables, statuses with glyph and word, text that cannot harm the terminal.

`rich` is imported only when something is written. Where output is no terminal it has no colour, and a line
is as long as it needs to be, so that logs and `grep` work.
"""

import re
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from catalog.secrets import masked

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_WIDE = 200

_STATUS = {
    "pass": ("✓", "v", "Pass", "green"),
    "partial": ("◐", "o", "Partial", "yellow"),
    "fail": ("✗", "x", "Fail", "red"),
    "not-applicable": ("–", "-", "N/A", "dim"),
    "unknown": ("?", "?", "Unknown", "magenta"),
    "waived": ("⚑", "w", "Waived", "dim"),
}


def safe(text: str) -> str:
    """Text from a repository without credentials and what would steer the terminal or turn the direction."""
    return masked(_UNSAFE.sub("\ufffd", text))


@cache
def console() -> "Console":
    """Standard output."""
    from rich.console import Console

    here = Console(highlight=False, markup=False, emoji=False, soft_wrap=False)
    if not here.is_terminal:
        here.width = _WIDE
    return here


@cache
def _plain() -> bool:
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    try:
        "".join(glyph for glyph, *_ in _STATUS.values()).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return True
    return False


def status(name: str) -> "Text":
    """A status as glyph and word, in its colour; shape and word tell it without colour too."""
    from rich.text import Text

    glyph, letter, word, style = _STATUS[name]
    return Text(f"{letter if _plain() else glyph} {word}", style)


def show(renderable: Any) -> None:
    """Write anything that `rich` can render, without spaces at the ends of lines."""
    here = console()
    with here.capture() as written:
        here.print(renderable)
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in written.get().splitlines()))


def write(text: "str | Text" = "", style: str = "", indent: int = 0) -> None:
    """Write a paragraph, wrapped to the terminal and indented."""
    from rich.padding import Padding
    from rich.text import Text

    body = Text(safe(text), style) if isinstance(text, str) else text
    show(Padding(body, (0, 0, 0, indent)) if indent else body)


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]], indent: int = 0, *, cut: bool = False) -> None:
    """Write a table without lines; a cell is a string or a `rich` Text.

    Only the last column wraps; with `cut` it ends with an ellipsis instead, so that each row is one line.
    """
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for number, head in enumerate(heads):
        made.add_column(head, no_wrap=number < len(heads) - 1, overflow="fold")
    cells = [[Text(_line(c) if cut else safe(c)) if isinstance(c, str) else c for c in row] for row in rows]
    if cut:
        widths = [max([len(head), *(row[n].cell_len for row in cells)]) for n, head in enumerate(heads[:-1])]
        left = console().width - indent - sum(widths) - 2 * len(widths)
        for row in cells:
            row[-1].truncate(max(left, 24), overflow="ellipsis")
    for row in cells:
        made.add_row(*row)
    show(Padding(made, (0, 0, 0, indent)) if indent else made)


def _line(text: str) -> str:
    return " ".join(safe(text).split())


def place(path: str | None, line: int | None) -> str:
    """`path:line`, as editors and terminals open it."""
    if path is None:
        return ""
    return path if line is None else f"{path}:{line}"
