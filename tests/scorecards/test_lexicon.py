"""Word lists of many languages."""

from hypothesis import given
from hypothesis import strategies as st

from scorecards.reading.lexicon import Lexicon

FRUIT, COLOUR = 1, 2
LEXICON = Lexicon(
    {
        "en": {FRUIT: "apple pear* passion_fruit", COLOUR: "red dark_green*"},
        "de": {FRUIT: "birne äpfel", COLOUR: "grün"},
        "ja": {FRUIT: "りんご", COLOUR: "赤 青"},
    }
)


def test_words_count_whole_and_beginnings_by_their_star() -> None:
    assert LEXICON.senses("One Apple") == FRUIT
    assert LEXICON.senses("pineapples") == 0
    assert LEXICON.senses("PEARS, red") == FRUIT | COLOUR


def test_accents_and_case_do_not_matter() -> None:
    assert LEXICON.senses("GRÜNE") == 0
    assert LEXICON.senses("Apfel, grun") == FRUIT | COLOUR
    assert LEXICON.senses("ÄPFEL") == FRUIT


def test_turns_of_phrase_stand_together() -> None:
    assert LEXICON.senses("a passion-fruit") == FRUIT
    assert LEXICON.senses("fruit with passion") == 0
    assert LEXICON.senses("dark greenish") == COLOUR


def test_scripts_without_spaces_are_searched_for_terms() -> None:
    assert LEXICON.senses("大きい赤いりんごです") == FRUIT | COLOUR
    assert LEXICON.senses("黄色") == 0


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    assert 0 <= LEXICON.senses(text) <= FRUIT | COLOUR
