"""Documents with lines, from any text."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.document import MAX_DEPTH, Map, Parsed, Seq, dig, parse, parse_json, parse_toml, parse_yaml


def only(text: str) -> Any:
    """The data of the one document in a YAML text."""
    parsed = parse_yaml(text, "a.yaml")
    assert parsed.errors == ()
    (document,) = parsed.documents
    return document.data


def test_every_key_and_item_knows_its_line() -> None:
    text = "# a comment\na: 1\nb:\n  c:\n    - x\n    - y: 2\n\n  d: |\n    text\n"
    (document,) = parse_yaml(text, "a.yaml").documents
    assert document.line == 2
    assert document.line_of("a") == 2
    assert document.line_of("b", "c") == 4
    assert document.line_of("b", "c", 0) == 5
    assert document.line_of("b", "c", 1, "y") == 6
    assert document.line_of("b", "d") == 8


def test_the_line_of_what_is_not_there_is_that_of_its_nearest_parent() -> None:
    (document,) = parse_yaml("a: 1\nspec:\n  b: 1\n", "a.yaml").documents
    assert document.line_of("spec", "owner") == 2
    assert document.line_of("spec", "b", "c", 0) == 3
    assert document.line_of("nothing") == 1


def test_lines_go_on_through_the_documents_of_a_file() -> None:
    first, second = parse_yaml("---\na: 1\n---\n\nb: 1\n", "a.yaml").documents
    assert (first.index, first.line, second.index, second.line) == (0, 2, 1, 5)
    assert second.line_of("b") == 5


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("No", "No"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("0o17", 15),
        ("017", 17),
        ("0x1F", 31),
        ("1.5e3", 1500.0),
        (".5", 0.5),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("2020-01-01", "2020-01-01"),
        ("1.2.3", "1.2.3"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        (".inf", float("inf")),
        ("=", "="),
        ("9" * 60, "9" * 60),
    ],
)
def test_plain_scalars_mean_what_yaml_1_2_says(text: str, value: object) -> None:
    found = only(f"a: {text}\n")["a"]
    assert (found, type(found)) == (value, type(value))


def test_keys_are_always_text() -> None:
    assert only("1: a\ntrue: b\nnull: c\non: d\n") == {"1": "a", "true": "b", "null": "c", "on": "d"}


def test_a_merge_key_fills_in_what_is_not_written() -> None:
    data = only("base: &b {x: 1, y: 2}\nmore: &m {z: 3}\nown:\n  <<: [*b, *m]\n  y: 9\n")
    assert data["own"] == {"x": 1, "y": 9, "z": 3}
    assert data["own"].lines == {"x": 1, "y": 5, "z": 2}
    assert only("a: {'<<': 1}\n")["a"] == {"<<": 1}


def test_duplicate_keys_are_told_and_the_last_counts() -> None:
    (document,) = parse_yaml("a: 1\nb:\n  c: 1\n  c: 2\na: 2\n", "a.yaml").documents
    assert document.data == {"a": 2, "b": {"c": 2}}
    assert document.duplicates == (("c", 4), ("a", 5))


def test_one_broken_document_does_not_hide_the_others() -> None:
    parsed = parse_yaml("a: 1\n---\nb: [\n---\nc: 3\n--- # said\nd: : :\n---\ne: 5\n", "a.yaml")
    assert [(d.index, d.line, d.data) for d in parsed.documents] == [
        (0, 1, {"a": 1}),
        (2, 5, {"c": 3}),
        (4, 9, {"e": 5}),
    ]
    assert [e.line for e in parsed.errors] == [3, 7]
    assert all(e.message.startswith("not valid YAML: ") for e in parsed.errors)


def test_an_alias_is_the_same_value() -> None:
    data = only("a: &x {k: [1]}\nb: *x\n")
    assert data["b"] is data["a"]


def test_aliases_that_stand_for_very_many_values_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    parsed = parse_yaml("\n".join(lines), "a.yaml")
    assert parsed.documents == ()
    assert "values once its aliases are spelled out" in parsed.errors[0].message
    assert parsed.errors[0].line == 6


def test_an_alias_within_itself_is_refused() -> None:
    parsed = parse_yaml("ok: 1\na: &a\n  - *a\n", "a.yaml")
    assert [(e.line, e.message) for e in parsed.errors] == [(2, "an alias that contains itself")]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5_000,
        "{a: " * 5_000,
        "- " * 5_000 + "x",
        "\n".join(" " * n + "a:" for n in range(3_000)),
        "? " * 3_000 + "x",
        "- - - " * 3_000 + "x",
    ],
)
def test_deep_nesting_is_refused_not_followed(text: str) -> None:
    parsed = parse_yaml(text, "a.yaml")
    assert parsed.documents == ()
    assert len(parsed.errors) == 1


def test_nesting_up_to_the_limit_is_read() -> None:
    depth = MAX_DEPTH - 1
    assert len(parse_yaml("[" * depth + "]" * depth, "a.yaml").documents) == 1


def test_a_tab_as_indentation_is_an_error_at_its_line() -> None:
    parsed = parse_yaml("a:\n\tb: 1\n", "a.yaml")
    assert [e.line for e in parsed.errors] == [2]
    assert str(parsed.errors[0]).startswith("a.yaml line 2: not valid YAML: ")


def test_an_error_at_the_end_stands_at_the_last_line() -> None:
    assert parse_yaml("a: 1\nb: [\n", "a.yaml").errors[0].line == 2


def test_a_key_that_is_no_word_is_refused() -> None:
    assert parse_yaml("a: 1\n? [b]\n: 1\n", "a.yaml").errors[0].line == 2


def test_escapes_do_not_bring_in_what_databases_refuse() -> None:
    assert only('"k\\0": "a\\0b"\n') == {"k\ufffd": "a\ufffdb"}
    (document,) = parse_json('{"a":\t"\\ud800", "\\u0000": [1]}', "a.json").documents
    assert document.data == {"a": "\ufffd", "\ufffd": [1]}
    assert parse_toml('a = "\\u0000"\n', "a.toml").documents[0].data == {"a": "\ufffd"}


def test_json_has_lines_unless_only_a_json_reader_takes_it() -> None:
    (lined,) = parse_json('{\n  "a": {\n    "b": "\\ud83d\\ude00"\n  }\n}', "a.json").documents
    assert lined.data == {"a": {"b": "😀"}}
    (plain,) = parse_json('{\n "a": 1,\n "c": 2\n}', "a.json").documents
    assert plain.line_of("c") == 3
    assert parse_json('{"a":\t1}', "a.json").documents[0].data == {"a": 1}
    assert parse_json('{\n"a":\t}', "a.json").errors[0].line == 2


def test_toml_is_read_with_dates_as_text_and_errors_with_their_line() -> None:
    (document,) = parse_toml("a = 1979-05-27\n[b]\nc = [1, 2]\n", "a.toml").documents
    assert document.data == {"a": "1979-05-27", "b": {"c": [1, 2]}}
    assert parse_toml("a = 1\nb = = 2\n", "a.toml").errors[0].line == 2


def test_the_ending_decides_the_reader() -> None:
    assert parse("a = 1", "x.toml").documents[0].data == {"a": 1}
    assert parse('{"a": 1}', "x.json").documents[0].data == {"a": 1}
    assert parse("a: 1", "x.rules").documents[0].data == {"a": 1}


def test_documents_held_as_strings_are_read_with_their_lines() -> None:
    text = "kind: ConfigMap\ndata:\n  rules.yaml: |\n    groups:\n    - name: x\n"
    text += "  plain: hello\n  list: |\n    - a\n    - b: c\n"
    (document,) = parse_yaml(text, "a.yaml").documents
    inner = {str(d.data): d for d in document.embedded}
    assert len(inner) == 2
    rules = next(d for d in document.embedded if isinstance(d.data, Map))
    assert rules.inside
    assert rules.line_of("groups", 0, "name") == 5


def test_dig_ends_quietly_where_the_way_ends() -> None:
    data = only("a: [{b: 1}]\n")
    assert dig(data, "a", 0, "b") == 1
    assert dig(data, "a", 7, "b") is None
    assert dig(data, "a", "b") is None
    assert dig(3, "a") is None


def test_every_mapping_of_a_document_is_walked_outermost_first() -> None:
    (document,) = parse_yaml("n: 0\na: {n: 1, b: [{n: 2}]}\nc: {n: 3}\n", "a.yaml").documents
    assert [m["n"] for m in document.maps()] == [0, 1, 2, 3]


def test_a_document_that_is_no_mapping_has_an_empty_one() -> None:
    (document,) = parse_yaml("- 1\n", "a.yaml").documents
    assert isinstance(document.data, Seq)
    assert document.mapping == {}


def check(parsed: Parsed, last: int) -> None:
    """Lines are within the text, whatever it is."""
    for error in parsed.errors:
        assert error.line is None or 1 <= error.line <= last
    for document in parsed.documents:
        assert 1 <= document.line <= last
        for mapping in document.maps():
            assert set(mapping.lines) == set(mapping)
            assert all(1 <= line <= last for line in mapping.lines.values())


YAMLISH = st.lists(
    st.sampled_from(
        [
            "a",
            "b:",
            " ",
            "\n",
            "\n  ",
            "- ",
            "---\n",
            "...\n",
            "[",
            "]",
            "{",
            "}",
            "&x ",
            "*x",
            "!t ",
            "|",
            ">",
            '"',
            "'",
        ]
    )
    | st.sampled_from(
        ["#", "? ", ": ", "<<: *x", "%YAML 1.1\n", "\t", "\ufeff", "\x85", "\u2028", "😀", "0x", "1e9", ","]
    ),
    max_size=40,
).map("".join)


@given(YAMLISH | st.text())
def test_no_text_makes_a_reader_raise(text: str) -> None:
    for read in (parse_yaml, parse_json, parse_toml):
        # YAML also ends lines at NEL, LS and PS.
        check(read(text, "x"), len(text.splitlines()) + text.count("\n") + 1)


JSONISH = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(JSONISH, st.sampled_from([None, 2, "\t"]))
def test_json_reads_back_what_was_written(data: Any, indent: Any) -> None:
    (document,) = parse_json(json.dumps(data, indent=indent), "a.json").documents
    assert document.data == data


def test_the_real_files_of_this_repository_parse() -> None:
    root = Path(__file__).parents[2]
    for path in [
        root / "pyproject.toml",
        *root.glob("scorecards/definitions/*"),
        *root.glob("catalog/schemas/*.json"),
    ]:
        parsed = parse(path.read_text("utf-8"), path.name)
        assert parsed.errors == ()
        assert len(parsed.documents) == 1
