"""Dates as people write them, in documents and in the names of files."""

import calendar
from collections.abc import Iterator
from datetime import date

from catalog.regex import regex
from scorecards.reading.vocabulary import fold

_MONTHS = {
    "jan": 1, "gen": 1, "ene": 1, "янв": 1, "sty": 1,
    "feb": 2, "fev": 2, "фев": 2, "lut": 2,
    "mar": 3, "mrz": 3, "мар": 3, "maa": 3,
    "apr": 4, "abr": 4, "avr": 4, "апр": 4, "kwi": 4,
    "may": 5, "mai": 5, "mag": 5, "mei": 5, "мая": 5, "май": 5, "maj": 5,
    "jun": 6, "giu": 6, "juin": 6, "июн": 6, "cze": 6,
    "jul": 7, "lug": 7, "juil": 7, "июл": 7, "lip": 7,
    "aug": 8, "ago": 8, "aou": 8, "авг": 8, "sie": 8,
    "sep": 9, "set": 9, "сен": 9, "wrz": 9,
    "oct": 10, "okt": 10, "ott": 10, "out": 10, "окт": 10, "paz": 10,
    "nov": 11, "ноя": 11, "lis": 11,
    "dec": 12, "dez": 12, "dic": 12, "дек": 12, "gru": 12,
}  # fmt: skip
_DATE = regex(
    r"(?<!\d)(?P<y>20\d\d)(?P<s>[-/._])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)"
    r"|(?<!\d)(?P<cy>20\d\d)\s?[年년]\s?(?P<cm>\d{1,2})\s?[月월](?:\s?(?P<cd>\d{1,2})\s?[日일])?"
    r"|(?<!\d)(?P<a>\d{1,2})(?P<t>[./-])(?P<b>\d{1,2})(?P=t)(?P<ny>20\d\d)(?!\w)"
    r"|(?<!\d)(?P<dd>\d{1,2})(?:st|nd|rd|th|er|º|\.)?[ -](?:de "
    r"|of )?(?P<dm>[^\W\d_]{3,12})\.?,?[ -](?:de )?(?P<dy>20\d\d)"
    r"|(?P<mm>[^\W\d_]{3,12})\.?[ -](?P<md>\d{1,2})(?:st|nd|rd|th)?,?[ -](?P<my>20\d\d)(?!\d)"
    r"|(?<![^\W\d_])(?P<lm>[^\W\d_]{3,12})\.?[ -](?P<ly>20\d\d)(?!\d)"
    r"|(?<!\d)(?P<qy>20\d\d)[- ]?[qQ](?P<q>[1-4])(?!\d)|\b[qQ](?P<q2>[1-4])[- /]?(?P<qy2>20\d\d)"
    r"|(?<!\d)(?P<py>20\d\d)[-/](?P<pm>0[1-9]|1[0-2])(?![\d])"
)
_PACKED = regex(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d)")


def dates(text: str) -> Iterator[date]:
    """Every date in a text of a line, in order; of a month or a quarter its last day. Years 2000 to 2099."""
    text, start = text[:2_000], 0
    while found := _DATE.search(text, start):
        made = _made({k: v for k, v in found.groupdict().items() if v is not None})
        if made is not None:
            yield made
        # What only looks like a date (`INC-2026`) may be the beginning of one.
        start = found.end() if made is not None else found.start() + 1


def first_date(text: str) -> date | None:
    """The first date of a line, None where there is none."""
    return next(dates(text), None)


def path_date(path: str) -> date | None:
    """The date in the name of a file or its folder, also written without signs: `20260512-outage.md`."""
    packed = _PACKED.search(path)
    made = _day(*map(int, packed.groups())) if packed else None
    return made or first_date(path.replace("_", "-")) or first_date(path.replace("/", "-"))


def _made(part: dict[str, str]) -> date | None:
    if "y" in part:
        return _day(int(part["y"]), int(part["m"]), int(part["d"]))
    if "cy" in part:
        return _day(int(part["cy"]), int(part["cm"]), int(part.get("cd", 0)))
    if "ny" in part:
        first, second, year = int(part["a"]), int(part["b"]), int(part["ny"])
        american = part["t"] == "/" and second > 12
        return _day(year, first, second) if american else _day(year, second, first)
    for d, m, y in (("dd", "dm", "dy"), ("md", "mm", "my"), ("", "lm", "ly")):
        if m in part:
            number = _month(part[m])
            return _day(int(part[y]), number, int(part.get(d, 0))) if number else None
    if "py" in part:
        return _day(int(part["py"]), int(part["pm"]), 0)
    year, quarter = int(part.get("qy") or part["qy2"]), int(part.get("q") or part["q2"])
    return _day(year, quarter * 3, 0)


def _month(word: str) -> int:
    folded = fold(word)
    return _MONTHS.get(folded[:4], 0) or _MONTHS.get(folded[:3], 0)


def _day(year: int, month: int, day: int) -> date | None:
    """The day; the month's last one for day 0; None where there is no such day."""
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    return date(year, month, day or last) if day <= last else None
