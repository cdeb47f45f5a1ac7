"""A host's API is asked politely: it is waited for when it says so, and its token is for nobody else."""

import time
from threading import Event

import pytest

from catalog.hosts import Group, client
from catalog.hosts.answers import HostError, links
from catalog.hosts.client import Client
from catalog.hosts.listing import listing
from catalog.remotes.access import Access, Host
from tests.catalog.remotes.serving import Forge, certificate


def ask(forge: Forge, access: Access | None = None):
    return Client(forge.url, access or Access(), {}, Event()).page(f"{forge.url}/orgs/shop/repos")


def once(forge: Forge, status: int, headers: dict[str, str]) -> None:
    """Let the host answer so the first time."""

    def rule(handler):
        del forge.rules["/"]
        handler.reply(status, b"{}", headers)

    forge.has("shop", 1, "shop/payments")
    forge.rules["/"] = rule


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (429, {"Retry-After": "1"}),
        (403, {"Retry-After": "1"}),
        (503, {"Retry-After": "1"}),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "soon"}),
        (429, {"RateLimit-Remaining": "0", "RateLimit-Reset": "soon"}),
    ],
)
def test_it_is_waited_for_as_long_as_it_says(forge, status, headers):
    headers = {k: str(int(time.time()) + 2) if v == "soon" else v for k, v in headers.items()}
    once(forge, status, headers)
    started = time.monotonic()
    assert len(ask(forge).items) == 1
    assert 0.9 < time.monotonic() - started < 30


def test_a_wait_that_is_too_long_is_said(forge):
    once(forge, 429, {"Retry-After": "7200"})
    with pytest.raises(HostError, match="ask again in 120 minutes"):
        ask(forge)


def test_a_failure_of_the_host_is_tried_again(forge, monkeypatch):
    monkeypatch.setattr(client.random, "uniform", lambda low, high: 0.0)
    once(forge, 502, {})
    assert len(ask(forge).items) == 1


@pytest.mark.parametrize(
    ("body", "says"),
    [(b"{}", "not a list"), (b"<html>", "not JSON"), (b"[" * 100_000, "not JSON"), (b"\xff", "not JSON")],
)
def test_an_answer_that_is_none_is_said(forge, body, says):
    forge.rules["/"] = lambda handler: handler.reply(200, body)
    with pytest.raises(HostError, match=says):
        ask(forge)


def test_an_answer_without_end_is_cut_off(forge, monkeypatch):
    monkeypatch.setattr(client, "_LARGEST", 100_000)
    forge.rules["/"] = lambda handler: handler.reply(200, b"[" + b" " * 1_000_000 + b"]")
    with pytest.raises(HostError, match="more than"):
        ask(forge)


def test_neither_a_redirect_nor_a_next_page_leads_to_another_host(forge, tmp_path):
    other = Forge(tmp_path / "other")
    forge.rules["/"] = lambda handler: handler.reply(302, b"", {"Location": f"{other.url}/orgs/shop/repos"})
    with pytest.raises(HostError, match="another host"):
        ask(forge)
    link = {"Link": f'<{other.url}/next>; rel="next"'}
    forge.rules["/"] = lambda handler: handler.reply(200, b"[]", link)
    found = listing(Group("github", "shop", forge.url), tmp_path, Access(), Event())
    assert "another host" in (found.problem or "")
    assert other.requests == []
    other.close()


def test_a_group_that_is_none_is_a_user(forge, tmp_path):
    forge.has("shop", 1, "shop/payments")
    forge.users["ada"] = forge.groups.pop("shop")
    found = listing(Group("github", "ada", forge.url), tmp_path, Access(), Event())
    assert [repository.name for repository in found.repositories] == ["shop/payments"]


def test_a_page_that_is_the_same_is_not_sent_again(forge, tmp_path):
    for number in range(5):
        forge.has("shop", number, f"shop/s{number}")
    forge.page = 2
    group = Group("github", "shop", forge.url)
    first = listing(group, tmp_path, Access(), Event())
    forge.sent.clear()
    second = listing(group, tmp_path, Access(), Event())
    assert second.repositories == first.repositories
    assert len(first.repositories) == 5
    assert all("if-none-match" in sent for sent in forge.sent)


def test_an_authority_of_ones_own_is_trusted_where_it_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(client, "_ATTEMPTS", 1)
    tls = certificate(tmp_path)
    forge = Forge(tmp_path / "tls", tls)
    forge.has("shop", 1, "shop/payments")
    with pytest.raises(HostError, match="`ca-file`"):
        ask(forge)
    assert len(ask(forge, Access({forge.host: Host(ca_file=tls[0])})).items) == 1
    forge.close()


def test_links_are_read():
    assert links('<https://h/a?page=2>; rel="next", <https://h/a?page=9>; rel="last"') == {
        "next": "https://h/a?page=2",
        "last": "https://h/a?page=9",
    }
    assert links("nonsense <") == {}
