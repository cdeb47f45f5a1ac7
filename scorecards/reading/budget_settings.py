"""Error budgets in YAML and JSON that people write: how large they are, what follows, who decides."""

import re
from collections.abc import Iterator
from typing import Any

from catalog.document import Map, Seq, maps
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.budget_policies import Place, Policy
from scorecards.reading.budget_words import LEXICON, Word
from scorecards.reading.hollow import is_placeholder
from scorecards.reading.paths import paths
from scorecards.reading.postmortem_words import LEXICON as COLUMNS
from scorecards.reading.postmortem_words import Word as Column

_KEY = regex(r"error[-_]?budget", re.IGNORECASE)
_NUMBER = regex(r"\d")
_MEASURES = ("expr:", "promql", '"targets"', "panels", "burnrate")
"""What rules, dashboards and queries hold: they measure a budget."""
_MAX_FILES = 50
_MAX_VALUES = 200


def settings(snapshot: Snapshot) -> tuple[Policy, ...]:
    """What YAML and JSON files say of error budgets; made once a snapshot."""
    return snapshot.derive(_settings)


def _settings(snapshot: Snapshot) -> tuple[Policy, ...]:
    found: list[Policy] = []
    for path in paths(snapshot).ending("yaml", "yml", "json"):
        if path.startswith(".github/") or "gitlab-ci" in path:
            continue
        text = snapshot.text(path) or ""
        if "udget" not in text or not _KEY.search(text) or any(mark in text for mark in _MEASURES):
            continue
        made = Policy(path)
        for document in snapshot.parsed(path).documents:
            for held in maps(document.data):
                for key, value in held.items():
                    if _KEY.search(str(key)):
                        made = _heed(made, str(key), value, held.lines.get(key, held.line))
        if made.rule or made.number:
            found.append(made)
        if len(found) >= _MAX_FILES:
            break
    return tuple(found)


def _heed(made: Policy, key: str, value: Any, line: int) -> Policy:
    number: Place | None = made.number
    rule, decides = made.rule, made.decides
    for name, said, at in _leaves(key, value, line):
        place = Place(at, f"{name}: {said}"[:160])
        if is_placeholder(said):
            continue
        means = LEXICON.senses(f"{name.replace('_', ' ')} {said.replace('_', ' ')}")
        if number is None and _NUMBER.search(said):
            number = place
        if rule is None and means & Word.STOP and means & Word.WORK:
            rule = place
        owns = COLUMNS.senses(name.replace("_", " ")) & Column.OWNER or means & Word.DECIDE
        if decides is None and owns and means & (Word.ROLE | Word.CHIEF):
            decides = place
    return made._replace(number=number, rule=rule, decides=decides)


def _leaves(key: str, value: Any, line: int) -> Iterator[tuple[str, str, int]]:
    """Every value below a key, with the key it stands under and its line."""
    stack: list[tuple[str, Any, int]] = [(key, value, line)]
    for _ in range(_MAX_VALUES):
        if not stack:
            return
        name, held, at = stack.pop()
        if isinstance(held, Map):
            stack += [(str(k), v, held.lines.get(k, held.line)) for k, v in reversed(held.items())]
        elif isinstance(held, Seq):
            stack += [
                (name, v, held.lines[n] if n < len(held.lines) else held.line) for n, v in enumerate(held)
            ][::-1]
        elif held is not None and not isinstance(held, bool):
            yield name, str(held)[:400], at
