"""The tree of files that stand in memory only: samples that documentation is made from."""

from collections.abc import Iterator, Mapping

from catalog.snapshot import Entry, Unreadable


class MemoryTree:
    """Texts by path."""

    commit: str | None = None

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = {path: text.encode() for path, text in files.items()}

    def entries(self) -> Iterator[Entry]:
        """Every file; sorted by path."""
        for path in sorted(self._files):
            yield Entry(path, "file", path)

    def read(self, entry: Entry, limit: int) -> bytes:
        """The file's bytes."""
        data = self._files[entry.handle]
        if len(data) > limit:
            raise Unreadable(f"more than the {limit:,} bytes that are read")
        return data
