"""Postmortems in YAML and JSON: issue forms, and mappings with the parts as keys."""

import re
from collections.abc import Iterator

from catalog.document import Map, Seq
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.action_items import ActionItem, owner_of, state_of
from scorecards.reading.dates import first_date, path_date
from scorecards.reading.hollow import is_real
from scorecards.reading.markup import Line, Section
from scorecards.reading.paths import paths
from scorecards.reading.postmortem import Part, Postmortem, Told
from scorecards.reading.postmortem_parts import announced, is_said, named_parts
from scorecards.reading.postmortem_signs import NAME, refused
from scorecards.reading.postmortem_words import LEXICON, Word

_FORM = regex(r"^\s{0,12}-?\s?(?:label|title|name|description)\s?:\s?[\"']?([^\"'\n]{2,120})", re.MULTILINE)


def forms(snapshot: Snapshot) -> Iterator[Postmortem]:
    """Records and forms in YAML and JSON: issue forms, and mappings with the parts as keys."""
    for path in paths(snapshot).ending("yml", "yaml", "json"):
        if "mortem" not in path and "ncident" not in path and "MORTEM" not in path:
            continue
        low = path.lower()
        text = snapshot.text(path) or ""
        if refused(low) or len(text) > 200_000 or not NAME.search(f"/{low}"):
            continue
        if "issue_template" in low:
            lines = tuple(
                Line(text.count("\n", 0, m.start(1)) + 1, f"{m[1].strip()}:", False)
                for m in _FORM.finditer(text)
            )
            parts, owners = announced([Section(1, "", 1, lines)])
            if len(parts) > 1:
                yield Postmortem(path, "", 1, "template", parts=parts, owners=owners)
            continue
        for document in snapshot.parsed(path).documents:
            yield from _mapped(path, document.mapping)


def _mapped(path: str, data: Map) -> Iterator[Postmortem]:
    parts: dict[Part, Told] = {}
    actions: list[ActionItem] = []
    for key, value in data.items():
        means = LEXICON.senses(str(key).replace("_", " "))
        for part in named_parts(means):
            if value and (not isinstance(value, str) or is_said(value)):
                parts[part] = Told(data.lines.get(key, data.line), str(key)[:120])
                if part == "actions" and isinstance(value, Seq):
                    actions += [item for v in value if isinstance(v, Map) for item in _mapped_item(path, v)]
    if len(parts) > 1:
        when = next((first_date(str(v)) for k, v in data.items() if "date" in str(k).lower()), None)
        title = str(data.get("title") or data.get("name") or "")
        yield Postmortem(
            path,
            title[:200],
            data.line,
            "record",
            when=when or path_date(path),
            parts=parts,
            actions=tuple(actions),
        )


def _mapped_item(path: str, data: Map) -> Iterator[ActionItem]:
    said = {}
    for key, value in data.items():
        means = LEXICON.senses(str(key).replace("_", " "))
        for sense in (Word.OWNER, Word.DUE, Word.STATE, Word.TICKET, Word.TASK):
            if means & sense and sense not in said and value is not None:
                said[sense] = str(value)
                break
    task = said.get(Word.TASK) or next((str(v) for v in data.values() if isinstance(v, str)), "")
    if is_real(task):
        due = said.get(Word.DUE, "")
        yield ActionItem(
            task[:300],
            path,
            data.line,
            owner_of(said.get(Word.OWNER, "")),
            state_of(said.get(Word.STATE, "")),
            first_date(due),
            due[:60],
            said.get(Word.TICKET, "")[:200],
        )
