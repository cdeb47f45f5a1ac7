"""Game days in the rows of a table: each with a date, what was practised, and what came out of it."""

from collections.abc import Iterator, Sequence

from scorecards.reading.dates import first_date
from scorecards.reading.game_day import GameDay
from scorecards.reading.game_day_words import LEXICON, Word
from scorecards.reading.hollow import is_real
from scorecards.reading.postmortem import Told
from scorecards.reading.prose import Prose
from scorecards.reading.runbook_signs import SEPARATOR, WORDS


def rows_of(document: Prose, indices: Sequence[int]) -> Iterator[GameDay]:
    """The rows of tables with a date, what was practised, and what came out of it."""
    for index in indices:
        section = document.sections[index]
        columns: list[int] = []
        for position, line in enumerate(section.lines):
            if line.code or "|" not in line.text:
                columns = []
                continue
            if SEPARATOR.match(line.text):
                continue
            cells = [cell.strip() for cell in line.text.strip().strip("|").split("|")][:16]
            follows = section.lines[position + 1].text if position + 1 < len(section.lines) else ""
            if SEPARATOR.match(follows) and "|" in follows:
                columns = _columns(cells)
            elif columns:
                made = _row(document.path, line.number, cells, columns)
                if made is not None:
                    yield made


def _columns(cells: Sequence[str]) -> list[int]:
    """What each column means, none where the table is no log of exercises."""
    means = [LEXICON.senses(cell[:60]) for cell in cells]
    dated = any(m & Word.DATE for m in means)
    about = any(m & (Word.SCENARIO | Word.ABOUT | Word.NAMED) and not m & Word.DATE for m in means)
    told = any(m & (Word.FINDINGS | Word.NOTE) for m in means)
    return means if dated and about and told else []


def _row(path: str, number: int, cells: list[str], columns: list[int]) -> GameDay | None:
    def all_of(sense: int, but: int = 0) -> str:
        return " ".join(c for c, m in zip(cells, columns, strict=False) if m & sense and not m & but)

    when = first_date(all_of(Word.DATE))
    about = all_of(Word.SCENARIO, Word.DATE) or all_of(Word.ABOUT | Word.NAMED, Word.DATE)
    came = all_of(Word.FINDINGS | Word.NOTE, Word.DATE | Word.SCENARIO)
    if when is None or not is_real(about):
        return None
    states = [c for c, m in zip(cells, columns, strict=False) if len(c) < 30 and not m & Word.SCENARIO]
    planned = any(LEXICON.senses(c) & Word.PLANNED for c in [*states, came[:25]])
    told = is_real(came) and (len(WORDS.findall(came)) > 2 or not came.isascii())
    return GameDay(
        path,
        about[:200],
        number,
        "plan" if planned else "record",
        when,
        Told(number, about[:120]),
        Told(number, came[:120]) if told and not planned else None,
    )
