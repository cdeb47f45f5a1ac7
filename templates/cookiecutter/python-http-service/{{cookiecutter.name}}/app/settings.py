"""What the service can be told by its environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any


class WrongSetting(Exception):
    """A variable of the environment that is missing or cannot be used."""


@dataclass(frozen=True)
class Settings:
    """Each field is a variable of the environment, in capitals; times are in seconds."""

    rates_url: str
    host: str = "127.0.0.1"
    port: int = 8080
    threads: int = 16
    # A request that waited for a thread for longer is turned away: whoever asked has nearly given up.
    longest_wait: float = 0.5

    # One try may take this long; a call takes at most `attempts` tries and the pauses between them.
    rates_timeout: float = 0.3
    rates_attempts: int = 2
    # After so many failures in a row the rates service is left alone for a while.
    breaker_failures: int = 5
    breaker_pause: float = 5.0
    # A known rate may stand in for a fresh one for so long.
    stale_rate_limit: float = 86_400.0

    # After SIGTERM: so long still answered while load balancers take notice, then so long for what is under way.
    drain_seconds: float = 5.0
    grace_seconds: float = 20.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the settings; raise WrongSetting with the name of the variable that is wrong."""
        values: dict[str, Any] = {}
        for field in fields(cls):
            variable = field.name.upper()
            if variable in environment:
                values[field.name] = _convert(variable, environment[variable], str(field.type))
        if not values.get("rates_url"):
            raise WrongSetting("RATES_URL is not set; it is the address of the rates service")
        if not str(values["rates_url"]).startswith(("http://", "https://")):
            raise WrongSetting("RATES_URL must begin with http:// or https://")
        return cls(**values)


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
