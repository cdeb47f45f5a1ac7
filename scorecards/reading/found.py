"""What a call was found to lead to, and what openers of calls may ask."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from catalog.snapshot import Snapshot
from scorecards.reading.targets import Target, Targets


class Lost(NamedTuple):
    """A call of something that does not exist in the repository."""

    message: str


class Script(NamedTuple):
    """A shell script in the repository, and what it is called with."""

    path: str
    arguments: tuple[str, ...]


class Inline(NamedTuple):
    """Shell text that stands in the call itself: `sh -c`, `ssh host`."""

    text: str


class Image(NamedTuple):
    """The `RUN` lines of an image that is built from the folder `context`."""

    target: Target
    context: str | None


Found = Sequence[tuple[Targets, Target]] | Lost | Script | Inline | Image | None


class Book(Protocol):
    """The build files, scripts and folders of one repository, as an opener sees them."""

    snapshot: Snapshot

    def has_folder(self, folder: str | None) -> bool:
        """Whether the repository has this folder."""
        ...

    def targets(self, kind: str, folder: str | None, name: str = "") -> Targets | None:
        """The build file of a kind in a folder, or by its name; None where there is none to read."""
        ...

    def named(self, kind: str, folder: str | None, names: Sequence[str], file: str = "") -> Found:
        """The targets of these names; lost where the file is there in full and has no such name."""
        ...

    def anywhere(self, name: str) -> Found:
        """The package scripts of that name in the whole workspace, those of the root first."""
        ...

    def image(self, path: str | None, target: str = "", context: str | None = "") -> Found:
        """The `RUN` lines of a Dockerfile, or of one stage of it."""
        ...
