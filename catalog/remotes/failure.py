"""Why a repository could not be fetched: git's words turned into a sentence, and whether to try again."""

import re
from typing import NamedTuple


class Failure(Exception):
    """A repository could not be fetched; `passing` says that another attempt may help."""

    def __init__(self, message: str, *, passing: bool) -> None:
        super().__init__(message)
        self.passing = passing


class _Known(NamedTuple):
    """A thing that git says, what it means, and whether it passes. `{host}` is the host's name."""

    said: re.Pattern[str]
    means: str
    passing: bool = False


def _known(said: str, means: str, *, passing: bool = False) -> _Known:
    return _Known(re.compile(said, re.IGNORECASE), means, passing)


_KNOWN = (
    _known(r"no space left|disk quota exceeded", "the disk that holds the mirrors is full: free some of it"),
    _known(
        r"transport '?\"?(\w+)'?\"? not allowed|protocol \"?(\w+)\"? (?:not supported|disabled)",
        "the host sends us on to another kind of address, which is not followed",
    ),
    _known(
        r"host key verification failed",
        "the key of {host} is not known: add it to known_hosts, or name a file with `known-hosts`",
    ),
    _known(
        r"permission denied \(", "{host} does not accept our key: name one with `ssh-key`, or load an agent"
    ),
    _known(
        r"could not read (?:username|password)|authentication failed|error: 40[13]\b|access denied"
        r"|unauthorized",
        "{host} asks for a token, or does not accept ours",
    ),
    _known(
        r"repository .{0,300}not found|error: 404|does not appear to be a git repository|no such file or dir"
        r"|project .{0,200}(?:not be|not) found|repository .{0,300}does not exist",
        "no repository is there, or none that we may see",
    ),
    _known(r"dumb http transport", "{host} serves it in git's old way over HTTP, which has no shallow fetch"),
    _known(
        r"certificate|ssl connection|tls",
        "the certificate of {host} is not trusted: name its authority with `ca-file`",
    ),
    _known(r"could not resolve", "{host} has no address", passing=True),
    _known(r"dubious ownership", "it belongs to another user of this machine, and git does not serve it"),
)
_WORDS = re.compile(r"^(?:fatal|error|remote|ERROR|warning):\s*", re.MULTILINE)
_UNSAFE = re.compile(r"[^\x20-\x7e\u00a1-\u00ac\u00ae-\u167f]+")


def of(said: str, host: str) -> Failure:
    """The failure that git's messages tell of."""
    for known in _KNOWN:
        if known.said.search(said):
            return Failure(known.means.format(host=host or "this machine"), passing=known.passing)
    return Failure(f"git: {plain(said)}", passing=True)


def plain(said: str) -> str:
    """The line of git's messages that says most, without anything that a terminal would act on."""
    lines = [_UNSAFE.sub(" ", line).strip() for line in said.splitlines()]
    lines = [line for line in lines if line]
    telling = [line for line in lines if line.startswith(("fatal:", "error:"))]
    line = (telling or lines or ["it ended without a word"])[0 if telling else -1]
    return _WORDS.sub("", line)[:300].rstrip(".")
