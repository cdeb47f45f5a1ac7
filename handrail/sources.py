"""What is given to a crawl: folders, addresses of repositories, and groups of a host."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from catalog.hosts import KINDS, Group, host_of
from catalog.remotes.address import Address, BadAddress, looks_like_one, parse
from handrail.errors import Stop
from handrail.table import only, text

Source = Path | Address | Group

_CHOICES = ("archived", "forks", "ssh")
_NAME = re.compile(r"[\w.-]+(?:/[\w.-]+)*")

_GROUP = re.compile(rf"({'|'.join(KINDS)}):(?!//)([\w.-]+(?:/[\w.-]+)*)(?:@([\w.-]+(?::\d+)?))?")


def source(word: str) -> Source:
    """What a word of the command line names; `Stop` says what is wrong with it."""
    if match := _GROUP.fullmatch(word):
        return group(match[1], match[2], f"https://{match[3]}" if match[3] else None)
    if looks_like_one(word) and not Path(word).exists():
        return address(word)
    return Path(word)


def address(written: str, where: str = "") -> Address:
    """The address of a repository; `Stop` says what is wrong with it, beginning with `where`."""
    try:
        return parse(written)
    except BadAddress as error:
        raise Stop(f"{where}{_shown(written)} cannot be used: {error}.") from error


def group(kind: str, name: str, url: str | None = None, **chosen: bool) -> Group:
    """A group of a host, whose API is at `url` or where that kind of host has it."""
    made = Group(kind, name, (url or "").rstrip("/"), **chosen)
    return made if made.url else made._replace(url=host_of(made).URL)


def described(source: Source) -> str:
    """How a source is written in the catalog."""
    return source.url if isinstance(source, Address) else str(source)


def _shown(written: str) -> str:
    """The address without what may be a password."""
    return re.sub(r"(?<=//)[^/@]*@", "***@", "".join(c if c.isprintable() else " " for c in written)[:200])


def configured(file: Path, number: int, table: object) -> list[Source]:
    """What an entry of `sources` in a configuration file names; `Stop` says what is wrong with it."""
    where = f"{file}: source {number}"
    if isinstance(table, str):
        table = {"path": table}
    if not isinstance(table, dict):
        raise Stop(f"{where} is not a table.", "Write each as [[sources]] with a `path`.")
    kinds = [kind for kind in ("path", "git", *KINDS) if kind in table]
    if len(kinds) != 1:
        raise Stop(
            f"{where} has no `path`, or more than one of `path`, `git`, `github`, `gitlab`, `gitea`.",
            'Write path = "FOLDER", git = "URL" or github = "ORGANISATION" below [[sources]].',
        )
    kind = kinds[0]
    if kind == "git":
        only(table, ("git",), where)
        urls = table["git"] if isinstance(table["git"], list) else [table["git"]]
        return [address(text({"git": url}, "git", where), f"{where}: ") for url in urls]
    if kind == "path":
        only(table, ("path",), where)
        return [(file.parent / text(table, "path", where)).resolve()]
    return [_configured_group(kind, table, where)]


def _configured_group(kind: str, table: dict[str, Any], where: str) -> Group:
    only(table, (kind, "url", *_CHOICES), where)
    name = text(table, kind, where)
    if not _NAME.fullmatch(name):
        raise Stop(f"{where}: `{kind}` is no name of an organisation, a group or a user.")
    for choice in _CHOICES:
        if not isinstance(table.get(choice, False), bool):
            raise Stop(f"{where}: `{choice}` is neither true nor false.")
    url = text(table, "url", where) if "url" in table else None
    if url is not None and not _is_web(url):
        raise Stop(f"{where}: `url` is not the address of a host.", 'Write url = "https://git.example.org".')
    return group(kind, name, url, **{choice: table.get(choice, False) for choice in _CHOICES})


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    usual = parts.scheme in ("http", "https") and bool(parts.hostname)
    return usual and not ("@" in parts.netloc or parts.query or parts.fragment)
