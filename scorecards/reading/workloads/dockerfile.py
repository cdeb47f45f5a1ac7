"""A Dockerfile's HEALTHCHECK. Docker and Swarm act on it, Kubernetes ignores it.

https://docs.docker.com/reference/dockerfile/#healthcheck
"""

import posixpath
import re
from collections.abc import Iterator

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.workload import Probe, Workload, command_hollow

NAMES = regex(r"(?:^|/)(?:Dockerfile|Containerfile)[^/]*$|\.[dD]ockerfile$")

_CHECK = regex(
    r"^[ \t]*HEALTHCHECK[ \t]+(?:--\S+[ \t\\\n]+)*(NONE|CMD[ \t\\\n]+(?:[^\n\\]|\\\n|\\.)*)", re.M | re.I
)
_FROM = regex(r"^[ \t]*FROM[ \t]", re.MULTILINE | re.IGNORECASE)


def read(snapshot: Snapshot, path: str) -> Iterator[Workload]:
    """The image that a Dockerfile makes; of several stages the last one counts."""
    text = snapshot.text(path)
    if text is None or "HEALTHCHECK" not in text.upper():
        return
    last = max((m.start() for m in _FROM.finditer(text)), default=0)
    found = [m for m in _CHECK.finditer(text) if m.start() >= last]
    if not found or found[-1][1].upper().startswith("NONE"):
        return
    command = re.sub(r"\\\n", " ", found[-1][1])[3:].strip()
    words = re.sub(r"[\[\],\"]+", " ", command) if command.startswith("[") else command
    line = text.count("\n", 0, found[-1].start()) + 1
    words = " ".join(words.split())
    probe = Probe("image", "command", words, path, line, command_hollow(words))
    yield Workload(
        "Docker", "image", posixpath.basename(path), path, line, "", (probe,), posixpath.dirname(path)
    )
