"""Values of a table in `handrail.toml`; `Stop` says which is not what it must be."""

from collections.abc import Mapping, Sequence
from typing import Any

from handrail.errors import Stop


def text(table: Mapping[str, Any], key: str, where: str) -> str:
    """A text that is not empty."""
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise Stop(f"{where}: `{key}` is not a text.", f'Write {key} = "...".')
    return value


def only(table: Mapping[str, Any], names: Sequence[str], where: str) -> None:
    """That a table has no other keys than these."""
    for key in table:
        if key not in names:
            known = " and ".join(", ".join(f"`{n}`" for n in names).rsplit(", ", 1))
            raise Stop(f"{where}: `{key}` is not known.", f"Known are {known}.")
