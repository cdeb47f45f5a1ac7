"""HCL, the language of Terraform files: blocks and attributes with their lines.

A reader of our own, since what is wanted is each attribute's line, a broken block that does not hide the
others, and a millisecond a file. It reads the native syntax.
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from catalog.document import DocumentError
from catalog.expressions import MAX_DEPTH, Broken, Node, Reader
from catalog.regex import regex

MAX_TEXT = 512 * 1024

_AGAIN = regex(r"^[a-z_]+[^\n]*\{", re.MULTILINE)


class Attribute(NamedTuple):
    """`name = expression`, on this line."""

    line: int
    node: Node


@dataclass(slots=True)
class Block:
    """`type "label" { ... }`; `line` counts from 1."""

    type: str
    labels: tuple[str, ...]
    line: int
    attributes: dict[str, Attribute] = field(default_factory=dict)
    blocks: list["Block"] = field(default_factory=list)


def parse_hcl(text: str, path: str) -> tuple[tuple[Block, ...], tuple[DocumentError, ...]]:
    """The blocks at the top of a file, and what could not be read; never raises."""
    if len(text) > MAX_TEXT:
        return (), (DocumentError(path, None, f"more than the {MAX_TEXT:,} characters that are read"),)
    blocks: list[Block] = []
    errors: list[DocumentError] = []
    reader = _Blocks(text)
    while True:
        try:
            reader.body(blocks)
            return tuple(blocks), tuple(errors)
        except Broken as error:
            line = text.count("\n", 0, min(error.position, len(text))) + 1
            errors.append(DocumentError(path, line, f"not valid HCL: {error.message}"))
        except RecursionError:
            errors.append(DocumentError(path, None, "not valid HCL: nested too deep"))
        again = _AGAIN.search(text, max(reader.position, reader.began + 1))
        if again is None or len(errors) >= 20:
            return tuple(blocks), tuple(errors)
        reader.position = again.start()


class _Blocks(Reader):
    def body(self, blocks: list[Block]) -> None:
        """The top of a file; attributes there (`x = 1` in tfvars) go to a block without type."""
        while True:
            self.skip()
            if self.position >= len(self.text):
                return
            self.began = self.position
            holder = Block("", (), self.line())
            self.statement(holder, 0)
            blocks += holder.blocks
            if holder.attributes:
                blocks.append(holder)

    def statement(self, into: Block, depth: int) -> None:
        """One attribute or one block."""
        if depth > MAX_DEPTH:
            raise Broken(f"nested more than {MAX_DEPTH} levels deep", self.position)
        line = self.line()
        name = str(self.string()[1]) if self.peek() == '"' else self.word()
        self.skip(lines=False)
        if self.peek() == "=" and not self.text.startswith("==", self.position):
            self.position += 1
            self.skip()
            into.attributes[name] = Attribute(line, self.expression(depth + 1))
            return
        labels = []
        while self.peek() != "{":
            if self.peek() == '"':
                node = self.string()
                labels.append(node[1] if node[0] == "lit" else "")
            else:
                labels.append(self.word())
            self.skip(lines=False)
        self.position += 1
        block = Block(name, tuple(labels), line)
        while True:
            self.skip()
            if self.take("}"):
                into.blocks.append(block)
                return
            if self.position >= len(self.text):
                raise Broken(f"the block `{name}` of line {line} is not closed", self.position)
            self.statement(block, depth + 1)
            self.skip(lines=False)
            self.take(",")
