"""Lengths of time as people write them: `90s`, `15m`, `36h`, `90d`, `8w`, `2y`."""

import re
from datetime import timedelta
from typing import Any

import click

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 7 * 86_400, "y": 365 * 86_400}
_WRITTEN = re.compile(r"(\d{1,6})\s*([smhdwy])\Z")


def duration(text: str) -> timedelta:
    """The length of time that a number and a unit come to; a year is 365 days. `ValueError` says how."""
    found = _WRITTEN.match(text.strip())
    if found is None or int(found[1]) == 0:
        raise ValueError(f"`{text}` is no length of time; write a number and s, m, h, d, w or y, as in 15m")
    return timedelta(seconds=int(found[1]) * _SECONDS[found[2]])


class Duration(click.ParamType):  # type: ignore[type-arg]
    """A length of time on the command line."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The value as a timedelta, or click's error in words."""
        if isinstance(value, timedelta):
            return value
        try:
            return duration(str(value))
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)
