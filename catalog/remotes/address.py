"""Addresses of repositories elsewhere: `file://`, `https://`, `http://`, `ssh://` and `user@host:path`.

Whatever git would take for an option, for a program to run, or for a password is refused here, before git
sees it.
"""

import hashlib
import re
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

_LONGEST = 2_000
_PORTS = {"https": 443, "http": 80, "ssh": 22}
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,63}")
_SCP = re.compile(r"(?P<user>[^@/:\s]+)@(?P<host>[^:/\s]+):(?P<path>[^:].*)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|%(?:0[0-9a-f]|1[0-9a-f]|7f)", re.IGNORECASE)
_KNOWN = "Write file:///FOLDER, https://HOST/PATH, ssh://USER@HOST/PATH or USER@HOST:PATH"


class BadAddress(ValueError):
    """An address that is not handed to git; the message says why, without any password it holds."""


class Address(NamedTuple):
    """Where a repository is. `url` is what git gets; `host` is lower case, with a port that is not usual."""

    url: str
    scheme: str
    host: str
    path: str

    @property
    def name(self) -> str:
        """What people call it: the path on its host, for a folder its last part; without `.git`."""
        path = self.path.strip("/").removesuffix(".git").rstrip("/")
        return (path.rpartition("/")[2] if self.scheme == "file" else path.removeprefix("~/")) or "repository"

    @property
    def key(self) -> str:
        """The same for each way to write the address of one repository: by `https` or `ssh`, with `.git`."""
        path = self.path.strip("/").removesuffix(".git").rstrip("/")
        return f"file:/{path}" if self.scheme == "file" else f"{self.host}/{path}"

    @property
    def folder(self) -> str:
        """A folder's name for it, relative, safe on every file system and another for every key."""
        slug = re.sub(r"[^A-Za-z0-9._-]+", "_", self.name).strip("._")[-80:] or "repository"
        digest = hashlib.sha256(self.key.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        return f"{host_folder(self.host)}/{slug}-{digest}.git"


def host_folder(host: str) -> str:
    """The name of the folder that holds a host's mirrors."""
    return re.sub(r"[^a-z0-9.-]", "_", host) if host else "_file"


def looks_like_one(text: str) -> bool:
    """Whether somebody who wrote this meant an address and not a folder."""
    return "://" in text or "::" in text or _SCP.fullmatch(text) is not None


def parse(text: str) -> Address:
    """Read an address; `BadAddress` says what is wrong with it."""
    if len(text) > _LONGEST:
        raise BadAddress(f"an address longer than {_LONGEST:,} characters")
    if _CONTROL.search(text):
        raise BadAddress("an address with control characters")
    scheme, sign, _ = text.partition("://")
    if not sign:
        return _scp(text)
    if scheme not in ("file", *_PORTS):
        raise BadAddress(f"`{scheme[:20]}` is no way to fetch from that is used. {_KNOWN}")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise BadAddress(f"not an address: {error}") from error
    if parts.query or parts.fragment:
        raise BadAddress("an address with a query or a fragment")
    if scheme == "file":
        if parts.netloc not in ("", "localhost") or not parts.path.startswith("/"):
            raise BadAddress("a file address that is not absolute. Write file:///FOLDER")
        return Address(text, scheme, "", unquote(parts.path))
    _check_user(parts)
    host = parts.netloc.rpartition("@")[2].lower()
    if port is not None or host.endswith(":"):
        host = host.rpartition(":")[0]
    _check(host, parts.path, text)
    shown = host if port in (None, _PORTS[scheme]) else f"{host}:{port}"
    return Address(text, scheme, shown, unquote(parts.path))


def _check_user(parts: SplitResult) -> None:
    if parts.password is not None or (parts.scheme != "ssh" and "@" in parts.netloc):
        where = parts.hostname or "the host"
        raise BadAddress(
            f"an address that holds a user or a password for {where}. Leave it out and give {where} a token"
        )
    if "@" in parts.netloc and not _USER.fullmatch(parts.username or ""):
        raise BadAddress("an address with an odd user")


def _scp(text: str) -> Address:
    match = _SCP.fullmatch(text)
    if match is None or "::" in text:
        raise BadAddress(f"not the address of a repository. {_KNOWN}")
    if not _USER.fullmatch(match["user"]):
        raise BadAddress("an address with an odd user")
    host = match["host"].lower()
    _check(host, "/" + match["path"].lstrip("/"), text)
    if match["path"].startswith("-"):
        raise BadAddress("a path that begins with a dash")
    return Address(text, "ssh", host, "/" + match["path"].lstrip("/"))


def _check(host: str, path: str, text: str) -> None:
    if not _HOST.fullmatch(host):
        raise BadAddress("an address without a host, or with an odd one")
    if not text.isascii() or any(c in text for c in " \\\"'`<>"):
        raise BadAddress("an address with characters that must be percent-encoded")
    parts = unquote(path).split("/")
    if not path.strip("/") or ".." in parts or parts[1].startswith("-"):
        raise BadAddress("an address without a path, or with `..` or a leading dash in it")
