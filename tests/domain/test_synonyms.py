import pytest

from avatar_creator.domain.attributes import ATTRIBUTES
from avatar_creator.domain.synonyms import spellings_of
from avatar_creator.domain.text import joined


@pytest.mark.parametrize(
    ("attribute", "words"),
    [
        ("gender", "female, Women, woman, FEMME, f, W, Frau, Mujer, 女性, Женщина, girls, lady"),
        ("gender", "male, Men, man, m, Homme, 男, guys"),
        ("gender", "non-binary, nonbinary, Non Binary, non\u2011binary, NB, enby, enbies, divers, X"),
        ("ethnicity", "hispanic, Latina, latinos, Hispanic or Latino"),
        ("ethnicity", "black, African American, african-americans"),
        ("ethnicity", "east-asian, East Asian, EastAsian, east asians, East Asian ethnicity"),
        ("hair_color", "gray, Grey, gray hair"),
        ("hair_color", "blonde, blond, Blondes, blond hair"),
        ("hair_color", "dark-brown, Dark Brown, dark_brown, darkbrown hair"),
        ("hair_style", "dreadlocks, Dreads, locs"),
        ("hair_style", "braids, braid, braided"),
        ("eye_color", "gray, grey eyes"),
        ("body_type", "slim, Slim body type"),
        ("style", "smart-casual, Smart Casual attire"),
    ],
)
def test_words_that_say_the_same_find_each_other(attribute: str, words: str) -> None:
    each = words.split(", ")
    for word in each:
        assert {joined(other) for other in each} <= set(spellings_of(attribute, word)), word


def test_known_values_are_different_ones() -> None:
    for attribute in ATTRIBUTES:
        for value in attribute.known:
            others = {joined(known) for known in attribute.known if known != value}
            assert others.isdisjoint(spellings_of(attribute.name, value)), (attribute.name, value)


@pytest.mark.parametrize("text", ["hair", "s", "-", "as", "Ё" * 100, "a" * 100])
def test_any_text_says_at_least_itself(text: str) -> None:
    found = spellings_of("hair_color", text)
    assert found[0] == joined(text)
    assert len(found) <= 12
