"""Words: those of a command, quotes taken off, and tables of words written as text."""

from catalog.regex import regex


def word_set(text: str) -> frozenset[str]:
    """The words of a table that is written as text."""
    return frozenset(text.split())


def words(text: str) -> list[str]:
    """The words of a simple command, quotes taken off; never raises."""
    if "'" not in text and '"' not in text:
        return text[:4000].split()
    found = []
    for match in _WORD.finditer(text[:4000]):
        word = match.group()
        if word[0] in "'\"" and word[-1] == word[0] and len(word) > 1:
            word = word[1:-1]
        elif '="' in word or "='" in word:
            word = word.replace('"', "").replace("'", "")
        found.append(word)
    return found


_WORD = regex(r"(?:[^\s'\"]|'[^']{0,2000}'|\"[^\"]{0,2000}\"|['\"])+")
