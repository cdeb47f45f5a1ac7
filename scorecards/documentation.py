"""A check's documentation, read from its docstring: a title and five sections, in this order."""

import re
from collections.abc import Mapping

from catalog.regex import regex
from scorecards.check import Check

LOOKS_FOR = "What it looks for"
MATTERS = "Why it matters"
FIX = "How to fix it"
EXAMPLE = "Example"
LIMITS = "Known limits"
SECTIONS = (LOOKS_FOR, MATTERS, FIX, EXAMPLE, LIMITS)

_HEADING = regex(r"^## +(.+?) *$", re.MULTILINE)


def sections(check: Check) -> Mapping[str, str]:
    """Each section's Markdown by its heading, in the order of the docstring."""
    parts = _HEADING.split(check.doc)[1:]
    return {heading: text.strip("\n").rstrip() for heading, text in zip(parts[::2], parts[1::2], strict=True)}


def why(check: Check) -> str:
    """Why the practice matters, as one paragraph."""
    return " ".join(sections(check).get(MATTERS, "").split())
