"""Git cannot be turned against us by what is fetched, nor does it tell anybody our tokens."""

import os
import subprocess
import time
from pathlib import Path
from threading import Event

import pytest

from catalog.remotes.access import Access, Host, NoToken
from catalog.remotes.address import parse
from catalog.remotes.failure import Failure
from catalog.remotes.mirror import Limits, Mirrors
from catalog.trees.commit import commit_snapshot
from tests.catalog.remotes.serving import Forge, certificate

TOKEN = "tok_3n7-secret"


@pytest.fixture
def payments(forge, git) -> str:
    """A repository on the host; gives its commit."""
    return fill(forge.bare("shop/payments"), git)


def fill(bare: Path, git, text: str = "one") -> str:
    bare.mkdir(parents=True, exist_ok=True)
    if not (bare / "HEAD").exists():
        git(bare, "init", "-q", "--bare")
    work = bare.with_name(bare.name + ".work")
    if not work.exists():
        git(bare.parent, "init", "-q", str(work))
    (work / "a.txt").write_text(text)
    git(work, "add", "-A")
    git(work, "commit", "-qm", "Change")
    git(work, "push", "-q", str(bare), "HEAD:main")
    return git(work, "rev-parse", "HEAD")


def refresh(
    folder: Path, url: str, access: Access | None = None, seconds: float = 20
) -> tuple[str | None, Path]:
    mirrors = Mirrors(folder / "mirrors", access or Access(), Limits(seconds=seconds, attempts=1))
    address = parse(url)
    mirror = mirrors.root / address.folder
    return mirrors.refresh(mirror, address, Event()), mirror


def written(folder: Path) -> bytes:
    return b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())


def test_a_repository_is_fetched_over_http(forge, payments, tmp_path):
    head, mirror = refresh(tmp_path, forge.address("shop/payments"))
    assert head == payments
    assert commit_snapshot(mirror).text("a.txt") == "one"


@pytest.mark.parametrize("way", ["variable", "named", "file"])
def test_a_token_opens_a_private_repository_and_is_written_nowhere(
    forge, payments, tmp_path, monkeypatch, way
):
    forge.token = TOKEN
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    monkeypatch.setenv(
        "HANDRAIL_TOKEN_" + forge.host.replace(".", "_").replace(":", "_"), TOKEN if way == "variable" else ""
    )
    monkeypatch.setenv("MY_TOKEN", TOKEN if way == "named" else "")
    host = {"variable": Host(), "named": Host(token_env="MY_TOKEN"), "file": Host(token_file=file)}[way]
    spy = tmp_path / "bin"
    spy.mkdir()
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    (spy / "git").write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/commands\nexec {real} "$@"\n')
    (spy / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{spy}:{os.environ['PATH']}")
    head, _ = refresh(tmp_path, forge.address("shop/payments"), Access({forge.host: host}))
    assert head == payments
    assert TOKEN.encode() not in written(tmp_path / "mirrors")
    assert "fetch" in (tmp_path / "commands").read_text()
    assert TOKEN not in (tmp_path / "commands").read_text()


def test_without_a_token_a_private_repository_is_said_to_ask_for_one_and_nobody_is_asked(
    forge, payments, tmp_path
):
    forge.token = TOKEN
    started = time.monotonic()
    with pytest.raises(Failure, match=r"127\.0\.0\.1:\d+ asks for a token") as caught:
        refresh(tmp_path, forge.address("shop/payments"))
    assert not caught.value.passing
    assert time.monotonic() - started < 15


def test_a_wrong_token_is_not_in_the_message(forge, payments, tmp_path, monkeypatch):
    forge.token = TOKEN
    monkeypatch.setenv("MY_TOKEN", "wrong-secret")
    with pytest.raises(Failure, match="asks for a token, or does not accept ours") as caught:
        refresh(tmp_path, forge.address("shop/payments"), Access({forge.host: Host(token_env="MY_TOKEN")}))
    assert "wrong-secret" not in str(caught.value)


def test_a_token_that_is_not_there_is_said(tmp_path, monkeypatch):
    monkeypatch.delenv("NO_SUCH", raising=False)
    access = Access({"a": Host(token_env="NO_SUCH"), "b": Host(token_file=tmp_path / "none")})
    with pytest.raises(NoToken, match="NO_SUCH is not set"):
        access.token("a")
    with pytest.raises(NoToken, match="cannot be read"):
        access.token("b")
    (tmp_path / "none").write_text("two\nlines")
    with pytest.raises(NoToken, match="characters that no token has"):
        access.token("b")


def test_a_token_is_not_sent_in_the_clear(tmp_path):
    file = tmp_path / "token"
    file.write_text(TOKEN)
    access = Access({"git.example.org": Host(token_file=file)})
    assert TOKEN in str(access.environment(parse("https://git.example.org/x"), tmp_path))
    assert TOKEN not in str(access.environment(parse("http://git.example.org/x"), tmp_path))
    assert TOKEN not in str(access.environment(parse("https://git.example.org.evil/x"), tmp_path))
    assert TOKEN not in str(access.environment(parse("ssh://git.example.org/x"), tmp_path))


def test_a_redirect_to_another_host_is_not_told_the_token(forge, tmp_path, git, monkeypatch):
    other = Forge(tmp_path / "other")
    fill(other.bare("shop/payments"), git)
    other.token = "something else"
    monkeypatch.setenv("MY_TOKEN", TOKEN)

    def asked(handler):
        if "Authorization" in handler.headers:
            handler.reply(301, b"", {"Location": f"{other.url}{handler.path}"})
        else:
            handler.reply(401, b"", {"WWW-Authenticate": "Basic"})

    forge.rules["/git/"] = asked
    with pytest.raises(Failure):
        refresh(tmp_path, forge.address("shop/payments"), Access({forge.host: Host(token_env="MY_TOKEN")}))
    assert any("authorization" in sent for sent in forge.sent)
    assert other.requests
    assert not any("authorization" in sent for sent in other.sent)
    other.close()


def test_a_redirect_on_the_same_host_is_followed(forge, payments, tmp_path):
    def moved(handler):
        handler.reply(301, b"", {"Location": handler.path.replace("old/name", "shop/payments")})

    forge.rules["/git/old/"] = moved
    head, _ = refresh(tmp_path, forge.address("old/name"))
    assert head == payments


@pytest.mark.parametrize(
    "to", ["ftp://127.0.0.1/x", "file:///etc/passwd", "https://127.0.0.1:1/x", "ext::sh"]
)
def test_a_redirect_to_another_kind_of_address_is_not_followed(forge, payments, tmp_path, to):
    forge.rules["/git/"] = lambda handler: handler.reply(301, b"", {"Location": f"{to}/info/refs"})
    with pytest.raises(Failure) as caught:
        refresh(tmp_path, forge.address("shop/payments"))
    assert "passwd" not in str(caught.value) or "git:" in str(caught.value)
    assert not (tmp_path / "mirrors" / parse(forge.address("shop/payments")).folder).exists()


@pytest.mark.parametrize("url", ["ext::sh -c 'touch CANARY'", "-uCANARY", "--upload-pack=touch CANARY"])
def test_an_address_that_slips_through_is_still_no_program_and_no_option(tmp_path, url):
    from catalog.remotes.address import Address

    mirrors = Mirrors(tmp_path / "mirrors", limits=Limits(seconds=10, attempts=1))
    address = Address(url.replace("CANARY", str(tmp_path / "ran")), "https", "x", "/x")
    with pytest.raises(Failure):
        mirrors.refresh(mirrors.root / "x" / "x.git", address, Event())
    assert not (tmp_path / "ran").exists()


def test_neither_the_users_configuration_nor_the_environment_is_taken(forge, payments, tmp_path, monkeypatch):
    home = tmp_path / "home"
    (home / ".config" / "git").mkdir(parents=True)
    canary = tmp_path / "ran"
    evil = f'[core]\n\tsshCommand = touch {canary}\n[url "file:///none"]\n\tinsteadOf = http://\n[credential]\n\thelper = "!touch {canary}"\n'  # noqa: E501
    (home / ".gitconfig").write_text(evil)
    (home / ".config" / "git" / "config").write_text(evil)
    (home / ".netrc").write_text("machine 127.0.0.1 login x password netrc-secret\n")
    template = tmp_path / "template" / "hooks"
    template.mkdir(parents=True)
    for hook in ("reference-transaction", "post-checkout", "fsmonitor-watchman"):
        (template / hook).write_text(f"#!/bin/sh\ntouch {canary}\n")
        (template / hook).chmod(0o755)
    for name, value in {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "GIT_TEMPLATE_DIR": str(template.parent),
        "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.hooksPath",
        "GIT_CONFIG_VALUE_0": str(template),
        "GIT_DIR": str(tmp_path),
        "GIT_PROXY_COMMAND": f"touch {canary}",
        "GIT_SSH_COMMAND": f"touch {canary}",
        "GIT_ASKPASS": f"touch {canary}",
        "GIT_TRACE": str(canary),
    }.items():
        monkeypatch.setenv(name, value)
    head, mirror = refresh(tmp_path, forge.address("shop/payments"))
    assert head == payments
    assert not canary.exists()
    assert not (mirror / "hooks").exists()
    forge.token = TOKEN
    with pytest.raises(Failure, match="asks for a token"):
        refresh(tmp_path, forge.address("shop/payments"))
    assert not canary.exists()
    assert not any("authorization" in sent for sent in forge.sent)


def test_a_repository_that_is_served_from_a_folder_runs_nothing_of_its_configuration(tmp_path, git):
    bare, canary = tmp_path / "evil.git", tmp_path / "ran"
    head = fill(bare, git)
    tree = git(bare, "rev-parse", "main^{tree}")
    with (bare / "config").open("a") as file:
        file.write(f'[uploadpack]\n\tpackObjectsHook = "touch {canary}"\n[extensions]\n\tpartialClone = x\n')
        file.write(
            f'[remote "x"]\n\turl = file://{bare}\n\tpromisor = true\n\tuploadpack = "touch {canary};"\n'
        )
        file.write(f'[core]\n\trepositoryformatversion = 1\n\tfsmonitor = "touch {canary}"\n')
        file.write(f'\talternateRefsCommand = "touch {canary}"\n')
    for hook in ("post-upload", "pre-receive", "reference-transaction", "post-update"):
        (bare / "hooks" / hook).parent.mkdir(exist_ok=True)
        (bare / "hooks" / hook).write_text(f"#!/bin/sh\ntouch {canary}\n")
        (bare / "hooks" / hook).chmod(0o755)
    assert refresh(tmp_path, bare.as_uri())[0] == head
    (bare / "objects" / tree[:2] / tree[2:]).unlink()
    with pytest.raises(Failure):
        refresh(tmp_path / "again", bare.as_uri())
    assert not canary.exists()


def test_a_folder_that_belongs_to_another_user_is_served_all_the_same(tmp_path, git):
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    bare = tmp_path / "theirs.git"
    head = fill(bare, git)
    for path in (bare, *bare.rglob("*")):
        os.chown(path, 12345, 12345)
    assert refresh(tmp_path, bare.as_uri())[0] == head


def test_submodules_and_large_files_elsewhere_are_not_fetched(forge, tmp_path, git):
    bare = forge.bare("shop/payments")
    head = fill(bare, git)
    work = bare.with_name(bare.name + ".work")
    (work / ".gitmodules").write_text(f'[submodule "x"]\n\tpath = x\n\turl = {forge.url}/git/other.git\n')
    (work / ".gitattributes").write_text("*.bin filter=lfs diff=lfs merge=lfs\n")
    (work / ".lfsconfig").write_text(f"[lfs]\n\turl = {forge.url}/lfs\n")
    (work / "a.bin").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n")
    git(work, "add", "-A")
    git(work, "update-index", "--add", "--cacheinfo", f"160000,{head},x")
    git(work, "commit", "-qm", "Elsewhere")
    git(work, "push", "-q", str(bare), "HEAD:main")
    _, mirror = refresh(tmp_path, forge.address("shop/payments"))
    assert all(path.startswith("/git/shop/payments.git/") for path in forge.requests)
    assert commit_snapshot(mirror).files["x"].kind == "submodule"


def test_ssh_asks_nobody_and_takes_no_configuration(tmp_path, git, monkeypatch):
    bare = tmp_path / "srv" / "payments.git"
    head = fill(bare, git)
    spy = tmp_path / "bin"
    spy.mkdir()
    (spy / "ssh").write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" >> {tmp_path}/said\nfor last; do :; done\nexec sh -c "$last"\n'
    )
    (spy / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{spy}:{os.environ['PATH']}")
    access = Access({"git.example.org": Host(ssh_key=tmp_path / "my 'key'", known_hosts=tmp_path / "known")})
    assert refresh(tmp_path, f"ssh://git@git.example.org{bare}", access)[0] == head
    said = (tmp_path / "said").read_text().split("\n")
    assert {"BatchMode=yes", "StrictHostKeyChecking=yes", "none", "git@git.example.org"} <= set(said)
    assert f"UserKnownHostsFile={tmp_path}/known" in said
    assert str(tmp_path / "my 'key'") in said


def test_a_host_that_never_answers_costs_no_more_than_the_limit_and_leaves_no_process(
    forge, payments, tmp_path
):
    forge.rules["/git/"] = lambda handler: time.sleep(20)
    started = time.monotonic()
    with pytest.raises(Failure, match="took longer than 1 seconds") as caught:
        refresh(tmp_path, forge.address("shop/payments"), seconds=1)
    assert caught.value.passing
    assert time.monotonic() - started < 10
    folder = str(tmp_path / "mirrors")
    running = [p for p in Path("/proc").glob("[0-9]*/cmdline") if folder.encode() in _read(p)]
    assert running == []


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_what_a_host_says_does_not_reach_the_terminal(forge, payments, tmp_path):
    def evil(handler):
        line = b"ERR \x1b]0;owned\x07\x1b[31m\xe2\x80\xaeno such thing\r\n"
        body = b"001e# service=git-upload-pack\n0000" + b"%04x" % (len(line) + 4) + line
        handler.reply(200, body, {"Content-Type": "application/x-git-upload-pack-advertisement"})

    forge.rules["/git/"] = evil
    with pytest.raises(Failure) as caught:
        refresh(tmp_path, forge.address("shop/payments"))
    assert str(caught.value).isprintable()
    assert "\u202e" not in str(caught.value)


def test_a_host_that_talks_without_end_is_cut_off(forge, payments, tmp_path):
    def endless(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "application/x-git-upload-pack-advertisement")
        handler.end_headers()
        handler.wfile.write(b"001e# service=git-upload-pack\n0000")
        line = b"a" * 40 + b" refs/heads/x\n"
        while True:
            handler.wfile.write(b"%04x" % (len(line) + 4) + line)

    forge.rules["/git/"] = endless
    started = time.monotonic()
    with pytest.raises(Failure):
        refresh(tmp_path, forge.address("shop/payments"), seconds=2)
    assert time.monotonic() - started < 15


def test_a_certificate_of_ones_own_is_trusted_only_where_it_is_named(tmp_path, git):
    tls = certificate(tmp_path)
    forge = Forge(tmp_path / "tls", tls)
    head = fill(forge.bare("shop/payments"), git)
    with pytest.raises(Failure, match="`ca-file`"):
        refresh(tmp_path, forge.address("shop/payments"))
    trusting = Access({forge.host: Host(ca_file=tls[0])})
    assert refresh(tmp_path, forge.address("shop/payments"), trusting)[0] == head
    forge.close()


@pytest.mark.parametrize("way", ["environment", "configured"])
def test_a_proxy_is_used(forge, payments, tmp_path, monkeypatch, way):
    for name in ("no_proxy", "NO_PROXY", "HTTP_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    if way == "environment":
        monkeypatch.setenv("http_proxy", forge.url)
        access = Access()
    else:
        access = Access({"git.example.test": Host(proxy=forge.url)})
    assert refresh(tmp_path, "http://git.example.test/git/shop/payments.git", access)[0] == payments
    assert forge.sent[0][":url"].startswith("http://git.example.test/")
