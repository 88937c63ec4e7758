"""Whom words are about: those about others stand in brackets."""

import pytest

from avatar_creator.engines.offline.grammar.subjects import find_others, is_person
from avatar_creator.engines.offline.grammar.tokens import tokenize

TEXTS = [
    "a man [and his blonde wife]",
    "a man [and his wife with red hair], smiling",
    "a man [and his blonde wife]. He wears a hat",
    "a mother [with her baby]",
    "a father [of two kids]",
    "a woman [with her 5-year-old son], in a hat",
    "a mother [of a 5-year-old]",
    "a woman [with her black dog]",
    "a woman and hat",
    "a man [and a woman in red]",
    "a man [and woman]",
    "a wife and mother",
    "a doctor and mother",
    "portrait of a woman with glasses",
    "a photo of a child",
    "a woman [holding a baby]",
    "a man in a suit [beside his boss], with glasses",
    "a man [with his son, who has red hair], smiling",
    "[a dog, 3 years old]",
    "[a persian cat]",
    "red hat, [with a parrot]",
    "in a red dress, [riding a horse]",
    "an old man with a beard on a [horse]",
    "[a dog in a hat]",
    "a coat of paint",
]


@pytest.mark.parametrize("marked", TEXTS)
def test_words_are_about_the_first_person(marked: str) -> None:
    others, inside = [], False
    for part in marked.replace("[", " [ ").replace("]", " ] ").split():
        inside = part == "[" or (inside and part != "]")
        if part not in {"[", "]"}:
            others += [inside] * len(tokenize(part).words)
    assert find_others(tokenize(marked.replace("[", "").replace("]", "")).words) == others


@pytest.mark.parametrize("word", ["woman", "boy", "doctor", "businesswoman", "psychologist", "politician"])
def test_people_are_known_by_what_they_are(word: str) -> None:
    assert is_person(word)


@pytest.mark.parametrize("word", ["town", "dress", "paper", "mist", "dog"])
def test_things_are_no_people(word: str) -> None:
    assert not is_person(word)
