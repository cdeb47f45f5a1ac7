"""Sections of documents in all formats, and that no text is hostile to the scanner."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecards.reading.markup import Line
from scorecards.reading.prose import MAX_CHARACTERS, SUFFIXES, read


def titles(text: str, path: str) -> list[tuple[int, str, int]]:
    return [(s.level, s.title, s.line) for s in read(text, path).sections if s.level]


FORMS = {
    "Markdown": ("a.md", "# One\n\ntext\n\n## Two ##\n", [(1, "One", 1), (2, "Two", 5)]),
    "setext": ("a.md", "One\n===\ntext\n\nTwo\n---\n", [(1, "One", 1), (2, "Two", 5)]),
    "front matter": ("a.md", "---\ntitle: One\n---\n## Two\n", [(1, "One", 2), (2, "Two", 4)]),
    "HTML in Markdown": ("a.md", "<h1>One</h1>\n<h2>Two</h2>\n", [(1, "One", 1), (2, "Two", 2)]),
    "AsciiDoc": ("a.adoc", "= One\n\n== Two\n", [(1, "One", 1), (2, "Two", 3)]),
    "reStructuredText": ("a.rst", "===\nOne\n===\n\nTwo\n---\n", [(1, "One", 2), (2, "Two", 5)]),
    "Org": ("a.org", "#+TITLE: One\n* Two\n", [(1, "One", 1), (2, "Two", 2)]),
    "MediaWiki": ("a.mediawiki", "== One ==\n=== Two ===\n", [(2, "One", 1), (3, "Two", 2)]),
    "Textile": ("a.textile", "h1. One\n\nh2. Two\n", [(1, "One", 1), (2, "Two", 3)]),
    "plain text": ("a.txt", "One\n===\n\nTWO THINGS\n", [(1, "One", 1), (2, "TWO THINGS", 4)]),
    "a file without ending": ("README", "# One\n\n## Two\n", [(1, "One", 1), (2, "Two", 3)]),
    "HTML": (
        "a.html",
        "<body><h1>One</h1>\n<h2 id=x>Two &amp; three</h2>",
        [(1, "One", 1), (2, "Two & three", 2)],
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_headings_are_found_with_level_and_line(form: str) -> None:
    path, text, expected = FORMS[form]
    assert titles(text, path) == expected


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.md", "```sh\n# no heading\n```\n"),
        ("a.md", "~~~\n# no heading\n~~~\n"),
        ("a.md", "text\n\n    # no heading\n"),
        ("a.adoc", "----\n== no heading\n----\n"),
        ("a.rst", "Look::\n\n    x\n    ---\n"),
        ("a.org", "#+BEGIN_SRC sh\n* no heading\n#+END_SRC\n"),
        ("a.html", "<pre>\n# no heading\n</pre>"),
    ],
)
def test_code_holds_no_headings_and_is_told_apart(path: str, text: str) -> None:
    sections = read(text, path).sections
    assert not any(s.level for s in sections)
    assert any(line.code for s in sections for line in s.lines)


def test_comments_scripts_and_styles_are_no_prose() -> None:
    assert read("<!-- # One\ntext -->\n", "a.md").sections == ()
    hidden = read("<style>h1{}</style><script>alert(1)</script><!-- x --><p>Seen</p>", "a.html").sections
    assert [line.text for s in hidden for line in s.lines] == ["Seen"]


def test_a_rule_under_nothing_or_a_list_is_no_heading() -> None:
    assert titles("text\n\n---\n\n- item\n---\n", "a.md") == []


def test_a_notebook_gives_its_markdown_and_its_code() -> None:
    text = '{"cells": [{"cell_type": "markdown", "source": ["# One\\n", "text"]},'
    text += ' {"cell_type": "code", "source": "x = 1"}]}'
    (section,) = read(text, "a.ipynb").sections
    assert section.title == "One"
    assert section.lines == (Line(1, "text", False), Line(1, "x = 1", True))


def test_a_section_knows_what_is_below_it() -> None:
    document = read("# A\n## B\n### C\n## D\n# E\n", "a.md")
    assert [s.title for s in document.below(1)] == ["B", "C"]
    assert [s.title for s in document.below(0)] == ["A", "B", "C", "D"]


def test_links_of_all_forms_are_found_outside_code() -> None:
    text = "See [one](a.md), <https://x.io/two> and `code`.\n\n```\n[no](b.md)\n```\n"
    assert [(link.text, link.target, link.line) for link in read(text, "a.md").links()] == [
        ("one", "a.md", 1),
        ("", "https://x.io/two", 1),
    ]
    assert [link.target for link in read("link:a.adoc[A] `B <b.rst>`_", "a.adoc").links()] == [
        "a.adoc",
        "b.rst",
    ]


HOSTILE = (
    "#",
    "[",
    "<",
    "`",
    "*",
    "=\n",
    "- ",
    "| ",
    "<!--",
    "<h1>",
    "\\",
    "{{",
    "[a](",
    "_",
    "1. ",
    "\t",
    "A",
)


@pytest.mark.parametrize("suffix", ["", *SUFFIXES])
def test_no_repeated_sign_makes_more_work_than_its_length(suffix: str) -> None:
    for sign in HOSTILE:
        text = sign * (1_000_000 // len(sign))
        document = read(text, f"a{suffix}")
        kept = sum(len(line.text) for s in document.sections for line in s.lines)
        assert kept + sum(len(s.title) for s in document.sections) <= MAX_CHARACTERS


@given(st.text(), st.sampled_from(["", *SUFFIXES]))
def test_any_text_is_read_in_order(text: str, suffix: str) -> None:
    document = read(text, f"a{suffix}")
    list(document.links())
    numbers = [line.number for s in document.sections for line in s.lines]
    assert numbers == sorted(numbers)
    assert all(n <= text.count("\n") + 1 for n in numbers)


@given(
    st.lists(st.sampled_from(["# a", "```", "===", "---", "- b", "| c |", "", "<!--", "-->", "::", "    d"]))
)
def test_any_mixture_of_marks_is_read_and_no_line_is_invented(lines: list[str]) -> None:
    for suffix in SUFFIXES:
        document = read("\n".join(lines), f"a{suffix}")
        assert sum(len(s.lines) for s in document.sections) <= len(lines) + 1
