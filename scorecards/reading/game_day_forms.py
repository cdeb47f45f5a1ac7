"""Game days in YAML and JSON: mappings with a date, a scenario and findings as keys."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from catalog.document import Map, Seq, maps
from catalog.snapshot import Snapshot
from scorecards.reading.alert import words
from scorecards.reading.dates import first_date, path_date
from scorecards.reading.game_day import GameDay
from scorecards.reading.game_day_signs import TEMPLATE, is_named
from scorecards.reading.game_day_words import LEXICON, Word
from scorecards.reading.hollow import is_real
from scorecards.reading.paths import paths
from scorecards.reading.postmortem import Told
from scorecards.reading.postmortem_signs import refused

MAX_TEXT = 200_000


def forms(snapshot: Snapshot) -> Iterator[GameDay]:
    """Every mapping that records an exercise, in files that are named so."""
    for path in paths(snapshot).ending("yml", "yaml", "json"):
        if not is_named(path):
            continue
        low = path.lower()
        if refused(low) or TEMPLATE.search(low) or len(snapshot.text(path) or "") > MAX_TEXT:
            continue
        for document in snapshot.parsed(path).documents:
            if "apiVersion" not in document.mapping and "jobs" not in document.mapping:
                yield from _mapped(path, document.data)


def _mapped(path: str, data: Any) -> Iterator[GameDay]:
    taken: set[int] = set()
    for held in maps(data):
        if id(held) in taken:
            continue
        scenario, findings, when, planned = _said(held)
        if scenario is None or (findings is None and when is None):
            continue
        taken.update(id(inner) for inner in maps(held))
        title = str(held.get("title") or held.get("name") or "")[:200]
        yield GameDay(
            path,
            title,
            held.line,
            "plan" if planned or findings is None else "record",
            when or path_date(path),
            scenario,
            findings,
        )


def _said(held: Map) -> tuple[Told | None, Told | None, date | None, bool]:
    """The scenario, the findings, the date, and whether a state says that it is only planned."""
    scenario = findings = None
    when: date | None = None
    planned = False
    for key, value in held.items():
        name = str(key).replace("_", " ").replace("-", " ")
        means = LEXICON.senses(name)
        text = words(value)
        told = Told(held.lines.get(key, held.line), f"{key}: {text}"[:120])
        if name in ("status", "state"):
            planned = LEXICON.senses(text[:60]) & Word.PLANNED > 0
        elif means & Word.DATE and when is None and not isinstance(value, (Map, Seq)):
            when = first_date(text)
        elif means & Word.EXPECTED or not is_real(text):
            continue
        elif means & Word.FINDINGS:
            findings = findings or told
        elif means & Word.SCENARIO:
            scenario = scenario or told
    return scenario, findings, when, planned
