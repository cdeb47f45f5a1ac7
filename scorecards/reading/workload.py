"""The model that every platform's files are read into: what runs, and how its health is asked for."""

import re
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from catalog.regex import regex

Purpose = Literal["readiness", "liveness", "startup", "health", "image"]
"""`health` takes an unhealthy instance out of service by itself (a load balancer, Compose, ECS, a platform);
`image` is a Dockerfile's HEALTHCHECK, which Kubernetes ignores."""

How = Literal["http", "tcp", "grpc", "command"]


class Probe(NamedTuple):
    """One question that a platform asks a container. `target` is a path, port or command.

    `hollow` says why the answer means nothing. `undecided` says why it cannot be told whether the question
    is asked at all: a template's condition, a value that is given elsewhere.
    """

    purpose: Purpose
    how: How
    target: str
    path: str
    line: int
    hollow: str = ""
    undecided: str = ""


class Workload(NamedTuple):
    """One container, or one entry of a platform's file, with its probes; `image` is empty where unknown.

    `context` is the folder its image is built from, None where the file does not say.
    """

    system: str
    kind: str
    name: str
    path: str
    line: int
    image: str = ""
    probes: tuple[Probe, ...] = ()
    context: str | None = None

    @property
    def title(self) -> str:
        """How a sentence names it."""
        return f"{self.kind} `{self.name}`" if self.name else self.kind


_EMPTY = regex(
    r"(?:(?:/bin/|/usr/bin/)?(?:(?:true|echo|printf|exit\s+0|sleep|ls|date|pwd|hostname|whoami"
    r"|uname|cat\s+/dev/null)\b|:)[^&|;]*)\Z|\A(?:cmd-shell|cmd|none)?\s*\Z",
    re.IGNORECASE,
)
_SHELL = regex(r"\A(?:/\S*/)?(?:ba|da|a|z)?sh\s+(?:-\w+\s+)+")


def command_hollow(command: Any) -> str:
    """Why a command says nothing of health, "" where it may: `true`, `echo ok`, `exit 0`, `x || true`."""
    text = " ".join(str(c) for c in command) if isinstance(command, list) else str(command or "")
    text = re.sub(r"\A(?:CMD-SHELL|CMD)\s+", "", text.strip())
    text = _SHELL.sub("", text).strip().strip("\"'").strip()
    if not text or text == "NONE":
        return "it runs no command"
    # A shell's answer is that of its last command: `x || true` and `x; true` are always healthy.
    tail = re.split(r"\|\||;", text)[-1].strip()
    if "/dev/tcp/" in tail:  # Bash opens a connection, which is a question
        return ""
    if _EMPTY.match(tail) and not re.search(r"&&", tail):
        return f"`{text[:60]}` is always healthy"
    return ""


def first_probe(probes: Iterable[Probe], *purposes: Purpose) -> Probe | None:
    """The first real probe of one of these purposes."""
    return next((p for p in probes if p.purpose in purposes and not p.hollow and not p.undecided), None)
