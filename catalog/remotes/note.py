"""What is noted beside a mirror: where it came from, and as of when it is known to be whole."""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

_FILE = "handrail.json"
_LARGEST = 100_000


@dataclass(frozen=True, slots=True)
class Note:
    """`head` is the commit that was fetched, `groups` are the sources that listed the repository.

    `stamp` is what its host said of its state before that: as long as it says the same, nothing was pushed
    since. None where the host said nothing, or too early to be relied upon.
    """

    url: str
    name: str
    head: str | None
    groups: tuple[str, ...] = ()
    stamp: str | None = None


def read(folder: Path) -> Note | None:
    """The mirror's note, None where there is none that can be read."""
    try:
        with open(folder / _FILE, encoding="utf-8") as file:
            data = json.loads(file.read(_LARGEST))
        return Note(**{**data, "groups": tuple(data["groups"])})
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def write(folder: Path, note: Note) -> None:
    """Put the note beside the mirror; a crash leaves the old one or the new one."""
    temporary = folder / f"{_FILE}.new"
    temporary.write_text(json.dumps(asdict(note)), "utf-8")
    with suppress(FileNotFoundError):
        os.replace(temporary, folder / _FILE)
