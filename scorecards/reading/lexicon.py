"""Word lists of many languages, compiled when they are first asked.

A list is written as text: words apart by spaces, `_` for the space within a turn of phrase, `*` at the end
of the beginning of words. Scripts that are written without spaces are searched for the terms themselves.
Accents and case do not matter.
"""

from collections.abc import Mapping
from functools import lru_cache

from catalog.regex import regex
from scorecards.reading.vocabulary import fold

_WORDS = regex(r"[^\W_]+")
_SPACELESS = "\u3040"
"""From here on scripts are searched for terms rather than for words."""


class Lexicon:
    """What words mean, as bits of a mask: `tables` holds, by language, the words of each meaning."""

    def __init__(self, tables: Mapping[str, Mapping[int, str]]) -> None:
        self._tables = tables
        self._compiled = False
        self._exact: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._phrases: dict[str, int] = {}
        self._terms: dict[str, int] = {}
        self._longest = 0
        self.senses = lru_cache(maxsize=1 << 12)(self._senses)
        """The meanings of all words and turns of phrase of a text, as one mask."""

    def _compile(self) -> None:
        self._compiled = True
        for meanings in self._tables.values():
            for meaning, words in meanings.items():
                for word in words.split():
                    self._add(fold(word), meaning)
        self._longest = max((len(s) for s in self._stems), default=0)

    def _add(self, word: str, meaning: int) -> None:
        key = word.rstrip("*")
        if key >= _SPACELESS:
            key, table = key.replace("_", " "), self._terms
        elif "_" in key:
            key, table = f" {key.replace('_', ' ')}" + ("" if word.endswith("*") else " "), self._phrases
        else:
            table = self._stems if word.endswith("*") else self._exact
        table[key] = table.get(key, 0) | meaning

    def _senses(self, text: str) -> int:
        if not self._compiled:
            self._compile()
        folded = fold(text[:2_000])
        words = _WORDS.findall(folded)
        found = 0
        for word in words:
            found |= self._word(word)
        if self._phrases:
            joined = f" {' '.join(words)} "
            for phrase, meaning in self._phrases.items():
                if phrase in joined:
                    found |= meaning
        if not folded.isascii() and any(c >= _SPACELESS for c in folded):
            for term, meaning in self._terms.items():
                if term in folded:
                    found |= meaning
        return found

    def _word(self, word: str) -> int:
        found = self._exact.get(word, 0)
        for end in range(2, min(len(word), self._longest) + 1):
            found |= self._stems.get(word[:end], 0)
        return found
