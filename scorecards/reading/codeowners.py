"""CODEOWNERS files: which rule covers a folder, and whom it names.

GitHub reads the first of `.github/`, the root and `docs/`; GitLab the root, `docs/`, `.gitlab/`; Bitbucket
`.bitbucket/`; Gitea and Forgejo their own folders. The last rule that matches counts; within GitLab's
`[sections]` the last of each section, and a section's own owners where a rule names none.
"""

import re
from fnmatch import fnmatchcase
from typing import NamedTuple

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.hollow import is_placeholder

PLACES = (
    ".github/CODEOWNERS",
    "CODEOWNERS",
    "docs/CODEOWNERS",
    ".gitlab/CODEOWNERS",
    ".bitbucket/CODEOWNERS",
    ".gitea/CODEOWNERS",
    ".forgejo/CODEOWNERS",
)
"""Where the forges look, in the order in which the first one found counts."""

MAX_RULES = 5_000
MAX_PARTS = 50
MAX_PART = 200


class Rule(NamedTuple):
    """One rule; an empty `owners` says that nobody owns what it matches."""

    pattern: str
    owners: tuple[str, ...]
    line: int
    section: str = ""


class Owners(NamedTuple):
    """The rules of a CODEOWNERS file."""

    path: str
    rules: tuple[Rule, ...]


_OWNER = regex(r"@@?[\w.-]{1,100}(?:/[\w.-]{1,100}){0,5}\Z|[^\s@]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}\Z")
_SECTION = regex(r"\^?\[(?P<name>[^\[\]]{1,200})\](?:\[\d{1,3}\])?(?P<owners>[^\n]*)\Z")
_SAMPLES = frozenset(
    (
        "@octocat",
        "@global-owner1",
        "@global-owner2",
        "@js-owner",
        "@doctocat",
        "@octo-org/octocats",
        "@username",
    )
)
_SAMPLE_ORG = regex(
    r"@(?:your|my|example|sample|org|organi[sz]ation|company|owner|team|user)(?:[-_](?:org"
    r"|organi[sz]ation|team|name|company|user|username))?(?:/|\Z)",
    re.IGNORECASE,
)


def codeowners(snapshot: Snapshot) -> Owners | None:
    """The CODEOWNERS file that counts, None where there is none; made once a snapshot."""
    return snapshot.derive(_read)


def _read(snapshot: Snapshot) -> Owners | None:
    for path in PLACES:
        if path in snapshot:
            text = snapshot.text(path)
            return None if text is None else Owners(path, parse(text))
    return None


def parse(text: str) -> tuple[Rule, ...]:
    """The rules of a CODEOWNERS text; lines that are none are left out."""
    rules: list[Rule] = []
    section = ""
    inherited: tuple[str, ...] = ()
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()[:2_000]
        if not line or line.startswith("#"):
            continue
        if len(rules) >= MAX_RULES:
            break
        opened = _SECTION.match(line)
        if opened:
            section, inherited = opened["name"].strip().lower(), tuple(_owners(opened["owners"]))
            continue
        pattern, rest = _split(line)
        rules.append(Rule(pattern, tuple(_owners(rest)) or inherited, number, section))
    return tuple(rules)


def _split(line: str) -> tuple[str, str]:
    """The pattern, in which a backslash keeps a space, and the rest of the line."""
    at = 0
    while at < len(line) and not line[at].isspace():
        at += 2 if line[at] == "\\" else 1
    return line[:at].replace("\\ ", " ").replace("\\#", "#"), line[at:]


def _owners(text: str) -> list[str]:
    return [word for word in text.partition(" #")[0].split() if not word.startswith("#")]


def is_owner(owner: str) -> bool:
    """Whether this has the form of an owner, `@org/team`, `@user` or a mail address, and is no sample."""
    return (
        _OWNER.match(owner) is not None
        and owner.lower() not in _SAMPLES
        and _SAMPLE_ORG.match(owner) is None
        and not is_placeholder(owner.lstrip("@"))
        and not owner.lower().endswith(("@example.com", "@example.org", "@localhost"))
    )


def covers(pattern: str, folder: str) -> bool:
    """Whether a pattern matches everything in a folder ("" is the whole repository)."""
    parts = [p for p in pattern.strip("/").split("/") if p]
    if pattern == "/*":
        return not folder
    if parts and (parts[-1] == "**" or (parts[-1] == "*" and not pattern.endswith("/"))):
        parts.pop()
    if not parts:
        return True
    if "*" in parts[-1] and "." in parts[-1].lstrip("."):
        return False
    anchored = pattern.startswith("/") or "/" in pattern.rstrip("/")
    names = folder.split("/") if folder else []
    starts = [0] if anchored else range(len(names))
    return any(_matches(parts, names[start:]) for start in starts)


def _matches(parts: list[str], names: list[str]) -> bool:
    """Whether the parts of a pattern match a beginning of the path `names`."""
    if len(parts) > MAX_PARTS or any(len(part) > MAX_PART for part in parts):
        return False
    reached = {0}
    for part in parts:
        if part == "**":
            reached = set(range(min(reached), len(names) + 1))
        else:
            glob = part.replace("[", "[[]")
            reached = {n + 1 for n in reached if n < len(names) and fnmatchcase(names[n], glob)}
        if not reached:
            return False
    return True


def owning_rule(owners: Owners, folder: str) -> Rule | None:
    """The rule that decides who owns a folder: the last that covers it, of sections the first owned."""
    last: dict[str, Rule] = {}
    for rule in owners.rules:
        if covers(rule.pattern, folder):
            last[rule.section] = rule
    owned = [rule for rule in last.values() if any(is_owner(o) for o in rule.owners)]
    return owned[0] if owned else next(iter(last.values()), None)
