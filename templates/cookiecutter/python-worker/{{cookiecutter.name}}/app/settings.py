"""What the worker can be told by its environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any


class WrongSetting(Exception):
    """A variable of the environment that is missing or cannot be used."""


@dataclass(frozen=True)
class Settings:
    """Each field is a variable of the environment, in capitals; times are in seconds."""

    database_url: str
    gateway_url: str
    host: str = "127.0.0.1"
    port: int = 8080
    # So many notices are delivered at the same time.
    slots: int = 8
    # An idle slot looks into the queue again after about so long.
    poll_pause: float = 0.5

    # A notice is ours for so long once taken; not finished by then, it is anybody's again.
    lease: float = 30.0
    # A notice that failed for a reason of its own so often becomes a dead letter.
    max_attempts: int = 5
    # The first pause before a notice is tried again; doubled each time, with jitter, up to the longest.
    backoff: float = 2.0
    longest_backoff: float = 300.0
    # A notice that waits for the gateway for so long becomes a dead letter.
    give_up_after: float = 86_400.0
    # A delivered notice, and with it its key, is forgotten after so long.
    keep_done: float = 604_800.0

    # One try may take this long; a delivery takes at most `attempts` tries and the pauses between them.
    gateway_timeout: float = 2.0
    gateway_attempts: int = 2
    # After so many failures in a row the gateway is left alone for a while.
    breaker_failures: int = 5
    breaker_pause: float = 5.0

    # A statement may take this long, and so may connecting.
    database_timeout: float = 5.0

    # After SIGTERM so long for what is under way.
    grace_seconds: float = 20.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the settings; raise WrongSetting with the name of the variable that is wrong."""
        values: dict[str, Any] = {}
        for field in fields(cls):
            variable = field.name.upper()
            if variable in environment:
                values[field.name] = _convert(variable, environment[variable], str(field.type))
        if not str(values.get("database_url", "")).startswith(("postgresql://", "postgres://")):
            raise WrongSetting("DATABASE_URL is not set to an address that begins with postgresql://")
        if not str(values.get("gateway_url", "")).startswith(("http://", "https://")):
            raise WrongSetting("GATEWAY_URL is not set to an address that begins with http:// or https://")
        settings = cls(**values)
        if settings.slots < 1:
            raise WrongSetting("SLOTS must be at least 1")
        longest = settings.gateway_attempts * (settings.gateway_timeout + 0.5) + 2 * settings.database_timeout
        if settings.lease < longest:
            raise WrongSetting(f"LEASE must be at least {longest:g}: a delivery may take as long")
        return settings


def _convert(variable: str, text: str, kind: str) -> Any:
    if kind == "str":
        return text
    convert: Callable[[str], float] = int if kind == "int" else float
    try:
        value = convert(text)
    except ValueError:
        raise WrongSetting(f"{variable} is {text!r} where a number was expected") from None
    if not 0 <= value < 1e9:
        raise WrongSetting(f"{variable} is {text!r}, which is out of range")
    return value
