"""Addresses are read, and what git would take for something else never reaches it."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.remotes.address import BadAddress, looks_like_one, parse


@pytest.mark.parametrize(
    ("text", "scheme", "host", "path", "name"),
    [
        ("https://git.example.org/a/b.git", "https", "git.example.org", "/a/b.git", "a/b"),
        ("https://GIT.example.org:443/a/b/", "https", "git.example.org", "/a/b/", "a/b"),
        ("http://127.0.0.1:8080/x.git", "http", "127.0.0.1:8080", "/x.git", "x"),
        ("ssh://git@git.example.org:2222/a/b.git", "ssh", "git.example.org:2222", "/a/b.git", "a/b"),
        ("ssh://git.example.org/~ada/b", "ssh", "git.example.org", "/~ada/b", "~ada/b"),
        ("git@git.example.org:a/b.git", "ssh", "git.example.org", "/a/b.git", "a/b"),
        ("git@git.example.org:/srv/b.git", "ssh", "git.example.org", "/srv/b.git", "srv/b"),
        ("file:///srv/git/payments.git", "file", "", "/srv/git/payments.git", "payments"),
        ("file:///srv/a%20b/pay.git", "file", "", "/srv/a b/pay.git", "pay"),
        ("https://[::1]:8443/a.git", "https", "[::1]:8443", "/a.git", "a"),
    ],
)  # fmt: skip
def test_an_address_is_read(text, scheme, host, path, name):
    found = parse(text)
    assert (found.scheme, found.host, found.path, found.name, found.url) == (scheme, host, path, name, text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ext::sh -c 'touch /tmp/x'", "not the address"),
        ("fd::7", "not the address"),
        ("git@host::x", "not the address"),
        ("--upload-pack=touch /tmp/x", "not the address"),
        ("-oProxyCommand=x@host:y", "odd user"),
        ("git://git.example.org/x", "no way to fetch"),
        ("ftp://git.example.org/x", "no way to fetch"),
        ("HTTPS://git.example.org/x", "no way to fetch"),
        ("https://user:secret@git.example.org/x", "holds a user or a password"),
        ("https://ghp_secret@git.example.org/x", "holds a user or a password"),
        ("ssh://git:secret@git.example.org/x", "holds a user or a password"),
        ("ssh://-oProxyCommand=x/y", "without a host, or with an odd one"),
        ("ssh://-oX@host/y", "odd user"),
        ("git@-oX:y", "odd one"),
        ("git@host:-x", "dash"),
        ("ssh://host/-x", "dash"),
        ("https:///x", "without a host"),
        ("https://host/", "without a path"),
        ("https://host/a/../b", "`..`"),
        ("https://host/a/%2e%2e/b", "`..`"),
        ("https://host/a?x=1", "query"),
        ("https://host/a#x", "fragment"),
        ("https://host/a b", "percent-encoded"),
        ("https://host/a\nb", "control"),
        ("https://host/a%0aHost:evil", "control"),
        ("https://host:port/x", "not an address|odd one"),
        ("https://host:99999/x", "not an address"),
        ("https://h\u00f6st/x", "odd one"),
        ("ssh://host/$(touch x)", "percent-encoded"),
        ("ssh://host/`x`", "percent-encoded"),
        ("file://host/x", "not absolute"),
        ("file:x", "not the address"),
        ("https://host/" + "x" * 3000, "longer"),
        ("", "not the address"),
    ],
)  # fmt: skip
def test_what_git_would_take_for_something_else_is_refused(text, says):
    with pytest.raises(BadAddress, match=says) as caught:
        parse(text)
    assert "secret" not in str(caught.value)


def test_one_repository_has_one_key_and_one_folder_however_it_is_written():
    ways = (
        "https://git.example.org/shop/payments",
        "https://git.example.org/shop/payments.git/",
        "git@git.example.org:shop/payments.git",
        "ssh://git@git.example.org:22/shop/payments.git",
    )
    assert len({parse(way).key for way in ways}) == 1
    assert len({parse(way).folder for way in ways}) == 1
    assert parse(ways[0]).folder != parse("https://git.example.org/shop/payment").folder
    assert parse(ways[0]).folder != parse("https://git.example.org:8443/shop/payments").folder


@given(
    st.text()
    | st.sampled_from(["https://", "ssh://a@", "a@b:", "file:///"]).flatmap(
        lambda start: st.text(max_size=60).map(lambda rest: start + rest)
    )
)
def test_any_text_is_an_address_or_refused_in_words(text):
    with contextlib.suppress(BadAddress):
        _is_safe(parse(text))


def _is_safe(found):
    assert not found.url.startswith("-")
    assert not found.host.startswith("-")
    assert found.scheme in ("https", "http", "ssh", "file")
    parts = found.folder.split("/")
    assert len(parts) == 2
    assert all(p.isascii() and not p.startswith((".", "-")) and len(p) < 255 for p in parts), found.folder


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("https://x/y", True),
        ("git@host:x", True),
        ("ext::x", True),
        ("../repositories", False),
        ("C:\\x", False),
        ("folder:name", False),
    ],
)  # fmt: skip
def test_a_folder_is_told_from_an_address(text, is_one):
    assert looks_like_one(text) == is_one
