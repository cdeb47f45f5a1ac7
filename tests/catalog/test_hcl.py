"""How the language of Terraform files is read."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.hcl import parse_hcl


def test_blocks_keep_labels_lines_and_nesting() -> None:
    text = '# c\nresource "a_b" "c" {\n  x = 1 /* one */\n  y {\n    z = "t"\n  }\n}\n'
    (block,), errors = parse_hcl(text, "main.tf")
    assert not errors
    assert (block.type, block.labels, block.line) == ("resource", ("a_b", "c"), 2)
    assert (block.attributes["x"].line, block.attributes["x"].node) == (3, ("lit", 1))
    assert (block.blocks[0].type, block.blocks[0].line) == ("y", 4)


@pytest.mark.parametrize(
    ("written", "node"),
    [
        ('"a\\n\\"b\\""', ("lit", 'a\n"b"')),
        ('"$${x} 100%"', ("lit", "${x} 100%")),
        ('"a-${var.x}"', ("tpl", [("lit", "a-"), ("ref", ["var", "x"])])),
        ("1 + 2 * 3", ("op", "+", ("lit", 1), ("op", "*", ("lit", 2), ("lit", 3)))),
        ("a ? 1 : 2", ("cond", ("ref", ["a"]), ("lit", 1), ("lit", 2))),
        ("[\n  1,\n  2, # two\n]", ("list", [("lit", 1), ("lit", 2)])),
        ("f(\n  1,\n)", ("call", "f", [("lit", 1)])),
        ("a.b[0].c", ("ref", ["a", "b", ("lit", 0), "c"])),
        ("a[*].id", ("ref", ["a", "*", "id"])),
        ('[for x in y : "${x}]"]', ("raw", '[for x in y : "${x}]"]')),
        ("<<-EOT\n    one\n  EOT", ("lit", "    one\n")),
        ("!true", ("not", ("lit", True))),
        ("-1.5", ("neg", ("lit", 1.5))),
    ],
)
def test_expressions(written: str, node: tuple[object, ...]) -> None:
    (block,), errors = parse_hcl(f"b {{\n  x = {written}\n  after = 1\n}}\n", "main.tf")
    assert not errors
    assert block.attributes["x"].node == node
    assert "after" in block.attributes


def test_a_broken_block_does_not_hide_the_next() -> None:
    blocks, errors = parse_hcl('a "x" {\n  y = \n}\n\nb {\n  z = 1\n}\n', "main.tf")
    assert [b.type for b in blocks] == ["b"]
    assert errors[0].line in (2, 3)
    assert "not valid HCL" in errors[0].message


@pytest.mark.parametrize(
    "text",
    [
        "a {" * 5000,
        "x = " + "[" * 5000,
        "x = " + "(" * 50_000,
        "x = " + "!" * 50_000,
        'x = "' + '${"' * 5000,
        "x = " + "{ for " * 5000,
        "x = <<A\n" * 2000,
        "x = " + "a." * 50_000,
        "x = " + "1 + " * 20_000,
        "/*" * 100_000,
    ],
    ids=range(10),
)
def test_hostile_text_is_read_in_little_time(text: str) -> None:
    began = time.process_time()
    parse_hcl(text, "main.tf")
    assert time.process_time() - began < 3


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([*'{}[]()="${}%\n.,:?!<>-+*/#', "a", "for", "<<A\n", "A\n", " x = ", '"y"', "1.5"])
    ).map("".join)
)
def test_arbitrary_text_never_raises(text: str) -> None:
    parse_hcl(text, "main.tf")
