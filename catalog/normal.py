"""Handrail's normal forms of what people write freely: how critical a service is, and its lifecycle.

A descriptor's own word is kept and shown; the normal form stands beside it, so that services whose files were
written for different catalogs can be compared.
"""

from collections.abc import Mapping

from catalog.regex import regex

_LIFECYCLES: Mapping[str, str] = {
    word: stage
    for stage, words in {
        "experimental": "experimental pre-alpha alpha beta experiment incubating incubation prototype poc"
        " development in-development dev preview planned design sandbox",
        "production": "production prod generally-available ga general-availability active live maintenance"
        " in-maintenance operational released stable sustained supported mature",
        "deprecated": "deprecated end-of-life eol retired retiring decommissioned decommission sunset"
        " sunsetting obsolete legacy archived inactive end-of-support phase-out",
    }.items()
    for word in words.split()
}

_TIERS: Mapping[str, str] = {
    **dict(zip(("zero", "one", "two", "three", "four", "five"), "012345", strict=True)),
    **dict.fromkeys(("critical", "mission-critical", "business-critical", "vital", "platinum"), "1"),
    **dict.fromkeys(("high", "important", "gold"), "2"),
    **dict.fromkeys(("medium", "moderate", "normal", "silver"), "3"),
    **dict.fromkeys(("low", "minor", "non-critical", "bronze"), "4"),
}
_NUMBERED = regex(r"(?:tier|t|level)?-?([0-9])(?:\.0)?\Z")


def _plain(word: str) -> str:
    return "-".join(word.lower().replace("_", " ").replace("-", " ").split())


def lifecycle(word: str | None) -> str | None:
    """`experimental`, `production` or `deprecated`; None for a word that means none of them for sure."""
    return _LIFECYCLES.get(_plain(word or ""))


def tier(word: str | None) -> str | None:
    """How critical a service is as one digit, `1` the most of the usual scale; None for any other word."""
    plain = _plain(word or "")
    found = _NUMBERED.match(plain)
    if found is not None:
        return found[1]
    return _TIERS.get(plain.removeprefix("tier-"))
