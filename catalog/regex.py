"""Regular expressions that are compiled when they are first used.

Compiling takes most of the time of importing the modules that read repositories, and a command, or a
repository, meets few of the expressions there are.
"""

import re
from typing import Any, cast


class _Later:
    """Stands for a compiled pattern; after the first use it holds that pattern's own methods."""

    def __init__(self, text: str, flags: int) -> None:
        self.pattern = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self.pattern, self._flags)
        for method in ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split"):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def regex(text: str, flags: int = 0) -> re.Pattern[str]:
    """What `re.compile(text, flags)` gives, compiled on first use. A wrong pattern is found only then."""
    return cast("re.Pattern[str]", _Later(text, flags))
