"""Text for people cannot harm a terminal, and tables keep their columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handrail.terminal import place, safe, table, write


@given(st.text())
def test_nothing_steers_the_terminal_or_turns_the_text(text: str) -> None:
    clean = safe(text)
    assert not any(ord(c) < 32 and c not in "\n\t" for c in clean)
    assert not set(clean) & set("\x7f\x9b\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
    assert len(clean) == len(text)


def test_code_in_a_paragraph_keeps_its_indentation(capsys: pytest.CaptureFixture[str]) -> None:
    write("Add:\n\n    a:\n      b: 1", indent=2)
    assert capsys.readouterr().out == "  Add:\n\n      a:\n        b: 1\n"


def test_a_cut_table_has_one_line_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    table(("A", "B"), [("x" * 30, "word " * 200), ("y", "two\nlines")], cut=True)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("x" * 30 + "  word")
    assert lines[1].endswith("…")
    assert lines[2].split() == ["y", "two", "lines"]


def test_a_table_without_rows_is_its_head(capsys: pytest.CaptureFixture[str]) -> None:
    table(("A", "B"), [], cut=True)
    assert capsys.readouterr().out.split() == ["A", "B"]


def test_a_place_is_written_as_editors_open_it() -> None:
    assert [place("a", 3), place("a", None), place(None, None)] == ["a:3", "a", ""]
