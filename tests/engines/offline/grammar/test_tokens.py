"""Texts as words."""

import unicodedata

import pytest

from avatar_creator.engines.offline.grammar.tokens import Text, tokenize


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A Grey-Haired WOMAN", ["a", "gray", "haired", "woman"]),
        ("the woman's colour", ["the", "womans", "color"]),
        ("hair: #A52, #aa5522", ["hair", ":", "#a52", ",", "#aa5522"]),
        ("M\u0101ori", ["maori"]),
        (unicodedata.normalize("NFD", "M\u0101ori"), ["maori"]),
        ("\uff32\uff25\uff24 hat", ["red", "hat"]),
        ("bl\u200bonde", ["blonde"]),
        ("\u0438\u0306 \u0439", ["\u0439", "\u0439"]),
        ("w/ glasses & w/o a hat", ["with", "glasses", "and", "without", "a", "hat"]),
        ("a man - bald", ["a", "man", ",", "bald"]),
        ("25 - 34", ["25", "34"]),
        ("\u2603 ... \U0001f600", ["\u2603", ".", ".", ".", "\U0001f600"]),
        ("", []),
    ],
)
def test_a_text_is_read_as_words(text: str, words: list[str]) -> None:
    assert tokenize(text).words == words


def test_a_hyphen_joins_a_word_to_the_one_before() -> None:
    assert tokenize("user-friendly, no\u2011nonsense - a man").joined == {1, 4}


def test_words_are_taken_out() -> None:
    text = tokenize("a 35-year-old red-haired man").without(frozenset({1, 2, 3}))
    assert text == Text(["a", "red", "haired", "man"], frozenset({2}))
