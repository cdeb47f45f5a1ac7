"""What went wrong while reading: one place and one sentence that says what was expected."""

from typing import Literal, NamedTuple

Kind = Literal["unreadable", "syntax", "schema", "reference", "conflict", "limit", "check", "note"]


class Problem(NamedTuple):
    """A problem in one repository; `path` is None where it concerns the whole of it, `line` counts from 1."""

    kind: Kind
    message: str
    path: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.path, self.line) if part is not None)
        return f"{where}: {self.message}" if where else self.message
