"""What anybody wrote is shown as text, and followed only where a reader may go."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.secrets import masked, masked_deep
from web.hosting import host_of
from web.markdown import relative_path, render_markdown
from web.untrusted import blocks, isolated, prose, safe_url, shown, visible

ANY = st.text(alphabet=st.characters(codec=None), max_size=200)


@given(ANY)
def test_nothing_shown_is_invisible_or_turns_the_text(text: str) -> None:
    for character in shown(text):
        assert character in "\t\n" or character.isprintable() or ord(character) >= 0xA0
        assert (
            character
            not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u200b\ufeff"
        )
    shown(text).encode()  # no surrogate is left


@given(ANY)
def test_escaped_text_opens_no_tag(text: str) -> None:
    assert re.findall(r"<[^>]*>", isolated(text)) == ["<bdi>", "</bdi>"]
    tags = re.findall(r"<[^>]*>", prose(text))
    assert set(tags) <= {"<bdi>", "</bdi>", "<code>", "</code>"}
    assert tags.count("<code>") == tags.count("</code>")


@given(ANY)
def test_markdown_of_any_text_holds_no_script_image_or_handler(text: str) -> None:
    html = render_markdown(text).lower()
    assert not re.search(r"<(script|img|iframe|style|object|svg|form|input)", html)
    for tag in re.findall(r"<[^>]*>", html):
        assert not re.search(r"\son\w+\s*=", tag)
        assert not re.search(r'href="(?!https?:|mailto:)', tag)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("https://user:token@host.example/x", "https://…@host.example/x"),
        ("see https://hooks.slack.com/services/T1/B2/abc now", "see https://hooks.slack.com/… now"),
        ("https://discord.com/api/webhooks/1/abc", "https://discord.com/api/webhooks/…"),
        ("https://acme.webhook.office.com/webhookb2/a", "https://acme.webhook.office.com/…"),
        ("https://example.com/a@b", "https://example.com/a@b"),
        ("mail ada@example.com", "mail ada@example.com"),
    ],
)
def test_what_is_a_credential_is_masked(written: str, expected: str) -> None:
    assert masked(written) == expected
    assert masked_deep({"a": [written, {"b": written}], "n": 1}) == {"a": [expected, {"b": expected}], "n": 1}


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example",
        "/path",
        "https://user@host.example",
        "https://hooks.slack.com/services/T/B/x",
        "http://[::1",
        "https://",
        "mailto:",
        "https://a.example/\u202e",
        None,
        5,
        "https://a.example/" + "x" * 3000,
    ],
)
def test_what_may_not_be_followed_is_no_link(address: object) -> None:
    assert safe_url(address) is None


def test_usual_addresses_are_links() -> None:
    for address in ("https://a.example/x?y=1#z", "http://a.example", "mailto:ada@example.com"):
        assert safe_url(address) == address


def test_control_characters_are_pictures() -> None:
    assert visible("a\x00b\x1b[0m\x7f\u202ec") == "a\u2400b\u241b[0m\u2421[U+202E]c"
    assert prose("one ` only") == "<bdi>one ` only</bdi>"
    assert prose("set `a<b`") == "<bdi>set <code>a&lt;b</code></bdi>"


@pytest.mark.parametrize(
    ("document", "href", "path"),
    [
        ("docs/a.md", "b.md#x", "docs/b.md"),
        ("docs/a.md", "../b.md?x", "b.md"),
        ("docs/a.md", "/c/d.md", "c/d.md"),
        ("a.md", "my%20file.md", "my file.md"),
        ("docs/a.md", "../../etc/passwd", None),
        ("a.md", "#section", None),
        ("a.md", "javascript:x", None),
        ("a.md", "..", None),
    ],
)
def test_a_relative_link_stays_in_the_repository(document: str, href: str, path: str | None) -> None:
    assert relative_path(document, href) == path


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://github.com/shop/pay.git", "https://github.com/shop/pay/blob/c0/docs/a%20b.md#L3"),
        ("git@github.com:shop/pay.git", "https://github.com/shop/pay/blob/c0/docs/a%20b.md#L3"),
        (
            "ssh://git@gitlab.acme.example:2222/g/s/pay",
            "https://gitlab.acme.example/g/s/pay/-/blob/c0/docs/a%20b.md#L3",
        ),
        ("https://token@codeberg.org/a/b", "https://codeberg.org/a/b/src/commit/c0/docs/a%20b.md#L3"),
        ("https://git.acme.example/a/b", None),
    ],
)
def test_a_file_at_its_host(url: str, page: str | None) -> None:
    host = host_of(url, "c0")
    assert host is not None
    assert host.file("docs/a b.md", 3) == page
    assert "@" not in host.base


@pytest.mark.parametrize("url", [None, "", "/srv/git/x", "../x", "file:///srv/x", 'https://a"b/c', "C:\\x"])
def test_no_host_of_what_is_local(url: str | None) -> None:
    assert host_of(url, "c0") is None


def test_a_fix_is_sentences_and_the_code_between_them() -> None:
    fix = "Add to `k8s.yaml`:\n\n    resources:\n      requests: {cpu: 100m}\n\nThen\napply it."
    assert blocks(fix) == [
        (False, "Add to `k8s.yaml`:"),
        (True, "resources:\n  requests: {cpu: 100m}"),
        (False, "Then apply it."),
    ]
    assert blocks("One sentence.") == [(False, "One sentence.")]
    assert blocks("") == []
